"""
The fixtures of gazu.testing, for pytest.

Beside the package and not in it: pytest imports this in every run, also in those
that have nothing to do with gazu, and only a fixture imports gazu.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Iterator

import pytest

if TYPE_CHECKING:
    from gazu.testing import KitsuServer


@pytest.fixture
def kitsu_server() -> Iterator[KitsuServer]:
    """A fresh Kitsu server in memory, a ``gazu.testing.KitsuServer``."""
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
    """The same, with gazu's default client logged in as the administrator."""
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
