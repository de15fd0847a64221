"""
Metadata descriptors: the columns that studios add to their entities and tasks.

`gazu.project` has the functions for one project; these are for its records,
and for all open projects of the user at once.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def get_metadata_descriptor(
    metadata_descriptor_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a metadata descriptor by its id alone.

    Args:
        metadata_descriptor_id: The metadata descriptor's id.

    Returns:
        MetadataDescriptor: The metadata descriptor.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no metadata descriptor has this id.

    Not in upstream.

    Route: ``GET data/metadata-descriptors/{metadata_descriptor_id}``
    """
    return run(
        client, _core.metadata.get_metadata_descriptor(metadata_descriptor_id)
    )


def new_metadata_descriptor(
    project: str | dict,
    name: str,
    field_name: str,
    entity_type: str = "Asset",
    data_type: str = "string",
    choices: list[str] | None = None,
    for_client: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create the record of a metadata descriptor.
    `gazu.project.add_metadata_descriptor` chooses the name of the field by
    itself, and managers may use it.

    Args:
        project: The project (dict or id).
        name: The column's title.
        field_name: The key in the ``"data"`` of the entities.
        entity_type: The kind of the entities, such as ``"Asset"``, ``"Shot"``
            or ``"Task"``.
        data_type: ``"string"``, ``"number"``, ``"list"``, ``"taglist"``,
            ``"boolean"`` or ``"checklist"``.
        choices: The values to choose from.
        for_client: Show the column to clients.

    Returns:
        MetadataDescriptor: The new metadata descriptor.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/metadata-descriptors``
    """
    return run(
        client,
        _core.metadata.new_metadata_descriptor(
            project,
            name,
            field_name,
            entity_type,
            data_type,
            choices,
            for_client,
        ),
    )


def update_metadata_descriptor(
    metadata_descriptor: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of the record of a metadata descriptor. The data of the
    entities stay as they are, so that a new ``"field_name"`` hides them.

    Args:
        metadata_descriptor: Its ``"id"`` and the fields to set.

    Returns:
        MetadataDescriptor: The updated metadata descriptor.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/metadata-descriptors/{metadata_descriptor}``
    """
    return run(
        client, _core.metadata.update_metadata_descriptor(metadata_descriptor)
    )


def remove_metadata_descriptor(
    metadata_descriptor: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove the record of a metadata descriptor. The data of the entities stay.

    Args:
        metadata_descriptor: The metadata descriptor (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/metadata-descriptors/{metadata_descriptor}``
    """
    return run(
        client, _core.metadata.remove_metadata_descriptor(metadata_descriptor)
    )


def add_metadata_descriptor_to_open_projects(
    name: str,
    entity_type: str = "Asset",
    data_type: str = "string",
    choices: list[str] | None = None,
    for_client: bool = False,
    departments: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Add a column to all open projects of the user. Projects that have it keep
    theirs.

    Args:
        name: The column's title.
        entity_type: The kind of the entities, such as ``"Asset"`` or
            ``"Shot"``.
        data_type: ``"string"``, ``"number"``, ``"list"``, ``"taglist"``,
            ``"boolean"`` or ``"checklist"``.
        choices: The values to choose from.
        for_client: Show the column to clients.
        departments: The departments that see the column (dicts or ids). If
            omitted, all do.

    Returns:
        list[MetadataDescriptor]: The new metadata descriptors, one for each
            project that did not have the column.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.

    Not in upstream.

    Route: ``POST data/metadata-descriptors/all-projects``
    """
    return run(
        client,
        _core.metadata.add_metadata_descriptor_to_open_projects(
            name, entity_type, data_type, choices, for_client, departments
        ),
    )


def update_metadata_descriptor_in_open_projects(
    field_name: str,
    entity_type: str,
    name: str | None = None,
    data_type: str = "string",
    choices: list[str] | None = None,
    for_client: bool = False,
    departments: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Change a column in all open projects of the user. All of the values are
    set, also those that are not given.

    Args:
        field_name: The key in the ``"data"`` of the entities.
        entity_type: The kind of the entities, such as ``"Asset"`` or
            ``"Shot"``.
        name: A new title. It also changes the key.
        data_type: ``"string"``, ``"number"``, ``"list"``, ``"taglist"``,
            ``"boolean"`` or ``"checklist"``.
        choices: The values to choose from.
        for_client: Show the column to clients.
        departments: The departments that see the column (dicts or ids). If
            omitted, all do.

    Returns:
        list[MetadataDescriptor]: The updated metadata descriptors, one for
            each project.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.

    Not in upstream.

    Route: ``PUT data/metadata-descriptors/all-projects/{field_name}``
    """
    return run(
        client,
        _core.metadata.update_metadata_descriptor_in_open_projects(
            field_name,
            entity_type,
            name,
            data_type,
            choices,
            for_client,
            departments,
        ),
    )


def remove_metadata_descriptor_from_open_projects(
    field_name: str, entity_type: str, client: KitsuClient = default
) -> str:
    """
    Remove a column from all open projects of the user.

    Args:
        field_name: The key in the ``"data"`` of the entities.
        entity_type: The kind of the entities, such as ``"Asset"`` or
            ``"Shot"``.

    Returns:
        str: The ids of the removed metadata descriptors, as JSON text.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.

    Not in upstream.

    Route: ``DELETE data/metadata-descriptors/all-projects/``
    ``{field_name}?entity_type={entity_type}``
    """
    return run(
        client,
        _core.metadata.remove_metadata_descriptor_from_open_projects(
            field_name, entity_type
        ),
    )


def reorder_metadata_descriptors_in_open_projects(
    entity_type: str, field_names: list[str], client: KitsuClient = default
) -> list[dict]:
    """
    Set the order of the columns in all open projects of the user.

    Args:
        entity_type: The kind of the entities, such as ``"Asset"`` or
            ``"Shot"``.
        field_names: The keys of the columns, in their order.

    Returns:
        list[MetadataDescriptor]: The metadata descriptors in their new order,
            project by project.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.

    Not in upstream.

    Route: ``POST actions/metadata-descriptors/all-projects/reorder``
    """
    return run(
        client,
        _core.metadata.reorder_metadata_descriptors_in_open_projects(
            entity_type, field_names
        ),
    )
