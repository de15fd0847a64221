"""``gazu.asset``: what the parity tests of single requests do not show."""

from __future__ import annotations

from unittest import mock

import gazu
import pytest

from .recording_server import Answer

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
OTHER_PROJECT = "a24a6ea4-ce75-4665-a070-57453082c257"
ASSET = "a24a6ea4-ce75-4665-a070-57453082c201"
ASSET_TYPE = "a24a6ea4-ce75-4665-a070-57453082c202"
EPISODE = "a24a6ea4-ce75-4665-a070-57453082c203"


def ids(models):
    return [model["id"] for model in models]


class TestOrder:
    @pytest.mark.parametrize(
        "path, call",
        [
            (
                "data/projects/%s/assets" % PROJECT,
                lambda: gazu.asset.all_assets_for_project(PROJECT),
            ),
            (
                "data/shots/%s/assets" % ASSET,
                lambda: gazu.asset.all_assets_for_shot(ASSET),
            ),
            ("data/asset-types", gazu.asset.all_asset_types),
        ],
        ids=["project", "shot", "types"],
    )
    def test_assets_and_types_are_sorted_by_name(
        self, server, default, path, call
    ):
        names = ("Tree", "barn", "Lama")
        server.on("GET", path, [{"id": n, "name": n} for n in names])
        assert ids(call()) == ["barn", "Lama", "Tree"]

    def test_instances_are_not_sorted(self, server, default):
        server.on(
            "GET",
            "data/assets/%s/asset-asset-instances" % ASSET,
            [{"id": "2", "name": "b"}, {"id": "1", "name": "a"}],
        )
        found = gazu.asset.all_asset_instances_for_asset(ASSET)
        assert ids(found) == ["2", "1"]

    def test_assets_of_open_projects_are_sorted_together(
        self, server, default
    ):
        """There is one request for each project, and one sorted list."""
        server.on(
            "GET",
            "data/projects/open",
            [
                {"id": PROJECT, "name": "A"},
                {"id": OTHER_PROJECT, "name": "B"},
            ],
        )
        for project, names in ((PROJECT, "ca"), (OTHER_PROJECT, "db")):
            server.on(
                "GET",
                "data/projects/%s/assets" % project,
                [{"id": name, "name": name} for name in names],
            )
        found = gazu.asset.all_assets_for_open_projects()
        assert ids(found) == ["a", "b", "c", "d"]
        assert len(server.requests) == 3


class TestURLs:
    @pytest.mark.parametrize(
        "production_type, episode, page",
        [
            ("short", None, "/assets/%s/" % ASSET),
            ("tvshow", None, "/episodes/main/assets/%s/" % ASSET),
            ("tvshow", EPISODE, "/episodes/%s/assets/%s/" % (EPISODE, ASSET)),
        ],
        ids=["short", "main pack", "episode"],
    )
    def test_the_url_depends_on_the_production_type(
        self, server, default, production_type, episode, page
    ):
        server.on(
            "GET",
            "data/assets/" + ASSET,
            {"id": ASSET, "project_id": PROJECT, "episode_id": episode},
        )
        server.on(
            "GET",
            "data/projects/" + PROJECT,
            {"id": PROJECT, "production_type": production_type},
        )
        assert gazu.asset.get_asset_url(ASSET) == (
            "%s/productions/%s%s" % (server.url, PROJECT, page)
        )

    def test_the_name_of_a_known_type_is_not_requested(self, server, default):
        server.on(
            "GET",
            "data/projects/" + PROJECT,
            {"id": PROJECT, "production_type": "tvshow"},
        )
        asset_type = {"id": ASSET_TYPE, "name": "Props & Sets"}
        assert gazu.asset.get_asset_type_url(PROJECT, asset_type) == (
            server.url
            + "/productions/%s/episodes/main/assets" % PROJECT
            + "?search=type%3D%5BProps+%26+Sets%5D"
        )
        assert len(server.requests) == 1


class TestNewAsset:
    def test_an_existing_asset_is_returned(self, server, default):
        found = {"id": ASSET, "name": "Lama"}
        server.on("GET", "data/assets/all", [found])
        assert gazu.asset.new_asset(PROJECT, ASSET_TYPE, "Lama") == found
        assert [method for method, _ in server.lines] == ["GET"]

    def test_a_missing_asset_is_created(self, server, default):
        server.on("GET", "data/assets/all", [])
        episode = {"id": EPISODE, "name": "E01"}
        gazu.asset.new_asset(PROJECT, ASSET_TYPE, "Lama", episode=episode)
        assert [method for method, _ in server.lines] == ["GET", "POST"]
        assert server.last.json()["episode_id"] == EPISODE
        assert episode == {"id": EPISODE, "name": "E01"}

    def test_an_episode_without_an_id_raises(self, server, default):
        with pytest.raises(KeyError):
            gazu.asset.new_asset(
                PROJECT, ASSET_TYPE, "Lama", episode={"name": "E01"}
            )
        assert server.requests == []

    def test_patched_functions_are_called(self, server, default, monkeypatch):
        get = mock.Mock(return_value={"id": ASSET})
        monkeypatch.setattr(gazu.asset, "get_asset_by_name", get)
        assert gazu.asset.new_asset(PROJECT, ASSET_TYPE, "Lama")["id"] == ASSET
        assert get.call_args[1] == {"client": default}
        assert server.requests == []


class TestUpdate:
    def test_the_episode_is_the_source(self, server, default):
        asset = {"id": ASSET, "episode_id": EPISODE}
        gazu.asset.update_asset(asset)
        assert server.last.json()["source_id"] == EPISODE
        assert asset == {"id": ASSET, "episode_id": EPISODE}

    def test_the_data_is_read_first(self, server, default, monkeypatch):
        get_asset = mock.Mock(return_value={"id": ASSET, "data": {"old": 1}})
        update_asset = mock.Mock(return_value={"id": ASSET})
        monkeypatch.setattr(gazu.asset, "get_asset", get_asset)
        monkeypatch.setattr(gazu.asset, "update_asset", update_asset)
        data = {"new": 2}
        gazu.asset.update_asset_data({"id": ASSET}, data)
        assert update_asset.call_args[0][0]["data"] == {"old": 1, "new": 2}
        assert data == {"new": 2}
        assert server.requests == []

    def test_the_data_is_not_read_from_the_cache(self, server, default):
        """Data that another user has set meanwhile is kept."""
        gazu.cache.enable()
        path = "data/assets/" + ASSET
        server.on(
            "GET",
            path,
            {"id": ASSET, "data": None},
            {"id": ASSET, "data": {"theirs": 1}},
            {"id": ASSET, "data": {"theirs": 1, "mine": 2}},
        )
        assert gazu.asset.get_asset(ASSET)["data"] is None
        gazu.asset.update_asset_data(ASSET, {"mine": 2})
        assert server.last.json()["data"] == {"theirs": 1, "mine": 2}
        assert gazu.asset.get_asset(ASSET)["data"]["mine"] == 2
        assert len(server.of("GET", path)) == 3

    def test_a_type_without_a_name_raises(self, server, default):
        with pytest.raises(KeyError, match="name"):
            gazu.asset.update_asset_type({"id": ASSET_TYPE})
        assert server.requests == []


class TestFromAnAsset:
    def test_no_episode_sends_no_request(self, server, default):
        assert gazu.asset.get_episode_from_asset({"source_id": None}) is None
        assert server.requests == []

    @pytest.mark.parametrize("key", ["source_id", "episode_id"])
    def test_the_episode_is_read(self, server, default, key):
        server.on("GET", "data/episodes/" + EPISODE, {"id": EPISODE})
        found = gazu.asset.get_episode_from_asset({key: EPISODE})
        assert found == {"id": EPISODE}

    def test_the_type_is_read(self, server, default):
        server.on("GET", "data/asset-types/" + ASSET_TYPE, {"id": ASSET_TYPE})
        asset = {"id": ASSET, "entity_type_id": ASSET_TYPE}
        found = gazu.asset.get_asset_type_from_asset(asset)
        assert found == {"id": ASSET_TYPE}
        with pytest.raises(KeyError, match="entity_type_id"):
            gazu.asset.get_asset_type_from_asset({"id": ASSET})
        assert len(server.requests) == 1


def test_a_missing_asset_is_none_or_an_error(server, default):
    server.on("GET", "data/assets/all", [])
    assert gazu.asset.get_asset_by_name(PROJECT, "Lama") is None
    server.on("GET", "data/assets/" + ASSET, Answer({}, status=404))
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.asset.get_asset(ASSET)


def test_a_missing_csv_file_raises(server, default, tmp_path):
    with pytest.raises(FileNotFoundError):
        gazu.asset.import_assets_with_csv(PROJECT, str(tmp_path / "none.csv"))
    assert server.requests == []
