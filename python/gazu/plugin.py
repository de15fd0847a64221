"""
Plugins: extensions of the server.

They are installed on the server itself.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_plugins(client: KitsuClient = default) -> list[dict]:
    """
    List the installed plugins.

    Returns:
        list[Plugin]: The plugins, sorted by name.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/plugins``
    """
    return run(client, _core.plugin.all_plugins())


def get_plugin(plugin_id: str, client: KitsuClient = default) -> dict:
    """
    Get a plugin by its id.

    Args:
        plugin_id: The id of the plugin's record: its ``"id"``, not its
            ``"plugin_id"``.

    Returns:
        Plugin: The plugin.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no plugin has this id.

    Not in upstream.

    Route: ``GET data/plugins/{plugin_id}``
    """
    return run(client, _core.plugin.get_plugin(plugin_id))


def update_plugin(plugin: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a plugin.

    Args:
        plugin: Its ``"id"`` and the fields to set.

    Returns:
        Plugin: The updated plugin.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/plugins/{plugin}``
    """
    return run(client, _core.plugin.update_plugin(plugin))


def remove_plugin(plugin: str | dict, client: KitsuClient = default) -> str:
    """
    Remove the record of a plugin. This does not uninstall it from the server.

    Args:
        plugin: The plugin (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/plugins/{plugin}``
    """
    return run(client, _core.plugin.remove_plugin(plugin))
