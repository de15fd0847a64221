"""``gazu.shot``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
SHOT = "a24a6ea4-ce75-4665-a070-57453082c201"
SEQUENCE = "a24a6ea4-ce75-4665-a070-57453082c202"
EPISODE = "a24a6ea4-ce75-4665-a070-57453082c203"


@pytest.mark.parametrize(
    "path, read",
    [
        (
            "data/projects/%s/shots" % PROJECT,
            lambda: gazu.shot.all_shots_for_project(PROJECT),
        ),
        (
            "data/sequences/%s/shots" % SEQUENCE,
            lambda: gazu.shot.all_shots_for_sequence(SEQUENCE),
        ),
        (
            "data/projects/%s/episodes" % PROJECT,
            lambda: gazu.shot.all_episodes_for_project(PROJECT),
        ),
    ],
    ids=["shots of a project", "shots of a sequence", "episodes"],
)
def test_lists_are_sorted_by_name(server, default, path, read):
    """Names are compared as text, so that SH100 comes before SH20."""
    names = ("SH20", "sh010", "SH100")
    server.on("GET", path, [{"id": name, "name": name} for name in names])
    assert [shot["name"] for shot in read()] == ["sh010", "SH100", "SH20"]


class TestParents:
    def test_a_missing_episode_is_none(self, server, default):
        sequence = {"id": SEQUENCE, "parent_id": None}
        assert gazu.shot.get_episode_from_sequence(sequence) is None
        assert server.requests == []

    def test_an_episode_is_read(self, server, default):
        server.on("GET", "data/episodes/" + EPISODE, {"id": EPISODE})
        sequence = {"id": SEQUENCE, "parent_id": EPISODE}
        found = gazu.shot.get_episode_from_sequence(sequence)
        assert found == {"id": EPISODE}

    @pytest.mark.parametrize(
        "shot, requests",
        [
            (SHOT, 2),
            ({"id": SHOT}, 2),
            ({"id": SHOT, "parent_id": SEQUENCE}, 1),
        ],
        ids=["id", "dict", "dict with its sequence"],
    )
    def test_a_sequence_is_read(self, server, default, shot, requests):
        server.on("GET", "data/shots/" + SHOT, {"parent_id": SEQUENCE})
        server.on("GET", "data/sequences/" + SEQUENCE, {"id": SEQUENCE})
        assert gazu.shot.get_sequence_from_shot(shot) == {"id": SEQUENCE}
        assert len(server.requests) == requests

    def test_a_sequence_of_an_episode_is_read(self, server, default):
        """It is read from the episode, but the project must be valid, too."""
        server.on("GET", "data/sequences", [])
        gazu.shot.get_sequence_by_name(PROJECT, "SQ01", episode=EPISODE)
        assert server.last.params == [
            ("episode_id", EPISODE),
            ("name", "SQ01"),
        ]


class TestURLs:
    @pytest.mark.parametrize(
        "name", ["get_all_episodes_url", "get_all_sequences_url"]
    )
    def test_urls_of_lists_need_no_request(self, server, default, name):
        found = getattr(gazu.shot, name)({"id": PROJECT})
        kind = name.split("_")[2]
        assert found == "%s/productions/%s/%s/" % (server.url, PROJECT, kind)
        assert server.requests == []

    @pytest.mark.parametrize(
        "episode, page", [(None, ""), (EPISODE, "/episodes/" + EPISODE)]
    )
    def test_the_url_of_a_shot_has_the_episode(
        self, server, default, episode, page
    ):
        server.on(
            "GET",
            "data/shots/" + SHOT,
            {"id": SHOT, "project_id": PROJECT, "episode_id": episode},
        )
        assert gazu.shot.get_shot_url(SHOT) == (
            "%s/productions/%s%s/shots/%s/" % (server.url, PROJECT, page, SHOT)
        )
        assert len(server.requests) == 1


class TestNewShot:
    def test_an_existing_shot_is_returned(self, server, default):
        server.on("GET", "data/shots/all", [{"id": SHOT}])
        data = {"fps": 24}
        found = gazu.shot.new_shot(
            PROJECT, SEQUENCE, "SH01", frame_in=1, data=data
        )
        assert found == {"id": SHOT}
        assert [method for method, _ in server.lines] == ["GET"]
        assert data == {"fps": 24}

    def test_frames_are_in_the_data(self, server, default):
        server.on("GET", "data/shots/all", [])
        data = {"fps": 24, "frame_in": 5}
        gazu.shot.new_shot(
            PROJECT, SEQUENCE, "SH01", frame_in=0, frame_out=9, data=data
        )
        assert server.last.json()["data"] == {
            "fps": 24,
            "frame_in": 0,
            "frame_out": 9,
        }

    def test_the_callers_data_is_not_changed(self, server, default):
        server.on("GET", "data/shots/all", [])
        data = {"fps": 24}
        gazu.shot.new_shot(PROJECT, SEQUENCE, "SH01", frame_in=1, data=data)
        assert data == {"fps": 24}

    def test_invalid_arguments_raise(self, server, default):
        with pytest.raises(ValueError):
            gazu.shot.new_shot(PROJECT, "SQ01", "SH01")
        assert server.requests == []


@pytest.mark.parametrize(
    "route, make",
    [
        ("sequences", lambda: gazu.shot.new_sequence(PROJECT, "SQ01")),
        ("episodes", lambda: gazu.shot.new_episode(PROJECT, "E01")),
    ],
    ids=["sequence", "episode"],
)
def test_an_existing_sequence_or_episode_is_returned(
    server, default, route, make
):
    server.on("GET", "data/" + route, [{"id": SHOT}], [])
    server.on("POST", "data/projects/%s/%s" % (PROJECT, route), {"id": "new"})
    assert make() == {"id": SHOT}
    assert make() == {"id": "new"}
    assert [method for method, _ in server.lines] == ["GET", "GET", "POST"]


class TestUpdateOfData:
    KINDS = pytest.mark.parametrize("kind", ["shot", "sequence", "episode"])

    @KINDS
    def test_existing_data_is_kept(self, server, default, kind):
        path = "data/%ss/%s" % (kind, SHOT)
        server.on("GET", path, {"id": SHOT, "data": {"a": 1, "b": 1}})
        data = {"b": 2}
        getattr(gazu.shot, "update_%s_data" % kind)(SHOT, data)
        assert server.last.json() == {"id": SHOT, "data": {"a": 1, "b": 2}}
        assert data == {"b": 2}

    @KINDS
    def test_missing_data_is_created(self, server, default, kind):
        server.on(
            "GET", "data/%ss/%s" % (kind, SHOT), {"id": SHOT, "data": None}
        )
        getattr(gazu.shot, "update_%s_data" % kind)({"id": SHOT})
        assert server.last.json() == {"id": SHOT, "data": {}}

    @KINDS
    def test_patched_functions_are_called(
        self, server, default, monkeypatch, kind
    ):
        monkeypatch.setattr(
            gazu.shot,
            "get_" + kind,
            with_clear_cache(lambda *_, **__: {"id": SHOT, "data": {"a": 1}}),
        )
        monkeypatch.setattr(
            gazu.shot, "update_" + kind, lambda model, client: model
        )
        updated = getattr(gazu.shot, "update_%s_data" % kind)(SHOT, {"b": 2})
        assert updated == {"id": SHOT, "data": {"a": 1, "b": 2}}
        assert server.requests == []

    def test_the_data_is_not_read_from_the_cache(self, server, default):
        gazu.cache.enable()
        server.on(
            "GET",
            "data/shots/" + SHOT,
            {"id": SHOT, "data": {}},
            {"id": SHOT, "data": {"theirs": 1}},
        )
        gazu.shot.get_shot(SHOT)
        gazu.shot.update_shot_data(SHOT, {"mine": 2})
        assert server.last.json()["data"] == {"theirs": 1, "mine": 2}


def with_clear_cache(function):
    """Give a replacement the attributes of cached functions."""
    function.clear_cache = lambda: None
    return function


@pytest.mark.parametrize("name", ["import_shots_with_csv", "import_otio"])
def test_a_missing_file_raises(server, default, tmp_path, name):
    with pytest.raises(FileNotFoundError):
        getattr(gazu.shot, name)(PROJECT, str(tmp_path / "none"))
    assert server.requests == []
