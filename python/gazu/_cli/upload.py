"""Uploads."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Callable, Iterator

import click

from .. import client as raw
from .. import files as gazu_files
from .. import task as gazu_task
from .._engine.extensions import TAKEN
from ..exception import RouteNotFoundException
from . import complete, public
from .app import cli, dry_run_option
from .errors import error_message, exit_code, fail, handled, logger
from .output import is_data, print_data
from .progress import progress
from .records import TASK_PATH, status_of, task_of
from .text import say, tell


@cli.command()
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True),
)
@click.option(
    "--task",
    "-t",
    "task_id",
    metavar="TASK",
    help="The task to publish to: its ID, or " + TASK_PATH + ".",
    shell_complete=complete.tasks,
)
@click.option(
    "--status",
    "-s",
    "status_short",
    help="Set the task's status: its short name, such as wfa, or its name.",
    shell_complete=complete.statuses,
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@click.option(
    "--thumbnail",
    is_flag=True,
    help="Make the first file the thumbnail of the asset or shot.",
)
@click.option(
    "--as-working-file",
    "-n",
    "working_name",
    metavar="NAME",
    help="Upload a scene file, not a preview. It becomes the next revision of"
    " the task's working file NAME.",
)
@click.option(
    "--working-file",
    "-w",
    "working_file_id",
    metavar="ID",
    help="Upload a scene file into this existing working file.",
)
@dry_run_option
@click.pass_context
@handled
def upload(
    ctx: click.Context,
    paths: tuple[str, ...],
    task_id: str | None,
    status_short: str | None,
    message: str,
    thumbnail: bool,
    working_name: str | None,
    working_file_id: str | None,
    dry_run: bool,
) -> None:
    """
    Publish files to a task as previews, or upload a scene as a working file.

    The previews are added to a new comment, as one revision. If an upload fails,
    the comment is removed again.

    Examples:
      gazu-cli upload turntable.mov --task Caminandes/Lama/Modeling --status wfa
      gazu-cli upload front.png side.png -t Caminandes/Lama/Modeling -m "Two views"
      gazu-cli upload lama.blend -t Caminandes/Lama/Modeling --as-working-file main
    """
    if bool(task_id) == bool(working_file_id):
        raise click.UsageError(
            "Give exactly one of --task and --working-file."
        )
    as_working_file = bool(working_name or working_file_id)
    if as_working_file and (status_short or thumbnail):
        raise click.UsageError(
            "--status and --thumbnail cannot be used with working files."
        )
    if as_working_file and len(paths) > 1:
        raise click.UsageError(
            "Only one file can be uploaded as a working file."
        )
    if working_file_id and (message or working_name):
        raise click.UsageError(
            "--message and --as-working-file require --task."
        )
    for path in paths:
        _check_file(path, is_preview=not as_working_file)
    public.setup_client()
    named = task_id
    if task_id:
        target = task_of(task_id)
        task_id = target["id"] if isinstance(target, dict) else target
    status = status_of(status_short) if status_short else None
    if dry_run:
        _say_plan(paths, named, status, working_name, working_file_id)
        return
    if as_working_file:
        created = [
            _upload_working_file(
                ctx, paths[0], task_id, working_name, message, working_file_id
            )
        ]
        label = "Working file"
    else:
        created = _publish(
            ctx, paths, task_id or "", status, message, thumbnail
        )
        label = "Preview"
    if is_data(ctx):
        print_data(ctx, created)
        return
    for item in created:
        tell("{} uploaded (ID: {})".format(label, item.get("id")))


def _say_plan(
    paths: tuple[str, ...],
    task_id: str | None,
    status: dict | None,
    working_name: str | None,
    working_file_id: str | None,
) -> None:
    """Say what an upload would do."""
    if working_file_id:
        target = "the content of working file " + working_file_id
    elif working_name:
        target = "working file {!r} of task {}".format(working_name, task_id)
    else:
        target = "a preview of task {}".format(task_id)
    for path in paths:
        size = os.path.getsize(path)
        say("Would upload {} ({:,} bytes) as {}.".format(path, size, target))
    if status:
        say("Would set the status to {}.".format(status.get("name")))


def _check_file(path: str, is_preview: bool) -> None:
    """Exit if the server would reject a file, before creating anything."""
    extension = os.path.splitext(path)[1][1:].lower()
    if is_preview and extension not in TAKEN:
        fail(
            "The server does not accept this file as a preview: {} (accepted: {})".format(
                path, ", ".join(sorted(TAKEN))
            )
        )
    # Do not read from a pipe: its content can only be read once.
    if stat.S_ISREG(os.stat(path).st_mode):
        with open(path, "rb") as stream:
            if not stream.read(1):
                fail("The file is empty: {}".format(path))


def _removed(label: str, model: dict, remove: Callable) -> bool:
    """Remove a record from the server. Return whether it is gone."""
    try:
        remove(model)
    except RouteNotFoundException:
        # It was removed together with another record.
        return True
    except Exception as failure:
        logger.debug("could not remove %s: %s", label, failure)
        return False
    return True


@contextlib.contextmanager
def _rollback() -> Iterator[Callable]:
    """
    If the block fails, remove what it created on the server, last first.

    Yields a function to register a created record. Its arguments are the kind of
    the record, the record, and a function that removes it. The error message
    lists records that could not be removed.
    """
    created: list[tuple[str, dict, Callable]] = []

    def register(label: str, model: dict, remove: Callable) -> None:
        created.append((label, model, remove))

    try:
        yield register
    except BaseException as error:
        remaining = created[::-1]
        # The second round finds what was removed with a record of the first: an
        # artist may not remove a preview, but the comment that it belongs to.
        for _ in range(2):
            remaining = [each for each in remaining if not _removed(*each)]
        if not remaining:
            raise
        message = "This remains on the server: {}.".format(
            ", ".join(
                "{} {}".format(label, model.get("id"))
                for label, model, _ in remaining
            )
        )
        if not isinstance(error, Exception):
            say(message, err=True)
            raise
        fail("{} {}".format(error_message(error), message), exit_code(error))


def _remove_working_file(working_file: dict) -> None:
    raw.delete(raw.url_path_join("data", "working-files", working_file["id"]))


def _upload_working_file(
    ctx: click.Context,
    path: str,
    task_id: str | None,
    name: str | None,
    message: str,
    working_file_id: str | None,
) -> dict:
    with _rollback() as register:
        if working_file_id:
            working_file = gazu_files.get_working_file(working_file_id)
        else:
            working_file = gazu_files.new_working_file(
                gazu_task.get_task(task_id), name=name, comment=message
            )
            register("working file", working_file, _remove_working_file)
        with progress(ctx, path) as callback:
            return gazu_files.upload_working_file(
                working_file, path, progress_callback=callback
            )


def _publish(
    ctx: click.Context,
    paths: tuple[str, ...],
    task_id: str,
    status: dict | None,
    message: str,
    thumbnail: bool,
) -> list[dict]:
    """Upload previews to a new comment, and return them."""
    target = gazu_task.get_task(task_id)
    wanted = status or {"id": target["task_status_id"]}
    previews: list[dict] = []
    with _rollback() as register:
        new_comment = gazu_task.add_comment(target, wanted, comment=message)
        register("comment", new_comment, gazu_task.remove_comment)
        for path in paths:
            if not previews:
                preview = gazu_task.create_preview(target, new_comment)
            else:
                preview = gazu_task.create_extra_preview(
                    target, new_comment, previews[0]
                )
            register("preview", preview, _remove_preview)
            with progress(ctx, path) as callback:
                previews.append(
                    gazu_task.upload_preview_file(
                        preview, path, progress_callback=callback
                    )
                )
    if thumbnail:
        try:
            gazu_task.set_main_preview(previews[0])
        except Exception as error:
            # Say that the upload succeeded: trying again would publish twice.
            fail(
                "The files were uploaded, but the thumbnail could not be "
                "set: {}".format(error_message(error)),
                exit_code(error),
            )
    return previews


def _remove_preview(preview: dict) -> None:
    gazu_files.remove_preview_file(preview, force=True)
