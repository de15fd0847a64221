"""
What keeps secrets out of tracebacks, where tools show the values of variables.
"""

from __future__ import annotations

import functools
import re
import types
from typing import Any, Callable

_NAMES = "password|token|secret|otp|recovery"

#: Names of what is not shown.
NAME = re.compile(_NAMES, re.IGNORECASE)
#: The same within text: JSON, a query, a header, a URL with its user.
TEXT = re.compile(
    r"(?:{})\w*[\"']?\s*[:=]|://[^/\s@]*:[^/\s@]*@|\bbearer\s".format(_NAMES),
    re.IGNORECASE,
)
_QUERY = re.compile(
    "([?&][^=&#]*(?:{})[^=&#]*=)[^&#]+".format(_NAMES), re.IGNORECASE
)

#: ``inspect.CO_COROUTINE``, of a module that takes longer to import than these.
_IS_COROUTINE = 0x80


def shown_path(path: str) -> str:
    """Return a path or URL without the secrets in its query."""
    return _QUERY.sub(r"\1...", path) if "?" in path else path


def has_secret(data: Any) -> bool:
    """Return whether JSON data contain a password, token or code."""
    if isinstance(data, dict):
        return any(
            names_secret(name) or has_secret(value)
            for name, value in data.items()
        )
    if isinstance(data, str):
        return bool(TEXT.search(data))
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
