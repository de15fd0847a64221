"""
Says which calls have their answers kept, and who must not get an old answer.

``gazu.cache.enable(revalidate=True)`` imports what keeps them.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import os
from typing import Any, Callable, Iterator

#: What keeps answers, or None.
store: Any = None


def _unlock() -> None:
    if store is not None:
        store.unlock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


class StaleAnswerWarning(UserWarning):
    """The server is down, and reads are answered with what was last seen."""


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


def scoped(function: Callable) -> Callable:
    """
    Return a function whose requests belong together.

    It is the function itself while nothing is answered with what was last seen.
    """
    if store is None or not store.serves_when_down:
        return function

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current_scope() is not None:
            return function(*args, **kwargs)
        with scope_of(Scope(takes_old=True)):
            return function(*args, **kwargs)

    return wrapper


def _is_health(route: str) -> bool:
    """Return whether a route tells whether the server is up."""
    return route.strip("/").partition("/")[0] in ("", "status")


def exchange(call: Any, client: Any) -> Any:
    """
    Return what keeps the answers to a call, or None.

    Raises:
        Exception: the call is a write, and its function has got an old answer.
    """
    if store is None:
        return None
    scope = current_scope()
    if not call.is_repeatable:
        if call.route == "auth/logout":
            store.forget_client(client)
        elif scope is not None and scope.error is not None:
            raise scope.error
        return None
    if not call.may_be_kept or _is_health(call.route):
        return None
    return store.exchange(call, scope)
