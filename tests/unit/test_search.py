"""``gazu.search``: what a comparison of single requests does not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
FOUND = {"assets": [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]}


def test_the_ranking_is_the_servers(server, default):
    server.on("POST", "data/search", FOUND)
    assert gazu.search.search_entities("lama") == FOUND


def test_what_is_not_given_is_not_sent(server, default):
    gazu.search.search_entities("é \"'")
    assert server.last.json() == {"query": "é \"'"}


def test_a_new_answer_each_time(server, default):
    """It is not cached, so that what was made meanwhile is found."""
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
def test_bad_input(server, default, arguments, error):
    with pytest.raises(error):
        gazu.search.search_entities("lama", **arguments)
    assert server.requests == []
