"""``gazu.entity``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
ENTITY = "a24a6ea4-ce75-4665-a070-57453082c201"


def test_types_are_sorted_and_entities_are_not(server, default):
    """Types are sorted by name; entities keep the order of the server."""
    models = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]
    server.on("GET", "data/entity-types", models)
    server.on("GET", "data/entities", models)
    types = gazu.entity.all_entity_types()
    assert [model["id"] for model in types] == ["1", "2"]
    assert gazu.entity.all_entities() == models


def test_an_entity_is_found_in_all_projects_or_one(server, default):
    server.on("GET", "data/entities", [{"id": "1"}, {"id": "2"}])
    assert gazu.entity.get_entity_by_name("Lama & co") == {"id": "1"}
    assert server.last.params == [("name", "Lama & co")]
    gazu.entity.get_entity_by_name("Lama", {"id": PROJECT})
    assert server.last.params == [("name", "Lama"), ("project_id", PROJECT)]
    server.on("GET", "data/entities", [])
    assert gazu.entity.get_entity_by_name("Lama") is None


class TestGuessFromPath:
    ROUTE = "data/entities/guess_from_path"

    def test_the_path_is_sent_as_given(self, server, default):
        path = "\\\\nas\\Projet é\\lama"
        gazu.entity.guess_from_path(PROJECT, path, "\\")
        assert server.last.json() == {
            "project_id": PROJECT,
            "file_path": path,
            "sep": "\\",
        }

    def test_it_is_cached_although_it_posts(self, server, default):
        gazu.cache.enable()
        server.on("POST", self.ROUTE, [{"Asset": "1"}])
        for _ in range(2):
            found = gazu.entity.guess_from_path(PROJECT, "/a")
            assert found == [{"Asset": "1"}]
            found.clear()
        gazu.entity.guess_from_path(PROJECT, "/b")
        assert len(server.requests) == 2


class TestRemoveEntities:
    def test_all_are_removed_in_one_request(self, server, default):
        other = ENTITY[:-1] + "2"
        entities = [{"id": other, "name": "b"}, ENTITY]
        route = "actions/projects/%s/delete-entities" % PROJECT
        server.on("POST", route, [other, ENTITY])
        removed = gazu.entity.remove_entities(PROJECT, entities)
        assert removed == [other, ENTITY]
        assert server.last.json() == [other, ENTITY]
        assert len(server.requests) == 1
        assert entities == [{"id": other, "name": "b"}, ENTITY]

    def test_an_invalid_entity_raises(self, server, default):
        with pytest.raises(ValueError):
            gazu.entity.remove_entities(PROJECT, [ENTITY, "Lama"])
        assert server.requests == []


@pytest.mark.parametrize("force, query", [(False, ""), (True, "force=True")])
def test_force_is_sent_when_true(server, default, force, query):
    gazu.entity.remove_entity(ENTITY, force)
    assert (server.last.method, server.last.query) == ("DELETE", query)
