"""Old names of ``gazu.user``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .. import user as current
from .._engine.dispatch import run
from ..cache import cache
from ..client import KitsuClient
from . import by_name, deprecated

default = raw.default_client


@deprecated("gazu.user.all_assets_for_asset_type_and_project")
@cache
def all_project_assets(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    Return the assets of a project with tasks that are assigned to the user.

    Route: ``GET data/user/projects/{project}/assets``
    """
    return run(client, _core.old_names.all_project_assets(project))


@deprecated("gazu.user.all_assets_for_asset_type_and_project")
def all_assets_for_asset_type_project(
    project: str | dict,
    asset_type: str | dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Return the assets of a type in a project with tasks that are assigned to the
    user, sorted by name.
    """
    return current.all_assets_for_asset_type_and_project(
        project, asset_type, client=client
    )


NAMES = by_name(all_project_assets, all_assets_for_asset_type_project)
VALUES: tuple[str, ...] = ()
