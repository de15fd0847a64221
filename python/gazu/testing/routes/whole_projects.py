"""
What is asked of a whole project, or done to many of its records at once.
"""

from __future__ import annotations

from typing import Any

from .. import validation
from ..request import Request
from ..store import Record, Store, bad_request, not_found
from .comments import newest_preview, set_entity_preview
from .entities import get_casting, set_casting
from .routing import route
from .serializers import (
    by_id,
    entities_of_project,
    filtered,
    flat,
    flats,
    with_names,
)
from .tasks import update_duration


@route("GET", "data/projects/all")
def get_all_projects(store: Store, request: Request) -> Any:
    return flats(filtered(store, request, "projects"))


# Assets and castings.


@route("GET", "data/assets/{asset}/casting")
def get_casting_of_asset(store: Store, request: Request, asset: str) -> Any:
    project = store.entity("Asset", asset)["project_id"]
    return get_casting(store, request, project, asset)


@route("PUT", "data/assets/{asset}/casting")
def set_casting_of_asset(store: Store, request: Request, asset: str) -> Any:
    project = store.entity("Asset", asset)["project_id"]
    casting = set_casting(store, request, project, asset)
    defaults = {"asset_id": None, "nb_occurences": 1, "label": ""}
    return [dict(defaults, **cast) for cast in casting]


@route("GET", "data/assets/{asset}/assets")
def get_assets_of_asset(store: Store, request: Request, asset: str) -> Any:
    store.entity("Asset", asset)
    links = store.all("entity-links", entity_in_id=asset)
    return flats(
        store.get("entities", link["entity_out_id"]) for link in links
    )


@route("POST", "actions/assets/share")
def share_assets(store: Store, request: Request) -> Any:
    ids = request.json.get("asset_ids") or []
    return share(store, request, [store.entity("Asset", id) for id in ids])


@route("POST", "actions/projects/{project}/assets/share")
def share_assets_of_project(
    store: Store, request: Request, project: str
) -> Any:
    found = entities_of_project(store, project, "Asset")
    ids = request.json.get("asset_ids")
    if ids is not None:
        found = [asset for asset in found if asset["id"] in ids]
    return share(store, request, found)


@route(
    "POST", "actions/projects/{project}/asset-types/{asset_type}/assets/share"
)
def share_assets_of_type(
    store: Store, request: Request, project: str, asset_type: str
) -> Any:
    return share(
        store,
        request,
        entities_of_project(
            store, project, "Asset", entity_type_id=asset_type
        ),
    )


def share(store: Store, request: Request, assets: list[Record]) -> Any:
    is_shared = request.json.get("is_shared", True)
    for asset in assets:
        store.update("entities", asset["id"], {"is_shared": is_shared})
        store.tell(asset, "update")
    return flats(assets)


# Tasks.


@route("GET", "data/tasks/{task}/comments/{comment}")
def get_comment_of_task(
    store: Store, request: Request, task: str, comment: str
) -> Any:
    found = store.get("comments", comment)
    if found["object_id"] != task:
        raise not_found()
    return found


@route("PUT", "actions/tasks/set-priority")
def set_priority(store: Store, request: Request) -> Any:
    ids = validation.required_texts(request.json, "task_ids", least=1)
    priority = validation.required(request.json, "priority")
    changed = []
    for id in ids:
        if id in store.models["tasks"]:
            task = store.update("tasks", id, {"priority": priority})
            store.tell(task, "update")
            changed.append(flat(task))
    return changed


@route("PUT", "actions/tasks/{task}/set-main-preview")
def set_main_preview_of_task(store: Store, request: Request, task: str) -> Any:
    entity = show_by_last_preview(store, task)
    if entity is None:
        raise bad_request(
            "This task has no preview file to set as the main preview."
        )
    return entity


@route("PUT", "actions/tasks/set-main-preview")
def set_main_previews(store: Store, request: Request) -> Any:
    ids = validation.required_texts(request.json, "task_ids", least=1)
    entities = [show_by_last_preview(store, id) for id in ids]
    return [entity for entity in entities if entity is not None]


def show_by_last_preview(store: Store, task: str) -> Record | None:
    """Set the main preview of a task's entity. Return the entity, or None."""
    record = store.get("tasks", task)
    preview = newest_preview(store, [record])
    if preview is None:
        return None
    entity = store.get("entities", record["entity_id"])
    set_entity_preview(store, entity, preview)
    status = by_id(store, "preview-files", preview)["status"]
    return dict(flat(entity), type="Entity", preview_file_status=status)


def _register_new_tasks(plural: str, kind: str) -> None:
    path = "actions/projects/{project}/task-types/{task_type}/"

    @route("POST", path + plural + "/create-tasks", 201)
    def create_tasks(
        store: Store, request: Request, project: str, task_type: str
    ) -> Any:
        store.get("task-types", task_type)
        wanted = request.json or None
        made = []
        for entity in entities_of_project(store, project, kind):
            place = {"task_type_id": task_type, "entity_id": entity["id"]}
            if wanted is not None and entity["id"] not in wanted:
                continue
            if store.first("tasks", **place) is None:
                made.append(add_task(store, request, project, place))
        return made


for _plural, _kind in (
    ("assets", "Asset"),
    ("shots", "Shot"),
    ("edits", "Edit"),
    ("concepts", "Concept"),
):
    _register_new_tasks(_plural, _kind)


def add_task(
    store: Store, request: Request, project: str, place: Record
) -> Record:
    for_concept = (
        store.get("entities", place["entity_id"])["type"] == "Concept"
    )
    status = store.first(
        "task-status", is_default=True, for_concept=for_concept
    )
    task = store.add(
        "tasks",
        project_id=project,
        task_status_id=status["id"],
        assigner_id=request.person["id"],
        **place,
    )
    store.tell(task, "new")
    task_type = store.get("task-types", place["task_type_id"])
    shown = with_names(store, dict(task))
    shown.update(
        task_status_short_name=status["short_name"],
        task_status_color=status["color"],
        task_type_color=task_type["color"],
        task_type_priority=task_type["priority"],
    )
    return shown


# The hours that were logged.


@route("GET", "data/projects/{project}/time-spents")
def get_time_spents_of_project(
    store: Store, request: Request, project: str
) -> Any:
    tasks = store.all("tasks", project_id=project)
    return time_spents_of(store, tasks)


@route("GET", "data/entities/{entity}/time-spents")
def get_time_spents_of_entity(
    store: Store, request: Request, entity: str
) -> Any:
    store.get("entities", entity)
    found = time_spents_of(store, store.all("tasks", entity_id=entity))
    return sorted(found, key=lambda spent: spent["date"], reverse=True)


def time_spents_of(store: Store, tasks: list[Record]) -> list[Record]:
    ids = {task["id"] for task in tasks}
    return [
        spent for spent in store.all("time-spents") if spent["task_id"] in ids
    ]


@route(
    "DELETE", "actions/tasks/{task}/time-spents/{date}/persons/{person}", 201
)
def remove_time_spent(
    store: Store, request: Request, task: str, date: str, person: str
) -> Any:
    place = {"task_id": task, "date": date, "person_id": person}
    spent = store.first("time-spents", **place)
    if spent is None:
        raise not_found()
    store.remove("time-spents", spent["id"])
    store.tell(spent, "delete")
    update_duration(store, task)
    return dict(spent, duration=0)


# Schedules and budgets.


@route("GET", "data/projects/{project}/schedule-items")
def get_schedule_items(store: Store, request: Request, project: str) -> Any:
    return store.all("schedule-items", project_id=project)


@route("GET", "data/projects/{project}/milestones")
def get_milestones(store: Store, request: Request, project: str) -> Any:
    return store.all("milestones", project_id=project)


@route("GET", "data/projects/{project}/budgets")
def get_budgets(store: Store, request: Request, project: str) -> Any:
    return store.all("budgets", project_id=project)
