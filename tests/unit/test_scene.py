"""``gazu.scene``: what a comparison of single requests does not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
SCENE = "a24a6ea4-ce75-4665-a070-57453082c201"
SEQUENCE = "a24a6ea4-ce75-4665-a070-57453082c202"


SCENES = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]


class TestOrder:
    def test_of_a_project_and_of_all(self, server, default):
        server.on("GET", "data/projects/%s/scenes" % PROJECT, SCENES)
        server.on("GET", "data/scenes/all", SCENES[::-1])
        for project in (PROJECT, None):
            found = gazu.scene.all_scenes(project)
            assert [scene["id"] for scene in found] == ["1", "2"]

    def test_instances_as_the_server_gives_them(self, server, default):
        path = "data/scenes/%s/asset-instances" % SCENE
        server.on("GET", path, SCENES)
        found = gazu.scene.all_asset_instances_for_scene(SCENE)
        assert found == SCENES


class TestSequence:
    def test_of_a_scene_that_has_it(self, server, default):
        server.on("GET", "data/sequences/" + SEQUENCE, {"id": SEQUENCE})
        scene = {"id": SCENE, "parent_id": SEQUENCE}
        assert gazu.scene.get_sequence_from_scene(scene) == {"id": SEQUENCE}
        assert len(server.requests) == 1

    @pytest.mark.parametrize("scene", [SCENE, {"id": SCENE}])
    def test_of_a_scene_that_must_be_read(self, server, default, scene):
        server.on("GET", "data/scenes/" + SCENE, {"parent_id": SEQUENCE})
        server.on("GET", "data/sequences/" + SEQUENCE, {"id": SEQUENCE})
        assert gazu.scene.get_sequence_from_scene(scene) == {"id": SEQUENCE}
        assert len(server.requests) == 2

    def test_through_the_modules(self, server, default, monkeypatch):
        monkeypatch.setattr(
            gazu.scene, "get_scene", lambda *_, **__: {"parent_id": "there"}
        )
        monkeypatch.setattr(
            gazu.shot, "get_sequence", lambda *args, **kwargs: (args, kwargs)
        )
        found = gazu.scene.get_sequence_from_scene(SCENE)
        assert found == (("there",), {"client": default})
        assert server.requests == []


def test_of_a_project_is_another_name(server, default, monkeypatch):
    monkeypatch.setattr(
        gazu.scene, "all_scenes", lambda *args, **kwargs: (args, kwargs)
    )
    found = gazu.scene.all_scenes_for_project(PROJECT)
    assert found == ((PROJECT,), {"client": default})


def test_a_new_one_is_made_each_time(server, default):
    """Unlike a shot, one of the same name is not looked for."""
    gazu.scene.new_scene(PROJECT, {"id": SEQUENCE}, "SC01")
    assert [method for method, _ in server.lines] == ["POST"]
    assert server.last.json() == {"name": "SC01", "sequence_id": SEQUENCE}


def test_bad_input(server, default):
    with pytest.raises(ValueError):
        gazu.scene.new_scene(PROJECT, "SQ01", "SC01")
    with pytest.raises(KeyError):
        gazu.scene.update_scene({"name": "SC01"})
    assert server.requests == []


def test_metadata_of_an_instance_is_replaced_as_given(server, default):
    data = {"pos": [1, 2.5, None]}
    gazu.scene.update_asset_instance_data(SCENE, data)
    assert server.last.json() == {"data": data}
    assert data == {"pos": [1, 2.5, None]}
    # The server replaces it: nothing is read first.
    assert len(server.requests) == 1
