"""Keeps secrets out of logs, representations, exceptions and tracebacks."""

from __future__ import annotations

from .._requests_compat.secrets import (  # noqa: F401
    NAME,
    holds_secret,
    shown_path,
    shown_text,
)
from .wrapping import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


async def _nothing() -> None:
    pass


_coroutine = _nothing()
_coroutine.close()
#: The module ``types`` takes longer to import than this one.
_Coroutine = type(_coroutine)
#: The value of ``inspect.CO_COROUTINE``; the module inspect is slow to import.
_IS_COROUTINE = 0x80


def has_secret(data: Any) -> bool:
    """Return whether JSON data contains a password, a token or a code."""
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
    """Text whose ``repr`` is hidden, such as a token in a traceback."""

    def __repr__(self) -> str:
        return "'...'"


def confidential(function: Callable) -> Callable:
    """
    Keep the arguments and local variables of a function out of tracebacks.

    Error reporters store the variables of each frame. So the traceback of an
    exception from this function ends at its caller.
    """
    if function.__code__.co_flags & _IS_COROUTINE:

        @wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            coroutine = _awaited(function(*args, **kwargs))
            del args, kwargs
            return await coroutine

        return awaited

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            value = function(*args, **kwargs)
            return _awaited(value) if type(value) is _Coroutine else value
        except BaseException as error:
            failure = _without_traceback(error)
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
        failure = _without_traceback(error)
    try:
        raise failure
    finally:
        del failure


def _without_traceback(error: BaseException) -> BaseException:
    """Remove the tracebacks of an exception and of its causes."""
    link: Any = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error
