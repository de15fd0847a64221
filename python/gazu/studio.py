"""The studios that people belong to."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter  # noqa: F401
from .sorting import sort_by_name  # noqa: F401

default = raw.default_client


@cache
def all_studios(client: KitsuClient = default) -> list[dict]:
    """
    List every studio.

    Returns:
        list[Studio]: The studios, sorted by name.

    Route: ``GET data/studios``
    """
    return run(client, _core.studio.all_studios())


@cache
def get_studio(studio_id: str, client: KitsuClient = default) -> dict:
    """
    Get a studio by its id.

    Args:
        studio_id: The studio's id.

    Returns:
        Studio: The studio.

    Raises:
        RouteNotFoundException: no studio has this id.

    Route: ``GET data/studios/{studio_id}``
    """
    return run(client, _core.studio.get_studio(studio_id))


@cache
def get_studio_by_name(
    studio_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a studio by its name.

    Args:
        studio_name: The studio's full name.

    Returns:
        Studio | None: The studio, or ``None`` when no studio has this name.

    Route: ``GET data/studios?name={studio_name}``
    """
    return run(client, _core.studio.get_studio_by_name(studio_name))


def update_studio(studio: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a studio.

    Args:
        studio: Its ``"id"`` and the fields to set.

    Returns:
        Studio: The updated studio.

    Route: ``PUT data/studios/{studio}``
    """
    return run(client, _core.studio.update_studio(studio))


def remove_studio(
    studio: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove a studio.

    Args:
        studio: The studio (dict or id).
        force: Remove it even if other data refer to it.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/studios/{studio}``
    """
    return run(client, _core.studio.remove_studio(studio, force))


def new_studio(
    name: str,
    color: str,
    archived: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create a studio.

    Args:
        name: The name, which no other studio has.
        color: The color, such as ``"#22d160"``.
        archived: Whether it is archived.

    Returns:
        Studio: The new studio.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/studios``
    """
    return run(client, _core.studio.new_studio(name, color, archived))
