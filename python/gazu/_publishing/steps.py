"""
The steps of a publication: the comment, the previews, their files, the thumbnail.

A request that creates something is announced in the journal. If its answer does
not arrive, it may have been executed all the same. Then the server is searched for
the result, before the request is sent again: Zou has no idempotency keys.
"""

from __future__ import annotations

import os
import time
from typing import Any, Callable

from .. import _core
from .. import client as raw
from .._engine import scopes
from .._engine.dispatch import run
from .._engine.redact import shown_path
from .._requests_compat.errors import class_for
from ..exception import (
    GazuException,
    ParameterException,
    RouteNotFoundException,
    ServerErrorException,
    TooManyRequestsException,
)
from . import journal as states
from .journal import Journal, all_journals

#: Seconds in which the server may still execute a request whose sender has ended.
SETTLE = 15.0
#: The same for a file that has been sent: the server may be encoding a movie.
SETTLE_FILE = 120.0
#: Seconds between two looks at the server.
INTERVAL = 0.5
#: Seconds before a request is sent again, if the server does not say how long.
BACKOFF = 1.0
LONGEST_BACKOFF = 30.0


class Publication:
    """The work on one journal, whose lock is held."""

    def __init__(
        self, journal: Journal, client: Any, progress: Callable | None
    ) -> None:
        self.journal = journal
        self.data = journal.data
        self.client = client
        self.progress = progress
        self.files: list[dict] = self.data["files"]
        self.comment: Any = None
        self.previews: dict[str, Any] = {}

    def finish(self) -> tuple[dict, list[dict]]:
        """Do what has not been done. Return the comment and the previews."""
        # It looks for what it has made: an old answer would not have it.
        with scopes.fresh():
            if not self.journal.is_done:
                try:
                    self._do_steps()
                finally:
                    self.journal.save_notes()
            return self._results()

    def _do_steps(self) -> None:
        self._check_files()
        self._make_comment()
        for file in self.files:
            self._make_preview(file)
            self._upload(file)
        self._set_main_preview()
        self.data["done"] = time.time()
        self.journal.save()

    # The comment.

    def _make_comment(self) -> None:
        record = self.data["comment"]
        if record["state"] == states.DONE:
            return

        def prepare() -> dict:
            author = record["author"] or self._user_id()
            known = [comment["id"] for comment in self._comments()]
            return {"author": author, "known": known}

        def send() -> str:
            self.comment = run(
                self.client,
                _core.task.add_comment(
                    self.data["task"],
                    self.data["status"],
                    record["text"],
                    record["person"],
                    record["checklist"],
                    None,
                    record["links"],
                    record["for_client"],
                ),
            )
            return str(self.comment["id"])

        found = self._create(record, prepare, send, self._find_comment)
        # What follows at once saves it.
        self.journal.note(record, states.DONE, id=found, known=[])

    def _comments(self) -> list[dict]:
        # Not the public function, whose results a script may cache.
        task = self.data["task"]
        return run(  # type: ignore[no-any-return]
            self.client, _core.task.all_comments_for_task(task)
        )

    def _user_id(self) -> Any:
        return raw.get_current_user(client=self.client)["id"]

    def _find_comment(self) -> str | None:
        """Return the id of the comment that was created, or None."""
        record = self.data["comment"]
        taken = set(record["known"])
        for other in all_journals(os.path.dirname(self.journal.path)):
            taken.add(other.data["comment"].get("id"))
        # The server lists the newest first.
        for comment in reversed(self._comments()):
            if (
                comment["id"] not in taken
                and comment["text"] == record["text"]
                and comment["task_status_id"] == self.data["status"]
                and comment["person_id"] == record["author"]
                and not comment.get("previews")
            ):
                return str(comment["id"])
        return None

    # The previews.

    def _make_preview(self, file: dict) -> None:
        if file["state"] not in (states.NEW, states.CREATING):
            return
        task, comment = self.data["task"], self.data["comment"]["id"]
        first = next(
            (each["preview"] for each in self.files if each["preview"]), None
        )

        def send() -> str:
            if first is None:
                call = _core.task.create_preview(
                    task, comment, self.data["revision"]
                )
            else:
                call = _core.task.create_extra_preview(task, comment, first)
            return str(run(self.client, call)["id"])

        found = self._create(file, dict, send, self._find_preview)
        self.journal.note(file, states.CREATED, preview=found)

    def _find_preview(self) -> str | None:
        """Return the id of a preview of the comment that has no file yet."""
        taken = {file["preview"] for file in self.files}
        for comment in self._comments():
            if comment["id"] != self.data["comment"]["id"]:
                continue
            for preview in comment.get("previews") or []:
                if preview["id"] not in taken and not self._has_file(
                    preview["id"]
                ):
                    return str(preview["id"])
        return None

    def _preview(self, preview_id: str) -> dict | None:
        """Return a preview; None if the server has removed it."""
        call = _core.files.get_preview_file(preview_id)
        try:
            return run(self.client, call)  # type: ignore[no-any-return]
        except RouteNotFoundException:
            return None

    def _has_file(self, preview_id: str) -> bool:
        preview = self._preview(preview_id)
        return preview is not None and bool(preview.get("original_name"))

    # Their files.

    def _upload(self, file: dict) -> None:
        failures = 0
        while file["state"] != states.DONE:
            if file["state"] in (states.NEW, states.CREATING):
                # The server has removed the preview of an upload that failed.
                self._make_preview(file)
            preview_id = file["preview"]
            if file["state"] in (states.UPLOADING, states.SENT):
                has_file = self._wait_for_file(file)
                if has_file is None:
                    self.journal.mark(file, states.NEW, preview=None)
                    continue
                if has_file:
                    self.journal.mark(file, states.DONE)
                    continue
            self._check_file(file)
            self.journal.mark(file, states.UPLOADING)
            try:
                self.previews[preview_id] = run(
                    self.client,
                    _core.task.upload_preview_file(
                        preview_id,
                        file["path"],
                        self.data["normalize_movie"],
                        False,
                    ),
                    progress_callback=self._progress_of(file),
                )
            except Exception as error:
                failures += 1
                self._handle_failed_upload(file, error, failures)
            else:
                self.journal.mark(file, states.DONE)

    def _handle_failed_upload(
        self, file: dict, error: Exception, failures: int
    ) -> None:
        """Raise the error, unless the upload should be tried again."""
        preview = None
        if is_refusal(error) or isinstance(error, ServerErrorException):
            preview = self._preview(file["preview"])
            if preview is None:
                # The server removes a preview whose file it cannot process.
                self.journal.mark(file, states.NEW, preview=None)
                raise error
        if isinstance(error, ParameterException) and (
            preview and preview.get("original_name")
        ):
            # The file is there already: another attempt has arrived.
            self.journal.mark(file, states.DONE)
            return
        if is_refusal(error):
            self.journal.mark(file, states.CREATED)
        if failures >= self._attempts() or not may_try_again(error):
            raise error
        self._wait(error, failures)

    def _wait_for_file(self, file: dict) -> bool | None:
        """
        Return whether an upload that nobody saw the end of has arrived.

        If its last byte was sent, the server may still process it. None means
        that the server has removed the preview.
        """
        patience = SETTLE_FILE if file["state"] == states.SENT else 0.0
        while True:
            preview = self._preview(file["preview"])
            if preview is None:
                return None
            if preview.get("original_name"):
                return True
            if not self._may_arrive(file, patience):
                return False

    def _progress_of(self, file: dict) -> Callable:
        before = sum(
            other["size"] for other in self.files[: self.files.index(file)]
        )
        total = sum(other["size"] for other in self.files)

        def progress(done: int, size: int) -> None:
            if done >= size and file["state"] == states.UPLOADING:
                self.journal.mark(file, states.SENT)
            if self.progress is not None:
                self.progress(before + min(done, file["size"]), total)

        return progress

    def _check_files(self) -> None:
        for file in self.files:
            if file["state"] != states.DONE:
                self._check_file(file)

    def _check_file(self, file: dict) -> None:
        """Raise if a file is gone, or not the one that was to be published."""
        now = os.stat(file["path"])
        if (now.st_size, now.st_mtime) != (file["size"], file["modified"]):
            raise ValueError(
                "files: {} has changed since the job was started".format(
                    file["path"]
                )
            )

    # The thumbnail.

    def _set_main_preview(self) -> None:
        if not self.data["set_main_preview"] or self.data["main_is_set"]:
            return
        preview = self.files[0]["preview"]
        # Setting it again changes nothing.
        run(self.client, _core.task.set_main_preview(preview, None))
        self.data["main_is_set"] = True

    # What the steps share.

    def _create(
        self,
        record: dict,
        prepare: Callable[[], dict],
        send: Callable[[], str],
        find: Callable[[], str | None],
    ) -> str:
        """
        Create a record on the server, once, and return its id.

        Args:
            record: The part of the journal.
            prepare: Returns what the journal must know before.
            send: Sends the request, and returns the id.
            find: Returns the id of the record if the server has it.
        """
        failures = 0
        while True:
            if record["state"] == states.CREATING:
                found = find()
                while found is None and self._may_arrive(record, SETTLE):
                    found = find()
                if found is not None:
                    return found
                # The same request once more: what was there before is known.
                self.journal.mark(record, states.CREATING)
            else:
                self.journal.mark(record, states.CREATING, **prepare())
            try:
                return send()
            except Exception as error:
                if is_refusal(error):
                    self.journal.mark(record, states.NEW)
                failures += 1
                if failures >= self._attempts() or not may_try_again(error):
                    raise
                self._wait(error, failures)

    def _may_arrive(self, record: dict, patience: float) -> bool:
        """Wait a little. Return False if a request can no longer arrive."""
        passed = time.time() - record["since"]
        # The clock may have been set back.
        if not 0 <= passed < patience:
            return False
        self._sleep(min(INTERVAL, patience - passed))
        return True

    def _attempts(self) -> int:
        return max(1, getattr(self.client, "retries", 1))

    def _wait(self, error: Exception, failures: int) -> None:
        seconds = getattr(error, "retry_after", None)
        if seconds is None:
            seconds = BACKOFF * 2 ** (failures - 1)
        self._sleep(min(seconds, LONGEST_BACKOFF))

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            _core.check_cancelled()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))

    def _results(self) -> tuple[dict, list[dict]]:
        if self.comment is None:
            comment_id = self.data["comment"]["id"]
            call = _core.client_call("get", "data/comments/" + comment_id)
            self.comment = run(self.client, call)
        previews = []
        for file in self.files:
            preview = self.previews.get(file["preview"])
            if preview is None:
                call = _core.files.get_preview_file(file["preview"])
                preview = run(self.client, call)
            previews.append(preview)
        return self.comment, previews


def is_refusal(error: Exception) -> bool:
    """Return whether the server has not executed a request, and said so."""
    return isinstance(error, GazuException) and (
        error.status_code is not None and 400 <= error.status_code < 500
    )


def may_try_again(error: Exception) -> bool:
    """Return whether the same request may succeed a little later."""
    if isinstance(error, (ServerErrorException, TooManyRequestsException)):
        return True
    return isinstance(error, class_for("RequestException"))


def same_host(journal: Journal, client: Any) -> bool:
    """Return whether a journal belongs to the server of a client."""
    host = shown_path(str(client.host)).rstrip("/")
    return bool(journal.data["host"] == host)
