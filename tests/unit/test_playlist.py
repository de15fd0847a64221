"""``gazu.playlist``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
PLAYLIST = "a24a6ea4-ce75-4665-a070-57453082c201"
SHOT = "a24a6ea4-ce75-4665-a070-57453082c202"
OTHER_SHOT = "a24a6ea4-ce75-4665-a070-57453082c203"
PREVIEW = "a24a6ea4-ce75-4665-a070-57453082c204"
EPISODE = "a24a6ea4-ce75-4665-a070-57453082c205"


def entry(shot, preview=None):
    return {"entity_id": shot, "preview_file_id": preview}


class TestOrder:
    def test_playlists_are_sorted_by_name(self, server, default):
        server.on(
            "GET",
            "data/playlists",
            [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
        )
        found = gazu.playlist.all_playlists()
        assert [playlist["id"] for playlist in found] == ["1", "2"]

    def test_entries_keep_their_order(self, server, default):
        shots = [entry("2"), entry("1"), entry("3")]
        server.on("GET", "data/playlists/" + PLAYLIST, {"shots": shots})
        assert gazu.playlist.all_shots_for_playlist(PLAYLIST) == shots


class TestEpisodes:
    PATH = "/api/data/projects/%s/episodes/%s/playlists" % (PROJECT, EPISODE)

    def test_an_episode_with_its_project_needs_no_request(
        self, server, default
    ):
        server.on("GET", self.PATH, [])
        gazu.playlist.all_playlists_for_episode(
            {"id": EPISODE, "project_id": PROJECT}
        )
        assert server.lines == [("GET", self.PATH)]

    def test_an_episode_as_id_is_read_first(self, server, default):
        server.on(
            "GET",
            "data/episodes/" + EPISODE,
            {"id": EPISODE, "project_id": PROJECT},
        )
        server.on("GET", self.PATH, [])
        gazu.playlist.all_playlists_for_episode(EPISODE)
        assert len(server.requests) == 2


class TestNewPlaylist:
    def test_an_existing_playlist_is_returned(self, server, default):
        server.on("GET", "data/playlists", [{"id": PLAYLIST}])
        assert gazu.playlist.new_playlist(PROJECT, "Dailies") == {
            "id": PLAYLIST
        }
        assert [method for method, _ in server.lines] == ["GET"]

    def test_a_missing_playlist_is_created(self, server, default):
        server.on("GET", "data/playlists", [])
        gazu.playlist.new_playlist(PROJECT, "Dailies", {"id": EPISODE})
        assert [method for method, _ in server.lines] == ["GET", "POST"]
        assert server.last.json()["episode_id"] == EPISODE

    def test_an_episode_without_an_id_raises(self, server, default):
        with pytest.raises(KeyError):
            gazu.playlist.new_playlist(PROJECT, "Dailies", {"name": "E01"})
        assert server.requests == []


class TestAddingAnEntity:
    def test_the_newest_preview_is_added(self, server, default):
        """It is the last revision of the task type with the newest preview."""
        server.on(
            "GET",
            "data/playlists/entities/%s/preview-files" % SHOT,
            {
                "layout": [
                    {"id": OTHER_SHOT, "created_at": "2026-01-01T00:00:00"}
                ],
                "anim": [
                    {"id": PREVIEW, "created_at": "2026-03-01T00:00:00"},
                    {"id": SHOT, "created_at": "2026-04-01T00:00:00"},
                ],
                "light": [],
            },
        )
        playlist = {"id": PLAYLIST, "shots": [entry(OTHER_SHOT)]}
        gazu.playlist.add_entity_to_playlist(playlist, SHOT)
        assert server.last.json() == entry(SHOT, PREVIEW)
        assert len(server.requests) == 2

    def test_a_given_preview_is_added(self, server, default):
        gazu.playlist.add_entity_to_playlist({"id": PLAYLIST}, SHOT, PREVIEW)
        assert [method for method, _ in server.lines] == ["POST"]
        assert server.last.json() == entry(SHOT, PREVIEW)

    @pytest.mark.parametrize("shots", [[], None, [entry(OTHER_SHOT)]])
    def test_without_persist_a_copy_is_returned(self, server, default, shots):
        """Nothing is sent, and the result has the new entry."""
        playlist = {"id": PLAYLIST, "shots": shots}
        longer = gazu.playlist.add_entity_to_playlist(
            playlist, {"id": SHOT}, PREVIEW, persist=False
        )
        assert longer == {
            "id": PLAYLIST,
            "shots": [*(shots or []), entry(SHOT, PREVIEW)],
        }
        assert server.requests == []

    def test_the_copy_may_be_changed(self, server, default):
        playlist = {"id": PLAYLIST, "shots": [entry(OTHER_SHOT)]}
        longer = gazu.playlist.add_entity_to_playlist(
            playlist, SHOT, PREVIEW, persist=False
        )
        assert longer is not playlist
        assert playlist["shots"] == [entry(OTHER_SHOT)]


class TestInPlace:
    """These functions change the given playlist, and return it."""

    def test_an_entity_is_removed(self, server, default):
        playlist = {
            "id": PLAYLIST,
            "shots": [entry(SHOT), entry(OTHER_SHOT), entry(SHOT)],
        }
        found = gazu.playlist.remove_entity_from_playlist(playlist, SHOT)
        assert found is playlist
        assert playlist["shots"] == [entry(OTHER_SHOT)]
        assert [method for method, _ in server.lines] == ["PUT"]
        assert server.last.json()["shots"] == [entry(OTHER_SHOT)]

    def test_a_preview_is_replaced(self, server, default):
        playlist = {
            "id": PLAYLIST,
            "shots": [entry(SHOT), entry(OTHER_SHOT), entry(SHOT)],
        }
        found = gazu.playlist.update_entity_preview(
            playlist, SHOT, {"id": PREVIEW}
        )
        assert found is playlist
        assert [one["preview_file_id"] for one in playlist["shots"]] == [
            PREVIEW,
            None,
            PREVIEW,
        ]
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda playlist: gazu.playlist.remove_entity_from_playlist(
                playlist, SHOT, persist=False
            ),
            lambda playlist: gazu.playlist.update_entity_preview(
                playlist, SHOT, PREVIEW, persist=False
            ),
        ],
        ids=["remove", "preview"],
    )
    def test_without_persist_nothing_is_sent(self, server, default, change):
        playlist = {"id": PLAYLIST, "shots": [entry(SHOT)]}
        assert change(playlist) is playlist
        assert playlist["shots"] != [entry(SHOT)]
        assert server.requests == []

    def test_patched_functions_are_called(self, server, default, monkeypatch):
        saved = []
        monkeypatch.setattr(
            gazu.playlist,
            "update_playlist",
            lambda playlist, client: saved.append(playlist),
        )
        playlist = {"id": PLAYLIST, "shots": [entry(SHOT)]}
        gazu.playlist.remove_entity_from_playlist(playlist, SHOT)
        assert saved == [playlist]
        assert server.requests == []
