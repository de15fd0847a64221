"""Assets, their types and their instances in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest
from gazu.exception import RouteNotFoundException

from ..scenarios.records import ServerRecords, ids, names


@pytest.fixture(scope="module")
def records(zou, production, admin):
    return ServerRecords(zou)


@pytest.fixture(scope="module", autouse=True)
def instances(records, production):
    """The first asset is cast in the first shot, has an instance in it, and one of the third asset."""
    asset, _, part = production.assets
    shot = production.shots[0]
    records.put(
        "data/projects/{}/entities/{}/casting".format(
            production.project["id"], shot["id"]
        ),
        [{"asset_id": asset["id"], "nb_occurences": 2}],
    )
    scene = records.new_scene(production.sequences[0], "SC01")
    within = records.post(
        "data/assets/{}/asset-asset-instances".format(asset["id"]),
        {"asset_to_instantiate_id": part["id"], "description": "a part"},
    )
    return {
        "in_shot": records.new_asset_instance(asset, scene, shot),
        "in_asset": within,
    }


@pytest.fixture
def new_type(records):
    """An asset type for one test."""
    made = records.post("data/entity-types", {"name": "Vehicle"})
    yield made
    if not records.lacks("data/entity-types/" + made["id"]):
        records.delete("data/entity-types/" + made["id"])


def test_all_assets_for_project(records, production):
    project_dict = production.project
    assets = gazu.asset.all_assets_for_project(project_dict)
    stored = records.get("data/projects/{}/assets".format(project_dict["id"]))
    assert {"Fence", "Lama", "Penguin"} <= set(names(assets))
    assert assets == sorted(stored, key=lambda asset: asset["name"].lower())


def test_all_assets_for_shot(records, production):
    shot_dict = production.shots[0]
    assets = gazu.asset.all_assets_for_shot(shot_dict)
    assert ids(assets) == [production.assets[0]["id"]]
    assert assets == records.get(
        "data/shots/{}/assets".format(shot_dict["id"])
    )
    assert gazu.asset.all_assets_for_shot(production.shots[1]) == []


def test_all_assets_for_project_and_type(records, production):
    project_dict = production.project
    asset_type_dict = production.asset_types["Character"]
    assets = gazu.asset.all_assets_for_project_and_type(
        project_dict, asset_type_dict
    )
    path = "data/projects/{}/asset-types/{}/assets"
    stored = records.get(
        path.format(project_dict["id"], asset_type_dict["id"])
    )
    assert {"Lama", "Penguin"} <= set(names(assets))
    assert "Fence" not in names(assets)
    assert assets == sorted(stored, key=lambda asset: asset["name"].lower())


def test_all_asset_types(records):
    asset_types = gazu.asset.all_asset_types()
    assert {"Character", "Environment", "FX", "Prop"} <= set(
        names(asset_types)
    )
    assert "Shot" not in names(asset_types)
    assert asset_types == sorted(
        records.get("data/asset-types"), key=lambda kind: kind["name"].lower()
    )


def test_all_asset_types_for_project(records, production):
    project_dict = production.project
    asset_types = gazu.asset.all_asset_types_for_project(project_dict)
    assert names(asset_types) == ["Character", "Prop"]
    stored = records.get(
        "data/projects/{}/asset-types".format(project_dict["id"])
    )
    assert sorted(ids(asset_types)) == sorted(ids(stored))


def test_all_asset_types_for_shot(records, production):
    shot_dict = production.shots[0]
    asset_types = gazu.asset.all_asset_types_for_shot(shot_dict)
    assert names(asset_types) == ["Character"]
    assert asset_types == records.get(
        "data/shots/{}/asset-types".format(shot_dict["id"])
    )
    assert gazu.asset.all_asset_types_for_shot(production.shots[1]) == []


def test_get_asset(records, production):
    asset_id = production.assets[1]["id"]
    asset = gazu.asset.get_asset(asset_id)
    assert asset["name"] == "Penguin"
    assert asset == records.get("data/assets/" + asset_id)


def test_get_asset_by_name(records, production):
    project_dict = production.project
    asset_name = "Fence"
    asset = gazu.asset.get_asset_by_name(project_dict, asset_name)
    assert asset["id"] == production.assets[2]["id"]
    assert records.get("data/assets/" + asset["id"])["name"] == "Fence"
    assert gazu.asset.get_asset_by_name(project_dict, "Gate") is None


def test_get_asset_by_name_lama(records, production):
    project = production.project
    asset = gazu.asset.get_asset_by_name(project, "Lama")
    assert asset["id"] == production.assets[0]["id"]
    assert records.get("data/assets/" + asset["id"])["name"] == "Lama"


def test_get_asset_type(records, production):
    asset_type_id = production.asset_types["Prop"]["id"]
    asset_type = gazu.asset.get_asset_type(asset_type_id)
    assert asset_type["name"] == "Prop"
    assert asset_type == records.get("data/asset-types/" + asset_type_id)


def test_get_asset_type_by_name(records, production):
    asset_type_name = "Character"
    asset_type = gazu.asset.get_asset_type_by_name(asset_type_name)
    assert asset_type["id"] == production.asset_types["Character"]["id"]
    assert asset_type == records.get("data/entity-types?name=Character")[0]
    assert gazu.asset.get_asset_type_by_name("Vegetable") is None


def test_new_asset(records, production):
    project_dict = production.project
    asset_type_dict = production.asset_types["Character"]
    asset = gazu.asset.new_asset(
        project_dict, asset_type_dict, "My new asset", "My asset description"
    )
    try:
        stored = records.get("data/assets/" + asset["id"])
        assert stored["name"] == "My new asset"
        assert stored["description"] == "My asset description"
        assert stored["project_id"] == project_dict["id"]
        assert stored["entity_type_id"] == asset_type_dict["id"]
    finally:
        records.delete("data/assets/{}?force=true".format(asset["id"]))


def test_update_asset(records, production):
    made = records.new_asset(
        production.project, production.asset_types["Prop"], "Gate"
    )
    new_values_dict = {
        "id": made["id"],
        "name": "Iron gate",
        "data": {"height": 3},
    }
    asset = gazu.asset.update_asset(new_values_dict)
    stored = records.get("data/assets/" + made["id"])
    assert asset["id"] == made["id"]
    assert asset["name"] == stored["name"] == "Iron gate"
    assert asset["data"] == stored["data"] == {"height": 3}
    assert stored["entity_type_id"] == made["entity_type_id"]
    assert new_values_dict == {
        "id": made["id"],
        "name": "Iron gate",
        "data": {"height": 3},
    }


def test_remove_asset(records, production):
    asset = records.new_asset(
        production.project, production.asset_types["Prop"], "Wheel"
    )
    assert gazu.asset.remove_asset(asset) == ""
    assert records.lacks("data/assets/" + asset["id"])


def test_new_asset_type(records):
    assert records.get("data/entity-types?name=my%20new%20asset_type") == []
    asset_type = gazu.asset.new_asset_type("my new asset_type")
    try:
        stored = records.get("data/entity-types/" + asset_type["id"])
        assert asset_type["name"] == stored["name"] == "my new asset_type"
        assert asset_type["id"] in ids(records.get("data/asset-types"))
    finally:
        records.delete("data/entity-types/" + asset_type["id"])


def test_update_asset_type(records, new_type):
    new_values_dict = {"id": new_type["id"], "name": "Vehicles"}
    asset_type = gazu.asset.update_asset_type(new_values_dict)
    stored = records.get("data/entity-types/" + new_type["id"])
    assert asset_type["id"] == new_type["id"]
    assert asset_type["name"] == stored["name"] == "Vehicles"


def test_remove_asset_type(records, production, new_type):
    # The variable is called "asset", but the function removes an asset type.
    asset = new_type
    assert gazu.asset.remove_asset_type(asset) == ""
    assert records.lacks("data/entity-types/" + asset["id"])

    # An asset is not an asset type: the server finds no type with its id, and keeps the asset.
    asset = production.assets[2]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.asset.remove_asset_type(asset)
    assert str(failure.value) == "data/entity-types/" + asset["id"]
    assert records.get("data/assets/" + asset["id"])["name"] == "Fence"


# The example omits the module of the next three functions: gazu.asset.


def test_get_asset_instance(records, production, instances):
    from gazu.asset import get_asset_instance

    asset_instance_id = instances["in_shot"]["id"]
    asset_instance = get_asset_instance(asset_instance_id)
    assert asset_instance["asset_id"] == production.assets[0]["id"]
    assert asset_instance["description"] == "by the door"
    assert asset_instance == records.get(
        "data/asset-instances/" + asset_instance_id
    )


def test_all_asset_instances_for_asset(records, production, instances):
    from gazu.asset import all_asset_instances_for_asset

    asset_dict = production.assets[0]
    asset_instances = all_asset_instances_for_asset(asset_dict)
    # The server returns the instances in the asset, by the asset that they are instances of.
    part_id = production.assets[2]["id"]
    assert list(asset_instances) == [part_id]
    assert ids(asset_instances[part_id]) == [instances["in_asset"]["id"]]
    path = "data/assets/{}/asset-asset-instances".format(asset_dict["id"])
    assert asset_instances == records.get(path)


def test_all_asset_instances_for_shot(records, production, instances):
    from gazu.asset import all_asset_instances_for_shot

    shot_dict = production.shots[0]
    asset_instances = all_asset_instances_for_shot(shot_dict)
    asset_id = production.assets[0]["id"]
    assert list(asset_instances) == [asset_id]
    assert ids(asset_instances[asset_id]) == [instances["in_shot"]["id"]]
    assert asset_instances == records.get(
        "data/shots/{}/asset-instances".format(shot_dict["id"])
    )
