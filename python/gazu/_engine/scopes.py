"""Requests that belong together, and whether they may be answered with what is old."""

from __future__ import annotations

import contextlib
import contextvars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator


class Scope:
    """
    Several requests that belong together, such as those of one function.

    Attributes:
        takes_old: Whether its reads may be answered with what was last seen.
        error: The error in whose place it got an old answer, or None. A write
            would be made from the old answer, so it fails with this error.
    """

    def __init__(self, takes_old: bool) -> None:
        self.takes_old = takes_old
        self.error: BaseException | None = None


_scope: Any = contextvars.ContextVar("gazu_scope", default=None)


def current_scope() -> Scope | None:
    """Return the scope of this thread or task, or None."""
    return _scope.get()


@contextlib.contextmanager
def scope_of(scope: Scope | None) -> Iterator[None]:
    """Let the requests of a block belong to a scope."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def fresh() -> Any:
    """Return a context manager: its reads are answered by the server, or fail."""
    return scope_of(Scope(takes_old=False))
