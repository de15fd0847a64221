"""Kept answers in a folder, which processes share: a file for each."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import zlib

from . import private_files
from .redact import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The form of the files. Files of another form are replaced.
SCHEMA = 1
_ENDING = ".kept"
#: The bytes that a small file takes.
_BLOCK = 4096
#: Seconds after which a file that a killed process was writing is removed.
_ABANDONED = 600
#: The share of the limit that is written before the folder is looked through again.
_SHARE = 16
#: How often a file is read that cannot be read whole, and the seconds in between.
_ATTEMPTS = 10
_INTERVAL = 0.02


class Folder:
    """
    The kept answers in a folder.

    Each login on each server has a folder of its own in it. A file begins with a
    line of JSON that describes the answer, and then has its bytes. The time of
    the file is when the server last said that the answer is like this.
    """

    def __init__(self, path: str, max_bytes: int) -> None:
        """
        Raises:
            OSError: the folder cannot be made.
        """
        private_files.make_folder(path)
        self._path = path
        self._max_bytes = max_bytes
        self._written = max_bytes

    def _file_of(self, key: Any) -> str:
        return os.path.join(self._path, key.owner, key.name + _ENDING)

    def read(self, key: Any) -> tuple | None:
        """
        Return the arguments of a ``Kept``, or None if there is no such answer.
        """
        file = self._file_of(key)
        found = _read(file)
        # On Windows, another process may just be replacing it, or writing into it.
        for _ in range(_ATTEMPTS if sys.platform == "win32" else 0):
            if found is not None or not os.path.exists(file):
                break
            time.sleep(_INTERVAL)
            found = _read(file)
        if found is None:
            return None
        head, body, seen_at = found
        return (
            body,
            head["content_type"],
            head["tag"],
            seen_at,
            head["is_trusted"],
            head["tag_seen_at"],
        )

    def write(self, key: Any, kept: Any) -> None:
        """Write an answer whole, or not at all."""
        if len(kept.body) > self._max_bytes:
            private_files.remove(self._file_of(key))
            return
        head = {
            "schema": SCHEMA,
            "path": shown_path(key.url),
            "tag": kept.tag,
            "content_type": kept.content_type,
            "is_trusted": kept.is_trusted,
            "tag_seen_at": kept.tag_seen_at,
            "length": len(kept.body),
            "checksum": zlib.crc32(kept.body),
        }
        content = json.dumps(head).encode() + b"\n" + kept.body
        folder = os.path.join(self._path, key.owner)
        if not os.path.isdir(folder):
            private_files.make_folder(folder)
        # The checksum tells what a power failure has left unwritten.
        private_files.write(self._file_of(key), content, is_durable=False)
        self._written += max(len(content), _BLOCK)
        if self._written * _SHARE >= self._max_bytes:
            self._written = 0
            self._shrink()

    def touch(self, key: Any) -> None:
        """Note that the server said now that an answer has not changed."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._file_of(key))

    def forget(self, owner: str, sought: bytes | None) -> set[str]:
        """Remove the answers of a login, and return the names of their URLs."""
        names = set()
        for path in self._files(owner):
            if sought is not None:
                try:
                    with private_files.patiently(open, path, "rb") as stream:
                        if sought not in stream.read():
                            continue
                except FileNotFoundError:
                    continue
            private_files.remove(path)
            names.add(os.path.basename(path).partition(".")[0])
        return names

    def clear(self) -> None:
        """Remove all answers."""
        for owner in self._owners():
            self.forget(owner, None)

    def _owners(self) -> list[str]:
        return [e.name for e in _entries(self._path) if e.is_dir()]

    def _files(self, owner: str, ending: str = _ENDING) -> list[str]:
        entries = _entries(os.path.join(self._path, owner))
        return [e.path for e in entries if e.name.endswith(ending)]

    def _shrink(self) -> None:
        """Remove what was last seen longest ago, until the size is below the limit."""
        found = []
        for owner in self._owners():
            for path in self._files(owner, ""):
                with contextlib.suppress(OSError):
                    state = os.stat(path)
                    size = max(state.st_size, _BLOCK)
                    found.append((state.st_mtime, size, path))
        limit = self._max_bytes - self._max_bytes // _SHARE
        total = sum(size for _, size, _ in found)
        for seen_at, size, path in sorted(found):
            is_abandoned = not path.endswith(_ENDING) and (
                time.time() - seen_at > _ABANDONED
            )
            if total > limit or is_abandoned:
                with contextlib.suppress(OSError):
                    os.remove(path)
                    total -= size


def _entries(path: str) -> list[os.DirEntry]:
    """Return what is in a folder, which another process may remove."""
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _read(file: str) -> tuple[dict, bytes, float] | None:
    """Return the description, the body and the time of a file, if it is whole."""
    try:
        with open(file, "rb") as stream:
            found = _parsed(stream.read())
            seen_at = os.fstat(stream.fileno()).st_mtime
    except OSError:
        return None
    return None if found is None else (*found, seen_at)


def _parsed(content: bytes) -> tuple[dict, bytes] | None:
    """Return the description and the body of a file, or None if it is damaged."""
    line, _, body = content.partition(b"\n")
    try:
        head = json.loads(line)
        if (
            head["schema"] != SCHEMA
            or head["length"] != len(body)
            or head["checksum"] != zlib.crc32(body)
        ):
            return None
    except (LookupError, TypeError, ValueError):
        return None
    return head, body
