"""Old names of ``gazu.files``."""

from __future__ import annotations

from typing import Any

from .. import _core
from .. import client as raw
from .. import files as current
from .. import task as gazu_task
from .._engine.composition import composition
from .._engine.dispatch import run
from ..cache import cache
from ..client import KitsuClient
from ..helpers import normalize_model_parameter
from . import by_name, deprecated

default = raw.default_client


def _underscored(text: str) -> str:
    return text.replace(" ", "_")


def _path(answer: dict, sep: str) -> str:
    """Join the folder and the file name in the server's answer."""
    folder, name = _underscored(answer["path"]), _underscored(answer["name"])
    return "{}{}{}".format(folder, sep, name)


@deprecated("gazu.files.build_asset_instance_output_file_path")
@cache
def build_asset_instance_file_path(
    asset_instance: dict,
    output_type: dict,
    name: str = "main",
    mode: str = "output",
    version: int = 1,
    sep: str = "/",
) -> str:
    """
    Return the path of an asset instance's file.

    Only ``asset_instance``, ``output_type`` and ``sep`` are used.

    Route: ``POST data/asset-instances/{asset_instance}/output-files/``
    ``{output_type}/file-path``
    """
    call = _core.old_names.build_asset_instance_file_path(
        asset_instance, output_type
    )
    return _path(run(raw.default_client, call), sep)


@deprecated("gazu.files.build_working_file_path")
@cache
def build_file_name(
    task: dict,
    name: str = "main",
    mode: str = "working",
    software: dict | None = None,
    output_type: dict | None = None,
    comment: str = "",
    version: int = 1,
    sep: str = "/",
) -> str:
    """
    Return the name of a task's file.

    Route: ``POST data/tasks/{task}/file-path``
    """
    call = _core.old_names.build_file_name(
        task, name, mode, software, output_type, comment, version, sep
    )
    return _underscored(run(raw.default_client, call)["name"])


@deprecated("gazu.files.build_working_file_path")
@cache
def build_file_path(
    task: dict,
    name: str = "main",
    mode: str = "working",
    software: dict | None = None,
    output_type: dict | None = None,
    comment: str = "",
    version: int = 1,
    sep: str = "/",
) -> str:
    """
    Return the path of a task's file.

    Route: ``POST data/tasks/{task}/file-path``
    """
    call = _core.old_names.build_file_path(
        task, name, mode, software, output_type, comment, version
    )
    return _path(run(raw.default_client, call), sep)


@deprecated("gazu.files.build_working_file_path")
@cache
def build_folder_path(
    task: dict,
    name: str = "main",
    mode: str = "working",
    software: dict | None = None,
    output_type: dict | None = None,
    sep: str = "/",
) -> str:
    """
    Return the folder of a task's files.

    Route: ``POST data/tasks/{task}/folder-path``
    """
    call = _core.old_names.build_folder_path(
        task, name, mode, software, output_type, sep
    )
    return _underscored(run(raw.default_client, call)["path"])


@deprecated("gazu.files.all_output_types_for_entity")
@cache
def get_entity_output_types(entity: dict) -> list[dict]:
    """
    Return the types of an entity's output files.

    Route: ``GET data/entities/{entity}/output-types``
    """
    return run(
        raw.default_client, _core.old_names.get_output_types_for_entity(entity)
    )


@deprecated("gazu.files.get_last_output_files_for_entity")
@cache
def get_last_output_files(entity: dict) -> list[dict]:
    """
    Return the last revision of each output file of an entity.

    Route: ``GET data/entities/{entity}/last-output-files``
    """
    return run(
        raw.default_client, _core.old_names.get_last_output_files(entity)
    )


@deprecated("gazu.files.get_last_entity_output_revision")
def get_last_output_revision(entity: dict, output_type: dict) -> int:
    """
    Return the last revision of an entity's main output file.

    If there is no output file, it is 1.

    Route: ``POST data/entities/{entity}/output-types/{output_type}/``
    ``next-revision``
    """
    revision = _next_output_revision(entity, output_type, "main")
    return revision if revision == 1 else revision - 1


@deprecated("gazu.files.get_last_output_files_for_entity")
@cache
def get_last_outputs_for_entity(entity: dict) -> list[dict]:
    """
    Return the last revision of each output file of an entity.

    Route: ``GET data/entities/{entity}/last-output-files``
    """
    return run(
        raw.default_client, _core.old_names.get_last_output_files(entity)
    )


@deprecated("gazu.files.get_next_entity_output_revision")
def get_next_output_revision(
    entity: dict, output_type: dict, name: str = "main"
) -> int:
    """
    Return the first free revision of an entity's output file.

    Route: ``POST data/entities/{entity}/output-types/{output_type}/``
    ``next-revision``
    """
    return _next_output_revision(entity, output_type, name)


def _next_output_revision(entity: dict, output_type: dict, name: str) -> int:
    call = _core.old_names.get_next_output_revision(entity, output_type, name)
    return run(raw.default_client, call)["next_revision"]


@deprecated("gazu.files.all_output_files_for_entity")
@cache
def get_output_files_for_entity(entity: dict) -> list[dict]:
    """
    Return the output files of an entity.

    Route: ``GET data/entities/{entity}/output-files``
    """
    return run(
        raw.default_client, _core.old_names.get_output_files_for_entity(entity)
    )


@deprecated("gazu.files.all_output_types_for_entity")
@cache
def get_output_types_for_entity(entity: dict) -> list[dict]:
    """
    Return the types of an entity's output files.

    Route: ``GET data/entities/{entity}/output-types``
    """
    return run(
        raw.default_client, _core.old_names.get_output_types_for_entity(entity)
    )


@deprecated("gazu.files.new_entity_output_file")
def new_output_file(
    working_file: dict,
    person: dict,
    comment: str,
    output_type: dict | None = None,
    revision: int = 0,
    representation: str = "",
    sep: str = "/",
) -> dict:
    """
    Create an output file from a working file, and return it.

    Route: ``POST data/working-files/{working_file}/output-files/new``
    """
    return run(
        raw.default_client,
        _core.old_names.new_output_file(
            working_file,
            person,
            comment,
            output_type,
            revision,
            representation,
            sep,
        ),
    )


@deprecated("gazu.files.update_project_file_tree")
def set_project_file_tree(
    project: str | dict, file_tree_name: str, client: KitsuClient = default
) -> dict:
    """
    Set the file tree of a project to one of the server's templates.

    Route: ``POST actions/projects/{project}/set-file-tree``
    """
    return run(
        client, _core.old_names.set_project_file_tree(project, file_tree_name)
    )


@deprecated("gazu.files.upload_working_file")
def set_working_file_thumbnail(working_file: dict, th_path: str) -> dict:
    """
    Upload the thumbnail of a working file.

    Route: ``POST thumbnails/working-files/{working_file}.png``
    """
    # No release passed the path on. This does what was intended.
    return run(
        raw.default_client,
        _core.old_names.set_working_file_thumbnail(working_file, th_path),
    )


@deprecated("gazu.files.get_next_entity_output_revision")
@composition
def get_next_entity_ouput_revision(
    entity: str | dict,
    output_type: str | dict,
    task_type: str | dict | None = None,
    name: str = "main",
    client: KitsuClient = default,
) -> int:
    """
    Return the first free revision of an entity's output file.

    Args:
        entity: The entity (dict or id). Without ``task_type``, a task (dict or
            id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.
    """
    if task_type is None:
        entity, task_type = _entity_and_task_type(entity, client)
    return current.get_next_entity_output_revision(
        entity, output_type, task_type, name, client=client
    )


@deprecated("gazu.files.get_last_entity_output_revision")
@composition
def get_last_entity_ouput_revision(
    entity: str | dict,
    output_type: str | dict,
    task_type: str | dict | None = None,
    name: str = "main",
    client: KitsuClient = default,
) -> int:
    """
    Return the last revision of an entity's output file.

    Args:
        entity: The entity (dict or id). Without ``task_type``, a task (dict or
            id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.
    """
    if task_type is None:
        entity, task_type = _entity_and_task_type(entity, client)
    return current.get_last_entity_output_revision(
        entity, output_type, task_type, name, client=client
    )


def _entity_and_task_type(
    task: str | dict, client: KitsuClient
) -> tuple[str, str]:
    """Return the ids of the entity and of the task type of a task."""
    if not isinstance(task, dict) or not {"entity_id", "task_type_id"} <= set(
        task
    ):
        task_id = normalize_model_parameter(task)["id"]
        read: Any = gazu_task.get_task(task_id, client=client)
        return read["entity_id"], read["task_type_id"]
    return task["entity_id"], task["task_type_id"]


@deprecated("gazu.files.get_next_asset_instance_output_revision")
def get_next_asset_instance_ouput_revision(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "master",
    client: KitsuClient = default,
) -> int:
    """Return the first free revision of an asset instance's output file."""
    return current.get_next_asset_instance_output_revision(
        asset_instance,
        temporal_entity,
        output_type,
        task_type,
        name,
        client=client,
    )


@deprecated("gazu.files.get_last_asset_instance_output_revision")
def get_last_asset_instance_ouput_revision(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "master",
    client: KitsuClient = default,
) -> int:
    """Return the last revision of an asset instance's output file."""
    return current.get_last_asset_instance_output_revision(
        asset_instance,
        temporal_entity,
        output_type,
        task_type,
        name,
        client=client,
    )


NAMES = by_name(
    build_asset_instance_file_path,
    build_file_name,
    build_file_path,
    build_folder_path,
    get_entity_output_types,
    get_last_output_files,
    get_last_output_revision,
    get_last_outputs_for_entity,
    get_next_output_revision,
    get_output_files_for_entity,
    get_output_types_for_entity,
    new_output_file,
    set_project_file_tree,
    set_working_file_thumbnail,
    get_next_entity_ouput_revision,
    get_last_entity_ouput_revision,
    get_next_asset_instance_ouput_revision,
    get_last_asset_instance_ouput_revision,
)
VALUES: tuple[str, ...] = ()
