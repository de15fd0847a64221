"""``gazu.casting``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
SHOT = "a24a6ea4-ce75-4665-a070-57453082c201"
ASSET = "a24a6ea4-ce75-4665-a070-57453082c202"


def test_the_casting_is_sent_as_given(server, default):
    casting = [{"asset_id": ASSET, "nb_occurences": 2, "label": "é"}, {}]
    before = [dict(entry) for entry in casting]
    gazu.casting.update_shot_casting(PROJECT, SHOT, casting)
    assert server.last.json() == before
    assert casting == before


@pytest.mark.parametrize("name", ["update_shot_casting", "cast_asset"])
def test_an_invalid_entity_raises(server, default, name):
    with pytest.raises(ValueError):
        getattr(gazu.casting, name)(PROJECT, ["Lama"], "Lama")
    assert server.requests == []


def test_entities_may_be_dicts_and_ids(server, default):
    gazu.casting.cast_asset(PROJECT, [{"id": SHOT, "name": "S"}, SHOT], ASSET)
    assert server.last.json()["entity_ids"] == [SHOT, SHOT]


def test_uncasting_casts_an_asset_zero_times(server, default, monkeypatch):
    gazu.casting.uncast_asset(PROJECT, [SHOT], ASSET)
    assert server.last.json() == {"entity_ids": [SHOT], "nb_occurences": 0}
    monkeypatch.setattr(
        gazu.casting, "cast_asset", lambda *args, **kwargs: (args, kwargs)
    )
    args, kwargs = gazu.casting.uncast_asset(PROJECT, [SHOT], ASSET)
    assert args == (PROJECT, [SHOT], ASSET)
    assert kwargs == {"nb_occurences": 0, "client": default}


@pytest.mark.parametrize(
    "name", ["get_sequence_casting", "get_shot_casting", "get_asset_casting"]
)
def test_reading_a_casting_needs_the_project(server, default, name):
    with pytest.raises(KeyError, match="project_id"):
        getattr(gazu.casting, name)({"id": SHOT})
    assert server.requests == []


def test_links_are_not_sorted(server, default):
    links = [{"id": "2", "name": "b"}, {"id": "1", "name": "a"}]
    path = "data/projects/%s/entity-links" % PROJECT
    server.on("GET", path, links)
    assert gazu.casting.all_entity_links_for_project(PROJECT) == links
    gazu.casting.all_entity_links_for_project(PROJECT, limit=5)
    assert server.last.query == ""
    gazu.casting.all_entity_links_for_project(PROJECT, page=2, limit=5)
    assert server.last.query == "page=2&limit=5"


class TestDeletingALink:
    def test_the_removed_link_is_returned(self, server, default):
        link = {"id": SHOT, "nb_occurences": 1}
        assert gazu.casting.delete_entity_link(link) is link
        assert gazu.casting.delete_entity_link(SHOT) == {"id": SHOT}
        assert [method for method, _ in server.lines] == ["DELETE"] * 2

    def test_a_failure_raises(self, server, default):
        server.on(
            "DELETE", "data/entity-links/" + SHOT, Answer({}, status=403)
        )
        with pytest.raises(gazu.exception.NotAllowedException):
            gazu.casting.delete_entity_link(SHOT)
