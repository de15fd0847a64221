"""Concepts: the images that develop the look of a project."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.rows import stream
from .cache import cache
from .client import KitsuClient
from .helpers import (
    normalize_list_of_models_for_links,  # noqa: F401
    normalize_model_parameter,
)
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generator

default = raw.default_client


@cache
def all_concepts(client: KitsuClient = default) -> list[dict]:
    """
    List every concept that the user may see.

    Returns:
        list[Concept]: The concepts, sorted by name.

    Route: ``GET data/concepts``
    """
    return run(client, _core.concept.all_concepts())


@cache
def all_concepts_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the concepts of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Concept]: The concepts, sorted by name.

    Route: ``GET data/projects/{project}/concepts``
    """
    return run(client, _core.concept.all_concepts_for_project(project))


@cache
def all_previews_for_concept(
    concept: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews that were published for a concept.

    Args:
        concept: The concept (dict or id).

    Returns:
        dict[str, list[EntityPreview]]: The server's answer, unsorted. Zou
            groups the previews by task type.

    Route: ``GET data/concepts/{concept}/preview-files``
    """
    return run(client, _core.concept.all_previews_for_concept(concept))


def remove_concept(
    concept: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove a concept, or cancel it when it has tasks.

    Args:
        concept: The concept (dict or id).
        force: Remove it and its tasks instead of canceling it.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/concepts/{concept}``
    """
    return run(client, _core.concept.remove_concept(concept, force))


@cache
def get_concept(concept_id: str, client: KitsuClient = default) -> dict:
    """
    Get a concept by its id.

    Args:
        concept_id: The concept's id.

    Returns:
        Concept: The concept.

    Raises:
        RouteNotFoundException: no concept has this id.

    Route: ``GET data/concepts/{concept_id}``
    """
    return run(client, _core.concept.get_concept(concept_id))


@cache
def get_concept_by_name(
    project: str | dict, concept_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a concept of a project by its name.

    Args:
        project: The project (dict or id).
        concept_name: The concept's full name.

    Returns:
        Concept | None: The concept, or ``None`` when the project has none of
            this name.

    Route: ``GET data/concepts?project_id={project}&name={concept_name}``
    """
    return run(
        client, _core.concept.get_concept_by_name(project, concept_name)
    )


@composition
def new_concept(
    project: str | dict,
    name: str,
    description: str | None = None,
    data: dict | None = None,
    entity_concept_links: list[str | dict] | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a concept, unless the project has one of this name.

    Args:
        project: The project (dict or id).
        name: The concept's name.
        description: The description.
        data: Free metadata.
        entity_concept_links: The entities that the concept shows (dicts or
            ids).

    Returns:
        Concept: The new concept, or the existing one, unchanged.

    Route: ``GET data/concepts``, then
    ``POST data/projects/{project}/concepts``
    """
    project = normalize_model_parameter(project)
    # Build the call first, so that invalid arguments raise before any request.
    _core.concept.new_concept(project, None, None, None, entity_concept_links)
    concept = get_concept_by_name(project, name, client=client)
    if concept is None:
        concept = run(
            client,
            _core.concept.new_concept(
                project, name, description, data, entity_concept_links
            ),
        )
    return concept


def update_concept(concept: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a concept. The metadata is replaced, not merged.

    Args:
        concept: Its ``"id"`` and the fields to set.

    Returns:
        Concept: The updated concept.

    Route: ``PUT data/entities/{concept}``
    """
    return run(client, _core.concept.update_concept(concept))


def all_concept_folders_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the folders for the concepts of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[ConceptFolder]: The folders, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client or vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/concept-folders``
    """
    return run(client, _core.concept.all_concept_folders_for_project(project))


def new_concept_folder(
    project: str | dict, name: str, client: KitsuClient = default
) -> dict:
    """
    Create a folder for the concepts of a project, unless it has one of this
    name.

    Args:
        project: The project (dict or id).
        name: The folder's name.

    Returns:
        ConceptFolder: The new folder, or the existing one.

    Raises:
        NotAllowedException: the user neither supervises nor manages the
            project.

    Not in upstream.

    Route: ``POST data/projects/{project}/concept-folders``
    """
    return run(client, _core.concept.new_concept_folder(project, name))


def update_concept_folder(
    concept_folder: dict, client: KitsuClient = default
) -> dict:
    """
    Rename a folder for concepts.

    Args:
        concept_folder: Its ``"id"`` and the new ``"name"``.

    Returns:
        ConceptFolder: The renamed folder.

    Raises:
        NotAllowedException: the user neither supervises nor manages the
            project.
        ParameterException: the project has a folder of this name.

    Not in upstream.

    Route: ``PUT data/concept-folders/{concept_folder}``
    """
    return run(client, _core.concept.update_concept_folder(concept_folder))


def remove_concept_folder(
    concept_folder: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a folder for concepts. The concepts in it stay.

    Args:
        concept_folder: The folder (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user neither supervises nor manages the
            project.

    Not in upstream.

    Route: ``DELETE data/concept-folders/{concept_folder}``
    """
    return run(client, _core.concept.remove_concept_folder(concept_folder))


def move_concepts(
    project: str | dict,
    concepts: list[str | dict],
    concept_folder: str | dict | None = None,
    client: KitsuClient = default,
) -> list[str]:
    """
    Move concepts of a project to a folder.

    Args:
        project: The project (dict or id).
        concepts: The concepts (dicts or ids).
        concept_folder: The folder (dict or id). If omitted, they are moved out
            of their folders.

    Returns:
        list[str]: The ids of the moved concepts.

    Raises:
        NotAllowedException: the user neither supervises nor manages the
            project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/move-concepts``
    """
    return run(
        client, _core.concept.move_concepts(project, concepts, concept_folder)
    )


def all_concepts_with_tasks(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the concepts of a project with their tasks, in one request.

    Args:
        project: The project (dict or id).

    Returns:
        list[ConceptWithTasks]: The concepts, in no particular order. The tasks
            of each are in ``tasks``.

    Not in upstream.

    Route: ``GET data/concepts/with-tasks?project_id={project}``
    """
    return run(client, _core.concept.all_concepts_with_tasks(project))


def iter_concepts_with_tasks(
    project: str | dict, client: KitsuClient = default
) -> Generator[dict, None, None]:
    """
    Yield the concepts of a project with their tasks, while they arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).

    Returns:
        Generator[ConceptWithTasks, None, None]: The concepts, as
            ``all_concepts_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The concepts that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/concepts/with-tasks?project_id={project}``
    """
    return stream(client, _core.concept.all_concepts_with_tasks(project))


_late = LateNames(
    globals(),
    None,
    {
        "Generator": "typing",
    },
)
__getattr__ = _late.get
