"""
Records as the routes show them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Iterable

from ..models import MODELS
from ..store import Record, Refusal, Store, not_found

if TYPE_CHECKING:
    from ..server import Request


def flat(record: Record) -> Record:
    """Return a record without its relations."""
    relations = MODELS[_MODEL_OF.get(record["type"], "entities")].relations
    return {key: record[key] for key in record if key not in relations}


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)

_MODEL_OF = {model.type: name for name, model in MODELS.items()}


def flats(records: Iterable[Record]) -> list[Record]:
    return [flat(record) for record in records]


def by_id(store: Store, model: str, id: str | None) -> Record:
    """Return a record by an id that may be missing, or an empty one."""
    return store.models[model].get(id) or {}


def name_of(store: Store, model: str, id: str | None) -> str | None:
    return by_id(store, model, id).get("name")


def related(store: Store, entity: Record) -> Record:
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
    """Return a project as the routes of one and of the open ones do."""
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
    """Return a project; one of a series names its first episode."""
    if project["production_type"] == "tvshow":
        episodes = children(store, project["id"], "Episode")
        project["first_episode_id"] = episodes[0]["id"] if episodes else None
    return project


def children(
    store: Store, project_id: str, *types: str, **wanted: Any
) -> list[Record]:
    """Return the entities of a project that are of these types."""
    return [
        entity
        for entity in store.all("entities", project_id=project_id, **wanted)
        if entity["type"] in types
    ]


def with_names(store: Store, task: Record) -> Record:
    """Return a task with the names of what it belongs to."""
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


_IN_AN_ENTITY = (
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


def tasks_in(store: Store, entity: Record, *more: str) -> list[Record]:
    """Return the tasks of an entity as they stand inside it."""
    return [
        dict(
            {key: task[key] for key in _IN_AN_ENTITY + more},
            is_subscribed=False,
        )
        for task in store.all("tasks", entity_id=entity["id"])
    ]


def listed(request: Request, records: Any, relations: bool = False) -> Any:
    """Return records as a list, or a page of it if the request wants one."""
    if request.query.get("relations", "").lower() == "true":
        relations = True
    shown = [dict(record) if relations else flat(record) for record in records]
    if "page" not in request.query:
        return shown
    page = int(request.query["page"])
    limit = int(request.query.get("limit", 100))
    offset = (page - 1) * limit
    return {
        "data": shown[offset : offset + limit],
        "total": len(shown),
        "nb_pages": -(-len(shown) // limit),
        "limit": limit,
        "offset": offset,
        "page": page,
    }


def chosen(
    store: Store,
    request: Request,
    model: str,
    records: list[Record] | None = None,
) -> list[Record]:
    """Return the records that the columns of the query choose."""
    fields = MODELS[model].fields
    wanted = {
        key: value
        for key, value in request.query.items()
        if key in fields or key == "id"
    }
    if records is None:
        records = store.all(model)
    return [
        record
        for record in records
        if all(_as_text(record[key]) == value for key, value in wanted.items())
    ]


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def by_id_of_path(store: Store, model: str, id: str) -> Record:
    """Return the record that a path names. Raises Refusal."""
    if model not in MODELS:
        raise not_found()
    if not _ID.match(id):
        raise Refusal(
            400, {"error": True, "message": "Malformed ID.", "data": None}
        )
    return store.get(model, id.lower())
