"""
Files that a script's own ``open`` opens.

Tests replace ``open``, by a mock or by a file system that is in memory only. The
core opens files itself, and would find nothing there.
"""

from __future__ import annotations

import builtins
from typing import Any, Callable

#: What ``open`` is by itself: a function written in C.
_WRITTEN_IN_C: Any = type(len)


def open_is_replaced() -> bool:
    """Whether something else stands in the place of Python's ``open``."""
    return type(builtins.open) is not _WRITTEN_IN_C


def open_source(path: Any) -> Any:
    """Open a file that is sent, with whatever ``open`` is now."""
    return builtins.open(path, "rb")


def save(response: Any, target: Any, progress: Callable | None) -> None:
    """
    Write a response's content to a file, with whatever ``open`` is now.

    Args:
        response: The response, with its content.
        target: The path.
        progress: Called with the bytes written and the bytes in total.
    """
    content = response.content
    with builtins.open(target, "wb") as target_file:
        target_file.write(content)
    if progress is not None:
        progress(len(content), len(content))
