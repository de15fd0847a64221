"""Full-text search over the entities of a studio."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient
from .helpers import normalize_model_parameter  # noqa: F401

default = raw.default_client


def search_entities(
    query: str,
    project: str | dict | None = None,
    entity_types: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> dict[str, list]:
    """
    Find persons, assets, shots and other entities whose text matches a query.

    Args:
        query: The text to look for.
        project: Search only this project (dict or id); in every project that
            the user may see when omitted.
        entity_types: Only entities of these types (dicts or ids).

    Returns:
        dict[str, list[Any]]: One list of entities for each kind found
            (``"persons"``, ``"assets"``, ``"shots"``, ...), best match first.

    Raises:
        ServerErrorException: the server has no search index.

    Route: ``POST data/search``
    """
    return run(
        client, _core.search.search_entities(query, project, entity_types)
    )
