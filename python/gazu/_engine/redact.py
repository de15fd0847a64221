"""
What keeps secrets out of logs, representations, exceptions and tracebacks.
"""

from __future__ import annotations

import functools
import types
from typing import Any, Callable

from .._requests_compat.secrets import (  # noqa: F401
    NAME,
    holds_secret,
    shown_path,
    shown_text,
)

#: ``inspect.CO_COROUTINE``, of a module that takes longer to import than these.
_IS_COROUTINE = 0x80


def has_secret(data: Any) -> bool:
    """Return whether JSON data contain a password, token or code."""
    if isinstance(data, dict):
        return any(
            names_secret(name) or has_secret(value)
            for name, value in data.items()
        )
    if isinstance(data, str):
        return holds_secret(data)
    return isinstance(data, list) and any(map(has_secret, data))


def names_secret(text: Any) -> bool:
    """Return whether a value is the name of a secret."""
    return isinstance(text, str) and NAME.search(text) is not None


class Hidden(str):
    """Text that is not shown."""

    def __repr__(self) -> str:
        return "'...'"


def confidential(function: Callable) -> Callable:
    """
    Keep what a function is handed, and makes of it, out of tracebacks.

    What it raises has no traceback beneath its caller's line.
    """
    if function.__code__.co_flags & _IS_COROUTINE:

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            coroutine = _awaited(function(*args, **kwargs))
            del args, kwargs
            return await coroutine

        return awaited

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            value = function(*args, **kwargs)
            return (
                _awaited(value)
                if isinstance(value, types.CoroutineType)
                else value
            )
        except BaseException as error:
            failure = _untraced(error)
        args, kwargs = (), {}
        try:
            raise failure
        finally:
            del failure

    return called


async def _awaited(coroutine: Any) -> Any:
    try:
        return await coroutine
    except BaseException as error:
        failure = _untraced(error)
    try:
        raise failure
    finally:
        del failure


def _untraced(error: BaseException) -> BaseException:
    """Take the tracebacks from an exception, and from those that led to it."""
    chain: Any = error
    seen: set[int] = set()
    while chain is not None and id(chain) not in seen:
        seen.add(id(chain))
        chain.__traceback__ = None
        chain = chain.__cause__ or chain.__context__
    return error
