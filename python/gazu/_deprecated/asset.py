"""Old names of ``gazu.asset``."""

from __future__ import annotations

from .. import _core
from .. import asset as current
from .. import client as raw
from .._engine.dispatch import run
from ..cache import cache
from . import by_name, deprecated


@deprecated("gazu.asset.all_assets_for_project")
def all(project: str | dict | None = None) -> list[dict]:
    """Return the assets of a project, or of all projects, sorted by name."""
    return current.all_assets_for_project(project)


@deprecated("gazu.asset.all_assets_for_project_and_type")
def all_for_project_and_type(
    project: str | dict, asset_type: str | dict
) -> list[dict]:
    """Return the assets of a type in a project, sorted by name."""
    return current.all_assets_for_project_and_type(project, asset_type)


@deprecated("gazu.asset.all_assets_for_shot")
def all_for_shot(shot: str | dict) -> list[dict]:
    """Return the assets cast in a shot, sorted by name."""
    return current.all_assets_for_shot(shot)


@deprecated("gazu.asset.all_asset_types")
def all_types(project: str | dict) -> list[dict]:
    """Return all asset types, whatever the project, sorted by name."""
    return current.all_asset_types()


@deprecated("gazu.asset.all_asset_types_for_project")
def all_types_for_project(project: str | dict) -> list[dict]:
    """Return the types of a project's assets, sorted by name."""
    return current.all_asset_types_for_project(project)


@deprecated("gazu.asset.all_asset_types_for_shot")
def all_types_for_shot(shot: str | dict) -> list[dict]:
    """Return the types of the assets cast in a shot, sorted by name."""
    return current.all_asset_types_for_shot(shot)


@deprecated("gazu.task.all_task_types_for_asset")
@cache
def task_types_for_asset(asset: dict) -> list[dict]:
    """
    Return the types of an asset's tasks, sorted by name.

    Route: ``GET data/assets/{asset}/task-types``
    """
    return run(raw.default_client, _core.old_names.task_types_for_asset(asset))


NAMES = by_name(
    all,
    all_for_project_and_type,
    all_for_shot,
    all_types,
    all_types_for_project,
    all_types_for_shot,
    task_types_for_asset,
)
VALUES: tuple[str, ...] = ()
