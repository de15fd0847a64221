"""What ``gazu.events.socketio`` has where the library has not been imported."""

from __future__ import annotations

from typing import Any

from .._requests_compat.library import requests_class


def likeness(name: str) -> Any:
    """
    Return our likeness of a name of ``socketio``.

    Raises:
        AttributeError: there is none.
    """
    if name == "Client":
        from .client import Client

        return Client
    if name == "ClientNamespace":
        from .namespace import ClientNamespace

        return ClientNamespace
    if name == "exceptions":
        from . import errors

        return errors
    raise AttributeError(
        "gazu.events.socketio has no attribute {!r}, because the library "
        "socketio has not been imported".format(name)
    )


def replaced_client(library: Any) -> Any:
    """
    Return the class with which a script or test has replaced ``Client``, or None.

    Args:
        library: The value of ``gazu.events.socketio``.
    """
    from .client import Client

    current = library.Client
    if current in (Client, requests_class("socketio.client", "Client")):
        return None
    return current
