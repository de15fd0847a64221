"""Shots, and the sequences and episodes that they belong to."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._deprecated.call_forms import (
    also_called,
    data_as_keyword,
    episode_before_name,
)
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.metadata import update_metadata
from ._engine.rows import stream
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generator

    import requests

    from ._engine.annotations import Literal
else:
    from ._requests_compat.stand_in import requests

default = raw.default_client


@cache
def all_previews_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews that were published for a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        dict[str, list[EntityPreview]]: The server's answer. Zou returns a dict
            that maps the id of each task type to a list of its previews, last
            revision first.

    Route: ``GET data/shots/{shot}/preview-files``
    """
    return run(client, _core.shot.all_previews_for_shot(shot))


@cache
def all_shots_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shots of a project, canceled ones included.

    Args:
        project: The project (dict or id).

    Returns:
        list[Shot]: The shots, sorted by name.

    Example:
        for shot in gazu.shot.all_shots_for_project(project):
            print(shot["name"], shot["nb_frames"])

    Route: ``GET data/projects/{project}/shots``
    """
    return run(client, _core.shot.all_shots_for_project(project))


@cache
def all_shots_for_episode(
    episode: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shots of all sequences of an episode.

    Args:
        episode: The episode (dict or id).

    Returns:
        list[Shot]: The shots, sorted by name.

    Route: ``GET data/episodes/{episode}/shots``
    """
    return run(client, _core.shot.all_shots_for_episode(episode))


@cache
def all_shots_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shots of a sequence.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[Shot]: The shots, sorted by name.

    Example:
        for shot in gazu.shot.all_shots_for_sequence(sequence):
            print(shot["name"])

    Route: ``GET data/sequences/{sequence}/shots``
    """
    return run(client, _core.shot.all_shots_for_sequence(sequence))


@cache
def all_sequences_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the sequences of a project, including those of all episodes.

    Args:
        project: The project (dict or id).

    Returns:
        list[Sequence]: The sequences, sorted by name.

    Example:
        for sequence in gazu.shot.all_sequences_for_project(project):
            print(sequence["name"])

    Route: ``GET data/projects/{project}/sequences``
    """
    return run(client, _core.shot.all_sequences_for_project(project))


@cache
def all_sequences_for_episode(
    episode: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the sequences of an episode.

    Args:
        episode: The episode (dict or id).

    Returns:
        list[Sequence]: The sequences, sorted by name.

    Route: ``GET data/episodes/{episode}/sequences``
    """
    return run(client, _core.shot.all_sequences_for_episode(episode))


@cache
def all_episodes_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the episodes of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Episode]: The episodes, sorted by name. Only a TV show has any.

    Route: ``GET data/projects/{project}/episodes``
    """
    return run(client, _core.shot.all_episodes_for_project(project))


@cache
def get_episode(episode_id: str, client: KitsuClient = default) -> dict:
    """
    Get an episode by its id.

    Args:
        episode_id: The episode's id.

    Returns:
        Episode: The episode.

    Raises:
        RouteNotFoundException: no episode has this id.

    Route: ``GET data/episodes/{episode_id}``
    """
    return run(client, _core.shot.get_episode(episode_id))


@cache
def get_episode_by_name(
    project: str | dict, episode_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an episode of a project by its name.

    Args:
        project: The project (dict or id).
        episode_name: The episode's full name.

    Returns:
        Episode | None: The episode, or ``None`` when the project has none of
            this name.

    Route: ``GET data/episodes?project_id={project}&name={episode_name}``
    """
    return run(client, _core.shot.get_episode_by_name(project, episode_name))


@cache
@composition
def get_episode_from_sequence(
    sequence: dict, client: KitsuClient = default
) -> dict | None:
    """
    Get the episode that a sequence belongs to.

    Args:
        sequence: The sequence, as a dict that has a ``"parent_id"``.

    Returns:
        Episode | None: The episode, or ``None`` when the sequence belongs to
            none.

    Raises:
        KeyError: the dict has no ``"parent_id"``.

    Route: ``GET data/episodes/{episode}``
    """
    episode_id = _core.item(sequence, "parent_id")
    if episode_id is None:
        return None
    return get_episode(episode_id, client=client)


@cache
def get_sequence(sequence_id: str, client: KitsuClient = default) -> dict:
    """
    Get a sequence by its id.

    Args:
        sequence_id: The sequence's id.

    Returns:
        Sequence: The sequence.

    Raises:
        RouteNotFoundException: no sequence has this id.

    Route: ``GET data/sequences/{sequence_id}``
    """
    return run(client, _core.shot.get_sequence(sequence_id))


@cache
def get_sequence_by_name(
    project: str | dict,
    sequence_name: str,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> dict | None:
    """
    Get a sequence of a project or of an episode by its name.

    Args:
        project: The project (dict or id).
        sequence_name: The sequence's full name.
        episode: The episode (dict or id). If given, only the episode's
            sequences are searched.

    Returns:
        Sequence | None: The first sequence of that name, or ``None`` when
            there is none.

    Example:
        sequence = gazu.shot.get_sequence_by_name(project, "SE01")

    Route: ``GET data/sequences?project_id={project}&name={sequence_name}``,
    or ``GET data/sequences?episode_id={episode}&name={sequence_name}``
    """
    if episode is None:
        return run(
            client, _core.shot.get_sequence_by_name(project, sequence_name)
        )
    # The project is not sent in this case, but it must still be valid.
    normalize_model_parameter(project)
    return run(
        client,
        _core.shot.get_sequence_by_name_for_episode(episode, sequence_name),
    )


@cache
@composition
def get_sequence_from_shot(shot: dict, client: KitsuClient = default) -> dict:
    """
    Get the sequence that a shot belongs to.

    Args:
        shot: The shot (dict or id). It is fetched if it is an id or a dict
            without a ``"parent_id"``.

    Returns:
        Sequence: The sequence.

    Route: ``GET data/shots/{shot}`` where the sequence is not known, then
    ``GET data/sequences/{sequence}``
    """
    shot = _core.model(shot, None)
    if "parent_id" not in shot:
        shot = get_shot(_core.item(shot, "id"), client=client)
    return get_sequence(shot["parent_id"], client=client)


@cache
def get_shot(shot_id: str, client: KitsuClient = default) -> dict:
    """
    Get a shot by its id.

    Args:
        shot_id: The shot's id.

    Returns:
        FullShot: The shot, with the names of its project, sequence and episode,
            and its tasks.

    Raises:
        RouteNotFoundException: no shot has this id.

    Example:
        shot = gazu.shot.get_shot(shot["id"])
        print(shot["sequence_name"], shot["name"])

    Route: ``GET data/shots/{shot_id}``
    """
    return run(client, _core.shot.get_shot(shot_id))


@cache
def get_shot_by_name(
    sequence: str | dict, shot_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a shot of a sequence by its name.

    Args:
        sequence: The sequence (dict or id).
        shot_name: The shot's full name.

    Returns:
        Shot | None: The shot, or ``None`` when the sequence has none of this
            name.

    Example:
        sequence = gazu.shot.get_sequence_by_name(project, "SE01")
        shot = gazu.shot.get_shot_by_name(sequence, "SH01")

    Route: ``GET data/shots/all?sequence_id={sequence}&name={shot_name}``
    """
    return run(client, _core.shot.get_shot_by_name(sequence, shot_name))


@cache
@composition
def get_episode_url(episode: str | dict, client: KitsuClient = default) -> str:
    """
    Return the URL of the page in Kitsu that lists an episode's shots.

    Args:
        episode: The episode (dict or id).

    Returns:
        str: The URL.

    Route: ``GET data/episodes/{episode}``
    """
    episode = _core.model(episode)
    found = get_episode(episode["id"], client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['project_id']}"
    return f"{page}/episodes/{found['id']}/shots"


@cache
@composition
def get_shot_url(shot: str | dict, client: KitsuClient = default) -> str:
    """
    Return the URL of a shot's page in Kitsu.

    Args:
        shot: The shot (dict or id).

    Returns:
        str: The URL. It includes the episode if the shot belongs to one.

    Route: ``GET data/shots/{shot}``
    """
    shot = _core.model(shot)
    found = get_shot(shot["id"], client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['project_id']}"
    if found["episode_id"] is not None:
        page += f"/episodes/{found['episode_id']}"
    return f"{page}/shots/{found['id']}/"


@cache
@composition
def get_all_episodes_url(
    project: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the URL of the page in Kitsu that lists a project's episodes.

    No request is sent. The page is empty unless the project is a TV show.

    Args:
        project: The project (dict or id).

    Returns:
        str: The URL.
    """
    project = _core.model(project)
    host = raw.get_api_url_from_host(client=client)
    return f"{host}/productions/{project['id']}/episodes/"


@cache
@composition
def get_all_sequences_url(
    project: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the URL of the page in Kitsu that lists a project's sequences.

    No request is sent.

    Args:
        project: The project (dict or id).

    Returns:
        str: The URL.
    """
    project = _core.model(project)
    host = raw.get_api_url_from_host(client=client)
    return f"{host}/productions/{project['id']}/sequences/"


@cache
@composition
def get_sequence_url(
    sequence: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the URL of a sequence's page in Kitsu.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        str: The URL. It includes the episode if the sequence belongs to one.

    Route: ``GET data/sequences/{sequence}``
    """
    sequence = _core.model(sequence)
    found = get_sequence(sequence["id"], client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['project_id']}"
    if found.get("parent_id") is not None:
        page += f"/episodes/{found['parent_id']}"
    return f"{page}/sequences/{found['id']}/"


@also_called(episode_before_name)
@composition
def new_sequence(
    project: str | dict,
    name: str,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a sequence, unless there is one of this name.

    Args:
        project: The project (dict or id).
        name: The sequence's name.
        episode: The episode that the sequence belongs to (dict or id).

    Returns:
        Sequence: The new sequence, or the existing one of the episode or
            project, unchanged.

    Example:
        sequence = gazu.shot.new_sequence(project, "SE02")

    Route: ``GET data/sequences``, then
    ``POST data/projects/{project}/sequences``
    """
    project = normalize_model_parameter(project)
    episode = normalize_model_parameter(episode)
    sequence = get_sequence_by_name(
        project, name, episode=episode, client=client
    )
    if sequence is None:
        sequence = run(client, _core.shot.new_sequence(project, name, episode))
    return sequence


@composition
def new_shot(
    project: str | dict,
    sequence: str | dict,
    name: str,
    nb_frames: int | None = None,
    frame_in: int | None = None,
    frame_out: int | None = None,
    description: str | None = None,
    data: dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a shot, unless the sequence has one of this name.

    Args:
        project: The project (dict or id).
        sequence: The sequence that the shot belongs to (dict or id).
        name: The shot's name.
        nb_frames: How many frames the shot has.
        frame_in: Its first frame, kept in the metadata as ``"frame_in"``.
        frame_out: Its last frame, kept in the metadata as ``"frame_out"``.
        description: The description.
        data: Metadata of any kind. The dict itself is not changed.

    Returns:
        Shot: The new shot, or the existing one, unchanged.

    Example:
        sequence = gazu.shot.new_sequence(project, "SE02")
        shot = gazu.shot.new_shot(
            project, sequence, "SH01", frame_in=101, frame_out=148
        )

    Route: ``GET data/shots/all?sequence_id={sequence}&name={name}``, then
    ``POST data/projects/{project}/shots``
    """
    data = dict(data) if data else {}
    project = normalize_model_parameter(project)
    sequence = _core.model(sequence)
    if frame_in is not None:
        data["frame_in"] = frame_in
    if frame_out is not None:
        data["frame_out"] = frame_out
    shot = get_shot_by_name(sequence, name, client=client)
    if shot is None:
        shot = run(
            client,
            _core.shot.new_shot(
                project, sequence, name, nb_frames, description, data
            ),
        )
    return shot


@also_called(data_as_keyword)
def update_shot(shot: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a shot.

    Args:
        shot: The shot, as a dict that has an ``"id"``. Fields that are missing
            from the dict are not changed on the server.

    Returns:
        Shot: The updated shot.

    Example:
        shot["nb_frames"] = 60
        gazu.shot.update_shot(shot)

    Route: ``PUT data/entities/{shot}``
    """
    return run(client, _core.shot.update_shot(shot))


def update_sequence(sequence: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a sequence.

    Args:
        sequence: The sequence, as a dict that has an ``"id"``. Fields that are
            missing from the dict are not changed on the server.

    Returns:
        Sequence: The updated sequence.

    Route: ``PUT data/entities/{sequence}``
    """
    return run(client, _core.shot.update_sequence(sequence))


@cache
def get_asset_instances_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the asset instances that are used in a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The server's answer. Zou returns a dict
            that maps the id of each asset to a list of its instances.

    Route: ``GET data/shots/{shot}/asset-instances``
    """
    return run(client, _core.shot.get_asset_instances_for_shot(shot))


@composition
def update_shot_data(
    shot: str | dict,
    data: dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Set some metadata of a shot and keep the others.

    Args:
        shot: The shot (dict or id).
        data: The metadata to set.

    Returns:
        Shot: The updated shot.

    Example:
        gazu.shot.update_shot_data(shot, {"camera": "A"})

    Route: ``GET data/shots/{shot}``, then ``PUT data/entities/{shot}``
    """
    return update_metadata(shot, data, get_shot, update_shot, client=client)


@composition
def update_sequence_data(
    sequence: str | dict,
    data: dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Set some metadata of a sequence and keep the others.

    If the cache is enabled, the other metadata comes from the cache. The
    cached copy is not updated.

    Args:
        sequence: The sequence (dict or id).
        data: The metadata to set.

    Returns:
        Sequence: The updated sequence.

    Route: ``GET data/sequences/{sequence}``, then
    ``PUT data/entities/{sequence}``
    """
    return update_metadata(
        sequence,
        data,
        get_sequence,
        update_sequence,
        client=client,
        use_cache=True,
        data_may_be_missing=True,
    )


def remove_shot(
    shot: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove a shot, or cancel it when it has tasks.

    Args:
        shot: The shot (dict or id).
        force: Remove it and its tasks instead of canceling it.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/shots/{shot}``
    """
    return run(client, _core.shot.remove_shot(shot, force))


def restore_shot(shot: str | dict, client: KitsuClient = default) -> dict:
    """
    Restore a canceled shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        Shot: The updated shot.

    Route: ``PUT data/shots/{shot}``
    """
    return run(client, _core.shot.restore_shot(shot))


@composition
def new_episode(
    project: str | dict, name: str, client: KitsuClient = default
) -> dict:
    """
    Create an episode, unless the project has one of this name.

    Args:
        project: The project (dict or id).
        name: The episode's name.

    Returns:
        Episode: The new episode, or the existing one.

    Example:
        episode = gazu.shot.new_episode(project, "E01")
        sequence = gazu.shot.new_sequence(project, "SE02", episode=episode)

    Route: ``GET data/episodes?project_id={project}&name={name}``, then
    ``POST data/projects/{project}/episodes``
    """
    project = normalize_model_parameter(project)
    episode = get_episode_by_name(project, name, client=client)
    if episode is None:
        episode = run(client, _core.shot.new_episode(project, name))
    return episode


def update_episode(episode: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of an episode.

    Args:
        episode: The episode, as a dict that has an ``"id"``. Fields that are
            missing from the dict are not changed on the server.

    Returns:
        Episode: The updated episode.

    Route: ``PUT data/entities/{episode}``
    """
    return run(client, _core.shot.update_episode(episode))


@composition
def update_episode_data(
    episode: str | dict,
    data: dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Set some metadata of an episode and keep the others.

    If the cache is enabled, the other metadata comes from the cache. The
    cached copy is not updated.

    Args:
        episode: The episode (dict or id).
        data: The metadata to set.

    Returns:
        Episode: The updated episode.

    Route: ``GET data/episodes/{episode}``, then
    ``PUT data/entities/{episode}``
    """
    return update_metadata(
        episode,
        data,
        get_episode,
        update_episode,
        client=client,
        use_cache=True,
    )


def remove_episode(
    episode: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove an episode.

    Args:
        episode: The episode (dict or id).
        force: Remove its sequences, shots, assets, playlists and tasks too.

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        ParameterException: other data belongs to the episode, and ``force`` is
            not set.

    Route: ``DELETE data/episodes/{episode}``
    """
    return run(client, _core.shot.remove_episode(episode, force))


def remove_sequence(
    sequence: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove a sequence.

    Args:
        sequence: The sequence (dict or id).
        force: Remove its shots, scenes and tasks too.

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        ParameterException: other data belongs to the sequence, and ``force``
            is not set.

    Route: ``DELETE data/sequences/{sequence}``
    """
    return run(client, _core.shot.remove_sequence(sequence, force))


@composition
def all_asset_instances_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the asset instances that are used in a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The result of
            ``get_asset_instances_for_shot``.

    Route: ``GET data/shots/{shot}/asset-instances``
    """
    return get_asset_instances_for_shot(shot, client=client)


def add_asset_instance_to_shot(
    shot: str | dict, asset_instance: str | dict, client: KitsuClient = default
) -> dict:
    """
    Use an asset instance in a shot.

    Args:
        shot: The shot (dict or id).
        asset_instance: The asset instance (dict or id).

    Returns:
        Shot: The shot.

    Route: ``POST data/shots/{shot}/asset-instances``
    """
    return run(
        client, _core.shot.add_asset_instance_to_shot(shot, asset_instance)
    )


def remove_asset_instance_from_shot(
    shot: str | dict, asset_instance: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an asset instance from a shot.

    Args:
        shot: The shot (dict or id).
        asset_instance: The asset instance (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/shots/{shot}/asset-instances/{asset_instance}``
    """
    return run(
        client,
        _core.shot.remove_asset_instance_from_shot(shot, asset_instance),
    )


def import_shots_with_csv(
    project: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[dict]:
    """
    Create shots of a project from a CSV file, as Kitsu exports it.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to read.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[Shot]: The shots, in the order of the file's lines.

    Raises:
        ParameterException: a line is wrong. The lines before it are
            imported.
        OSError: the file cannot be read.

    Route: ``POST import/csv/projects/{project}/shots``
    """
    return run(
        client,
        _core.shot.import_shots_with_csv(project, csv_file_path),
        progress_callback=progress_callback,
    )


def import_otio(
    project: str | dict,
    otio_file_path: str,
    episode: str | dict | None = None,
    naming_convention: str | None = None,
    match_case: bool = True,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict[Literal["created_shots", "updated_shots"], list[dict]]:
    """
    Create and update shots from a timeline.

    Args:
        project: The project (dict or id).
        otio_file_path: The file to read: OpenTimelineIO, or any format that
            the server has an adapter for, such as EDL.
        episode: The episode that the shots belong to (dict or id).
        naming_convention: The pattern of the clip names, made of
            ``${project_name}``, ``${episode_name}``, ``${sequence_name}`` and
            ``${shot_name}``. When omitted:
            ``${project_name}_${sequence_name}-${shot_name}``, or
            ``${project_name}_${episode_name}-${sequence_name}-${shot_name}``
            with an episode.
        match_case: Whether the names of shots and clips are compared with
            case.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        dict[str, list[Shot]]: Two lists of shots, in the order of the clips:
            ``"created_shots"`` and ``"updated_shots"``.

    Raises:
        ParameterException: the server cannot read the file.
        OSError: the file cannot be read here.

    Route: ``POST import/otio/projects/{project}``, or
    ``POST import/otio/projects/{project}/episodes/{episode}``
    """
    return run(
        client,
        _core.shot.import_otio(
            project, otio_file_path, episode, naming_convention, match_case
        ),
        progress_callback=progress_callback,
    )


def export_shots_with_csv(
    project: str | dict,
    csv_file_path: str,
    episode: str | dict | None = None,
    assigned_to: str | dict | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Write the shots of a project to a CSV file.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        episode: Only shots of this episode (dict or id).
        assigned_to: Only shots with a task of this person (dict or id).
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        OSError: the file cannot be written.

    Route: ``GET export/csv/projects/{project}/shots.csv``
    """
    return run(
        client,
        _core.shot.export_shots_with_csv(
            project, csv_file_path, episode, assigned_to
        ),
        progress_callback=progress_callback,
    )


def all_shots_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the shots of a project or episode with their tasks, in one request.

    Args:
        project: The project (dict or id).
        episode: Only the shots of this episode (dict or id).

    Returns:
        list[ShotWithTasks]: The shots, in no particular order. The tasks of
            each are in ``tasks``. Vendors only get those with a task that is
            assigned to them.

    Not in upstream.

    Route: ``GET data/shots/with-tasks?project_id={project}``
    ``&stream=true&compact=true``
    """
    return run(client, _core.shot.all_shots_with_tasks(project, episode))


def iter_shots_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> Generator[dict, None, None]:
    """
    Yield the shots of a project or episode with their tasks, while they arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).
        episode: Only the shots of this episode (dict or id).

    Returns:
        Generator[ShotWithTasks, None, None]: The shots, as
            ``all_shots_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The shots that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/shots/with-tasks?project_id={project}``
    ``&stream=true&compact=true``
    """
    return stream(client, _core.shot.all_shots_with_tasks(project, episode))


def all_sequences_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the sequences of a project or episode with their tasks, in one request.

    Args:
        project: The project (dict or id).
        episode: Only the sequences of this episode (dict or
            id).

    Returns:
        list[SequenceWithTasks]: The sequences, in no particular order. The
            tasks of each are in ``tasks``.

    Not in upstream.

    Route: ``GET data/sequences/with-tasks?project_id={project}``
    """
    return run(client, _core.shot.all_sequences_with_tasks(project, episode))


def iter_sequences_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> Generator[dict, None, None]:
    """
    Yield the sequences of a project or episode with their tasks, while they
    arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).
        episode: Only the sequences of this episode (dict or
            id).

    Returns:
        Generator[SequenceWithTasks, None, None]: The sequences, as
            ``all_sequences_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The sequences that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/sequences/with-tasks?project_id={project}``
    """
    return stream(
        client, _core.shot.all_sequences_with_tasks(project, episode)
    )


def all_episodes_with_tasks(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the episodes of a project with their tasks, in one request.

    Args:
        project: The project (dict or id).

    Returns:
        list[EpisodeWithTasks]: The episodes, in no particular order. The tasks
            of each are in ``tasks``.

    Not in upstream.

    Route: ``GET data/episodes/with-tasks?project_id={project}``
    """
    return run(client, _core.shot.all_episodes_with_tasks(project))


def iter_episodes_with_tasks(
    project: str | dict, client: KitsuClient = default
) -> Generator[dict, None, None]:
    """
    Yield the episodes of a project with their tasks, while they arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).

    Returns:
        Generator[EpisodeWithTasks, None, None]: The episodes, as
            ``all_episodes_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The episodes that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/episodes/with-tasks?project_id={project}``
    """
    return stream(client, _core.shot.all_episodes_with_tasks(project))


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Generator": "typing",
        "Literal": "._engine.annotations",
    },
)
__getattr__ = _late.get


def all_versions_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the versions of a shot. The server keeps one when the name changes, or
    ``"frame_in"`` or ``"frame_out"`` in the metadata.

    Args:
        shot: The shot (dict or id).

    Returns:
        list[EntityVersion]: The versions, latest first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/shots/{shot}/versions``
    """
    return run(client, _core.shot.all_versions_for_shot(shot))


def get_episode_stats(
    project: str | dict, client: KitsuClient = default
) -> dict:
    """
    Count the tasks of a project by episode, task type and task status.

    Args:
        project: The project (dict or id).

    Returns:
        dict[str, dict[str, dict[str, Any]]]: A dict for each episode's id and
            for ``"all"``, of dicts for each task type's id and for ``"all"``,
            of dicts for each task status's id: its ``"name"``, ``"color"``,
            and how many tasks, frames and drawings have it.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client who may not see statistics.

    Not in upstream.

    Route: ``GET data/projects/{project}/episodes/stats``
    """
    return run(client, _core.shot.get_episode_stats(project))


def get_episode_retake_stats(
    project: str | dict, client: KitsuClient = default
) -> dict:
    """
    Count the retakes of a project's tasks by episode and task type.

    Args:
        project: The project (dict or id).

    Returns:
        dict[str, dict[str, dict[str, Any]]]: A dict for each episode's id and
            for ``"all"``, of dicts for each task type's id and for ``"all"``:
            the tasks that are ``"done"``, in ``"retake"`` and ``"other"``, the
            ``"max_retake_count"``, and the ``"evolution"`` from take to take.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client.

    Not in upstream.

    Route: ``GET data/projects/{project}/episodes/retake-stats``
    """
    return run(client, _core.shot.get_episode_retake_stats(project))


def set_nb_frames_from_previews(
    project: str | dict,
    task_type: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Set the number of frames of a project's shots to the length of their last
    previews.

    Args:
        project: The project (dict or id).
        task_type: The type of the tasks that have the previews (dict or id).
        episode: Only shots of this episode (dict or id).

    Returns:
        list[FrameCount]: The ``"id"`` and ``"nb_frames"`` of each shot that
            has a preview.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-types/{task_type}/``
    ``set-shot-nb-frames``
    """
    return run(
        client,
        _core.shot.set_nb_frames_from_previews(project, task_type, episode),
    )
