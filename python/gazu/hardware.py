"""
Hardware items: the machines that a studio owns.

`gazu.department` says who uses them.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_hardware_items(client: KitsuClient = default) -> list[dict]:
    """
    List the hardware items.

    Returns:
        list[HardwareItem]: The hardware items, sorted by name.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/hardware-items``
    """
    return run(client, _core.hardware.all_hardware_items())


def get_hardware_item(
    hardware_item_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a hardware item by its id.

    Args:
        hardware_item_id: The hardware item's id.

    Returns:
        HardwareItem: The hardware item.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no hardware item has this id.

    Not in upstream.

    Route: ``GET data/hardware-items/{hardware_item_id}``
    """
    return run(client, _core.hardware.get_hardware_item(hardware_item_id))


def new_hardware_item(
    name: str,
    short_name: str,
    monthly_cost: int = 0,
    inventory_amount: int = 0,
    client: KitsuClient = default,
) -> dict:
    """
    Create a hardware item.

    Args:
        name: The name, which no other hardware item has.
        short_name: A short name, of 20 characters at most.
        monthly_cost: The cost for a month.
        inventory_amount: How many of them there are.

    Returns:
        HardwareItem: The new hardware item.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a hardware item has this name.

    Not in upstream.

    Route: ``POST data/hardware-items``
    """
    return run(
        client,
        _core.hardware.new_hardware_item(
            name, short_name, monthly_cost, inventory_amount
        ),
    )


def update_hardware_item(
    hardware_item: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a hardware item.

    Args:
        hardware_item: Its ``"id"`` and the fields to set.

    Returns:
        HardwareItem: The updated hardware item.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/hardware-items/{hardware_item}``
    """
    return run(client, _core.hardware.update_hardware_item(hardware_item))


def remove_hardware_item(
    hardware_item: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a hardware item.

    Args:
        hardware_item: The hardware item (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a department uses it.

    Not in upstream.

    Route: ``DELETE data/hardware-items/{hardware_item}``
    """
    return run(client, _core.hardware.remove_hardware_item(hardware_item))
