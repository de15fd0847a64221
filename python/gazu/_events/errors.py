"""
The errors of the event stream, under the names that scripts know from ``socketio``.

If the process has imported ``socketio``, an error is also an instance of its class
of that name, so that ``except socketio.exceptions.ConnectionError`` works.
"""

from __future__ import annotations

from typing import Any

from .._requests_compat.library import requests_class


class SocketIOError(Exception):
    """
    The base class of the errors of the event stream.

    Attributes:
        is_rejected: Whether the server rejected the connection to a namespace.
    """

    is_rejected = False

    def __reduce__(self) -> tuple:
        return (error, (type(self).__name__,) + self.args)


class ConnectionError(SocketIOError):
    """The server cannot be reached, or did not accept the connection."""


class TimeoutError(SocketIOError):
    """The server did not answer an event in time."""


class BadNamespaceError(SocketIOError):
    """The namespace is not connected."""


class DisconnectedError(SocketIOError):
    """The client is not connected."""


_combined: dict[tuple[type, type], type] = {}


def error(name: str, *args: Any) -> Any:
    """
    Return an error.

    Args:
        name: The name of the class.
        args: The arguments of the exception.
    """
    own: type = globals()[name]
    theirs = requests_class("socketio.exceptions", name)
    if theirs is None:
        return own(*args)
    key = (own, theirs)
    if key not in _combined:
        attributes = {"__module__": own.__module__, "__doc__": own.__doc__}
        _combined[key] = type(name, key, attributes)
    return _combined[key](*args)
