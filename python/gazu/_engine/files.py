"""
Reads and writes files with Python's ``open`` when a script has replaced it.

Tests replace ``open`` with a mock or an in-memory file system. The core opens
files with the operating system and would bypass the replacement.
"""

from __future__ import annotations

import builtins
from typing import Any, Callable

#: The type of Python's own ``open``, a function written in C.
_BUILTIN_FUNCTION: Any = type(len)


def open_is_replaced() -> bool:
    """Return whether something has replaced Python's ``open``."""
    return type(builtins.open) is not _BUILTIN_FUNCTION


def open_source(path: Any) -> Any:
    """Open a file for reading, with the current ``open``."""
    return builtins.open(path, "rb")


def save(response: Any, target: Any, progress: Callable | None) -> None:
    """
    Write the content of a response to a file, with the current ``open``.

    Args:
        response: The response. Its content has been read.
        target: The path of the file.
        progress: Called with the written bytes and all bytes.
    """
    content = response.content
    with builtins.open(target, "wb") as target_file:
        target_file.write(content)
    if progress is not None:
        progress(len(content), len(content))
