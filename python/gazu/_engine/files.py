"""
Opens the files of an upload with Python's ``open`` when a script has replaced it.

Tests replace ``open`` with a mock or an in-memory file system. The core opens
files with the operating system and would bypass the replacement.
"""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The type of Python's own ``open``, a function written in C.
_BUILTIN_FUNCTION: Any = type(len)


def open_is_replaced() -> bool:
    """Return whether something has replaced Python's ``open``."""
    return type(builtins.open) is not _BUILTIN_FUNCTION


def open_source(path: Any) -> Any:
    """Open a file for reading, with the current ``open``."""
    return builtins.open(path, "rb")
