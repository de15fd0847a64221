"""Each call of the official examples is made, as it is written there, by the test named here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

# The movie of the example does not exist, so that the path of another one is used.
PLACES = {"/path/to/my/file.mp4": "path"}

CALLS = (
    ("user.test_all_tasks_to_do", "gazu.user.all_tasks_to_do()"),
    (
        "task.test_get_task_type_by_name_modeling",
        'gazu.task.get_task_type_by_name("modeling")',
    ),
    (
        "task.test_get_task_status_by_short_name",
        'gazu.task.get_task_status_by_short_name("wip")',
    ),
    (
        "project.test_get_project_by_name_caminandes",
        'gazu.project.get_project_by_name("Caminandes")',
    ),
    (
        "asset.test_get_asset_by_name_lama",
        'gazu.asset.get_asset_by_name(project, "Lama")',
    ),
    (
        "task.test_get_task_by_name",
        "gazu.task.get_task_by_name(asset, modeling)",
    ),
    (
        "task.test_add_comment",
        'gazu.task.add_comment(task, wip, "Change status to work in progress")',
    ),
    (
        "preview.test_add_preview",
        'gazu.task.add_preview(task, comment, "/path/to/my/file.mp4")',
    ),
    (
        "preview.test_set_main_preview",
        "gazu.task.set_main_preview(preview_file)",
    ),
    ("person.test_all_persons", "gazu.person.all_persons()"),
    (
        "person.test_get_person_by_full_name",
        'gazu.person.get_person_by_full_name("John Doe")',
    ),
    (
        "person.test_get_person_by_desktop_login",
        'gazu.person.get_person_by_desktop_login("john.doe")',
    ),
    ("project.test_all_projects", "gazu.project.all_projects()"),
    ("project.test_all_open_projects", "gazu.project.all_open_projects()"),
    ("project.test_get_project", "gazu.project.get_project(project_id)"),
    (
        "project.test_get_project_by_name_agent_327",
        'gazu.project.get_project_by_name("Agent 327")',
    ),
    ("project.test_new_project", 'gazu.project.new_project("Agent 327")'),
    (
        "asset.test_all_assets_for_project",
        "gazu.asset.all_assets_for_project(project_dict)",
    ),
    (
        "asset.test_all_assets_for_shot",
        "gazu.asset.all_assets_for_shot(shot_dict)",
    ),
    (
        "asset.test_all_assets_for_project_and_type",
        "gazu.asset.all_assets_for_project_and_type(project_dict, asset_type_dict)",
    ),
    ("asset.test_all_asset_types", "gazu.asset.all_asset_types()"),
    (
        "asset.test_all_asset_types_for_project",
        "gazu.asset.all_asset_types_for_project(project_dict)",
    ),
    (
        "asset.test_all_asset_types_for_shot",
        "gazu.asset.all_asset_types_for_shot(shot_dict)",
    ),
    ("asset.test_get_asset", "gazu.asset.get_asset(asset_id)"),
    (
        "asset.test_get_asset_by_name",
        "gazu.asset.get_asset_by_name(project_dict, asset_name)",
    ),
    ("asset.test_get_asset_type", "gazu.asset.get_asset_type(asset_type_id)"),
    (
        "asset.test_get_asset_type_by_name",
        "gazu.asset.get_asset_type_by_name(asset_type_name)",
    ),
    (
        "asset.test_new_asset",
        """
        gazu.asset.new_asset(project_dict, asset_type_dict, "My new asset", "My asset description")
        """,
    ),
    ("asset.test_update_asset", "gazu.asset.update_asset(new_values_dict)"),
    ("asset.test_remove_asset", "gazu.asset.remove_asset(asset)"),
    (
        "asset.test_new_asset_type",
        'gazu.asset.new_asset_type("my new asset_type")',
    ),
    (
        "asset.test_update_asset_type",
        "gazu.asset.update_asset_type(new_values_dict)",
    ),
    ("asset.test_remove_asset_type", "gazu.asset.remove_asset_type(asset)"),
    ("asset.test_get_asset_instance", "get_asset_instance(asset_instance_id)"),
    (
        "asset.test_all_asset_instances_for_asset",
        "all_asset_instances_for_asset(asset_dict)",
    ),
    (
        "asset.test_all_asset_instances_for_shot",
        "all_asset_instances_for_shot(shot_dict)",
    ),
    (
        "shot.test_all_shots_for_project",
        "gazu.shot.all_shots_for_project(project_dict)",
    ),
    (
        "shot.test_all_shots_for_sequence",
        "gazu.shot.all_shots_for_sequence(sequence_dict)",
    ),
    (
        "shot.test_all_sequences_for_project",
        "gazu.shot.all_sequences_for_project(project_id)",
    ),
    (
        "shot.test_all_sequences_for_episode",
        "gazu.shot.all_sequences_for_episode(episode_dict)",
    ),
    (
        "shot.test_all_episodes_for_project",
        "gazu.shot.all_episodes_for_project(project_dict)",
    ),
    ("shot.test_get_shot", "gazu.shot.get_shot(shot_id)"),
    (
        "shot.test_get_shot_by_name",
        'gazu.shot.get_shot_by_name(sequence_dict, "SH01")',
    ),
    ("shot.test_get_sequence", "gazu.shot.get_sequence(shot_id)"),
    (
        "shot.test_get_sequence_by_name",
        'gazu.shot.get_sequence_by_name(project_dict, "SE01", episode=episode_dict)',
    ),
    ("shot.test_get_episode", "gazu.shot.get_episode(shot_id)"),
    (
        "shot.test_get_episode_by_name",
        'gazu.shot.get_episode_by_name(project_dict, "SE01")',
    ),
    (
        "shot.test_new_shot",
        """
        gazu.shot.new_shot(project_dict, sequence_dict, "SH01", frame_in=10, frame_out=20,
        data={"extra_data": "value"})
        """,
    ),
    (
        "shot.test_new_sequence",
        "gazu.shot.new_sequence(project_dict, episode, name)",
    ),
    ("shot.test_new_episode", 'gazu.shot.new_episode(project_dict, "SH01")'),
    ("shot.test_update_shot", "gazu.shot.update_shot(shot, data={})"),
    (
        "shot.test_new_shot_asset_instance",
        "gazu.shot.new_shot_asset_instance(shot_dict, asset_dict)",
    ),
    (
        "shot.test_all_asset_instances_for_shot",
        "gazu.shot.all_asset_instances_for_shot(shot_dict)",
    ),
    (
        "task.test_all_tasks_for_asset",
        "gazu.task.all_tasks_for_asset(asset_dict)",
    ),
    (
        "task.test_all_tasks_for_shot",
        "gazu.task.all_tasks_for_shot(shot_dict)",
    ),
    (
        "task.test_all_tasks_for_scene",
        "gazu.task.all_tasks_for_scene(scene_dict)",
    ),
    (
        "task.test_all_tasks_for_sequence",
        "gazu.task.all_tasks_for_sequence(sequence_dict)",
    ),
    (
        "task.test_all_tasks_for_entity_and_task_type",
        "gazu.task.all_tasks_for_entity_and_task_type(entity_dict, task_type)",
    ),
    (
        "task.test_all_tasks_for_task_status",
        "gazu.task.all_tasks_for_task_status(project_dict, task_type_dict, task_status_dict)",
    ),
    ("task.test_all_task_types", "gazu.task.all_task_types()"),
    (
        "task.test_all_task_types_for_shot_of_an_asset",
        "gazu.task.all_task_types_for_shot(asset)",
    ),
    (
        "task.test_all_task_types_for_shot",
        "gazu.task.all_task_types_for_shot(shot)",
    ),
    (
        "task.test_all_task_types_for_scene",
        "gazu.task.all_task_types_for_scene(scene)",
    ),
    (
        "task.test_all_task_types_for_sequence",
        "gazu.task.all_task_types_for_sequence(sequence)",
    ),
    (
        "task.test_get_task_by_name_main",
        'gazu.task.get_task_by_name(asset, task_type, "main")',
    ),
    ("task.test_new_task", "gazu.task.new_task(asset, task_type)"),
    (
        "task.test_new_task_with_a_status",
        "gazu.task.new_task(asset, task_type, task_status=wip)",
    ),
    (
        "task.test_new_task_with_assignees",
        "gazu.task.new_task(asset, task_type, assignees=[person_dict])",
    ),
    ("task.test_get_task_type", "gazu.task.get_task_type(task_status_id)"),
    (
        "task.test_get_task_type_by_name",
        "gazu.task.get_task_type_by_name(task_type_name)",
    ),
    ("task.test_get_task_status", "gazu.task.get_task_status(task_status_id)"),
    (
        "task.test_get_task_status_by_name",
        "gazu.task.get_task_status_by_name(task_status_name)",
    ),
    ("task.test_start_task", "gazu.task.start_task(task_dict)"),
    (
        "task.test_get_time_spent",
        'gazu.task.get_time_spent(task_dict, "2018-03-18")',
    ),
    (
        "task.test_set_time_spent",
        'gazu.task.set_time_spent(task_dict, person_dict, "2018-03-18", 8 * 3600)',
    ),
    (
        "task.test_add_time_spent",
        'gazu.task.add_time_spent(task_dict, person_dict, "2018-03-18", 3600)',
    ),
    (
        "files.test_set_project_file_tree",
        "gazu.files.set_project_file_tree(project_id, file_tree_template_name)",
    ),
    (
        "files.test_update_project_file_tree",
        """
        gazu.files.update_project_file_tree(project_id, { "working": { "mountpoint":
        "/working_files", "root": "productions", "folder_path": { "shot":
        "<Project>/shots/<Sequence>/<Shot>/<TaskType>", "asset":
        "<Project>/assets/<AssetType>/<Asset>/<TaskType>", "sequence":
        "<Project>/sequences/<Sequence>>/<TaskType>", "style": "lowercase" }, "file_name": { "shot":
        "<Project>_<Sequence>_<Shot>_<TaskType>", "asset":
        "<Project>_<AssetType>_<Asset>_<TaskType>", "sequence": "<Project>_<Sequence>_<TaskType>",
        "style": "lowercase" } } })
        """,
    ),
    ("files.test_all_output_types", "gazu.files.all_output_types()"),
    (
        "files.test_get_output_type",
        "gazu.files.get_output_type(output_type_id)",
    ),
    (
        "files.test_get_output_type_by_name",
        'gazu.files.get_output_type_by_name("Cache")',
    ),
    (
        "files.test_all_output_types_for_entity_of_an_asset",
        "gazu.files.all_output_types_for_entity(asset_dict)",
    ),
    (
        "files.test_all_output_types_for_entity_of_a_shot",
        "gazu.files.all_output_types_for_entity(shot_dict)",
    ),
    (
        "files.test_all_output_types_for_asset_instance",
        "gazu.files.all_output_types_for_asset_instance(asset_dict)",
    ),
    (
        "files.test_new_output_type",
        'gazu.files.new_output_type("Geometry", "geo")',
    ),
    ("files.test_all_softwares", "gazu.files.all_softwares()"),
    ("files.test_get_software", "gazu.files.get_software(software_id)"),
    (
        "files.test_get_software_by_name",
        'gazu.files.get_software_by_name("Maya")',
    ),
    (
        "files.test_get_output_file",
        "gazu.files.get_output_file(output_file_id)",
    ),
    (
        "files.test_get_output_file_by_path",
        "gazu.files.get_output_file_by_path(path)",
    ),
    (
        "files.test_all_output_files_for_entity",
        """
        gazu.files.all_output_files_for_entity(asset_dict, output_type_dict, representation="abc")
        """,
    ),
    (
        "files.test_all_output_files_for_asset_instance",
        """
        gazu.files.all_output_files_for_asset_instance(asset_dict, output_type_dict,
        representation="abc")
        """,
    ),
    (
        "files.test_get_last_output_files_for_entity_of_an_asset",
        "gazu.files.get_last_output_files_for_entity(asset_dict)",
    ),
    (
        "files.test_get_last_output_files_for_entity_of_a_shot",
        "gazu.files.get_last_output_files_for_entity(shot_dict)",
    ),
    (
        "files.test_get_last_output_files_for_asset_instance",
        "gazu.files.get_last_output_files_for_asset_instance(asset_instance_dict)",
    ),
    (
        "revision.test_get_next_entity_ouput_revision",
        "gazu.files.get_next_entity_ouput_revision(task, output_type)",
    ),
    (
        "revision.test_get_last_entity_ouput_revision",
        "gazu.files.get_last_entity_ouput_revision(task, output_type)",
    ),
    (
        "revision.test_get_next_asset_instance_ouput_revision",
        "gazu.files.get_next_asset_instance_ouput_revision(task, output_type)",
    ),
    (
        "revision.test_get_last_asset_instance_ouput_revision",
        "gazu.files.get_last_asset_instance_ouput_revision(task, output_type)",
    ),
    (
        "files.test_new_entity_output_file",
        """
        gazu.files.new_entity_output_file(asset_dict, output_type_dict, task_type_dict,
        source_working_file_dict, "comment", person=person_dict, revision=1, nb_elements=1,
        representation="ob", sep="/")
        """,
    ),
    (
        "files.test_new_asset_instance_output_file",
        """
        gazu.files.new_asset_instance_output_file(asset_instance_dict, output_type_dict,
        task_type_dict, source_working_file_dict, "comment", person=person_dict, revision=1,
        nb_elements=1, representation="ob", sep="/")
        """,
    ),
    (
        "files.test_get_working_files_for_task",
        "gazu.files.get_working_files_for_task(task)",
    ),
    (
        "files.test_get_last_working_files",
        "gazu.files.get_last_working_files(task)",
    ),
    ("files.test_get_working_file", "gazu.files.get_working_file(working_id)"),
    (
        "files.test_get_last_working_file_revision",
        'gazu.files.get_last_working_file_revision(task_dict, name="main")',
    ),
    (
        "files.test_new_working_file",
        """
        gazu.files.new_working_file(task_dict, name="main", software=software_dict, comment="",
        person=person_dict, scene=1, revision=0, sep="/")
        """,
    ),
    (
        "files.test_build_working_file_path",
        """
        gazu.files.build_working_file_path(task_dict, name="main", mode="output",
        software=software_dict, revision=1, sep="/")
        """,
    ),
    (
        "files.test_build_entity_output_file_path",
        """
        gazu.files.build_entity_output_file_path(entity_dict, output_type_dict, task_type_dict,
        name="main", mode="output", revision=1)
        """,
    ),
    (
        "files.test_build_asset_instance_output_file_path",
        """
        gazu.files.build_asset_instance_output_file_path(asset_instance_dict, temporal_entity_dict,
        output_type_dict, task_type_dict, name="main", mode="output", revision=1)
        """,
    ),
    (
        "preview.test_download_preview_file",
        'gazu.files.download_preview_file(preview_file, "./target.mp4")',
    ),
    (
        "preview.test_download_preview_file_thumbnail",
        'gazu.files.download_preview_file_thumbnail(preview_file, "./target.png")',
    ),
    ("user.test_all_open_projects", "gazu.user.all_open_projects()"),
    (
        "user.test_all_asset_types_for_project",
        "gazu.user.all_asset_types_for_project(project_dict)",
    ),
    (
        "user.test_all_assets_for_asset_type_project",
        "gazu.user.all_assets_for_asset_type_project(project_dict, asset_type_dict)",
    ),
    (
        "user.test_all_sequences_for_project",
        "gazu.user.all_sequences_for_project(project_dict)",
    ),
    (
        "user.test_all_shots_for_sequence",
        "gazu.user.all_shots_for_sequence(shot_dict)",
    ),
    (
        "user.test_all_scenes_for_sequence",
        "gazu.user.all_scenes_for_sequence(shot_dict)",
    ),
    (
        "user.test_all_tasks_for_shot",
        "gazu.user.all_tasks_for_shot(shot_dict)",
    ),
    (
        "user.test_all_tasks_for_asset",
        "gazu.user.all_tasks_for_asset(asset_dict)",
    ),
    (
        "user.test_all_task_types_for_asset",
        "gazu.user.all_task_types_for_asset(asset_dict)",
    ),
    (
        "user.test_all_task_types_for_shot",
        "gazu.user.all_task_types_for_shot(shot_dict)",
    ),
)


def call_in(text):
    """Return a call as a text that does not depend on its formatting."""
    for written, variable in PLACES.items():
        text = text.replace('"{}"'.format(written), variable)
    return ast.dump(ast.parse(text.strip(), mode="eval").body)


def calls_of(test):
    """Return the calls that a test makes, named "module.function"."""
    module, name = test.split(".")
    tree = ast.parse(
        (HERE / "test_{}.py".format(module)).read_text(encoding="utf-8")
    )
    function = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    return {
        ast.dump(node)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def test_there_are_121_calls():
    assert len(CALLS) == 121
    assert len({test for test, _ in CALLS}) == 121
    assert len({call_in(text) for _, text in CALLS}) == 121


@pytest.mark.parametrize("test, text", CALLS, ids=[test for test, _ in CALLS])
def test_call_is_made_as_written(test, text):
    assert call_in(text) in calls_of(test)
