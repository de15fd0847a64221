"""The server itself: its public settings and its figures."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def get_config(client: KitsuClient = default) -> dict:
    """
    Get what the server tells everybody about its settings. This needs no
    login.

    Returns:
        ServerConfig: The settings.

    Not in upstream.

    Route: ``GET config``
    """
    return run(client, _core.server.get_config())


def get_stats(client: KitsuClient = default) -> dict:
    """
    Count the previews and comments on the server.

    Returns:
        ServerStats: The numbers.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET stats``
    """
    return run(client, _core.server.get_stats())


def get_event_names(client: KitsuClient = default) -> list[str]:
    """
    List the names of the events in the server's list of events.

    Returns:
        list[str]: The names, sorted. The server keeps the list for an hour.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.

    Not in upstream.

    Route: ``GET data/events/names``
    """
    return run(client, _core.server.get_event_names())
