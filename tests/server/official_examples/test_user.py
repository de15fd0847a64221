"""The tasks of the logged in user in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest
from gazu.exception import RouteNotFoundException

from ..scenarios.production import Api
from ..scenarios.records import ServerRecords, ids, names, warns_of


@pytest.fixture(scope="module")
def artist(zou, production, admin):
    """The server's records as the artist sees them; gazu is logged in as the artist, too."""
    gazu.log_in(production.artist_email, production.artist_password)
    yield Api(zou.host, production.artist_email, production.artist_password)
    gazu.log_in(zou.admin_email, zou.admin_password)


@pytest.fixture(scope="module", autouse=True)
def others(zou, production, artist):
    """Records and projects without a task of the artist."""
    records = ServerRecords(zou)
    kind = production.asset_types["Environment"]
    hill = records.new_asset(production.project, kind, "Hill")
    records.new_task(
        hill,
        production.task_types["Modeling"],
        production.task_statuses["Todo"],
        [records.user],
    )
    records.post(
        "data/projects", {"name": "Agent 327", "production_type": "short"}
    )
    return {"asset": hill}


@pytest.fixture(scope="module")
def scene(zou, production):
    """A scene in which the artist has a task."""
    records = ServerRecords(zou)
    made = records.new_scene(production.sequences[0], "SC01")
    task_type = records.new_task_type("Set Dressing", "Scene")
    records.new_task(
        made, task_type, production.task_statuses["Todo"], [production.artist]
    )
    return made


def by_name(models):
    return sorted(models, key=lambda model: model["name"].lower())


def types_of(tasks, production):
    known = {
        task_type["id"]: name
        for name, task_type in production.task_types.items()
    }
    return {known[task["task_type_id"]] for task in tasks}


def test_all_tasks_to_do(artist, production):
    tasks = gazu.user.all_tasks_to_do()
    assert set(ids(production.tasks)) <= set(ids(tasks))
    assert {tuple(task["assignees"]) for task in tasks} == {
        (production.artist["id"],)
    }
    assert {"Lama", "Penguin", "Fence", "SH01"} <= {
        task["entity_name"] for task in tasks
    }
    assert ids(tasks) == ids(artist.get("data/user/tasks"))


def test_all_open_projects(artist, production):
    projects = gazu.user.all_open_projects()
    assert ids(projects) == [production.project["id"]]
    assert ids(artist.get("data/user/projects/open")) == ids(projects)


def test_all_asset_types_for_project(artist, production):
    project_dict = production.project
    asset_types = gazu.user.all_asset_types_for_project(project_dict)
    assert names(asset_types) == ["Character", "Prop"]
    path = "data/user/projects/{}/asset-types".format(project_dict["id"])
    assert asset_types == by_name(artist.get(path))


def test_all_assets_for_asset_type_project(artist, production, others):
    project_dict = production.project
    asset_type_dict = production.asset_types["Character"]
    with warns_of("gazu.user.all_assets_for_asset_type_and_project"):
        assets = gazu.user.all_assets_for_asset_type_project(
            project_dict, asset_type_dict
        )
    assert names(assets) == ["Lama", "Penguin"]
    path = "data/user/projects/{}/asset-types/{}/assets"
    assert assets == by_name(
        artist.get(path.format(project_dict["id"], asset_type_dict["id"]))
    )
    assert assets == gazu.user.all_assets_for_asset_type_and_project(
        project_dict, asset_type_dict
    )

    kind = production.asset_types["Environment"]
    with warns_of("gazu.user.all_assets_for_asset_type_and_project"):
        assert (
            gazu.user.all_assets_for_asset_type_project(project_dict, kind)
            == []
        )


def test_all_sequences_for_project(artist, production):
    project_dict = production.project
    sequences = gazu.user.all_sequences_for_project(project_dict)
    assert names(sequences) == ["SE01", "SE02"]
    path = "data/user/projects/{}/sequences".format(project_dict["id"])
    assert sequences == by_name(artist.get(path))


def test_all_shots_for_sequence(artist, production):
    # The variable is called "shot_dict", but the function needs a sequence.
    shot_dict = production.sequences[1]
    shots = gazu.user.all_shots_for_sequence(shot_dict)
    assert ids(shots) == ids(production.shots[3:])
    assert shots == by_name(
        artist.get("data/user/sequences/{}/shots".format(shot_dict["id"]))
    )

    shot_dict = production.shots[0]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.user.all_shots_for_sequence(shot_dict)
    assert str(failure.value) == "data/user/sequences/{}/shots".format(
        shot_dict["id"]
    )


def test_all_scenes_for_sequence(artist, production, scene):
    # The variable is called "shot_dict", but the function needs a sequence.
    shot_dict = production.sequences[0]
    scenes = gazu.user.all_scenes_for_sequence(shot_dict)
    assert ids(scenes) == [scene["id"]]
    assert scenes == artist.get(
        "data/user/sequences/{}/scenes".format(shot_dict["id"])
    )
    assert gazu.user.all_scenes_for_sequence(production.sequences[1]) == []

    shot_dict = production.shots[0]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.user.all_scenes_for_sequence(shot_dict)
    assert str(failure.value) == "data/user/sequences/{}/scenes".format(
        shot_dict["id"]
    )


def test_all_tasks_for_shot(artist, production):
    shot_dict = production.shots[0]
    tasks = gazu.user.all_tasks_for_shot(shot_dict)
    assert types_of(tasks, production) == {"Animation", "Lighting"}
    stored = artist.get("data/user/shots/{}/tasks".format(shot_dict["id"]))
    assert sorted(ids(tasks)) == sorted(ids(stored))


def test_all_tasks_for_asset(artist, production, others):
    asset_dict = production.assets[0]
    tasks = gazu.user.all_tasks_for_asset(asset_dict)
    assert types_of(tasks, production) == {"Modeling", "Shading"}
    stored = artist.get("data/user/assets/{}/tasks".format(asset_dict["id"]))
    assert sorted(ids(tasks)) == sorted(ids(stored))
    assert gazu.user.all_tasks_for_asset(others["asset"]) == []


def test_all_task_types_for_asset(artist, production):
    asset_dict = production.assets[0]
    task_types = gazu.user.all_task_types_for_asset(asset_dict)
    assert names(task_types) == ["Modeling", "Shading"]
    path = "data/user/assets/{}/task-types".format(asset_dict["id"])
    assert task_types == by_name(artist.get(path))


def test_all_task_types_for_shot(artist, production):
    shot_dict = production.shots[0]
    task_types = gazu.user.all_task_types_for_shot(shot_dict)
    assert names(task_types) == ["Animation", "Lighting"]
    path = "data/user/shots/{}/task-types".format(shot_dict["id"])
    assert task_types == by_name(artist.get(path))
