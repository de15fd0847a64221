"""
Copy a production from one Kitsu server to another, with the same ids and
dates.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
from typing import Any, Callable

from . import _core
from . import asset as asset_module
from . import casting as casting_module
from . import client as raw
from . import files as files_module
from . import person as person_module
from . import project as project_module
from . import shot as shot_module
from . import task as task_module
from ._engine import file_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._events.log import newest_first
from .client import KitsuClient
from .helpers import (
    normalize_model_parameter,
    sanitize_filename,
    validate_date_format,
)

logger = logging.getLogger("gazu.sync")

default = raw.default_client


def get_last_events(
    limit: int = 20000,
    project: str | dict | None = None,
    after: str | None = None,
    before: str | None = None,
    only_files: bool = False,
    name: str | None = None,
    client: KitsuClient = default,
    *,
    cursor_event_id: str | None = None,
    name_prefixes: list[str] | None = None,
    name_suffixes: list[str] | None = None,
    person_ids: list[str | dict] | None = None,
    all_pages: bool = False,
) -> list[dict]:
    """
    Return the last events of the server.

    The server returns at most 1000 events for a request, whatever the limit
    is. ``all_pages`` makes as many requests as needed.

    The user must be a manager. Without the role of an administrator, only
    events of the user's own projects are returned.

    Args:
        limit: The maximum number of events.
        project: Only events of this project (dict or id).
        after: Only events after this date, ``YYYY-mm-dd`` or
            ``YYYY-mm-ddTHH:MM:SS``.
        before: Only events before this date, in the same formats.
        only_files: Only events about files.
        name: Only events of this name, such as ``"asset:new"``.
        cursor_event_id: Only events that are older than the one with this id.
        name_prefixes: Only events about these, such as ``["asset", "shot"]``.
        name_suffixes: Only these changes, such as ``["new", "delete"]``.
        person_ids: Only events that these persons caused (dicts or ids).
        all_pages: Whether to request further pages until the limit is reached
            or the log ends.

    Returns:
        list[Event]: The events, newest first.

    Raises:
        ValueError: a date has another format.
        NotAllowedException: the user is not a manager.

    Example:
        for event in gazu.sync.get_last_events(after="2026-01-05", limit=50):
            print(event["name"], event["created_at"])

    Route: ``GET data/events/last``
    """
    if after is not None:
        after = validate_date_format(after)
    if before is not None:
        before = validate_date_format(before)

    filters: dict[str, Any] = {
        "project": project,
        "after": after,
        "only_files": only_files,
        "name": name,
        "name_prefixes": name_prefixes or None,
        "name_suffixes": name_suffixes or None,
        "person_ids": person_ids or None,
    }
    if all_pages:
        return _all_events(
            limit, before, cursor_event_id, filters, client=client
        )
    return run(
        client,
        _core.sync.get_last_events(
            limit, before=before, cursor_event_id=cursor_event_id, **filters
        ),
    )


@composition
def _all_events(
    limit: int,
    before: str | None,
    cursor_event_id: str | None,
    filters: dict[str, Any],
    client: KitsuClient,
) -> list[dict]:
    def fetch(**limits: Any) -> list[dict]:
        return run(client, _core.sync.get_last_events(**limits, **filters))

    return list(newest_first(fetch, limit, before, cursor_event_id))


def import_entities(
    entities: list[dict], client: KitsuClient = default
) -> list[dict]:
    """
    Create entities with the ids and dates that they have on another server.

    Args:
        entities: The entities, with their ids.

    Returns:
        list[dict[str, Any]]: The new entities.

    Route: ``POST import/kitsu/entities``
    """
    return run(client, _core.sync.import_entities(entities))


def import_tasks(
    tasks: list[dict], client: KitsuClient = default
) -> list[dict]:
    """
    Create tasks with the ids and dates that they have on another server.

    Args:
        tasks: The tasks, with their ids.

    Returns:
        list[dict[str, Any]]: The new tasks.

    Route: ``POST import/kitsu/tasks``
    """
    return run(client, _core.sync.import_tasks(tasks))


def import_entity_links(
    links: list[dict], client: KitsuClient = default
) -> list[dict]:
    """
    Create links between entities with the ids that they have on another
    server.

    Args:
        links: The links, with their ids.

    Returns:
        list[dict[str, Any]]: The new links.

    Route: ``POST import/kitsu/entity-links``
    """
    return run(client, _core.sync.import_entity_links(links))


def get_model_list_diff(
    source_list: list[dict], target_list: list[dict], id_field: str = "id"
) -> tuple[list[dict], list[dict]]:
    """
    Compare two lists of models.

    Args:
        source_list: The models of the source.
        target_list: The models of the target.
        id_field: The field that identifies a model.

    Returns:
        tuple[list[dict[str, Any]], list[dict[str, Any]]]: The models that are
            missing in the target, and the ones that only the target has.
    """
    wanted = {model[id_field] for model in source_list}
    present = {model[id_field] for model in target_list}
    missing = [m for m in source_list if m[id_field] not in present]
    unexpected = [m for m in target_list if m[id_field] not in wanted]
    return (missing, unexpected)


def get_link_list_diff(
    source_list: list[dict], target_list: list[dict]
) -> tuple[list[dict], list[dict]]:
    """
    Compare two lists of links. Links are equal if both ends are equal.

    Args:
        source_list: The links of the source.
        target_list: The links of the target.

    Returns:
        tuple[list[dict[str, Any]], list[dict[str, Any]]]: The links that are
            missing in the target, and the ones that only the target has.
    """

    def ends(link: dict) -> str:
        return link["entity_in_id"] + "-" + link["entity_out_id"]

    wanted = {ends(link) for link in source_list}
    present = {ends(link) for link in target_list}
    missing = [link for link in source_list if ends(link) not in present]
    unexpected = [link for link in target_list if ends(link) not in wanted]
    return (missing, unexpected)


def get_id_map_by_name(
    source_list: list[dict], target_list: list[dict]
) -> dict:
    """
    Map the names of models to the ids of the target's models, ignoring case.

    Args:
        source_list: The models to look for.
        target_list: The models to look in.

    Returns:
        dict[str, str]: The id of the target's model by the name of the
            source's model.
    """
    ids = {model["name"].lower(): model["id"] for model in target_list}
    return {
        model["name"]: ids[model["name"].lower()]
        for model in source_list
        if model["name"].lower() in ids
    }


def get_id_map_by_id(
    source_list: list[dict], target_list: list[dict], field: str = "name"
) -> dict:
    """
    Map the ids of models with the same value of a text field, ignoring case.

    Args:
        source_list: The models to look for.
        target_list: The models to look in.
        field: The field's name.

    Returns:
        dict[str, str]: The id of the target's model by the id of the source's
            model.
    """
    ids = {model[field].lower(): model["id"] for model in target_list}
    return {
        model["id"]: ids[model[field].lower()]
        for model in source_list
        if model[field].lower() in ids
    }


def is_changed(source_model: dict, target_model: dict) -> bool:
    """
    Return whether the source's model was updated after the target's.

    Args:
        source_model: The model of one server.
        target_model: The model of the other.

    Returns:
        bool: Whether it was, according to ``updated_at``.
    """
    return source_model["updated_at"] > target_model["updated_at"]


def _get_sync_id_map(
    source_client: KitsuClient,
    target_client: KitsuClient,
    fetch_all: Callable,
    field: str = "name",
) -> dict:
    source = fetch_all(client=source_client)
    target = fetch_all(client=target_client)
    return get_id_map_by_id(source, target, field=field)


@composition
def get_sync_department_id_map(
    source_client: KitsuClient, target_client: KitsuClient
) -> dict:
    """
    Map the source's department ids to the target's, by name.

    Args:
        source_client: The client of the source server.
        target_client: The client of the target server.

    Returns:
        dict[str, str]: The target's ids by the ids of the source.
    """
    return _get_sync_id_map(
        source_client, target_client, person_module.all_departments
    )


@composition
def get_sync_asset_type_id_map(
    source_client: KitsuClient, target_client: KitsuClient
) -> dict:
    """
    Map the source's asset type ids to the target's, by name.

    Args:
        source_client: The client of the source server.
        target_client: The client of the target server.

    Returns:
        dict[str, str]: The target's ids by the ids of the source.
    """
    return _get_sync_id_map(
        source_client, target_client, asset_module.all_asset_types
    )


@composition
def get_sync_project_id_map(
    source_client: KitsuClient, target_client: KitsuClient
) -> dict:
    """
    Map the source's project ids to the target's, by name.

    Args:
        source_client: The client of the source server.
        target_client: The client of the target server.

    Returns:
        dict[str, str]: The target's ids by the ids of the source.
    """
    return _get_sync_id_map(
        source_client, target_client, project_module.all_projects
    )


@composition
def get_sync_task_type_id_map(
    source_client: KitsuClient, target_client: KitsuClient
) -> dict:
    """
    Map the source's task type ids to the target's, by name.

    Args:
        source_client: The client of the source server.
        target_client: The client of the target server.

    Returns:
        dict[str, str]: The target's ids by the ids of the source.
    """
    return _get_sync_id_map(
        source_client, target_client, task_module.all_task_types
    )


@composition
def get_sync_task_status_id_map(
    source_client: KitsuClient, target_client: KitsuClient
) -> dict:
    """
    Map the source's task status ids to the target's, by name.

    Args:
        source_client: The client of the source server.
        target_client: The client of the target server.

    Returns:
        dict[str, str]: The target's ids by the ids of the source.
    """
    return _get_sync_id_map(
        source_client, target_client, task_module.all_task_statuses
    )


@composition
def get_sync_person_id_map(
    source_client: KitsuClient, target_client: KitsuClient
) -> dict:
    """
    Map the source's person ids to the target's, by email.

    Args:
        source_client: The client of the source server.
        target_client: The client of the target server.

    Returns:
        dict[str, str]: The target's ids by the ids of the source.
    """
    return _get_sync_id_map(
        source_client,
        target_client,
        person_module.all_persons,
        field="email",
    )


@composition
def push_assets(
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy a project's assets. Assets of a type that the target does not have are
    skipped, with a warning in the log.

    Args:
        project_source: The project to read.
        project_target: The project to write, a dict.
        client_source: The client of the server to read.
        client_target: The client of the server to write.

    Returns:
        list[dict[str, Any]]: The new assets.
    """
    asset_types = get_sync_asset_type_id_map(client_source, client_target)
    task_types = get_sync_task_type_id_map(client_source, client_target)
    mapped = []
    for asset in asset_module.all_assets_for_project(
        project_source, client=client_source
    ):
        asset_type_id = asset["entity_type_id"]
        if asset_type_id not in asset_types:
            logger.warning(
                "Asset %s is left out: the target has no asset type %s.",
                asset.get("id"),
                asset_type_id,
            )
            continue
        asset["entity_type_id"] = asset_types[asset_type_id]
        ready_for = asset["ready_for"]
        if ready_for is not None:
            if ready_for not in task_types:
                logger.warning(
                    "Asset %s loses what it is ready for: the target has no task "
                    "type %s.",
                    asset.get("id"),
                    ready_for,
                )
            asset["ready_for"] = task_types.get(ready_for)
        asset["project_id"] = project_target["id"]
        mapped.append(asset)
    return import_entities(mapped, client=client_target)


@composition
def push_episodes(
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy a project's episodes.

    Args:
        project_source: The project to copy (dict).
        project_target: The project to copy to (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.

    Returns:
        list[dict[str, Any]]: The new episodes.
    """
    episodes = shot_module.all_episodes_for_project(
        project_source, client=client_source
    )
    for episode in episodes:
        episode["project_id"] = project_target["id"]
    return import_entities(episodes, client=client_target)


@composition
def push_sequences(
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy a project's sequences.

    Args:
        project_source: The project to copy (dict).
        project_target: The project to copy to (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.

    Returns:
        list[dict[str, Any]]: The new sequences.
    """
    sequences = shot_module.all_sequences_for_project(
        project_source, client=client_source
    )
    for sequence in sequences:
        sequence["project_id"] = project_target["id"]
    return import_entities(sequences, client=client_target)


@composition
def push_shots(
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy a project's shots.

    Args:
        project_source: The project to copy (dict).
        project_target: The project to copy to (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.

    Returns:
        list[dict[str, Any]]: The new shots.
    """
    shots = shot_module.all_shots_for_project(
        project_source, client=client_source
    )
    for shot in shots:
        shot["project_id"] = project_target["id"]
    return import_entities(shots, client=client_target)


@composition
def push_entity_links(
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy the links between a project's entities.

    Args:
        project_source: The project to copy (dict).
        project_target: The project to copy to (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.

    Returns:
        list[dict[str, Any]]: The new links.
    """
    links = casting_module.all_entity_links_for_project(
        project_source, client=client_source
    )
    return import_entity_links(links, client=client_target)


@composition
def push_project_entities(
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> dict:
    """
    Copy a project's assets, episodes, sequences, shots and links.

    Args:
        project_source: The project to copy (dict).
        project_target: The project to copy to (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.

    Returns:
        dict[str, list[dict[str, Any]]]: The new ones under ``"assets"``,
            ``"episodes"`` (of a ``tvshow`` only), ``"sequences"``, ``"shots"``
            and ``"entity_links"``.
    """
    sides = (project_source, project_target, client_source, client_target)
    assets = push_assets(*sides)
    episodes: list[dict] = []
    if project_source["production_type"] == "tvshow":
        episodes = push_episodes(*sides)
    return {
        "assets": assets,
        "episodes": episodes,
        "sequences": push_sequences(*sides),
        "shots": push_shots(*sides),
        "entity_links": push_entity_links(*sides),
    }


@composition
def push_tasks(
    project_source: dict,
    project_target: dict,
    default_status: str | dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy a project's tasks, all with the same status.

    Tasks of a type that the target does not have are skipped, with warnings in
    the log. Assignees and assigners are not copied if the target does not have
    them.

    Args:
        project_source: The project to read.
        project_target: The project to write, a dict.
        default_status: The new tasks' status (dict or id).
        client_source: The client of the server to read.
        client_target: The client of the server to write.

    Returns:
        list[dict[str, Any]]: The new tasks.
    """
    status_id = normalize_model_parameter(default_status)["id"]
    task_types = get_sync_task_type_id_map(client_source, client_target)
    persons = get_sync_person_id_map(client_source, client_target)
    mapped = []
    for task in task_module.all_tasks_for_project(
        project_source, client=client_source
    ):
        if task["task_type_id"] not in task_types:
            logger.warning(
                "Task %s is left out: the target has no task type %s.",
                task.get("id"),
                task["task_type_id"],
            )
            continue
        task["task_type_id"] = task_types[task["task_type_id"]]
        task["task_status_id"] = status_id
        assigner_id = task["assigner_id"]
        if assigner_id is not None and assigner_id not in persons:
            logger.warning(
                "Task %s has no assigner: the target has no person %s.",
                task.get("id"),
                assigner_id,
            )
        task["assigner_id"] = persons.get(assigner_id)
        task["project_id"] = project_target["id"]
        task["assignees"] = [
            persons[person_id]
            for person_id in task["assignees"]
            if person_id in persons
        ]
        mapped.append(task)
    return import_tasks(mapped, client=client_target)


@composition
def push_tasks_comments(
    project_source: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy the comments of all tasks of a project.

    Args:
        project_source: The project to copy (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.

    Returns:
        list[dict[str, Any]]: The source's tasks.
    """
    statuses = get_sync_task_status_id_map(client_source, client_target)
    persons = get_sync_person_id_map(client_source, client_target)
    tasks = task_module.all_tasks_for_project(
        project_source, client=client_source
    )
    for task in tasks:
        push_task_comments(
            statuses, persons, task, client_source, client_target
        )
    return tasks


@composition
def push_task_comments(
    task_status_map: dict,
    person_map: dict,
    task: str | dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> list[dict]:
    """
    Copy the comments of a task, the oldest first.

    Args:
        task_status_map: The target's status ids by the ids of the source.
        person_map: The target's person ids by the ids of the source.
        task: The task (dict or id). Both servers must have it.
        client_source: The client of the server to read.
        client_target: The client of the server to write.

    Returns:
        list[dict[str, Any]]: The source's comments that were copied.
    """
    comments = task_module.all_comments_for_task(task, client=client_source)
    comments.reverse()
    pushed = []
    for comment in comments:
        comment_target = push_task_comment(
            task_status_map,
            person_map,
            task,
            comment,
            client_source,
            client_target,
        )
        if comment_target is not None:
            pushed.append(comment_target)
    return pushed


@composition
def push_task_comment(
    task_status_map: dict,
    person_map: dict,
    task: str | dict,
    comment: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
    author_id: str | None = None,
    tmp_path: str | None = None,
) -> dict:
    """
    Copy a comment with its attachments and previews. It keeps its date.

    Args:
        task_status_map: The target's status ids by the ids of the source.
        person_map: The target's person ids by the ids of the source.
        task: The task (dict or id). Both servers must have it.
        comment: The source's comment.
        client_source: The client of the server to read.
        client_target: The client of the server to write.
        author_id: The id of its author on the target. If omitted, it is looked
            up in the person map. If it is not there, the author is the
            client's user.
        tmp_path: The folder for temporary files. If omitted, a new one is
            created, and removed at the end.

    Returns:
        dict[str, Any] | None: The source's comment, or None if the target does
            not have its status.
    """
    with _TemporaryFiles(tmp_path) as files:
        attachments = _fetch_attachments(comment, files, client_source)
        previews = _fetch_previews(comment, files, client_source)
        status_id = comment["task_status_id"]
        if status_id not in task_status_map:
            logger.warning(
                "Comment %s is left out: the target has no task status %s.",
                comment.get("id"),
                status_id,
            )
            return None  # type: ignore[return-value]
        if author_id is None:
            author_id = person_map.get(comment["person_id"])
            if author_id is None:
                logger.warning(
                    "Comment %s becomes the current user's: the target has no "
                    "person %s.",
                    comment.get("id"),
                    comment["person_id"],
                )
        comment_target = task_module.add_comment(
            task,
            {"id": task_status_map[status_id]},
            attachments=attachments,
            comment=comment["text"],
            created_at=comment["created_at"],
            person={"id": author_id} if author_id is not None else None,
            checklist=comment["checklist"] or [],
            client=client_target,
        )
        for preview in previews:
            new_preview_file = task_module.add_preview(
                task,
                comment_target,
                preview["file_path"],
                client=client_target,
            )
            files_module.update_preview(
                new_preview_file,
                {"annotations": preview["annotations"]},
                client=client_target,
            )
        return comment


def _fetch_attachments(
    comment: dict, files: _TemporaryFiles, client: KitsuClient
) -> list[str]:
    """Download a comment's attachments, and return their paths."""
    paths = []
    for attachment_id in comment["attachment_files"]:
        if isinstance(attachment_id, dict):
            attachment_id = attachment_id["id"]
        attachment_file = files_module.get_attachment_file(
            attachment_id, client=client
        )
        file_path = files.path_for(attachment_file["name"])
        files_module.download_attachment_file(
            attachment_file, file_path, client=client
        )
        paths.append(file_path)
    return paths


def _fetch_previews(
    comment: dict, files: _TemporaryFiles, client: KitsuClient
) -> list[dict[str, Any]]:
    """Download a comment's previews; return paths and annotations."""
    previews = []
    for preview_id in comment["previews"]:
        if not isinstance(preview_id, str):
            preview_id = preview_id["id"]
        preview_file = files_module.get_preview_file(preview_id, client=client)
        name = preview_file["original_name"]
        extension = preview_file["extension"]
        if name is None or extension is None:
            logger.warning(
                "Preview %s is left out: it has no name or no extension.",
                preview_file.get("id"),
            )
            continue
        file_path = files.path_for(name + "." + extension)
        files_module.download_preview_file(
            preview_file, file_path, client=client
        )
        previews.append(
            {
                "file_path": file_path,
                "annotations": preview_file["annotations"],
            }
        )
    return previews


class _TemporaryFiles(contextlib.ExitStack):
    """
    The files of a comment on their way. All are removed at the end of the block.

    Args:
        folder: The folder for the files. None creates a new one, which is
            removed, too.
    """

    def __init__(self, folder: str | None) -> None:
        super().__init__()
        self._taken: set[str] = set()
        if folder is None:
            folder = self._new_folder(prefix="zou_sync_")
        self._folder = folder

    def _new_folder(self, **options: str) -> str:
        folder = tempfile.mkdtemp(**options)
        self.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def path_for(self, name: str) -> str:
        """
        Return a path that no other file of the comment uses.

        The name comes from the server and must not lead out of the folder. If
        it is taken, the file gets a new folder, so that it is uploaded with its
        original name.
        """
        name = file_names.file_name(sanitize_filename(name), hidden=True)
        path = os.path.join(self._folder, name)
        key = file_names.folded(name)
        if key in self._taken or os.path.lexists(path):
            return os.path.join(self._new_folder(dir=self._folder), name)
        self._taken.add(key)
        self.callback(_remove, path)
        return path


def _remove(file_path: str) -> None:
    try:
        os.remove(file_path)
    except OSError:
        # A file left in a temporary folder does no harm.
        logger.debug("%s could not be removed", file_path)


def convert_id_list(ids: list[str], model_map: dict) -> list:
    """
    Look up ids in a map.

    Args:
        ids: The ids to look up.
        model_map: A dict that maps ids to ids.

    Returns:
        list[str]: The values of the map for the ids, in the same order.

    Raises:
        KeyError: an id is not in the map.
    """
    return [model_map[id] for id in ids]
