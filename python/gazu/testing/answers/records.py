"""
Records of every kind, where a route is nothing special.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models import MODELS
from ..store import Refusal, Store, not_found
from .routing import route
from .shown import by_id_of_path, chosen, flat, listed, related

if TYPE_CHECKING:
    from ..server import Request


@route("POST", "data/persons", 201)
def new_person(store: Store, request: Request) -> Any:
    email = request.json.get("email")
    if email and store.first("persons", email=email):
        raise Refusal(
            400,
            {"error": True, "message": "Email already in use.", "data": None},
        )
    person = store.create("persons", request.json)
    store.tell(person, "new")
    return person


@route("POST", "data/task-types", 201)
def new_task_type(store: Store, request: Request) -> Any:
    keys = ("name", "for_entity")
    if store.first(
        "task-types", **{key: request.json.get(key) for key in keys}
    ):
        raise Refusal(
            400,
            {
                "error": True,
                "message": "A task type with similar name already exists",
                "data": None,
            },
        )
    return store.create("task-types", request.json)


@route("GET", "data/{model}")
def get_all(store: Store, request: Request, model: str) -> Any:
    if model not in MODELS:
        raise not_found()
    return listed(request, chosen(store, request, model))


@route("POST", "data/{model}", 201)
def create(store: Store, request: Request, model: str) -> Any:
    if model not in MODELS:
        raise not_found()
    record = store.create(model, request.json)
    store.tell(record, "new")
    return record


@route("GET", "data/{model}/{id}")
def get_one(store: Store, request: Request, model: str, id: str) -> Any:
    record = by_id_of_path(store, model, id)
    if model == "entities":
        return related(store, record)
    return record


@route("PUT", "data/{model}/{id}")
def update(store: Store, request: Request, model: str, id: str) -> Any:
    by_id_of_path(store, model, id)
    record = store.update(model, id, request.json)
    store.tell(record, "update")
    if model == "entities":
        return related(store, record)
    return flat(record)


@route("DELETE", "data/{model}/{id}", 204)
def remove(store: Store, request: Request, model: str, id: str) -> Any:
    record = by_id_of_path(store, model, id)
    store.remove(model, id)
    store.tell(record, "delete")
