"""Old names of ``gazu.shot``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .. import shot as current
from .._engine.dispatch import run
from ..cache import cache
from ..client import KitsuClient
from . import by_name, deprecated

default = raw.default_client


@deprecated("gazu.shot.all_shots_for_project")
def all(project: str | dict | None = None) -> list[dict]:
    """
    Return the shots of a project, sorted by name.

    Raises:
        TypeError: no project is given.
    """
    return current.all_shots_for_project(project)


@deprecated("gazu.shot.all_episodes_for_project")
@cache
def all_episodes(project: dict | None = None) -> list[dict]:
    """
    Return the episodes of a project, or of all projects, sorted by name.

    Route: ``GET data/projects/{project}/episodes``, or ``GET data/episodes``
    """
    return run(raw.default_client, _core.old_names.all_episodes(project))


@deprecated("gazu.shot.all_shots_for_sequence")
def all_for_sequence(project: str | dict | None = None) -> list[dict]:
    """
    Return the shots of a sequence, sorted by name.

    Args:
        project: The sequence (dict or id), in spite of the name.

    Raises:
        TypeError: no sequence is given.
    """
    return current.all_shots_for_sequence(project)


@deprecated("gazu.scene.all_scenes")
@cache
def all_scenes(project: dict | None = None) -> list[dict]:
    """
    Return the scenes of a project, or of all projects, sorted by name.

    Route: ``GET data/projects/{project}/scenes``, or ``GET data/scenes``
    """
    return run(raw.default_client, _core.old_names.all_scenes(project))


@deprecated("gazu.scene.all_scenes_for_project")
@cache
def all_scenes_for_project(project: dict) -> list[dict]:
    """
    Return the scenes of a project, sorted by name.

    Route: ``GET data/projects/{project}/scenes``
    """
    return run(
        raw.default_client, _core.old_names.all_scenes_for_project(project)
    )


@deprecated("gazu.scene.all_scenes_for_sequence")
@cache
def all_scenes_for_sequence(sequence: dict) -> list[dict]:
    """
    Return the scenes of a sequence, sorted by name.

    Route: ``GET data/sequences/{sequence}/scenes``
    """
    return run(
        raw.default_client, _core.old_names.all_scenes_for_sequence(sequence)
    )


@deprecated("gazu.shot.all_sequences_for_project")
@cache
def all_sequences(project: str | dict | None = None) -> list[dict]:
    """
    Return the sequences of a project, or of all projects, sorted by name.

    Route: ``GET data/projects/{project}/sequences``, or
    ``GET data/sequences``
    """
    return run(raw.default_client, _core.old_names.all_sequences(project))


@deprecated("gazu.scene.get_scene")
@cache
def get_scene(scene_id: str) -> dict:
    """
    Return a scene.

    Route: ``GET data/scenes/{scene_id}``
    """
    return run(raw.default_client, _core.scene.get_scene(scene_id))


@deprecated("gazu.scene.get_scene_by_name")
@cache
def get_scene_by_name(sequence: dict, scene_name: str) -> dict | None:
    """
    Return the first entity with a name in a sequence, or None.

    Route: ``GET data/entities?parent_id={sequence}&name={scene_name}``
    """
    entities = run(
        raw.default_client,
        _core.old_names.get_scene_by_name(sequence, scene_name),
    )
    return next(iter(entities or []), None)


@deprecated("gazu.shot.import_otio")
def import_edl(
    project: str | dict,
    edl_file_path: str,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Create shots from an edit decision list.

    Route: ``POST import/edl/projects/{project}``, or
    ``POST import/edl/projects/{project}/episodes/{episode}``
    """
    return run(
        client, _core.old_names.import_edl(project, edl_file_path, episode)
    )


@deprecated("gazu.shot.add_asset_instance_to_shot")
@cache
def new_asset_instance(shot: dict, asset: dict, description: str = "") -> dict:
    """
    Put an instance of an asset into a shot.

    Route: ``POST data/shots/{shot}/asset-instances``
    """
    return run(
        raw.default_client,
        _core.old_names.new_asset_instance(shot, asset, description),
    )


@deprecated("gazu.scene.new_scene")
def new_scene(project: dict, sequence: dict, name: str) -> dict:
    """
    Create a scene in a sequence, and return it.

    Route: ``POST data/projects/{project}/scenes``
    """
    return run(
        raw.default_client, _core.old_names.new_scene(project, sequence, name)
    )


@deprecated("gazu.shot.add_asset_instance_to_shot")
@cache
def new_shot_asset_instance(
    shot: dict, asset: dict, description: str = ""
) -> dict:
    """
    Put an instance of an asset into a shot.

    Route: ``POST data/shots/{shot}/asset-instances``
    """
    return run(
        raw.default_client,
        _core.old_names.new_asset_instance(shot, asset, description),
    )


@deprecated("gazu.casting.update_shot_casting")
def update_casting(shot: str | dict, casting: list[dict]) -> dict:
    """
    Replace the casting of a shot.

    Route: ``PUT data/shots/{shot}/casting``
    """
    return run(
        raw.default_client, _core.old_names.update_casting(shot, casting)
    )


NAMES = by_name(
    all,
    all_episodes,
    all_for_sequence,
    all_scenes,
    all_scenes_for_project,
    all_scenes_for_sequence,
    all_sequences,
    get_scene,
    get_scene_by_name,
    import_edl,
    new_asset_instance,
    new_scene,
    new_shot_asset_instance,
    update_casting,
)
VALUES: tuple[str, ...] = ()
