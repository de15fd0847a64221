"""``gazu.search``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
FOUND = {"assets": [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]}


def test_results_keep_the_order_of_the_server(server, default):
    server.on("POST", "data/search", FOUND)
    assert gazu.search.search_entities("lama") == FOUND


def test_omitted_arguments_are_not_sent(server, default):
    gazu.search.search_entities("é \"'")
    assert server.last.json() == {"query": "é \"'"}


def test_results_are_not_cached(server, default):
    """A second search finds what was created meanwhile."""
    gazu.cache.enable()
    server.on("POST", "data/search", {"assets": []}, FOUND)
    assert gazu.search.search_entities("lama") == {"assets": []}
    assert gazu.search.search_entities("lama") == FOUND


@pytest.mark.parametrize(
    "arguments, error",
    [
        ({"project": "Caminandes"}, ValueError),
        ({"project": {"name": "Caminandes"}}, KeyError),
    ],
    ids=["name", "dict"],
)
def test_invalid_arguments_raise(server, default, arguments, error):
    with pytest.raises(error):
        gazu.search.search_entities("lama", **arguments)
    assert server.requests == []
