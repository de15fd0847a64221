"""``gazu.scene``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
SCENE = "a24a6ea4-ce75-4665-a070-57453082c201"
SEQUENCE = "a24a6ea4-ce75-4665-a070-57453082c202"


SCENES = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]


class TestOrder:
    def test_scenes_are_sorted_by_name(self, server, default):
        server.on("GET", "data/projects/%s/scenes" % PROJECT, SCENES)
        server.on("GET", "data/scenes/all", SCENES[::-1])
        for project in (PROJECT, None):
            found = gazu.scene.all_scenes(project)
            assert [scene["id"] for scene in found] == ["1", "2"]

    def test_instances_are_not_sorted(self, server, default):
        path = "data/scenes/%s/asset-instances" % SCENE
        server.on("GET", path, SCENES)
        found = gazu.scene.all_asset_instances_for_scene(SCENE)
        assert found == SCENES


class TestSequence:
    def test_the_sequence_of_a_full_dict_is_read(self, server, default):
        server.on("GET", "data/sequences/" + SEQUENCE, {"id": SEQUENCE})
        scene = {"id": SCENE, "parent_id": SEQUENCE}
        assert gazu.scene.get_sequence_from_scene(scene) == {"id": SEQUENCE}
        assert len(server.requests) == 1

    @pytest.mark.parametrize("scene", [SCENE, {"id": SCENE}])
    def test_the_sequence_of_an_id_needs_the_scene_first(
        self, server, default, scene
    ):
        server.on("GET", "data/scenes/" + SCENE, {"parent_id": SEQUENCE})
        server.on("GET", "data/sequences/" + SEQUENCE, {"id": SEQUENCE})
        assert gazu.scene.get_sequence_from_scene(scene) == {"id": SEQUENCE}
        assert len(server.requests) == 2

    def test_patched_functions_are_called(self, server, default, monkeypatch):
        monkeypatch.setattr(
            gazu.scene, "get_scene", lambda *_, **__: {"parent_id": "there"}
        )
        monkeypatch.setattr(
            gazu.shot, "get_sequence", lambda *args, **kwargs: (args, kwargs)
        )
        found = gazu.scene.get_sequence_from_scene(SCENE)
        assert found == (("there",), {"client": default})
        assert server.requests == []


def test_all_scenes_for_project_may_be_patched(server, default, monkeypatch):
    monkeypatch.setattr(
        gazu.scene, "all_scenes", lambda *args, **kwargs: (args, kwargs)
    )
    found = gazu.scene.all_scenes_for_project(PROJECT)
    assert found == ((PROJECT,), {"client": default})


def test_a_scene_is_created_each_time(server, default):
    """An existing scene of the same name is not returned, unlike a shot."""
    gazu.scene.new_scene(PROJECT, {"id": SEQUENCE}, "SC01")
    assert [method for method, _ in server.lines] == ["POST"]
    assert server.last.json() == {"name": "SC01", "sequence_id": SEQUENCE}


def test_invalid_arguments_raise(server, default):
    with pytest.raises(ValueError):
        gazu.scene.new_scene(PROJECT, "SQ01", "SC01")
    with pytest.raises(KeyError):
        gazu.scene.update_scene({"name": "SC01"})
    assert server.requests == []


def test_the_data_of_an_instance_is_replaced(server, default):
    data = {"pos": [1, 2.5, None]}
    gazu.scene.update_asset_instance_data(SCENE, data)
    assert server.last.json() == {"data": data}
    assert data == {"pos": [1, 2.5, None]}
    # The server replaces the data, so that nothing is read first.
    assert len(server.requests) == 1
