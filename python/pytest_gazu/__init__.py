"""
The pytest fixtures of gazu.testing.

This is a package of its own because pytest imports it in every run, including runs
that have nothing to do with gazu. Only the fixtures import gazu.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Iterator

import pytest

if TYPE_CHECKING:
    from gazu.testing import KitsuServer


@pytest.fixture
def kitsu_server() -> Iterator[KitsuServer]:
    """A new in-memory Kitsu server, a ``gazu.testing.KitsuServer``."""
    from gazu.testing import KitsuServer

    with KitsuServer() as server:
        yield server
    if server.unknown:
        warnings.warn(
            "the code under test used routes that gazu.testing does not know: "
            + ", ".join(server.unknown),
            stacklevel=1,
        )


@pytest.fixture
def kitsu(kitsu_server: KitsuServer) -> Iterator[KitsuServer]:
    """A ``kitsu_server`` to which gazu's default client is logged in as administrator."""
    import gazu

    client = gazu.client.default_client
    names = ("host", "event_host", "tokens", "use_refresh_token")
    before = {name: getattr(client, name) for name in names}
    client.host = client.event_host = kitsu_server.host
    person = kitsu_server.store.first("persons", email=kitsu_server.email)
    client.tokens = kitsu_server.make_tokens(person["id"])
    client.use_refresh_token = True
    gazu.cache.clear_all()
    yield kitsu_server
    for name, value in before.items():
        setattr(client, name, value)
    gazu.cache.clear_all()
