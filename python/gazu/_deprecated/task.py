"""Old names of ``gazu.task``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .. import task as current
from .._engine.dispatch import run
from ..cache import cache
from ..client import KitsuClient
from . import by_name, deprecated

default = raw.default_client


@deprecated("gazu.task.add_preview")
def add_preview_to_comment(
    comment: str | dict,
    preview_file: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Add a preview to a comment.

    Route: ``POST data/comments/{comment}/preview-files``
    """
    return run(
        client, _core.old_names.add_preview_to_comment(comment, preview_file)
    )


@deprecated("gazu.task.all_tasks_for_asset")
def all_for_asset(asset: str | dict) -> list[dict]:
    """Return the tasks of an asset, sorted by name."""
    return current.all_tasks_for_asset(asset)


@deprecated("gazu.task.all_tasks_for_scene")
def all_for_scene(scene: str | dict) -> list[dict]:
    """Return the tasks of a scene, sorted by name."""
    return current.all_tasks_for_scene(scene)


@deprecated("gazu.task.all_tasks_for_sequence")
def all_for_sequence(sequence: str | dict) -> list[dict]:
    """Return the tasks of a sequence, sorted by name."""
    return current.all_tasks_for_sequence(sequence)


@deprecated("gazu.task.all_tasks_for_shot")
def all_for_shot(shot: str | dict) -> list[dict]:
    """Return the tasks of a shot, sorted by name."""
    return current.all_tasks_for_shot(shot)


@deprecated("gazu.task.all_tasks_for_person")
@cache
def all_open_tasks_for_person(
    person: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    Return the open tasks of a person.

    Route: ``GET data/persons/{person}/tasks/open``
    """
    return run(client, _core.old_names.all_open_tasks_for_person(person))


@deprecated("gazu.task.all_tasks_for_task_status")
@cache
def all_tasks_for_status(
    project: dict, task_type: dict, task_status: dict
) -> list[dict]:
    """
    Return the tasks of a project with a task type and a task status.

    Route: ``GET data/tasks?project_id={project}&task_type_id={task_type}``
    ``&task_status_id={task_status}``
    """
    return run(
        raw.default_client,
        _core.old_names.all_tasks_for_status(project, task_type, task_status),
    )


@deprecated("gazu.task.get_task_by_entity")
@cache
def get_task_by_name(
    entity: str | dict,
    task_type: str | dict,
    name: str = "main",
    client: KitsuClient = default,
) -> dict | None:
    """Return the task of an entity with a type and a name, or None."""
    return current.get_task_by_entity(
        entity, task_type, name=name, client=client
    )


@deprecated("gazu.entity.guess_from_path")
@cache
def get_task_by_path(
    project: str | dict,
    file_path: str,
    entity_type: str = "shot",
    client: KitsuClient = default,
) -> dict:
    """
    Return the task that a file belongs to.

    Route: ``POST data/tasks/from-path``
    """
    return run(
        client,
        _core.old_names.get_task_by_path(project, file_path, entity_type),
    )


@deprecated("gazu.task.all_tasks_for_entity_and_task_type")
@cache
def get_task_by_task_type(entity: dict, task_type: dict) -> list[dict]:
    """
    Return the tasks of an entity with a task type.

    Route: ``GET data/entities/{entity}/task-types/{task_type}/tasks``
    """
    return run(
        raw.default_client,
        _core.old_names.get_task_by_task_type(entity, task_type),
    )


@deprecated("gazu.task.batch_comments")
def publish_comments_previews(
    task: str | dict,
    comments: list[dict] = [],  # noqa: B006
    client: KitsuClient = default,
) -> list[dict]:
    """
    Post several comments with their files on a task, and return them.

    Args:
        task: The task (dict or id).
        comments: The fields of each comment. ``"attachment_files"`` and
            ``"preview_files"`` are lists of paths.

    Route: ``POST actions/tasks/{task}/add-comments-previews``
    """
    return run(
        client,
        _core.old_names.publish_comments_previews(
            task, comments, current._comment_files(comments)
        ),
    )


@deprecated("gazu.task.add_comment")
def task_to_review(
    task: str | dict,
    person: str | dict,
    comment: str,
    revision: int = 1,
    change_status: bool = True,
    client: KitsuClient = default,
) -> dict:
    """
    Request the review of a task.

    Route: ``PUT actions/tasks/{task}/to-review``
    """
    return run(
        client,
        _core.old_names.task_to_review(
            task, person, comment, revision, change_status
        ),
    )


@deprecated("gazu.task.all_task_types_for_asset")
@cache
def task_types_for_asset(asset: dict) -> list[dict]:
    """
    Return the types of an asset's tasks, sorted by name.

    Route: ``GET data/assets/{asset}/task-types``
    """
    return run(raw.default_client, _core.old_names.task_types_for_asset(asset))


NAMES = by_name(
    add_preview_to_comment,
    all_for_asset,
    all_for_scene,
    all_for_sequence,
    all_for_shot,
    all_open_tasks_for_person,
    all_tasks_for_status,
    get_task_by_name,
    get_task_by_path,
    get_task_by_task_type,
    publish_comments_previews,
    task_to_review,
    task_types_for_asset,
)
VALUES: tuple[str, ...] = ()
