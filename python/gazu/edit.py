"""Edits: the cuts of a project or of an episode."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.metadata import update_metadata
from ._engine.rows import of_episode, stream
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generator

default = raw.default_client


@cache
def get_edit(edit_id: str, client: KitsuClient = default) -> dict:
    """
    Get an edit by its id.

    Args:
        edit_id: The edit's id.

    Returns:
        Edit: The edit.

    Raises:
        RouteNotFoundException: no edit has this id.

    Route: ``GET data/edits/{edit_id}``
    """
    return run(client, _core.edit.get_edit(edit_id))


@cache
def get_edit_by_name(
    project: str | dict, edit_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an edit of a project by its name.

    Args:
        project: The project (dict or id).
        edit_name: The edit's full name.

    Returns:
        Edit | None: The edit, or ``None`` when the project has none of this
            name.

    Route: ``GET data/edits/all?project_id={project}&name={edit_name}``
    """
    return run(client, _core.edit.get_edit_by_name(project, edit_name))


@cache
@composition
def get_edit_url(edit: str | dict, client: KitsuClient = default) -> str:
    """
    Return the URL of an edit's page in Kitsu.

    Args:
        edit: The edit (dict or id).

    Returns:
        str: The URL. It includes the episode if the edit belongs to one.

    Route: ``GET data/edits/{edit}``
    """
    edit = _core.model(edit)
    found = get_edit(edit["id"], client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['project_id']}"
    if found["episode_id"] is not None:
        page += f"/episodes/{found['episode_id']}"
    return f"{page}/edits/{found['id']}/"


@cache
def all_edits_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the edits of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Edit]: The edits, sorted by name.

    Route: ``GET data/projects/{project}/edits``
    """
    return run(client, _core.edit.all_edits_for_project(project))


@cache
def all_previews_for_edit(
    edit: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews that were published for an edit.

    Args:
        edit: The edit (dict or id).

    Returns:
        dict[str, list[EntityPreview]]: The server's answer. Zou returns a dict
            that maps the id of each task type to a list of its previews, last
            revision first.

    Route: ``GET data/edits/{edit}/preview-files``
    """
    return run(client, _core.edit.all_previews_for_edit(edit))


@composition
def new_edit(
    project: str | dict,
    name: str,
    description: str | None = None,
    data: dict | None = None,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create an edit, unless the project has one of this name.

    Args:
        project: The project (dict or id).
        name: The edit's name.
        description: The description.
        data: Metadata of any kind.
        episode: The episode that is edited (dict or id); the whole project
            when omitted.

    Returns:
        Edit: The new edit, or the existing one, unchanged.

    Route: ``GET data/edits/all?project_id={project}&name={name}``, then
    ``POST data/projects/{project}/edits``
    """
    project = normalize_model_parameter(project)
    if episode is not None:
        # An episode without an id must be noticed before anything is sent.
        episode = {"id": _core.model(episode)["id"]}
    edit = get_edit_by_name(project, name, client=client)
    if edit is None:
        edit = run(
            client,
            _core.edit.new_edit(project, name, description, data, episode),
        )
    return edit


def remove_edit(
    edit: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove an edit, or cancel it when it has tasks.

    Args:
        edit: The edit (dict or id).
        force: Remove it and its tasks instead of canceling it.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/edits/{edit}``
    """
    return run(client, _core.edit.remove_edit(edit, force))


def update_edit(edit: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of an edit.

    Args:
        edit: The edit, as a dict that has an ``"id"``. Fields that are missing
            from the dict are not changed on the server.

    Returns:
        Edit: The updated edit.

    Route: ``PUT data/entities/{edit}``
    """
    return run(client, _core.edit.update_edit(edit))


@composition
def update_edit_data(
    edit: str | dict, data: dict | None = None, client: KitsuClient = default
) -> dict:
    """
    Set some metadata of an edit and keep the others.

    Args:
        edit: The edit (dict or id).
        data: The metadata to set.

    Returns:
        Edit: The updated edit.

    Route: ``GET data/edits/{edit}``, then ``PUT data/entities/{edit}``
    """
    return update_metadata(edit, data, get_edit, update_edit, client=client)


def all_edits_for_episode(
    episode: str | dict, relations: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the edits of an episode.

    Args:
        episode: The episode (dict or id).
        relations: Add the ids of related records.

    Returns:
        list[Edit]: The edits, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/episodes/{episode}/edits``
    """
    return run(client, _core.edit.all_edits_for_episode(episode, relations))


def all_versions_for_edit(
    edit: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the versions of an edit. Zou 1.0.97 keeps versions of shots only.

    Args:
        edit: The edit (dict or id).

    Returns:
        list[EntityVersion]: The versions, latest first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/edits/{edit}/versions``
    """
    return run(client, _core.edit.all_versions_for_edit(edit))


def all_edits_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the edits of a project or episode with their tasks, in one request.

    Args:
        project: The project (dict or id).
        episode: Only the edits of this episode (dict or id).
            ``"main"`` for those of no episode.

    Returns:
        list[EditWithTasks]: The edits, in no particular order. The tasks of
            each are in ``tasks``. Vendors only get those with a task that is
            assigned to them.

    Not in upstream.

    Route: ``GET data/edits/with-tasks?project_id={project}``
    """
    return run(
        client, _core.edit.all_edits_with_tasks(project, of_episode(episode))
    )


def iter_edits_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> Generator[dict, None, None]:
    """
    Yield the edits of a project or episode with their tasks, while they arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).
        episode: Only the edits of this episode (dict or id).
            ``"main"`` for those of no episode.

    Returns:
        Generator[EditWithTasks, None, None]: The edits, as
            ``all_edits_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The edits that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/edits/with-tasks?project_id={project}``
    """
    return stream(
        client, _core.edit.all_edits_with_tasks(project, of_episode(episode))
    )


_late = LateNames(
    globals(),
    None,
    {
        "Generator": "typing",
    },
)
__getattr__ = _late.get
