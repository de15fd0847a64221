"""Playlists for reviews, and links to share them."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter
from .sorting import sort_by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import requests

    from ._engine.annotations import Literal
else:
    from ._requests_compat.stand_in import requests

default = raw.default_client


@cache
def all_playlists(client: KitsuClient = default) -> list[dict]:
    """
    List the playlists of all projects that the user may see.

    Returns:
        list[Playlist]: The playlists, sorted by name.

    Route: ``GET data/playlists``
    """
    return run(client, _core.playlist.all_playlists())


@cache
@composition
def all_shots_for_playlist(
    playlist: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the entries of a playlist.

    Args:
        playlist: The playlist (dict or id).

    Returns:
        list[PlaylistEntry]: The entries, dicts of ``"entity_id"`` and
            ``"preview_file_id"``. They are sorted by ``"name"``. If they have
            none, they are in the playlist's order.

    Route: ``GET data/playlists/{playlist}``
    """
    found = run(client, _core.playlist.get_playlist(playlist))
    return sort_by_name(found["shots"])


@cache
def all_playlists_for_project(
    project: str | dict, client: KitsuClient = default, page: int = 1
) -> list[dict]:
    """
    List one page of a project's playlists, most recently changed first.

    Args:
        project: The project (dict or id).
        page: The page's number, from 1.

    Returns:
        list[Playlist]: The playlists of the page, sorted by name.

    Route: ``GET data/projects/{project}/playlists``
    """
    return run(client, _core.playlist.all_playlists_for_project(project, page))


@cache
@composition
def all_playlists_for_episode(
    episode: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the most recently changed playlists of an episode.

    The episode is fetched first, unless it is a dict with a ``"project_id"``.

    Args:
        episode: The episode (dict or id).

    Returns:
        list[Playlist]: The first page of the playlists, sorted by name.

    Route: ``GET data/episodes/{episode}``, then
    ``GET data/projects/{project}/episodes/{episode}/playlists``
    """
    found = _core.model(episode, None)
    if "project_id" not in found:
        found = run(client, _core.shot.get_episode(_core.item(found, "id")))
    return run(
        client,
        _core.playlist.all_playlists_for_episode(found["project_id"], found),
    )


@cache
def get_playlist(playlist: str | dict, client: KitsuClient = default) -> dict:
    """
    Get a playlist.

    Args:
        playlist: The playlist (dict or id).

    Returns:
        Playlist: The playlist. ``"shots"`` are its entries, in the order in
            which they are reviewed.

    Raises:
        RouteNotFoundException: there is no such playlist.

    Route: ``GET data/playlists/{playlist}``
    """
    return run(client, _core.playlist.get_playlist(playlist))


@cache
def get_playlist_by_name(
    project: str | dict, name: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a playlist by its name.

    Args:
        project: The project (dict or id).
        name: The full name.

    Returns:
        Playlist | None: The playlist, or None when the project has none of
            that name.

    Route: ``GET data/playlists?project_id=&name=``
    """
    return run(client, _core.playlist.get_playlist_by_name(project, name))


@composition
def new_playlist(
    project: str | dict,
    name: str,
    episode: str | dict | None = None,
    for_entity: Literal[
        "shot", "asset", "sequence", "edit", "episode"
    ] = "shot",
    for_client: bool = False,
    is_for_all: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create a playlist, unless the project has one of that name.

    Args:
        project: The project (dict or id).
        name: The playlist's name.
        episode: The episode (dict or id) that it belongs to; the whole
            project when omitted.
        for_entity: The type of its entities: ``"shot"``, ``"asset"``,
            ``"sequence"``, ``"edit"`` or ``"episode"``.
        for_client: Whether clients see it.
        is_for_all: Without an episode, whether Kitsu lists it below all
            episodes instead of below the main pack.

    Returns:
        Playlist: The new playlist, or the existing one.

    Route: ``GET data/playlists``, then ``POST data/playlists``
    """
    project = normalize_model_parameter(project)
    if episode is not None:
        episode = {"id": _core.model(episode)["id"]}
    playlist = get_playlist_by_name(project, name, client=client)
    if playlist is None:
        playlist = run(
            client,
            _core.playlist.new_playlist(
                project, name, episode, for_entity, for_client, is_for_all
            ),
        )
    return playlist


def update_playlist(playlist: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a playlist.

    Args:
        playlist: A dict of the fields to save, with the playlist's
            ``"id"``.

    Returns:
        Playlist: The playlist as saved.

    Route: ``PUT data/playlists/{playlist}``
    """
    return run(client, _core.playlist.update_playlist(playlist))


def get_entity_preview_files(
    entity: str | dict, client: KitsuClient = default
) -> dict[str, list[dict]]:
    """
    Get the previews of an entity, by task type.

    Args:
        entity: The entity (dict or id).

    Returns:
        dict[str, list[EntityPreview]]: A dict from the task types' ids to their
            previews, last revision first. ``"duration"`` is in seconds.
            ``"previews"`` are the others of the same revision.

    Route: ``GET data/playlists/entities/{entity}/preview-files``
    """
    return run(client, _core.playlist.get_entity_preview_files(entity))


@composition
def add_entity_to_playlist(
    playlist: dict,
    entity: str | dict,
    preview_file: str | dict | None = None,
    persist: bool = True,
    client: KitsuClient = default,
) -> dict:
    """
    Add an entity to the end of a playlist.

    Args:
        playlist: A dict with the playlist's ``"id"``. The dict itself is not
            changed.
        entity: The entity (dict or id).
        preview_file: The preview (dict or id) to review; if omitted, the
            newest among the last revisions of each task type.
        persist: Save the playlist. If false, only the returned dict has the
            new entry.

    Returns:
        Playlist: The playlist with the new entry.

    Route: ``GET data/playlists/entities/{entity}/preview-files``, then
    ``POST actions/playlists/{playlist}/add-entity``
    """
    entity = _core.model(entity)
    if preview_file is None:
        by_task_type = get_entity_preview_files(entity, client=client)
        for task_type_id in by_task_type.keys():  # noqa: SIM118
            previews = by_task_type[task_type_id]
            if previews and (
                preview_file is None
                or preview_file["created_at"] < previews[0]["created_at"]
            ):
                preview_file = previews[0]
    entry = {"entity_id": entity["id"]}
    if preview_file is not None:
        preview_file = _core.model(preview_file)
        entry["preview_file_id"] = preview_file["id"]
    if persist:
        return run(
            client,
            _core.playlist.add_entity_to_playlist(
                playlist, entity, preview_file
            ),
        )
    extended = dict(playlist)
    extended["shots"] = [*(extended.get("shots") or []), entry]
    return extended


@composition
def remove_entity_from_playlist(
    playlist: dict,
    entity: str | dict,
    persist: bool = True,
    client: KitsuClient = default,
) -> dict:
    """
    Remove all entries of an entity from a playlist.

    Args:
        playlist: A dict with the playlist's ``"id"`` and ``"shots"``. Its
            ``"shots"`` are replaced.
        entity: The entity (dict or id).
        persist: Save the playlist.

    Returns:
        Playlist: The given dict.

    Route: ``PUT data/playlists/{playlist}``
    """
    entity = _core.model(entity)
    playlist["shots"] = [
        entry
        for entry in _core.item(playlist, "shots")
        if entry["entity_id"] != entity["id"]
    ]
    if persist:
        update_playlist(playlist, client=client)
    return playlist


@composition
def update_entity_preview(
    playlist: dict,
    entity: str | dict,
    preview_file: str | dict,
    persist: bool = True,
    client: KitsuClient = default,
) -> dict:
    """
    Choose the preview of an entity that a playlist reviews.

    Args:
        playlist: A dict with the playlist's ``"id"`` and ``"shots"``. The
            entity's entries are changed in it.
        entity: The entity (dict or id).
        preview_file: The preview (dict or id).
        persist: Save the playlist.

    Returns:
        Playlist: The given dict.

    Route: ``PUT data/playlists/{playlist}``
    """
    entity = _core.model(entity)
    preview_file = _core.model(preview_file)
    for entry in _core.item(playlist, "shots"):
        if entry["entity_id"] == entity["id"]:
            entry["preview_file_id"] = preview_file["id"]
    if persist:
        update_playlist(playlist, client=client)
    return playlist


def delete_playlist(
    playlist: str | dict, client: KitsuClient = default
) -> str:
    """
    Delete a playlist.

    Args:
        playlist: The playlist (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/playlists/{playlist}``
    """
    return run(client, _core.playlist.delete_playlist(playlist))


@cache
def get_build_job(
    playlist: str | dict,
    build_job: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Get a build of a playlist's movie.

    Args:
        playlist: The playlist (dict or id).
        build_job: The build (dict or id).

    Returns:
        BuildJob: The build. ``"status"`` is ``"running"``, ``"succeeded"`` or
            ``"failed"``.

    Raises:
        RouteNotFoundException: the playlist has no such build.

    Route: ``GET data/playlists/{playlist}/jobs/{build_job}``
    """
    return run(client, _core.playlist.get_build_job(playlist, build_job))


def remove_build_job(
    playlist: str | dict,
    build_job: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Delete a build of a playlist's movie.

    Args:
        playlist: The playlist (dict or id).
        build_job: The build (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/playlists/{playlist}/jobs/{build_job}``
    """
    return run(client, _core.playlist.remove_build_job(playlist, build_job))


@cache
def all_build_jobs_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the movie builds of a project's playlists. Only for administrators.

    Args:
        project: The project (dict or id).

    Returns:
        list[BuildJob]: The builds, in no particular order.

    Route: ``GET data/projects/{project}/build-jobs``
    """
    return run(client, _core.playlist.all_build_jobs_for_project(project))


def build_playlist_movie(
    playlist: str | dict, client: KitsuClient = default
) -> dict:
    """
    Start building a movie from a playlist's previews.

    Args:
        playlist: The playlist (dict or id).

    Returns:
        BuildJob: The build. A server without a job queue finishes it before it
            answers. If another build of the playlist is running, a dict whose
            ``"error"`` is True, with a ``"message"``.

    Route: ``GET data/playlists/{playlist}/build/mp4``
    """
    return run(client, _core.playlist.build_playlist_movie(playlist))


def download_playlist_build(
    playlist: str | dict,
    build_job: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download a movie that was built from a playlist.

    Args:
        playlist: The playlist (dict or id).
        build_job: The build (dict or id).
        file_path: The file to write. None keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response. The file is complete.

    Raises:
        ParameterException: the build has not succeeded.

    Route: ``GET data/playlists/{playlist}/jobs/{build_job}/build/mp4``
    """
    return run(
        client,
        _core.playlist.download_playlist_build(playlist, build_job, file_path),
        progress_callback=progress_callback,
    )


def download_playlist_zip(
    playlist: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the previews of a playlist in a zip archive.

    Args:
        playlist: The playlist (dict or id).
        file_path: The file to write. None keeps the content in memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response. The file is complete.

    Route: ``GET data/playlists/{playlist}/download/zip``
    """
    return run(
        client,
        _core.playlist.download_playlist_zip(playlist, file_path),
        progress_callback=progress_callback,
    )


def generate_temp_playlist(
    project: str | dict, data: dict, client: KitsuClient = default
) -> dict:
    """
    Get the entries for a playlist of some tasks. No playlist is saved.

    Args:
        project: The project (dict or id).
        data: The content of the playlist: ``"task_ids"``, ``"entity_ids"`` or
            both, lists of ids.

    Returns:
        list[dict[str, Any]]: A list of entries: those of the tasks, then those
            of the entities.

    Raises:
        ParameterException: an id is malformed.

    Route: ``POST data/projects/{project}/playlists/temp``
    """
    return run(client, _core.playlist.generate_temp_playlist(project, data))


def notify_clients_playlist_ready(
    playlist: str | dict, client: KitsuClient = default
) -> dict:
    """
    Tell the clients of the project that a playlist is ready.

    Args:
        playlist: The playlist (dict or id).

    Returns:
        dict[str, str]: A dict whose ``"status"`` is ``"success"``.

    Route: ``POST data/playlists/{playlist}/notify-clients``
    """
    return run(client, _core.playlist.notify_clients_playlist_ready(playlist))


def new_share_link(
    playlist: str | dict,
    expiration_date: str | None = None,
    can_comment: bool = True,
    password: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a link that shows a playlist to guests. Only for managers.

    Args:
        playlist: The playlist (dict or id).
        expiration_date: The last day that the link works, ``YYYY-MM-DD``, or a
            datetime in ISO 8601. If empty, the link does not expire.
        can_comment: Whether guests may comment.
        password: The password for guests. If empty, they need none.

    Returns:
        PlaylistShareLink: The link. Its URL ends with ``"token"``.

    Raises:
        ParameterException: the date is malformed.

    Route: ``POST data/playlists/{playlist}/share``
    """
    return run(
        client,
        _core.playlist.new_share_link(
            playlist, expiration_date, can_comment, password
        ),
    )


def all_share_links_for_playlist(
    playlist: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the links to a playlist that have not been revoked. Only for managers.

    Args:
        playlist: The playlist (dict or id).

    Returns:
        list[PlaylistShareLink]: The links, in no particular order.

    Route: ``GET data/playlists/{playlist}/share``
    """
    return run(client, _core.playlist.all_share_links_for_playlist(playlist))


def remove_share_link(
    playlist: str | dict,
    token: str,
    client: KitsuClient = default,
) -> str:
    """
    Revoke a link to a playlist. Only for managers.

    Args:
        playlist: The playlist (dict or id).
        token: The link's ``"token"``.

    Returns:
        str: The body of the answer: the link as JSON text.

    Route: ``DELETE data/playlists/{playlist}/share/{token}``
    """
    return run(client, _core.playlist.remove_share_link(playlist, token))


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Literal": "._engine.annotations",
    },
)
__getattr__ = _late.get


def get_playlist_for_project(
    project: str | dict, playlist: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get a playlist with the preview of each entry, but without annotations.

    Args:
        project: The playlist's project (dict or id).
        playlist: The playlist (dict or id).

    Returns:
        ReviewPlaylist: The playlist, with the ``"build_jobs"`` and the
            previews of its entries.

    Raises:
        NotAllowedException: the user has no access to the playlist, or is a
            vendor.
        RouteNotFoundException: the project has no such playlist.

    Not in upstream.

    Route: ``GET data/projects/{project}/playlists/{playlist}``
    """
    return run(
        client, _core.playlist.get_playlist_for_project(project, playlist)
    )


def all_playlists_with_build_jobs_for_project(
    project: str | dict, page: int | None = None, client: KitsuClient = default
) -> list[dict] | dict:
    """
    List the playlists of a project with the ids of their build jobs.

    Args:
        project: The project (dict or id).
        page: The page, from 1. If omitted, all playlists are returned.

    Returns:
        list[Playlist] | dict[str, Any]: Without a page, the playlists. With
            one, a dict: the page's playlists under ``"data"``, and ``"page"``,
            ``"nb_pages"``, ``"total"``, ``"limit"`` and ``"offset"``.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/projects/{project}/playlists/all``
    """
    return run(
        client,
        _core.playlist.all_playlists_with_build_jobs_for_project(
            project, page
        ),
    )


def add_entities_to_playlist(
    playlist: str | dict, entities: list[dict], client: KitsuClient = default
) -> dict:
    """
    Add several entities to a playlist at once. Those that are in it with the
    same preview are not added again.

    Args:
        playlist: The playlist (dict or id).
        entities: A list of dicts with ``"entity_id"``, and optionally
            ``"preview_file_id"``. If that is omitted, the server chooses the
            last preview for the playlist's task type.

    Returns:
        Playlist: The playlist as saved.

    Raises:
        NotAllowedException: the user neither manages the project, nor is a
            supervisor who created the playlist.

    Not in upstream.

    Route: ``POST actions/playlists/{playlist}/add-entities``
    """
    return run(
        client, _core.playlist.add_entities_to_playlist(playlist, entities)
    )


def invite_to_share_link(
    playlist: str | dict,
    token: str,
    emails: list[str] | None = None,
    persons: list[str | dict] | None = None,
    message: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Send a mail with a link that shows a playlist to guests.

    Args:
        playlist: The playlist (dict or id).
        token: The link's ``"token"``.
        emails: The addresses.
        persons: Persons who get it, too (dicts or ids).
        message: A text for the mail.

    Returns:
        dict[Literal["sent"], list[str]]: The addresses that the mail was sent
            to.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: an address is malformed.
        RouteNotFoundException: the playlist has no such link.

    Not in upstream.

    Route: ``POST data/playlists/{playlist}/share/{token}/invite``
    """
    return run(
        client,
        _core.playlist.invite_to_share_link(
            playlist, token, emails, persons, message
        ),
    )
