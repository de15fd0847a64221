"""The server's answers have the types of the docstrings and ``gazu.types``, key by key."""

from __future__ import annotations

import datetime
import inspect
import types
from types import SimpleNamespace

import gazu
import pytest

from ..additions import additions
from .docstring_types import differences, documented
from .scenarios.records import FILE_TREE

MODULES = (
    *("asset", "casting", "concept", "context", "edit", "entity", "files"),
    *("person", "playlist", "project", "project_template", "scene", "shot"),
    *("studio", "task", "user"),
)

# Functions that read but are not called here, and the reasons.
LEFT_OUT = {
    "project.get_project_task_types": "Zou has the route for POST only",
    "studio.get_studio": "no function makes a studio",
    "studio.get_studio_by_name": "no function makes a studio",
    "user.get_notification": "nothing notifies the administrator",
    "project.get_budget_entry": "budgets have no entries here",
}

TODAY = datetime.date.today()


def checked(function, *args, **kwargs):
    """Call a function and check its answer."""
    answer = function(*args, **kwargs)
    assert list(differences(answer, documented(function))) == []
    return answer


def readers():
    """Return the names of the functions that read."""
    return [
        "{}.{}".format(module, name)
        for module in MODULES
        for name, function in sorted(vars(getattr(gazu, module)).items())
        if isinstance(function, types.FunctionType)
        and function.__module__ == "gazu." + module
        and name.startswith(("all_", "get_"))
        and "{}.{}".format(module, name) not in {*LEFT_OUT, *additions()}
    ]


def of(task_types, entity):
    return next(each for each in task_types if each["for_entity"] == entity)


@pytest.fixture(scope="module")
def made(fresh_zou, admin, media):
    """A production with one record of each kind, created through gazu."""
    task, shot, files = gazu.task, gazu.shot, gazu.files
    png, mp4, txt = str(media.png), str(media.mp4), str(media.txt)
    me = checked(gazu.client.get_current_user)
    task_types = checked(task.all_task_types)
    asset_types = checked(gazu.asset.all_asset_types)
    project = checked(
        gazu.project.new_project,
        "Caminandes",
        production_type="tvshow",
        asset_types=asset_types,
        task_types=task_types,
        task_statuses=checked(task.all_task_statuses),
    )
    person = checked(
        gazu.person.new_person,
        "Ana",
        "Rivera",
        "ana@example.com",
        desktop_login="ana.rivera",
    )
    for each in (me, person):
        checked(gazu.project.add_person_to_team, project, each)
    checked(
        gazu.project.update_team_member_role, project, person, "supervisor"
    )
    department = checked(gazu.person.new_department, "Rigging", "#000000")
    checked(gazu.person.add_person_to_department, person, department)
    checked(gazu.person.new_bot, "Render", "render@example.com")
    checked(gazu.person.set_avatar, person, png)

    episode = checked(shot.new_episode, project, "E01")
    sequence = checked(shot.new_sequence, project, "SE01", episode=episode)
    sh01 = checked(shot.new_shot, project, sequence, "SH01", nb_frames=48)
    sh02 = checked(shot.new_shot, project, sequence, "SH02")
    scene = checked(gazu.scene.new_scene, project, sequence, "SC01")
    checked(gazu.scene.add_shot_to_scene, scene, sh02)
    lama = checked(
        gazu.asset.new_asset, project, asset_types[0], "Lama", episode=episode
    )
    fence = checked(gazu.asset.new_asset, project, asset_types[1], "Fence")
    edit = checked(gazu.edit.new_edit, project, "Edit", episode=episode)
    concept = checked(gazu.concept.new_concept, project, "Mood")
    checked(gazu.asset.update_asset, {"id": lama["id"], "description": "x"})
    checked(gazu.asset.update_asset_data, lama, {"fur": True})
    checked(shot.update_shot, {"id": sh01["id"], "nb_frames": 50})
    checked(shot.update_shot_data, sh01, {"frame_in": 1001})
    checked(shot.update_sequence_data, sequence, {"a": 1})
    checked(shot.update_episode_data, episode, {"a": 1})
    checked(gazu.edit.update_edit_data, edit, {"a": 1})
    checked(gazu.concept.update_concept, {"id": concept["id"], "data": {}})
    checked(gazu.scene.update_scene, {"id": scene["id"], "data": {}})

    modeling, animation = of(task_types, "Asset"), of(task_types, "Shot")
    lamas = checked(task.new_task, lama, modeling, assignees=[person])
    shots = checked(task.new_task, sh01, animation, assignees=[person, me])
    checked(task.new_task, concept, of(task_types, "Concept"))
    checked(task.new_task, edit, of(task_types, "Edit"))
    for entity, kind in ((episode, "Episode"), (sequence, "Sequence")):
        made_type = checked(task.new_task_type, kind, for_entity=kind)
        checked(gazu.project.add_task_type, project, made_type, 1)
        checked(task.new_task, entity, made_type)
    checked(task.update_task, {"id": lamas["id"], "priority": 1})
    checked(task.assign_task, lamas, me)
    wip = checked(task.get_task_status_by_short_name, "wip")
    comment = checked(
        task.add_comment,
        lamas,
        wip,
        "On it",
        checklist=[{"text": "Eyes", "checked": False}],
        attachments=[txt],
    )
    checked(task.reply_to_comment, lamas, comment, "Yes")
    checked(task.acknowledge_comment, lamas, comment)
    checked(task.update_comment, {"id": comment["id"], "text": "x"})
    checked(task.add_attachment_files_to_comment, lamas, comment, [txt])
    preview = checked(task.add_preview, lamas, comment, png)
    extra = checked(task.add_extra_preview, lamas, comment, preview, png)
    checked(files.update_preview_position, extra, 1)
    checked(files.update_preview, preview, {"description": "x"})
    checked(task.set_main_preview, preview)
    checked(task.publish_preview, shots, wip, preview_file_path=mp4)
    checked(task.set_time_spent, lamas, person, TODAY.isoformat(), 120)
    checked(task.add_time_spent, lamas, person, TODAY.isoformat(), 60)
    checked(task.set_time_spent, shots, me, TODAY.isoformat(), 60)
    checked(task.start_task, shots)

    casting = [{"asset_id": lama["id"], "nb_occurences": 2}]
    checked(gazu.casting.update_shot_casting, project, sh01, casting)
    checked(gazu.casting.update_asset_casting, project, fence, casting)
    checked(gazu.casting.update_episode_casting, project, episode, casting)
    checked(gazu.casting.cast_asset, project, [sh02], lama)

    output_type = checked(files.new_output_type, "Cache", "abc")
    software = checked(files.new_software, "Maya", "maya", ".ma")
    checked(files.update_project_file_tree, project, FILE_TREE)
    working = checked(files.new_working_file, lamas, software=software)
    checked(files.upload_working_file, working, txt)
    output = checked(
        files.new_entity_output_file,
        lama,
        output_type,
        modeling,
        "Cached",
        working_file=working,
    )
    file_status = checked(files.new_file_status, "Checked", "#ffffff")
    instance = checked(gazu.scene.new_scene_asset_instance, scene, lama, "i")
    checked(shot.add_asset_instance_to_shot, sh01, instance)
    checked(gazu.asset.new_asset_asset_instance, fence, lama, "j")
    checked(
        files.new_asset_instance_output_file,
        *(instance, sh01, output_type, animation, "Cached"),
    )

    playlist = checked(
        gazu.playlist.new_playlist, project, "Dailies", episode=episode
    )
    checked(gazu.playlist.add_entity_to_playlist, playlist, sh01)
    playlist = checked(gazu.playlist.get_playlist, playlist)
    checked(gazu.playlist.new_share_link, playlist)
    build = checked(gazu.playlist.build_playlist_movie, playlist)
    descriptor = checked(
        gazu.project.add_metadata_descriptor, project, "Fur", "Asset"
    )
    budget = checked(gazu.project.create_budget, project, "Budget", "EUR")
    template = checked(
        gazu.project_template.new_project_template_from_project,
        project,
        "Series",
    )
    checked(gazu.project_template.apply_project_template, project, template)
    checked(gazu.user.new_filter, "asset", "Mine", "lama", project)
    group = checked(gazu.user.new_filter_group, "Ours", project)
    checked(gazu.user.log_desktop_session_log_in)
    checked(gazu.user.subscribe_to_task, lamas)
    checked(gazu.user.join_chat, lama)
    day_off = checked(
        gazu.person.new_day_off, person, "2026-12-24", "2026-12-26", "Rest"
    )
    done = checked(task.get_task_status_by_short_name, "done")
    checked(task.add_comment, shots, done, "Done")
    return SimpleNamespace(**locals())


@pytest.fixture(scope="module")
def arguments(made):
    """The values of arguments by name, for all functions except a few."""
    attachment = gazu.files.get_all_attachment_files_for_task(made.lamas)[0]
    models = {
        "asset": made.lama,
        "asset_instance": made.instance,
        "asset_type": made.asset_types[0],
        "budget": made.budget,
        "comment": made.comment,
        "concept": made.concept,
        "day_off": made.day_off,
        "department": made.department,
        "edit": made.edit,
        "entity": made.lama,
        "entity_type": made.asset_types[0],
        "episode": made.episode,
        "filter_group": made.group,
        "metadata_descriptor": made.descriptor,
        "output_file": made.output,
        "output_type": made.output_type,
        "attachment_file": attachment,
        "person": made.person,
        "playlist": made.playlist,
        "preview_file": made.preview,
        "project": made.project,
        "project_template": made.template,
        "scene": made.scene,
        "sequence": made.sequence,
        "shot": made.sh01,
        "software": made.software,
        "status": made.file_status,
        "task": made.lamas,
        "task_status": made.wip,
        "task_type": made.modeling,
        "working_file": made.working,
    }
    values = {
        "temporal_entity": made.sh01,
        "id": made.person["id"],
        "date": TODAY.isoformat(),
        "year": TODAY.isocalendar()[0],
        "month": TODAY.month,
        "week": TODAY.isocalendar()[1],
        "start_date": "2026-01-01",
        "end_date": "2100-01-01",
        "desktop_login": "ana.rivera",
        "email": "ana@example.com",
        "first_name": "Ana",
        "last_name": "Rivera",
        "full_name": "Ana Rivera",
        "path": made.output["path"],
        "field_name": made.descriptor["field_name"],
        "task_status_short_name": "wip",
        "task_type_short_name": "none of this name",
        "name": "nothing of this name",
    }
    for name, model in models.items():
        values[name] = model
        values[name + "_id"] = model["id"]
        if "name" in model:
            values[name + "_name"] = model["name"]
    return values


@pytest.mark.parametrize("name", readers())
def test_an_answer_has_the_documented_type(name, made, arguments):
    module, _, short = name.partition(".")
    function = getattr(getattr(gazu, module), short)
    others = {
        "person.get_all_month_time_spents": {
            "person": made.person["id"],
            "date": TODAY,
        },
        "user.get_task_time_spent": {"task": made.shots},
        "asset.get_asset_by_name": {"name": "Lama"},
        "asset.get_asset_type_by_name": {"name": made.asset_types[0]["name"]},
        "files.get_file_status_by_name": {"name": "Checked"},
        "playlist.get_playlist_by_name": {"name": "Dailies"},
        "playlist.get_build_job": {"build_job": made.build},
        "project.get_project_status_by_name": {"project_status_name": "Open"},
        "project_template.get_project_template_by_name": {"name": "Series"},
    }.get(name, {})
    parameters = inspect.signature(function).parameters.values()
    needed = [each.name for each in parameters if each.default is each.empty]
    given = {each: others.get(each, arguments.get(each)) for each in needed}
    assert None not in given.values(), given
    checked(function, **given)
    if "relations" in {each.name for each in parameters}:
        checked(function, relations=True, **given)
