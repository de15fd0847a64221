"""Texts for a terminal."""

from __future__ import annotations

import logging
import sys
import unicodedata
from typing import Any

import click

from .. import client as raw

#: The highest number of characters in a cell of a table that is not on a terminal.
_MAX_CELL_WIDTH = 60
#: Characters that change the direction of the text after them.
_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def printable(text: str) -> str:
    """
    Return a text in which characters that control a terminal are escaped.

    Names from the server may contain control sequences, which could set the
    clipboard or reverse the text of a line.
    """
    return "".join(map(_escaped, text.replace("\r\n", "\n")))


def _escaped(character: str) -> str:
    if character in "\n\t" or (
        character not in _DIRECTION_MARKS
        and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
    ):
        return character
    code = ord(character)
    return ("\\x{:02x}" if code < 256 else "\\u{:04x}").format(code)


def say(text: str, err: bool = False) -> None:
    """Print a text for people, with control characters escaped."""
    stream = sys.stderr if err else sys.stdout
    click.echo(encodable(printable(text), stream), err=err)


def encodable(text: str, stream: Any) -> str:
    """Return a text with escapes for what a stream cannot encode, as in cp1252."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def settings() -> dict:
    """Return what the options of the output say, an empty dict by default."""
    context = click.get_current_context(silent=True)
    return (context.obj if context is not None else None) or {}


def tell(text: str, err: bool = False) -> None:
    """Print what has been done, unless ``--quiet`` is given."""
    if not settings().get("quiet"):
        say(text, err)


class _PrintableFormatter(logging.Formatter):
    """A formatter of log lines that escapes control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a log record."""
        return printable(super().format(record))


def escape_log() -> None:
    """Escape control characters in the log that ``GAZU_DEBUG`` enables."""
    for handler in raw.logger.handlers:
        is_plain = handler.formatter is None
        if is_plain and isinstance(handler, logging.StreamHandler):
            handler.setFormatter(_PrintableFormatter())


def in_one_line(value: Any) -> str:
    """Return the text of a cell, whatever its length."""
    text = "" if value is None else str(value)
    return printable(text).replace("\n", " ").strip()


def cell(value: Any) -> str:
    """Return the text of a cell, shortened."""
    text = in_one_line(value)
    return (
        text
        if len(text) <= _MAX_CELL_WIDTH
        else text[: _MAX_CELL_WIDTH - 3] + "..."
    )


def as_one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(printable(text).split())
