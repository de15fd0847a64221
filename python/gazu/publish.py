"""
Publications that survive: a comment, its previews and the thumbnail.

    job = gazu.publish.start(task, wfa, "v012", ["shot.mov", "still.png"])
    job.run()
    gazu.publish.resume_all()  # after a crash, on the farm, the next morning

Each step is written to a journal, before and after. If the program is killed, or
the network fails, the job is run again: it looks on the server for what it has
already made, and makes nothing twice.

The journals are in the user's state folder (on Linux, ``~/.local/state/gazu``), or
in the folder that the variable ``GAZU_PUBLISH_FOLDER`` names. Other processes,
users and machines that can read the files may run the jobs in that folder.
"""

from __future__ import annotations

import os
import stat
from typing import Any, Callable

from . import client as raw
from ._engine.composition import composition
from ._engine.extensions import TAKEN
from ._engine.redact import shown_path
from ._publishing import journal as states
from ._publishing import steps
from .client import KitsuClient
from .helpers import normalize_model_parameter

default = raw.default_client


class Job:
    """
    A publication, which may be finished, or not yet begun. It can be pickled.

    Attributes:
        id (str): The job's id.
        path (str): The path of its journal.
        client (Any): The client that runs it.
        error (Exception | None): Why ``resume_all`` could not finish it.
    """

    def __init__(self, path: str, client: Any = default) -> None:
        self.path = path
        self.client = client
        self.error: Exception | None = None
        self._journal = states.Journal.read(path)
        self.id = self._journal.data["id"]

    def __repr__(self) -> str:
        return "<Job {}>".format(self.id)

    @property
    def is_done(self) -> bool:
        """Whether the publication is complete."""
        return self._journal.is_done

    @property
    def host(self) -> str:
        """The API's URL of its server."""
        return self._journal.data["host"]

    @property
    def task_id(self) -> str:
        """The id of the task."""
        return self._journal.data["task"]

    @property
    def files(self) -> list[str]:
        """The paths of the files."""
        return [file["path"] for file in self._journal.data["files"]]

    @property
    def comment_id(self) -> str | None:
        """The id of the comment, or None before it was made."""
        return self._journal.data["comment"].get("id")

    @property
    def preview_ids(self) -> list[str]:
        """The ids of the previews that have been made, in the files' order."""
        return [
            file["preview"]
            for file in self._journal.data["files"]
            if file["preview"]
        ]

    def run(
        self, progress: Callable[[int, int], object] | None = None
    ) -> tuple[dict, list[dict]]:
        """
        Do what has not been done yet. With an ``AsyncKitsuClient``, await
        ``gazu.publish.run`` instead.

        Args:
            progress: Called with the bytes sent and the bytes of all files.

        Returns:
            tuple[Comment, list[PreviewFile]]: The comment, and the previews in the
                order of the files.

        Raises:
            BlockingIOError: another process is running the job.
            ValueError: a file has changed since the job was started, or the job
                belongs to another server.
            FileNotFoundError: a file is gone.
            TypeError: the client is an ``AsyncKitsuClient``.
            GazuException: the server answered with an error. Run the job again
                when the cause is gone.
        """
        if hasattr(type(self.client), "_run_composition"):
            raise TypeError(
                "client: with an AsyncKitsuClient, await gazu.publish.run("
                "job, client=client)"
            )
        return run(self, progress_callback=progress, client=self.client)

    def discard(self) -> None:
        """
        Forget the job. What it has made stays on the server.

        Raises:
            BlockingIOError: a process is running the job.
        """
        with self._journal.locked() as held:
            if held is False:
                raise _is_running(self.path)
            self._journal.remove()


def start(
    task: str | dict,
    task_status: str | dict,
    comment: str = "",
    files: Any = (),
    person: str | dict | None = None,
    checklist: list[dict] | None = None,
    links: list[str] | None = None,
    for_client: bool = False,
    revision: int | None = None,
    normalize_movie: bool = True,
    set_main_preview: bool = True,
    folder: str | None = None,
    client: KitsuClient = default,
) -> Job:
    """
    Write the journal of a publication, and return the job. Nothing is sent.

    The files are read when the job runs. They must not change until then.

    Args:
        task: The task (dict or id).
        task_status: The status that the task gets (dict or id).
        comment: The comment's text, which may be empty.
        files (Any): The paths (text or ``pathlib.Path``) of pictures, movies or
            other files, in a list. Each becomes a preview; several are one
            revision. A single path need not be in a list.
        person: The author of the comment (dict or id). If omitted, the user who
            runs the job. Only managers can name another one.
        checklist: Items such as ``{"text": "Fix the eyes", "checked": False}``.
        links: URLs to add to the comment.
        for_client: Show the comment to clients; only managers can.
        revision: The revision; the next free one when omitted.
        normalize_movie: Let the server convert movies to its standard sizes and
            codec.
        set_main_preview: Make the first file the thumbnail of the asset or
            shot.
        folder: The folder of the journal. The default is the variable
            ``GAZU_PUBLISH_FOLDER``, or the user's state folder.
        client (Any): The client, which may be an ``AsyncKitsuClient``.

    Returns:
        Job: The job.

    Raises:
        FileNotFoundError: a file does not exist.
        ValueError: there is no file, a file is empty or of a type that the
            server does not accept, or an argument is neither a dict nor an id.
        OSError: the journal cannot be written.

    Not in upstream.
    """
    data = {
        "host": shown_path(str(client.host)).rstrip("/"),
        "task": _id("task", task),
        "status": _id("task_status", task_status),
        "comment": {
            "state": states.NEW,
            "text": _text("comment", comment),
            "person": None if person is None else _id("person", person),
            "author": None if person is None else _id("person", person),
            "checklist": checklist,
            "links": links,
            "for_client": bool(for_client),
            "known": [],
            "id": None,
        },
        "files": [_file(path) for path in _paths(files)],
        "revision": _number("revision", revision),
        "normalize_movie": bool(normalize_movie),
        "set_main_preview": bool(set_main_preview),
        "main_is_set": False,
        "done": None,
    }
    place = _folder(folder)
    journal = states.Journal.new(place, data)
    states.remove_old(place)
    return Job(journal.path, client)


@composition
def run(
    job: Job,
    progress_callback: Callable[[int, int], object] | None = None,
    client: KitsuClient = default,
) -> tuple[dict, list[dict]]:
    """
    Do what has not been done of a job, with a client.

    The comment is made, then a preview for each file, and the file is
    uploaded. Then the first preview becomes the main preview. If the answer to
    one of these requests is missing, also from an earlier run, the job looks
    for the result on the server. It waits for it up to 15 seconds after the
    request, and up to two minutes for a file that was sent completely. Only
    then is the request sent again.

    Args:
        job (Job): The job.
        progress_callback: Called with the bytes sent and the bytes of all
            files.

    Returns:
        tuple[Comment, list[PreviewFile]]: The comment, and the previews in the
            order of the files. A preview whose file the server could not
            process has the status ``"broken"``.

    Raises:
        BlockingIOError: another process is running the job.
        ValueError: a file has changed since the job was started, or the job
            belongs to another server.
        FileNotFoundError: a file is gone.
        GazuException: the server answered with an error. Run the job again when
            the cause is gone.

    Route: ``GET auth/authenticated``, ``GET data/tasks/{task}/comments``,
    ``POST actions/tasks/{task}/comment``,
    ``POST actions/tasks/{task}/comments/{comment}/add-preview``,
    ``POST actions/tasks/{task}/comments/{comment}/preview-files/{preview}``,
    ``POST pictures/preview-files/{preview}``,
    ``PUT actions/preview-files/{preview}/set-main-preview``

    Not in upstream.
    """
    if not isinstance(job, Job):
        raise TypeError("job: expected a Job, not {!r}".format(job))
    with job._journal.locked() as held:
        if held is False:
            raise _is_running(job.path)
        job._journal.reload()
        if not steps.same_host(job._journal, client):
            raise ValueError(
                "client: the job is for {}, not for {}".format(
                    job.host, shown_path(str(client.host))
                )
            )
        publication = steps.Publication(
            job._journal, client, progress_callback
        )
        return publication.finish()


@composition
def resume_all(
    progress_callback: Callable[[int, int], object] | None = None,
    folder: str | None = None,
    client: KitsuClient = default,
) -> list[Job]:
    """
    Run all unfinished jobs of the client's server, the oldest first.

    Jobs that another process is running are left alone. A job that fails does
    not stop the others.

    Args:
        progress_callback: Called with the bytes sent and the bytes of all
            files of the running job.
        folder: The folder of the journals, as for ``start``.

    Returns:
        list[Job]: The jobs that were run. Where ``job.error`` is not None, the
            job failed with that exception and stays unfinished.

    Route: the routes of ``run``

    Not in upstream.
    """
    done = []
    for job in jobs(folder=folder, client=client):
        if not steps.same_host(job._journal, client):
            continue
        try:
            run(job, progress_callback=progress_callback, client=client)
        except BlockingIOError:
            continue
        except FileNotFoundError as error:
            if not os.path.exists(job.path):
                # Another process has discarded the job.
                continue
            job.error = error
        except Exception as error:
            job.error = error
        done.append(job)
    return done


def jobs(
    finished: bool = False,
    folder: str | None = None,
    client: KitsuClient = default,
) -> list[Job]:
    """
    Return the jobs in the folder, of all servers, the oldest first.

    Args:
        finished: Also return the jobs that were finished in the last week.
        folder: The folder of the journals, as for ``start``.
        client (Any): The client that ``job.run`` uses.

    Returns:
        list[Job]: The jobs.

    Not in upstream.
    """
    return [
        Job(journal.path, client)
        for journal in states.all_journals(_folder(folder))
        if finished or not journal.is_done
    ]


def _folder(folder: Any) -> str:
    if folder is None:
        return states.default_folder()
    return os.path.abspath(os.fspath(folder))


def _is_running(path: str) -> BlockingIOError:
    return BlockingIOError(
        "job: another process is running it ({})".format(path)
    )


def _id(name: str, model: Any) -> str:
    try:
        found = normalize_model_parameter(model)
        return str(found["id"])
    except (ValueError, TypeError, KeyError):
        raise ValueError(
            "{}: expected a dict with an id, or an id".format(name)
        ) from None


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("{}: expected text, not {!r}".format(name, value))
    return value


def _number(name: str, value: Any) -> Any:
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int)
    ):
        raise TypeError("{}: expected a number, not {!r}".format(name, value))
    return value


def _paths(files: Any) -> list[str]:
    if isinstance(files, (str, os.PathLike)):
        files = [files]
    if not isinstance(files, (list, tuple)):
        raise TypeError(
            "files: expected a list of paths, not {!r}".format(files)
        )
    if not files:
        raise ValueError("files: expected at least one file")
    paths = []
    for path in files:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError("files: expected paths, not {!r}".format(path))
        paths.append(os.path.abspath(os.fspath(path)))
    return paths


def _file(path: str) -> dict[str, Any]:
    """Return the journal's record of a file."""
    facts = os.stat(path)
    if not stat.S_ISREG(facts.st_mode):
        raise ValueError("files: {} is not a file".format(path))
    extension = os.path.splitext(path)[1][1:].lower()
    if extension not in TAKEN:
        raise ValueError(
            "files: the server does not accept this file as a preview: "
            "{}".format(path)
        )
    if not facts.st_size:
        raise ValueError("files: {} is empty".format(path))
    return {
        "state": states.NEW,
        "path": path,
        "size": facts.st_size,
        "modified": facts.st_mtime,
        "preview": None,
    }
