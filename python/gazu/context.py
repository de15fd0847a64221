"""Lists for a whole production, or only for the logged-in user."""

from __future__ import annotations

from . import asset as gazu_asset
from . import client as raw
from . import project as gazu_project
from . import scene as gazu_scene
from . import shot as gazu_shot
from . import task as gazu_task
from . import user as gazu_user
from ._engine.composition import composition
from .client import KitsuClient

default = raw.default_client


@composition
def all_open_projects(
    user_context: bool = False, client: KitsuClient = default
) -> list[dict]:
    """
    List the open projects.

    Args:
        user_context: Only projects whose team includes the user.

    Returns:
        list[Project]: The projects, sorted by name.

    Route: ``GET data/projects/open``, or ``GET data/user/projects/open``
    """
    if user_context:
        return gazu_user.all_open_projects(client=client)
    return gazu_project.all_open_projects(client=client)


@composition
def all_assets_for_project(
    project: str | dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the assets of a project.

    Args:
        project: The project (dict or id). ``None`` means every project.

    Returns:
        list[Asset]: The assets, sorted by name.

    Route: ``GET data/projects/{project}/assets``
    """
    return gazu_asset.all_assets_for_project(project, client=client)


@composition
def all_asset_types_for_project(
    project: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the types of a project's assets.

    Args:
        project: The project (dict or id).
        user_context: Only types of assets on which the user has tasks.

    Returns:
        list[AssetType]: The asset types, sorted by name.

    Route: ``GET data/projects/{project}/asset-types``, or
    ``GET data/user/projects/{project}/asset-types``
    """
    if user_context:
        return gazu_user.all_asset_types_for_project(project, client=client)
    return gazu_asset.all_asset_types_for_project(project, client=client)


@composition
def all_assets_for_asset_type_and_project(
    project: str | dict,
    asset_type: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the assets of one type in a project.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).
        user_context: Only assets on which the user has tasks.

    Returns:
        list[Asset]: The assets, sorted by name.

    Route: ``GET data/projects/{project}/asset-types/{asset_type}/assets``, or
    ``GET data/user/projects/{project}/asset-types/{asset_type}/assets``
    """
    if user_context:
        return gazu_user.all_assets_for_asset_type_and_project(
            project, asset_type, client=client
        )
    return gazu_asset.all_assets_for_project_and_type(
        project, asset_type, client=client
    )


@composition
def all_task_types_for_asset(
    asset: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the types of the tasks on an asset.

    Args:
        asset: The asset (dict or id).
        user_context: Only types of the user's tasks.

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/assets/{asset}/task-types``, or
    ``GET data/user/assets/{asset}/task-types``
    """
    if user_context:
        return gazu_user.all_task_types_for_asset(asset, client=client)
    return gazu_task.all_task_types_for_asset(asset, client=client)


@composition
def all_task_types_for_shot(
    shot: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the types of the tasks on a shot.

    Args:
        shot: The shot (dict or id).
        user_context: Only types of the user's tasks.

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/shots/{shot}/task-types``, or
    ``GET data/user/shots/{shot}/task-types``
    """
    if user_context:
        return gazu_user.all_task_types_for_shot(shot, client=client)
    return gazu_task.all_task_types_for_shot(shot, client=client)


@composition
def all_task_types_for_scene(
    scene: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the types of the tasks on a scene.

    Args:
        scene: The scene (dict or id).
        user_context: Only types of the user's tasks.

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/scenes/{scene}/task-types``, or
    ``GET data/user/scenes/{scene}/task-types``
    """
    if user_context:
        return gazu_user.all_task_types_for_scene(scene, client=client)
    return gazu_task.all_task_types_for_scene(scene, client=client)


@composition
def all_task_types_for_sequence(
    sequence: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the types of the tasks on a sequence itself.

    Args:
        sequence: The sequence (dict or id).
        user_context: Only types of the user's tasks.

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/sequences/{sequence}/task-types``, or
    ``GET data/user/sequences/{sequence}/task-types``
    """
    if user_context:
        return gazu_user.all_task_types_for_sequence(sequence, client=client)
    return gazu_task.all_task_types_for_sequence(sequence, client=client)


@composition
def all_sequences_for_project(
    project: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the sequences of a project.

    Args:
        project: The project (dict or id).
        user_context: Only sequences with shots on which the user has tasks.

    Returns:
        list[Sequence]: The sequences, sorted by name.

    Route: ``GET data/projects/{project}/sequences``, or
    ``GET data/user/projects/{project}/sequences``
    """
    if user_context:
        return gazu_user.all_sequences_for_project(project, client=client)
    return gazu_shot.all_sequences_for_project(project, client=client)


@composition
def all_scenes_for_project(
    project: str | dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the scenes of a project.

    Args:
        project: The project (dict or id). ``None`` means every project.

    Returns:
        list[Scene]: The scenes, sorted by name.

    Route: ``GET data/projects/{project}/scenes``
    """
    return gazu_scene.all_scenes(project, client=client)


@composition
def all_shots_for_sequence(
    sequence: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the shots of a sequence.

    Args:
        sequence: The sequence (dict or id).
        user_context: Only shots on which the user has tasks.

    Returns:
        list[Shot]: The shots, sorted by name.

    Route: ``GET data/sequences/{sequence}/shots``, or
    ``GET data/user/sequences/{sequence}/shots``
    """
    if user_context:
        return gazu_user.all_shots_for_sequence(sequence, client=client)
    return gazu_shot.all_shots_for_sequence(sequence, client=client)


@composition
def all_scenes_for_sequence(
    sequence: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the scenes of a sequence.

    Args:
        sequence: The sequence (dict or id).
        user_context: Only scenes on which the user has tasks.

    Returns:
        list[Scene]: The scenes, sorted by name.

    Route: ``GET data/sequences/{sequence}/scenes``, or
    ``GET data/user/sequences/{sequence}/scenes``
    """
    if user_context:
        return gazu_user.all_scenes_for_sequence(sequence, client=client)
    return gazu_scene.all_scenes_for_sequence(sequence, client=client)


@composition
def all_sequences_for_episode(
    episode: str | dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the sequences of an episode.

    Args:
        episode: The episode (dict or id).

    Returns:
        list[Sequence]: The sequences, sorted by name.

    Route: ``GET data/episodes/{episode}/sequences``
    """
    return gazu_shot.all_sequences_for_episode(episode, client=client)


@composition
def all_episodes_for_project(
    project: str | dict,
    user_context: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the episodes of a project.

    Args:
        project: The project (dict or id).
        user_context: Only episodes with shots on which the user has tasks.

    Returns:
        list[Episode]: The episodes, sorted by name.

    Route: ``GET data/projects/{project}/episodes``, or
    ``GET data/user/projects/{project}/episodes``
    """
    if user_context:
        return gazu_user.all_episodes_for_project(project, client=client)
    return gazu_shot.all_episodes_for_project(project, client=client)
