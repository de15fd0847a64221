"""
The boards: all shots of a project with their tasks, and the same for other entities.
"""

from __future__ import annotations

import json
from typing import Any

from ..request import Request
from ..store import Record, Store
from .entities import get_asset
from .routing import Content, route
from .serializers import by_id, name_of, tasks_of_entity

_SHARED = ("id", "name", "description", "canceled", "preview_file_id", "data")
_IN_PROJECT = (
    "entity_type_id",
    "parent_id",
    "source_id",
    "project_id",
    "nb_entities_out",
    "type",
)
_FRAMES = ("fps", "frame_in", "frame_out")
_CREATION = ("created_by", "created_at", "updated_at")


def _entities(store: Store, request: Request, kind: str) -> list:
    """Return the entities of a kind that the query asks for."""
    found = [one for one in store.all("entities") if one["type"] == kind]
    for key in ("project_id", "id"):
        if key in request.query:
            found = [one for one in found if one[key] == request.query[key]]
    return found


def _row(entity: Record, keys: tuple, frames: bool = True) -> Record:
    data = entity["data"] or {}
    row = {key: entity[key] for key in _SHARED + keys}
    row["data"] = data
    if frames:
        row.update((key, data.get(key)) for key in _FRAMES)
    return row


def _is_in(episode: str | None, wanted: str | None) -> bool:
    if wanted == "main":
        return episode is None
    return wanted in (None, "all", episode)


def _answer(request: Request, name: str, rows: list) -> Any:
    """Return rows as a list, or as the lines that the query asks for."""
    if request.query.get("stream") != "true":
        return rows
    header: Record = {"compact": request.query.get("compact") == "true"}
    lines: list = rows
    if header["compact"]:
        fields = list(rows[0]) if rows else ["id", "tasks"]
        tasks = [task for row in rows for task in row["tasks"]]
        task_fields = list(tasks[0]) if tasks else ["id"]
        header[name + "_fields"] = fields
        header["task_fields"] = task_fields
        lines = [
            [
                [[task[key] for key in task_fields] for task in row[field]]
                if field == "tasks"
                else row[field]
                for field in fields
            ]
            for row in rows
        ]
    text = "".join(json.dumps(line) + "\n" for line in [header, *lines])
    return Content(text.encode("utf-8"), "application/x-ndjson")


@route("GET", "data/shots/with-tasks")
def get_shots(store: Store, request: Request) -> Any:
    rows = []
    for shot in _entities(store, request, "Shot"):
        sequence = store.parent(shot)
        episode = by_id(store, "entities", (sequence or {}).get("parent_id"))
        if sequence is None or not _is_in(
            episode.get("id"), request.query.get("episode_id")
        ):
            continue
        row = _row(shot, _IN_PROJECT + ("nb_frames", "is_casting_standby"))
        row.update(
            project_name=name_of(store, "projects", shot["project_id"]),
            sequence_id=sequence["id"],
            sequence_name=sequence["name"],
            episode_id=episode.get("id"),
            episode_name=episode.get("name") or "",
            tasks=tasks_of_entity(
                store, shot, "nb_assets_ready", "nb_drawings"
            ),
        )
        rows.append(row)
    return _answer(request, "shot", rows)


@route("GET", "data/assets/with-tasks")
def get_assets(store: Store, request: Request) -> Any:
    keys = (
        *("id", "name", "preview_file_id", "description", "asset_type_name"),
        *("asset_type_id", "canceled", "ready_for", "episode_id"),
        *("casting_episode_ids", "is_casting_standby", "is_shared", "data"),
        "tasks",
    )
    episode = request.query.get("episode_id")
    rows = []
    for asset in _entities(store, request, "Asset"):
        found = get_asset(store, request, asset["id"])
        if episode in found["casting_episode_ids"] or _is_in(
            asset["source_id"], episode
        ):
            rows.append({key: found[key] for key in keys})
            rows[-1]["data"] = found["data"] or {}
    rows.sort(key=lambda row: (row["asset_type_name"], row["name"]))
    return _answer(request, "asset", rows)


@route("GET", "data/edits/with-tasks")
def get_edits(store: Store, request: Request) -> Any:
    rows = []
    for edit in _entities(store, request, "Edit"):
        episode = store.parent(edit) or {}
        if not _is_in(episode.get("id"), request.query.get("episode_id")):
            continue
        row = _row(edit, _IN_PROJECT, frames=False)
        row.update(
            project_name=name_of(store, "projects", edit["project_id"]),
            episode_id=episode.get("id"),
            episode_name=episode.get("name") or "",
            tasks=_tasks_without(
                store, edit, ("difficulty", "done_date"), "nb_assets_ready"
            ),
        )
        rows.append(row)
    return rows


@route("GET", "data/concepts/with-tasks")
def get_concepts(store: Store, request: Request) -> Any:
    rows = []
    for concept in _entities(store, request, "Concept"):
        row = _row(
            concept,
            _IN_PROJECT + _CREATION + ("nb_frames", "is_casting_standby"),
        )
        preview = by_id(store, "preview-files", concept["preview_file_id"])
        row.update(
            project_name=name_of(store, "projects", concept["project_id"]),
            preview_file_status=preview.get("status"),
            entity_concept_links=concept["entity_concept_links"],
            tasks=_tasks_without(
                store,
                concept,
                ("difficulty", "done_date", "last_preview_file_id"),
                "nb_assets_ready",
            ),
        )
        rows.append(row)
    return rows


def _tasks_without(
    store: Store, entity: Record, left_out: tuple, *more: str
) -> list:
    return [
        {key: task[key] for key in task if key not in left_out}
        for task in tasks_of_entity(store, entity, *more)
    ]


def _register_parents(kind: str, plural: str) -> None:
    @route("GET", "data/{}/with-tasks".format(plural))
    def get_parents(store: Store, request: Request) -> Any:
        rows = []
        wanted = request.query.get("episode_id")
        for entity in _entities(store, request, kind):
            if wanted not in (None, "all", entity["parent_id"]):
                continue
            row = _row(entity, ("status",))
            row.update(
                # The server returns text here, even for null.
                episode_id=str(entity["parent_id"]),
                preview_file_id=entity["preview_file_id"] or "",
                tasks=tasks_of_entity(store, entity),
            )
            rows.append(row)
        return rows


_register_parents("Sequence", "sequences")
_register_parents("Episode", "episodes")
_register_parents("Scene", "scenes")
