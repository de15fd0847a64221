"""
Generic routes for the records of all models, and their special cases.
"""

from __future__ import annotations

from typing import Any

from .. import validation
from ..request import Request
from ..store import (
    REFERENCED,
    Refusal,
    Store,
    bad_request,
    database_error,
    forbidden,
    now,
    rejected,
)
from .comments import remove_comment_of
from .routing import route
from .serializers import (
    by_id_of_path,
    filtered,
    flat,
    is_forced,
    paginated,
    with_relations,
)
from .tasks import update_duration


@route("POST", "data/persons", 201)
def new_person(store: Store, request: Request) -> Any:
    body = request.json
    is_bot = body.get("is_bot", False)
    validation.check_person(body, now()[:10])
    if not is_bot:
        check_email_is_free(store, body, None)
    record = store.create("persons", body)
    store.tell(record, "new")
    if is_bot:
        return dict(record, access_token=store.new_token(record["id"]))
    return record


@route("PUT", "data/persons/{person}")
def update_person(store: Store, request: Request, person: str) -> Any:
    record, body = by_id_of_path(store, "persons", person), request.json
    day = body.get("expiration_date")
    # A person who has already expired can still be edited.
    today = now()[:10] if day != record["expiration_date"] else ""
    validation.check_person(body, today)
    if not body.get("is_bot", record["is_bot"]):
        check_email_is_free(store, body, person)
    record = store.update("persons", person, body)
    store.tell(record, "update")
    if day is not None and day >= today:
        return dict(record, access_token=store.new_token(person))
    return record


def check_email_is_free(store: Store, body: dict, person: str | None) -> None:
    """Raise Refusal if another person uses the email. Bots may share one."""
    if body.get("email") and any(
        one["id"] != person
        for one in store.all("persons", email=body["email"], is_bot=False)
    ):
        raise bad_request("Email already in use.")


@route("DELETE", "data/persons/{person}", 204)
def remove_person(store: Store, request: Request, person: str) -> Any:
    record = by_id_of_path(store, "persons", person)
    if person == request.person["id"]:
        raise forbidden()
    if is_forced(request):
        for comment in store.all("comments", person_id=person):
            remove_comment_of(store, comment)
        for spent in store.all("time-spents", person_id=person):
            store.remove("time-spents", spent["id"])
        store.remove("persons", person)
    elif store.is_used("persons", person):
        raise rejected("Some data are still linked to given person.")
    else:
        store.remove("persons", person)
    # The server emits it once for the person and once for the request.
    store.tell(record, "delete")
    store.tell(record, "delete")


@route("POST", "data/task-types", 201)
def new_task_type(store: Store, request: Request) -> Any:
    keys = ("name", "for_entity")
    if store.first(
        "task-types", **{key: request.json.get(key) for key in keys}
    ):
        raise bad_request("A task type with similar name already exists")
    record = store.create("task-types", request.json)
    store.tell(record, "new")
    return record


@route("DELETE", "data/task-types/{task_type}", 204)
def remove_task_type(store: Store, request: Request, task_type: str) -> Any:
    record = by_id_of_path(store, "task-types", task_type)
    projects = [
        project
        for project in store.all("projects")
        if task_type in project["task_types"]
    ]
    if projects and not is_forced(request):
        raise bad_request(
            "Task type is attached to projects. Re-issue the request with "
            "force=true to detach."
        )
    if store.is_used("task-types", task_type, apart="task_types"):
        raise database_error(REFERENCED)
    store.remove("task-types", task_type)
    store.tell(record, "delete")


@route("POST", "data/entity-types", 201)
def new_entity_type(store: Store, request: Request) -> Any:
    name = str(request.json.get("name", "")).lower()
    if any(one["name"].lower() == name for one in store.all("entity-types")):
        raise bad_request("Entity type with this name already exists")
    record = store.create("entity-types", request.json)
    store.tell(record, "new")
    return record


@route("GET", "data/{model}")
def get_all(store: Store, request: Request, model: str) -> Any:
    return paginated(request, filtered(store, request, model))


@route("POST", "data/{model}", 201)
def create(store: Store, request: Request, model: str) -> Any:
    record = store.create(model, request.json)
    store.tell(record, "new")
    return record


@route("GET", "data/{model}/{id}")
def get_one(store: Store, request: Request, model: str, id: str) -> Any:
    record = by_id_of_path(store, model, id)
    if model == "entities":
        return with_relations(store, record)
    return record


@route("PUT", "data/{model}/{id}")
def update(store: Store, request: Request, model: str, id: str) -> Any:
    by_id_of_path(store, model, id)
    record = flat(store.update(model, id, request.json))
    store.tell(record, "update")
    if model == "time-spents":
        update_duration(store, record["task_id"])
    return record


@route("DELETE", "data/{model}/{id}", 204)
def remove(store: Store, request: Request, model: str, id: str) -> Any:
    record = by_id_of_path(store, model, id)
    store.remove_unused(model, id)
    store.tell(record, "delete")
    if model == "time-spents":
        update_duration(store, record["task_id"])


@route("POST", "data/entities", 201)
def new_entity(store: Store, request: Request) -> Any:
    validation.check_choice(
        request.json, "status", validation.STATUSES, "Invalid status"
    )
    values = dict({"data": None}, **request.json)
    values["created_by"] = request.person["id"]
    record = store.create("entities", values)
    store.tell(record, "new")
    return dict(with_relations(store, record), type="Entity")


@route("PUT", "data/entities/{entity}")
def update_entity(store: Store, request: Request, entity: str) -> Any:
    by_id_of_path(store, "entities", entity)
    validation.check_choice(
        request.json, "status", validation.STATUSES, "Invalid status"
    )
    kept = ("created_by", "shotgun_id", "entities_in", "entities_out")
    values = {
        key: value for key, value in request.json.items() if key not in kept
    }
    try:
        record = store.update("entities", entity, values)
    except Refusal as refusal:
        refusal.body.setdefault("error", True)
        raise
    store.tell(record, "update")
    return with_relations(store, record)


@route("DELETE", "data/entities/{entity}", 204)
def remove_entity(store: Store, request: Request, entity: str) -> Any:
    record = by_id_of_path(store, "entities", entity)
    if store.first("tasks", entity_id=entity) or store.first(
        "entities", parent_id=entity
    ):
        raise database_error(REFERENCED)
    store.remove("entities", entity)
    store.tell(record, "delete")
