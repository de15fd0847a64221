"""Old names of ``gazu.playlist``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .._engine.dispatch import run
from ..cache import cache
from ..client import KitsuClient
from . import by_name, deprecated

default = raw.default_client


@deprecated("gazu.playlist.get_entity_preview_files")
@cache
def get_entity_previews(
    playlist: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    Return the previews of a playlist's entities.

    Route: ``GET data/playlists/{playlist}/entity-previews``
    """
    return run(client, _core.old_names.get_entity_previews(playlist))


NAMES = by_name(get_entity_previews)
VALUES: tuple[str, ...] = ()
