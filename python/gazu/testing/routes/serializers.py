"""
Serialization of records: which keys each route returns.
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterable

from ..models import MODELS, REFERENCES
from ..request import Request
from ..store import MALFORMED, Record, Store, bad_request, is_uuid, rejected


def flat(record: Record) -> Record:
    """Return a record without its relations."""
    relations = MODELS[_MODEL_OF.get(record["type"], "entities")].relations
    return {key: record[key] for key in record if key not in relations}


_MODEL_OF = {model.type: name for name, model in MODELS.items()}


def flats(records: Iterable[Record]) -> list[Record]:
    return [flat(record) for record in records]


def by_id(store: Store, model: str, id: str | None) -> Record:
    """Return a record by its id, or an empty dict if there is none."""
    return store.models[model].get(id) or {}


def name_of(store: Store, model: str, id: str | None) -> str | None:
    return by_id(store, model, id).get("name")


def with_relations(store: Store, entity: Record) -> Record:
    """Return an entity with all its relations."""
    entity = dict(entity)
    links = store.models["entity-links"].values()
    entity["entities_out"] = [
        link["id"] for link in links if link["entity_in_id"] == entity["id"]
    ]
    entity["entities_in"] = [
        link["id"] for link in links if link["entity_out_id"] == entity["id"]
    ]
    return entity


def as_asset_type(entity_type: Record, relations: bool = False) -> Record:
    shown = dict(entity_type) if relations else flat(entity_type)
    return dict(shown, type="AssetType")


def project_with_links(store: Store, project: Record) -> Record:
    """Return a project with its descriptors and the settings of its types."""
    links = [
        {
            "priority": store.priorities.get(
                (project["id"], id), store.get("task-types", id)["priority"]
            ),
            "hd_bitrate_compression": None,
            "ld_bitrate_compression": None,
            "is_client_visible": True,
        }
        for id in project["task_types"]
    ]
    shown = dict(project)
    shown["descriptors"] = [
        {
            key: descriptor[key]
            for key in (
                "id",
                "name",
                "field_name",
                "data_type",
                "choices",
                "for_client",
                "entity_type",
                "task_type_id",
                "position",
                "departments",
            )
        }
        for descriptor in store.all(
            "metadata-descriptors", project_id=project["id"]
        )
    ]
    shown["task_type_links"] = dict(zip(project["task_types"], links))
    shown["task_types_priority"] = {
        id: link["priority"] for id, link in shown["task_type_links"].items()
    }
    shown["task_statuses_link"] = {
        id: {
            "priority": None,
            "roles_for_board": [
                "admin",
                "manager",
                "supervisor",
                "user",
                "vendor",
            ],
            "is_client_allowed": None,
        }
        for id in project["task_statuses"]
    }
    return with_first_episode(store, shown)


def with_first_episode(store: Store, project: Record) -> Record:
    """Return a project. A TV show gets the id of its first episode."""
    if project["production_type"] == "tvshow":
        episodes = entities_of_project(store, project["id"], "Episode")
        project["first_episode_id"] = episodes[0]["id"] if episodes else None
    return project


def entities_of_project(
    store: Store, project_id: str, *types: str, **wanted: Any
) -> list[Record]:
    """Return the entities of a project that have one of these types."""
    return [
        entity
        for entity in store.all("entities", project_id=project_id, **wanted)
        if entity["type"] in types
    ]


def with_names(store: Store, task: Record) -> Record:
    """Return a task with the names of its entity, project, type and status."""
    entity = by_id(store, "entities", task["entity_id"])
    task["project_name"] = name_of(store, "projects", task["project_id"])
    task["task_type_name"] = name_of(store, "task-types", task["task_type_id"])
    task["task_status_name"] = name_of(
        store, "task-status", task["task_status_id"]
    )
    task["entity_type_name"] = name_of(
        store, "entity-types", entity.get("entity_type_id")
    )
    task["entity_name"] = entity.get("name")
    return task


_TASK_KEYS = (
    "id",
    "duration",
    "due_date",
    "end_date",
    "done_date",
    "entity_id",
    "estimation",
    "last_comment_date",
    "last_preview_file_id",
    "priority",
    "real_start_date",
    "retake_count",
    "start_date",
    "difficulty",
    "task_status_id",
    "task_type_id",
    "assignees",
    "data",
)


def tasks_of_entity(store: Store, entity: Record, *more: str) -> list[Record]:
    """Return the tasks of an entity in the form that the entity contains."""
    return [
        dict(
            {key: task[key] for key in _TASK_KEYS + more},
            is_subscribed=False,
        )
        for task in store.all("tasks", entity_id=entity["id"])
    ]


def paginated(request: Request, records: Any, relations: bool = False) -> Any:
    """Return records as a list, or one page of it if the query has a page."""
    if request.query.get("relations", "").lower() == "true":
        relations = True
    shown = [dict(record) if relations else flat(record) for record in records]
    page, limit = (
        query_integer(request, "page", -1),
        query_integer(request, "limit", 0) or 100,
    )
    if page < 0:
        return shown
    if limit < 1:
        raise bad_request("limit must be a positive integer.")
    offset = (page - 1) * limit
    return {
        "data": shown[offset : offset + limit] if page else [],
        "total": len(shown),
        "nb_pages": -(-len(shown) // limit),
        "limit": limit,
        "offset": offset,
        "page": page,
    }


def is_forced(request: Request) -> bool:
    """Return whether a removal also removes the dependent records."""
    return request.query.get("force", "").lower() == "true"


def query_integer(request: Request, name: str, missing: int) -> int:
    """Return an integer of the query. Raises Refusal."""
    try:
        return int(request.query.get(name, missing))
    except ValueError:
        raise bad_request("{} must be an integer.".format(name)) from None


def filtered(
    store: Store,
    request: Request,
    model: str,
    records: list[Record] | None = None,
) -> list[Record]:
    """Return the records that match the columns in the query. Raises Refusal."""
    fields = MODELS[model].fields
    wanted = {
        key: _column_filter(fields.get(key), key, value)
        for key, value in request.query.items()
        if key in fields or key == "id"
    }
    for key in MODELS[model].relations:
        if key in request.query:
            wanted[key] = _relation_filter(request.query[key])
    if records is None:
        records = store.all(model)
    return [
        record
        for record in records
        if all(chooses(record.get(key)) for key, chooses in wanted.items())
    ]


def _relation_filter(id: str) -> Any:
    """Return a predicate that looks for an id in a list of them."""
    return lambda found: id.lower() in (found or ())


def _pattern(text: str) -> re.Pattern:
    """Return the expression of a pattern of SQL, which ignores case."""
    parts = [
        {"%": ".*", "_": "."}.get(part, re.escape(part[-1:]))
        for part in re.findall(r"\\?.", text, re.S)
    ]
    return re.compile("".join(parts) + r"\Z", re.I | re.S)


def _column_filter(default: Any, key: str, value: str) -> Any:
    """Return a predicate that compares a column with a query value. Raises Refusal."""
    if isinstance(default, bool):
        if value.lower() not in ("true", "false", "1", "0"):
            raise bad_request("Invalid boolean value: " + value)
        is_true = value.lower() in ("true", "1")
        return lambda found: found is is_true
    if key == "name":
        pattern = _pattern(value)
        return lambda found: bool(pattern.match(_as_text(found)))
    if value.startswith("["):
        try:
            values = [_as_text(one) for one in json.loads(value)]
        except ValueError:
            raise bad_request(
                "Malformed list filter for field {}.".format(key)
            ) from None
        return lambda found: _as_text(found) in values
    if key == "id" or key in REFERENCES:
        if value and not is_uuid(value):
            raise bad_request("Invalid UUID value: " + value)
        value = value.lower()
    elif isinstance(default, (int, float)):
        try:
            number = float(value)
        except ValueError:
            raise rejected(MALFORMED) from None
        return lambda found: found == number
    elif key == "email":
        return lambda found: _as_text(found).lower() == value.lower()
    return lambda found: _as_text(found) == value


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def by_id_of_path(store: Store, model: str, id: str) -> Record:
    """Return the record for an id in a path. Raises Refusal."""
    if not is_uuid(id):
        raise bad_request("Malformed ID.")
    return store.get(model, id.lower())
