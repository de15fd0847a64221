"""Entities of any kind (assets, shots, sequences, ...) and their types."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._engine.dispatch import run
from .cache import cache
from .client import KitsuClient
from .helpers import (
    normalize_list_of_models_for_links,  # noqa: F401
    normalize_model_parameter,  # noqa: F401
)
from .sorting import sort_by_name  # noqa: F401

default = raw.default_client


@cache
def all_entities(client: KitsuClient = default) -> list[dict]:
    """
    List every entity that the user may see, of all types and projects.

    Slow on a large studio.

    Returns:
        list[Entity]: The entities, in no particular order.

    Route: ``GET data/entities``
    """
    return run(client, _core.entity.all_entities())


@cache
def all_entity_types(client: KitsuClient = default) -> list[dict]:
    """
    List every entity type: the asset types, and Shot, Sequence, Episode, ...

    Returns:
        list[EntityType]: The entity types, sorted by name.

    Route: ``GET data/entity-types``
    """
    return run(client, _core.entity.all_entity_types())


@cache
def get_entity(entity_id: str, client: KitsuClient = default) -> dict:
    """
    Get an entity of any type by its id.

    Args:
        entity_id: The entity's id.

    Returns:
        Entity: The entity.

    Raises:
        RouteNotFoundException: no entity has this id.

    Example:
        entity = gazu.entity.get_entity(task["entity_id"])
        print(entity["name"])

    Route: ``GET data/entities/{entity_id}``
    """
    return run(client, _core.entity.get_entity(entity_id))


@cache
def get_entity_by_name(
    entity_name: str,
    project: str | dict | None = None,
    client: KitsuClient = default,
) -> dict | None:
    """
    Get an entity of any type by its name.

    Args:
        entity_name: The entity's full name. Zou ignores case and treats ``_``
            and ``%`` as wildcards for one character and for any text.
        project: Search only this project (dict or id).

    Returns:
        Entity | None: One entity of this name, or ``None`` when there is none.

    Example:
        entity = gazu.entity.get_entity_by_name("Lama", project)

    Route: ``GET data/entities?name={entity_name}``
    """
    return run(client, _core.entity.get_entity_by_name(entity_name, project))


@cache
def get_entity_type(
    entity_type_id: str, client: KitsuClient = default
) -> dict:
    """
    Get an entity type by its id.

    Args:
        entity_type_id: The entity type's id.

    Returns:
        EntityType: The entity type.

    Raises:
        RouteNotFoundException: no entity type has this id.

    Route: ``GET data/entity-types/{entity_type_id}``
    """
    return run(client, _core.entity.get_entity_type(entity_type_id))


@cache
def get_entity_type_by_name(
    entity_type_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an entity type by its name.

    Args:
        entity_type_name: The entity type's full name; case does not matter.

    Returns:
        EntityType | None: The entity type, or ``None`` when none has this
            name.

    Route: ``GET data/entity-types?name={entity_type_name}``
    """
    return run(client, _core.entity.get_entity_type_by_name(entity_type_name))


@cache
def guess_from_path(
    project_id: str,
    path: str,
    sep: str = "/",
    client: KitsuClient = default,
) -> list[dict]:
    """
    Find what a file path refers to, using a project's file tree.

    Args:
        project_id: The project's id.
        path: The path of a file.
        sep: The separator of the folders in the path.

    Returns:
        list[dict[str, Any]]: A dict for each template that matches the path,
            in the order of the file tree. ``"Template"`` is the name of the
            template. Each of its tokens (``"Project"``, ``"Asset"``, ...) is a
            key with the id or the text that was found.

    Route: ``POST data/entities/guess_from_path``
    """
    return run(client, _core.entity.guess_from_path(project_id, path, sep))


def new_entity_type(name: str, client: KitsuClient = default) -> dict:
    """
    Create an entity type.

    Args:
        name: Its name.

    Returns:
        EntityType: The new entity type.

    Raises:
        ParameterException: an entity type has this name. Case is ignored.

    Route: ``POST data/entity-types``
    """
    return run(client, _core.entity.new_entity_type(name))


def remove_entity_type(
    entity_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an entity type.

    Args:
        entity_type: The entity type (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        ParameterException: entities of this type exist.

    Route: ``DELETE data/entity-types/{entity_type}``
    """
    return run(client, _core.entity.remove_entity_type(entity_type))


def remove_entity(
    entity: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove an entity of any kind, with its links to other entities.

    Args:
        entity: The entity (dict or id).
        force: Ask the server to remove it even if it has tasks. Zou rejects
            this anyway: use `remove_entities`.

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        ParameterException: other data, such as tasks, refer to the entity.

    Route: ``DELETE data/entities/{entity}``
    """
    return run(client, _core.entity.remove_entity(entity, force))


def remove_entities(
    project: str | dict,
    entities: list[str | dict],
    force: bool = False,
    client: KitsuClient = default,
) -> list[str]:
    """
    Remove assets, shots, edits and concepts of a project in one request.

    An entity with tasks is canceled the first time, and removed with its tasks
    the second time. Concepts are always removed. The server removes them one
    by one. If one fails, the ones before it are already removed.

    Args:
        project: The project (dict or id).
        entities: The entities (dicts or ids).
        force: Remove entities with tasks at once.

    Returns:
        list[str]: The ids of the entities that were removed or canceled, in
            the given order. Unknown entities and those of other projects or
            kinds are not included.

    Raises:
        NotAllowedException: the user neither created all of the entities
            nor manages the project; nothing was removed.

    Route: ``POST actions/projects/{project}/delete-entities``
    """
    return run(client, _core.entity.remove_entities(project, entities, force))


def all_entities_with_tasks_linked_to_entity(
    entity: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the entities linked to an entity through concepts, with their tasks.

    Args:
        entity: The entity (dict or id).

    Returns:
        list[EntityWithTasks]: The entities, in no particular order, each with
            its tasks under ``"tasks"``.

    Route: ``GET data/entities/{entity}/entities-linked/with-tasks``
    """
    return run(
        client, _core.entity.all_entities_with_tasks_linked_to_entity(entity)
    )


__getattr__ = old_names(__name__)
