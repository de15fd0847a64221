"""Assets, their types and their instances."""

from __future__ import annotations

from . import _core
from . import client as raw
from . import project as gazu_project
from . import shot as gazu_shot
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from ._engine.metadata import update_metadata
from ._engine.rows import of_episode, stream
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter
from .sorting import sort_by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generator

    import requests
else:
    from ._requests_compat.stand_in import requests

default = raw.default_client


@cache
@composition
def all_assets_for_open_projects(client: KitsuClient = default) -> list[dict]:
    """
    List the assets of every open project.

    Returns:
        list[Asset]: The assets of all these projects together, sorted by name.

    Route: ``GET data/projects/open``, then
    ``GET data/projects/{project}/assets`` for each project
    """
    assets = []
    for project in gazu_project.all_open_projects(client=client):
        assets.extend(all_assets_for_project(project, client=client))
    return sort_by_name(assets)


@cache
def all_assets_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the assets of a project, canceled ones included.

    Args:
        project: The project (dict or id). ``None`` means every project.

    Returns:
        list[Asset]: The assets, sorted by name.

    Example:
        for asset in gazu.asset.all_assets_for_project(project):
            print(asset["name"])

    Route: ``GET data/projects/{project}/assets``, or
    ``GET data/assets/all``
    """
    return run(client, _core.asset.all_assets_for_project(project))


@cache
def all_assets_for_episode(
    episode: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the assets that belong to an episode.

    Assets that are only cast in its shots are not included.

    Args:
        episode: The episode (dict or id).

    Returns:
        list[Asset]: The assets, sorted by name.

    Route: ``GET data/assets?source_id={episode}``
    """
    return run(client, _core.asset.all_assets_for_episode(episode))


@cache
def all_assets_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the assets that are cast in a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        list[Asset]: The assets, sorted by name.

    Example:
        for asset in gazu.asset.all_assets_for_shot(shot):
            print(asset["name"])

    Route: ``GET data/shots/{shot}/assets``
    """
    return run(client, _core.asset.all_assets_for_shot(shot))


@cache
def all_assets_for_project_and_type(
    project: str | dict, asset_type: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the assets of one type in a project.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        list[Asset]: The assets, sorted by name.

    Route: ``GET data/projects/{project}/asset-types/{asset_type}/assets``
    """
    return run(
        client,
        _core.asset.all_assets_for_project_and_type(project, asset_type),
    )


@cache
def get_asset_by_name(
    project: str | dict,
    name: str,
    asset_type: str | dict | None = None,
    client: KitsuClient = default,
) -> dict | None:
    """
    Get an asset of a project by its name.

    Args:
        project: The project (dict or id).
        name: The asset's full name.
        asset_type: Search only assets of this type (dict or id).

    Returns:
        Asset | None: The first asset of that name, or ``None`` when there is
            none.

    Example:
        lama = gazu.asset.get_asset_by_name(project, "Lama")
        if lama is None:
            print("There is no such asset.")

    Route: ``GET data/assets/all?project_id={project}&name={name}``
    """
    return run(
        client, _core.asset.get_asset_by_name(project, name, asset_type)
    )


@cache
def get_asset(asset_id: str, client: KitsuClient = default) -> dict:
    """
    Get an asset by its id.

    Args:
        asset_id: The asset's id.

    Returns:
        FullAsset: The asset, with the names of its project and type, and its
            tasks.

    Raises:
        RouteNotFoundException: no asset has this id.

    Example:
        asset = gazu.asset.get_asset(asset["id"])

    Route: ``GET data/assets/{asset_id}``
    """
    return run(client, _core.asset.get_asset(asset_id))


@cache
@composition
def get_asset_url(asset: str | dict, client: KitsuClient = default) -> str:
    """
    Return the URL of an asset's page in Kitsu.

    Args:
        asset: The asset (dict or id).

    Returns:
        str: The URL. In a TV show it includes the asset's episode, or
            ``"main"`` if the asset belongs to none.

    Route: ``GET data/assets/{asset}``, then ``GET data/projects/{project}``
    """
    asset = _core.model(asset)
    found = get_asset(asset["id"], client=client)
    project = gazu_project.get_project(found["project_id"], client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['project_id']}"
    if project["production_type"] == "tvshow":
        page += f"/episodes/{found.get('episode_id') or 'main'}"
    return f"{page}/assets/{found['id']}/"


@cache
@composition
def get_all_assets_url(
    project: str | dict, client: KitsuClient = default
) -> str:
    """
    Return the URL of the page in Kitsu that lists a project's assets.

    Args:
        project: The project (dict or id).

    Returns:
        str: The URL. In a TV show it leads to the episode ``"main"``, which
            has the assets that all episodes share.

    Route: ``GET data/projects/{project}``
    """
    project = _core.model(project)
    found = gazu_project.get_project(project["id"], client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['id']}"
    if found["production_type"] == "tvshow":
        page += "/episodes/main"
    return f"{page}/assets/"


@cache
@composition
def get_asset_type_url(
    project: str | dict,
    asset_type: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Return the URL of the page in Kitsu that lists the assets of a type.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id). It is fetched if it is an id
            or a dict without a name.

    Returns:
        str: The URL of the project's asset list, with a search for the type:
            ``type=[Props]``.

    Route: ``GET data/projects/{project}``, then
    ``GET data/asset-types/{asset_type}`` where its name is not known
    """
    project = _core.model(project)
    found = gazu_project.get_project(project["id"], client=client)
    asset_type = _core.model(asset_type, None)
    named = asset_type
    if "name" not in asset_type:
        named = get_asset_type(_core.item(asset_type, "id"), client=client)
    host = raw.get_api_url_from_host(client=client)
    page = f"{host}/productions/{found['id']}"
    query = _late.value("urlencode")({"search": f"type=[{named['name']}]"})
    if found["production_type"] == "tvshow":
        page += "/episodes/main"
    return f"{page}/assets?{query}"


@composition
def new_asset(
    project: str | dict,
    asset_type: str | dict,
    name: str,
    description: str | None = None,
    extra_data: dict | None = None,
    episode: str | dict = None,  # type: ignore[assignment]  # noqa: RUF013
    is_shared: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create an asset, unless the project has one of this type and name.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).
        name: The asset's name.
        description: The description.
        extra_data: Metadata of any kind.
        episode: The episode that the asset belongs to (dict or id).
        is_shared: Whether other projects may use the asset.

    Returns:
        Asset: The new asset, or the existing one, unchanged.

    Example:
        character = gazu.asset.get_asset_type_by_name("Character")
        penguin = gazu.asset.new_asset(
            project, character, "Penguin", description="A cold friend"
        )

    Route: ``GET data/assets/all``, then
    ``POST data/projects/{project}/asset-types/{asset_type}/assets/new``
    """
    project = _core.model(project)
    asset_type = normalize_model_parameter(asset_type)
    episode = normalize_model_parameter(episode)
    if episode is not None:
        # A dict without an id must raise before anything is sent.
        episode = {"id": _core.item(episode, "id")}
    asset = get_asset_by_name(project, name, asset_type, client=client)
    if asset is None:
        asset = run(
            client,
            _core.asset.new_asset(
                project,
                asset_type,
                name,
                description,
                extra_data,
                episode,
                is_shared,
            ),
        )
    return asset


def update_asset(asset: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of an asset.

    Args:
        asset: The asset, as a dict that has an ``"id"``. Fields that are
            missing from the dict are not changed on the server.
            ``"episode_id"`` is saved as the ``"source_id"``. The dict itself
            is not changed.

    Returns:
        Asset: The updated asset.

    Route: ``PUT data/entities/{asset}``
    """
    if asset is not None and "episode_id" in asset:
        asset = {**asset, "source_id": asset["episode_id"]}
    return run(client, _core.asset.update_asset(asset))


@composition
def update_asset_data(
    asset: str | dict, data: dict | None = None, client: KitsuClient = default
) -> dict:
    """
    Set some metadata of an asset and keep the others.

    Args:
        asset: The asset (dict or id).
        data: The metadata to set.

    Returns:
        Asset: The updated asset.

    Example:
        asset = gazu.asset.update_asset_data(asset, {"rig": "v3"})

    Route: ``GET data/assets/{asset}``, then ``PUT data/entities/{asset}``
    """
    return update_metadata(asset, data, get_asset, update_asset, client=client)


def remove_asset(
    asset: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Remove an asset, or cancel it when it has tasks.

    Args:
        asset: The asset (dict or id).
        force: Remove it and its tasks instead of canceling it.

    Returns:
        str: The body of the server's answer: an empty text.

    Example:
        gazu.asset.remove_asset(asset)

    Route: ``DELETE data/assets/{asset}``
    """
    return run(client, _core.asset.remove_asset(asset, force))


@cache
def all_asset_types(client: KitsuClient = default) -> list[dict]:
    """
    List every asset type.

    Returns:
        list[AssetType]: The asset types, sorted by name.

    Example:
        names = [each["name"] for each in gazu.asset.all_asset_types()]

    Route: ``GET data/asset-types``
    """
    return run(client, _core.asset.all_asset_types())


@cache
def all_asset_types_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the assets that a project has.

    Args:
        project: The project (dict or id).

    Returns:
        list[AssetType]: The asset types, sorted by name.

    Example:
        for asset_type in gazu.asset.all_asset_types_for_project(project):
            print(asset_type["name"])

    Route: ``GET data/projects/{project}/asset-types``
    """
    return run(client, _core.asset.all_asset_types_for_project(project))


@cache
def all_asset_types_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the assets that are cast in a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        list[AssetType]: The asset types, sorted by name.

    Route: ``GET data/shots/{shot}/asset-types``
    """
    return run(client, _core.asset.all_asset_types_for_shot(shot))


@cache
def get_asset_type(asset_type_id: str, client: KitsuClient = default) -> dict:
    """
    Get an asset type by its id.

    Args:
        asset_type_id: The asset type (dict or id).

    Returns:
        AssetType: The asset type.

    Raises:
        RouteNotFoundException: no asset type has this id.

    Route: ``GET data/asset-types/{asset_type_id}``
    """
    return run(client, _core.asset.get_asset_type(asset_type_id))


@cache
def get_asset_type_by_name(
    name: str, client: KitsuClient = default
) -> dict | None:
    """
    Get an asset type by its name.

    Args:
        name: The asset type's full name.

    Returns:
        AssetType | None: The asset type, or ``None`` when there is none of
            this name. The names of other entity types, such as ``"Shot"`` or
            ``"Sequence"``, are also found.

    Example:
        character = gazu.asset.get_asset_type_by_name("Character")

    Route: ``GET data/entity-types?name={name}``
    """
    return run(client, _core.asset.get_asset_type_by_name(name))


@composition
def new_asset_type(name: str, client: KitsuClient = default) -> dict:
    """
    Create an asset type, unless there is one of this name.

    Args:
        name: The asset type's name.

    Returns:
        AssetType: The new asset type, or the existing one.

    Route: ``GET data/entity-types?name={name}``, then
    ``POST data/entity-types``
    """
    asset_type = run(client, _core.asset.get_asset_type_by_name(name))
    if asset_type is None:
        asset_type = run(client, _core.asset.new_asset_type(name))
    return asset_type


def update_asset_type(asset_type: dict, client: KitsuClient = default) -> dict:
    """
    Rename an asset type.

    Args:
        asset_type: The asset type, as a dict that has ``"id"`` and
            ``"name"``. Its other fields are not saved.

    Returns:
        AssetType: The updated asset type.

    Raises:
        KeyError: the dict has no name.

    Route: ``PUT data/entity-types/{asset_type}``
    """
    name = _core.item(asset_type, "name")
    return run(client, _core.asset.update_asset_type(asset_type, name))


def remove_asset_type(
    asset_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an asset type.

    Args:
        asset_type: The asset type (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/entity-types/{asset_type}``
    """
    return run(client, _core.asset.remove_asset_type(asset_type))


@cache
def get_asset_instance(
    asset_instance_id: str, client: KitsuClient = default
) -> dict:
    """
    Get an asset instance by its id.

    Args:
        asset_instance_id: The asset instance's id.

    Returns:
        AssetInstance: The asset instance.

    Raises:
        RouteNotFoundException: no asset instance has this id.

    Route: ``GET data/asset-instances/{asset_instance_id}``
    """
    return run(client, _core.asset.get_asset_instance(asset_instance_id))


@cache
def all_shot_asset_instances_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the instances of an asset that are used in shots.

    Args:
        asset: The asset (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The server's answer. Zou returns a dict
            that maps the id of each shot to a list of its instances.

    Route: ``GET data/assets/{asset}/shot-asset-instances``
    """
    return run(client, _core.asset.all_shot_asset_instances_for_asset(asset))


def enable_asset_instance(
    asset_instance: str | dict, client: KitsuClient = default
) -> dict:
    """
    Mark an asset instance as in use.

    Args:
        asset_instance: The asset instance (dict or id).

    Returns:
        AssetInstance: The updated asset instance.

    Route: ``PUT data/asset-instances/{asset_instance}``
    """
    return run(client, _core.asset.enable_asset_instance(asset_instance))


def disable_asset_instance(
    asset_instance: str | dict, client: KitsuClient = default
) -> dict:
    """
    Mark an asset instance as out of use.

    Args:
        asset_instance: The asset instance (dict or id).

    Returns:
        AssetInstance: The updated asset instance.

    Route: ``PUT data/asset-instances/{asset_instance}``
    """
    return run(client, _core.asset.disable_asset_instance(asset_instance))


@cache
def all_scene_asset_instances_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[str]:
    """
    List the instances of an asset that are used in scenes.

    Args:
        asset: The asset (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The server's answer. Zou returns a dict
            that maps the id of each scene to a list of its instances.

    Route: ``GET data/assets/{asset}/scene-asset-instances``
    """
    return run(client, _core.asset.all_scene_asset_instances_for_asset(asset))


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
            ``gazu.shot.get_asset_instances_for_shot``.

    Route: ``GET data/shots/{shot}/asset-instances``
    """
    return gazu_shot.get_asset_instances_for_shot(shot, client=client)


@cache
def all_asset_instances_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[str]:
    """
    List the instances of other assets that an asset is made of.

    Args:
        asset: The asset (dict or id).

    Returns:
        dict[str, list[AssetInstance]]: The server's answer. Zou returns a dict
            that maps the id of each asset to a list of its instances.

    Route: ``GET data/assets/{asset}/asset-asset-instances``
    """
    return run(client, _core.asset.all_asset_instances_for_asset(asset))


def new_asset_asset_instance(
    asset: str | dict,
    asset_to_instantiate: str | dict,
    description: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Put an instance of an asset into another asset.

    Args:
        asset: The asset to put it into (dict or id).
        asset_to_instantiate: The asset to make an instance of (dict or id).
        description: The description.

    Returns:
        AssetInstance: The new asset instance. The server gives it the next
            free number, and a name with this number.

    Route: ``POST data/assets/{asset}/asset-asset-instances``
    """
    return run(
        client,
        _core.asset.new_asset_asset_instance(
            asset, asset_to_instantiate, description
        ),
    )


def import_assets_with_csv(
    project: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[dict]:
    """
    Create assets of a project from a CSV file, as Kitsu exports it.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to read.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[Asset]: The assets, in the order of the file's lines.

    Raises:
        ParameterException: a line is wrong. The lines before it are
            imported.
        OSError: the file cannot be read.

    Route: ``POST import/csv/projects/{project}/assets``
    """
    return run(
        client,
        _core.asset.import_assets_with_csv(project, csv_file_path),
        progress_callback=progress_callback,
    )


def export_assets_with_csv(
    project: str | dict,
    csv_file_path: str,
    episode: str | dict | None = None,
    assigned_to: str | dict | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Write the assets of a project to a CSV file.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        episode: Only assets of this episode (dict or id).
        assigned_to: Only assets with a task of this person (dict or id).
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        OSError: the file cannot be written.

    Route: ``GET export/csv/projects/{project}/assets.csv``
    """
    return run(
        client,
        _core.asset.export_assets_with_csv(
            project, csv_file_path, episode, assigned_to
        ),
        progress_callback=progress_callback,
    )


@cache
@composition
def get_episode_from_asset(
    asset: dict, client: KitsuClient = default
) -> dict | None:
    """
    Get the episode that an asset belongs to.

    Args:
        asset: The asset, as a dict that has ``"source_id"`` or
            ``"episode_id"``.

    Returns:
        Episode | None: The episode, or ``None`` when the asset belongs to
            none.

    Route: ``GET data/episodes/{episode}``
    """
    episode_id = asset.get("source_id") or asset.get("episode_id")
    if episode_id is None:
        return None
    return gazu_shot.get_episode(episode_id, client=client)


@cache
@composition
def get_asset_type_from_asset(
    asset: dict, client: KitsuClient = default
) -> dict:
    """
    Get the type of an asset.

    Args:
        asset: The asset, as a dict that has an ``"entity_type_id"``.

    Returns:
        AssetType: The asset type.

    Raises:
        KeyError: the dict has no ``"entity_type_id"``.

    Route: ``GET data/asset-types/{asset_type}``
    """
    return get_asset_type(_core.item(asset, "entity_type_id"), client=client)


def all_assets_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the assets of a project or episode with their tasks, in one request.

    Args:
        project: The project (dict or id).
        episode: Only the assets of this episode (dict or id), or that
            are cast in it. ``"main"`` for those of no episode.

    Returns:
        list[AssetWithTasks]: The assets, sorted by asset type and name. The
            tasks of each are in ``tasks``. Vendors only get those with a task
            that is assigned to them.

    Not in upstream.

    Route: ``GET data/assets/with-tasks?project_id={project}``
    ``&stream=true&compact=true``
    """
    return run(
        client, _core.asset.all_assets_with_tasks(project, of_episode(episode))
    )


def iter_assets_with_tasks(
    project: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> Generator[dict, None, None]:
    """
    Yield the assets of a project or episode with their tasks, while they
    arrive.

    The request is sent when the first one is asked for. Memory is needed for
    a few of them only. With an ``AsyncKitsuClient``, use ``async for``.

    Args:
        project: The project (dict or id).
        episode: Only the assets of this episode (dict or id), or that
            are cast in it. ``"main"`` for those of no episode.

    Returns:
        Generator[AssetWithTasks, None, None]: The assets, as
            ``all_assets_with_tasks`` returns them. Closing the generator
            closes the connection.

    Raises:
        ConnectionError: the server broke the answer off. The assets that
            were yielded before are complete.

    Not in upstream.

    Route: ``GET data/assets/with-tasks?project_id={project}``
    ``&stream=true&compact=true``
    """
    return stream(
        client, _core.asset.all_assets_with_tasks(project, of_episode(episode))
    )


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Generator": "typing",
        "urlencode": "urllib.parse",
    },
)
__getattr__ = _late.get


def all_assets_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the assets that are cast in an asset: what it is made of.

    Args:
        asset: The asset (dict or id).

    Returns:
        list[Asset]: The assets, in no particular order.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/assets/{asset}/assets``
    """
    return run(client, _core.asset.all_assets_for_asset(asset))


def all_shared_assets_used_in_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shared assets of other projects that are cast in a project's
    shots.

    Args:
        project: The project (dict or id).

    Returns:
        list[Asset]: The assets, in no particular order. An asset is repeated
            for each shot.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/projects/{project}/assets/shared-used``
    """
    return run(client, _core.asset.all_shared_assets_used_in_project(project))


def all_shared_assets_used_in_episode(
    project: str | dict, episode: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shared assets of other projects that are cast in an episode's
    shots.

    Args:
        project: The episode's project (dict or id).
        episode: The episode (dict or id).

    Returns:
        list[Asset]: The assets, in no particular order. An asset is repeated
            for each shot.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/projects/{project}/episodes/{episode}/assets/``
    ``shared-used``
    """
    return run(
        client, _core.asset.all_shared_assets_used_in_episode(project, episode)
    )


def share_assets(
    assets: list[str | dict],
    is_shared: bool = True,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Let other projects use some assets, or not any more.

    Args:
        assets: The assets (dicts or ids).
        is_shared: Whether other projects may use them.

    Returns:
        list[Asset]: The assets.

    Raises:
        NotAllowedException: the user does not manage the projects of all the
            assets.

    Not in upstream.

    Route: ``POST actions/assets/share``
    """
    return run(client, _core.asset.share_assets(assets, is_shared))


def share_assets_for_project(
    project: str | dict,
    assets: list[str | dict] | None = None,
    is_shared: bool = True,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Let other projects use the assets of a project, or not any more.

    Args:
        project: The project (dict or id).
        assets: Only these assets (dicts or ids).
        is_shared: Whether other projects may use them.

    Returns:
        list[Asset]: The assets.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/assets/share``
    """
    return run(
        client,
        _core.asset.share_assets_for_project(project, assets, is_shared),
    )


def share_assets_for_asset_type(
    project: str | dict,
    asset_type: str | dict,
    is_shared: bool = True,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Let other projects use the assets of one type in a project, or not any
    more.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).
        is_shared: Whether other projects may use them.

    Returns:
        list[Asset]: The assets.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/asset-types/{asset_type}/assets/``
    ``share``
    """
    return run(
        client,
        _core.asset.share_assets_for_asset_type(
            project, asset_type, is_shared
        ),
    )


def remove_asset_instance(
    asset_instance: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an asset instance.

    Args:
        asset_instance: The asset instance (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/asset-instances/{asset_instance}``
    """
    return run(client, _core.asset.remove_asset_instance(asset_instance))
