"""
Says which calls have their answers kept, and who must not get an old answer.

``gazu.cache.enable(revalidate=True)`` imports what keeps them.
"""

from __future__ import annotations

import os

from .wrapping import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: What keeps answers, or None.
store: Any = None


def _unlock() -> None:
    if store is not None:
        store.unlock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


class StaleAnswerWarning(UserWarning):
    """The server is down, and reads are answered with what was last seen."""


def scoped(function: Callable) -> Callable:
    """
    Return a function whose requests belong together.

    It is the function itself while nothing is answered with what was last seen.
    """
    if store is None or not store.serves_when_down:
        return function
    from . import scopes

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if scopes.current_scope() is not None:
            return function(*args, **kwargs)
        with scopes.scope_of(scopes.Scope(takes_old=True)):
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
    from . import scopes

    scope = scopes.current_scope()
    if not call.is_repeatable:
        if call.route == "auth/logout":
            store.forget_client(client)
        elif scope is not None and scope.error is not None:
            raise scope.error
        return None
    if not call.may_be_kept or _is_health(call.route):
        return None
    return store.exchange(call, scope)
