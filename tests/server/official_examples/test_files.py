"""File trees, working files and output files in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest
from gazu.exception import RouteNotFoundException

from ..scenarios.records import FILE_TREE, ServerRecords, ids, names, warns_of


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
def person_dict(production):
    return production.artist


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
def software_dict(records):
    maya = {"name": "Maya", "short_name": "maya", "file_extension": ".ma"}
    return records.post("data/softwares", maya)


@pytest.fixture(scope="module", autouse=True)
def output_type_dict(records):
    return records.post(
        "data/output-types", {"name": "Cache", "short_name": "abc"}
    )


@pytest.fixture(scope="module")
def asset_instance_dict(records, production, asset_dict, shot_dict):
    scene = records.new_scene(production.sequences[0], "SC01")
    return records.new_asset_instance(asset_dict, scene, shot_dict)


@pytest.fixture(scope="module")
def source_working_file_dict(records, task_dict, software_dict):
    path = "data/tasks/{}/working-files/new".format(task_dict["id"])
    values = {
        "name": "source",
        "software_id": software_dict["id"],
        "comment": "blocking",
    }
    return records.post(path, values)


@pytest.fixture(scope="module")
def publish(records, output_type_dict, task_type_dict):
    """Return a function that makes an output file of an entity, or of an instance in a shot."""

    def publish(entity, name, shot=None, representation="abc"):
        path = "data/entities/{}/output-files/new".format(entity["id"])
        if shot is not None:
            path = (
                "data/asset-instances/{}/entities/{}/output-files/new".format(
                    entity["id"], shot["id"]
                )
            )
        values = {
            "output_type_id": output_type_dict["id"],
            "task_type_id": task_type_dict["id"],
            "name": name,
            "representation": representation,
            "comment": "published",
        }
        return records.post(path, values)

    return publish


@pytest.fixture(scope="module")
def published(publish, asset_dict, shot_dict, asset_instance_dict):
    """Two revisions for the asset and for its instance in a shot, one for the shot."""
    return {
        "asset": [publish(asset_dict, "rig"), publish(asset_dict, "rig")],
        "shot": [publish(shot_dict, "layout")],
        "instance": [
            publish(asset_instance_dict, "pose", shot_dict),
            publish(asset_instance_dict, "pose", shot_dict),
        ],
    }


# The file tree.


@pytest.fixture
def project_id(records):
    project = records.post(
        "data/projects", {"name": "Agent 327", "production_type": "short"}
    )
    yield project["id"]
    records.remove_project(project)


def test_set_project_file_tree(records, project_id):
    # The server has no templates any more, so that the route of 1.1.12 does not exist.
    file_tree_template_name = "default"
    with warns_of("gazu.files.update_project_file_tree"):
        with pytest.raises(RouteNotFoundException) as failure:
            gazu.files.set_project_file_tree(
                project_id, file_tree_template_name
            )
    assert str(failure.value) == "actions/projects/{}/set-file-tree".format(
        project_id
    )
    assert records.get("data/projects/" + project_id)["file_tree"] is None


def test_update_project_file_tree(records, project_id):
    project = gazu.files.update_project_file_tree(
        project_id,
        {
            "working": {
                "mountpoint": "/working_files",
                "root": "productions",
                "folder_path": {
                    "shot": "<Project>/shots/<Sequence>/<Shot>/<TaskType>",
                    "asset": "<Project>/assets/<AssetType>/<Asset>/<TaskType>",
                    "sequence": "<Project>/sequences/<Sequence>>/<TaskType>",
                    "style": "lowercase",
                },
                "file_name": {
                    "shot": "<Project>_<Sequence>_<Shot>_<TaskType>",
                    "asset": "<Project>_<AssetType>_<Asset>_<TaskType>",
                    "sequence": "<Project>_<Sequence>_<TaskType>",
                    "style": "lowercase",
                },
            }
        },
    )
    assert project["id"] == project_id
    stored = records.get("data/projects/" + project_id)["file_tree"]
    assert stored == project["file_tree"]
    assert list(stored) == ["working"]
    assert stored["working"]["mountpoint"] == "/working_files"
    assert stored["working"]["folder_path"] == {
        "shot": "<Project>/shots/<Sequence>/<Shot>/<TaskType>",
        "asset": "<Project>/assets/<AssetType>/<Asset>/<TaskType>",
        "sequence": "<Project>/sequences/<Sequence>>/<TaskType>",
        "style": "lowercase",
    }


# Output types.


def test_all_output_types(records, output_type_dict):
    output_types = gazu.files.all_output_types()
    assert output_type_dict["id"] in ids(output_types)
    assert output_types == records.get("data/output-types")


def test_get_output_type(records, output_type_dict):
    output_type_id = output_type_dict["id"]
    output_type = gazu.files.get_output_type(output_type_id)
    assert (output_type["name"], output_type["short_name"]) == ("Cache", "abc")
    assert output_type == records.get("data/output-types/" + output_type_id)


def test_get_output_type_by_name(records, output_type_dict):
    output_type = gazu.files.get_output_type_by_name("Cache")
    assert output_type["id"] == output_type_dict["id"]
    assert output_type == records.get("data/output-types?name=Cache")[0]
    assert gazu.files.get_output_type_by_name("Cash") is None


def test_all_output_types_for_entity_of_an_asset(
    records, asset_dict, output_type_dict, published
):
    output_types = gazu.files.all_output_types_for_entity(asset_dict)
    assert output_type_dict["id"] in ids(output_types)
    stored = records.get(
        "data/entities/{}/output-types".format(asset_dict["id"])
    )
    assert sorted(ids(output_types)) == sorted(ids(stored))


def test_all_output_types_for_entity_of_a_shot(
    records, shot_dict, production, published
):
    output_types = gazu.files.all_output_types_for_entity(shot_dict)
    assert names(output_types) == ["Cache"]
    assert output_types == records.get(
        "data/entities/{}/output-types".format(shot_dict["id"])
    )
    assert gazu.files.all_output_types_for_entity(production.shots[1]) == []


def test_all_output_types_for_asset_instance(
    records, asset_instance_dict, shot_dict, output_type_dict, published
):
    # Release 0.5.0 did not send the shot of the instance. The server has no such route any more,
    # and the example does not name the shot, so that the call raises, as with upstream.
    asset_dict = asset_instance_dict
    with pytest.raises(TypeError):
        gazu.files.all_output_types_for_asset_instance(asset_dict)

    output_types = gazu.files.all_output_types_for_asset_instance(
        asset_dict, shot_dict
    )
    assert ids(output_types) == [output_type_dict["id"]]
    path = "data/asset-instances/{}/entities/{}/output-types"
    assert output_types == records.get(
        path.format(asset_instance_dict["id"], shot_dict["id"])
    )


def test_new_output_type(records):
    # The server creates a type of this name itself when it needs one.
    for made in records.get("data/output-types?name=Geometry"):
        records.delete("data/output-types/" + made["id"])
    output_type = gazu.files.new_output_type("Geometry", "geo")
    stored = records.get("data/output-types?name=Geometry")
    assert ids(stored) == [output_type["id"]]
    assert stored[0]["short_name"] == "geo"

    # A second call finds the type instead of creating another.
    assert (
        gazu.files.new_output_type("Geometry", "geo")["id"]
        == output_type["id"]
    )
    assert len(records.get("data/output-types?name=Geometry")) == 1


# Softwares.


def test_all_softwares(records, software_dict):
    softwares = gazu.files.all_softwares()
    assert software_dict["id"] in ids(softwares)
    assert softwares == records.get("data/softwares")


def test_get_software(records, software_dict):
    software_id = software_dict["id"]
    software = gazu.files.get_software(software_id)
    assert (software["name"], software["file_extension"]) == ("Maya", ".ma")
    assert software == records.get("data/softwares/" + software_id)


def test_get_software_by_name(records, software_dict):
    software = gazu.files.get_software_by_name("Maya")
    assert software["id"] == software_dict["id"]
    assert software == records.get("data/softwares?name=Maya")[0]
    assert gazu.files.get_software_by_name("Mayonnaise") is None


# Output files.


def test_get_output_file(records, published):
    output_file_id = published["asset"][0]["id"]
    output_file = gazu.files.get_output_file(output_file_id)
    assert (output_file["name"], output_file["revision"]) == ("rig", 1)
    assert output_file == records.get("data/output-files/" + output_file_id)


def test_get_output_file_by_path(records, published):
    path = published["asset"][1]["path"]
    assert path == (
        "/publish/productions/caminandes/assets/character/lama/cache/"
        "caminandes_character_lama_cache_rig_v002"
    )
    output_file = gazu.files.get_output_file_by_path(path)
    assert output_file["id"] == published["asset"][1]["id"]
    assert (
        records.get("data/output-files/" + output_file["id"])["path"] == path
    )
    assert gazu.files.get_output_file_by_path(path + ".bak") is None


def test_all_output_files_for_entity(
    records, asset_dict, output_type_dict, publish, published
):
    other = publish(asset_dict, "rig", representation="obj")
    output_files = gazu.files.all_output_files_for_entity(
        asset_dict, output_type_dict, representation="abc"
    )
    assert set(ids(published["asset"])) <= set(ids(output_files))
    assert other["id"] not in ids(output_files)
    assert {output_file["representation"] for output_file in output_files} == {
        "abc"
    }
    path = "data/entities/{}/output-files?output_type_id={}&representation=abc"
    stored = records.get(path.format(asset_dict["id"], output_type_dict["id"]))
    assert sorted(ids(output_files)) == sorted(ids(stored))


def test_all_output_files_for_asset_instance(
    records, asset_instance_dict, output_type_dict, shot_dict, published
):
    # Today the second argument is the shot of the instance. No shot has the id of an output
    # type, so that there is no file.
    asset_dict = asset_instance_dict
    output_files = gazu.files.all_output_files_for_asset_instance(
        asset_dict, output_type_dict, representation="abc"
    )
    assert output_files == []
    path = "data/asset-instances/{}/output-files?temporal_entity_id={}&representation=abc"
    assert (
        records.get(
            path.format(asset_instance_dict["id"], output_type_dict["id"])
        )
        == []
    )

    output_files = gazu.files.all_output_files_for_asset_instance(
        asset_instance_dict,
        shot_dict,
        output_type=output_type_dict,
        representation="abc",
    )
    assert sorted(ids(published["instance"])) == sorted(ids(output_files))
    stored = records.get(
        "data/asset-instances/{}/output-files".format(
            asset_instance_dict["id"]
        )
    )
    assert sorted(ids(stored)) == sorted(ids(output_files))


def test_get_last_output_files_for_entity_of_an_asset(
    records, asset_dict, published
):
    output_files_dict = gazu.files.get_last_output_files_for_entity(asset_dict)
    last = [
        one
        for one in output_files_dict
        if one["name"] == "rig" and one["representation"] == "abc"
    ]
    assert ids(last) == [published["asset"][1]["id"]]
    assert last[0]["revision"] == 2
    path = "data/entities/{}/output-files/last-revisions".format(
        asset_dict["id"]
    )
    assert sorted(ids(output_files_dict)) == sorted(ids(records.get(path)))


def test_get_last_output_files_for_entity_of_a_shot(
    records, shot_dict, published
):
    output_files_dict = gazu.files.get_last_output_files_for_entity(shot_dict)
    assert published["shot"][0]["id"] in ids(output_files_dict)
    path = "data/entities/{}/output-files/last-revisions".format(
        shot_dict["id"]
    )
    assert output_files_dict == records.get(path)


def test_get_last_output_files_for_asset_instance(
    records, asset_instance_dict, shot_dict, published
):
    # The call raises without the shot of the instance, as for its output types.
    with pytest.raises(TypeError):
        gazu.files.get_last_output_files_for_asset_instance(
            asset_instance_dict
        )

    output_files = gazu.files.get_last_output_files_for_asset_instance(
        asset_instance_dict, shot_dict
    )
    assert ids(output_files) == [published["instance"][1]["id"]]
    path = "data/asset-instances/{}/entities/{}/output-files/last-revisions"
    assert output_files == records.get(
        path.format(asset_instance_dict["id"], shot_dict["id"])
    )


# New output files.


@pytest.fixture
def output_type(records):
    """An output type that no file has yet."""
    return records.post(
        "data/output-types",
        {"name": "Set {}".format(next(numbers)), "short_name": "s"},
    )


numbers = iter(range(1, 1000))


def test_new_entity_output_file(
    records,
    asset_dict,
    output_type,
    task_type_dict,
    source_working_file_dict,
    person_dict,
):
    # This is the order of release 0.5.0, with the working file before the comment. With today's
    # order a comment in place of the working file is invalid. The meaning is clear, so that the
    # call works, with a warning.
    output_type_dict = output_type
    with warns_of("gazu.files.new_entity_output_file"):
        output_file = gazu.files.new_entity_output_file(
            asset_dict,  # or shot_dict
            output_type_dict,
            task_type_dict,
            source_working_file_dict,
            "comment",
            person=person_dict,  # author
            revision=1,
            nb_elements=1,  # change it only for image sequences
            representation="ob",
            sep="/",
        )
    stored = records.get("data/output-files/" + output_file["id"])
    assert stored["entity_id"] == asset_dict["id"]
    assert stored["output_type_id"] == output_type_dict["id"]
    assert stored["task_type_id"] == task_type_dict["id"]
    assert stored["source_file_id"] == source_working_file_dict["id"]
    assert stored["comment"] == "comment"
    assert stored["person_id"] == person_dict["id"]
    assert stored["revision"] == 1
    assert stored["nb_elements"] == 1
    assert stored["representation"] == "ob"
    assert stored["path"].startswith(
        "/publish/productions/caminandes/assets/character/lama/"
    )


def test_new_entity_output_file_in_the_order_of_today(
    records, asset_dict, output_type, task_type_dict, source_working_file_dict
):
    output_file = gazu.files.new_entity_output_file(
        asset_dict,
        output_type,
        task_type_dict,
        "comment",
        source_working_file_dict,
    )
    stored = records.get("data/output-files/" + output_file["id"])
    assert stored["comment"] == "comment"
    assert stored["source_file_id"] == source_working_file_dict["id"]
    with pytest.raises(ValueError):
        gazu.files.new_entity_output_file(
            asset_dict,
            output_type,
            task_type_dict,
            "comment",
            "not a working file",
        )


def test_new_asset_instance_output_file(
    records,
    asset_instance_dict,
    shot_dict,
    output_type_dict,
    task_type_dict,
    source_working_file_dict,
    person_dict,
):
    # This is the order of release 0.5.0, without the shot of the instance. The server no longer
    # has that route. Today's function reads the output type as the shot, and finds none.
    path = "data/asset-instances/{}/output-files".format(
        asset_instance_dict["id"]
    )
    before = records.get(path)
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.files.new_asset_instance_output_file(
            asset_instance_dict,
            output_type_dict,
            task_type_dict,
            source_working_file_dict,
            "comment",
            person=person_dict,  # author
            revision=1,
            nb_elements=1,  # change it only for image sequences
            representation="ob",
            sep="/",
        )
    sent = "data/asset-instances/{}/entities/{}/output-files/new"
    sent = sent.format(asset_instance_dict["id"], output_type_dict["id"])
    assert str(failure.value) == sent
    assert records.get(path) == before

    output_file = gazu.files.new_asset_instance_output_file(
        asset_instance_dict,
        shot_dict,
        output_type_dict,
        task_type_dict,
        "comment",
        working_file=source_working_file_dict,
        person=person_dict,
        revision=1,
        nb_elements=1,
        representation="ob",
        sep="/",
    )
    stored = records.get("data/output-files/" + output_file["id"])
    assert stored["asset_instance_id"] == asset_instance_dict["id"]
    assert stored["temporal_entity_id"] == shot_dict["id"]
    assert stored["source_file_id"] == source_working_file_dict["id"]
    assert stored["person_id"] == person_dict["id"]
    assert stored["name"] == "master"
    records.delete("data/output-files/" + output_file["id"])


# Working files.


@pytest.fixture(scope="module")
def revisions(records, production, software_dict):
    """Two revisions of a working file on a task that has no other."""
    path = "data/tasks/{}/working-files/new".format(production.tasks[1]["id"])
    values = {"name": "main", "software_id": software_dict["id"]}
    return [records.post(path, values), records.post(path, values)]


def test_get_working_files_for_task(records, production, revisions):
    task = production.tasks[1]
    working_files = gazu.files.get_working_files_for_task(task)
    assert sorted(one["revision"] for one in working_files) == [1, 2]
    assert sorted(ids(working_files)) == sorted(ids(revisions))
    assert working_files == records.get(
        "data/tasks/{}/working-files".format(task["id"])
    )


def test_get_last_working_files(records, production, revisions):
    task = production.tasks[1]
    working_files = gazu.files.get_last_working_files(task)
    # The keys are the names of the files.
    assert list(working_files) == ["main"]
    assert working_files["main"]["id"] == revisions[1]["id"]
    path = "data/tasks/{}/working-files/last-revisions".format(task["id"])
    assert working_files == records.get(path)


def test_get_working_file(records, revisions):
    working_id = revisions[0]["id"]
    working_file = gazu.files.get_working_file(working_id)
    assert (working_file["name"], working_file["revision"]) == ("main", 1)
    assert working_file == records.get("data/working-files/" + working_id)


def test_get_last_working_file_revision(records, production, revisions):
    task_dict = production.tasks[1]
    working_file = gazu.files.get_last_working_file_revision(
        task_dict, name="main"
    )
    assert working_file["id"] == revisions[1]["id"]
    assert working_file["revision"] == 2
    assert (
        records.get("data/working-files/" + working_file["id"])["revision"]
        == 2
    )
    assert (
        gazu.files.get_last_working_file_revision(task_dict, name="side")
        is None
    )


def test_new_working_file(records, production, software_dict, person_dict):
    # Neither a release nor the server accepts a scene: it is left out, with a warning.
    task_dict = production.tasks[2]
    with warns_of("gazu.files.new_working_file"):
        working_file = gazu.files.new_working_file(
            task_dict,
            name="main",
            software=software_dict,
            comment="",
            person=person_dict,  # Automatically set as current user if set to None
            scene=1,
            revision=0,  # If revision == 0, it is set as latest revision + 1
            sep="/",
        )
    stored = records.get("data/working-files/" + working_file["id"])
    assert stored["task_id"] == task_dict["id"]
    assert stored["name"] == "main"
    assert stored["software_id"] == software_dict["id"]
    assert stored["person_id"] == person_dict["id"]
    assert stored["revision"] == 1
    assert stored["path"] == (
        "/work/productions/caminandes/assets/character/penguin/modeling/"
        "caminandes_character_penguin_modeling_main_v001"
    )

    again = gazu.files.new_working_file(task_dict, software=software_dict)
    stored = records.get("data/working-files/" + again["id"])
    assert stored["revision"] == 2
    assert stored["person_id"] == records.user["id"]


def test_new_working_file_takes_no_other_keyword(records, task_dict):
    before = len(records.get("data/working-files"))
    with pytest.raises(TypeError):
        gazu.files.new_working_file(task_dict, shot=1)
    assert len(records.get("data/working-files")) == before


# Paths.


def test_build_working_file_path(records, task_dict, software_dict):
    before = len(records.get("data/working-files"))
    file_path = gazu.files.build_working_file_path(
        task_dict,
        name="main",
        mode="output",
        software=software_dict,
        revision=1,
        sep="/",
    )
    values = {
        "name": "main",
        "mode": "output",
        "software_id": software_dict["id"],
        "revision": 1,
    }
    stored = records.post(
        "data/tasks/{}/working-file-path".format(task_dict["id"]), values
    )
    assert file_path == stored["path"] + "/" + stored["name"]
    assert file_path.startswith(
        "/publish/productions/caminandes/assets/character/lama/"
    )
    assert len(records.get("data/working-files")) == before


def test_build_entity_output_file_path(
    records, asset_dict, output_type_dict, task_type_dict
):
    entity_dict = asset_dict
    before = len(records.get("data/output-files"))
    file_path = gazu.files.build_entity_output_file_path(
        entity_dict,
        output_type_dict,
        task_type_dict,
        name="main",
        mode="output",
        revision=1,
    )
    assert file_path == (
        "/publish/productions/caminandes/assets/character/lama/cache/"
        "caminandes_character_lama_cache_main_v001"
    )
    assert len(records.get("data/output-files")) == before


def test_build_asset_instance_output_file_path(
    records, asset_instance_dict, shot_dict, output_type_dict, task_type_dict
):
    temporal_entity_dict = shot_dict
    before = len(records.get("data/output-files"))
    file_path = gazu.files.build_asset_instance_output_file_path(
        asset_instance_dict,
        temporal_entity_dict,
        output_type_dict,
        task_type_dict,
        name="main",
        mode="output",
        revision=1,
    )
    assert file_path == (
        "/publish/productions/caminandes/shots/se01/sh01/lama_0001/cache/"
        "caminandes_sh01_lama_cache_main_v001"
    )
    assert len(records.get("data/output-files")) == before
