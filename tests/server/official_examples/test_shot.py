"""Shots, sequences and episodes in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest
from gazu.exception import ParameterException, RouteNotFoundException

from ..scenarios.records import ServerRecords, ids, names, warns_of


@pytest.fixture(scope="module")
def records(zou, production, admin):
    return ServerRecords(zou)


@pytest.fixture(scope="module", autouse=True)
def episode(records, production):
    """An episode with a sequence that has the name of a sequence without an episode."""
    path = "data/projects/{}/".format(production.project["id"])
    made = records.post(path + "episodes", {"name": "E01"})
    made["sequence"] = records.post(
        path + "sequences", {"name": "SE01", "episode_id": made["id"]}
    )
    return made


def by_name(models):
    return sorted(models, key=lambda model: model["name"].lower())


def test_all_shots_for_project(records, production):
    project_dict = production.project
    shots = gazu.shot.all_shots_for_project(project_dict)
    assert set(ids(production.shots)) <= set(ids(shots))
    assert shots == by_name(
        records.get("data/projects/{}/shots".format(project_dict["id"]))
    )


def test_all_shots_for_sequence(records, production):
    sequence_dict = production.sequences[1]
    shots = gazu.shot.all_shots_for_sequence(sequence_dict)
    assert ids(shots) == ids(production.shots[3:])
    assert names(shots) == ["SH01", "SH02", "SH03"]
    assert shots == by_name(
        records.get("data/sequences/{}/shots".format(sequence_dict["id"]))
    )


def test_all_sequences_for_project(records, production, episode):
    project_id = production.project["id"]
    sequences = gazu.shot.all_sequences_for_project(project_id)
    assert set(ids([*production.sequences, episode["sequence"]])) <= set(
        ids(sequences)
    )
    assert sequences == by_name(
        records.get("data/projects/{}/sequences".format(project_id))
    )


def test_all_sequences_for_episode(records, episode):
    episode_dict = episode
    sequences = gazu.shot.all_sequences_for_episode(episode_dict)
    assert episode["sequence"]["id"] in ids(sequences)
    assert {sequence["parent_id"] for sequence in sequences} == {episode["id"]}
    assert sequences == by_name(
        records.get("data/episodes/{}/sequences".format(episode["id"]))
    )


def test_all_episodes_for_project(records, production, episode):
    project_dict = production.project
    episodes = gazu.shot.all_episodes_for_project(project_dict)
    assert episode["id"] in ids(episodes)
    assert episodes == by_name(
        records.get("data/projects/{}/episodes".format(project_dict["id"]))
    )


def test_get_shot(records, production):
    shot_id = production.shots[4]["id"]
    shot = gazu.shot.get_shot(shot_id)
    assert shot["name"] == "SH02"
    assert shot["parent_id"] == production.sequences[1]["id"]
    assert shot == records.get("data/shots/" + shot_id)


def test_get_shot_by_name(records, production):
    sequence_dict = production.sequences[1]
    shot = gazu.shot.get_shot_by_name(sequence_dict, "SH01")
    assert shot["id"] == production.shots[3]["id"]
    assert records.get("data/shots/" + shot["id"])["name"] == "SH01"


def test_get_sequence(records, production):
    # The variable is called "shot_id", but the function reads a sequence.
    shot_id = production.sequences[0]["id"]
    sequence = gazu.shot.get_sequence(shot_id)
    assert sequence["name"] == "SE01"
    assert sequence == records.get("data/sequences/" + shot_id)

    shot_id = production.shots[0]["id"]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.shot.get_sequence(shot_id)
    assert str(failure.value) == "data/sequences/" + shot_id
    assert records.lacks("data/sequences/" + shot_id)


def test_get_sequence_by_name(records, production, episode):
    project_dict = production.project
    episode_dict = episode
    sequence = gazu.shot.get_sequence_by_name(
        project_dict, "SE01", episode=episode_dict
    )
    assert (
        sequence["id"]
        == episode["sequence"]["id"]
        != production.sequences[0]["id"]
    )
    assert (
        records.get("data/sequences/" + sequence["id"])["parent_id"]
        == episode["id"]
    )


def test_get_episode(records, production, episode):
    # The variable is called "shot_id", but the function reads an episode.
    shot_id = episode["id"]
    found = gazu.shot.get_episode(shot_id)
    assert found["name"] == "E01"
    assert found == records.get("data/episodes/" + shot_id)

    shot_id = production.shots[0]["id"]
    with pytest.raises(RouteNotFoundException) as failure:
        gazu.shot.get_episode(shot_id)
    assert str(failure.value) == "data/episodes/" + shot_id
    assert records.lacks("data/episodes/" + shot_id)


def test_get_episode_by_name(records, production):
    project_dict = production.project
    assert gazu.shot.get_episode_by_name(project_dict, "SE01") is None
    path = "data/projects/{}/episodes".format(project_dict["id"])
    made = records.post(path, {"name": "SE01"})
    episode = gazu.shot.get_episode_by_name(project_dict, "SE01")
    assert episode["id"] == made["id"]
    assert records.get("data/episodes/" + episode["id"])["name"] == "SE01"


def test_new_shot(records, production):
    project_dict = production.project
    path = "data/projects/{}/sequences".format(project_dict["id"])
    sequence_dict = records.post(path, {"name": "SE10"})
    shot = gazu.shot.new_shot(
        project_dict,
        sequence_dict,
        "SH01",
        frame_in=10,
        frame_out=20,
        data={"extra_data": "value"},
    )
    stored = records.get("data/shots/" + shot["id"])
    assert stored["name"] == "SH01"
    assert stored["parent_id"] == sequence_dict["id"]
    assert stored["project_id"] == project_dict["id"]
    assert stored["data"] == {
        "extra_data": "value",
        "frame_in": 10,
        "frame_out": 20,
    }

    # A second call finds the shot instead of creating another.
    again = gazu.shot.new_shot(project_dict, sequence_dict, "SH01")
    assert again["id"] == shot["id"]
    assert (
        len(records.get("data/sequences/{}/shots".format(sequence_dict["id"])))
        == 1
    )


def test_new_sequence(records, production, episode):
    # This is the order of releases up to 0.6. Today's is (project, name, episode), in which a
    # name is an invalid episode. The meaning is clear, so that the call works, with a warning.
    project_dict = production.project
    name = "SE11"
    with warns_of("gazu.shot.new_sequence"):
        sequence = gazu.shot.new_sequence(project_dict, episode, name)
    stored = records.get("data/sequences/" + sequence["id"])
    assert stored["name"] == "SE11"
    assert stored["parent_id"] == episode["id"]
    assert stored["project_id"] == project_dict["id"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_new_sequence_in_the_order_of_today(records, production, episode):
    sequence = gazu.shot.new_sequence(production.project, "SE12", episode)
    assert (
        records.get("data/sequences/" + sequence["id"])["parent_id"]
        == episode["id"]
    )
    with pytest.raises(ValueError):
        gazu.shot.new_sequence(production.project, "SE13", "not an episode")
    with pytest.raises(ValueError):
        gazu.shot.new_sequence("not a project", episode, "SE13")
    path = "data/projects/{}/sequences".format(production.project["id"])
    assert "SE13" not in names(records.get(path))


def test_new_episode(records, production):
    project_dict = production.project
    path = "data/projects/{}/episodes".format(project_dict["id"])
    assert "SH01" not in names(records.get(path))
    episode = gazu.shot.new_episode(project_dict, "SH01")
    assert records.get("data/episodes/" + episode["id"])["name"] == "SH01"
    assert names(records.get(path)).count("SH01") == 1


def test_update_shot(records, production):
    # No release accepted the field as a keyword. The meaning is clear: the shot with that field.
    # The server adds the given data to that of the shot, so that {} does not change it.
    shot = dict(production.shots[2], nb_frames=96)
    before = records.get("data/shots/" + shot["id"])
    with warns_of("gazu.shot.update_shot"):
        shot = gazu.shot.update_shot(shot, data={})
    stored = records.get("data/shots/" + shot["id"])
    assert shot["id"] == production.shots[2]["id"]
    assert (
        shot["data"]
        == stored["data"]
        == before["data"]
        == {"frame_in": 1001, "frame_out": 1048}
    )
    assert shot["nb_frames"] == stored["nb_frames"] == 96

    with warns_of("gazu.shot.update_shot"):
        gazu.shot.update_shot(shot, data={"weather": "rain"})
    assert records.get("data/shots/" + shot["id"])["data"]["weather"] == "rain"


def test_update_shot_takes_no_other_keyword(records, production):
    shot = production.shots[2]
    with pytest.raises(TypeError):
        gazu.shot.update_shot(shot, name="SH99")
    assert records.get("data/shots/" + shot["id"])["name"] == shot["name"]


def test_new_shot_asset_instance(records, production):
    # Its route now puts an instance of a scene into a shot, and rejects what 0.5.0 sent.
    shot_dict = production.shots[1]
    asset_dict = production.assets[0]
    path = "data/shots/{}/asset-instances".format(shot_dict["id"])
    with pytest.warns(
        DeprecationWarning,
        match=r"gazu\.(shot\.add_asset_instance_to_shot|scene\.new_scene_asset_instance)",
    ), pytest.raises(ParameterException) as failure:
        gazu.shot.new_shot_asset_instance(shot_dict, asset_dict)
    assert failure.value.args == (
        path,
        "Validation error. (asset_instance_id: Field required)",
    )
    assert records.get(path) == {}


def test_all_asset_instances_for_shot(records, production):
    asset, shot_dict = production.assets[0], production.shots[0]
    instance = records.new_asset_instance(
        asset, records.new_scene(production.sequences[0], "SC01"), shot_dict
    )
    asset_instances = gazu.shot.all_asset_instances_for_shot(shot_dict)
    assert list(asset_instances) == [asset["id"]]
    assert ids(asset_instances[asset["id"]]) == [instance["id"]]
    assert asset_instances == records.get(
        "data/shots/{}/asset-instances".format(shot_dict["id"])
    )
