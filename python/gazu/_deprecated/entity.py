"""Old names of ``gazu.entity``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .._engine.dispatch import run
from ..cache import cache
from . import by_name, deprecated


@deprecated("gazu.entity.all_entity_types")
@cache
def get_entity_types() -> list[dict]:
    """
    Return the types of entities, in the server's order.

    Route: ``GET data/entity-types``
    """
    return run(raw.default_client, _core.old_names.get_entity_types())


NAMES = by_name(get_entity_types)
VALUES: tuple[str, ...] = ()
