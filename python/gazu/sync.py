"""
Copy a production from one Kitsu server to another, with the same ids and
dates.

The functions read before they need the answers, and several answers at once.
They write one after the other, in the order of the source's lists. Everything is
done one after the other if both clients have the same server, or if a script has
replaced a session or a function that reads.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import shutil
import tempfile
from typing import Any, Callable, Iterator, NamedTuple
from urllib.parse import urlsplit

from . import _core
from . import asset as asset_module
from . import casting as casting_module
from . import client as raw
from . import files as files_module
from . import person as person_module
from . import project as project_module
from . import shot as shot_module
from . import task as task_module
from ._engine import file_names, logs
from ._engine.ahead import Ahead, is_ours
from ._engine.batch import check_count
from ._engine.composition import composition
from ._engine.dispatch import run
from ._events.log import newest_first
from .cache import cache_settings
from .client import KitsuClient
from .helpers import (
    normalize_model_parameter,
    sanitize_filename,
    validate_date_format,
)

logger: logging.Logger = logs.logger("sync")

default = raw.default_client

#: The number of threads that read.
READERS: int = 8
#: How many tasks have their comments read before they are needed.
TASKS_AHEAD: int = 16
#: How many comments have their files downloaded before they are needed.
COMMENTS_AHEAD: int = 4
#: The verbs of functions that read.
READING: tuple[str, ...] = (
    "get",
    "fetch_all",
    "fetch_first",
    "fetch_one",
    "download",
    "get_file_data_from_url",
)


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
    with _reading(source_client, target_client, [fetch_all]) as ahead:
        source = ahead.start(lambda: fetch_all(client=source_client))
        target = ahead.start(lambda: fetch_all(client=target_client))
        return get_id_map_by_id(source.result(), target.result(), field=field)


def _reading(
    source_client: KitsuClient, target_client: KitsuClient, used: list
) -> Ahead:
    """
    Return what reads ahead: in threads, if a read cannot see what is written and
    no script can see the threads.

    Args:
        source_client: The client of the server to read.
        target_client: The client of the server to write.
        used: The functions that read.
    """
    may_use_threads = (
        _may_use_threads(source_client, READING)
        and _may_use_threads(target_client, READING)
        and _address(source_client) != _address(target_client)
        and not cache_settings["enabled"]
        and all(map(is_ours, used))
    )
    return Ahead(READERS if may_use_threads else 0)


def _address(client: KitsuClient) -> str:
    """Return the name and port of a client's server."""
    return urlsplit(client.host).netloc.lower()


def _may_use_threads(client: KitsuClient, verbs: tuple) -> bool:
    return raw._dispatch.may_use_threads(verbs, client)


def _is_unchanged(function: Callable) -> bool:
    """Return whether no script has put this function into this module."""
    return any(function is own for own in _OWN)


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
    with _reading(client_source, client_target, _asset_readers()) as ahead:
        return _assets(
            ahead, project_source, project_target, client_source, client_target
        )()


def _asset_readers() -> list[Callable]:
    return [
        get_sync_asset_type_id_map,
        get_sync_task_type_id_map,
        asset_module.all_asset_types,
        task_module.all_task_types,
        asset_module.all_assets_for_project,
    ]


def _assets(
    ahead: Ahead,
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> Callable[[], list[dict]]:
    """Read what ``push_assets`` needs, and return what writes it."""
    sides = (client_source, client_target)
    asset_type_map = ahead.start(lambda: get_sync_asset_type_id_map(*sides))
    task_type_map = ahead.start(lambda: get_sync_task_type_id_map(*sides))
    assets = ahead.start(
        lambda: asset_module.all_assets_for_project(
            project_source, client=client_source
        )
    )

    def write() -> list[dict]:
        maps = asset_type_map.result(), task_type_map.result()
        mapped = _mapped_assets(assets.result(), project_target, *maps)
        return import_entities(mapped, client=client_target)

    return write


def _mapped_assets(
    assets: list[dict],
    project_target: dict,
    asset_types: dict,
    task_types: dict,
) -> list[dict]:
    mapped = []
    for asset in assets:
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
    return mapped


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
    return _entities(
        Ahead(0),
        shot_module.all_episodes_for_project,
        project_source,
        project_target,
        client_source,
        client_target,
    )()


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
    return _entities(
        Ahead(0),
        shot_module.all_sequences_for_project,
        project_source,
        project_target,
        client_source,
        client_target,
    )()


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
    return _entities(
        Ahead(0),
        shot_module.all_shots_for_project,
        project_source,
        project_target,
        client_source,
        client_target,
    )()


def _entities(
    ahead: Ahead,
    fetch_all: Callable,
    project_source: dict,
    project_target: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> Callable[[], list[dict]]:
    """Read a project's episodes, sequences or shots; return what writes them."""
    reading = ahead.start(
        lambda: fetch_all(project_source, client=client_source)
    )

    def write() -> list[dict]:
        entities = reading.result()
        for entity in entities:
            entity["project_id"] = project_target["id"]
        return import_entities(entities, client=client_target)

    return write


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
    return _entity_links(
        Ahead(0), project_source, client_source, client_target
    )()


def _entity_links(
    ahead: Ahead,
    project_source: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> Callable[[], list[dict]]:
    """Read a project's links, and return what writes them."""
    reading = ahead.start(
        lambda: casting_module.all_entity_links_for_project(
            project_source, client=client_source
        )
    )
    return lambda: import_entity_links(reading.result(), client=client_target)


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
    own = (push_assets, push_sequences, push_shots, push_entity_links)
    fetches = (
        shot_module.all_sequences_for_project,
        shot_module.all_shots_for_project,
        casting_module.all_entity_links_for_project,
    )
    used = [*_asset_readers(), *fetches]
    with _reading(client_source, client_target, used) as ahead:
        if all(map(_is_unchanged, own)):
            assets, sequences, shots, links = (
                _assets(ahead, *sides),
                _entities(ahead, fetches[0], *sides),
                _entities(ahead, fetches[1], *sides),
                _entity_links(
                    ahead, project_source, client_source, client_target
                ),
            )
        else:
            assets, sequences, shots, links = (
                functools.partial(push, *sides) for push in own
            )
        pushed = assets()
        episodes: list[dict] = []
        if project_source["production_type"] == "tvshow":
            episodes = push_episodes(*sides)
        return {
            "assets": pushed,
            "episodes": episodes,
            "sequences": sequences(),
            "shots": shots(),
            "entity_links": links(),
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
    task_types, persons, tasks = _maps_and_tasks(
        get_sync_task_type_id_map,
        task_module.all_task_types,
        project_source,
        client_source,
        client_target,
    )
    mapped = []
    for task in tasks:
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
    *,
    concurrency: int = 1,
) -> list[dict]:
    """
    Copy the comments of all tasks of a project.

    The comments are read before they are needed, several tasks' at a time, and
    written one after the other, in the order of the source's tasks.

    With ``concurrency``, the comments of several entities are written at once;
    those of one entity keep their order. The copied comments, previews, news
    and notifications are the same, with the same dates. What differs is the
    order of the server's events between entities, and, after an exception, that
    tasks behind the one that failed may have been copied, too. Do not use it if
    the target has status automations that set what an asset is ready for: Zou
    may count the ready assets of a shot wrongly if two get ready in the same
    moment.

    Args:
        project_source: The project to copy (dict).
        client_source: The client of the server to copy from.
        client_target: The client of the server to copy to.
        concurrency: The number of entities whose comments are written at the
            same time. If a script has replaced a session or a function that is
            used, they are written one after the other.

    Returns:
        list[dict[str, Any]]: The source's tasks.

    Raises:
        TypeError: ``concurrency`` is not a number.
        ValueError: ``concurrency`` is less than 1.
    """
    check_count("concurrency", concurrency)
    clients = (client_source, client_target)
    statuses, persons, tasks = _maps_and_tasks(
        get_sync_task_status_id_map,
        task_module.all_task_statuses,
        project_source,
        *clients,
    )
    if not _is_unchanged(push_task_comments):
        for task in tasks:
            push_task_comments(statuses, persons, task, *clients)
    elif concurrency > 1 and _may_write_in_threads(*clients):
        _copy_at_once(concurrency, tasks, statuses, persons, *clients)
    else:
        for _ in _copy_comments(tasks, statuses, persons, *clients):
            pass
    return tasks


def _maps_and_tasks(
    get_map: Callable,
    all_models: Callable,
    project: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> tuple[dict, dict, list[dict]]:
    """
    Read the map of some models' ids, that of persons, and a project's tasks.

    Args:
        get_map: The function that returns the map.
        all_models: The function with which it reads the models.
        project: The project of the source.
        client_source: The client of the server to read.
        client_target: The client of the server to write.
    """
    clients = (client_source, client_target)
    used = [
        get_map,
        get_sync_person_id_map,
        all_models,
        person_module.all_persons,
        task_module.all_tasks_for_project,
    ]
    with _reading(*clients, used) as ahead:
        ids = ahead.start(lambda: get_map(*clients))
        persons = ahead.start(lambda: get_sync_person_id_map(*clients))
        tasks = ahead.start(
            lambda: task_module.all_tasks_for_project(
                project, client=client_source
            )
        )
        return ids.result(), persons.result(), tasks.result()


def _may_write_in_threads(
    client_source: KitsuClient, client_target: KitsuClient
) -> bool:
    verbs = tuple(raw.CHAINS)
    used = [
        *_comment_readers(),
        task_module.add_comment,
        task_module.add_preview,
        files_module.update_preview,
    ]
    return (
        _is_unchanged(push_task_comment)
        and _may_use_threads(client_source, verbs)
        and _may_use_threads(client_target, verbs)
        and not cache_settings["enabled"]
        and all(map(is_ours, used))
    )


def _copy_at_once(
    concurrency: int,
    tasks: list[dict],
    task_status_map: dict,
    person_map: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
) -> None:
    """
    Copy the comments of several entities' tasks at once.

    If a task fails, every task before it is copied, as it is without threads.
    """
    entities: dict[str, list[tuple[int, dict]]] = {}
    for place, task in enumerate(tasks):
        entities.setdefault(task["entity_id"], []).append((place, task))
    failures: dict[int, Exception] = {}

    def copy(entity: list[tuple[int, dict]]) -> None:
        for place, task in entity:
            if any(failed < place for failed in list(failures)):
                return
            copied = _copy_comments(
                [task],
                task_status_map,
                person_map,
                client_source,
                client_target,
                reads_ahead=False,
            )
            try:
                for _ in copied:
                    pass
            except Exception as error:
                failures[place] = error

    with Ahead(concurrency) as ahead:
        starts = (functools.partial(copy, one) for one in entities.values())
        for job in [ahead.start(start) for start in starts]:
            job.result()
    if failures:
        raise failures[min(failures)]


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
    copied = _copy_comments(
        [task], task_status_map, person_map, client_source, client_target
    )
    return [comment for comment in copied if comment is not None]


class _Comment(NamedTuple):
    """A comment to copy, or the exception in its place."""

    task: str | dict
    comment: Any
    error: Exception | None = None

    @property
    def has_files(self) -> bool:
        return isinstance(self.comment, dict) and bool(
            self.comment.get("attachment_files")
            or self.comment.get("previews")
        )


def _comment_readers() -> list[Callable]:
    return [
        task_module.all_comments_for_task,
        files_module.get_attachment_file,
        files_module.download_attachment_file,
        files_module.get_preview_file,
        files_module.download_preview_file,
    ]


def _copy_comments(
    tasks: list,
    task_status_map: dict,
    person_map: dict,
    client_source: KitsuClient,
    client_target: KitsuClient,
    reads_ahead: bool = True,
) -> Iterator[dict | None]:
    """Copy the comments of tasks, and yield what ``push_task_comment`` returns."""
    is_own = _is_unchanged(push_task_comment)

    def fetch(task: str | dict) -> list[dict]:
        return task_module.all_comments_for_task(task, client=client_source)

    def read_files(item: _Comment) -> _CommentFiles | None:
        if item.error is not None:
            raise item.error
        if not is_own:
            return None
        files = _CommentFiles(None, parent=folder)
        return files.read(item.comment, client_source)

    with contextlib.ExitStack() as at_end:
        ahead = Ahead(0)
        if reads_ahead:
            ahead = _reading(client_source, client_target, _comment_readers())
        # Removed after the threads that write to it have ended.
        folder = _new_folder(at_end) if ahead.width else None
        at_end.enter_context(ahead)
        found = _comments(ahead.through(tasks, fetch, TASKS_AHEAD))
        jobs = ahead.through(
            found,
            read_files,
            COMMENTS_AHEAD,
            lambda item: is_own and item.has_files,
        )
        for item, job in jobs:
            files = job.result()
            if files is None:
                yield push_task_comment(
                    task_status_map,
                    person_map,
                    item.task,
                    item.comment,
                    client_source,
                    client_target,
                )
                continue
            with files:
                yield _write_comment(
                    task_status_map,
                    person_map,
                    item.task,
                    item.comment,
                    files,
                    client_target,
                )


def _comments(found: Iterator) -> Iterator[_Comment]:
    """Yield the comments of tasks, or the exception that ends them."""
    for task, job in found:
        try:
            comments = job.result()
            comments.reverse()
        except Exception as error:
            # It is raised after the comments before it have been written.
            yield _Comment(task, None, error)
            return
        for comment in comments:
            yield _Comment(task, comment)


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
    with _CommentFiles(tmp_path) as files:
        files.read(comment, client_source)
        return _write_comment(  # type: ignore[return-value]
            task_status_map,
            person_map,
            task,
            comment,
            files,
            client_target,
            author_id,
        )


def _write_comment(
    task_status_map: dict,
    person_map: dict,
    task: str | dict,
    comment: dict,
    files: _CommentFiles,
    client_target: KitsuClient,
    author_id: str | None = None,
) -> dict | None:
    """Create a comment, whose files have been read, on the target."""
    status_id = comment["task_status_id"]
    if status_id not in task_status_map:
        logger.warning(
            "Comment %s is left out: the target has no task status %s.",
            comment.get("id"),
            status_id,
        )
        return None
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
        attachments=files.attachments,
        comment=comment["text"],
        created_at=comment["created_at"],
        person={"id": author_id} if author_id is not None else None,
        checklist=comment["checklist"] or [],
        client=client_target,
    )
    for preview in files.previews:
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
    comment: dict, files: _CommentFiles, client: KitsuClient
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
    comment: dict, files: _CommentFiles, client: KitsuClient
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


class _CommentFiles(contextlib.ExitStack):
    """
    The files of a comment on their way. All are removed at the end of the block.

    Attributes:
        attachments: The paths of the attachments.
        previews: The paths and annotations of the previews.

    Args:
        folder: The folder for the files. None creates a new one, which is
            removed, too.
        parent: Where to create it. None is the folder for temporary files.
    """

    def __init__(self, folder: str | None, parent: str | None = None) -> None:
        super().__init__()
        self._taken: set[str] = set()
        self._folder = folder
        self._parent = parent
        self.attachments: list[str] = []
        self.previews: list[dict[str, Any]] = []

    def read(self, comment: dict, client: KitsuClient) -> _CommentFiles:
        """Download the files of a comment."""
        self.attachments = _fetch_attachments(comment, self, client)
        self.previews = _fetch_previews(comment, self, client)
        return self

    def path_for(self, name: str) -> str:
        """
        Return a path that no other file of the comment uses.

        The name comes from the server and must not lead out of the folder. If
        it is taken, the file gets a new folder, so that it is uploaded with its
        original name.
        """
        name = file_names.file_name(sanitize_filename(name), hidden=True)
        if self._folder is None:
            self._folder = _new_folder(self, self._parent)
        path = os.path.join(self._folder, name)
        key = file_names.folded(name)
        if key in self._taken or os.path.lexists(path):
            return os.path.join(_new_folder(self, self._folder), name)
        self._taken.add(key)
        self.callback(_remove, path)
        return path


def _new_folder(owner: contextlib.ExitStack, parent: str | None = None) -> str:
    """Create a temporary folder, which its owner removes at the end."""
    folder = tempfile.mkdtemp(prefix="zou_sync_", dir=parent)
    owner.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


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


#: The functions of this module that others of it call, as they are without a script.
_OWN = (
    push_assets,
    push_sequences,
    push_shots,
    push_entity_links,
    push_task_comments,
    push_task_comment,
)
