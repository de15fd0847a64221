"""
Assets, shots and the other entities, and casting.
"""

from __future__ import annotations

from typing import Any

from .. import validation
from ..models import NON_ASSET_TYPES
from ..request import Request
from ..store import Record, Store, not_found, now, rejected
from .comments import remove_tasks
from .routing import route
from .serializers import (
    as_asset_type,
    by_id,
    entities_of_project,
    filtered,
    flat,
    flats,
    is_forced,
    name_of,
    paginated,
    tasks_of_entity,
    with_relations,
)


@route("GET", "data/asset-types")
def get_asset_types(store: Store, request: Request) -> Any:
    return [
        as_asset_type(one, relations=True)
        for one in filtered(store, request, "entity-types")
        if one["name"] not in NON_ASSET_TYPES
    ]


@route("GET", "data/asset-types/{asset_type}")
def get_asset_type(store: Store, request: Request, asset_type: str) -> Any:
    found = store.get("entity-types", asset_type)
    if found["name"] in NON_ASSET_TYPES:
        raise not_found()
    return as_asset_type(found, relations=True)


@route("GET", "data/projects/{project}/asset-types")
def get_project_asset_types(
    store: Store, request: Request, project: str
) -> Any:
    ids = [
        one["entity_type_id"]
        for one in entities_of_project(store, project, "Asset")
    ]
    return [
        as_asset_type(store.get("entity-types", id))
        for id in dict.fromkeys(ids)
    ]


def new_entity(
    store: Store,
    request: Request,
    project: str,
    kind: Record,
    values: Record,
) -> Record:
    """Add an entity, or return the existing one with this name and parent."""
    name = validation.required_text(request.json, "name", least=1)
    store.get("projects", project)
    place = {
        "project_id": project,
        "entity_type_id": kind["id"],
        "parent_id": values.get("parent_id"),
        "name": name,
    }
    found = store.first("entities", **place)
    if found is not None:
        if found["type"] == "Shot":
            return with_parent_names(store, found)
        return flat(found)
    values = {key: value for key, value in values.items() if value is not None}
    entity = store.add(
        "entities", created_by=request.person["id"], **dict(values, **place)
    )
    more = {}
    if entity["type"] == "Asset":
        more["asset_type"] = kind["id"]
    if entity["type"] == "Shot":
        sequence = by_id(store, "entities", entity["parent_id"])
        more["episode_id"] = sequence.get("parent_id")
    store.tell(entity, "new", **more)
    return flat(entity)


@route(
    "POST", "data/projects/{project}/asset-types/{asset_type}/assets/new", 201
)
def new_asset(
    store: Store, request: Request, project: str, asset_type: str
) -> Any:
    body = request.json
    values = {
        "description": body.get("description") or "",
        "data": body.get("data"),
        "source_id": body.get("episode_id"),
        "is_shared": body.get("is_shared"),
    }
    kind = store.get("entity-types", asset_type)
    return new_entity(store, request, project, kind, values)


def _register_entity_routes(kind: str, plural: str, parent_key: str) -> None:
    @route("POST", "data/projects/{project}/" + plural, 201)
    def new(store: Store, request: Request, project: str) -> Any:
        body = request.json
        values = {
            "data": body.get("data"),
            "nb_frames": validation.optional_integer(body, "nb_frames"),
            "description": body.get("description"),
            "parent_id": body.get(parent_key),
        }
        if kind not in ("Shot", "Concept", "Scene"):
            values["description"] = values["description"] or ""
        kind_record = store.entity_type(kind)
        return new_entity(store, request, project, kind_record, values)

    @route("GET", "data/projects/{project}/" + plural)
    def listing(store: Store, request: Request, project: str) -> Any:
        store.get("projects", project)
        return flats(entities_of_project(store, project, kind))

    @route("GET", "data/" + plural)
    @route("GET", "data/" + plural + "/all")
    def everything(store: Store, request: Request) -> Any:
        query = request.query
        if parent_key in query:
            query["parent_id"] = query.pop(parent_key)
        entities = [
            one for one in store.all("entities") if one["type"] == kind
        ]
        found = filtered(store, request, "entities", entities)
        if kind == "Shot":
            return [with_parent_names(store, one) for one in found]
        return paginated(request, found)

    @route("PUT", "data/" + plural + "/{id}")
    def change(store: Store, request: Request, id: str) -> Any:
        store.entity(kind, id)
        body = request.json
        if body.get("name") is not None:
            validation.required_text(body, "name", least=1)
        if "nb_frames" in body:
            body["nb_frames"] = validation.optional_integer(body, "nb_frames")
        entity = store.update("entities", id, body)
        store.tell(entity, "update")
        return dict(flat(entity), type="Entity")

    @route("DELETE", "data/" + plural + "/{id}", 204)
    def remove(store: Store, request: Request, id: str) -> Any:
        entity = store.entity(kind, id)
        if kind in ("Sequence", "Episode"):
            remove_parent_entity(store, entity, is_forced(request))
        elif not is_forced(request) and store.first("tasks", entity_id=id):
            entity["canceled"] = True
            entity["updated_at"] = now()
            store.tell(entity, "update")
        else:
            remove_entity(store, entity)


def remove_parent_entity(store: Store, entity: Record, force: bool) -> None:
    """Remove a sequence or an episode. With force, remove its content, too."""
    inside = store.all("entities", parent_id=entity["id"]) + store.all(
        "entities", source_id=entity["id"]
    )
    if not force and (inside or store.first("tasks", entity_id=entity["id"])):
        raise rejected(
            "Some data are still linked to this {}.".format(
                entity["type"].lower()
            )
        )
    for one in inside:
        if one["type"] == "Sequence":
            remove_parent_entity(store, one, force)
        else:
            remove_entity(store, one)
    remove_entity(store, entity)


def remove_entity(store: Store, entity: Record) -> None:
    """Remove an entity and its tasks, and adjust the counts of its castings."""
    for link in store.all("entity-links", entity_out_id=entity["id"]):
        by_id(store, "entities", link["entity_in_id"])["nb_entities_out"] -= 1
    remove_tasks(store, store.all("tasks", entity_id=entity["id"]))
    store.remove("entities", entity["id"])
    store.tell(entity, "delete")


_register_entity_routes("Episode", "episodes", "")
_register_entity_routes("Sequence", "sequences", "episode_id")
_register_entity_routes("Shot", "shots", "sequence_id")
_register_entity_routes("Scene", "scenes", "sequence_id")
_register_entity_routes("Edit", "edits", "episode_id")
_register_entity_routes("Concept", "concepts", "")
_register_entity_routes("Asset", "assets", "")


@route("GET", "data/projects/{project}/asset-types/{asset_type}/assets")
def get_assets_of_type(
    store: Store, request: Request, project: str, asset_type: str
) -> Any:
    found = entities_of_project(
        store, project, "Asset", entity_type_id=asset_type
    )
    return flats(found)


def with_parent_names(store: Store, shot: Record) -> Record:
    """Return a shot with the names of its project and sequence."""
    return dict(
        flat(shot),
        project_name=name_of(store, "projects", shot["project_id"]),
        sequence_name=name_of(store, "entities", shot["parent_id"]),
    )


@route("GET", "data/episodes/{episode}/sequences")
def get_sequences_of_episode(
    store: Store, request: Request, episode: str
) -> Any:
    store.entity("Episode", episode)
    return flats(store.all("entities", parent_id=episode))


@route("GET", "data/episodes/{episode}/shots")
def get_shots_of_episode(store: Store, request: Request, episode: str) -> Any:
    store.entity("Episode", episode)
    return flats(_shots_of(store, episode))


def _shots_of(store: Store, episode: str) -> list[Record]:
    return [
        shot
        for sequence in store.all("entities", parent_id=episode)
        for shot in store.all("entities", parent_id=sequence["id"])
        if shot["type"] == "Shot"
    ]


@route("GET", "data/sequences/{sequence}/shots")
def get_shots_of_sequence(
    store: Store, request: Request, sequence: str
) -> Any:
    store.entity("Sequence", sequence)
    return [
        with_parent_names(store, one)
        for one in store.all("entities", parent_id=sequence)
        if one["type"] == "Shot"
    ]


@route("GET", "data/episodes/{episode}")
def get_episode(store: Store, request: Request, episode: str) -> Any:
    found = store.entity("Episode", episode)
    project_name = name_of(store, "projects", found["project_id"])
    return dict(flat(found), project_name=project_name)


@route("GET", "data/sequences/{sequence}")
def get_sequence(store: Store, request: Request, sequence: str) -> Any:
    found = store.entity("Sequence", sequence)
    shown = flat(found)
    shown["project_name"] = name_of(store, "projects", found["project_id"])
    episode = store.parent(found)
    if episode is not None:
        shown["episode_id"] = episode["id"]
        shown["episode_name"] = episode["name"]
    return shown


@route("GET", "data/shots/{shot}")
def get_shot(store: Store, request: Request, shot: str) -> Any:
    found = with_relations(store, store.entity("Shot", shot))
    sequence = store.parent(found)
    episode = store.parent(sequence) if sequence else None
    data = found["data"] or {}
    found.update(
        project_name=name_of(store, "projects", found["project_id"]),
        sequence_id=found["parent_id"],
        sequence_name=sequence["name"] if sequence else "",
        episode_id=episode["id"] if episode else None,
        episode_name=episode["name"] if episode else "",
        fps=data.get("fps"),
        frame_in=data.get("frame_in"),
        frame_out=data.get("frame_out"),
        tasks=tasks_of_entity(store, found, "nb_assets_ready", "nb_drawings"),
    )
    return found


@route("GET", "data/assets/{asset}")
def get_asset(store: Store, request: Request, asset: str) -> Any:
    found = with_relations(store, store.entity("Asset", asset))
    kind = store.get("entity-types", found["entity_type_id"])
    episodes = []
    for link in store.all("entity-links", entity_out_id=asset):
        shot = by_id(store, "entities", link["entity_in_id"])
        sequence = by_id(store, "entities", shot.get("parent_id"))
        if sequence.get("parent_id"):
            episodes.append(sequence["parent_id"])
    del found["nb_frames"]
    found.update(
        # The server returns text here, even for null.
        ready_for=str(found["ready_for"]),
        preview_file_id=found["preview_file_id"] or "",
        episode_id=found.pop("source_id") or "",
        project_name=name_of(store, "projects", found["project_id"]),
        asset_type_id=kind["id"],
        asset_type_name=kind["name"],
        casting_episode_ids=list(dict.fromkeys(episodes)),
        tasks=tasks_of_entity(store, found),
    )
    return found


@route("PUT", "data/projects/{project}/entities/{entity}/casting")
def set_casting(
    store: Store, request: Request, project: str, entity: str
) -> Any:
    target = store.get("entities", entity)
    if not isinstance(request.json, list):
        raise rejected("Request body must be a JSON array")
    there = store.models["entities"]
    casting = [cast for cast in request.json if cast.get("asset_id") in there]
    before = set()
    for link in store.all("entity-links", entity_in_id=entity):
        before.add(link["entity_out_id"])
        store.remove("entity-links", link["id"])
    after = set()
    for cast in casting:
        after.add(cast["asset_id"])
        link = _add_link(store, target, cast)
        keys = ("entity_in_id", "entity_out_id", "nb_occurences")
        store.tell(link, "new", **{key: link[key] for key in keys})
    target["nb_entities_out"] = len(after)
    added, removed = sorted(after - before), sorted(before - after)
    _emit_casting_update(store, target, added, removed)
    episode = by_id(store, "entities", target["parent_id"]).get("parent_id")
    if target["type"] == "Shot" and episode is not None:
        place = store.get("entities", episode)
        _add_to_episode(store, place, casting)
        _remove_from_episode(store, place, removed)
    return request.json


def _add_link(
    store: Store, target: Record, cast: Record, data: Record | None = None
) -> Record:
    return store.add(
        "entity-links",
        entity_in_id=target["id"],
        entity_out_id=cast["asset_id"],
        nb_occurences=cast.get("nb_occurences", 1),
        label=cast.get("label", ""),
        data=data,
    )


def _emit_casting_update(
    store: Store, target: Record, added: list[str], removed: list[str]
) -> None:
    kind = target["type"] if target["type"] in ("Shot", "Episode") else "Asset"
    store.tell(
        dict(target, type=kind),
        "casting-update",
        nb_entities_out=target["nb_entities_out"],
        added_asset_ids=added,
        removed_asset_ids=removed,
    )


def _add_to_episode(
    store: Store, episode: Record, casting: list[Record]
) -> None:
    """Add the assets cast in a shot to the casting of its episode."""
    for cast in casting:
        place = {
            "entity_in_id": episode["id"],
            "entity_out_id": cast["asset_id"],
        }
        if not store.first("entity-links", **place):
            _add_link(
                store, episode, dict(cast, nb_occurences=1), {"auto": True}
            )
            episode["nb_entities_out"] += 1
            store.tell(store.get("entities", cast["asset_id"]), "update")


def _remove_from_episode(
    store: Store, episode: Record, assets: list[str]
) -> None:
    """Remove assets from an episode that none of its shots casts any longer."""
    shots = {shot["id"] for shot in _shots_of(store, episode["id"])}
    for asset in assets:
        links = store.all("entity-links", entity_out_id=asset)
        if any(link["entity_in_id"] in shots for link in links):
            continue
        for link in links:
            # Assets that were cast in the episode directly stay.
            if link["entity_in_id"] == episode["id"] and (
                link["data"] or {}
            ).get("auto"):
                store.remove("entity-links", link["id"])
                episode["nb_entities_out"] -= 1
                _emit_casting_update(store, episode, [], [asset])
                store.tell(store.get("entities", asset), "update")


@route("GET", "data/projects/{project}/entities/{entity}/casting")
def get_casting(
    store: Store, request: Request, project: str, entity: str
) -> Any:
    answer = []
    for link in store.all("entity-links", entity_in_id=entity):
        asset = store.get("entities", link["entity_out_id"])
        answer.append(
            {
                "asset_id": asset["id"],
                "asset_name": asset["name"],
                "asset_type_name": name_of(
                    store, "entity-types", asset["entity_type_id"]
                ),
                "ready_for": asset["ready_for"],
                "episode_id": asset["source_id"],
                "preview_file_id": asset["preview_file_id"],
                "nb_occurences": link["nb_occurences"],
                "label": link["label"],
                "is_shared": asset["is_shared"],
                "project_id": asset["project_id"],
            }
        )
    return answer


@route("GET", "data/assets/{asset}/cast-in")
def get_cast_in(store: Store, request: Request, asset: str) -> Any:
    answer = []
    for link in store.all("entity-links", entity_out_id=asset):
        shot = store.get("entities", link["entity_in_id"])
        if shot["parent_id"] is None:
            continue
        sequence = by_id(store, "entities", shot["parent_id"])
        episode = by_id(store, "entities", sequence.get("parent_id"))
        answer.append(
            {
                "shot_id": shot["id"],
                "shot_name": shot["name"],
                "sequence_name": sequence.get("name"),
                "episode_id": str(episode.get("id")),
                "episode_name": episode.get("name"),
                "preview_file_id": shot["preview_file_id"],
                "nb_occurences": link["nb_occurences"],
            }
        )
    return answer


@route("GET", "data/shots/{shot}/assets")
def get_assets_of_shot(store: Store, request: Request, shot: str) -> Any:
    store.entity("Shot", shot)
    links = store.all("entity-links", entity_in_id=shot)
    return flats(
        store.get("entities", link["entity_out_id"]) for link in links
    )
