"""
Names of earlier releases of gazu, and misspelled names of official examples.

They are not attributes of the public modules, so ``dir(gazu.task)`` does not list
them. If a module does not have a name, its ``__getattr__`` looks it up in the
module of the same name in this package. Each function works as in its last release
and warns with a ``DeprecationWarning`` that names its successor. If the server no
longer has the route of a function, the request is still sent, and the function
raises the exception for the answer.
"""

from __future__ import annotations

from .._engine.wrapping import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: Modules of upstream with the attribute ``requests``, which scripts use.
_MODULES_WITH_REQUESTS = (
    "asset",
    "client",
    "files",
    "helpers",
    "playlist",
    "shot",
    "task",
)
_PACKAGE = __package__.rpartition(".")[0]

#: The modules with old names. ``package`` is for the package ``gazu`` itself. The
#: package ``gazu`` imports the same ones for freezing tools.
_MODULES_WITH_TABLE = (
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


def table(short_name: str) -> Any:
    """
    Return the module of this package with the old names of a public module.

    Its ``NAMES`` is a dict of functions by name. Its ``VALUES`` lists the names
    that are attributes and not functions: the value is the function's result.
    """
    from importlib import import_module

    return import_module("." + short_name, __package__)


def tables() -> list:
    """Return all modules of this package with old names."""
    return [table(short_name) for short_name in _MODULES_WITH_TABLE]


def old_names(module_name: str) -> Callable[[str], Any]:
    """
    Return the ``__getattr__`` function for a public module.

    Args:
        module_name: The full name of the module.
    """
    short_name = module_name[len(_PACKAGE) + 1 :] or "package"

    def __getattr__(name: str) -> Any:
        if name == "requests" and short_name in _MODULES_WITH_REQUESTS:
            import requests

            return requests
        if not name.startswith("_") and short_name in _MODULES_WITH_TABLE:
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
    Decorate an old function to warn when it is called.

    The function's ``__module__`` becomes the public module.

    Args:
        successor: The name to use instead, such as
            ``gazu.task.all_task_types``.
        stacklevel: The number of stack frames up to the script's code.
    """

    def decorate(function: Callable) -> Callable:
        short_name = function.__module__.rpartition(".")[2]
        module_part = "" if short_name == "package" else "." + short_name
        message = "gazu{}.{} is deprecated, use {} instead".format(
            module_part, function.__name__, successor
        )

        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            import warnings

            warnings.warn(message, DeprecationWarning, stacklevel=stacklevel)
            return function(*args, **kwargs)

        wrapper.__module__ = _PACKAGE + module_part
        # The attribute of ``warnings.deprecated``, which tools read.
        wrapper.__deprecated__ = message  # type: ignore[attr-defined]
        return wrapper

    return decorate


def by_name(*functions: Callable) -> dict[str, Callable]:
    """Return a dict of functions by their names."""
    return {function.__name__: function for function in functions}
