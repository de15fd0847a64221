"""
Where the process has ``requests``: what of ours is also its own, and whether
somebody has put something into its place.
"""

from __future__ import annotations

import sys
from typing import Any

_joined: dict[tuple[type, type], type] = {}


def joined(own: type, module_name: str) -> type:
    """
    Return the class to use for one of ours.

    Args:
        own: Our class.
        module_name: The module of ``requests`` that has one of that name.

    Returns:
        A class that is both, where the process has imported that module, so
        that ``isinstance`` and ``except`` find what they look for; else ours.
    """
    theirs = _defined(module_name, own.__name__)
    if theirs is None:
        return own
    key = (own, theirs)
    if key not in _joined:
        attributes = {
            "__module__": own.__module__,
            "__doc__": own.__doc__,
            "_is_joined": True,
        }
        _joined.setdefault(key, type(own.__name__, (own, theirs), attributes))
    return _joined[key]


def _defined(module_name: str, name: str) -> type | None:
    found = getattr(sys.modules.get(module_name), name, None)
    if not isinstance(found, type):
        return None
    # Under the name may stand a subclass that somebody has put there.
    for cls in found.__mro__:
        if cls.__module__ == module_name and cls.__name__ == name:
            return cls
    return None


class Joining:
    """
    An object that says it is one of ``requests`` as soon as that is imported.

    It may have been made before: ``isinstance`` asks it for its class then.
    """

    _is_joined = False
    _theirs = ""

    @property
    def __class__(self) -> type:
        cls = type(self)
        return cls if cls._is_joined else joined(cls, cls._theirs)

    def _join(self) -> None:
        """Become one."""
        cls = type(self)
        if not cls._is_joined:
            # The property above stands in the way of a plain assignment.
            object.__dict__["__class__"].__set__(self, self.__class__)


#: Where test suites and libraries reach into ``requests``.
_REPLACED = (
    (
        "requests.sessions",
        "Session",
        "get_adapter request send get post put delete head patch options",
    ),
    ("requests.adapters", "HTTPAdapter", "send"),
)
#: Functions that have been looked at and found to be the library's own.
_known: dict[tuple[str, str], Any] = {}


def intercepted() -> bool:
    """
    Whether somebody stands between ``requests`` and the network.

    That is so when a method of its classes, the connections below it or
    Python's sockets have been replaced: by a mock, a recorder, a tracer, or
    by what makes sockets cooperate or go through a proxy. What goes around
    them would not be seen there.
    """
    modules = sys.modules
    for module_name, class_name, names in _REPLACED:
        module = modules.get(module_name)
        if module is None:
            continue
        owner = getattr(module, class_name, None)
        for name in names.split():
            method = getattr(owner, name, None)
            if _known.get((class_name, name)) is method:
                continue
            if not _is_of(method, module):
                return True
            _known[class_name, name] = method
    pools = modules.get("urllib3.connectionpool")
    if pools is not None:
        pool = getattr(pools, "HTTPConnectionPool", None)
        connection = getattr(pool, "ConnectionCls", None)
        name = getattr(connection, "__module__", "")
        if name != "urllib3.connection" and connection is not None:
            return True
    sockets = modules.get("socket")
    if sockets is None:
        return False
    return getattr(sockets.socket, "__module__", "socket") != "socket"


def replaced_function(name: str) -> Any:
    """Return what has taken the place of a function of ``requests``, or None."""
    function = getattr(sys.modules.get("requests"), name, None)
    api = sys.modules.get("requests.api")
    if function is None or api is None or _is_of(function, api):
        return None
    return function


def _is_of(function: Any, module: Any) -> bool:
    """Whether a function is written in a module; wrappers copy its name only."""
    return getattr(function, "__globals__", None) is vars(module)
