"""Functions made of several requests, for blocking and asynchronous clients."""

from __future__ import annotations

import functools
from typing import Any, Callable


def composition(function: Callable) -> Callable:
    """
    Mark a function that does more than run one call.

    With a blocking client it is the function itself. A client that is
    awaited runs it beside the event loop and gives back an awaitable.
    """

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for value in (*kwargs.values(), *args):
            run_composition = getattr(type(value), "_run_composition", None)
            if run_composition is not None:
                return run_composition(value, function, args, kwargs)
        return function(*args, **kwargs)

    return wrapper
