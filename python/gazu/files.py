"""
Files: working files, output files, previews, attachments and avatars.

A working file is the file that an artist edits. An output file is made from
it. A preview is a picture or movie for review. The server stores the paths of
working and output files, and numbers their revisions from 1.
"""

from __future__ import annotations

import os
import time

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._deprecated.call_forms import (
    also_called,
    scene_as_keyword,
    working_file_before_comment,
)
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from .cache import cache
from .client import KitsuClient
from .exception import PreviewFileProcessingException
from .helpers import normalize_model_parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    import requests

    from ._engine.annotations import Literal
else:
    from ._requests_compat.stand_in import requests

default = raw.default_client


def _join_path(folder: str, name: str, sep: str) -> str:
    """Join a folder and a file name, with ``_`` in place of each space."""
    return f"{folder.replace(' ', '_')}{sep}{name.replace(' ', '_')}"


@cache
def all_output_types(client: KitsuClient = default) -> list[dict]:
    """
    List every output type, such as render or cache.

    Returns:
        list[OutputType]: The output types, in no particular order.

    Route: ``GET data/output-types``
    """
    return run(client, _core.files.all_output_types())


@cache
def all_output_types_for_entity(
    entity: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the output files of an entity.

    Args:
        entity: The entity (dict or id).

    Returns:
        list[OutputType]: The output types, sorted by name.

    Route: ``GET data/entities/{entity}/output-types``
    """
    return run(client, _core.files.all_output_types_for_entity(entity))


@cache
def all_output_types_for_asset_instance(
    asset_instance: dict, temporal_entity: dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the output files of an asset instance.

    Args:
        asset_instance: The asset instance: a dict with its ``"id"``.
        temporal_entity: The shot or scene in which it is: a dict with its
            ``"id"``.

    Returns:
        list[OutputType]: The output types, sorted by name.

    Raises:
        TypeError: one of the two is an id instead of a dict.

    Route: ``GET data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-types``
    """
    return run(
        client,
        _core.files.all_output_types_for_asset_instance(
            asset_instance, temporal_entity
        ),
    )


@cache
def get_output_type(
    output_type_id: str, client: KitsuClient = default
) -> dict:
    """
    Get an output type by its id.

    Args:
        output_type_id: The output type's id.

    Returns:
        OutputType: The output type.

    Raises:
        RouteNotFoundException: no output type has this id.

    Route: ``GET data/output-types/{output_type_id}``
    """
    return run(client, _core.files.get_output_type(output_type_id))


@cache
def get_output_type_by_name(
    output_type_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an output type by its name.

    Args:
        output_type_name: The output type's full name; case does not matter.

    Returns:
        OutputType | None: The output type, or ``None`` when none has this
            name.

    Route: ``GET data/output-types?name={output_type_name}``
    """
    return run(client, _core.files.get_output_type_by_name(output_type_name))


@composition
def new_output_type(
    name: str, short_name: str, client: KitsuClient = default
) -> dict:
    """
    Create an output type, unless one has this name.

    Args:
        name: Its name.
        short_name: A short form of the name.

    Returns:
        OutputType: The new output type, or the existing one, unchanged.

    Route: ``GET data/output-types``, then ``POST data/output-types``
    """
    output_type = get_output_type_by_name(name, client=client)
    if output_type is None:
        output_type = run(
            client, _core.files.new_output_type(name, short_name)
        )
    return output_type


@cache
def get_output_file(
    output_file_id: str, client: KitsuClient = default
) -> dict:
    """
    Get an output file by its id.

    Args:
        output_file_id: The output file's id.

    Returns:
        OutputFile: The output file.

    Raises:
        RouteNotFoundException: no output file has this id.

    Route: ``GET data/output-files/{output_file_id}``
    """
    return run(client, _core.files.get_output_file(output_file_id))


@cache
def get_output_file_by_path(
    path: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an output file by its path.

    Args:
        path: The whole path, as it is stored.

    Returns:
        OutputFile | None: The output file, or ``None`` when none has this
            path.

    Route: ``GET data/output-files?path={path}``
    """
    return run(client, _core.files.get_output_file_by_path(path))


@cache
def get_all_working_files_for_entity(
    entity: str | dict,
    task: str | dict | None = None,
    name: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the working files of an entity.

    Args:
        entity: The entity (dict or id).
        task: Only working files of this task (dict or id).
        name: Only working files of this name.

    Returns:
        list[WorkingFile]: The working files, last revision first.

    Route: ``GET data/entities/{entity}/working-files``
    """
    return run(
        client,
        _core.files.get_all_working_files_for_entity(entity, task, name),
    )


@cache
def get_preview_file(
    preview_file_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a preview by its id.

    Args:
        preview_file_id: The preview's id.

    Returns:
        PreviewFile: The preview. ``"status"`` is ``"processing"``,
            ``"ready"``, ``"broken"`` or ``"missing"``; ``"duration"`` is in
            seconds, ``"file_size"`` in bytes, ``"width"`` and ``"height"`` in
            pixels.

    Raises:
        RouteNotFoundException: no preview has this id.

    Example:
        preview = gazu.files.get_preview_file(preview["id"])
        print(preview["status"])

    Route: ``GET data/preview-files/{preview_file_id}``
    """
    return run(client, _core.files.get_preview_file(preview_file_id))


@composition
def wait_for_preview_file(
    preview_file: str | dict,
    timeout: float = 60,
    poll_interval: float = 5,
    client: KitsuClient = default,
) -> dict:
    """
    Wait until the server has processed a preview, successfully or not.

    Args:
        preview_file: The preview (dict or id).
        timeout: The longest time to wait, in seconds.
        poll_interval: The time between two requests, in seconds.

    Returns:
        PreviewFile: The preview, whose ``"status"`` is no longer
            ``"processing"``.

    Raises:
        PreviewFileProcessingException: the preview was still being processed
            after the timeout.

    Example:
        preview = gazu.files.wait_for_preview_file(preview)
        print(preview["status"])  # ready

    Route: ``GET data/preview-files/{preview_file}``, repeatedly
    """
    preview_file = _core.model(preview_file)
    deadline = time.monotonic() + timeout
    while True:
        current = run(client, _core.files.get_preview_file(preview_file["id"]))
        if current.get("status") != "processing":
            return current
        if time.monotonic() >= deadline:
            raise PreviewFileProcessingException(preview_file["id"])
        time.sleep(poll_interval)


def remove_preview_file(
    preview_file: str | dict,
    force: bool = False,
    client: KitsuClient = default,
) -> str:
    """
    Remove a preview.

    Args:
        preview_file: The preview (dict or id).
        force: Also remove its pictures and movies from the server's storage,
            even if the server is configured to keep them.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/preview-files/{preview_file}``
    """
    return run(client, _core.files.remove_preview_file(preview_file, force))


@cache
def get_all_preview_files_for_task(
    task: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews of all revisions of a task.

    Args:
        task: The task (dict or id).

    Returns:
        list[PreviewFile]: The previews, in no particular order.

    Example:
        for preview in gazu.files.get_all_preview_files_for_task(task):
            print(preview["revision"], preview["original_name"])

    Route: ``GET data/preview-files?task_id={task}``
    """
    return run(client, _core.files.get_all_preview_files_for_task(task))


@cache
def get_all_attachment_files_for_task(
    task: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the files attached to the comments of a task.

    Args:
        task: The task (dict or id).

    Returns:
        list[AttachmentFile]: The attachments, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Route: ``GET data/tasks/{task}/attachment-files``
    """
    return run(client, _core.files.get_all_attachment_files_for_task(task))


def get_all_attachment_files_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the files attached to the comments of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[AttachmentFile]: The attachments, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Route: ``GET data/projects/{project}/attachment-files``
    """
    return run(
        client, _core.files.get_all_attachment_files_for_project(project)
    )


def all_output_files_for_entity(
    entity: str | dict,
    output_type: str | dict | None = None,
    task_type: str | dict | None = None,
    name: str | None = None,
    representation: str | None = None,
    file_status: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the output files of an entity.

    Empty filters are ignored.

    Args:
        entity: The entity (dict or id).
        output_type: Only files of this output type (dict or id).
        task_type: Only files of this task type (dict or id).
        name: Only files of this name.
        representation: Only files of this representation.
        file_status: Only files of this status (dict or id).

    Returns:
        list[OutputFile]: The output files, last revision first.

    Route: ``GET data/entities/{entity}/output-files``
    """
    return run(
        client,
        _core.files.all_output_files_for_entity(
            entity, output_type, task_type, name, representation, file_status
        ),
    )


@cache
def all_output_files_for_asset_instance(
    asset_instance: str | dict,
    temporal_entity: str | dict | None = None,
    task_type: str | dict | None = None,
    output_type: str | dict | None = None,
    name: str | None = None,
    representation: str | None = None,
    file_status: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the output files of an asset instance.

    Empty filters are ignored. Note that ``task_type`` comes before
    ``output_type`` here.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: Only files of this shot or scene (dict or id).
        task_type: Only files of this task type (dict or id).
        output_type: Only files of this output type (dict or id).
        name: Only files of this name.
        representation: Only files of this representation.
        file_status: Only files of this status (dict or id).

    Returns:
        list[OutputFile]: The output files, last revision first.

    Route: ``GET data/asset-instances/{asset_instance}/output-files``
    """
    return run(
        client,
        _core.files.all_output_files_for_asset_instance(
            asset_instance,
            temporal_entity,
            task_type,
            output_type,
            name,
            representation,
            file_status,
        ),
    )


def all_output_files_for_project(
    project: str | dict,
    output_type: str | dict | None = None,
    task_type: str | dict | None = None,
    name: str | None = None,
    representation: str | None = None,
    file_status: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the output files of a project's entities.

    Output files of asset instances are not included. Empty filters are
    ignored.

    Args:
        project: The project (dict or id).
        output_type: Only files of this output type (dict or id).
        task_type: Only files of this task type (dict or id).
        name: Only files of this name.
        representation: Only files of this representation.
        file_status: Only files of this status (dict or id).

    Returns:
        list[OutputFile]: The output files, newest first.

    Raises:
        NotAllowedException: the user does not manage the project.

    Route: ``GET data/projects/{project}/output-files``
    """
    return run(
        client,
        _core.files.all_output_files_for_project(
            project, output_type, task_type, name, representation, file_status
        ),
    )


@cache
def all_softwares(client: KitsuClient = default) -> list[dict]:
    """
    List every software: the programs that working files are made with.

    Returns:
        list[Software]: The softwares, in no particular order.

    Route: ``GET data/softwares``
    """
    return run(client, _core.files.all_softwares())


@cache
def get_software(software_id: str, client: KitsuClient = default) -> dict:
    """
    Get a software by its id.

    Args:
        software_id: The software's id.

    Returns:
        Software: The software.

    Raises:
        RouteNotFoundException: no software has this id.

    Route: ``GET data/softwares/{software_id}``
    """
    return run(client, _core.files.get_software(software_id))


@cache
def get_software_by_name(
    software_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a software by its name.

    Args:
        software_name: The software's full name; case does not matter.

    Returns:
        Software | None: The software, or ``None`` when none has this name.

    Route: ``GET data/softwares?name={software_name}``
    """
    return run(client, _core.files.get_software_by_name(software_name))


@composition
def new_software(
    name: str,
    short_name: str,
    file_extension: str,
    secondary_extensions: list[str] | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a software, unless one has this name.

    Args:
        name: Its name.
        short_name: A short form of the name.
        file_extension: The extension of its files.
        secondary_extensions: Further extensions of its files.

    Returns:
        Software: The new software, or the existing one, unchanged.

    Route: ``GET data/softwares``, then ``POST data/softwares``
    """
    software = get_software_by_name(name, client=client)
    if software is None:
        software = run(
            client,
            _core.files.new_software(
                name, short_name, file_extension, secondary_extensions
            ),
        )
    return software


def update_software(software: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a software.

    Args:
        software: Its ``"id"`` and the fields to set.

    Returns:
        Software: The updated software.

    Raises:
        KeyError: the dict has no ``"id"``.

    Route: ``PUT data/softwares/{software}``
    """
    return run(client, _core.files.update_software(software))


@cache
@composition
def build_working_file_path(
    task: str | dict,
    name: str = "main",
    mode: str = "working",
    software: str | dict | None = None,
    revision: int = 1,
    sep: str = "/",
    client: KitsuClient = default,
) -> str:
    """
    Build the path of a working file from the project's file tree.

    Args:
        task: The task (dict or id).
        name: The working file's name.
        mode: Which part of the file tree to use.
        software: The software (dict or id). If omitted, the server uses 3ds
            Max.
        revision: The revision. 0 means the next free one.
        sep: The separator between the folder and the file name.

    Returns:
        str: The path without extension, with ``_`` in place of each space.

    Raises:
        ParameterException: the file tree has no template for it.

    Route: ``POST data/tasks/{task}/working-file-path``
    """
    result = run(
        client,
        _core.files.build_working_file_path(
            task, name, mode, software, revision, sep
        ),
    )
    return _join_path(result["path"], result["name"], sep)


@cache
@composition
def build_entity_output_file_path(
    entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "main",
    mode: str = "output",
    representation: str = "",
    revision: int = 0,
    nb_elements: int = 1,
    sep: str = "/",
    client: KitsuClient = default,
) -> str:
    """
    Build the path of an entity's output file from the project's file tree.

    Args:
        entity: The entity (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.
        mode: Which part of the file tree to use.
        representation: The representation of the file (``"abc"``, ``"jpg"``,
            ...), if the file tree distinguishes representations.
        revision: The revision. 0 means the next free one.
        nb_elements: The number of files of an image sequence.
        sep: The separator of the folders.

    Returns:
        str: The path without extension, with ``_`` in place of each space.

    Raises:
        ParameterException: the file tree has no template for it.

    Route: ``POST data/entities/{entity}/output-file-path``
    """
    result = run(
        client,
        _core.files.build_entity_output_file_path(
            entity,
            output_type,
            task_type,
            name,
            mode,
            representation,
            revision,
            nb_elements,
            sep,
        ),
    )
    return _join_path(result["folder_path"], result["file_name"], sep)


@cache
@composition
def build_asset_instance_output_file_path(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "main",
    representation: str = "",
    mode: str = "output",
    revision: int = 0,
    nb_elements: int = 1,
    sep: str = "/",
    client: KitsuClient = default,
) -> str:
    """
    Build the path of an asset instance's output file.

    Note that ``representation`` comes before ``mode`` here.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: The shot or scene in which it is (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.
        representation: The representation of the file (``"abc"``, ``"jpg"``,
            ...), if the file tree distinguishes representations.
        mode: Which part of the project's file tree to use.
        revision: The revision.
        nb_elements: The number of files of an image sequence.
        sep: The separator of the folders.

    Returns:
        str: The path without extension, with ``_`` in place of each space.

    Raises:
        ParameterException: the file tree has no template for it.

    Route: ``POST data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-file-path``
    """
    result = run(
        client,
        _core.files.build_asset_instance_output_file_path(
            asset_instance,
            temporal_entity,
            output_type,
            task_type,
            name,
            representation,
            mode,
            revision,
            nb_elements,
            sep,
        ),
    )
    return _join_path(result["folder_path"], result["file_name"], sep)


@also_called(scene_as_keyword)
def new_working_file(
    task: str | dict,
    name: str = "main",
    mode: str = "working",
    software: str | dict | None = None,
    comment: str = "",
    person: str | dict | None = None,
    revision: int = 0,
    sep: str = "/",
    client: KitsuClient = default,
) -> dict:
    """
    Create a working file of a task, and assign the task to the user.

    Args:
        task: The task (dict or id).
        name: The working file's name.
        mode: Which part of the project's file tree gives the path.
        software: The software (dict or id). If omitted, the server uses
            Blender.
        comment: What is new in this revision.
        person: Its author (dict or id). If omitted, the user.
        revision: The revision. 0 means the next free one.
        sep: Ignored.

    Returns:
        WorkingFile: The new working file, with its ``"path"`` and
            ``"revision"``.

    Raises:
        ParameterException: the revision exists, or the file tree has no
            template for it.

    Route: ``POST data/tasks/{task}/working-files/new``
    """
    return run(
        client,
        _core.files.new_working_file(
            task, name, mode, software, comment, person, revision
        ),
    )


@also_called(working_file_before_comment)
def new_entity_output_file(
    entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    comment: str,
    working_file: str | dict | None = None,
    person: str | dict | None = None,
    name: str = "main",
    mode: str = "output",
    revision: int = 0,
    nb_elements: int = 1,
    representation: str = "",
    sep: str = "/",
    file_status_id: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create an output file of an entity.

    Args:
        entity: The entity (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        comment: What is new in this revision.
        working_file: The working file that it is made from (dict or id).
        person: Its author (dict or id). If omitted, the user.
        name: The output file's name.
        mode: Ignored: the server uses ``"output"``.
        revision: The revision. 0 means the next free one.
        nb_elements: The number of files of an image sequence.
        representation: The representation of the file (``"abc"``, ``"jpg"``,
            ...).
        sep: The separator of the folders in the path.
        file_status_id: The id of its file status; the server's default one
            when omitted.

    Returns:
        OutputFile: The new output file, with its ``"path"`` and
            ``"revision"``, and also ``"folder_path"`` and ``"file_name"``.

    Raises:
        ParameterException: the revision exists, or the file tree has no
            template for it.

    Route: ``POST data/entities/{entity}/output-files/new``
    """
    return run(
        client,
        _core.files.new_entity_output_file(
            entity,
            output_type,
            task_type,
            comment,
            working_file,
            person,
            name,
            revision,
            nb_elements,
            representation,
            sep,
            file_status_id,
        ),
    )


def new_asset_instance_output_file(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    comment: str,
    name: str = "master",
    mode: str = "output",
    working_file: str | dict | None = None,
    person: str | dict | None = None,
    revision: int = 0,
    nb_elements: int = 1,
    representation: str = "",
    sep: str = "/",
    file_status_id: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create an output file of an asset instance in a shot or a scene.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: The shot or scene in which it is (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        comment: What is new in this revision.
        name: The output file's name.
        mode: Ignored: the server uses ``"output"``.
        working_file: The working file that it is made from (dict or id).
        person: Its author (dict or id). If omitted, the user.
        revision: The revision. 0 means the next free one.
        nb_elements: The number of files of an image sequence.
        representation: The representation of the file (``"abc"``, ``"jpg"``,
            ...).
        sep: The separator of the folders in the path.
        file_status_id: The id of its file status, sent unchanged. If omitted,
            the server's default one.

    Returns:
        OutputFile: The new output file, with its ``"path"`` and
            ``"revision"``, and also ``"folder_path"`` and ``"file_name"``.

    Raises:
        ParameterException: the revision exists, or the file tree has no
            template for it.

    Route: ``POST data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-files/new``
    """
    return run(
        client,
        _core.files.new_asset_instance_output_file(
            asset_instance,
            temporal_entity,
            output_type,
            task_type,
            comment,
            name,
            working_file,
            person,
            revision,
            nb_elements,
            representation,
            sep,
            file_status_id,
        ),
    )


@composition
def get_next_entity_output_revision(
    entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "main",
    client: KitsuClient = default,
) -> int:
    """
    Get the next free revision of an entity's output file.

    Args:
        entity: The entity (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.

    Returns:
        int: The revision: 1 when there is no such output file.

    Route: ``POST data/entities/{entity}/output-files/next-revision``
    """
    return run(
        client,
        _core.files.get_next_entity_output_revision(
            entity, output_type, task_type, name
        ),
    )["next_revision"]


@composition
def get_next_asset_instance_output_revision(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "master",
    client: KitsuClient = default,
) -> int:
    """
    Get the next free revision of an asset instance's output file.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: The shot or scene in which it is (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.

    Returns:
        int: The revision: 1 when there is no such output file.

    Route: ``POST data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-files/next-revision``
    """
    return run(
        client,
        _core.files.get_next_asset_instance_output_revision(
            asset_instance, temporal_entity, output_type, task_type, name
        ),
    )["next_revision"]


@composition
def get_last_entity_output_revision(
    entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "main",
    client: KitsuClient = default,
) -> int:
    """
    Get the last revision of an entity's output file.

    Args:
        entity: The entity (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.

    Returns:
        int: The revision: 0 when there is no such output file.

    Route: ``POST data/entities/{entity}/output-files/next-revision``
    """
    next_revision = get_next_entity_output_revision(
        normalize_model_parameter(entity),
        normalize_model_parameter(output_type),
        normalize_model_parameter(task_type),
        name,
        client=client,
    )
    return next_revision - 1


@composition
def get_last_asset_instance_output_revision(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    task_type: str | dict,
    name: str = "master",
    client: KitsuClient = default,
) -> int:
    """
    Get the last revision of an asset instance's output file.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: The shot or scene in which it is (dict or id).
        output_type: The output type (dict or id).
        task_type: The type of the task (dict or id).
        name: The output file's name.

    Returns:
        int: The revision: 0 when there is no such output file.

    Route: ``POST data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-files/next-revision``
    """
    next_revision = get_next_asset_instance_output_revision(
        normalize_model_parameter(asset_instance),
        normalize_model_parameter(temporal_entity),
        normalize_model_parameter(output_type),
        normalize_model_parameter(task_type),
        name=name,
        client=client,
    )
    return next_revision - 1


@cache
def get_last_output_files_for_entity(
    entity: str | dict,
    output_type: str | dict | None = None,
    task_type: str | dict | None = None,
    name: str | None = None,
    representation: str | None = None,
    file_status: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the last revision of each output file of an entity.

    Empty filters are ignored.

    Args:
        entity: The entity (dict or id).
        output_type: Only files of this output type (dict or id).
        task_type: Only files of this task type (dict or id).
        name: Only files of this name.
        representation: Only files of this representation.
        file_status: Only files of this status (dict or id). The last revision
            is then the last one with this status.

    Returns:
        list[OutputFile]: One output file for each task type, output type, name
            and representation, in no particular order.

    Route: ``GET data/entities/{entity}/output-files/last-revisions``
    """
    return run(
        client,
        _core.files.get_last_output_files_for_entity(
            entity, output_type, task_type, name, representation, file_status
        ),
    )


@cache
def get_last_output_files_for_asset_instance(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    task_type: str | dict | None = None,
    output_type: str | dict | None = None,
    name: str | None = None,
    representation: str | None = None,
    file_status: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the last revision of each output file of an asset instance.

    Empty filters are ignored. Note that ``task_type`` comes before
    ``output_type`` here.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: The shot or scene in which it is (dict or id).
        task_type: Only files of this task type (dict or id).
        output_type: Only files of this output type (dict or id).
        name: Only files of this name.
        representation: Only files of this representation.
        file_status: Only files of this status (dict or id). The last revision
            is then the last one with this status.

    Returns:
        list[OutputFile]: One output file for each task type, output type, name
            and representation, in no particular order.

    Route: ``GET data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-files/last-revisions``
    """
    return run(
        client,
        _core.files.get_last_output_files_for_asset_instance(
            asset_instance,
            temporal_entity,
            task_type,
            output_type,
            name,
            representation,
            file_status,
        ),
    )


@cache
def get_working_files_for_task(
    task: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the working files of a task.

    Args:
        task: The task (dict or id).

    Returns:
        list[WorkingFile]: The working files, last revision first.

    Route: ``GET data/tasks/{task}/working-files``
    """
    return run(client, _core.files.get_working_files_for_task(task))


@cache
def get_last_working_files(
    task: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the last working file of each name that a task has.

    Args:
        task: The task (dict or id).

    Returns:
        dict[str, WorkingFile]: The working files, by their names.

    Route: ``GET data/tasks/{task}/working-files/last-revisions``
    """
    return run(client, _core.files.get_last_working_files(task))


@cache
@composition
def get_last_working_file_revision(
    task: str | dict, name: str = "main", client: KitsuClient = default
) -> dict:
    """
    Get the last working file of a name that a task has.

    Args:
        task: The task (dict or id).
        name: The working file's name.

    Returns:
        WorkingFile | None: The working file with its ``"revision"``, or
            ``None`` when the task has none of this name.

    Route: ``GET data/tasks/{task}/working-files/last-revisions``
    """
    return run(client, _core.files.get_last_working_files(task)).get(name)


@cache
def get_working_file(
    working_file_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a working file by its id.

    Args:
        working_file_id: The working file's id.

    Returns:
        WorkingFile: The working file.

    Raises:
        RouteNotFoundException: no working file has this id.

    Route: ``GET data/working-files/{working_file_id}``
    """
    return run(client, _core.files.get_working_file(working_file_id))


def update_comment(
    working_file: str | dict, comment: str, client: KitsuClient = default
) -> dict:
    """
    Change the comment of a working file.

    Args:
        working_file: The working file (dict or id).
        comment: What is new in this revision; not empty.

    Returns:
        WorkingFile: The updated working file.

    Route: ``PUT actions/working-files/{working_file}/comment``
    """
    return run(client, _core.files.update_comment(working_file, comment))


def update_modification_date(
    working_file: str | dict, client: KitsuClient = default
) -> dict:
    """
    Set the modification date of a working file to the server's current time.

    Args:
        working_file: The working file (dict or id).

    Returns:
        WorkingFile: The updated working file.

    Route: ``PUT actions/working-files/{working_file}/modified``
    """
    return run(client, _core.files.update_modification_date(working_file))


def update_output_file(
    output_file: str | dict, data: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of an output file.

    Args:
        output_file: The output file (dict or id).
        data: The fields to set.

    Returns:
        OutputFile: The updated output file.

    Route: ``PUT data/output-files/{output_file}``
    """
    return run(client, _core.files.update_output_file(output_file, data))


def update_project_file_tree(
    project: str | dict, file_tree: dict, client: KitsuClient = default
) -> dict:
    """
    Set the file tree of a project: the templates of its files' paths.

    Args:
        project: The project (dict or id).
        file_tree: The templates, by mode.

    Returns:
        Project: The updated project.

    Route: ``PUT data/projects/{project}``
    """
    return run(
        client, _core.files.update_project_file_tree(project, file_tree)
    )


def upload_working_file(
    working_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict:
    """
    Upload a local file as the content of a working file.

    Args:
        working_file: The working file (dict or id).
        file_path: The file to upload.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        WorkingFile: The working file.

    Route: ``POST data/working-files/{working_file}/file``
    """
    return run(
        client,
        _core.files.upload_working_file(working_file, file_path),
        progress_callback=progress_callback,
    )


@composition
def download_working_file(
    working_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the content of a working file.

    Args:
        working_file: The working file (dict or id).
        file_path: The file to write. If omitted, the working file's own
            ``"path"``.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Route: ``GET data/working-files/{working_file}`` when ``file_path`` is
    omitted, then ``GET data/working-files/{working_file}/file``
    """
    working_file = _core.model(working_file)
    if file_path is None:
        stored = run(client, _core.files.get_working_file(working_file["id"]))
        working_file, file_path = stored, stored["path"]
    return run(
        client,
        _core.files.download_working_file(working_file, file_path),
        progress_callback=progress_callback,
    )


@composition
def download_preview_file(
    preview_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the file of a preview: a movie, a picture or another file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Raises:
        PreviewFileProcessingException: the server was still processing the
            preview after a minute.

    Example:
        gazu.files.download_preview_file(preview, "preview.png")

    Route: ``GET data/preview-files/{preview_file}``, then
    ``GET {kind}/originals/preview-files/{preview_file}.{extension}``
    """
    return raw.download(
        get_preview_file_url(preview_file, client=client),
        file_path,
        client=client,
        progress_callback=progress_callback,
    )


@composition
def get_preview_file_url(
    preview_file: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the path of a preview's original, relative to the client's host.

    Args:
        preview_file: The preview (dict or id).

    Returns:
        str: ``movies/originals/preview-files/{id}.mp4`` for a movie, and
            ``pictures/originals/preview-files/{id}.{extension}`` otherwise.

    Route: ``GET data/preview-files/{preview_file}``
    """
    preview_file = _core.model(preview_file)
    stored = run(client, _core.files.get_preview_file(preview_file["id"]))
    extension = stored["extension"]
    kind = "movies" if extension == "mp4" else "pictures"
    return f"{kind}/originals/preview-files/{stored['id']}.{extension}"


def get_attachment_file(
    attachment_file_id: str, client: KitsuClient = default
) -> dict:
    """
    Get an attachment of a comment by its id.

    Args:
        attachment_file_id: The attachment's id.

    Returns:
        AttachmentFile: The attachment.

    Raises:
        RouteNotFoundException: no attachment has this id.

    Route: ``GET data/attachment-files/{attachment_file_id}``
    """
    return run(client, _core.files.get_attachment_file(attachment_file_id))


@composition
def download_attachment_file(
    attachment_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the file of an attachment.

    Args:
        attachment_file: The attachment (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Route: ``GET data/attachment-files/{attachment_file}``, then
    ``GET data/attachment-files/{attachment_file}/file/{name}``
    """
    attachment_file = _core.model(attachment_file)
    stored = get_attachment_file(attachment_file["id"], client=client)
    return run(
        client,
        _core.files.download_attachment_file(
            stored["id"], stored["name"], file_path
        ),
        progress_callback=progress_callback,
    )


def download_preview_file_thumbnail(
    preview_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the thumbnail of a preview, a PNG file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Example:
        gazu.files.download_preview_file_thumbnail(preview, "thumbnail.png")

    Route: ``GET pictures/thumbnails/preview-files/{preview_file}.png``
    """
    return run(
        client,
        _core.files.download_preview_file_thumbnail(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_preview_file_cover(
    preview_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the cover of a preview, a PNG file in full size.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Route: ``GET pictures/originals/preview-files/{preview_file}.png``
    """
    return run(
        client,
        _core.files.download_preview_file_cover(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_person_avatar(
    person: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the avatar of a person, a PNG file.

    Args:
        person: The person (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Raises:
        RouteNotFoundException: the person has no avatar.

    Route: ``GET pictures/thumbnails/persons/{person}.png``
    """
    return run(
        client,
        _core.files.download_person_avatar(person, file_path),
        progress_callback=progress_callback,
    )


def upload_person_avatar(
    person: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict[Literal["thumbnail_path"], str]:
    """
    Set the avatar of a person.

    Args:
        person: The person (dict or id).
        file_path: The picture to upload.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        dict[Literal['thumbnail_path'], str]: A dict whose ``"thumbnail_path"``
            is the path of the avatar, relative to the host.

    Route: ``POST pictures/thumbnails/persons/{person}``
    """
    return run(
        client,
        _core.files.upload_person_avatar(person, file_path),
        progress_callback=progress_callback,
    )


def download_project_avatar(
    project: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the avatar of a project, a PNG file.

    Args:
        project: The project (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Raises:
        RouteNotFoundException: the project has no avatar.

    Route: ``GET pictures/thumbnails/projects/{project}.png``
    """
    return run(
        client,
        _core.files.download_project_avatar(project, file_path),
        progress_callback=progress_callback,
    )


def upload_project_avatar(
    project: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict[Literal["thumbnail_path"], str]:
    """
    Set the avatar of a project.

    Args:
        project: The project (dict or id).
        file_path: The picture to upload.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        dict[Literal['thumbnail_path'], str]: A dict whose ``"thumbnail_path"``
            is the path of the avatar, relative to the host.

    Route: ``POST pictures/thumbnails/projects/{project}``
    """
    return run(
        client,
        _core.files.upload_project_avatar(project, file_path),
        progress_callback=progress_callback,
    )


def download_organisation_avatar(
    organisation: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the avatar of the organisation, a PNG file.

    Args:
        organisation: The organisation (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Raises:
        RouteNotFoundException: the organisation has no avatar.

    Route: ``GET pictures/thumbnails/organisations/{organisation}.png``
    """
    return run(
        client,
        _core.files.download_organisation_avatar(organisation, file_path),
        progress_callback=progress_callback,
    )


def upload_organisation_avatar(
    organisation: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict[Literal["thumbnail_path"], str]:
    """
    Set the avatar of the organisation.

    Args:
        organisation: The organisation (dict or id).
        file_path: The picture to upload.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        dict[Literal['thumbnail_path'], str]: A dict whose ``"thumbnail_path"``
            is the path of the avatar, relative to the host.

    Route: ``POST pictures/thumbnails/organisations/{organisation}``
    """
    return run(
        client,
        _core.files.upload_organisation_avatar(organisation, file_path),
        progress_callback=progress_callback,
    )


def update_preview(
    preview_file: str | dict, data: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a preview.

    Args:
        preview_file: The preview (dict or id).
        data: The fields to set.

    Returns:
        PreviewFile: The updated preview.

    Raises:
        ParameterException: another preview of the task already has the new
            ``"revision"``.

    Route: ``PUT data/preview-files/{preview_file}``
    """
    return run(client, _core.files.update_preview(preview_file, data))


@cache
def get_running_preview_files(client: KitsuClient = default) -> list[dict]:
    """
    List the previews that are not ready, in all open projects.

    Returns:
        list[PreviewFile]: The previews whose ``"status"`` is ``"processing"``,
            ``"broken"`` or ``"missing"``, newest first.

    Raises:
        NotAllowedException: the user is not an administrator.

    Route: ``GET data/playlists/preview-files/running``
    """
    return run(client, _core.files.get_running_preview_files())


@composition
def get_preview_movie_url(
    preview_file: str | dict,
    lowdef: bool = False,
    client: KitsuClient = default,
) -> str:
    """
    Return the path of a preview's movie, relative to the client's host.

    Args:
        preview_file: The preview (dict or id).
        lowdef: Use the low-definition version of the movie.

    Returns:
        str: ``movies/originals/preview-files/{id}.{extension}``, or
            ``movies/low/preview-files/{id}.mp4`` for the low-definition
            version.

    Route: ``GET data/preview-files/{preview_file}``
    """
    preview_file = _core.model(preview_file)
    stored = run(client, _core.files.get_preview_file(preview_file["id"]))
    if lowdef:
        return f"movies/low/preview-files/{stored['id']}.mp4"
    return (
        f"movies/originals/preview-files/{stored['id']}.{stored['extension']}"
    )


@composition
def download_preview_movie(
    preview_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the movie of a preview.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Raises:
        PreviewFileProcessingException: the server was still processing the
            preview after a minute.

    Route: ``GET data/preview-files/{preview_file}``, then
    ``GET movies/originals/preview-files/{preview_file}.{extension}``
    """
    preview_file = _core.model(preview_file)
    return raw.download(
        get_preview_movie_url(preview_file, lowdef=False, client=client),
        file_path,
        client=client,
        progress_callback=progress_callback,
    )


@composition
def get_preview_lowdef_movie_url(
    preview_file: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the path of the low-definition version of a preview's movie.

    Args:
        preview_file: The preview (dict or id).

    Returns:
        str: ``movies/low/preview-files/{id}.mp4``, relative to the client's
            host.

    Route: ``GET data/preview-files/{preview_file}``
    """
    return get_preview_movie_url(preview_file, lowdef=True, client=client)


@composition
def download_preview_lowdef_movie(
    preview_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the low-definition version of a preview's movie.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Raises:
        PreviewFileProcessingException: the server was still processing the
            preview after a minute.

    Route: ``GET data/preview-files/{preview_file}``, then
    ``GET movies/low/preview-files/{preview_file}.mp4``
    """
    preview_file = _core.model(preview_file)
    return raw.download(
        get_preview_movie_url(preview_file, lowdef=True, client=client),
        file_path,
        client=client,
        progress_callback=progress_callback,
    )


@composition
def get_attachment_thumbnail_url(
    attachment_file: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the path of an attachment's thumbnail. No request is sent.

    Args:
        attachment_file: The attachment (dict or id).

    Returns:
        str: ``pictures/thumbnails/attachment-files/{id}.png``, relative to the
            client's host.
    """
    attachment_file = _core.model(attachment_file)
    return f"pictures/thumbnails/attachment-files/{attachment_file['id']}.png"


@composition
def download_attachment_thumbnail(
    attachment_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the thumbnail of an attachment that is a picture, a PNG file.

    Args:
        attachment_file: The attachment (dict or id).
        file_path: The file to write. ``None`` keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response.

    Route: ``GET pictures/thumbnails/attachment-files/{attachment_file}.png``
    """
    attachment_file = _core.model(attachment_file)
    return raw.download(
        get_attachment_thumbnail_url(attachment_file, client=client),
        file_path,
        client=client,
        progress_callback=progress_callback,
    )


def extract_frame_from_preview(
    preview_file: str | dict,
    frame_number: int,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download one frame of a preview's movie, a PNG file.

    Args:
        preview_file: The preview of a movie (dict or id).
        frame_number: The number of the frame, starting at 1.
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: the preview is not a movie.

    Route: ``GET actions/preview-files/{preview_file}/extract-frame``
    """
    return run(
        client,
        _core.files.extract_frame_from_preview(
            preview_file, frame_number, file_path
        ),
        progress_callback=progress_callback,
    )


def update_preview_position(
    preview_file: str | dict,
    position: float,
    client: KitsuClient = default,
) -> dict:
    """
    Move a preview among the previews of its revision.

    Args:
        preview_file: The preview (dict or id).
        position: The new position, starting at 1. A position out of range
            changes nothing.

    Returns:
        list[PreviewFile]: All previews of the revision, in their new order.

    Route: ``PUT actions/preview-files/{preview_file}/update-position``
    """
    return run(
        client, _core.files.update_preview_position(preview_file, position)
    )


def update_preview_annotations(
    preview_file: str | dict,
    additions: list[dict] | None = None,
    updates: list[dict] | None = None,
    deletions: list[str] | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Change the annotations of a preview.

    Args:
        preview_file: The preview (dict or id).
        additions: Annotations to add.
        updates: Annotations to change, each with its id.
        deletions: Annotations to remove.

    Returns:
        PreviewFile: The updated preview.

    Route: ``PUT actions/preview-files/{preview_file}/update-annotations``
    """
    return run(
        client,
        _core.files.update_preview_annotations(
            preview_file, additions, updates, deletions
        ),
    )


def extract_tile_from_preview(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the frames of a preview's movie as one picture, a PNG file.

    The frames are 100 pixels high and arranged in rows of eight.

    Args:
        preview_file: The preview of a movie (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        ParameterException: the preview is not a movie.

    Route: ``GET actions/preview-files/{preview_file}/extract-tile``
    """
    return run(
        client,
        _core.files.extract_tile_from_preview(preview_file, file_path),
        progress_callback=progress_callback,
    )


@composition
def new_file_status(
    name: str, color: str, client: KitsuClient = default
) -> dict:
    """
    Create a file status, unless one has this name.

    Args:
        name: Its name.
        color: Its color, as ``#RRGGBB``.

    Returns:
        FileStatus: The new file status, or the existing one, unchanged.

    Route: ``GET data/file-status``, then ``POST data/file-status``
    """
    status = get_file_status_by_name(name, client=client)
    if status is None:
        status = run(client, _core.files.new_file_status(name, color))
    return status


@cache
def get_file_status(status_id: str, client: KitsuClient = default) -> dict:
    """
    Get a file status by its id.

    Args:
        status_id: The file status's id.

    Returns:
        FileStatus: The file status.

    Raises:
        RouteNotFoundException: no file status has this id.

    Route: ``GET data/file-status/{status_id}``
    """
    return run(client, _core.files.get_file_status(status_id))


@cache
def get_file_status_by_name(
    name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a file status by its name.

    Args:
        name: The file status's full name; case does not matter.

    Returns:
        FileStatus | None: The file status, or ``None`` when none has this
            name.

    Route: ``GET data/file-status?name={name}``
    """
    return run(client, _core.files.get_file_status_by_name(name))


@composition
def download_many(
    preview_files: list[str | dict],
    folder: str,
    kind: str = "thumbnail",
    concurrency: int | None = None,
    return_exceptions: bool = False,
    processing_timeout: float = raw.DEFAULT_PROCESSING_TIMEOUT,
    client: KitsuClient = default,
    progress_callback=None,
) -> list:
    """
    Download a file of each preview into a folder, many at once.

    Each file is named after the id of its preview, such as ``ID.png``. A file
    that has not changed since an earlier call is not sent again
    (``If-None-Match``). A long file that broke off, also in another process,
    is continued (``Range``). If the server is too busy (503 with
    ``Retry-After``), all downloads wait. A file has its name only when it is
    complete.

        paths = gazu.files.download_many(previews, "thumbnails")

    Args:
        preview_files: The previews (dicts or ids).
        folder (Any): The folder, which is created if it does not exist.
        kind: ``"thumbnail"``, ``"square"`` (a square thumbnail), ``"preview"``
            (a picture of medium size) or ``"cover"`` (one in full size), which
            are PNG files; ``"lowdef"``, a small movie; or ``"original"``, the
            movie, picture or file itself.
        concurrency: The highest number of concurrent downloads. None means 8.
        return_exceptions: Whether exceptions are returned in place of the
            paths. Otherwise, no further download is started after a failure.
        processing_timeout: Seconds to wait for each preview that the server is
            still processing.
        progress_callback: Called with the number of finished files and the
            number of all files.

    Returns:
        list[Any]: The path of each file, in the order of the previews; None
            where the server has no such file.

    Raises:
        ValueError: ``kind`` is unknown, a preview is neither a dict nor an id,
            or ``concurrency`` is less than 1. Nothing is sent.
        PreviewFileProcessingException: the server was still processing a
            preview.
        OSError: a file cannot be written.
        GazuException: the server answered with another error.

    Example:
        previews = gazu.files.get_all_preview_files_for_task(task)
        paths = gazu.files.download_many(previews, "thumbnails")

    Route: ``GET pictures/{size}/preview-files/{preview_file}.png``,
    ``GET movies/low/preview-files/{preview_file}.mp4``, or, for
    ``"original"``,
    ``GET {kind}/originals/preview-files/{preview_file}.{extension}``, after
    ``GET data/preview-files/{preview_file}`` for previews without
    ``"extension"``

    Not in upstream.
    """
    from ._media import downloads

    if kind not in downloads.KINDS:
        raise ValueError(
            "kind: expected one of {}, not {!r}".format(
                ", ".join(downloads.KINDS), kind
            )
        )
    if not isinstance(preview_files, (list, tuple)):
        raise TypeError(
            "preview_files: expected a list, not {!r}".format(preview_files)
        )
    place = os.path.abspath(os.fspath(folder))
    files = {}
    order = []
    for preview_file in preview_files:
        model = normalize_model_parameter(preview_file)
        if not isinstance(model, dict) or not isinstance(model.get("id"), str):
            raise ValueError(
                "preview_files: expected dicts with an id, or ids, not "
                "{!r}".format(preview_file)
            )
        order.append(model["id"])
        if model["id"] not in files:
            files[model["id"]] = downloads.File(model, kind, place)
    width = downloads.CONCURRENCY if concurrency is None else concurrency
    batch = downloads.files_of(list(files.values()), width, return_exceptions)
    os.makedirs(place, exist_ok=True)
    paths = downloads.download(
        batch, place, progress_callback, processing_timeout, client
    )
    found = dict(zip(files, paths))
    return [found[preview_id] for preview_id in order]


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Literal": "._engine.annotations",
    },
)
__getattr__ = _late.get


def update_file_status(
    file_status: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a file status.

    Args:
        file_status: Its ``"id"`` and the fields to set.

    Returns:
        FileStatus: The updated file status.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/file-status/{file_status}``
    """
    return run(client, _core.files.update_file_status(file_status))


def remove_file_status(
    file_status: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a file status.

    Args:
        file_status: The file status (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/file-status/{file_status}``
    """
    return run(client, _core.files.remove_file_status(file_status))


def update_output_type(
    output_type: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of an output type.

    Args:
        output_type: Its ``"id"`` and the fields to set.

    Returns:
        OutputType: The updated output type.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/output-types/{output_type}``
    """
    return run(client, _core.files.update_output_type(output_type))


def remove_output_type(
    output_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an output type.

    Args:
        output_type: The output type (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: an output file has this type.

    Not in upstream.

    Route: ``DELETE data/output-types/{output_type}``
    """
    return run(client, _core.files.remove_output_type(output_type))


def remove_software(
    software: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a software.

    Args:
        software: The software (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a working file was made with it.

    Not in upstream.

    Route: ``DELETE data/softwares/{software}``
    """
    return run(client, _core.files.remove_software(software))


def all_output_files_for_entity_and_output_type(
    entity: str | dict,
    output_type: str | dict,
    representation: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the output files of an entity that have one output type.

    Args:
        entity: The entity (dict or id).
        output_type: The output type (dict or id).
        representation: Only files with this representation.

    Returns:
        list[OutputFile]: The output files, latest revision first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/entities/{entity}/output-types/{output_type}/``
    ``output-files``
    """
    return run(
        client,
        _core.files.all_output_files_for_entity_and_output_type(
            entity, output_type, representation
        ),
    )


def all_output_files_for_asset_instance_and_output_type(
    asset_instance: str | dict,
    temporal_entity: str | dict,
    output_type: str | dict,
    representation: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the output files of an asset instance in a shot or scene that have one
    output type.

    Args:
        asset_instance: The asset instance (dict or id).
        temporal_entity: The shot or scene (dict or id).
        output_type: The output type (dict or id).
        representation: Only files with this representation.

    Returns:
        list[OutputFile]: The output files, latest revision first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/asset-instances/{asset_instance}/entities/``
    ``{temporal_entity}/output-types/{output_type}/output-files``
    """
    return run(
        client,
        _core.files.all_output_files_for_asset_instance_and_output_type(
            asset_instance, temporal_entity, output_type, representation
        ),
    )


def all_working_files(
    relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the working files of all projects of the user.

    Args:
        relations: Add the ids of the output files.

    Returns:
        list[WorkingFile]: The working files, in no particular order.

    Raises:
        NotAllowedException: the user is a vendor.

    Not in upstream.

    Route: ``GET data/working-files``
    """
    return run(client, _core.files.all_working_files(relations))


def get_file(file_id: str, client: KitsuClient = default) -> dict:
    """
    Get a working file or an output file by its id.

    Args:
        file_id: The file's id.

    Returns:
        WorkingFile | OutputFile: The file. Its ``"type"`` says which kind it
            is.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: no file has this id.

    Not in upstream.

    Route: ``GET data/files/{file_id}``
    """
    return run(client, _core.files.get_file(file_id))
