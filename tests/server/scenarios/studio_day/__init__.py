"""A studio's day: calls of gazu on any server, whose answers are recorded step by step.

A real Zou and the server of gazu.testing must give the same answers.
"""

from __future__ import annotations

import base64
import datetime
import json
import re

import gazu

from . import mistakes, removals, reviews

PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR4nGP4z8DA"
    b"wMDAxAADAA0WAQMAW6lHAAAAAElFTkSuQmCC"
)

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$")
SHORT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}$")
# The server encodes pictures again, so that their sizes change.
WORDS = {
    "access_token": "<token>",
    "refresh_token": "<token>",
    "file_size": "<size>",
}


class Diary(dict):
    """The answer to each step by its name, and the events that listeners received."""

    def __init__(self, client) -> None:
        super().__init__()
        self.client = client
        self._told = None

    def __call__(self, name: str, function, *args, **kwargs):
        """Take a step; record and return its result, or record its error."""
        assert name not in self, name
        try:
            result = function(*args, client=self.client, **kwargs)
        except gazu.exception.GazuException as error:
            self[name] = [
                type(error).__name__,
                error.status_code,
                normal(_parsed(error.body)),
            ]
            return None
        self[name] = normal(result)
        events = self._new_events()
        if events:
            self["events of " + name] = normal(events)
        return result

    def _new_events(self) -> list:
        """Return the events since the last step, without those of the installation."""
        if not self.client.access_token:
            return []
        events = gazu.sync.get_last_events(client=self.client)
        told = {event["id"] for event in events}
        before = told if self._told is None else self._told
        self._told = told
        return [event for event in events if event["id"] not in before]


def _parsed(body):
    return json.loads(body) if isinstance(body, (str, bytes)) else body


def normal(value):
    """Return an answer without what differs between runs.

    Ids, times and tokens are replaced by words; the order of lists does not depend on
    ids.
    """
    if isinstance(value, dict):
        return {
            _text(key): WORDS.get(key) or normal(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        items = [normal(item) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    if MOMENT.match(text):
        return "<moment>"
    if SHORT.match(text):
        return "<short id>"
    return UUID.sub("<id>", text)


def by_name(models):
    return {model["name"]: model for model in models}


def play(client, email: str, password: str, folder) -> Diary:
    """Play the day on a client's server, which must be new.

    The client logs in during the day. Files are read and written in `folder`,
    a path.
    """
    step = Diary(client)
    arrive(step, email, password)
    production = dict(set_up(step), email=email, password=password)
    break_down(step, production)
    work(step, production)
    publish(step, production, folder)
    look_around(step, production)
    reviews.play(step, production, folder)
    mistakes.play(step, production, folder)
    removals.play(step, production)
    wrap_up(step, production)
    return step


def arrive(step: Diary, email: str, password: str) -> None:
    step("no token", gazu.project.all_projects)
    step("wrong password", gazu.log_in, email, "wrong")
    step("log in", gazu.log_in, email, password)
    step("current user", gazu.client.get_current_user)
    step("refresh", gazu.refresh_access_token)
    step("version", gazu.client.get_api_version)
    step("organisation", gazu.person.get_organisation)
    step("no such route", gazu.client.get, "data/nothing")
    step(
        "no such project",
        gazu.project.get_project,
        "7" * 8 + "-7777" * 3 + "-" + "7" * 12,
    )
    step("not an id", gazu.project.get_project, "nobody")


def set_up(step: Diary) -> dict:
    asset_types = by_name(step("asset types", gazu.asset.all_asset_types))
    step("entity types", gazu.entity.all_entity_types)
    task_types = {
        (model["for_entity"], model["name"]): model
        for model in step("task types", gazu.task.all_task_types)
    }
    statuses = {
        model["short_name"]: model
        for model in step("task statuses", gazu.task.all_task_statuses)
    }
    step("departments", gazu.person.all_departments)
    step("project statuses", gazu.project.all_project_status)
    step("one task type", gazu.task.get_task_type_by_name, "Animation")
    step("one task status", gazu.task.get_task_status_by_short_name, "wip")
    step("default status", gazu.task.get_default_task_status)
    step("one asset type", gazu.asset.get_asset_type_by_name, "Prop")

    project = step(
        "new project", gazu.project.new_project, "Caminandes", "tvshow"
    )
    step("project again", gazu.project.new_project, "Caminandes")
    for name in ("Character", "Prop"):
        step(
            "add " + name,
            gazu.project.add_asset_type,
            project,
            asset_types[name],
        )
    for key in (
        ("Asset", "Modeling"),
        ("Asset", "Shading"),
        ("Shot", "Animation"),
    ):
        step(
            "add %s %s" % key,
            gazu.project.add_task_type,
            project,
            task_types[key],
            1,
        )
    for name in ("todo", "wip", "wfa", "done"):
        step(
            "add " + name,
            gazu.project.add_task_status,
            project,
            statuses[name],
        )
    step("project", gazu.project.get_project, project["id"])
    step("project by name", gazu.project.get_project_by_name, "Caminandes")
    step("no project of a name", gazu.project.get_project_by_name, "Nobody")
    step("all projects", gazu.project.all_projects)
    step("open projects", gazu.project.all_open_projects)
    project["description"] = "A lama and a fence"
    step(
        "update project",
        gazu.project.update_project,
        {"id": project["id"], "fps": "24"},
    )
    step(
        "project data",
        gazu.project.update_project_data,
        project,
        {"pipeline": 3},
    )

    ana = step(
        "new person",
        gazu.person.new_person,
        "Ana",
        "Rivera",
        "ana@example.com",
        desktop_login="arivera",
    )
    step(
        "person again",
        gazu.person.new_person,
        "Ana",
        "Rivera",
        "ana@example.com",
    )
    step("all persons", gazu.person.all_persons)
    step("person", gazu.person.get_person, ana["id"])
    step("person by name", gazu.person.get_person_by_full_name, "Ana Rivera")
    step("person by login", gazu.person.get_person_by_desktop_login, "arivera")
    step("person by email", gazu.person.get_person_by_email, "ana@example.com")
    step("join team", gazu.project.add_person_to_team, project, ana)
    step("team", gazu.project.get_team, project)
    step("new department", gazu.person.new_department, "Rigging", "#112233")
    step("new asset type", gazu.asset.new_asset_type, "Vehicle")
    step(
        "new task type", gazu.task.new_task_type, "Rigging", for_entity="Asset"
    )
    step(
        "task type again",
        gazu.task.new_task_type,
        "Rigging",
        for_entity="Asset",
    )
    step(
        "new task status",
        gazu.task.new_task_status,
        "Blocked",
        "blk",
        "#ff0000",
    )
    step(
        "new descriptor",
        gazu.project.add_metadata_descriptor,
        project,
        "Difficulty",
        "Asset",
        choices=["easy", "hard"],
    )
    step("descriptors", gazu.project.all_metadata_descriptors, project)
    return {
        "project": project,
        "ana": ana,
        "asset types": asset_types,
        "task types": task_types,
        "statuses": statuses,
    }


def break_down(step: Diary, made: dict) -> None:
    project, asset_types = made["project"], made["asset types"]
    made["lama"] = step(
        "new asset",
        gazu.asset.new_asset,
        project,
        asset_types["Character"],
        "Lama",
        description="Hungry",
        extra_data={"fur": True},
    )
    made["fence"] = step(
        "new prop", gazu.asset.new_asset, project, asset_types["Prop"], "Fence"
    )
    step(
        "asset again",
        gazu.asset.new_asset,
        project,
        asset_types["Prop"],
        "Fence",
    )
    step("assets", gazu.asset.all_assets_for_project, project)
    step(
        "assets of a type",
        gazu.asset.all_assets_for_project_and_type,
        project,
        asset_types["Prop"],
    )
    step("asset", gazu.asset.get_asset, made["lama"]["id"])
    step("asset by name", gazu.asset.get_asset_by_name, project, "Lama")
    step(
        "types of the project", gazu.asset.all_asset_types_for_project, project
    )

    episode = step("new episode", gazu.shot.new_episode, project, "E01")
    sequence = step(
        "new sequence",
        gazu.shot.new_sequence,
        project,
        "SE01",
        episode=episode,
    )
    made["shot"] = step(
        "new shot",
        gazu.shot.new_shot,
        project,
        sequence,
        "SH01",
        nb_frames=48,
        frame_in=1001,
        frame_out=1048,
        data={"lens": 35},
    )
    made["other shot"] = step(
        "second shot", gazu.shot.new_shot, project, sequence, "SH02"
    )
    step("shot again", gazu.shot.new_shot, project, sequence, "SH02")
    step("nameless shot", gazu.shot.new_shot, project, sequence, None)
    step("episodes", gazu.shot.all_episodes_for_project, project)
    step("episode", gazu.shot.get_episode, episode["id"])
    step("episode by name", gazu.shot.get_episode_by_name, project, "E01")
    step("sequences", gazu.shot.all_sequences_for_project, project)
    step(
        "sequences of the episode",
        gazu.shot.all_sequences_for_episode,
        episode,
    )
    step("sequence", gazu.shot.get_sequence, sequence["id"])
    step(
        "sequence by name",
        gazu.shot.get_sequence_by_name,
        project,
        "SE01",
        episode=episode,
    )
    step("shots", gazu.shot.all_shots_for_project, project)
    step("shots of the episode", gazu.shot.all_shots_for_episode, episode)
    step("shots of the sequence", gazu.shot.all_shots_for_sequence, sequence)
    step("shot", gazu.shot.get_shot, made["shot"]["id"])
    step("shot by name", gazu.shot.get_shot_by_name, sequence, "SH01")
    step(
        "update shot",
        gazu.shot.update_shot,
        {"id": made["shot"]["id"], "nb_frames": 50},
    )
    step(
        "shot data",
        gazu.shot.update_shot_data,
        made["shot"],
        {"lens": 50, "hook": "up"},
    )
    step(
        "update asset",
        gazu.asset.update_asset,
        {"id": made["fence"]["id"], "description": "Long"},
    )
    step(
        "asset data",
        gazu.asset.update_asset_data,
        made["fence"],
        {"posts": 12},
    )
    step("entity", gazu.entity.get_entity, made["fence"]["id"])
    step("entity by name", gazu.entity.get_entity_by_name, "Fence", project)

    casting = [{"asset_id": made["lama"]["id"], "nb_occurences": 2}]
    step(
        "cast",
        gazu.casting.update_shot_casting,
        project,
        made["shot"],
        casting,
    )
    step("casting", gazu.casting.get_shot_casting, made["shot"])
    step("cast in", gazu.casting.get_asset_cast_in, made["lama"])
    step("episode casting", gazu.casting.get_episode_casting, episode)
    step(
        "cast nobody",
        gazu.casting.update_shot_casting,
        project,
        made["shot"],
        [],
    )
    step("nobody in the episode", gazu.casting.get_episode_casting, episode)
    step(
        "cast again",
        gazu.casting.update_shot_casting,
        project,
        made["shot"],
        casting,
    )
    step("assets of the shot", gazu.asset.all_assets_for_shot, made["shot"])


def work(step: Diary, made: dict) -> None:
    project, ana = made["project"], made["ana"]
    modeling = made["task types"]["Asset", "Modeling"]
    shading = made["task types"]["Asset", "Shading"]
    animation = made["task types"]["Shot", "Animation"]
    made["task"] = task = step(
        "new task", gazu.task.new_task, made["lama"], modeling
    )
    step("task again", gazu.task.new_task, made["lama"], modeling)
    made["shading"] = step(
        "second task",
        gazu.task.new_task,
        made["lama"],
        shading,
        task_status=made["statuses"]["wip"],
        assignees=[ana],
    )
    made["animation"] = step(
        "shot task", gazu.task.new_task, made["shot"], animation
    )
    step("task", gazu.task.get_task, task["id"])
    step(
        "task by entity", gazu.task.get_task_by_entity, made["lama"], modeling
    )
    step("tasks of the asset", gazu.task.all_tasks_for_asset, made["lama"])
    step(
        "tasks of the asset, related",
        gazu.task.all_tasks_for_asset,
        made["lama"],
        True,
    )
    step("tasks of the shot", gazu.task.all_tasks_for_shot, made["shot"])
    step("tasks of the project", gazu.task.all_tasks_for_project, project)
    step(
        "tasks of entity and type",
        gazu.task.all_tasks_for_entity_and_task_type,
        made["lama"],
        modeling,
    )
    step(
        "types of the asset", gazu.task.all_task_types_for_asset, made["lama"]
    )
    step("types of the shot", gazu.task.all_task_types_for_shot, made["shot"])
    step("assign", gazu.task.assign_task, task, ana)
    step("tasks of a person", gazu.task.all_tasks_for_person, ana)
    step("done tasks of a person", gazu.task.all_done_tasks_for_person, ana)
    step(
        "update task",
        gazu.task.update_task,
        {"id": task["id"], "estimation": 480},
    )
    step("start task", gazu.task.start_task, task)
    step(
        "set time spent",
        gazu.task.set_time_spent,
        task,
        ana,
        datetime.date(2026, 3, 2),
        60,
    )
    step(
        "add time spent",
        gazu.task.add_time_spent,
        task,
        ana,
        datetime.date(2026, 3, 2),
        30,
    )
    step(
        "time spent", gazu.task.get_time_spent, task, datetime.date(2026, 3, 2)
    )
    me = gazu.client.get_current_user(client=step.client)
    step("assign to me", gazu.task.assign_task, made["animation"], me)
    step("my tasks", gazu.user.all_tasks_to_do)
    step(
        "my shots", gazu.user.all_shots_for_sequence, made["shot"]["parent_id"]
    )
    step("my tasks of the shot", gazu.user.all_tasks_for_shot, made["shot"])
    step("types of my tasks", gazu.user.all_task_types_for_shot, made["shot"])
    step("unassign", gazu.task.clear_assignations, [made["shading"]], ana)
    step("no assignee left", gazu.task.get_task, made["shading"]["id"])


def publish(step: Diary, made: dict, folder) -> None:
    task, statuses = made["task"], made["statuses"]
    picture = folder / "turntable.png"
    picture.write_bytes(PNG)
    made["comment"] = comment = step(
        "comment",
        gazu.task.add_comment,
        task,
        statuses["wip"],
        "On it",
        checklist=[{"text": "Ears", "checked": False}],
    )
    step(
        "comment without status",
        gazu.client.post,
        "actions/tasks/%s/comment" % task["id"],
        {"comment": "?"},
    )
    preview = made["preview"] = step(
        "preview", gazu.task.add_preview, task, comment, str(picture)
    )
    step("preview file", gazu.files.get_preview_file, preview["id"])
    step("main preview", gazu.task.set_main_preview, preview)
    step("asset with preview", gazu.asset.get_asset, made["lama"]["id"])
    step(
        "published",
        gazu.task.publish_preview,
        task,
        statuses["wfa"],
        comment="Look",
        preview_file_path=str(picture),
    )
    first = step("bare preview", gazu.task.create_preview, task, comment)
    step("extra preview", gazu.task.create_extra_preview, task, comment, first)
    step("upload", gazu.task.upload_preview_file, first, str(picture))
    step("done", gazu.task.add_comment, made["animation"], statuses["done"])
    step("done task", gazu.task.get_task, made["animation"]["id"])
    step("done tasks", gazu.user.all_done_tasks)
    step("comments", gazu.task.all_comments_for_task, task)
    step("last comment", gazu.task.get_last_comment_for_task, task)
    step("one comment", gazu.task.get_comment, comment["id"])
    step("task previews", gazu.files.get_all_preview_files_for_task, task)
    step(
        "attachment",
        gazu.task.add_comment,
        task,
        statuses["wip"],
        "With a file",
        attachments=[str(picture)],
    )
    back = folder / "back.png"
    gazu.files.download_preview_file(preview, str(back), client=step.client)
    step["downloaded"] = repr(back.read_bytes()[:8])
    gazu.files.download_preview_file_thumbnail(
        preview, str(back), client=step.client
    )
    step["thumbnail"] = repr(back.read_bytes()[:8])
    step(
        "no such picture",
        gazu.files.download_preview_file_thumbnail,
        task["id"],
        str(back),
    )
    step("task after", gazu.task.get_task, task["id"])
    step("upload avatar", gazu.person.set_avatar, made["ana"], str(picture))


def look_around(step: Diary, made: dict) -> None:
    project = made["project"]
    tasks = "data/tasks?project_id=" + project["id"]
    step("page", gazu.client.get, tasks + "&page=1&limit=9")
    page = gazu.client.get(tasks + "&page=2&limit=2", client=step.client)
    step["second page"] = dict(page, data=len(page["data"]))
    step(
        "filter",
        gazu.client.fetch_all,
        "tasks",
        {"entity_id": made["lama"]["id"]},
    )
    step(
        "count of tasks",
        lambda client: len(gazu.client.fetch_all("tasks", client=client)),
    )
    step(
        "all comments of the project",
        gazu.task.all_comments_for_project,
        project,
    )
    step("my projects", gazu.user.all_open_projects)
    step(
        "my assets",
        gazu.user.all_assets_for_asset_type_and_project,
        project,
        made["asset types"]["Character"],
    )
    step("my sequences", gazu.user.all_sequences_for_project, project)
    step("my done tasks", gazu.user.all_done_tasks)


def wrap_up(step: Diary, made: dict) -> None:
    step("remove task", gazu.task.remove_task, made["shading"])
    step("removed task", gazu.task.get_task, made["shading"]["id"])
    step("cancel shot", gazu.shot.remove_shot, made["shot"])
    step("cancelled shot", gazu.shot.get_shot, made["shot"]["id"])
    step("restore shot", gazu.shot.restore_shot, made["shot"])
    step("remove shot", gazu.shot.remove_shot, made["other shot"], True)
    step("removed shot", gazu.shot.get_shot, made["other shot"]["id"])
    step("remove comment", gazu.task.remove_comment, made["comment"])
    step(
        "leave team",
        gazu.project.remove_person_from_team,
        made["project"],
        made["ana"],
    )
    step("close project", gazu.project.close_project, made["project"])
    step("no open project", gazu.project.all_open_projects)
    step("log out", gazu.log_out)
    step("after log out", gazu.project.all_projects)
