"""
Downloads many files of previews: in parallel, continued, and only if changed.

The folder has a hidden file with the ETag of each file. So a later download asks
only for what has changed. A file that breaks off is kept, with its ETag, and
continued where it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from typing import Any, Callable

from .. import _core
from .. import client as raw
from .._engine import hooks, private_files
from .._engine.batch import Batch
from .._engine.batch import run as run_batch
from .._engine.dispatch import run
from .._engine.file_names import file_name
from .._engine.through_session import deadline_options
from .._requests_compat.errors import class_for
from ..exception import (
    RouteNotFoundException,
    ServerErrorException,
    TooManyRequestsException,
)

CONCURRENCY = 8
#: The hidden file that knows the ETags of the files in its folder.
INDEX = ".gazu-downloads.json"
#: Files of this size are continued after a break; smaller ones are asked for again.
WORTH_CONTINUING = 1 << 20
CHUNK = 1 << 18
#: Seconds that a server may be too busy, in total for a file.
LONGEST_BUSY = 600.0
#: Seconds before a further attempt, if the server does not say how long.
BACKOFF = 0.5
LONGEST_WAIT = 60.0

#: The path and the extension of each kind. The extension None is the preview's.
KINDS: dict[str, tuple[str, str | None]] = {
    "thumbnail": ("pictures/thumbnails/preview-files/{}.png", "png"),
    "square": ("pictures/thumbnails-square/preview-files/{}.png", "png"),
    "preview": ("pictures/previews/preview-files/{}.png", "png"),
    "cover": ("pictures/originals/preview-files/{}.png", "png"),
    "lowdef": ("movies/low/preview-files/{}.mp4", "mp4"),
    "original": ("", None),
}


class Busy:
    """Lets all threads wait while the server is too busy."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = threading.Lock()

    def pause(self, seconds: float) -> None:
        """Let no request be sent for some seconds."""
        with self._lock:
            self._until = max(self._until, time.monotonic() + seconds)

    def wait(self, cancel: Any) -> None:
        """Wait until requests may be sent."""
        while True:
            cancel.check()
            left = self._until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))


class Index:
    """The ETags of the files in a folder."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, INDEX)
        self._lock = threading.Lock()
        self._changed: dict[str, Any] = {}
        self._known = self._read()

    def _read(self) -> dict[str, Any]:
        try:
            with open(self._path, encoding="utf-8") as stream:
                known = json.load(stream)
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def tag_of(self, path: str, url: str) -> str | None:
        """Return the ETag of a complete file that came from a URL, or None."""
        entry = self._known.get(os.path.basename(path))
        if not isinstance(entry, dict) or entry.get("url") != url:
            return None
        try:
            facts = os.stat(path)
        except OSError:
            return None
        if entry.get("size") != facts.st_size:
            return None
        tag = entry.get("etag")
        return tag if isinstance(tag, str) else None

    def add(self, path: str, url: str, tag: str | None, size: int) -> None:
        """Remember the ETag of a complete file."""
        entry = {"url": url, "etag": tag, "size": size}
        with self._lock:
            self._changed[os.path.basename(path)] = entry

    def save(self) -> None:
        """Write what is new, beside what other processes have written."""
        if not self._changed:
            return
        with private_files.locked(self._path, 5, is_private=False):
            known = self._read()
            known.update(self._changed)
            # Without the index, everything is only asked for again.
            with contextlib.suppress(OSError):
                private_files.write(
                    self._path, json.dumps(known), is_private=False
                )


class File:
    """A file to download: its preview, its URL and its target."""

    def __init__(self, preview: dict, kind: str, folder: str) -> None:
        self.preview = preview
        self.url, self.extension = KINDS[kind]
        self.folder = folder
        self.id = str(preview["id"])
        self.path = ""
        self._locate(preview.get("extension"))

    def _locate(self, extension: Any) -> None:
        extension = self.extension or extension
        if not extension:
            return
        if self.url:
            self.url = self.url.format(self.id)
        else:
            media = "movies" if extension == "mp4" else "pictures"
            self.url = "{}/originals/preview-files/{}.{}".format(
                media, self.id, extension
            )
        name = file_name(self.id, extension=str(extension))
        self.path = os.path.join(self.folder, name)

    def find(self, client: Any) -> None:
        """Ask the server for the extension, if it is not known."""
        if not self.path:
            call = _core.files.get_preview_file(self.id)
            self._locate(run(client, call)["extension"])

    @property
    def partial(self) -> str:
        """The path of what has arrived before the file is complete."""
        folder, name = os.path.split(self.path)
        return os.path.join(folder, "." + name + ".part")


class _Files(Batch):
    """The files, as a batch of ``_engine.batch``."""

    def __init__(
        self, files: list[File], concurrency: int, keep_failures: bool
    ) -> None:
        super().__init__([], concurrency, keep_failures)
        self.calls = files
        self.width = min(concurrency, len(files))
        self.outcomes = [None] * len(files)
        self._numbers = iter(range(len(files)))


def files_of(
    files: list[File], concurrency: int, keep_failures: bool
) -> Batch:
    """Return a batch of files. Raises if ``concurrency`` is invalid."""
    return _Files(files, concurrency, keep_failures)


def download(
    batch: Batch,
    folder: str,
    progress_callback: Callable | None,
    processing_timeout: float,
    client: Any,
) -> list:
    """Download the files. Return their paths; None for those that do not exist."""
    index, busy = Index(folder), Busy()

    def fetch(file: File, client: Any, cancel: Any) -> str | None:
        with cancel:
            return Download(
                file, index, busy, cancel, processing_timeout, client
            ).run()

    try:
        if raw._dispatch.may_use_threads(["download"], client):
            return run_batch(batch, fetch, client, progress_callback)
        cancel = _core.Cancel()
        for number in iter(batch.next, None):
            try:
                file = batch.calls[number]
                batch.succeeded(number, fetch(file, client, cancel))
            except Exception as error:
                batch.failed(number, error)
            if progress_callback is not None:
                progress_callback(number + 1, len(batch.calls))
        return batch.result()
    finally:
        index.save()


class Download:
    """The download of one file."""

    def __init__(
        self,
        file: File,
        index: Index,
        busy: Busy,
        cancel: Any,
        processing_timeout: float,
        client: Any,
    ) -> None:
        self.file = file
        self.index = index
        self.busy = busy
        self.cancel = cancel
        self.client = client
        self.processing_until = time.monotonic() + processing_timeout
        self.busy_until = time.monotonic() + LONGEST_BUSY
        self.failures = 0
        self.logins = 0

    def run(self) -> str | None:
        """Return the path of the file; None if the server does not have it."""
        try:
            self.file.find(self.client)
            while not self._attempt():
                pass
        except RouteNotFoundException:
            return None
        return self.file.path

    def _attempt(self) -> bool:
        """Send a request. Return whether the file is complete."""
        self.busy.wait(self.cancel)
        size, tag = self._partial()
        before = size
        try:
            response = self._request(size, tag)
            with response:
                return self._take(response, size, tag)
        except class_for("RequestException"):
            # The connection broke off. What has arrived is continued.
            if self._partial()[0] > before:
                self.failures = 0
            self.failures += 1
            if self.failures >= max(1, getattr(self.client, "retries", 1)):
                raise
            self._pause(BACKOFF * 2 ** (self.failures - 1))
            return False

    def _request(self, size: int, tag: str | None) -> Any:
        headers = dict(self.client.make_auth_header())
        headers["Accept"] = raw.DOWNLOAD_ACCEPT_HEADER
        # A part of a compressed file would be of no use.
        headers["Accept-Encoding"] = "identity"
        known = self.index.tag_of(self.file.path, self.file.url)
        if size and tag:
            headers["Range"] = "bytes={}-".format(size)
            headers["If-Range"] = tag
        elif known:
            headers["If-None-Match"] = known
        return self.client.session.get(
            raw.get_full_url(self.file.url, client=self.client),
            headers=headers,
            stream=True,
            **deadline_options(self.client),
        )

    def _take(self, response: Any, size: int, tag: str | None) -> bool:
        status = response.status_code
        if status == 304:
            return True
        if status == 206 and size and self._continues(response, size):
            return self._save(response, size, tag)
        if status in (206, 416):
            # Not what was asked for: begin again.
            self._forget_partial()
            return False
        if status == 202:
            return self._wait_for_processing(response)
        if status == 200:
            return self._save(response, 0, response.headers.get("ETag"))
        try:
            # Raises, or renews the token.
            raw.check_status(response, self.file.url, client=self.client)
        except (ServerErrorException, TooManyRequestsException) as error:
            self._wait_for_server(error)
            return False
        self.logins += 1
        if self.logins >= raw.MAX_AUTH_RETRIES or status != 401:
            raise ServerErrorException(self.file.url)
        return False

    def _continues(self, response: Any, size: int) -> bool:
        content = response.headers.get("Content-Range", "")
        return str(content).startswith("bytes {}-".format(size))

    def _save(self, response: Any, size: int, tag: str | None) -> bool:
        """Write a body to the partial file, then give the file its name."""
        length = response.headers.get("Content-Length")
        total = size + int(length) if length is not None else None
        partial = self.file.partial
        is_long = total is not None and total >= WORTH_CONTINUING
        if not size:
            # A weak tag does not promise the same bytes.
            can_continue = bool(tag) and not str(tag).startswith("W/")
            self._remember_partial(tag if is_long and can_continue else None)
        with open(partial, "ab" if size else "wb") as target:
            for chunk in response.iter_content(CHUNK):
                self.cancel.check()
                target.write(chunk)
                size += len(chunk)
        if total is not None and size != total:
            raise class_for("ConnectionError")(
                "{}: {} of {} bytes arrived".format(self.file.url, size, total)
            )
        os.replace(partial, self.file.path)
        self._forget_partial()
        self.index.add(self.file.path, self.file.url, tag, size)
        return True

    # What has arrived of a long file.

    def _partial(self) -> tuple[int, str | None]:
        """Return the size of what has arrived, and its ETag."""
        try:
            with open(self.file.partial + ".json", encoding="utf-8") as stream:
                known = json.load(stream)
            if known["url"] == self.file.url:
                return os.path.getsize(self.file.partial), known["etag"]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return 0, None

    def _remember_partial(self, tag: str | None) -> None:
        self._forget_partial()
        if tag is not None:
            with open(
                self.file.partial + ".json", "w", encoding="utf-8"
            ) as stream:
                json.dump({"url": self.file.url, "etag": tag}, stream)

    def _forget_partial(self) -> None:
        private_files.remove(self.file.partial + ".json")
        private_files.remove(self.file.partial)

    # Waiting.

    def _wait_for_processing(self, response: Any) -> bool:
        if time.monotonic() >= self.processing_until:
            raise hooks.processing(self.file.url)
        seconds = hooks.retry_after_of(response.headers)
        left = self.processing_until - time.monotonic()
        wait = raw.DEFAULT_RETRY_AFTER if seconds is None else seconds
        self._pause(min(wait, max(left, 0.0)))
        return False

    def _wait_for_server(self, error: Any) -> None:
        """Wait as long as the server asks, or raise the error."""
        seconds = error.retry_after
        if seconds is not None and error.status_code in (429, 503):
            if time.monotonic() + seconds > self.busy_until:
                raise error
            # The server is too busy for all of them.
            self.busy.pause(min(seconds, LONGEST_WAIT))
            return
        if error.status_code not in (429, 502, 503, 504):
            raise error
        self.failures += 1
        if self.failures >= max(1, getattr(self.client, "retries", 1)):
            raise error
        self._pause(BACKOFF * 2 ** (self.failures - 1))

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.cancel.check()
            time.sleep(min(0.1, max(0.0, until - time.monotonic())))
