"""
The version and status of the server, and projects.
"""

from __future__ import annotations

from typing import Any

from .. import validation
from ..request import Request
from ..store import Store, bad_request, rejected
from .routing import route
from .serializers import (
    by_id,
    by_id_of_path,
    filtered,
    flat,
    is_forced,
    name_of,
    project_with_links,
    with_first_episode,
)

VERSION = "1.0.97"


@route("GET", "")
def get_version(store: Store, request: Request) -> Any:
    return {"api": "Zou", "version": VERSION}


@route("GET", "status")
def get_status(store: Store, request: Request) -> Any:
    return {
        "name": "Zou",
        "version": VERSION,
        "database-up": True,
        "key-value-store-up": True,
        "event-stream-up": True,
        "job-queue-up": True,
        "indexer-up": False,
    }


@route("GET", "auth/authenticated")
def get_authenticated(store: Store, request: Request) -> Any:
    return {
        "authenticated": True,
        "user": dict(request.person, fido_devices=[]),
        "organisation": store.first("organisations"),
    }


@route("GET", "data/projects/open")
@route("GET", "data/user/projects/open")
def get_open_projects(store: Store, request: Request) -> Any:
    status = store.first("project-status", name="Open")
    projects = store.all("projects", project_status_id=status["id"])
    return [
        project_with_links(store, project)
        for project in filtered(store, request, "projects", projects)
    ]


@route("POST", "data/projects", 201)
def new_project(store: Store, request: Request) -> Any:
    validation.check_project(request.json)
    project = store.create("projects", request.json)
    if project["production_type"] == "tvshow":
        episode = store.add(
            "entities",
            name="E01",
            description="",
            project_id=project["id"],
            entity_type_id=store.entity_type("Episode")["id"],
            created_by=request.person["id"],
        )
        store.tell(episode, "new")
    store.tell(project, "new")
    return with_first_episode(store, dict(project))


@route("GET", "data/projects/{project}")
def get_project(store: Store, request: Request, project: str) -> Any:
    found = by_id_of_path(store, "projects", project)
    shown = project_with_links(store, found)
    shown["project_status_name"] = name_of(
        store, "project-status", found["project_status_id"]
    )
    return shown


@route("PUT", "data/projects/{project}")
def update_project(store: Store, request: Request, project: str) -> Any:
    by_id_of_path(store, "projects", project)
    validation.check_project(request.json)
    # The team has its own routes.
    values = {key: request.json[key] for key in request.json if key != "team"}
    record = store.update("projects", project, values)
    store.tell(record, "update")
    return with_first_episode(store, flat(record))


@route("DELETE", "data/projects/{project}", 204)
def remove_project(store: Store, request: Request, project: str) -> Any:
    record = by_id_of_path(store, "projects", project)
    status = by_id(store, "project-status", record["project_status_id"])
    if status.get("name") == "Open":
        raise rejected("Only closed projects can be deleted")
    if not is_forced(request) and store.is_used("projects", project):
        # The real server does not handle this error of its database.
        raise rejected("Internal server error.", 500)
    store.remove("projects", project)
    # The events of a project are removed with it.
    store.events[:] = [
        event for event in store.events if event["project_id"] != project
    ]
    store.emit("project:delete", {"project_id": project})


def emit_project_update(store: Store, project: str) -> None:
    """Emit an event for a change of a project's settings or team."""
    store.emit("project:update", {}, project)


def _register_setting_routes(name: str, key: str, model: str) -> None:
    """Register the routes that add and remove one kind of setting of a project."""

    @route("POST", "data/projects/{project}/settings/" + name, 201)
    def add(store: Store, request: Request, project: str) -> Any:
        id = validation.required_text(request.json, key)
        record = store.get("projects", project)
        store.get(model, id)
        if id not in record[_SETTINGS[name]]:
            record[_SETTINGS[name]].append(id)
        if "priority" in request.json:
            store.priorities[project, id] = request.json["priority"]
        emit_project_update(store, project)
        return flat(record)

    @route("DELETE", "data/projects/{project}/settings/" + name + "/{id}", 204)
    def remove(store: Store, request: Request, project: str, id: str) -> Any:
        record = store.get("projects", project)
        if id in record[_SETTINGS[name]]:
            record[_SETTINGS[name]].remove(id)
        emit_project_update(store, project)


_SETTINGS = {
    "asset-types": "asset_types",
    "task-types": "task_types",
    "task-status": "task_statuses",
}
_register_setting_routes("asset-types", "asset_type_id", "entity-types")
_register_setting_routes("task-types", "task_type_id", "task-types")
_register_setting_routes("task-status", "task_status_id", "task-status")


@route("GET", "data/projects/{project}/settings/task-status")
def get_project_statuses(store: Store, request: Request, project: str) -> Any:
    ids = store.get("projects", project)["task_statuses"]
    return [store.get("task-status", id) for id in ids]


@route("GET", "data/projects/{project}/team")
def get_team(store: Store, request: Request, project: str) -> Any:
    ids = store.get("projects", project)["team"]
    return [dict(store.get("persons", id), project_role=None) for id in ids]


@route("POST", "data/projects/{project}/team", 201)
def add_to_team(store: Store, request: Request, project: str) -> Any:
    person = validation.required_text(request.json, "person_id")
    record = store.get("projects", project)
    if person not in store.models["persons"]:
        raise bad_request("Person with id {} not found".format(person))
    if person not in record["team"]:
        record["team"].append(person)
    emit_project_update(store, project)
    return flat(record)


@route("DELETE", "data/projects/{project}/team/{person}", 204)
def remove_from_team(
    store: Store, request: Request, project: str, person: str
) -> Any:
    team = store.get("projects", project)["team"]
    if person in team:
        team.remove(person)
    emit_project_update(store, project)


@route("GET", "data/projects/{project}/metadata-descriptors")
def get_descriptors(store: Store, request: Request, project: str) -> Any:
    return store.all("metadata-descriptors", project_id=project)


@route("POST", "data/projects/{project}/metadata-descriptors", 201)
def new_descriptor(store: Store, request: Request, project: str) -> Any:
    body = request.json
    name = validation.required_text(body, "name", least=1)
    if "choices" in body:
        validation.required_texts(body, "choices")
    kind = body.get("entity_type", "Asset")
    task_type = body.get("task_type_id")
    store.get("projects", project)
    if kind not in validation.DESCRIPTOR_ENTITY_TYPES:
        raise bad_request(
            "Wrong entity type. Please select Asset, Shot, Sequence, Episode, "
            "Edit, Project, or Task."
        )
    if kind == "Task" and task_type is None:
        raise bad_request("Task metadata descriptors require a task_type_id.")
    if kind == "Task" and task_type not in store.models["task-types"]:
        raise bad_request("Task type not found.")
    if kind != "Task" and task_type is not None:
        raise bad_request(
            "task_type_id only applies to Task metadata descriptors."
        )
    validation.check_choice(
        body, "data_type", validation.DATA_TYPES, "Invalid data_type"
    )
    values = {
        "project_id": project,
        "entity_type": kind,
        "task_type_id": task_type,
        "name": name,
        "field_name": validation.field_name(name),
    }
    place = {key: values[key] for key in list(values)[:3]}
    for key in ("name", "field_name"):
        if store.first("metadata-descriptors", **{key: values[key]}, **place):
            raise bad_request("Metadata descriptor already exists.")
    for key in ("data_type", "choices", "for_client", "departments"):
        if key in body:
            values[key] = body[key]
    descriptor = store.create("metadata-descriptors", values)
    store.tell(descriptor, "new")
    return descriptor
