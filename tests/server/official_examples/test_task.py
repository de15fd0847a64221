"""Tasks, their types and statuses, comments and time in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest
from gazu.exception import RouteNotFoundException

from ..scenarios.records import ServerRecords, ids, names, warns_of


@pytest.fixture(scope="module")
def records(zou, production, admin):
    return ServerRecords(zou)


@pytest.fixture(scope="module")
def todo(production):
    return production.task_statuses["Todo"]


@pytest.fixture(scope="module")
def scene_dict(records, production, todo):
    """A scene with a task."""
    scene = records.new_scene(production.sequences[0], "SC01")
    records.new_task(
        scene, records.new_task_type("Set Dressing", "Scene"), todo
    )
    return scene


@pytest.fixture(scope="module")
def sequence_dict(records, production, todo):
    """A sequence with a task."""
    records.new_task(
        production.sequences[0],
        records.new_task_type("Color Script", "Sequence"),
        todo,
    )
    return production.sequences[0]


@pytest.fixture
def asset(records, production):
    """An asset without tasks, for one test."""
    kind = production.asset_types["Prop"]
    made = records.new_asset(
        production.project, kind, "Tree {}".format(next(numbers))
    )
    yield made
    records.delete("data/assets/{}?force=true".format(made["id"]))


numbers = iter(range(1, 1000))


@pytest.fixture
def task_dict(records, production, asset, todo):
    """A task for one test, which is assigned to the artist."""
    return records.new_task(
        asset, production.task_types["Modeling"], todo, [production.artist]
    )


def by_name(models):
    return sorted(models, key=lambda model: model["name"].lower())


def task_of(production, entity, step):
    return next(
        task
        for task in production.tasks
        if task["entity_id"] == entity["id"]
        and task["task_type_id"] == production.task_types[step]["id"]
    )


# Lists of tasks.


def check_tasks(tasks, stored, count):
    assert len(tasks) == count
    assert sorted(ids(tasks)) == sorted(ids(stored))
    assert {task["name"] for task in tasks} == {"main"}


def test_all_tasks_for_asset(records, production):
    asset_dict = production.assets[0]
    tasks = gazu.task.all_tasks_for_asset(asset_dict)
    check_tasks(
        tasks, records.get("data/assets/{}/tasks".format(asset_dict["id"])), 2
    )
    assert {task["entity_id"] for task in tasks} == {asset_dict["id"]}
    assert {task["task_type_name"] for task in tasks} == {
        "Modeling",
        "Shading",
    }


def test_all_tasks_for_shot(records, production):
    shot_dict = production.shots[0]
    tasks = gazu.task.all_tasks_for_shot(shot_dict)
    check_tasks(
        tasks, records.get("data/shots/{}/tasks".format(shot_dict["id"])), 2
    )
    assert {task["task_type_name"] for task in tasks} == {
        "Animation",
        "Lighting",
    }


def test_all_tasks_for_scene(records, scene_dict):
    tasks = gazu.task.all_tasks_for_scene(scene_dict)
    check_tasks(
        tasks, records.get("data/scenes/{}/tasks".format(scene_dict["id"])), 1
    )
    assert tasks[0]["task_type_name"] == "Set Dressing"


def test_all_tasks_for_sequence(records, sequence_dict):
    tasks = gazu.task.all_tasks_for_sequence(sequence_dict)
    check_tasks(
        tasks,
        records.get("data/sequences/{}/tasks".format(sequence_dict["id"])),
        1,
    )
    assert tasks[0]["task_type_name"] == "Color Script"


def test_all_tasks_for_entity_and_task_type(records, production):
    entity_dict = production.shots[0]
    task_type = production.task_types["Lighting"]
    tasks = gazu.task.all_tasks_for_entity_and_task_type(
        entity_dict, task_type
    )
    path = "data/entities/{}/task-types/{}/tasks".format(
        entity_dict["id"], task_type["id"]
    )
    check_tasks(tasks, records.get(path), 1)
    assert tasks[0]["id"] == task_of(production, entity_dict, "Lighting")["id"]


def test_all_tasks_for_task_status(records, production):
    project_dict = production.project
    task_type_dict = production.task_types["Compositing"]
    task_status_dict = production.task_statuses["Retake"]
    made = records.new_task(
        production.shots[3], task_type_dict, task_status_dict
    )
    records.new_task(
        production.shots[4], task_type_dict, production.task_statuses["Todo"]
    )
    tasks = gazu.task.all_tasks_for_task_status(
        project_dict, task_type_dict, task_status_dict
    )
    assert ids(tasks) == [made["id"]]
    stored = records.get("data/tasks/" + made["id"])
    assert stored["task_status_id"] == task_status_dict["id"]


# Task types and statuses.


def test_all_task_types(records):
    task_types = gazu.task.all_task_types()
    assert {"Animation", "Lighting", "Modeling", "Shading"} <= set(
        names(task_types)
    )
    assert task_types == by_name(records.get("data/task-types"))


def test_all_task_types_for_shot(records, production):
    shot = production.shots[1]
    task_types = gazu.task.all_task_types_for_shot(shot)
    assert {"Animation", "Lighting"} <= set(names(task_types))
    assert task_types == by_name(
        records.get("data/shots/{}/task-types".format(shot["id"]))
    )


def test_all_task_types_for_shot_of_an_asset(records, production):
    # The example passes an asset to the function for shots: no shot has its id.
    asset = production.assets[0]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.task.all_task_types_for_shot(asset)
    assert str(failure.value) == "data/shots/{}/task-types".format(asset["id"])
    assert records.lacks("data/shots/" + asset["id"])
    assert names(gazu.task.all_task_types_for_asset(asset)) == [
        "Modeling",
        "Shading",
    ]


def test_all_task_types_for_scene(records, scene_dict):
    scene = scene_dict
    task_types = gazu.task.all_task_types_for_scene(scene)
    assert names(task_types) == ["Set Dressing"]
    assert task_types == records.get(
        "data/scenes/{}/task-types".format(scene["id"])
    )


def test_all_task_types_for_sequence(records, sequence_dict):
    # The types of the tasks of the sequence's shots.
    sequence = sequence_dict
    task_types = gazu.task.all_task_types_for_sequence(sequence)
    assert {"Animation", "Lighting"} <= set(names(task_types))
    assert "Modeling" not in names(task_types)
    stored = records.get("data/sequences/{}/task-types".format(sequence["id"]))
    assert task_types == by_name(stored)


def test_get_task_type(records, production):
    # The variable is called "task_status_id", but the function reads a task type.
    task_status_id = production.task_types["Shading"]["id"]
    task_type = gazu.task.get_task_type(task_status_id)
    assert task_type["name"] == "Shading"
    assert task_type == records.get("data/task-types/" + task_status_id)

    task_status_id = production.task_statuses["Done"]["id"]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.task.get_task_type(task_status_id)
    assert str(failure.value) == "data/task-types/" + task_status_id
    assert records.lacks("data/task-types/" + task_status_id)


def test_get_task_type_by_name(records, production):
    task_type_name = "Lighting"
    task_type = gazu.task.get_task_type_by_name(task_type_name)
    assert task_type["id"] == production.task_types["Lighting"]["id"]
    assert task_type == records.get("data/task-types?name=Lighting")[0]
    assert gazu.task.get_task_type_by_name("Plumbing") is None


def test_get_task_type_by_name_modeling(records, production):
    # The server ignores the case of a name.
    modeling = gazu.task.get_task_type_by_name("modeling")
    assert modeling["id"] == production.task_types["Modeling"]["id"]
    assert (
        modeling["name"]
        == records.get("data/task-types/" + modeling["id"])["name"]
        == "Modeling"
    )


def test_get_task_status(records, production):
    task_status_id = production.task_statuses["Retake"]["id"]
    task_status = gazu.task.get_task_status(task_status_id)
    assert task_status["short_name"] == "retake"
    assert task_status == records.get("data/task-status/" + task_status_id)


def test_get_task_status_by_name(records, production):
    task_status_name = "Done"
    task_status = gazu.task.get_task_status_by_name(task_status_name)
    assert task_status["id"] == production.task_statuses["Done"]["id"]
    assert task_status == records.get("data/task-status/" + task_status["id"])
    assert gazu.task.get_task_status_by_name("Lost") is None


def test_get_task_status_by_short_name(records, production):
    wip = gazu.task.get_task_status_by_short_name("wip")
    assert wip["id"] == production.task_statuses["Work In Progress"]["id"]
    assert wip == records.get("data/task-status/" + wip["id"])
    assert gazu.task.get_task_status_by_short_name("lost") is None


# One task.


def test_get_task_by_name(records, production):
    asset = production.assets[1]
    modeling = production.task_types["Modeling"]
    with warns_of("gazu.task.get_task_by_entity"):
        task = gazu.task.get_task_by_name(asset, modeling)
    assert task["id"] == task_of(production, asset, "Modeling")["id"]
    stored = records.get("data/tasks/" + task["id"])
    assert (stored["entity_id"], stored["task_type_id"]) == (
        asset["id"],
        modeling["id"],
    )


def test_get_task_by_name_main(records, production):
    asset = production.assets[1]
    task_type = production.task_types["Shading"]
    with warns_of("gazu.task.get_task_by_entity"):
        task = gazu.task.get_task_by_name(asset, task_type, "main")
    assert task["id"] == task_of(production, asset, "Shading")["id"]
    assert records.get("data/tasks/" + task["id"])["name"] == "main"

    with warns_of("gazu.task.get_task_by_entity"):
        assert gazu.task.get_task_by_name(asset, task_type, "second") is None


def test_new_task(records, production, asset, todo):
    task_type = production.task_types["Modeling"]
    task = gazu.task.new_task(asset, task_type)
    stored = records.get("data/tasks/" + task["id"])
    assert stored["name"] == "main"
    assert stored["entity_id"] == asset["id"]
    assert stored["project_id"] == production.project["id"]
    assert stored["task_type_id"] == task_type["id"]
    assert stored["task_status_id"] == todo["id"]
    assert stored["assignees"] == []

    # A second call finds the task instead of creating another.
    assert gazu.task.new_task(asset, task_type)["id"] == task["id"]
    assert len(records.get("data/assets/{}/tasks".format(asset["id"]))) == 1


def test_new_task_with_a_status(records, production, asset):
    task_type = production.task_types["Modeling"]
    wip = production.task_statuses["Work In Progress"]
    task = gazu.task.new_task(asset, task_type, task_status=wip)
    stored = records.get("data/tasks/" + task["id"])
    assert task["task_status_id"] == stored["task_status_id"] == wip["id"]


def test_new_task_with_assignees(records, production, asset):
    task_type = production.task_types["Modeling"]
    person_dict = production.artist
    task = gazu.task.new_task(asset, task_type, assignees=[person_dict])
    stored = records.get("data/tasks/" + task["id"])
    assert task["assignees"] == stored["assignees"] == [person_dict["id"]]


# Work on a task.


def test_add_comment(records, production, task_dict):
    task = task_dict
    wip = production.task_statuses["Work In Progress"]
    comment = gazu.task.add_comment(
        task, wip, "Change status to work in progress"
    )
    stored = records.get("data/tasks/{}/comments".format(task["id"]))
    assert ids(stored) == [comment["id"]]
    assert (
        stored[0]["text"]
        == comment["text"]
        == "Change status to work in progress"
    )
    assert stored[0]["task_status_id"] == wip["id"]
    assert stored[0]["person_id"] == records.user["id"]
    assert (
        records.get("data/tasks/" + task["id"])["task_status_id"] == wip["id"]
    )


def test_start_task(records, production, task_dict):
    wip = production.task_statuses["Work In Progress"]
    comment = gazu.task.start_task(task_dict)
    assert comment["task_status_id"] == wip["id"]
    assert comment["object_id"] == task_dict["id"]
    stored = records.get("data/tasks/" + task_dict["id"])
    assert stored["task_status_id"] == wip["id"]
    assert stored["real_start_date"] is not None


def time_spents(records, task):
    return records.get(
        "actions/tasks/{}/time-spents/2018-03-18".format(task["id"])
    )


def test_get_time_spent(records, production, task_dict):
    assert gazu.task.get_time_spent(task_dict, "2018-03-18") == {"total": 0}
    artist_id = production.artist["id"]
    path = "actions/tasks/{}/time-spents/2018-03-18/persons/{}"
    records.post(
        path.format(task_dict["id"], artist_id), {"duration": 90 * 60}
    )
    time_spent = gazu.task.get_time_spent(task_dict, "2018-03-18")
    assert time_spent["total"] == 90 * 60
    assert [spent["duration"] for spent in time_spent[artist_id]] == [90 * 60]
    assert time_spent == time_spents(records, task_dict)


def test_set_time_spent(records, production, task_dict):
    person_dict = production.artist
    time_spent = gazu.task.set_time_spent(
        task_dict, person_dict, "2018-03-18", 8 * 3600
    )
    assert time_spent["duration"] == 8 * 3600
    assert time_spent["date"] == "2018-03-18"
    stored = time_spents(records, task_dict)
    assert stored["total"] == 8 * 3600
    assert ids(stored[person_dict["id"]]) == [time_spent["id"]]

    # It replaces what was there.
    gazu.task.set_time_spent(task_dict, person_dict, "2018-03-18", 3600)
    assert time_spents(records, task_dict)["total"] == 3600


def test_add_time_spent(records, production, task_dict):
    person_dict = production.artist
    path = "actions/tasks/{}/time-spents/2018-03-18/persons/{}"
    records.post(
        path.format(task_dict["id"], person_dict["id"]), {"duration": 8 * 3600}
    )
    time_spent = gazu.task.add_time_spent(
        task_dict, person_dict, "2018-03-18", 3600
    )
    assert time_spent["duration"] == 9 * 3600
    assert time_spents(records, task_dict)["total"] == 9 * 3600
