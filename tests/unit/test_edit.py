"""``gazu.edit``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
EDIT = "a24a6ea4-ce75-4665-a070-57453082c201"
EPISODE = "a24a6ea4-ce75-4665-a070-57453082c202"


def test_edits_are_sorted_by_name(server, default):
    server.on(
        "GET",
        "data/projects/%s/edits" % PROJECT,
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.edit.all_edits_for_project(PROJECT)
    assert [edit["id"] for edit in found] == ["1", "2"]


@pytest.mark.parametrize(
    "episode, page",
    [(None, ""), (EPISODE, "/episodes/" + EPISODE)],
    ids=["project", "episode"],
)
def test_the_url_has_the_episode(server, default, episode, page):
    server.on(
        "GET",
        "data/edits/" + EDIT,
        {"id": EDIT, "project_id": PROJECT, "episode_id": episode},
    )
    assert gazu.edit.get_edit_url({"id": EDIT}) == (
        "%s/productions/%s%s/edits/%s/" % (server.url, PROJECT, page, EDIT)
    )


class TestNewEdit:
    def test_an_existing_edit_is_returned(self, server, default):
        found = {"id": EDIT, "name": "Cut"}
        server.on("GET", "data/edits/all", [found])
        assert gazu.edit.new_edit(PROJECT, "Cut") == found
        assert [method for method, _ in server.lines] == ["GET"]

    def test_a_missing_edit_is_created(self, server, default):
        server.on("GET", "data/edits/all", [])
        gazu.edit.new_edit(PROJECT, "Cut", data={"a": 1}, episode=EPISODE)
        assert [method for method, _ in server.lines] == ["GET", "POST"]
        body = server.last.json()
        assert (body["data"], body["parent_id"]) == ({"a": 1}, EPISODE)

    def test_an_episode_without_an_id_raises(self, server, default):
        with pytest.raises(KeyError):
            gazu.edit.new_edit(PROJECT, "Cut", episode={"name": "E01"})
        assert server.requests == []


class TestUpdateOfData:
    def test_existing_data_is_kept(self, server, default):
        server.on(
            "GET", "data/edits/" + EDIT, {"id": EDIT, "data": {"a": 1, "b": 1}}
        )
        data = {"b": 2}
        gazu.edit.update_edit_data({"id": EDIT, "data": {"c": 3}}, data)
        assert server.last.json() == {"id": EDIT, "data": {"a": 1, "b": 2}}
        assert data == {"b": 2}

    def test_no_data_and_no_change_is_allowed(self, server, default):
        server.on("GET", "data/edits/" + EDIT, {"id": EDIT, "data": None})
        gazu.edit.update_edit_data(EDIT)
        assert server.last.json() == {"id": EDIT, "data": {}}

    def test_the_data_is_not_read_from_the_cache(self, server, default):
        gazu.cache.enable()
        server.on(
            "GET",
            "data/edits/" + EDIT,
            {"id": EDIT, "data": {}},
            {"id": EDIT, "data": {"theirs": 1}},
        )
        gazu.edit.get_edit(EDIT)
        gazu.edit.update_edit_data(EDIT, {"mine": 2})
        assert server.last.json()["data"] == {"theirs": 1, "mine": 2}

    def test_patched_functions_are_called(self, server, default, monkeypatch):
        monkeypatch.setattr(
            gazu.edit, "update_edit", lambda edit, client: (edit, client)
        )
        server.on("GET", "data/edits/" + EDIT, {"id": EDIT, "data": {}})
        assert gazu.edit.update_edit_data(EDIT, {"a": 1}) == (
            {"id": EDIT, "data": {"a": 1}},
            default,
        )
        assert [method for method, _ in server.lines] == ["GET"]
