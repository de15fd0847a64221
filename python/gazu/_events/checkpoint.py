"""Where a consumer notes what it has handled."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from .._engine import logs, private_files

if TYPE_CHECKING:
    from typing import Protocol
else:
    # Python 3.7 does not have it.
    Protocol = object

logger = logs.logger("events")

#: A file with more lines than this is written anew.
MAX_LINES = 1000
#: The version of the file's form.
VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Storage(Protocol):
    """An object that keeps the state of a consumer, such as in a database."""

    def load(self) -> dict | None:
        """Return what ``save`` received last, or None."""

    def save(self, state: dict) -> None:
        """Keep a dict of texts, lists and numbers."""


def checked_name(name: Any) -> str:
    """
    Return the name of a consumer.

    Raises:
        TypeError: it is not a text.
        ValueError: it cannot be the name of a file.
    """
    if not isinstance(name, str):
        raise TypeError(
            "The name of a consumer must be a text, not {!r}".format(name)
        )
    if not _NAME.fullmatch(name):
        raise ValueError(
            "{!r} cannot be the name of a consumer: use letters, digits, "
            "'-', '_' and '.'".format(name)
        )
    return name


def folder() -> str:
    """
    Return the folder of the consumers' files.

    It is systemd's ``StateDirectory`` if the variable ``STATE_DIRECTORY`` names
    one, otherwise ``~/.gazu/consumers``.
    """
    given = os.environ.get("STATE_DIRECTORY", "").split(os.pathsep)[0]
    return given or os.path.join(os.path.expanduser("~"), ".gazu", "consumers")


class FileStorage:
    """
    A small file with the state of a consumer.

    Its first line is the state. Each event that was handled since adds a line
    with its id and date. Now and then, the file is replaced by a new first line.
    A last line that is incomplete, because the machine has stopped, is ignored.

    Args:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._stream: Any = None
        self._lines = 0

    def load(self) -> dict | None:
        """Return the state, or None if there is none that can be read."""
        try:
            with private_files.patiently(open, self.path, "rb") as stream:
                content = stream.read()
        except FileNotFoundError:
            return None
        try:
            return _state_of(content)
        except ValueError as error:
            aside = self.set_aside()
            logger.warning(
                "The checkpoint %s is broken and was renamed to %s: %s",
                self.path,
                aside,
                error,
            )
            return None

    def set_aside(self) -> str:
        """Rename the file, and return its new name."""
        number = 1
        while os.path.exists("{}.broken-{}".format(self.path, number)):
            number += 1
        aside = "{}.broken-{}".format(self.path, number)
        private_files.patiently(os.replace, self.path, aside)
        return aside

    def save(self, state: dict) -> None:
        """Replace the file by one with this state."""
        self.close()
        text = json.dumps(dict(state, version=VERSION))
        private_files.write(self.path, text + "\n")
        self._lines = 0

    def add(self, number: str, date: str) -> bool:
        """
        Note an event that was handled.

        Returns:
            Whether the file should be saved anew, because it has become long.
        """
        if self._stream is None:
            self._stream = open(self.path, "ab", buffering=0)  # noqa: SIM115
        line = json.dumps([number, date]).encode("ascii") + b"\n"
        if self._stream.write(line) != len(line):
            raise OSError("{} was not written".format(self.path))
        self._lines += 1
        return self._lines >= MAX_LINES

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _state_of(content: bytes) -> dict:
    first, *lines = content.split(b"\n")
    state = json.loads(first.decode("ascii"))
    if not isinstance(state, dict) or state.get("version") != VERSION:
        raise ValueError("the first line is no state of this version")
    seen, position = state.get("seen"), state.get("position")
    if not isinstance(seen, list) or not isinstance(position, str):
        raise ValueError("the first line is no state")
    for line in lines[:-1]:
        try:
            number, date = json.loads(line.decode("ascii"))
        except ValueError:
            # The machine has stopped while this line was written. What follows
            # it was written after the next start.
            continue
        if isinstance(number, str) and isinstance(date, str):
            seen.append([number, date])
            position = max(position, date)
    state["position"] = position
    return state
