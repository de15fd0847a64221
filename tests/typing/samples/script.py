"""A pipeline script, as the official examples and the guides have it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import gazu
from gazu import client as raw
from gazu import project as projects
from gazu.exception import AuthFailedException
from gazu.types import Asset, ModelOrId, Project, Shot, Task


def connect(host: str, email: str, password: str) -> str:
    gazu.set_host(host)
    gazu.set_event_host(host)
    try:
        tokens = gazu.log_in(email, password)
    except AuthFailedException:
        sys.exit("The login was rejected.")
    token: str = tokens["access_token"]
    name: str = tokens["user"]["full_name"]
    Path("session.json").write_text(json.dumps(tokens))
    return name + token


def restore() -> None:
    saved: dict[str, Any] = json.loads(Path("session.json").read_text())
    gazu.client.set_tokens(saved)
    gazu.client.set_tokens(gazu.log_in("user@example.com", "password"))
    gazu.client.set_tokens(None)
    gazu.set_token("eyJ...")
    raw.default_client.tokens = saved
    raw.default_client.tokens = gazu.log_in("user@example.com", "password")


def publish(path: str) -> str | None:
    project = projects.get_project_by_name("Caminandes")
    if project is None:
        return None
    asset = gazu.asset.get_asset_by_name(project, "Lama")
    modeling = gazu.task.get_task_type_by_name("modeling")
    wip = gazu.task.get_task_status_by_short_name("wip")
    assert asset is not None and modeling is not None and wip is not None
    task = gazu.task.get_task_by_entity(asset, modeling)
    assert task is not None
    comment = gazu.task.add_comment(
        task, wip, "On it", checklist=[{"text": "Eyes", "checked": False}]
    )
    preview = gazu.task.add_preview(task, comment, path)
    gazu.task.set_main_preview(preview)
    both = gazu.task.publish_preview(
        task["id"], wip["id"], preview_file_path=path
    )
    revision: int = both[1]["revision"]
    text: str | None = both[0]["text"]
    return f"{preview['id']} v{revision} {text}"


def read_production(project_id: str) -> dict[str, list[str]]:
    project = gazu.project.get_project(project_id)
    fps: str = project["fps"]
    shots: dict[str, list[str]] = {"fps": [fps]}
    for sequence in gazu.shot.all_sequences_for_project(project):
        shots[sequence["name"]] = [
            shot["name"]
            for shot in gazu.shot.all_shots_for_sequence(sequence)
            if not shot["canceled"]
        ]
    return shots


def frames(shot: Shot) -> int:
    data = shot["data"] or {}
    frame_in: Any = data.get("frame_in")
    return shot.get("nb_frames") or int(frame_in)


def open_tasks(asset: Asset) -> list[Task]:
    tasks = gazu.task.all_tasks_for_asset(asset)
    tasks.reverse()
    return [task for task in tasks if task["end_date"] is None]


def change(shot: Shot, task: Task) -> None:
    shot["description"] = "Longer"
    gazu.shot.update_shot(shot)
    gazu.shot.update_shot({"id": shot["id"], "nb_frames": 48})
    gazu.shot.update_shot_data(shot, {"frame_in": 1001})
    merged: dict[str, object] = {**task, "seen": True}
    print(merged)
    print("{name}: {task_status_id}".format(**task))
    copied = task.copy()
    copied.update({"priority": 1})
    gazu.task.update_task(copied)


def many(tasks: list[Task], person_id: str) -> None:
    ids: list[str] = [task["id"] for task in tasks]
    gazu.task.clear_assignations(tasks)
    gazu.task.clear_assignations(ids)
    gazu.task.assign_tasks_to_person(tasks, person_id)
    gazu.project.new_project(
        "Agent 327", task_types=gazu.task.all_task_types()
    )
    both: list[ModelOrId] = [tasks[0], {"id": "other"}, "id"]
    gazu.entity.remove_entities("project", both)
    lists = gazu.sorting.sort_by_name([{"name": "b"}, {"name": "a"}])
    print(lists[0]["name"])


def raw_requests() -> None:
    answer = raw.get("data/projects", params={"name": "Caminandes"})
    print(answer[0]["id"])
    raw.post("actions/tasks/batch", {"ids": []})
    first = raw.fetch_first("persons", {"email": "user@example.com"})
    if first is not None:
        print(first["id"])
    for entry in raw.fetch_all("tasks", paginated=True, fields=["id"]):
        print(entry["id"])
    text: str = raw.delete("data/shots/some-id", {"force": True})
    version: str = gazu.client.get_api_version()
    url: str = raw.get_full_url("data/shots")
    print(text, version, url, gazu.__version__, gazu.raw.get_host())
    print(gazu.client.get_current_user()["full_name"])
    encoder = gazu.client.CustomJSONEncoder
    print(json.dumps({}, cls=encoder))


def at_once(shots: list[Shot]) -> list[Any]:
    calls = [
        gazu.client.call(gazu.shot.get_shot, each["id"]) for each in shots
    ]
    return gazu.client.run_all(calls, concurrency=5)


def listen() -> None:
    def on_new_asset(event: dict[str, str]) -> None:
        print(gazu.asset.get_asset(event["asset_id"])["name"])

    events = gazu.events.init()
    gazu.events.add_listener(events, "asset:new", on_new_asset)
    gazu.events.run_client(events)


def many_records(project: Project) -> list[str]:
    names = [shot["name"] for shot in gazu.query("shots", project=project)]
    for task in gazu.query("tasks", fields=["entity_id"], expand=["entity"]):
        names.append(task["entity"]["name"])
    for found in gazu.by_ids("persons", ["id"]):
        if found is not None:
            names.append(found["full_name"])
    model = "tasks" if names else "shots"
    gazu.by_ids(model, ["id"])
    return names


def batch(ids: list[str]) -> list[Task | Shot]:
    calls = [gazu.client.call(gazu.shot.get_shot, id) for id in ids]
    shots: list[Shot] = gazu.client.run_all(calls)
    answers = gazu.client.run_all(calls, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, Exception):
            print(answer)
        else:
            print(answer["name"])
    mixed = gazu.client.run_all(
        [
            gazu.client.call(gazu.task.get_task, ids[0]),
            gazu.client.call(gazu.shot.get_shot, ids[1]),
        ]
    )
    print(mixed)
    return [*shots]
