"""Revisions of output files in the official examples, misspelt as there, on a real server."""

from __future__ import annotations

import gazu
import pytest

from ..scenarios.records import FILE_TREE, ServerRecords, warns_of


@pytest.fixture(scope="module")
def records(zou, production, admin):
    made = ServerRecords(zou)
    made.put(
        "data/projects/" + production.project["id"], {"file_tree": FILE_TREE}
    )
    return made


@pytest.fixture(scope="module")
def asset_dict(production):
    return production.assets[0]


@pytest.fixture(scope="module")
def shot_dict(production):
    return production.shots[0]


@pytest.fixture(scope="module")
def task_type_dict(production):
    return production.task_types["Modeling"]


@pytest.fixture(scope="module")
def task_dict(production, asset_dict, task_type_dict):
    """The modeling task of the asset."""
    task = production.tasks[0]
    assert (task["entity_id"], task["task_type_id"]) == (
        asset_dict["id"],
        task_type_dict["id"],
    )
    return task


@pytest.fixture(scope="module")
def asset_instance_dict(records, production, asset_dict, shot_dict):
    scene = records.new_scene(production.sequences[0], "SC01")
    return records.new_asset_instance(asset_dict, scene, shot_dict)


@pytest.fixture
def output_type(records):
    """An output type that no file has yet."""
    return records.post(
        "data/output-types",
        {"name": "Set {}".format(next(numbers)), "short_name": "s"},
    )


numbers = iter(range(1, 1000))


def add_output_file(records, entity, output_type, task_type, shot=None):
    """Add a revision for an entity, or for an instance in a shot."""
    path = "data/entities/{}/output-files/new".format(entity["id"])
    if shot is not None:
        path = "data/asset-instances/{}/entities/{}/output-files/new".format(
            entity["id"], shot["id"]
        )
    values = {
        "output_type_id": output_type["id"],
        "task_type_id": task_type["id"],
        "name": "main" if shot is None else "master",
    }
    return records.post(path, values)


def next_revision_held(records, entity, output_type, task_type, name="main"):
    path = "data/entities/{}/output-files/next-revision".format(entity["id"])
    values = {
        "output_type_id": output_type["id"],
        "task_type_id": task_type["id"],
        "name": name,
    }
    return records.post(path, values)["next_revision"]


def test_get_next_entity_ouput_revision(
    records, asset_dict, task_dict, task_type_dict, output_type
):
    # The example passes the task only, which has both the entity and the task type.
    task = task_dict
    with warns_of("gazu.files.get_next_entity_output_revision"):
        next_revision = gazu.files.get_next_entity_ouput_revision(
            task, output_type
        )
    assert next_revision == 1
    add_output_file(records, asset_dict, output_type, task_type_dict)
    with warns_of("gazu.files.get_next_entity_output_revision"):
        next_revision = gazu.files.get_next_entity_ouput_revision(
            task, output_type
        )
    assert next_revision == 2
    assert (
        next_revision_held(records, asset_dict, output_type, task_type_dict)
        == 2
    )

    # The arguments of the correctly spelt function.
    arguments = (asset_dict, output_type, task_type_dict)
    with warns_of("gazu.files.get_next_entity_output_revision"):
        assert gazu.files.get_next_entity_ouput_revision(*arguments) == 2
    with warns_of("gazu.files.get_next_entity_output_revision"):
        assert (
            gazu.files.get_next_entity_ouput_revision(*arguments, name="other")
            == 1
        )


def test_get_last_entity_ouput_revision(
    records, asset_dict, task_dict, task_type_dict, output_type
):
    task = task_dict
    add_output_file(records, asset_dict, output_type, task_type_dict)
    add_output_file(records, asset_dict, output_type, task_type_dict)
    with warns_of("gazu.files.get_last_entity_output_revision"):
        last_revision = gazu.files.get_last_entity_ouput_revision(
            task, output_type
        )
    assert last_revision == 2
    assert (
        next_revision_held(records, asset_dict, output_type, task_type_dict)
        == 3
    )

    with warns_of("gazu.files.get_last_entity_output_revision"):
        assert (
            gazu.files.get_last_entity_ouput_revision(
                asset_dict, output_type, task_type_dict
            )
            == 2
        )


# For an instance, the server needs its shot, too. The call of the example, with a task and an
# output type, worked in no release: it names neither the instance nor the shot. The misspelt
# names accept the arguments of the correct names only.


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_get_next_asset_instance_ouput_revision(
    records,
    asset_instance_dict,
    shot_dict,
    task_dict,
    task_type_dict,
    output_type,
):
    task = task_dict
    with pytest.raises(TypeError):
        gazu.files.get_next_asset_instance_ouput_revision(task, output_type)

    arguments = (asset_instance_dict, shot_dict, output_type, task_type_dict)
    with warns_of("gazu.files.get_next_asset_instance_output_revision"):
        next_revision = gazu.files.get_next_asset_instance_ouput_revision(
            *arguments
        )
    assert next_revision == 1
    add_output_file(
        records, asset_instance_dict, output_type, task_type_dict, shot_dict
    )
    with warns_of("gazu.files.get_next_asset_instance_output_revision"):
        next_revision = gazu.files.get_next_asset_instance_ouput_revision(
            *arguments
        )
    assert next_revision == 2
    path = "data/asset-instances/{}/entities/{}/output-files/next-revision"
    values = {
        "name": "master",
        "output_type_id": output_type["id"],
        "task_type_id": task_type_dict["id"],
    }
    stored = records.post(
        path.format(asset_instance_dict["id"], shot_dict["id"]), values
    )
    assert stored["next_revision"] == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_get_last_asset_instance_ouput_revision(
    records,
    asset_instance_dict,
    shot_dict,
    task_dict,
    task_type_dict,
    output_type,
):
    task = task_dict
    with pytest.raises(TypeError):
        gazu.files.get_last_asset_instance_ouput_revision(task, output_type)

    add_output_file(
        records, asset_instance_dict, output_type, task_type_dict, shot_dict
    )
    added = add_output_file(
        records, asset_instance_dict, output_type, task_type_dict, shot_dict
    )
    with warns_of("gazu.files.get_last_asset_instance_output_revision"):
        last_revision = gazu.files.get_last_asset_instance_ouput_revision(
            asset_instance_dict, shot_dict, output_type, task_type_dict
        )
    assert (
        last_revision
        == records.get("data/output-files/" + added["id"])["revision"]
        == 2
    )
