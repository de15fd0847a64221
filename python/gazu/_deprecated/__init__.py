"""
Names that earlier releases of gazu had, or that official examples misspell.

They are no attributes of their modules, so that ``dir(gazu.task)`` is today's:
a module that is asked for a name it has not looks here, into the table of the
same name. Each works as in its last release, through today's server, and warns
with a ``DeprecationWarning`` that names its successor. A function whose route
the server no longer has sends what it always sent, and raises what the client
raises for the answer.
"""

from __future__ import annotations

import functools
import warnings
from typing import Any, Callable

#: Modules through which scripts and their tests reach the library requests.
_WITH_REQUESTS = (
    "asset",
    "client",
    "files",
    "helpers",
    "playlist",
    "shot",
    "task",
)
_PACKAGE = __package__.rpartition(".")[0]

#: Modules that have a table; the package's own is named ``package``.
_TABLES = (
    "asset",
    "client",
    "entity",
    "files",
    "package",
    "person",
    "playlist",
    "project",
    "shot",
    "task",
    "user",
)


def _all_tables() -> None:
    """Name all tables for freezers, which read this and do not run it."""
    from . import (  # noqa: F401
        asset,
        client,
        entity,
        files,
        package,
        person,
        playlist,
        project,
        shot,
        task,
        user,
    )


def table(short_name: str) -> Any:
    """
    Return the table of a module.

    It has ``NAMES``, functions by name, and ``VALUES``, the names among them
    that are attributes: their function gives the value.
    """
    from importlib import import_module

    return import_module("." + short_name, __package__)


def tables() -> list:
    """Return the tables of all modules."""
    return [table(short_name) for short_name in _TABLES]


def old_names(module_name: str) -> Callable[[str], Any]:
    """
    Return the ``__getattr__`` of a module of the package.

    Args:
        module_name: The module's full name.
    """
    short_name = module_name[len(_PACKAGE) + 1 :] or "package"

    def __getattr__(name: str) -> Any:
        if name == "requests" and short_name in _WITH_REQUESTS:
            import requests

            return requests
        if not name.startswith("_") and short_name in _TABLES:
            old = table(short_name)
            if name in old.VALUES:
                return old.NAMES[name]()
            if name in old.NAMES:
                return old.NAMES[name]
        raise AttributeError(
            "module {!r} has no attribute {!r}".format(module_name, name)
        )

    return __getattr__


def deprecated(
    successor: str, stacklevel: int = 2
) -> Callable[[Callable], Callable]:
    """
    Mark a function of a table, which takes the name of its public module.

    Args:
        successor: What to use instead, such as ``gazu.task.all_task_types``.
        stacklevel: How far up the caller is that is to be warned.
    """

    def mark(function: Callable) -> Callable:
        short_name = function.__module__.rpartition(".")[2]
        below = "" if short_name == "package" else "." + short_name
        message = "gazu{}.{} is deprecated, use {} instead".format(
            below, function.__name__, successor
        )

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            warnings.warn(message, DeprecationWarning, stacklevel=stacklevel)
            return function(*args, **kwargs)

        wrapper.__module__ = _PACKAGE + below
        return wrapper

    return mark


def named(*functions: Callable) -> dict[str, Callable]:
    """Return functions by their names."""
    return {function.__name__: function for function in functions}
