"""
Comments, previews and their files.
"""

from __future__ import annotations

import struct
import uuid
from typing import TYPE_CHECKING, Any

from ..store import Record, Store, invalid, not_found, now
from .routing import Content, route
from .shown import flat, flats

if TYPE_CHECKING:
    from ..server import File, Request


@route("POST", "actions/tasks/{task}/comment", 201)
def add_comment(store: Store, request: Request, task: str) -> Any:
    record = store.get("tasks", task)
    body = request.form or request.json
    if not body.get("task_status_id"):
        raise invalid("task_status_id", "Field required")
    status = store.get("task-status", body["task_status_id"])
    person = store.get(
        "persons", body.get("person_id") or request.person["id"]
    )
    comment = store.add(
        "comments",
        object_id=task,
        text=body.get("comment", ""),
        checklist=request.parsed(body.get("checklist"), []),
        links=request.parsed(body.get("links"), []),
        task_status_id=status["id"],
        person_id=person["id"],
    )
    for file in request.files:
        attach(store, comment, file)
    if body.get("created_at"):
        comment["created_at"] = body["created_at"]
    before, record["task_status_id"] = record["task_status_id"], status["id"]
    record["last_comment_date"] = record["updated_at"] = now()
    if status["is_wip"] and not record["real_start_date"]:
        record["real_start_date"] = now()
    if status["is_retake"]:
        record["retake_count"] += 1
    if status["is_done"]:
        record["done_date"] = now()
    tell_of_comment(store, comment, record, status, before)
    return dict(
        with_attachments(store, comment),
        task_status=status,
        person=flat(person),
    )


def tell_of_comment(
    store: Store, comment: Record, task: Record, status: Record, before: str
) -> None:
    """Emit that there is a comment, and what it made of its task."""
    store.tell(
        comment,
        "new",
        task_id=task["id"],
        task_status_id=status["id"],
        person_id=comment["person_id"],
        for_client=comment["for_client"],
    )
    store.tell(task, "update")
    if status["id"] != before:
        change = {
            "new_task_status_id": status["id"],
            "previous_task_status_id": before,
            "person_id": comment["person_id"],
        }
        store.tell(task, "status-changed", **change)
        if status["is_feedback_request"]:
            store.tell(task, "to-review", comment_id=comment["id"], **change)
    news = store.news[comment["id"]] = str(uuid.uuid4())
    store.emit(
        "news:new",
        {
            "news_id": news,
            "task_status_id": status["id"],
            "task_type_id": task["task_type_id"],
        },
        task["project_id"],
    )


def tell_of_change(store: Store, comment: Record) -> None:
    """Emit that something was added to a comment."""
    store.tell(
        comment,
        "update",
        task_id=comment["object_id"],
        person_id=comment["person_id"],
        for_client=comment["for_client"],
    )


def attach(store: Store, comment: Record, file: File) -> None:
    """Keep a file with a comment."""
    extension = file.name.rpartition(".")[2]
    attachment = store.add(
        "attachment-files",
        name=file.name,
        size=len(file.data),
        extension=extension,
        comment_id=comment["id"],
    )
    store.files[attachment["id"]] = file.data
    comment["attachment_files"].append(attachment["id"])


def with_attachments(store: Store, comment: Record) -> Record:
    attachments = [
        store.get("attachment-files", id) for id in comment["attachment_files"]
    ]
    return dict(
        comment,
        attachment_files=[
            {key: one[key] for key in ("id", "name", "extension", "size")}
            for one in attachments
        ],
    )


def _short(record: Record, *keys: str) -> Record:
    return {key: record[key] for key in (*keys, "id")}


def _short_person(store: Store, id: str) -> Record:
    return _short(
        store.get("persons", id),
        "first_name",
        "last_name",
        "full_name",
        "has_avatar",
        "role",
    )


@route("GET", "data/tasks/{task}/comments")
def get_comments(store: Store, request: Request, task: str) -> Any:
    store.get("tasks", task)
    answer = []
    for comment in reversed(store.all("comments", object_id=task)):
        shown = with_attachments(store, comment)
        shown["person"] = _short_person(store, comment["person_id"])
        status = store.get("task-status", comment["task_status_id"])
        shown["task_status"] = _short(status, "name", "short_name", "color")
        shown["previews"] = [
            _short(
                store.get("preview-files", id),
                "task_id",
                "revision",
                "extension",
                "width",
                "height",
                "duration",
                "status",
                "validation_status",
                "original_name",
                "position",
                "annotations",
            )
            for id in comment["previews"]
            if id in store.models["preview-files"]
        ]
        answer.append(shown)
    return answer


@route("GET", "data/comments/{comment}")
def get_comment(store: Store, request: Request, comment: str) -> Any:
    found = store.get("comments", comment)
    return dict(
        with_attachments(store, found),
        person=_short_person(store, found["person_id"]),
    )


@route("GET", "data/projects/{project}/comments")
def get_comments_of_project(
    store: Store, request: Request, project: str
) -> Any:
    return [
        comment
        for task in store.all("tasks", project_id=project)
        for comment in store.all("comments", object_id=task["id"])
    ]


@route("POST", "actions/tasks/{task}/comments/{comment}/add-preview", 201)
def add_preview(
    store: Store, request: Request, task: str, comment: str
) -> Any:
    return new_preview(store, request, task, comment, None)


@route(
    "POST",
    "actions/tasks/{task}/comments/{comment}/preview-files/{first}",
    201,
)
def add_extra_preview(
    store: Store, request: Request, task: str, comment: str, first: str | None
) -> Record:
    return new_preview(store, request, task, comment, first)


def new_preview(
    store: Store, request: Request, task: str, comment: str, first: str | None
) -> Record:
    """Add a preview: a revision of its own, or one more of a revision."""
    record = store.get("tasks", task)
    owner = store.get("comments", comment)
    others = store.all("preview-files", task_id=task)
    revision, position = 1, 1
    first = first or next(iter(owner["previews"]), None)
    if first is not None:
        revision = store.get("preview-files", first)["revision"]
        same = [one for one in others if one["revision"] == revision]
        position = len(same) + 1
    elif (request.json or {}).get("revision"):
        revision = request.json["revision"]
    elif others:
        revision = max(one["revision"] for one in others) + 1
    preview = store.add(
        "preview-files",
        task_id=task,
        person_id=owner["person_id"],
        revision=revision,
        position=position,
        comments=[comment],
    )
    preview["name"] = str(uuid.uuid4())[:13]
    owner["previews"].append(preview["id"])
    record["last_preview_file_id"] = preview["id"]
    store.tell(preview, "new", comment_id=comment)
    tell_of_change(store, owner)
    return preview


@route("POST", "pictures/preview-files/{preview}", 201)
def upload_preview(store: Store, request: Request, preview: str) -> Any:
    record = store.get("preview-files", preview)
    file = request.files[0]
    name, _, extension = file.name.rpartition(".")
    movie = extension.lower() in ("mp4", "mov", "wmv", "m4v", "webm", "avi")
    record.update(
        original_name=name,
        extension="mp4" if movie else extension.lower(),
        file_size=len(file.data),
        status="ready",
        updated_at=now(),
    )
    if file.data.startswith(b"\x89PNG") and len(file.data) > 24:
        size = struct.unpack(">II", file.data[16:24])
        record["width"], record["height"] = size
    store.files[preview] = file.data
    # Once for the picture, and once for what was measured of it.
    store.tell(record, "update", status=record["status"])
    store.tell(record, "update", status=record["status"])
    owner = store.get("comments", record["comments"][0])
    tell_of_change(store, owner)
    keys = ("task_id", "revision", "extension", "status")
    store.tell(
        record,
        "add-file",
        comment_id=owner["id"],
        **{key: record[key] for key in keys},
    )
    return flat(record)


@route("PUT", "actions/preview-files/{preview}/set-main-preview")
def set_main_preview(store: Store, request: Request, preview: str) -> Any:
    record = store.get("preview-files", preview)
    task = store.get("tasks", record["task_id"])
    entity = store.get("entities", task["entity_id"])
    entity["preview_file_id"] = preview
    entity["updated_at"] = now()
    store.tell(
        record,
        "set-main",
        entity_id=entity["id"],
        preview_file_status=record["status"],
    )
    store.tell(entity, "update")
    return dict(
        flat(entity), type="Entity", preview_file_status=record["status"]
    )


@route("GET", "data/tasks/{task}/previews")
def get_previews(store: Store, request: Request, task: str) -> Any:
    found = store.all("preview-files", task_id=task)
    return flats(reversed(found))


#: The smallest picture there is, for what the server would have computed.
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01"
    b"\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx\xdac\xf8\x0f\x00\x01"
    b"\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)

_TYPES = {"png": "image/png", "mp4": "video/mp4", "pdf": "application/pdf"}


def stored(store: Store, name: str, original: bool) -> Content:
    """Return an uploaded file, or the picture that stands for its thumbnail."""
    id, _, extension = name.partition(".")
    if id not in store.files:
        raise not_found()
    data = store.files[id]
    if not original and not data.startswith(b"\x89PNG"):
        data = PIXEL
    kind = _TYPES.get(extension, "application/octet-stream")
    return Content(data, kind)


@route("GET", "pictures/originals/preview-files/{name}")
@route("GET", "movies/originals/preview-files/{name}")
@route("GET", "movies/low/preview-files/{name}")
def get_original(store: Store, request: Request, name: str) -> Any:
    return stored(store, name, original=True)


@route("GET", "pictures/{size}/{model}/{name}")
def get_picture(
    store: Store, request: Request, size: str, model: str, name: str
) -> Any:
    return stored(store, name, original=False)


@route("GET", "data/attachment-files/{id}/file/{name}")
def get_attachment(store: Store, request: Request, id: str, name: str) -> Any:
    return stored(store, id + "." + name.rpartition(".")[2], original=True)


@route("POST", "pictures/thumbnails/{model}/{id}", 201)
def upload_avatar(store: Store, request: Request, model: str, id: str) -> Any:
    record = store.get(model, id)
    record["has_avatar"] = True
    store.files[id] = request.files[0].data
    store.tell(record, "update")
    store.tell(record, "set-thumbnail")
    return {"thumbnail_path": "pictures/thumbnails/%s/%s.png" % (model, id)}
