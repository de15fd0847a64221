"""
Tasks, their types and statuses, comments, previews and time spent.

A task is work to be done on an entity. Comments change its status, and
previews show the results, revision by revision.
"""

from __future__ import annotations

import os
import stat

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.metadata import update_metadata
from .cache import cache
from .client import KitsuClient
from .exception import (
    TaskMustBeADictException,
    TaskStatusNotFoundException,
)
from .helpers import (
    download_file,
    normalize_list_of_models_for_links,
    normalize_model_parameter,
)
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    import requests
else:
    from ._requests_compat.stand_in import requests

default = raw.default_client


def _comment_files(comments: list[dict]) -> list[tuple[str, str]]:
    """
    List the files of a batch of comments.

    Returns:
        Pairs of the name of a form field and a path. The name says which
        comment the file belongs to, and whether it is an attachment or a
        preview.
    """
    return [
        (f"{part}-{position}-{number}", path)
        for position, comment in enumerate(comments)
        for part, key in (
            ("attachment_file", "attachment_files"),
            ("preview_file", "preview_files"),
        )
        for number, path in enumerate(comment.get(key) or [])
    ]


def _check_preview_source(file_path: str | None, file_url: str | None) -> None:
    """
    Raise if a preview has no readable file, before anything is sent.

    Otherwise a comment or a preview without content would be left behind.

    Raises:
        ValueError: there is neither a path nor a URL.
        OSError: the file at the path cannot be read.
    """
    if file_url is not None:
        return
    if file_path is None:
        raise ValueError("preview_file_path or preview_file_url is needed")
    mode = os.stat(file_path).st_mode
    # Opening a pipe would consume its content.
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        with open(file_path, "rb"):
            pass


def _remove_file(file_path: str | None) -> None:
    """Remove a file, if there is one."""
    if file_path is not None and os.path.exists(file_path):
        os.remove(file_path)


@cache
def all_task_statuses(client: KitsuClient = default) -> list[dict]:
    """
    List every task status.

    Returns:
        list[TaskStatus]: The task statuses, sorted by name.

    Example:
        for status in gazu.task.all_task_statuses():
            print(status["short_name"], status["name"])

    Route: ``GET data/task-status``
    """
    return run(client, _core.task.all_task_statuses())


@cache
def all_task_types(client: KitsuClient = default) -> list[dict]:
    """
    List every task type.

    Returns:
        list[TaskType]: The task types, sorted by name.

    Example:
        names = [each["name"] for each in gazu.task.all_task_types()]

    Route: ``GET data/task-types``
    """
    return run(client, _core.task.all_task_types())


@cache
def all_task_types_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types that a project uses.

    Args:
        project: The project (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/projects/{project}/task-types``
    """
    return run(client, _core.task.all_task_types_for_project(project))


@cache
def all_task_statuses_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task statuses that a project uses.

    Args:
        project: The project (dict or id).

    Returns:
        list[TaskStatus]: The task statuses, sorted by name.

    Route: ``GET data/projects/{project}/settings/task-status``
    """
    return run(client, _core.task.all_task_statuses_for_project(project))


@cache
def all_tasks_for_shot(
    shot: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of a shot.

    Args:
        shot: The shot (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Example:
        for task in gazu.task.all_tasks_for_shot(shot):
            print(task["task_type_name"], task["task_status_name"])

    Route: ``GET data/shots/{shot}/tasks``
    """
    return run(client, _core.task.all_tasks_for_shot(shot, relations))


@cache
def all_tasks_for_concept(
    concept: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of a concept.

    Args:
        concept: The concept (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/concepts/{concept}/tasks``
    """
    return run(client, _core.task.all_tasks_for_concept(concept, relations))


@cache
def all_tasks_for_edit(
    edit: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of an edit.

    Args:
        edit: The edit (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/edits/{edit}/tasks``
    """
    return run(client, _core.task.all_tasks_for_edit(edit, relations))


@cache
def all_tasks_for_sequence(
    sequence: str | dict,
    relations: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the tasks of a sequence itself, not those of its shots.

    Args:
        sequence: The sequence (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/sequences/{sequence}/tasks``
    """
    return run(client, _core.task.all_tasks_for_sequence(sequence, relations))


@cache
def all_tasks_for_scene(
    scene: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of a scene.

    Args:
        scene: The scene (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/scenes/{scene}/tasks``
    """
    return run(client, _core.task.all_tasks_for_scene(scene, relations))


@cache
def all_tasks_for_asset(
    asset: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of an asset.

    Args:
        asset: The asset (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Example:
        for task in gazu.task.all_tasks_for_asset(asset):
            print(task["task_type_name"], task["task_status_name"])

    Route: ``GET data/assets/{asset}/tasks``
    """
    return run(client, _core.task.all_tasks_for_asset(asset, relations))


@cache
def all_tasks_for_episode(
    episode: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of an episode itself, not those of its shots.

    Args:
        episode: The episode (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/episodes/{episode}/tasks``
    """
    return run(client, _core.task.all_tasks_for_episode(episode, relations))


@cache
def all_shot_tasks_for_sequence(
    sequence: str | dict,
    relations: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the tasks of all shots of a sequence.

    Args:
        sequence: The sequence (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/sequences/{sequence}/shot-tasks``
    """
    return run(
        client, _core.task.all_shot_tasks_for_sequence(sequence, relations)
    )


@cache
def all_shot_tasks_for_episode(
    episode: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of all shots of an episode.

    Args:
        episode: The episode (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/episodes/{episode}/shot-tasks``
    """
    return run(
        client, _core.task.all_shot_tasks_for_episode(episode, relations)
    )


@cache
def all_assets_tasks_for_episode(
    episode: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of all assets of an episode.

    Args:
        episode: The episode (dict or id).
        relations: Also return the ids of the people assigned to each task.

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/episodes/{episode}/asset-tasks``
    """
    return run(
        client, _core.task.all_assets_tasks_for_episode(episode, relations)
    )


@cache
def all_tasks_for_task_status(
    project: str | dict,
    task_type: str | dict,
    task_status: str | dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the tasks of a type that have a status, in a project.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        task_status: The task status (dict or id).

    Returns:
        list[Task]: The tasks, in the server's order.

    Route: ``GET data/tasks?project_id={project}&task_type_id={task_type}``
    ``&task_status_id={task_status}``
    """
    return run(
        client,
        _core.task.all_tasks_for_task_status(project, task_type, task_status),
    )


@cache
def all_tasks_for_task_type(
    project: str | dict,
    task_type: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the tasks of a type in a project.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        episode: Only tasks of this episode (dict or id).

    Returns:
        list[Task]: The tasks, in the server's order.

    Route: ``GET data/tasks?project_id={project}&task_type_id={task_type}``
    """
    return run(
        client, _core.task.all_tasks_for_task_type(project, task_type, episode)
    )


@cache
def all_task_types_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of the tasks of a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/shots/{shot}/task-types``
    """
    return run(client, _core.task.all_task_types_for_shot(shot))


@cache
def all_task_types_for_concept(
    concept: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of the tasks of a concept.

    Args:
        concept: The concept (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/concepts/{concept}/task-types``
    """
    return run(client, _core.task.all_task_types_for_concept(concept))


@cache
def all_task_types_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of the tasks of an asset.

    Args:
        asset: The asset (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/assets/{asset}/task-types``
    """
    return run(client, _core.task.all_task_types_for_asset(asset))


@cache
def all_task_types_for_scene(
    scene: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of the tasks of a scene.

    Args:
        scene: The scene (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/scenes/{scene}/task-types``
    """
    return run(client, _core.task.all_task_types_for_scene(scene))


@cache
def all_task_types_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of the tasks of a sequence itself.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/sequences/{sequence}/task-types``
    """
    return run(client, _core.task.all_task_types_for_sequence(sequence))


@cache
def all_task_types_for_episode(
    episode: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of the tasks of an episode itself.

    Args:
        episode: The episode (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/episodes/{episode}/task-types``
    """
    return run(client, _core.task.all_task_types_for_episode(episode))


@cache
def all_tasks_for_entity_and_task_type(
    entity: str | dict, task_type: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of a type that an entity has.

    Args:
        entity: The asset, shot or other entity (dict or id).
        task_type: The task type (dict or id).

    Returns:
        list[Task]: The tasks, in the server's order.

    Route: ``GET data/entities/{entity}/task-types/{task_type}/tasks``
    """
    return run(
        client,
        _core.task.all_tasks_for_entity_and_task_type(entity, task_type),
    )


@cache
def all_tasks_for_person(
    person: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the unfinished tasks of a person in open projects.

    Args:
        person: The person (dict or id).

    Returns:
        list[PersonTask]: The tasks that are not done, in the server's order.

    Example:
        for task in gazu.task.all_tasks_for_person(person):
            print(task["entity_name"], task["task_type_name"])

    Route: ``GET data/persons/{person}/tasks``
    """
    return run(client, _core.task.all_tasks_for_person(person))


@cache
def all_done_tasks_for_person(
    person: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the finished tasks of a person in open projects.

    Args:
        person: The person (dict or id).

    Returns:
        list[PersonTask]: The tasks that are done, in the server's order.

    Route: ``GET data/persons/{person}/done-tasks``
    """
    return run(client, _core.task.all_done_tasks_for_person(person))


@cache
def get_task_by_entity(
    entity: str | dict,
    task_type: str | dict,
    name: str = "main",
    client: KitsuClient = default,
) -> dict | None:
    """
    Get the task of an entity by its type and name.

    Args:
        entity: The asset, shot or other entity (dict or id).
        task_type: The task type (dict or id).
        name: The task's full name.

    Returns:
        Task | None: The task, or ``None`` when there is none.

    Example:
        modeling = gazu.task.get_task_type_by_name("Modeling")
        task = gazu.task.get_task_by_entity(asset, modeling)

    Route: ``GET data/tasks?name={name}&task_type_id={task_type}``
    ``&entity_id={entity}``
    """
    return run(client, _core.task.get_task_by_entity(entity, task_type, name))


@cache
def get_task_type(task_type_id: str, client: KitsuClient = default) -> dict:
    """
    Get a task type by its id.

    Args:
        task_type_id: The task type's id.

    Returns:
        TaskType: The task type.

    Raises:
        RouteNotFoundException: no task type has this id.

    Route: ``GET data/task-types/{task_type_id}``
    """
    return run(client, _core.task.get_task_type(task_type_id))


@cache
def get_task_type_by_name(
    task_type_name: str,
    for_entity: str | None = None,
    department: str | dict | None = None,
    client: KitsuClient = default,
) -> dict | None:
    """
    Get a task type by its name.

    Args:
        task_type_name: The task type's full name.
        for_entity: Search only the types for this kind of entity (``"Asset"``,
            ``"Shot"``, ...).
        department: Search only the types of this department (dict or id).

    Returns:
        TaskType | None: The task type, or ``None`` when there is none.

    Example:
        modeling = gazu.task.get_task_type_by_name("Modeling")

    Route: ``GET data/task-types?name={task_type_name}``
    """
    return run(
        client,
        _core.task.get_task_type_by_name(
            task_type_name, for_entity, department
        ),
    )


@cache
def get_task_type_by_short_name(
    task_type_short_name: str,
    for_entity: str | None = None,
    department: str | dict | None = None,
    client: KitsuClient = default,
) -> dict | None:
    """
    Get a task type by its short name.

    Args:
        task_type_short_name: The task type's short name.
        for_entity: Search only the types for this kind of entity (``"Asset"``,
            ``"Shot"``, ...).
        department: Search only the types of this department (dict or id).

    Returns:
        TaskType | None: The task type, or ``None`` when there is none.

    Route: ``GET data/task-types?short_name={task_type_short_name}``
    """
    return run(
        client,
        _core.task.get_task_type_by_short_name(
            task_type_short_name, for_entity, department
        ),
    )


@cache
def get_default_task_status(client: KitsuClient = default) -> dict | None:
    """
    Get the status that new tasks have.

    Returns:
        TaskStatus | None: The task status, or ``None`` when no status is the
            default one.

    Route: ``GET data/task-status?is_default=True``
    """
    return run(client, _core.task.get_default_task_status())


@cache
def get_task_status(
    task_status_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a task status by its id.

    Args:
        task_status_id: The task status's id.

    Returns:
        TaskStatus: The task status.

    Raises:
        RouteNotFoundException: no task status has this id.

    Route: ``GET data/task-status/{task_status_id}``
    """
    return run(client, _core.task.get_task_status(task_status_id))


@cache
def get_task_status_by_name(
    name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a task status by its name.

    Args:
        name: The task status's full name.

    Returns:
        TaskStatus | None: The task status, or ``None`` when there is none.

    Example:
        done = gazu.task.get_task_status_by_name("Done")

    Route: ``GET data/task-status?name={name}``
    """
    return run(client, _core.task.get_task_status_by_name(name))


@cache
def get_task_status_by_short_name(
    task_status_short_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a task status by its short name.

    Args:
        task_status_short_name: The short name, such as ``"wip"``.

    Returns:
        TaskStatus | None: The task status, or ``None`` when there is none.

    Example:
        wfa = gazu.task.get_task_status_by_short_name("wfa")

    Route: ``GET data/task-status?short_name={task_status_short_name}``
    """
    return run(
        client,
        _core.task.get_task_status_by_short_name(task_status_short_name),
    )


def remove_task_type(
    task_type: str | dict,
    force: bool = False,
    client: KitsuClient = default,
) -> str:
    """
    Remove a task type.

    Args:
        task_type: The task type (dict or id).
        force: Remove it even if tasks have this type.

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        ParameterException: the task type is still in use.

    Route: ``DELETE data/task-types/{task_type}``
    """
    return run(client, _core.task.remove_task_type(task_type, force))


def remove_task_status(
    task_status: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a task status, even if tasks have it.

    Args:
        task_status: The task status (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/task-status/{task_status}?force=True``
    """
    return run(client, _core.task.remove_task_status(task_status))


def update_task_type(task_type: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a task type.

    Args:
        task_type: Its ``"id"`` and the fields to set.

    Returns:
        TaskType: The updated task type.

    Route: ``PUT data/task-types/{task_type}``
    """
    return run(client, _core.task.update_task_type(task_type))


def update_task_status(
    task_status: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a task status.

    Args:
        task_status: Its ``"id"`` and the fields to set.

    Returns:
        TaskStatus: The updated task status.

    Route: ``PUT data/task-status/{task_status}``
    """
    return run(client, _core.task.update_task_status(task_status))


@cache
def get_task(task_id: str | dict, client: KitsuClient = default) -> dict:
    """
    Get a task with its project, entity and other related records.

    Args:
        task_id: The task (dict or id).

    Returns:
        FullTask: The task, with its project, entity, type, status, assigner and
            assignees as dicts.

    Raises:
        RouteNotFoundException: no task has this id.

    Example:
        task = gazu.task.get_task(task["id"])
        print(task["project"]["name"], task["entity"]["name"])

    Route: ``GET data/tasks/{task_id}/full``
    """
    return run(client, _core.task.get_task(task_id))


@composition
def new_task(
    entity: str | dict,
    task_type: str | dict,
    name: str = "main",
    task_status: dict | None = None,
    assigner: str | dict | None = None,
    assignees: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a task, unless the entity has one of this type and name.

    Args:
        entity: The entity, as a dict that has ``"id"`` and ``"project_id"``.
        task_type: The task type (dict or id).
        name: The task's name.
        task_status: The first status (dict); the default one when omitted.
        assigner: The person who assigns the task (dict or id).
        assignees: The persons to assign (dicts or ids).

    Returns:
        Task: The new task, or the existing one, unchanged.

    Raises:
        KeyError: the entity is not a dict with a ``"project_id"``.

    Example:
        modeling = gazu.task.get_task_type_by_name("Modeling")
        task = gazu.task.new_task(asset, modeling, assignees=[person])

    Route: ``GET data/task-status?is_default=`` when no status is given, then
    ``GET data/tasks``, then ``POST data/tasks``
    """
    entity = normalize_model_parameter(entity)
    task_type = normalize_model_parameter(task_type)
    project_id = _core.item(entity, "project_id")
    # Build the call before the first request, so that invalid arguments raise
    # at once.
    _core.task.new_task(
        project_id, entity, task_type, None, assignees, None, assigner
    )
    if task_status is None:
        task_status = get_default_task_status(client=client)
    task_status_id = _core.item(task_status, "id")
    task = get_task_by_entity(entity, task_type, name, client=client)
    if task is None:
        task = run(
            client,
            _core.task.new_task(
                project_id,
                entity,
                task_type,
                task_status_id,
                assignees,
                name,
                assigner,
            ),
        )
    return task


def remove_task(task: str | dict, client: KitsuClient = default) -> str:
    """
    Remove a task with its comments, previews and files.

    Args:
        task: The task (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Example:
        gazu.task.remove_task(task)

    Route: ``DELETE data/tasks/{task}?force=True``
    """
    return run(client, _core.task.remove_task(task))


@composition
def start_task(
    task: str | dict,
    started_task_status: str | dict | None = None,
    person: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Set a task to work in progress, by adding a comment without text.

    Args:
        task: The task (dict or id).
        started_task_status: The status to set (dict or id); the one with the
            short name ``"wip"`` when omitted.
        person: The person who starts the task (dict or id). If omitted, the
            user.

    Returns:
        Comment: The new comment.

    Raises:
        TaskStatusNotFoundException: no status is given and there is no
            ``"wip"``.

    Example:
        gazu.task.start_task(task)

    Route: ``GET data/task-status?short_name=wip`` when no status is given,
    then ``POST actions/tasks/{task}/comment``
    """
    if started_task_status is None:
        # Build the call before the lookup, so that invalid arguments raise at
        # once.
        _core.task.add_comment(task, task, "", person, None, None, None, False)
        started_task_status = get_task_status_by_short_name(
            "wip", client=client
        )
        if started_task_status is None:
            raise TaskStatusNotFoundException(
                "No task status has the short name 'wip': create one, or "
                "give started_task_status."
            )
    return add_comment(task, started_task_status, person=person, client=client)


@cache
def get_time_spent(
    task: str | dict, date: str | None = None, client: KitsuClient = default
) -> dict:
    """
    Get the time that was spent on a task.

    Args:
        task: The task (dict or id).
        date: Only this day (``YYYY-MM-DD``). If omitted, every day.

    Returns:
        dict[str, Any]: The list of entries by person id. ``"total"`` is the
            sum of their durations in minutes.

    Route: ``GET actions/tasks/{task}/time-spents`` or
    ``GET actions/tasks/{task}/time-spents/{date}``
    """
    return run(client, _core.task.get_time_spent(task, date))


def set_time_spent(
    task: str | dict,
    person: str | dict,
    date: str,
    duration: int,
    client: KitsuClient = default,
) -> dict:
    """
    Set the time that a person spent on a task on one day.

    Args:
        task: The task (dict or id).
        person: The person (dict or id).
        date: The day (``YYYY-MM-DD``).
        duration: The time in minutes.

    Returns:
        TimeSpent: The entry.

    Example:
        gazu.task.set_time_spent(task, person, "2026-01-05", duration=480)

    Route: ``POST actions/tasks/{task}/time-spents/{date}/persons/{person}``
    """
    return run(client, _core.task.set_time_spent(task, person, date, duration))


def add_time_spent(
    task: str | dict,
    person: str | dict,
    date: str,
    duration: int,
    client: KitsuClient = default,
) -> dict:
    """
    Add to the time that a person spent on a task on one day.

    Args:
        task: The task (dict or id).
        person: The person (dict or id).
        date: The day (``YYYY-MM-DD``).
        duration: The time to add, in minutes.

    Returns:
        TimeSpent: The entry, with the sum as its duration.

    Example:
        gazu.task.add_time_spent(task, person, "2026-01-05", duration=90)

    Route:
    ``POST actions/tasks/{task}/time-spents/{date}/persons/{person}/add``
    """
    return run(client, _core.task.add_time_spent(task, person, date, duration))


def add_comment(
    task: str | dict,
    task_status: str | dict,
    comment: str = "",
    person: str | dict | None = None,
    checklist: list[dict] | None = None,
    attachments: list[str] | None = None,
    created_at: str | None = None,
    links: list[str] | None = None,
    for_client: bool = False,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict:
    """
    Comment on a task and set the task's status.

    Args:
        task: The task (dict or id).
        task_status: The status that the task gets (dict or id).
        comment: The comment's text, which may be empty.
        person: The author (dict or id). If omitted, the user.
        checklist: Items such as
            ``{"text": "Fix the eyes", "checked": False}``.
        attachments: Paths of files to attach.
        created_at: When it was written (``YYYY-MM-DDTHH:MM:SS``); now when
            omitted.
        links: URLs to add to the comment.
        for_client: Show the comment to clients; only managers can.
        progress_callback: Called with the number of bytes sent and the total
            of all files.

    Returns:
        Comment: The new comment.

    Raises:
        FileNotFoundError: a file does not exist; nothing is sent.

    Example:
        wfa = gazu.task.get_task_status_by_short_name("wfa")
        comment = gazu.task.add_comment(task, wfa, "The ears are longer")

    Route: ``POST actions/tasks/{task}/comment``
    """
    if attachments is None:
        attachments = []
    if len(attachments) == 0:
        return run(
            client,
            _core.task.add_comment(
                task,
                task_status,
                comment,
                person,
                checklist,
                created_at,
                links,
                for_client,
            ),
        )
    return run(
        client,
        _core.task.add_comment_with_attachments(
            task,
            task_status,
            comment,
            person,
            checklist,
            list(attachments),
            created_at,
            links,
            for_client or None,
        ),
        progress_callback=progress_callback,
    )


def add_attachment_files_to_comment(
    task: str | dict,
    comment: str | dict,
    attachments: str | list[str] = None,  # type: ignore[assignment]
    client: KitsuClient = default,
    progress_callback=None,
) -> dict:
    """
    Attach files to a comment.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        attachments: Paths of files, or one path.
        progress_callback: Called with the number of bytes sent and the total
            of all files.

    Returns:
        list[AttachmentFile]: The new attachment files.

    Raises:
        ValueError: there are no files.
        FileNotFoundError: a file does not exist; nothing is sent.

    Route: ``POST actions/tasks/{task}/comments/{comment}/add-attachment``
    """
    if attachments is None:
        attachments = []
    if isinstance(attachments, str):
        attachments = [attachments]
    if len(attachments) == 0:
        raise ValueError("attachments: no file is given")
    return run(
        client,
        _core.task.add_attachment_files_to_comment(
            task, comment, list(attachments)
        ),
        progress_callback=progress_callback,
    )


def get_comment(comment_id: str, client: KitsuClient = default) -> dict:
    """
    Get a comment by its id.

    Args:
        comment_id: The comment's id.

    Returns:
        Comment: The comment.

    Raises:
        RouteNotFoundException: no comment has this id.

    Route: ``GET data/comments/{comment_id}``
    """
    return run(client, _core.task.get_comment(comment_id))


def remove_comment(comment: str | dict, client: KitsuClient = default) -> str:
    """
    Remove a comment with its previews and all data that refers to it.

    Args:
        comment: The comment (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/comments/{comment}``
    """
    return run(client, _core.task.remove_comment(comment))


def create_preview(
    task: str | dict,
    comment: str | dict,
    revision: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a preview of a comment. Its file must be uploaded afterwards.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        revision: The revision; the next free one when omitted.

    Returns:
        PreviewFile: The new preview file, which has no content yet.

    Route: ``POST actions/tasks/{task}/comments/{comment}/add-preview``
    """
    return run(client, _core.task.create_preview(task, comment, revision))


def create_extra_preview(
    task: str | dict,
    comment: str | dict,
    preview_file: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Add another preview to a revision. Its file must be uploaded afterwards.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        preview_file: A preview of that revision (dict or id).

    Returns:
        PreviewFile: The new preview file, which has no content yet. It has the
            same revision as the other.

    Route: ``POST
    actions/tasks/{task}/comments/{comment}/preview-files/{preview_file}``
    """
    return run(
        client, _core.task.create_extra_preview(task, comment, preview_file)
    )


def upload_preview_file(
    preview_file: str | dict,
    file_path: str,
    normalize_movie: bool = True,
    no_job: bool = False,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict:
    """
    Upload the file of a preview.

    Args:
        preview_file: The preview file (dict or id).
        file_path: Path of an image, a movie or another file.
        normalize_movie: Let the server convert a movie to its standard sizes
            and codec.
        no_job: Let the server process the preview before it answers.
        progress_callback: Called with the number of bytes sent and the total
            of all files.

    Returns:
        PreviewFile: The preview file. Its status is ``"processing"`` until the
            server has processed it, then ``"ready"``.

    Raises:
        FileNotFoundError: a file does not exist; nothing is sent.

    Route: ``POST pictures/preview-files/{preview_file}``
    """
    return run(
        client,
        _core.task.upload_preview_file(
            preview_file, file_path, normalize_movie, no_job
        ),
        progress_callback=progress_callback,
    )


@composition
def add_preview(
    task: str | dict,
    comment: str | dict,
    preview_file_path: str | None = None,
    preview_file_url: str | None = None,
    normalize_movie: bool = True,
    revision: int | None = None,
    no_job: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Add a preview to a comment: create it and upload its file.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        preview_file_path: Path of the file to upload.
        preview_file_url: Download the file from this URL instead, without the
            session's token.
        normalize_movie: Let the server convert a movie to its standard sizes
            and codec.
        revision: The revision; the next free one when omitted.
        no_job: Let the server process the preview before it answers.

    Returns:
        PreviewFile: The preview file.

    Raises:
        ValueError: there is neither a path nor a URL; nothing is sent.
        FileNotFoundError: there is no file at the path; nothing is sent.
        DownloadFileException: the file could not be downloaded.

    Example:
        wfa = gazu.task.get_task_status_by_short_name("wfa")
        comment = gazu.task.add_comment(task, wfa, "Ready")
        preview = gazu.task.add_preview(task, comment, "turntable.png")

    Route: ``GET {path}`` when ``preview_file_url`` is given, then
    ``POST actions/tasks/{task}/comments/{comment}/add-preview``, then
    ``POST pictures/preview-files/{preview_file}``
    """
    _check_preview_source(preview_file_path, preview_file_url)
    downloaded = None
    if preview_file_url is not None:
        preview_file_path = downloaded = download_file(preview_file_url)
    try:
        preview_file = create_preview(
            task, comment, revision=revision, client=client
        )
        return upload_preview_file(
            preview_file,
            preview_file_path,  # type: ignore[arg-type]
            normalize_movie=normalize_movie,
            no_job=no_job,
            client=client,
        )
    finally:
        _remove_file(downloaded)


@composition
def add_extra_preview(
    task: str | dict,
    comment: str | dict,
    preview_file: str | dict,
    preview_file_path: str | None = None,
    preview_file_url: str | None = None,
    normalize_movie: bool = True,
    no_job: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Add another preview to a revision: create it and upload its file.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        preview_file: A preview of that revision (dict or id).
        preview_file_path: Path of the file to upload.
        preview_file_url: Download the file from this URL instead, without the
            session's token.
        normalize_movie: Let the server convert a movie to its standard sizes
            and codec.
        no_job: Let the server process the preview before it answers.

    Returns:
        PreviewFile: The new preview file.

    Raises:
        ValueError: there is neither a path nor a URL; nothing is sent.
        FileNotFoundError: there is no file at the path; nothing is sent.
        DownloadFileException: the file could not be downloaded.

    Route: ``GET {path}`` when ``preview_file_url`` is given, then ``POST
    actions/tasks/{task}/comments/{comment}/preview-files/{preview_file}``,
    then ``POST pictures/preview-files/{preview_file}``
    """
    _check_preview_source(preview_file_path, preview_file_url)
    downloaded = None
    if preview_file_url is not None:
        preview_file_path = downloaded = download_file(preview_file_url)
    try:
        new_preview_file = create_extra_preview(
            task, comment, preview_file, client=client
        )
        return upload_preview_file(
            new_preview_file,
            preview_file_path,  # type: ignore[arg-type]
            normalize_movie=normalize_movie,
            no_job=no_job,
            client=client,
        )
    finally:
        _remove_file(downloaded)


@composition
def publish_preview(
    task: str | dict,
    task_status: str | dict,
    comment: str = "",
    person: str | dict | None = None,
    checklist: list[dict] | None = None,
    attachments: list[str] | None = None,
    created_at: str | None = None,
    preview_file_path: str | None = None,
    preview_file_url: str | None = None,
    normalize_movie: bool = True,
    revision: int | None = None,
    set_thumbnail: bool = False,
    links: list[str] | None = None,
    client: KitsuClient = default,
) -> tuple[dict, dict]:
    """
    Comment on a task, set its status and add a preview.

    Args:
        task: The task (dict or id).
        task_status: The status that the task gets (dict or id).
        comment: The comment's text, which may be empty.
        person: The author (dict or id). If omitted, the user.
        checklist: Items such as
            ``{"text": "Fix the eyes", "checked": False}``.
        attachments: Paths of files to attach.
        created_at: When it was written (``YYYY-MM-DDTHH:MM:SS``); now when
            omitted.
        preview_file_path: Path of the file to upload.
        preview_file_url: Download the file from this URL instead, without the
            session's token.
        normalize_movie: Let the server convert a movie to its standard sizes
            and codec.
        revision: The revision; the next free one when omitted.
        set_thumbnail: Make the preview the main preview of the entity.
        links: URLs to add to the comment.

    Returns:
        tuple[Comment, PreviewFile]: The new comment and the preview file.

    Raises:
        ValueError: there is neither a path nor a URL; nothing is sent.
        FileNotFoundError: there is no file at the path; nothing is sent.
        DownloadFileException: the file could not be downloaded.

    Example:
        wfa = gazu.task.get_task_status_by_short_name("wfa")
        comment, preview = gazu.task.publish_preview(
            task, wfa, comment="Ready", preview_file_path="turntable.png"
        )

    Route: ``POST actions/tasks/{task}/comment``, then the routes of
    ``add_preview`` and, for a thumbnail, of ``set_main_preview``
    """
    _check_preview_source(preview_file_path, preview_file_url)
    new_comment = add_comment(
        task,
        task_status,
        comment=comment,
        person=person,
        checklist=checklist,
        attachments=attachments,
        created_at=created_at,
        links=links,
        client=client,
    )
    preview_file = add_preview(
        task,
        new_comment,
        preview_file_path=preview_file_path,
        preview_file_url=preview_file_url,
        normalize_movie=normalize_movie,
        revision=revision,
        client=client,
    )
    if set_thumbnail:
        set_main_preview(preview_file, client=client)
    return new_comment, preview_file


def batch_comments(
    comments: list[dict] | None = None,
    task: str | dict | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[dict]:
    """
    Post several comments with their attachments and previews.

    Args:
        comments: Dicts with ``"text"``, ``"task_status_id"`` and, where no
            task is given, ``"task_id"``. Files to upload are given as lists of
            paths under ``"attachment_files"`` and ``"preview_files"``.
        task: The task of all comments (dict or id).
        progress_callback: Called with the number of bytes sent and the total
            of all files.

    Returns:
        list[Comment]: The new comments, in the order given.

    Raises:
        FileNotFoundError: a file does not exist; nothing is sent.

    Route: ``POST actions/tasks/{task}/batch-comment`` or
    ``POST actions/tasks/batch-comment``
    """
    if comments is None:
        comments = []
    if task == {}:
        task = None
    elif isinstance(task, dict) and not isinstance(task.get("id", ""), str):
        raise TypeError("task: expected a dict whose 'id' is text")
    return run(
        client,
        _core.task.batch_comments(comments, _comment_files(comments), task),
        progress_callback=progress_callback,
    )


def create_multiple_comments(
    project: str | dict,
    comments: list[dict] = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[dict]:
    """
    Post several comments on the tasks of a project.

    Args:
        project: The project (dict or id).
        comments: Dicts with ``"task_id"``, ``"task_status_id"`` and
            ``"comment"``. Files to upload are given as lists of paths under
            ``"attachment_files"`` and ``"preview_files"``.
        progress_callback: Called with the number of bytes sent and the total
            of all files.

    Returns:
        list[Comment]: The new comments, in the order given.

    Raises:
        FileNotFoundError: a file does not exist; nothing is sent.

    Route: ``POST actions/projects/{project}/tasks/comment-many``
    """
    if comments is None:
        comments = []
    return run(
        client,
        _core.task.create_multiple_comments(
            project, comments, _comment_files(comments)
        ),
        progress_callback=progress_callback,
    )


def add_tasks_batch_comments(
    tasks: list[str | dict],
    comments_data: dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Post the same comment on several tasks, in one request.

    Args:
        tasks: The tasks (dicts or ids).
        comments_data: The comment's fields, among them ``"text"`` and
            ``"task_status_id"``.

    Returns:
        list[Comment]: The new comments, in the order of the tasks.

    Route: ``POST actions/tasks/batch-comment``
    """
    comments = [
        {**comments_data, "task_id": _core.model(task)["id"]} for task in tasks
    ]
    return run(client, _core.task.add_tasks_batch_comments(comments))


def set_main_preview(
    preview_file: str | dict,
    frame_number: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Make a preview the main preview of its entity.

    Args:
        preview_file: The preview (dict or id).
        frame_number: The frame of a movie to take. If omitted, the server
            chooses one.

    Returns:
        Entity: The updated entity.

    Example:
        preview = gazu.task.add_preview(task, comment, "turntable.png")
        gazu.task.set_main_preview(preview)

    Route: ``PUT actions/preview-files/{preview_file}/set-main-preview``
    """
    return run(client, _core.task.set_main_preview(preview_file, frame_number))


@cache
def all_comments_for_task(
    task: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the comments on a task.

    Args:
        task: The task (dict or id).

    Returns:
        list[Comment]: The comments, newest first.

    Example:
        for comment in gazu.task.all_comments_for_task(task):
            print(comment["person"]["first_name"], comment["text"])

    Route: ``GET data/tasks/{task}/comments``
    """
    return run(client, _core.task.all_comments_for_task(task))


@cache
def get_last_comment_for_task(
    task: str | dict, client: KitsuClient = default
) -> dict | None:
    """
    Get the newest comment on a task.

    Args:
        task: The task (dict or id).

    Returns:
        Comment | None: The comment, or ``None`` when there is none.

    Example:
        comment = gazu.task.get_last_comment_for_task(task)
        if comment:
            print(comment["text"])

    Route: ``GET data/tasks/{task}/comments``
    """
    return run(client, _core.task.get_last_comment_for_task(task))


def assign_task(
    task: str | dict, person: str | dict, client: KitsuClient = default
) -> dict:
    """
    Assign a task to a person.

    Args:
        task: The task (dict or id).
        person: The person (dict or id).

    Returns:
        list[Task]: A list with the assigned task.

    Example:
        gazu.task.assign_task(task, person)

    Route: ``PUT actions/persons/{person}/assign``
    """
    return run(client, _core.task.assign_task(task, person))


@composition
def clear_assignations(
    tasks: str | dict | list[str | dict],
    person: str | dict | None = None,
    client: KitsuClient = default,
) -> list[str]:
    """
    Unassign tasks from a person, or from everyone.

    Args:
        tasks: A list of tasks, or one task (dicts or ids).
        person: The person to unassign (dict or id). If omitted, everyone.

    Returns:
        list[str]: The ids of the tasks. Without tasks, an empty list is
            returned and no request is sent.

    Route: ``PUT actions/tasks/clear-assignation``
    """
    if not isinstance(tasks, list):
        tasks = [tasks]
    if not tasks:
        return []
    return run(client, _core.task.clear_assignations(tasks, person))


@composition
def new_task_type(
    name: str,
    color: str = "#000000",
    for_entity: str = "Asset",
    client: KitsuClient = default,
) -> dict:
    """
    Create a task type, unless there is one of this name.

    Args:
        name: The task type's name.
        color: The color as ``#`` and hexadecimal digits.
        for_entity: The kind of entity it is for (``"Asset"``, ``"Shot"``,
            ...).

    Returns:
        TaskType: The new task type, or the existing one, unchanged.

    Route: ``GET data/task-types``, then ``POST data/task-types``
    """
    task_type = get_task_type_by_name(name, for_entity, client=client)
    if task_type is None:
        task_type = run(
            client, _core.task.new_task_type(name, color, for_entity)
        )
    return task_type


def new_task_status(
    name: str, short_name: str, color: str, client: KitsuClient = default
) -> dict:
    """
    Create a task status.

    Args:
        name: The task status's name.
        short_name: Its short name, such as ``"wip"``.
        color: The color as ``#`` and hexadecimal digits.

    Returns:
        TaskStatus: The new task status.

    Raises:
        ValueError: the color has another format.

    Route: ``POST data/task-status``
    """
    if not color or color[0] != "#":
        raise ValueError("color: must begin with '#', such as '#00FF00'")
    if not all(
        digit in _late.value("string").hexdigits for digit in color[1:]
    ):
        raise ValueError(
            "color: must have hexadecimal digits only, such as '#00FF00'"
        )
    return run(client, _core.task.new_task_status(name, short_name, color))


def update_task(task: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a task. The metadata is replaced, not merged.

    Args:
        task: Its ``"id"`` and the fields to set. The dict itself is not
            changed.

    Returns:
        Task: The updated task.

    Example:
        task["due_date"] = "2026-12-24"
        gazu.task.update_task(task)

    Route: ``PUT data/tasks/{task}``
    """
    if task is not None and "assignees" in task:
        task = {
            **task,
            "assignees": normalize_list_of_models_for_links(task["assignees"]),
        }
    return run(client, _core.task.update_task(task))


@composition
def update_task_data(
    task: str | dict,
    data: dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Set some metadata of a task and keep the others.

    Args:
        task: The task (dict or id).
        data: The metadata to set.

    Returns:
        Task: The updated task.

    Route: ``GET data/tasks/{task}/full``, then ``PUT data/tasks/{task}``
    """
    return update_metadata(task, data, get_task, update_task, client=client)


@cache
@composition
def get_task_url(task: dict, client: KitsuClient = default) -> str:
    """
    Return the URL of a task's page in Kitsu.

    Args:
        task: The task, as a dict that has ``"id"`` and ``"project_id"``.

    Returns:
        str: The URL.

    Raises:
        TaskMustBeADictException: the task is not a dict.
    """
    if not isinstance(task, dict):
        from ._requests_compat.errors import explain

        error = TaskMustBeADictException()
        explain(
            error,
            "task: expected the task's dict, not {}: gazu.task.get_task "
            "returns it".format(type(task).__name__),
        )
        raise error
    project_id = _core.item(task, "project_id")
    host = raw.get_api_url_from_host(client=client)
    return f"{host}/productions/{project_id}/shots/tasks/{task['id']}/"


@cache
def all_tasks_for_project(
    project: str | dict,
    task_type: str | dict | None = None,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the tasks of a project.

    Args:
        project: The project (dict or id).
        task_type: Only tasks of this type (dict or id).
        episode: Only tasks of this episode's shots (dict or id).

    Returns:
        list[Task]: The tasks, last changed first.

    Example:
        tasks = gazu.task.all_tasks_for_project(project)
        print(len(tasks), "tasks")

    Route: ``GET data/projects/{project}/tasks``
    """
    return run(
        client, _core.task.all_tasks_for_project(project, task_type, episode)
    )


def update_comment(comment: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a comment. The metadata is replaced, not merged.

    Args:
        comment: Its ``"id"`` and the fields to set.

    Returns:
        Comment: The updated comment.

    Route: ``PUT data/comments/{comment}``
    """
    return run(client, _core.task.update_comment(comment))


@cache
def all_open_tasks(client: KitsuClient = default) -> list[dict]:
    """
    List tasks of open projects.

    Returns:
        OpenTasks: The server's answer. Zou returns a dict of one page: tasks
            under ``"data"`` (at most 100), ``"stats"`` and ``"is_more"``.

    Route: ``GET data/tasks/open-tasks``
    """
    return run(client, _core.task.all_open_tasks())


@cache
def get_open_tasks_stats(client: KitsuClient = default) -> dict:
    """
    Count the tasks of open projects by project, type and status.

    Returns:
        dict[str, Any]: For each project id: the number of tasks, the number of
            finished tasks, and their durations and estimations in minutes.

    Route: ``GET data/tasks/open-tasks/stats``
    """
    return run(client, _core.task.get_open_tasks_stats())


@cache
def all_previews_for_task(
    task: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews of a task.

    Args:
        task: The task (dict or id).

    Returns:
        list[PreviewFile]: The preview files, highest revision first.

    Route: ``GET data/tasks/{task}/previews``
    """
    return run(client, _core.task.all_previews_for_task(task))


@cache
def all_tasks_for_person_and_type(
    person: str | dict, task_type: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of a type on the entities that a person works on.

    Args:
        person: The person (dict or id).
        task_type: The task type (dict or id).

    Returns:
        list[Task]: The tasks, in the server's order.

    Route: ``GET data/persons/{person}/related-tasks/{task_type}``
    """
    return run(
        client, _core.task.all_tasks_for_person_and_type(person, task_type)
    )


@cache
def all_comments_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the comments on the tasks of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Comment]: The comments, last changed first.

    Route: ``GET data/projects/{project}/comments``
    """
    return run(client, _core.task.all_comments_for_project(project))


@cache
def all_notifications_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the notifications about the tasks of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Notification]: The notifications, last changed first.

    Route: ``GET data/projects/{project}/notifications``
    """
    return run(client, _core.task.all_notifications_for_project(project))


@cache
def all_preview_files_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews of the tasks of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[PreviewFile]: The preview files, last changed first.

    Route: ``GET data/projects/{project}/preview-files``
    """
    return run(client, _core.task.all_preview_files_for_project(project))


@cache
def all_subscriptions_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the subscriptions to the tasks of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Subscription]: The subscriptions, in the server's order.

    Route: ``GET data/projects/{project}/subscriptions``
    """
    return run(client, _core.task.all_subscriptions_for_project(project))


@cache
def get_persons_tasks_dates(client: KitsuClient = default) -> dict:
    """
    Get the start of each person's first task, and the due date of the last
    one.

    Returns:
        list[dict[str, Any]]: The server's answer. Zou returns a list of dicts
            with ``"person_id"``, ``"min_date"``, ``"max_date"`` and
            ``"busy_periods"``.

    Route: ``GET data/persons/task-dates``
    """
    return run(client, _core.task.get_persons_tasks_dates())


def remove_tasks_for_type(
    project: str | dict, task_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove all tasks of a type from a project.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route:
    ``DELETE actions/projects/{project}/task-types/{task_type}/delete-tasks``
    """
    return run(client, _core.task.remove_tasks_for_type(project, task_type))


def remove_tasks_batch(
    project: str | dict,
    tasks: list[str | dict],
    client: KitsuClient = default,
) -> requests.Response:
    """
    Remove several tasks from a project, in one request.

    Args:
        project: The project (dict or id).
        tasks: The tasks (dicts or ids).

    Returns:
        list[str]: The ids of the tasks that were removed.

    Route: ``POST actions/projects/{project}/delete-tasks``
    """
    return run(client, _core.task.remove_tasks_batch(project, tasks))


def assign_tasks_to_person(
    tasks: list[str | dict], person: str | dict, client: KitsuClient = default
) -> dict:
    """
    Assign several tasks to a person, in one request.

    Args:
        tasks: The tasks (dicts or ids).
        person: The person (dict or id).

    Returns:
        list[Task]: The assigned tasks.

    Route: ``PUT actions/persons/{person}/assign``
    """
    return run(client, _core.task.assign_tasks_to_person(tasks, person))


@cache
def get_task_time_spent_for_date(
    task: str | dict, date: str, client: KitsuClient = default
) -> dict:
    """
    Get the time that was spent on a task on one day.

    Args:
        task: The task (dict or id).
        date: The day (``YYYY-MM-DD``).

    Returns:
        dict[str, Any]: The list of entries by person id. ``"total"`` is the
            sum of their durations in minutes.

    Route: ``GET actions/tasks/{task}/time-spents/{date}``
    """
    return run(client, _core.task.get_task_time_spent_for_date(task, date))


def remove_time_spent(
    time_spent: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an entry of time spent.

    Args:
        time_spent: The entry (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/time-spents/{time_spent}``
    """
    return run(client, _core.task.remove_time_spent(time_spent))


def remove_preview_from_comment(
    task: str | dict,
    comment: str | dict,
    preview_file: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a preview of a comment.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        preview_file: The preview (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE
    actions/tasks/{task}/comments/{comment}/preview-files/{preview_file}``
    """
    return run(
        client,
        _core.task.remove_preview_from_comment(task, comment, preview_file),
    )


def move_comment_to_task(
    task: str | dict,
    comment: str | dict,
    target_task: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Move a comment to another task of the same entity.

    Args:
        task: The current task of the comment (dict or id).
        comment: The comment (dict or id).
        target_task: The new task of the comment (dict or id).

    Returns:
        Comment: The updated comment. Author, date, text and attachments stay;
            notifications are created again. Only managers can move comments.

    Route: ``POST actions/tasks/{task}/comments/{comment}/move``
    """
    return run(
        client, _core.task.move_comment_to_task(task, comment, target_task)
    )


def acknowledge_comment(
    task: str | dict,
    comment: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Acknowledge a comment, or undo the acknowledgement.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).

    Returns:
        Comment: The updated comment.

    Route: ``POST data/tasks/{task}/comments/{comment}/ack``
    """
    return run(client, _core.task.acknowledge_comment(task, comment))


def reply_to_comment(
    task: str | dict,
    comment: str | dict,
    text: str,
    person: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Reply to a comment.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        text: The reply's text.
        person: The author of the reply (dict or id). If omitted, the user.

    Returns:
        Reply: The new reply.

    Route: ``POST data/tasks/{task}/comments/{comment}/reply``
    """
    return run(
        client, _core.task.reply_to_comment(task, comment, text, person)
    )


def delete_comment_attachment(
    task: str | dict,
    comment: str | dict,
    attachment_file: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove an attachment of a comment.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        attachment_file: The attachment (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE
    data/tasks/{task}/comments/{comment}/attachments/{attachment_file}``
    """
    return run(
        client,
        _core.task.delete_comment_attachment(task, comment, attachment_file),
    )


def delete_comment_reply(
    task: str | dict,
    comment: str | dict,
    reply: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a reply to a comment.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).
        reply: The reply (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/tasks/{task}/comments/{comment}/reply/{reply}``
    """
    return run(client, _core.task.delete_comment_reply(task, comment, reply))


def create_shot_tasks(
    shot: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of each given type for a shot.

    Args:
        shot: The shot (dict or id).
        task_types: The task types (dicts or ids).

    Returns:
        list[Task]: The new tasks.

    Route: ``POST data/entities/{shot}/tasks``
    """
    return create_entity_tasks(shot, task_types, client=client)


def create_asset_tasks(
    asset: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of each given type for an asset.

    Args:
        asset: The asset (dict or id).
        task_types: The task types (dicts or ids).

    Returns:
        list[Task]: The new tasks.

    Route: ``POST data/entities/{asset}/tasks``
    """
    return create_entity_tasks(asset, task_types, client=client)


def create_edit_tasks(
    edit: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of each given type for an edit.

    Args:
        edit: The edit (dict or id).
        task_types: The task types (dicts or ids).

    Returns:
        list[Task]: The new tasks.

    Route: ``POST data/entities/{edit}/tasks``
    """
    return create_entity_tasks(edit, task_types, client=client)


def create_concept_tasks(
    concept: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of each given type for a concept.

    Args:
        concept: The concept (dict or id).
        task_types: The task types (dicts or ids).

    Returns:
        list[Task]: The new tasks.

    Route: ``POST data/entities/{concept}/tasks``
    """
    return create_entity_tasks(concept, task_types, client=client)


def create_entity_tasks(
    entity: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of each given type for an entity.

    Args:
        entity: The asset, shot or other entity (dict or id).
        task_types: The task types (dicts or ids).

    Returns:
        list[Task]: The new tasks.

    Route: ``POST data/entities/{entity}/tasks``
    """
    return run(client, _core.task.create_entity_tasks(entity, task_types))


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "string": "string",
    },
)
__getattr__ = _late.get


def all_comments(
    relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the comments of all projects.

    Args:
        relations: Add the ids of related records.

    Returns:
        list[Comment]: The comments, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/comments``
    """
    return run(client, _core.task.all_comments(relations))


def get_comment_for_task(
    task: str | dict, comment_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a comment of a task by its id.

    Args:
        task: The task (dict or id).
        comment_id: The comment's id.

    Returns:
        Comment: The comment.

    Raises:
        NotAllowedException: the user may not read the comment.
        RouteNotFoundException: the task has no such comment.

    Not in upstream.

    Route: ``GET data/tasks/{task}/comments/{comment_id}``
    """
    return run(client, _core.task.get_comment_for_task(task, comment_id))


def remove_comment_from_task(
    task: str | dict, comment: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a comment of a task. The task gets the status of the comment before
    it.

    Args:
        task: The task (dict or id).
        comment: The comment (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user neither wrote the comment nor manages the
            project.

    Not in upstream.

    Route: ``DELETE data/tasks/{task}/comments/{comment}``
    """
    return run(client, _core.task.remove_comment_from_task(task, comment))


def copy_client_comments(
    project: str | dict,
    tasks: list[str | dict],
    prefix: str = "",
    client: KitsuClient = default,
) -> list[dict]:
    """
    Repeat the last comment of a client on each task, as a comment of the user
    that artists can read.

    Args:
        project: The project (dict or id).
        tasks: The tasks (dicts or ids).
        prefix: A text to put before each comment.

    Returns:
        list[Comment]: The new comments.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/tasks/copy-client-comments``
    """
    return run(client, _core.task.copy_client_comments(project, tasks, prefix))


def all_task_types_for_edit(
    edit: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the tasks of an edit.

    Args:
        edit: The edit (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/edits/{edit}/task-types``
    """
    return run(client, _core.task.all_task_types_for_edit(edit))


def all_edit_tasks_for_episode(
    episode: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the tasks of the edits of an episode.

    Args:
        episode: The episode (dict or id).
        relations: Add the ids of the ``"assignees"``.

    Returns:
        list[Task]: The tasks, in no particular order.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.

    Not in upstream.

    Route: ``GET data/episodes/{episode}/edit-tasks``
    """
    return run(
        client, _core.task.all_edit_tasks_for_episode(episode, relations)
    )


def reorder_task_types(
    task_types: list[str | dict], client: KitsuClient = default
) -> list[dict]:
    """
    Set the order of the task types of the studio.

    Args:
        task_types: The task types (dicts or ids), in their order.

    Returns:
        list[TaskType]: The task types. The priorities count from 1.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST actions/task-types/reorder``
    """
    return run(client, _core.task.reorder_task_types(task_types))


def create_tasks_for_assets(
    project: str | dict,
    task_type: str | dict,
    assets: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of one type for each asset of a project. Those that have one
    get no other.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        assets: Only for these assets (dicts or ids).

    Returns:
        list[CreatedTask]: The new tasks.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-types/{task_type}/assets/``
    ``create-tasks``
    """
    return run(
        client, _core.task.create_tasks_for_assets(project, task_type, assets)
    )


def create_tasks_for_shots(
    project: str | dict,
    task_type: str | dict,
    shots: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of one type for each shot of a project. Those that have one
    get no other.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        shots: Only for these shots (dicts or ids).

    Returns:
        list[CreatedTask]: The new tasks.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-types/{task_type}/shots/``
    ``create-tasks``
    """
    return run(
        client, _core.task.create_tasks_for_shots(project, task_type, shots)
    )


def create_tasks_for_edits(
    project: str | dict,
    task_type: str | dict,
    edits: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of one type for each edit of a project. Those that have one
    get no other.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        edits: Only for these edits (dicts or ids).

    Returns:
        list[CreatedTask]: The new tasks.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-types/{task_type}/edits/``
    ``create-tasks``
    """
    return run(
        client, _core.task.create_tasks_for_edits(project, task_type, edits)
    )


def create_tasks_for_concepts(
    project: str | dict,
    task_type: str | dict,
    concepts: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of one type for each concept of a project. Those that have
    one get no other.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        concepts: Only for these concepts (dicts or ids).

    Returns:
        list[CreatedTask]: The new tasks.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client or vendor.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-types/{task_type}/concepts/``
    ``create-tasks``
    """
    return run(
        client,
        _core.task.create_tasks_for_concepts(project, task_type, concepts),
    )


def create_tasks_for_entities(
    project: str | dict,
    task_type: str | dict,
    entity_type: str,
    entities: list[str | dict] | None = None,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create a task of one type for each sequence, episode or scene of a project.
    Those that have one get no other.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        entity_type: The kind of the entities: ``"sequence"``, ``"episode"`` or
            ``"scene"``.
        entities: Only for these entities (dicts or ids).
        episode: Only for entities of this episode (dict or id).

    Returns:
        list[CreatedTask]: The new tasks.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: there is no such kind of entities.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-types/{task_type}/``
    ``create-tasks/{entity_type}``
    """
    return run(
        client,
        _core.task.create_tasks_for_entities(
            project, task_type, entity_type, entities, episode
        ),
    )


def assign_person_to_task(
    task: str | dict, person: str | dict, client: KitsuClient = default
) -> dict:
    """
    Assign a task to a person, and add the person to the project's team.

    Args:
        task: The task (dict or id).
        person: The person (dict or id).

    Returns:
        Task: The task.

    Raises:
        NotAllowedException: the user neither manages the project nor
            supervises the task's department, nor assigns the task of the own
            department to himself or herself.

    Not in upstream.

    Route: ``PUT actions/tasks/{task}/assign``
    """
    return run(client, _core.task.assign_person_to_task(task, person))


def set_priority_for_tasks(
    tasks: list[str | dict], priority: int, client: KitsuClient = default
) -> list[dict]:
    """
    Set the priority of several tasks. Tasks that the user may not change are
    left out.

    Args:
        tasks: The tasks (dicts or ids).
        priority: The priority: 0 is normal, and 3 is an emergency.

    Returns:
        list[Task]: The changed tasks.

    Not in upstream.

    Route: ``PUT actions/tasks/set-priority``
    """
    return run(client, _core.task.set_priority_for_tasks(tasks, priority))


def get_open_tasks_burndown(
    project: str | dict | None = None,
    task_type: str | dict | None = None,
    task_status: str | dict | None = None,
    person: str | dict | None = None,
    studio: str | dict | None = None,
    department: str | dict | None = None,
    start_date: str | None = None,
    due_date: str | None = None,
    priority: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get how many tasks of the open projects were done day by day.

    Args:
        project: Only tasks of this project (dict or id).
        task_type: Only tasks of this type (dict or id).
        task_status: Only tasks with this status (dict or id).
        person: Only tasks of this person (dict or id), or ``"unassigned"``.
        studio: Only tasks of persons of this studio (dict or id).
        department: Only tasks of this department (dict or id).
        start_date: Only tasks that start on this day or later, ``YYYY-MM-DD``.
        due_date: Only tasks that are due on this day or earlier,
            ``YYYY-MM-DD``.
        priority: Only tasks with this priority.

    Returns:
        Burndown: The numbers and estimations (in minutes) of all tasks, and of
            the tasks that were done on each day.

    Raises:
        ParameterException: a date is malformed.

    Not in upstream.

    Route: ``GET data/tasks/open-tasks/burndown``
    """
    if person is not None and person != "unassigned":
        person = _core.model(person)["id"]
    return run(
        client,
        _core.task.get_open_tasks_burndown(
            project,
            task_type,
            task_status,
            person,
            studio,
            department,
            start_date,
            due_date,
            priority,
        ),
    )


def set_main_preview_for_task(
    task: str | dict, client: KitsuClient = default
) -> dict:
    """
    Show an entity by the last preview of a task.

    Args:
        task: The task (dict or id).

    Returns:
        Entity: The entity of the task.

    Raises:
        NotAllowedException: the user has no access to the task, or is a
            client.
        ParameterException: the task has no preview.

    Not in upstream.

    Route: ``PUT actions/tasks/{task}/set-main-preview``
    """
    return run(client, _core.task.set_main_preview_for_task(task))


def set_main_preview_for_tasks(
    tasks: list[str | dict], client: KitsuClient = default
) -> list[dict]:
    """
    Show the entities of several tasks by the last preview of their task. Tasks
    without a preview are left out.

    Args:
        tasks: The tasks (dicts or ids).

    Returns:
        list[Entity]: The entities of the tasks.

    Raises:
        NotAllowedException: the user has no access to one of the tasks, or is
            a client.

    Not in upstream.

    Route: ``PUT actions/tasks/set-main-preview``
    """
    return run(client, _core.task.set_main_preview_for_tasks(tasks))
