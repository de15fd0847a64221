"""
Tasks, their assignees, and the time spent on them.
"""

from __future__ import annotations

from typing import Any, Iterable

from .. import validation
from ..request import Request
from ..store import (
    TAKEN,
    Record,
    Refusal,
    Store,
    bad_request,
    database_error,
    forbidden,
    is_uuid,
    now,
    rejected,
)
from .comments import emit_task_removal, remove_tasks
from .entities import get_cast_in
from .projects import emit_project_update
from .routing import route
from .serializers import (
    as_asset_type,
    by_id,
    by_id_of_path,
    flat,
    flats,
    is_forced,
    paginated,
    with_names,
)


def assigned_to_user(
    request: Request, tasks: Iterable[Record]
) -> list[Record]:
    """Return the user's tasks for a ``data/user/`` route, otherwise all tasks."""
    mine = request.path.startswith("data/user/")
    person = request.person["id"]
    return [task for task in tasks if not mine or person in task["assignees"]]


def _register_task_routes(plural: str) -> None:
    @route("GET", "data/" + plural + "/{entity}/tasks")
    def tasks(store: Store, request: Request, entity: str) -> Any:
        store.get("entities", entity)
        found = store.all("tasks", entity_id=entity)
        return [with_names(store, task) for task in paginated(request, found)]

    @route("GET", "data/user/" + plural + "/{entity}/tasks")
    def my_tasks(store: Store, request: Request, entity: str) -> Any:
        store.get("entities", entity)
        found = assigned_to_user(request, store.all("tasks", entity_id=entity))
        return paginated(request, found)

    @route("GET", "data/" + plural + "/{entity}/task-types")
    @route("GET", "data/user/" + plural + "/{entity}/task-types")
    def task_types(store: Store, request: Request, entity: str) -> Any:
        store.get("entities", entity)
        found = assigned_to_user(request, store.all("tasks", entity_id=entity))
        ids = dict.fromkeys(task["task_type_id"] for task in found)
        return [store.get("task-types", id) for id in ids]


for _plural in ("assets", "shots", "sequences", "episodes", "scenes"):
    _register_task_routes(_plural)


def entities_of_user(
    store: Store, request: Request, *types: str, **wanted: Any
) -> list[Record]:
    """Return the entities for which the user has tasks."""
    tasks = assigned_to_user(request, store.all("tasks"))
    ids = {task["entity_id"] for task in tasks}
    found = store.all("entities", **wanted)
    return [one for one in found if one["id"] in ids and one["type"] in types]


@route("GET", "data/user/projects/{project}/asset-types/{asset_type}/assets")
def get_my_assets(
    store: Store, request: Request, project: str, asset_type: str
) -> Any:
    place = {"project_id": project, "entity_type_id": asset_type}
    return flats(entities_of_user(store, request, "Asset", **place))


@route("GET", "data/user/projects/{project}/asset-types")
def get_my_asset_types(store: Store, request: Request, project: str) -> Any:
    found = entities_of_user(store, request, "Asset", project_id=project)
    ids = dict.fromkeys(one["entity_type_id"] for one in found)
    return [as_asset_type(store.get("entity-types", id)) for id in ids]


@route("GET", "data/user/sequences/{sequence}/shots")
def get_my_shots(store: Store, request: Request, sequence: str) -> Any:
    return flats(entities_of_user(store, request, "Shot", parent_id=sequence))


@route("GET", "data/user/projects/{project}/sequences")
def get_my_sequences(store: Store, request: Request, project: str) -> Any:
    shots = entities_of_user(store, request, "Shot", project_id=project)
    ids = dict.fromkeys(one["parent_id"] for one in shots)
    return flats(store.get("entities", id) for id in ids if id)


@route("GET", "data/entities/{entity}/task-types/{task_type}/tasks")
def get_tasks_of_type(
    store: Store, request: Request, entity: str, task_type: str
) -> Any:
    return flats(store.all("tasks", entity_id=entity, task_type_id=task_type))


@route("GET", "data/projects/{project}/tasks")
def get_tasks_of_project(store: Store, request: Request, project: str) -> Any:
    tasks = store.all("tasks", project_id=project)
    return paginated(request, tasks, relations=True)


@route("POST", "data/tasks", 201)
def new_task(store: Store, request: Request) -> Any:
    body = request.json
    for key in ("task_type_id", "entity_id"):
        if not is_uuid(body.get(key)):
            raise bad_request("A valid {} is required.".format(key))
    if not isinstance(body.get("assignees", []), list):
        raise bad_request("assignees must be a list.")
    kind = store.get("task-types", body["task_type_id"])["for_entity"]
    if store.get("entities", body["entity_id"])["type"] != kind:
        raise rejected("Task type of the task does not match entity type.")
    values = dict(body, name=body.get("name") or "main")
    try:
        task = store.create("tasks", values)
    except Refusal as refusal:
        if refusal.body["message"] == TAKEN:
            raise database_error("Task already exists.") from None
        raise
    store.tell(task, "new")
    return task


@route("GET", "data/tasks/{task}/full")
def get_full_task(store: Store, request: Request, task: str) -> Any:
    found = store.get("tasks", task)
    entity = flat(store.get("entities", found["entity_id"]))
    entity_type = flat(store.get("entity-types", entity["entity_type_id"]))
    shown = dict(found, entity=dict(entity, type="Entity"))
    sequence = store.parent(entity)
    episode = store.parent(sequence) if sequence else None
    if sequence is not None:
        shown["sequence"] = flat(sequence)
    if episode is not None:
        shown["episode"] = flat(episode)
    shown["entity_type"] = entity_type
    shown["is_subscribed"] = False
    shown["persons"] = [
        flat(store.get("persons", id)) for id in found["assignees"]
    ]
    project = store.get("projects", found["project_id"])
    shown["project"] = flat(project)
    shown["task_status"] = store.get("task-status", found["task_status_id"])
    shown["task_type"] = store.get("task-types", found["task_type_id"])
    if found["assigner_id"]:
        shown["assigner"] = store.get("persons", found["assigner_id"])
    return shown


@route("DELETE", "data/tasks/{task}", 204)
def remove_task(store: Store, request: Request, task: str) -> Any:
    record = by_id_of_path(store, "tasks", task)
    if not is_forced(request):
        store.remove_unused("tasks", task)
        emit_task_removal(store, record)
        return
    remove_tasks(store, [record])


@route("PUT", "actions/persons/{person}/assign")
def assign(store: Store, request: Request, person: str) -> Any:
    ids = validation.required_texts(request.json, "task_ids", least=1)
    tasks = [by_id(store, "tasks", id) for id in ids]
    tasks = [task for task in tasks if task]
    if tasks and person not in store.models["persons"]:
        raise unknown_assignee()
    tasks = [task for task in tasks if may_be_assigned(store, task, person)]
    for task in tasks:
        add_assignee(store, request, task, person)
    if tasks:
        ensure_in_team(store, tasks[0], person)
    return tasks


@route("PUT", "actions/tasks/{task}/assign")
def assign_one(store: Store, request: Request, task: str) -> Any:
    person = validation.required_text(request.json, "person_id", least=1)
    record = store.get("tasks", task)
    if person not in store.models["persons"]:
        raise unknown_assignee()
    if not may_be_assigned(store, record, person):
        raise forbidden()
    add_assignee(store, request, record, person)
    ensure_in_team(store, record, person)
    return record


def unknown_assignee() -> Refusal:
    return Refusal(400, {"error": "Assignee doesn't exist in database."})


def may_be_assigned(store: Store, task: Record, person: str) -> bool:
    """Return whether a person may be assigned. Projects can exclude bots."""
    project = by_id(store, "projects", task["project_id"])
    return not store.get("persons", person)["is_bot"] or bool(
        project.get("is_bot_collaboration_enabled")
    )


def add_assignee(
    store: Store, request: Request, task: Record, person: str
) -> None:
    if person not in task["assignees"]:
        task["assignees"].append(person)
    task["assigner_id"] = request.person["id"]
    task["updated_at"] = now()
    store.tell(task, "assign", person_id=person)
    store.tell(task, "update")


def ensure_in_team(store: Store, task: Record, person: str) -> None:
    team = store.get("projects", task["project_id"])["team"]
    if person not in team:
        team.append(person)
        emit_project_update(store, task["project_id"])


@route("PUT", "actions/tasks/clear-assignation")
def clear_assignation(store: Store, request: Request) -> Any:
    ids = validation.required_texts(request.json, "task_ids", least=1)
    person = request.json.get("person_id")
    found = [id for id in ids if id in store.models["tasks"]]
    for id in found:
        task = store.get("tasks", id)
        removed = [person] if person else task["assignees"]
        task["assignees"] = [
            one for one in task["assignees"] if one not in removed
        ]
        task["updated_at"] = now()
        for one in removed:
            store.tell(task, "unassign", person_id=one)
        store.tell(task, "update")
    return found


def to_do_list(store: Store, person: str, done: bool) -> list[Record]:
    """Return the to-do list of a person, or the list of finished tasks."""
    answer = []
    for task in store.all("tasks"):
        status = by_id(store, "task-status", task["task_status_id"])
        if person not in task["assignees"] or status.get("is_done") != done:
            continue
        answer.append(to_do_entry(store, task, status))
    return answer


def to_do_entry(store: Store, task: Record, status: Record) -> Record:
    entity = store.get("entities", task["entity_id"])
    kind = store.get("entity-types", entity["entity_type_id"])
    task_type = store.get("task-types", task["task_type_id"])
    sequence = by_id(store, "entities", entity["parent_id"])
    episode = by_id(store, "entities", sequence.get("parent_id"))
    comments = store.all("comments", object_id=task["id"])
    last = comments[-1] if comments else None
    shown = dict(
        with_names(store, dict(task)),
        project_has_avatar=by_id(store, "projects", task["project_id"]).get(
            "has_avatar"
        ),
        entity_description=entity["description"],
        entity_data=entity["data"],
        entity_preview_file_id=entity["preview_file_id"] or "",
        entity_source_id=entity["source_id"] or "",
        entity_type_name=kind["name"],
        entity_canceled=entity["canceled"],
        sequence_name=sequence.get("name"),
        episode_id=episode.get("id") or "",
        episode_name=episode.get("name"),
        task_type_for_entity=task_type["for_entity"],
        task_estimation=task["estimation"],
        task_duration=task["duration"],
        task_start_date=task["start_date"],
        task_due_date=task["due_date"],
        task_type_color=task_type["color"],
        task_status_color=status["color"],
        task_status_short_name=status["short_name"],
        last_comment={
            "text": last["text"],
            "date": last["created_at"],
            "person_id": last["person_id"],
        }
        if last
        else {},
    )
    if entity["type"] == "Asset":
        episodes = {
            one["episode_id"]: one["episode_name"]
            for one in get_cast_in(store, None, entity["id"])
            if one["episode_name"]
        }
        shown["episode_ids"] = list(episodes)
        shown["episode_names"] = list(episodes.values())
    return shown


@route("GET", "data/persons/{person}/tasks")
def get_tasks_of_person(store: Store, request: Request, person: str) -> Any:
    if store.get("persons", person)["is_bot"]:
        raise forbidden()
    return to_do_list(store, person, done=False)


@route("GET", "data/persons/{person}/done-tasks")
def get_done_tasks_of_person(
    store: Store, request: Request, person: str
) -> Any:
    if store.get("persons", person)["is_bot"]:
        raise forbidden()
    return to_do_list(store, person, done=True)


@route("GET", "data/user/tasks")
def get_my_tasks(store: Store, request: Request) -> Any:
    return to_do_list(store, request.person["id"], done=False)


@route("GET", "data/user/done-tasks")
def get_my_done_tasks(store: Store, request: Request) -> Any:
    return to_do_list(store, request.person["id"], done=True)


@route("POST", "actions/tasks/{task}/time-spents/{date}/persons/{person}", 201)
def set_time_spent(
    store: Store, request: Request, task: str, date: str, person: str
) -> Any:
    return record_time_spent(store, request, task, date, person, keep=False)


@route(
    "POST", "actions/tasks/{task}/time-spents/{date}/persons/{person}/add", 201
)
def add_time_spent(
    store: Store, request: Request, task: str, date: str, person: str
) -> Any:
    return record_time_spent(store, request, task, date, person, keep=True)


def record_time_spent(
    store: Store,
    request: Request,
    task: str,
    date: str,
    person: str,
    keep: bool,
) -> Record:
    """Set the time spent on a task in a day, or add to it if `keep` is true."""
    record = store.get("tasks", task)
    who = store.get("persons", person)
    if not may_be_assigned(store, record, person):
        raise forbidden()
    duration = validation.positive_number(request.json, "duration")
    if person not in record["assignees"]:
        raise forbidden()
    if not validation.is_date(date):
        raise bad_request("Invalid date format.")
    place = {"task_id": task, "date": date, "person_id": person}
    spent = store.first("time-spents", **place)
    if spent is None:
        spent = store.add("time-spents", **place)
        who["last_presence"] = max(
            spent["date"]
            for spent in store.all("time-spents", person_id=person)
        )
        store.tell(who, "update")
        store.tell(spent, "new")
    else:
        store.tell(spent, "update")
    spent["duration"] = keep * spent["duration"] + duration
    spent["updated_at"] = now()
    update_duration(store, task)
    return spent


def update_duration(store: Store, task: str) -> None:
    """Set the duration of a task to the sum of the time spent on it."""
    store.get("tasks", task)["duration"] = sum(
        (one["duration"] for one in store.all("time-spents", task_id=task)),
        0.0,
    )
    store.tell(store.get("tasks", task), "update")


@route("GET", "actions/tasks/{task}/time-spents")
def get_time_spents(store: Store, request: Request, task: str) -> Any:
    return with_total(store.all("time-spents", task_id=task))


@route("GET", "actions/tasks/{task}/time-spents/{date}")
def get_time_spent(
    store: Store, request: Request, task: str, date: str
) -> Any:
    return with_total(store.all("time-spents", task_id=task, date=date))


def with_total(spents: list[Record]) -> dict:
    answer = {"total": sum(one["duration"] for one in spents)}
    for one in spents:
        answer.setdefault(one["person_id"], []).append(one)
    return answer
