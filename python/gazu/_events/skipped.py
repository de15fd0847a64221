"""The events that the handlers of a consumer could not handle."""

from __future__ import annotations

import glob
import json
import os
import traceback
import uuid
from typing import Any, Iterator

from .._engine import logs, private_files

logger = logs.logger("events")


class Skipped:
    """
    The file with the skipped events of a consumer, and those to handle again.

    A line of the file is a JSON object: ``event``, ``error`` (the traceback),
    ``handler``, ``attempts`` and ``skipped_at`` (UTC).

    Args:
        base: The path of the consumer's files, without an ending.
    """

    def __init__(self, base: str) -> None:
        self.path = base + ".skipped"
        self._requests = base + ".retry-"

    def add(
        self, event: dict, error: BaseException, handler: str, attempts: int
    ) -> None:
        """Add an event to the file."""
        import datetime

        now = datetime.datetime.now(datetime.timezone.utc)
        entry = {
            "event": event,
            "error": "".join(
                traceback.format_exception(
                    type(error), error, error.__traceback__
                )
            ),
            "handler": handler,
            "attempts": attempts,
            "skipped_at": now.replace(tzinfo=None).isoformat(
                timespec="seconds"
            ),
        }
        line = json.dumps(entry, default=str).encode("ascii") + b"\n"
        descriptor = private_files.patiently(
            os.open, self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
        )
        with os.fdopen(descriptor, "ab", buffering=0) as stream:
            if stream.tell() and not _ends_with_line(self.path):
                line = b"\n" + line
            stream.write(line)
            os.fsync(stream.fileno())

    def entries(self) -> list[dict]:
        """Return the entries of the file, oldest first."""
        return _entries(self.path)

    def request_retry(self) -> int:
        """
        Ask the consumer to handle all skipped events again.

        It does so when it starts, or within some seconds if it is running.

        Returns:
            How many events these are.
        """
        count = len(self.entries())
        if count:
            # The consumer may be adding an event to the file, so rename it
            # rather than copy it.
            private_files.patiently(
                os.replace, self.path, self._requests + uuid.uuid4().hex
            )
        return count

    def requested(self) -> Iterator[dict]:
        """
        Yield the events to handle again.

        An event is forgotten when the next one is asked for.
        """
        for path in sorted(glob.glob(glob.escape(self._requests) + "*")):
            entries = _entries(path)
            while entries:
                yield entries[0]["event"]
                del entries[0]
                if entries:
                    private_files.write(
                        path,
                        "".join(json.dumps(entry) + "\n" for entry in entries),
                    )
            private_files.remove(path)


def _ends_with_line(path: str) -> bool:
    with open(path, "rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read() == b"\n"


def _entries(path: str) -> list[dict]:
    try:
        with private_files.patiently(open, path, "rb") as stream:
            lines = stream.read().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        entry = _entry(line)
        if entry is None:
            logger.warning("%s has a line that is no skipped event", path)
        else:
            found.append(entry)
    return found


def _entry(line: bytes) -> Any:
    try:
        entry = json.loads(line.decode("utf-8"))
    except ValueError:
        return None
    is_event = (
        isinstance(entry, dict)
        and isinstance(entry.get("event"), dict)
        and isinstance(entry["event"].get("name"), str)
    )
    return entry if is_event else None
