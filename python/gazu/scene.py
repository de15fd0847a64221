"""Scenes: the layouts of a sequence, from which shots are made."""

from __future__ import annotations

from . import _core
from . import client as raw
from . import shot as gazu_shot
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.rows import stream
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter  # noqa: F401
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generator

default = raw.default_client


def new_scene(
    project: str | dict,
    sequence: str | dict,
    name: str,
    client: KitsuClient = default,
) -> dict:
    """
    Create a scene.

    Args:
        project: The project (dict or id).
        sequence: The sequence that the scene belongs to (dict or id).
        name: The scene's name.

    Returns:
        Scene: The new scene.

    Route: ``POST data/projects/{project}/scenes``
    """
    return run(client, _core.scene.new_scene(project, sequence, name))


@cache
def all_scenes(
    project: str | dict | None = None, client: KitsuClient = default
) -> list[dict]:
    """
    List the scenes of a project, or of all projects.

    Args:
        project: The project (dict or id); every project when omitted.

    Returns:
        list[Scene]: The scenes, sorted by name.

    Route: ``GET data/projects/{project}/scenes``, or
    ``GET data/scenes/all``
    """
    return run(client, _core.scene.all_scenes(project))


@composition
def all_scenes_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the scenes of a project.

    Args:
        project: The project (dict or id). ``None`` means every project.

    Returns:
        list[Scene]: The scenes, sorted by name.

    Route: ``GET data/projects/{project}/scenes``
    """
    return all_scenes(project, client=client)


@cache
def all_scenes_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the scenes of a sequence.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[Scene]: The scenes, sorted by name.

    Route: ``GET data/sequences/{sequence}/scenes``
    """
    return run(client, _core.scene.all_scenes_for_sequence(sequence))


@cache
def get_scene(scene_id: str, client: KitsuClient = default) -> dict:
    """
    Get a scene by its id.

    Args:
        scene_id: The scene's id.

    Returns:
        Scene: The scene, with the names of its project, sequence and episode.

    Raises:
        RouteNotFoundException: no scene has this id.

    Route: ``GET data/scenes/{scene_id}``
    """
    return run(client, _core.scene.get_scene(scene_id))


@cache
def get_scene_by_name(
    sequence: str | dict, scene_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get a scene of a sequence by its name.

    Args:
        sequence: The sequence (dict or id).
        scene_name: The scene's full name.

    Returns:
        Scene | None: The scene, or ``None`` when the sequence has none of this
            name.

    Route: ``GET data/scenes/all?parent_id={sequence}&name={scene_name}``
    """
    return run(client, _core.scene.get_scene_by_name(sequence, scene_name))


def update_scene(scene: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a scene.

    Args:
        scene: The scene, as a dict that has an ``"id"``. Fields that are
            missing from the dict are not changed on the server.

    Returns:
        Scene: The updated scene.

    Route: ``PUT data/entities/{scene}``
    """
    return run(client, _core.scene.update_scene(scene))


def new_scene_asset_instance(
    scene: str | dict,
    asset: str | dict,
    description: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Put an instance of an asset into a scene.

    Args:
        scene: The scene (dict or id).
        asset: The asset to make an instance of (dict or id).
        description: The description.

    Returns:
        AssetInstance: The new asset instance. The server gives it the next
            free number, and a name with this number.

    Route: ``POST data/scenes/{scene}/asset-instances``
    """
    return run(
        client, _core.scene.new_scene_asset_instance(scene, asset, description)
    )


@cache
def all_asset_instances_for_scene(
    scene: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the asset instances of a scene.

    Args:
        scene: The scene (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The server's answer. Zou returns a dict
            that maps the id of each asset to a list of its instances, by
            number.

    Route: ``GET data/scenes/{scene}/asset-instances``
    """
    return run(client, _core.scene.all_asset_instances_for_scene(scene))


@cache
def get_asset_instance_by_name(
    scene: str | dict, name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an asset instance of a scene by its name.

    Args:
        scene: The scene (dict or id).
        name: The asset instance's full name.

    Returns:
        AssetInstance | None: The asset instance, or ``None`` when the scene
            has none of this name.

    Route: ``GET data/asset-instances?name={name}&scene_id={scene}``
    """
    return run(client, _core.scene.get_asset_instance_by_name(scene, name))


@cache
def all_camera_instances_for_scene(
    scene: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the instances of cameras in a scene.

    Args:
        scene: The scene (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The server's answer. Zou returns a dict
            that maps the id of each asset of the type ``Camera`` to a list of
            its instances, by number.

    Route: ``GET data/scenes/{scene}/camera-instances``
    """
    return run(client, _core.scene.all_camera_instances_for_scene(scene))


@cache
def all_shots_for_scene(
    scene: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shots that are made from a scene.

    Args:
        scene: The scene (dict or id).

    Returns:
        list[Shot]: The shots, in the server's order.

    Route: ``GET data/scenes/{scene}/shots``
    """
    return run(client, _core.scene.all_shots_for_scene(scene))


def add_shot_to_scene(
    scene: str | dict, shot: str | dict, client: KitsuClient = default
) -> dict:
    """
    Record that a shot is made from a scene.

    Args:
        scene: The scene (dict or id).
        shot: The shot (dict or id).

    Returns:
        Shot: The shot, with the scene as its ``"source_id"``.

    Route: ``POST data/scenes/{scene}/shots``
    """
    return run(client, _core.scene.add_shot_to_scene(scene, shot))


def remove_shot_from_scene(
    scene: str | dict, shot: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove the link between a shot and the scene that it is made from.

    Args:
        scene: The scene (dict or id).
        shot: The shot (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/scenes/{scene}/shots/{shot}``
    """
    return run(client, _core.scene.remove_shot_from_scene(scene, shot))


def update_asset_instance_name(
    asset_instance: dict, name: str, client: KitsuClient = default
) -> dict:
    """
    Rename an asset instance.

    Args:
        asset_instance: The asset instance, as a dict that has an ``"id"``.
        name: The new name.

    Returns:
        AssetInstance: The updated asset instance.

    Route: ``PUT data/asset-instances/{asset_instance}``
    """
    return run(
        client, _core.scene.update_asset_instance_name(asset_instance, name)
    )


def update_asset_instance_data(
    asset_instance: str | dict, data: dict, client: KitsuClient = default
) -> dict:
    """
    Replace the metadata of an asset instance.

    Args:
        asset_instance: The asset instance (dict or id).
        data: The complete metadata.

    Returns:
        AssetInstance: The updated asset instance.

    Route: ``PUT data/asset-instances/{asset_instance}``
    """
    return run(
        client, _core.scene.update_asset_instance_data(asset_instance, data)
    )


@cache
@composition
def get_sequence_from_scene(
    scene: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the sequence that a scene belongs to.

    Args:
        scene: The scene (dict or id). It is fetched if it is an id or a dict
            without a ``"parent_id"``.

    Returns:
        Sequence: The sequence.

    Route: ``GET data/scenes/{scene}`` where the sequence is not known, then
    ``GET data/sequences/{sequence}``
    """
    scene = _core.model(scene, None)
    if "parent_id" in scene:
        sequence_id = scene["parent_id"]
    else:
        sequence_id = get_scene(_core.item(scene, "id"), client=client)[
            "parent_id"
        ]
    return gazu_shot.get_sequence(sequence_id, client=client)


def remove_scene(scene: str | dict, client: KitsuClient = default) -> str:
    """
    Remove a scene, with its tasks.

    Args:
        scene: The scene (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user neither created the scene nor manages the
            project.

    Not in upstream.

    Route: ``DELETE data/scenes/{scene}``
    """
    return run(client, _core.scene.remove_scene(scene))


def all_scenes_with_tasks(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the scenes of a project with their tasks, in one request.

    Args:
        project: The project (dict or id).

    Returns:
        list[SceneWithTasks]: The scenes, in no particular order. The tasks of
            each are in ``tasks``.

    Not in upstream.

    Route: ``GET data/scenes/with-tasks?project_id={project}``
    """
    return run(client, _core.scene.all_scenes_with_tasks(project))


def iter_scenes_with_tasks(
    project: str | dict, client: KitsuClient = default
) -> Generator[dict, None, None]:
    """
    Yield the scenes of a project with their tasks, while they arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).

    Returns:
        Generator[SceneWithTasks, None, None]: The scenes, as
            ``all_scenes_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The scenes that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/scenes/with-tasks?project_id={project}``
    """
    return stream(client, _core.scene.all_scenes_with_tasks(project))


_late = LateNames(
    globals(),
    None,
    {
        "Generator": "typing",
    },
)
__getattr__ = _late.get
