"""A decorator for functions that make several requests."""

from __future__ import annotations

from . import keeping
from .wrapping import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


def composition(function: Callable) -> Callable:
    """
    Let asynchronous clients call a function that makes several requests.

    With a blocking client, the function runs unchanged. If an argument is an
    ``AsyncKitsuClient``, the function runs in a thread and the call returns an
    awaitable.
    """

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for value in (*kwargs.values(), *args):
            run_composition = getattr(type(value), "_run_composition", None)
            if run_composition is not None:
                scoped = keeping.scoped(function)
                return run_composition(value, scoped, args, kwargs)
        return keeping.scoped(function)(*args, **kwargs)

    return wrapper
