"""Castings: which assets appear in a shot, an asset or an episode."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.composition import composition
from ._engine.dispatch import run
from .cache import cache
from .client import KitsuClient
from .helpers import (
    normalize_list_of_models_for_links,  # noqa: F401
    normalize_model_parameter,
)

default = raw.default_client


def update_shot_casting(
    project: str | dict,
    shot: str | dict,
    casting: dict,
    client: KitsuClient = default,
) -> dict:
    """
    Replace the casting of a shot.

    Args:
        project: The shot's project (dict or id).
        shot: The shot (dict or id).
        casting: A list with a dict for each asset: ``"asset_id"``,
            ``"nb_occurences"`` (how many times it appears) and, optionally,
            ``"label"``.

    Returns:
        list[dict[str, Any]]: The casting, as it was given.

    Example:
        gazu.casting.update_shot_casting(
            project, shot, [{"asset_id": asset["id"], "nb_occurences": 2}]
        )

    Route: ``PUT data/projects/{project}/entities/{shot}/casting``
    """
    return run(
        client, _core.casting.update_shot_casting(project, shot, casting)
    )


def update_asset_casting(
    project: str | dict,
    asset: str | dict,
    casting: dict,
    client: KitsuClient = default,
) -> dict:
    """
    Replace the casting of an asset: the assets that it is made of.

    Args:
        project: The asset's project (dict or id).
        asset: The asset (dict or id).
        casting: A list of dicts, as in `update_shot_casting`.

    Returns:
        list[dict[str, Any]]: The casting, as it was given.

    Route: ``PUT data/projects/{project}/entities/{asset}/casting``
    """
    return run(
        client, _core.casting.update_asset_casting(project, asset, casting)
    )


def update_episode_casting(
    project: str | dict,
    episode: str | dict,
    casting: dict,
    client: KitsuClient = default,
) -> dict:
    """
    Replace the casting of an episode.

    An asset that is no longer cast in the episode is also removed from its
    shots.

    Args:
        project: The episode's project (dict or id).
        episode: The episode (dict or id).
        casting: A list of dicts, as in `update_shot_casting`.

    Returns:
        list[dict[str, Any]]: The casting, as it was given.

    Route: ``PUT data/projects/{project}/entities/{episode}/casting``
    """
    return run(
        client, _core.casting.update_episode_casting(project, episode, casting)
    )


@cache
def cast_asset(
    project: str | dict,
    entities: list[str | dict] | str | dict,
    asset: str | dict,
    nb_occurences: int | None = None,
    label: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Cast an asset in entities. Their other assets are not changed.

    This is safe when several people edit the same breakdown. The
    ``update_*_casting`` functions replace the whole casting instead.

    Args:
        project: The project of the entities (dict or id).
        entities: Shots, assets or episodes (a list of dicts or ids, or a
            single one).
        asset: The asset (dict or id).
        nb_occurences: How many times it appears. If omitted, the current
            number is kept, or 1 is set for a new asset. 0 removes the asset.
        label: The label of the casting. If omitted, it is kept.

    Returns:
        dict[str, list[CastAsset]]: The new casting of each entity, by the
            entity's id, in the form of `get_shot_casting`.

    Route: ``PUT data/projects/{project}/entities/casting/assets/{asset}``
    """
    return run(
        client,
        _core.casting.cast_asset(
            project, entities, asset, nb_occurences, label
        ),
    )


@composition
def uncast_asset(
    project: str | dict,
    entities: list[str | dict] | str | dict,
    asset: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Remove an asset from the casting of entities. Their other assets are not
    changed.

    Args:
        project: The project of the entities (dict or id).
        entities: Shots, assets or episodes (a list of dicts or ids, or a
            single one).
        asset: The asset (dict or id).

    Returns:
        dict[str, list[CastAsset]]: The new casting of each entity, by the
            entity's id, in the form of `get_shot_casting`.

    Route: ``PUT data/projects/{project}/entities/casting/assets/{asset}``
    """
    return cast_asset(project, entities, asset, nb_occurences=0, client=client)


def get_asset_type_casting(
    project: str | dict, asset_type: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the castings of a project's assets of one type.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        dict[str, list[CastAsset]]: The casting of each asset that has one, by
            the asset's id: a list of dicts (``"asset_id"``, ``"asset_name"``,
            ``"nb_occurences"``, ...) sorted by asset type and name.

    Route: ``GET data/projects/{project}/asset-types/{asset_type}/casting``
    """
    return run(
        client, _core.casting.get_asset_type_casting(project, asset_type)
    )


@cache
def get_sequence_casting(
    sequence: dict, client: KitsuClient = default
) -> dict:
    """
    Get the castings of a sequence's shots, given the sequence as a dict.

    Args:
        sequence: The sequence: a dict with ``"id"`` and ``"project_id"``.

    Returns:
        dict[str, list[CastAsset]]: The casting of each shot that has one, by
            the shot's id, in the order of the shots' names: a list of dicts
            (``"asset_id"``, ``"asset_name"``, ``"nb_occurences"``, ...) sorted
            by asset type and name.

    Raises:
        KeyError: one of the two keys is missing.
        TypeError: the sequence is an id instead of a dict.

    Route: ``GET data/projects/{project_id}/sequences/{id}/casting``
    """
    return run(client, _core.casting.get_sequence_casting(sequence))


@cache
def get_shot_casting(shot: dict, client: KitsuClient = default) -> list[dict]:
    """
    Get the casting of a shot.

    Args:
        shot: The shot: a dict with ``"id"`` and ``"project_id"``.

    Returns:
        list[CastAsset]: A dict for each asset (``"asset_id"``,
            ``"asset_name"``, ``"asset_type_name"``, ``"nb_occurences"``,
            ``"label"``, ...), sorted by asset type and name.

    Raises:
        KeyError: one of the two keys is missing.
        TypeError: the shot is an id instead of a dict.

    Example:
        for link in gazu.casting.get_shot_casting(shot):
            print(link["asset_name"], link["nb_occurences"])

    Route: ``GET data/projects/{project_id}/entities/{id}/casting``
    """
    return run(client, _core.casting.get_shot_casting(shot))


@cache
def get_asset_casting(
    asset: dict, client: KitsuClient = default
) -> list[dict]:
    """
    Get the casting of an asset: the assets that it is made of.

    Args:
        asset: The asset: a dict with ``"id"`` and ``"project_id"``.

    Returns:
        list[CastAsset]: A dict for each asset, as in `get_shot_casting`,
            sorted by asset type and name.

    Raises:
        KeyError: one of the two keys is missing.
        TypeError: the asset is an id instead of a dict.

    Route: ``GET data/projects/{project_id}/entities/{id}/casting``
    """
    return run(client, _core.casting.get_asset_casting(asset))


@cache
def get_episode_casting(
    episode: dict, client: KitsuClient = default
) -> list[dict]:
    """
    Get the casting of an episode.

    Args:
        episode: The episode: a dict with ``"id"`` and ``"project_id"``.

    Returns:
        list[CastAsset]: A dict for each asset, as in `get_shot_casting`,
            sorted by asset type and name.

    Raises:
        KeyError: one of the two keys is missing.
        TypeError: the episode is an id instead of a dict.

    Route: ``GET data/projects/{project_id}/entities/{id}/casting``
    """
    return run(client, _core.casting.get_episode_casting(episode))


@cache
def get_asset_cast_in(
    asset: str | dict, client: KitsuClient = default
) -> dict:
    """
    List the shots and assets in which an asset is cast.

    Args:
        asset: The asset (dict or id).

    Returns:
        list[CastIn]: A list: first the shots (``"shot_id"``, ``"shot_name"``,
            ``"sequence_name"``, ``"episode_name"``, ``"nb_occurences"``, ...)
            sorted by episode, sequence and name, then the assets
            (``"asset_id"``, ``"asset_name"``, ...) sorted by type and name.

    Route: ``GET data/assets/{asset}/cast-in``
    """
    return run(client, _core.casting.get_asset_cast_in(asset))


@cache
def all_entity_links_for_project(
    project: str | dict,
    page: int | None = None,
    limit: int | None = None,
    client: KitsuClient = default,
) -> list[dict] | dict:
    """
    List the links of a project: one for each asset cast in an entity.

    Args:
        project: The project (dict or id).
        page: The page, starting at 1. If omitted, all entries are returned.
        limit: The number of links per page. It is ignored without a page.

    Returns:
        list[EntityLink] | dict[str, Any]: Without a page, the links
            (``"entity_in_id"`` is where the asset ``"entity_out_id"`` is
            cast), oldest first. With one, a dict: the page's links under
            ``"data"``, and ``"page"``, ``"nb_pages"``, ``"total"``,
            ``"limit"`` and ``"offset"``.

    Raises:
        NotAllowedException: the user does not manage the project.

    Route: ``GET data/projects/{project}/entity-links``
    """
    return run(
        client,
        _core.casting.all_entity_links_for_project(project, page, limit),
    )


@cache
def get_episodes_casting(
    project: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the castings of a project's episodes.

    Args:
        project: The project (dict or id).

    Returns:
        dict[str, list[CastAsset]]: The casting of each episode that has one,
            by the episode's id: a list of dicts (``"asset_id"``,
            ``"asset_name"``, ``"nb_occurences"``, ...) sorted by asset type
            and name.

    Route: ``GET data/projects/{project}/episodes/casting``
    """
    return run(client, _core.casting.get_episodes_casting(project))


@cache
def get_sequence_shots_casting(
    project: str | dict, sequence: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the castings of a sequence's shots.

    Args:
        project: The sequence's project (dict or id).
        sequence: The sequence (dict or id).

    Returns:
        dict[str, list[CastAsset]]: The casting of each shot that has one, by
            the shot's id, as in `get_sequence_casting`.

    Route: ``GET data/projects/{project}/sequences/{sequence}/casting``
    """
    return run(
        client, _core.casting.get_sequence_shots_casting(project, sequence)
    )


@cache
def get_episode_shots_casting(
    project: str | dict, episode: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the castings of an episode's shots.

    Args:
        project: The episode's project (dict or id).
        episode: The episode (dict or id).

    Returns:
        dict[str, list[CastAsset]]: The casting of each shot that has one, by
            the shot's id, in the order of the sequences' and shots' names: a
            list as in `get_sequence_casting`.

    Route:
    ``GET data/projects/{project}/episodes/{episode}/sequences/all/casting``
    """
    return run(
        client, _core.casting.get_episode_shots_casting(project, episode)
    )


@cache
def get_project_shots_casting(
    project: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the castings of a project's shots.

    Args:
        project: The project (dict or id).

    Returns:
        dict[str, list[CastAsset]]: The casting of each shot that has one, by
            the shot's id, in the order of the sequences' and shots' names: a
            list as in `get_sequence_casting`.

    Route: ``GET data/projects/{project}/sequences/all/casting``
    """
    return run(client, _core.casting.get_project_shots_casting(project))


@composition
def delete_entity_link(
    entity_link: str | dict, client: KitsuClient = default
) -> dict:
    """
    Delete a link, which removes an asset from the casting of an entity.

    Args:
        entity_link: The link (dict or id), for example from
            `all_entity_links_for_project`.

    Returns:
        dict[str, Any]: The given link; for an id, a dict with this ``"id"``.

    Route: ``DELETE data/entity-links/{entity_link}``
    """
    entity_link = normalize_model_parameter(entity_link)
    run(client, _core.casting.delete_entity_link(entity_link))
    return entity_link


def get_casting_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    Get the casting of an asset, as `get_asset_casting` does, by the asset's id
    alone.

    Args:
        asset: The asset (dict or id).

    Returns:
        list[CastAsset]: The cast assets, by asset type and name.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/assets/{asset}/casting``
    """
    return run(client, _core.casting.get_casting_for_asset(asset))


def update_casting_for_asset(
    asset: str | dict, casting: list[dict], client: KitsuClient = default
) -> list[dict]:
    """
    Replace the casting of an asset, as `update_asset_casting` does, by the
    asset's id alone.

    Args:
        asset: The asset (dict or id).
        casting: A list of dicts with ``"asset_id"``, and optionally
            ``"nb_occurences"`` and ``"label"``.

    Returns:
        list[dict[str, Any]]: The casting, as it was given, with the defaults.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``PUT data/assets/{asset}/casting``
    """
    return run(client, _core.casting.update_casting_for_asset(asset, casting))


def update_castings(
    project: str | dict, castings: dict, client: KitsuClient = default
) -> dict:
    """
    Replace the castings of several entities of a project.

    Args:
        project: The project (dict or id).
        castings: A dict of the entities' ids. Each value is a list of dicts
            with ``"asset_id"``, ``"nb_occurences"`` and optionally
            ``"label"``.

    Returns:
        dict[str, list[dict[str, Any]]]: The castings, as they were given.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``PUT data/projects/{project}/entities/casting``
    """
    return run(client, _core.casting.update_castings(project, castings))


def remove_entity_link(
    project: str | dict, entity_link: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an asset from the casting of an entity, by the link between them.
    Managers may use this function; `delete_entity_link` is for administrators.

    Args:
        project: The project (dict or id).
        entity_link: The link (dict or id).

    Returns:
        str: The removed link as JSON text.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: no link has this id.

    Not in upstream.

    Route: ``DELETE data/projects/{project}/entity-links/{entity_link}``
    """
    return run(client, _core.casting.remove_entity_link(project, entity_link))
