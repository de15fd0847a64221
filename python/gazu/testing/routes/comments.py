"""
Comments, their attachments, and previews.
"""

from __future__ import annotations

import uuid
from typing import Any

from ..._engine import extensions
from .. import media, validation
from ..request import File, Request
from ..store import (
    Record,
    Refusal,
    Store,
    bad_request,
    is_iso_date,
    not_found,
    now,
    rejected,
    unreadable,
)
from .routing import Content, route
from .serializers import by_id, by_id_of_path, flat, flats, paginated


@route("POST", "actions/tasks/{task}/comment", 201)
def add_comment(store: Store, request: Request, task: str) -> Any:
    body = request.form or request.json
    status_id = validation.required_text(body, "task_status_id")
    if "comment" in body:
        validation.required_text(body, "comment")
    record = store.get("tasks", task)
    status = store.get("task-status", status_id)
    person = store.get(
        "persons", body.get("person_id") or request.person["id"]
    )
    if status["is_retake"] and not may_retake(store, record):
        raise bad_request("No more retakes allowed on this task")
    comment = store.add(
        "comments",
        object_id=task,
        text=body.get("comment", ""),
        checklist=validation.from_json(body, "checklist", []),
        links=validation.from_json(body, "links", []),
        for_client=validation.from_json(body, "for_client", False),
        task_status_id=status["id"],
        person_id=person["id"],
    )
    for file in request.files:
        add_attachment(store, comment, file)
    moment = str(body.get("created_at") or "").replace(" ", "T")
    if is_iso_date(moment):
        comment["created_at"] = moment
    last, before = record["last_comment_date"], record["task_status_id"]
    if last is not None and last > comment["created_at"]:
        recompute_task(store, record)
        before = status["id"]
    else:
        apply_status(record, comment, status)
        store.tell(record, "update")
    record["updated_at"] = now()
    emit_new_comment(store, comment, record, status, before)
    return dict(
        with_attachments(store, comment),
        task_status=status,
        person=flat(person),
    )


def may_retake(store: Store, task: Record) -> bool:
    """Return whether a task has retakes left. A limit of 0 means no limit."""
    most = by_id(store, "projects", task["project_id"]).get("max_retakes") or 0
    if most > 0:
        data = store.get("entities", task["entity_id"])["data"] or {}
        most = int(data.get("max_retakes") or most)
    return most <= 0 or task["retake_count"] < most


def apply_status(task: Record, comment: Record, status: Record) -> None:
    """Update a task for its newest comment: status, dates and retakes."""
    if status["is_wip"] and not task["real_start_date"]:
        task["real_start_date"] = now()
    if status["id"] != task["task_status_id"]:
        task["retake_count"] += status["is_retake"]
        if status["is_feedback_request"]:
            task["end_date"] = now()
        elif not status["is_done"]:
            task["end_date"] = None
        task["done_date"] = now() if status["is_done"] else None
    task["task_status_id"] = status["id"]
    task["last_comment_date"] = comment["created_at"]


def recompute_task(store: Store, task: Record) -> None:
    """Recompute a task's status, dates and retakes from all its comments."""
    kind = store.get("entities", task["entity_id"])["type"]
    status = store.first(
        "task-status", is_default=True, for_concept=kind == "Concept"
    )
    task.update(
        retake_count=0,
        real_start_date=None,
        last_comment_date=None,
        end_date=None,
        done_date=None,
        task_status_id=status["id"] if status else None,
    )
    was_retake = False
    for comment in comments_of(store, task["id"]):
        status = store.get("task-status", comment["task_status_id"])
        moment = task["last_comment_date"] = comment["created_at"]
        task["task_status_id"] = status["id"]
        task["retake_count"] += status["is_retake"] and not was_retake
        was_retake = status["is_retake"]
        if status["is_wip"] and task["real_start_date"] is None:
            task["real_start_date"] = moment
        if status["is_feedback_request"] and task["end_date"] is None:
            task["end_date"] = moment
        if status["is_done"]:
            task["done_date"] = moment
    task["updated_at"] = now()
    store.tell(task, "update")


def emit_status_change(
    store: Store, task: Record, comment: Record, before: str, after: str
) -> Record:
    """Emit an event if a comment changed the status of its task."""
    change = {
        "new_task_status_id": after,
        "previous_task_status_id": before,
        "person_id": comment["person_id"],
    }
    if after != before:
        store.tell(task, "status-changed", **change)
    return change


def comments_of(store: Store, task: str) -> list[Record]:
    """Return the comments of a task, the oldest first."""
    comments = store.all("comments", object_id=task)
    return sorted(comments, key=lambda comment: comment["created_at"])


@route("PUT", "data/comments/{comment}")
def update_comment(store: Store, request: Request, comment: str) -> Any:
    found = by_id_of_path(store, "comments", comment)
    before = found["task_status_id"]
    values = dict(request.json, editor_id=request.person["id"])
    record = store.update("comments", comment, values)
    if record["task_status_id"] != before:
        task = store.get("tasks", record["object_id"])
        recompute_task(store, task)
        emit_status_change(
            store, task, record, before, record["task_status_id"]
        )
    emit_comment_update(store, record)
    return flat(record)


@route("DELETE", "data/comments/{comment}", 204)
def remove_comment(store: Store, request: Request, comment: str) -> Any:
    found = store.get("comments", comment)
    task = store.get("tasks", found["object_id"])
    before = task["task_status_id"]
    remove_comment_of(store, found)
    recompute_task(store, task)
    emit_status_change(store, task, found, before, task["task_status_id"])


@route("DELETE", "data/tasks/{task}/comments/{comment}", 204)
def remove_comment_of_task(
    store: Store, request: Request, task: str, comment: str
) -> Any:
    remove_comment(store, request, comment)


def remove_comment_of(store: Store, comment: Record) -> None:
    """Remove a comment with its previews and files. The task is not updated."""
    store.remove("comments", comment["id"])
    store.tell(comment, "delete", task_id=comment["object_id"])
    remove_news(store, comment)
    for id in comment["previews"]:
        preview = by_id(store, "preview-files", id)
        if preview:
            remove_preview(store, preview)


def remove_news(store: Store, comment: Record) -> None:
    """Remove the news entry of a comment, and emit an event."""
    news = store.news.pop(comment["id"], None)
    if news is not None:
        project = store.get("tasks", comment["object_id"])["project_id"]
        store.emit("news:delete", {"news_id": news}, project)


@route("DELETE", "data/preview-files/{preview}", 204)
def remove_preview_file(store: Store, request: Request, preview: str) -> Any:
    remove_preview(store, by_id_of_path(store, "preview-files", preview))
    store.emit("preview-file:delete", {"preview_file_id": preview})


@route(
    "DELETE",
    "actions/tasks/{task}/comments/{comment}/preview-files/{preview}",
    204,
)
def remove_preview_of_comment(
    store: Store, request: Request, task: str, comment: str, preview: str
) -> Any:
    found = store.get("preview-files", preview)
    if preview not in store.get("comments", comment)["previews"]:
        raise not_found()
    remove_preview(store, found)


def remove_preview(store: Store, preview: Record) -> None:
    """Remove a preview. Its task and entity show the previous one instead."""
    task = store.get("tasks", preview["task_id"])
    entity = store.get("entities", task["entity_id"])
    was_last = task["last_preview_file_id"] == preview["id"]
    was_main = entity["preview_file_id"] == preview["id"]
    for comment in store.all("comments", object_id=task["id"]):
        if preview["id"] in comment["previews"]:
            comment["previews"].remove(preview["id"])
    store.remove("preview-files", preview["id"])
    if was_last:
        task["last_preview_file_id"] = newest_preview(store, [task])
        store.tell(task, "update")
    project = by_id(store, "projects", task["project_id"])
    if was_main:
        tasks = []
        if project.get("is_set_preview_automated"):
            tasks = store.all("tasks", entity_id=entity["id"])
        set_entity_preview(store, entity, newest_preview(store, tasks))


def newest_preview(store: Store, tasks: list[Record]) -> str | None:
    """Return the id of the newest preview with a thumbnail among these tasks."""
    ids = {task["id"] for task in tasks}
    found = [
        preview["id"]
        for preview in store.all("preview-files", position=1, status="ready")
        if preview["task_id"] in ids
        and preview["extension"] in THUMBNAIL_EXTENSIONS
    ]
    return found[-1] if found else None


def remove_tasks(store: Store, tasks: list[Record]) -> None:
    """Remove tasks with their previews, comments and time spent."""
    for task in tasks:
        for preview in store.all("preview-files", task_id=task["id"]):
            remove_preview(store, preview)
        for comment in store.all("comments", object_id=task["id"]):
            remove_news(store, comment)
        store.remove("tasks", task["id"])
        emit_task_removal(store, task)


def emit_task_removal(store: Store, task: Record) -> None:
    """Emit an event for the removal of a task."""
    keys = ("entity_id", "task_type_id")
    store.tell(task, "delete", **{key: task[key] for key in keys})


def emit_new_comment(
    store: Store, comment: Record, task: Record, status: Record, before: str
) -> None:
    """Emit events for a new comment and for its effects on the task."""
    store.tell(
        comment,
        "new",
        task_id=task["id"],
        task_status_id=status["id"],
        person_id=comment["person_id"],
        for_client=comment["for_client"],
    )
    change = emit_status_change(store, task, comment, before, status["id"])
    if status["id"] != before and status["is_feedback_request"]:
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


def emit_comment_update(store: Store, comment: Record) -> None:
    """Emit an event for a change of a comment."""
    store.tell(
        comment,
        "update",
        task_id=comment["object_id"],
        person_id=comment["person_id"],
        for_client=comment["for_client"],
    )


def add_attachment(store: Store, comment: Record, file: File) -> None:
    """Store a file as an attachment of a comment."""
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


def _pick(record: Record, *keys: str) -> Record:
    return {key: record[key] for key in (*keys, "id")}


def _person_summary(store: Store, id: str) -> Record:
    return _pick(
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
    for comment in reversed(comments_of(store, task)):
        shown = with_attachments(store, comment)
        shown["person"] = _person_summary(store, comment["person_id"])
        status = store.get("task-status", comment["task_status_id"])
        shown["task_status"] = _pick(status, "name", "short_name", "color")
        shown["previews"] = [
            _pick(
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
        person=_person_summary(store, found["person_id"]),
    )


@route("GET", "data/projects/{project}/comments")
def get_comments_of_project(
    store: Store, request: Request, project: str
) -> Any:
    comments = [
        comment
        for task in store.all("tasks", project_id=project)
        for comment in store.all("comments", object_id=task["id"])
    ]
    return paginated(request, comments, relations=True)


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
    """Add a preview: to a new revision, or to an existing one."""
    revision = validation.optional_integer(request.json, "revision", least=0)
    record = store.get("tasks", task)
    owner = store.get("comments", comment)
    others = store.all("preview-files", task_id=task)
    if first is not None:
        revision = store.get("preview-files", first)["revision"]
    position = 1
    if revision is None and not owner["previews"]:
        revision = max((one["revision"] for one in others), default=0) + 1
    else:
        if revision is None:
            shown = store.get("preview-files", owner["previews"][0])
            revision = shown["revision"]
        same = [one for one in others if one["revision"] == revision]
        if same and not owner["previews"]:
            raise rejected(
                "Revision {} already exists for this task. Choose a different "
                "revision number, or omit it to let the revision "
                "auto-increment.".format(revision)
            )
        position = len(same) + 1
    project = by_id(store, "projects", record["project_id"])
    if position > 1 and project.get("is_single_preview_per_revision"):
        raise rejected(
            "Only one preview file is allowed per revision for this project."
        )
    preview = store.add(
        "preview-files",
        task_id=task,
        person_id=request.person["id"],
        revision=revision,
        position=position,
        comments=[comment],
    )
    preview["name"] = str(uuid.uuid4())[:13]
    owner["previews"].append(preview["id"])
    store.tell(preview, "new", comment_id=comment)
    emit_comment_update(store, owner)
    return preview


@route("POST", "pictures/preview-files/{preview}", 201)
def upload_preview(store: Store, request: Request, preview: str) -> Any:
    record = store.get("preview-files", preview)
    if record["original_name"]:
        raise unreadable()
    file = next((one for one in request.files if one.field == "file"), None)
    if file is None:
        raise bad_request("File not provided.")
    name, _, extension = file.name.rpartition(".")
    extension = extension.lower()
    values = {"original_name": name, "status": "ready"}
    if extension in extensions.PICTURES:
        values["width"], values["height"] = picture_size(file.data)
        values["extension"] = "png"
    elif extension in extensions.MOVIES:
        if not file.data:
            remove_preview(store, record)
            raise bad_request(
                "Uploaded movie could not be written to temporary storage or "
                "is empty; aborting before dispatching normalization."
            )
        values["extension"] = "mp4"
        if not media.is_movie(file.data):
            values["status"] = "broken"
    elif extension in extensions.FILES:
        values["extension"] = extension
    else:
        remove_preview(store, record)
        raise bad_request("Wrong file format, extension: " + extension)
    record.update(values, updated_at=now())
    if record["status"] == "ready":
        record["file_size"] = len(file.data)
        store.files[preview] = file.data
        if (
            record["extension"] in THUMBNAIL_EXTENSIONS
            and record["position"] == 1
        ):
            set_last_preview(store, record)
    store.tell(record, "update", status=record["status"])
    if record["status"] == "broken":
        store.tell(record, "update")
    elif record["extension"] in THUMBNAIL_EXTENSIONS:
        # The server emits one update for the picture, and one for its size.
        store.tell(record, "update", status=record["status"])
    owner = store.get("comments", record["comments"][0])
    emit_comment_update(store, owner)
    keys = ("task_id", "revision", "extension", "status")
    store.tell(
        record,
        "add-file",
        comment_id=owner["id"],
        **{key: record[key] for key in keys},
    )
    return flat(record)


def picture_size(data: bytes) -> tuple[int, int]:
    """Return the width and height of a picture. Raises Refusal."""
    size = media.picture_size(data)
    if size is None:
        raise bad_request("Uploaded file is not a readable picture.")
    return size


def set_last_preview(store: Store, preview: Record) -> None:
    """Make a preview the last one of its task, and of its entity if automated."""
    task = store.get("tasks", preview["task_id"])
    task["last_preview_file_id"] = preview["id"]
    project = by_id(store, "projects", task["project_id"])
    if project.get("is_set_preview_automated"):
        set_entity_preview(
            store, store.get("entities", task["entity_id"]), preview["id"]
        )


def set_entity_preview(
    store: Store, entity: Record, preview: str | None
) -> None:
    """Set or clear the main preview of an entity."""
    entity["preview_file_id"] = preview
    entity["updated_at"] = now()
    status = by_id(store, "preview-files", preview).get("status")
    store.emit(
        "preview-file:set-main",
        {
            "entity_id": entity["id"],
            "preview_file_id": preview,
            "preview_file_status": status,
        },
        entity["project_id"],
    )
    store.tell(entity, "update")


@route("PUT", "actions/preview-files/{preview}/set-main-preview")
def set_main_preview(store: Store, request: Request, preview: str) -> Any:
    record = store.get("preview-files", preview)
    task = store.get("tasks", record["task_id"])
    entity = store.get("entities", task["entity_id"])
    set_entity_preview(store, entity, preview)
    return dict(
        flat(entity), type="Entity", preview_file_status=record["status"]
    )


@route("GET", "data/tasks/{task}/previews")
def get_previews(store: Store, request: Request, task: str) -> Any:
    found = store.all("preview-files", task_id=task)
    return flats(reversed(found))


#: A one-pixel PNG, used for thumbnails that a real server would compute.
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01"
    b"\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx\xdac\xf8\x0f\x00\x01"
    b"\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)

_TYPES = {"png": "image/png", "mp4": "video/mp4", "pdf": "application/pdf"}

#: The extensions of stored previews that have a thumbnail.
THUMBNAIL_EXTENSIONS = ("png", "mp4")


def uploaded_file(store: Store, id: str, extension: str) -> Content:
    """Return an uploaded file. Raises Refusal."""
    if id not in store.files:
        raise not_found()
    kind = _TYPES.get(extension, "application/octet-stream")
    return Content(store.files[id], kind)


def ready_preview(store: Store, id: str) -> Record:
    """Return a preview that is not still being processed. Raises Refusal."""
    preview = store.get("preview-files", id)
    if preview["status"] == "processing":
        raise Refusal(202, {"status": "processing", "preview_file_id": id})
    return preview


@route("GET", "pictures/originals/preview-files/{preview}.{extension}")
def get_original(
    store: Store, request: Request, preview: str, extension: str
) -> Any:
    extension = extension.lower()
    if extension not in extensions.PICTURES + extensions.FILES:
        store.get("preview-files", preview)
        raise bad_request("Extension not allowed: " + extension)
    if ready_preview(store, preview)["extension"] != extension:
        raise not_found()
    return uploaded_file(store, preview, extension)


@route("GET", "movies/originals/preview-files/{preview}.mp4")
@route("GET", "movies/low/preview-files/{preview}.mp4")
def get_movie(store: Store, request: Request, preview: str) -> Any:
    if ready_preview(store, preview)["extension"] != "mp4":
        raise not_found()
    return uploaded_file(store, preview, "mp4")


@route("GET", "pictures/originals/preview-files/{preview}/download")
@route("GET", "movies/originals/preview-files/{preview}/download")
def get_download(store: Store, request: Request, preview: str) -> Any:
    return uploaded_file(
        store, preview, ready_preview(store, preview)["extension"]
    )


@route("GET", "pictures/{size}/{model}/{name}.png")
def get_picture(
    store: Store, request: Request, size: str, model: str, name: str
) -> Any:
    is_preview = model == "preview-files"
    if (
        is_preview
        and ready_preview(store, name)["extension"] not in THUMBNAIL_EXTENSIONS
    ):
        raise not_found()
    found = uploaded_file(store, name, "png")
    if not found.data.startswith(b"\x89PNG"):
        found.data = PIXEL
    return found


@route("GET", "data/attachment-files/{id}/file/{name}")
def get_attachment(store: Store, request: Request, id: str, name: str) -> Any:
    return uploaded_file(store, id, name.rpartition(".")[2])


@route("POST", "pictures/thumbnails/{model}/{id}", 201)
def upload_avatar(store: Store, request: Request, model: str, id: str) -> Any:
    record = store.get(model, id)
    if not request.files:
        raise bad_request("File not provided.")
    picture_size(request.files[0].data)
    record["has_avatar"] = True
    store.files[id] = request.files[0].data
    store.tell(record, "update")
    store.tell(record, "set-thumbnail")
    return {"thumbnail_path": "pictures/thumbnails/%s/%s.png" % (model, id)}
