"""Does what ``functools.wraps`` does: that module takes longer to import than ours."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

_COPIED = (
    "__module__",
    "__name__",
    "__qualname__",
    "__doc__",
    "__annotations__",
    "__type_params__",
)


def wraps(function: Callable) -> Callable[[Callable], Callable]:
    """
    Return a decorator that makes a wrapper look like the function that it calls.

    Args:
        function: The function, or another callable.
    """

    def decorate(wrapper: Callable) -> Callable:
        for name in _COPIED:
            try:
                setattr(wrapper, name, getattr(function, name))
            except AttributeError:
                # Not every callable has all of them.
                pass
        wrapper.__dict__.update(getattr(function, "__dict__", {}))
        wrapper.__wrapped__ = function  # type: ignore[attr-defined]
        return wrapper

    return decorate
