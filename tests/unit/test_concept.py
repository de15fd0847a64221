"""``gazu.concept``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
CONCEPT = "a24a6ea4-ce75-4665-a070-57453082c201"
ASSET = "a24a6ea4-ce75-4665-a070-57453082c202"


def test_concepts_are_sorted_by_name(server, default):
    concepts = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]
    server.on("GET", "data/concepts", concepts)
    server.on("GET", "data/projects/%s/concepts" % PROJECT, concepts)
    for found in (
        gazu.concept.all_concepts(),
        gazu.concept.all_concepts_for_project(PROJECT),
    ):
        assert [concept["id"] for concept in found] == ["1", "2"]


class TestNewConcept:
    def test_an_existing_concept_is_returned(self, server, default):
        found = {"id": CONCEPT, "name": "Mood"}
        server.on("GET", "data/concepts", [found, {"id": ASSET}])
        assert gazu.concept.new_concept(PROJECT, "Mood") == found
        assert [method for method, _ in server.lines] == ["GET"]

    def test_a_missing_concept_is_created(self, server, default):
        server.on("GET", "data/concepts", [])
        links = [{"id": ASSET, "name": "Lama"}, CONCEPT]
        data = {"a": 1}
        gazu.concept.new_concept(
            PROJECT, "Mood", data=data, entity_concept_links=links
        )
        assert [method for method, _ in server.lines] == ["GET", "POST"]
        assert server.last.json()["entity_concept_links"] == [ASSET, CONCEPT]
        assert links == [{"id": ASSET, "name": "Lama"}, CONCEPT]
        assert data == {"a": 1}

    @pytest.mark.parametrize(
        "project, links, error",
        [
            ("Caminandes", None, ValueError),
            ({"name": "Caminandes"}, None, KeyError),
            (PROJECT, [{"name": "Lama"}], KeyError),
        ],
        ids=["project", "project dict", "link"],
    )
    def test_invalid_arguments_raise(
        self, server, default, project, links, error
    ):
        """They raise before the first of the two requests."""
        with pytest.raises(error):
            gazu.concept.new_concept(
                project, "Mood", entity_concept_links=links
            )
        assert server.requests == []

    def test_patched_functions_are_called(self, server, default, monkeypatch):
        monkeypatch.setattr(
            gazu.concept, "get_concept_by_name", lambda *_, **__: "found"
        )
        assert gazu.concept.new_concept(PROJECT, "Mood") == "found"
        assert server.requests == []


def test_a_concept_is_cached_until_it_is_cleared(server, default):
    gazu.cache.enable()
    server.on("GET", "data/concepts/" + CONCEPT, {"id": CONCEPT})
    for _ in range(2):
        gazu.concept.get_concept(CONCEPT)["name"] = "changed by the caller"
    assert gazu.concept.get_concept(CONCEPT) == {"id": CONCEPT}
    assert len(server.requests) == 1
    gazu.concept.get_concept.clear_cache()
    gazu.concept.get_concept(CONCEPT)
    assert len(server.requests) == 2
