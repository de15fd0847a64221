"""
Functions that earlier releases of gazu had.

They are no attributes of their modules, so that ``dir(gazu.task)`` is today's:
a module that is asked for a name it has not looks here. Each works as in its
last release, through today's server, and warns with a ``DeprecationWarning``
that names its successor.
"""

from __future__ import annotations

import functools
import warnings

from typing import Any, Callable


def old_names(module_name: str) -> Callable[[str], Any]:
    """
    Return the ``__getattr__`` of a module of the package.

    Args:
        module_name: The module's full name.
    """
    package = __package__.rpartition(".")[0]
    short_name = module_name[len(package) + 1 :] or "package"

    def __getattr__(name: str) -> Any:
        if not name.startswith("_"):
            from importlib import import_module

            # Only a few modules have old names; _TABLES says which.
            if short_name in _MODULES:
                module = import_module("." + short_name, __package__)
                found = module.NAMES.get(name)
                if found is not None:
                    return found() if name in module.VALUES else found
        raise AttributeError(
            "module {!r} has no attribute {!r}".format(module_name, name)
        )

    return __getattr__


_MODULES = frozenset(
    (
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
)


def deprecated(successor: str) -> Callable[[Callable], Callable]:
    """
    Mark a function of an earlier release.

    Args:
        successor: What to use instead, such as ``gazu.task.all_task_types``.
    """

    def mark(function: Callable) -> Callable:
        module = function.__module__.rpartition(".")[2]
        public = "gazu" if module == "package" else "gazu." + module
        name = public + "." + function.__name__

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            warnings.warn(
                "{} is deprecated, use {} instead".format(name, successor),
                DeprecationWarning,
                stacklevel=2,
            )
            return function(*args, **kwargs)

        return wrapper

    return mark
