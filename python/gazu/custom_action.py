"""
Custom actions: entries in Kitsu's menus that send a selection to a URL.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_custom_actions(client: KitsuClient = default) -> list[dict]:
    """
    List the custom actions.

    Returns:
        list[CustomAction]: The custom actions, sorted by name.

    Not in upstream.

    Route: ``GET data/custom-actions``
    """
    return run(client, _core.custom_action.all_custom_actions())


def get_custom_action(
    custom_action_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a custom action by its id.

    Args:
        custom_action_id: The custom action's id.

    Returns:
        CustomAction: The custom action.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no custom action has this id.

    Not in upstream.

    Route: ``GET data/custom-actions/{custom_action_id}``
    """
    return run(client, _core.custom_action.get_custom_action(custom_action_id))


def new_custom_action(
    name: str,
    url: str,
    entity_type: str = "all",
    is_ajax: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create a custom action.

    Args:
        name: The text of the menu's entry.
        url: The URL that receives the selection.
        entity_type: Where the action is shown: ``"asset"``, ``"shot"``,
            ``"edit"`` or ``"all"``.
        is_ajax: Send the selection in the background, instead of opening the
            URL in a new tab.

    Returns:
        CustomAction: The new custom action.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/custom-actions``
    """
    return run(
        client,
        _core.custom_action.new_custom_action(name, url, entity_type, is_ajax),
    )


def update_custom_action(
    custom_action: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a custom action.

    Args:
        custom_action: Its ``"id"`` and the fields to set.

    Returns:
        CustomAction: The updated custom action.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/custom-actions/{custom_action}``
    """
    return run(client, _core.custom_action.update_custom_action(custom_action))


def remove_custom_action(
    custom_action: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a custom action.

    Args:
        custom_action: The custom action (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/custom-actions/{custom_action}``
    """
    return run(client, _core.custom_action.remove_custom_action(custom_action))
