//! Castings: which assets appear where, and how many times.

use crate::{
    args::{InProject, Json, Links, Model, Query},
    call::{delete, fetch_all, get, put, Call},
    path,
};

/// `PUT data/projects/{project}/entities/{shot}/casting`
///
/// Replaces the casting of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_shot_casting(project: Model, shot: Model, casting: Json) -> Call {
    update_casting(&project, &shot, casting)
}

/// `PUT data/projects/{project}/entities/{asset}/casting`
///
/// Replaces the casting of an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_asset_casting(project: Model, asset: Model, casting: Json) -> Call {
    update_casting(&project, &asset, casting)
}

/// `PUT data/projects/{project}/entities/{episode}/casting`
///
/// Replaces the casting of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_episode_casting(project: Model, episode: Model, casting: Json) -> Call {
    update_casting(&project, &episode, casting)
}

fn update_casting(project: &Model, entity: &Model, casting: Json) -> Call {
    put(path!["data", "projects", project, "entities", entity, "casting"]).json(casting)
}

/// `PUT data/projects/{project}/entities/casting/assets/{asset}`
///
/// Casts an asset in entities. Their other assets are not changed.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn cast_asset(
    project: Model,
    entities: Links,
    asset: Model,
    nb_occurences: Option<Json>,
    label: Option<Json>,
) -> Call {
    put(path!["data", "projects", project, "entities", "casting", "assets", asset])
        .field("entity_ids", entities)
        .maybe_field("nb_occurences", nb_occurences)
        .maybe_field("label", label)
}

/// `GET data/projects/{project}/asset-types/{asset_type}/casting`
///
/// The castings of the assets of a type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_type_casting(project: Model, asset_type: Model) -> Call {
    get(path!["data", "projects", project, "asset-types", asset_type, "casting"])
}

/// `GET data/projects/{project}/sequences/{sequence}/casting`
///
/// The castings of the shots of a sequence, whose dict has the id of its project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_sequence_casting(sequence: InProject) -> Call {
    let InProject { project, entity } = sequence;
    get(path!["data", "projects", project, "sequences", entity, "casting"])
}

/// `GET data/projects/{project}/entities/{shot}/casting`
///
/// The casting of a shot, whose dict has the id of its project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_shot_casting(shot: InProject) -> Call {
    casting_of(&shot)
}

/// `GET data/projects/{project}/entities/{asset}/casting`
///
/// The casting of an asset, whose dict has the id of its project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_casting(asset: InProject) -> Call {
    casting_of(&asset)
}

/// `GET data/projects/{project}/entities/{episode}/casting`
///
/// The casting of an episode, whose dict has the id of its project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episode_casting(episode: InProject) -> Call {
    casting_of(&episode)
}

fn casting_of(InProject { project, entity }: &InProject) -> Call {
    get(path!["data", "projects", project, "entities", entity, "casting"])
}

/// `GET data/assets/{asset}/cast-in`
///
/// The shots and assets in which an asset is cast.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_cast_in(asset: Model) -> Call {
    get(path!["data", "assets", asset, "cast-in"])
}

/// `GET data/projects/{project}/entity-links`
///
/// The links between the entities of a project. The limit is ignored without a page.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_entity_links_for_project(
    project: Model,
    page: Option<Query>,
    limit: Option<Query>,
) -> Call {
    let limit = limit.filter(|_| page.is_some());
    fetch_all(path!["projects", project, "entity-links"])
        .maybe_query("page", page)
        .maybe_query("limit", limit)
}

/// `GET data/projects/{project}/episodes/casting`
///
/// The castings of the episodes of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episodes_casting(project: Model) -> Call {
    get(path!["data", "projects", project, "episodes", "casting"])
}

/// `GET data/projects/{project}/sequences/{sequence}/casting`
///
/// The castings of the shots of a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_sequence_shots_casting(project: Model, sequence: Model) -> Call {
    get(path!["data", "projects", project, "sequences", sequence, "casting"])
}

/// `GET data/projects/{project}/episodes/{episode}/sequences/all/casting`
///
/// The castings of the shots of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episode_shots_casting(project: Model, episode: Model) -> Call {
    get(path!["data", "projects", project, "episodes", episode, "sequences", "all", "casting"])
}

/// `GET data/projects/{project}/sequences/all/casting`
///
/// The castings of the shots of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_shots_casting(project: Model) -> Call {
    get(path!["data", "projects", project, "sequences", "all", "casting"])
}

/// `DELETE data/entity-links/{entity_link}`
///
/// Deletes a link between two entities.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn delete_entity_link(entity_link: Model) -> Call {
    delete(path!["data", "entity-links", entity_link])
}

/// `GET data/assets/{asset}/casting`
///
/// Gets the casting of an asset, as `get_asset_casting` does, by the asset's id alone.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_casting_for_asset(asset: Model) -> Call {
    fetch_all(path!["assets", asset, "casting"])
}

/// `PUT data/assets/{asset}/casting`
///
/// Replaces the casting of an asset, as `update_asset_casting` does, by the asset's id alone.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_casting_for_asset(asset: Model, casting: Json) -> Call {
    put(path!["data", "assets", asset, "casting"]).json(casting)
}

/// `PUT data/projects/{project}/entities/casting`
///
/// Replaces the castings of several entities of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_castings(project: Model, castings: Json) -> Call {
    put(path!["data", "projects", project, "entities", "casting"]).json(castings)
}

/// `DELETE data/projects/{project}/entity-links/{entity_link}`
///
/// Removes an asset from the casting of an entity, by the link between them.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_entity_link(project: Model, entity_link: Model) -> Call {
    delete(path!["data", "projects", project, "entity-links", entity_link])
}

exports![casting:
    update_shot_casting,
    update_asset_casting,
    update_episode_casting,
    cast_asset,
    get_asset_type_casting,
    get_sequence_casting,
    get_shot_casting,
    get_asset_casting,
    get_episode_casting,
    get_asset_cast_in,
    all_entity_links_for_project,
    get_episodes_casting,
    get_sequence_shots_casting,
    get_episode_shots_casting,
    get_project_shots_casting,
    delete_entity_link,
    get_casting_for_asset,
    update_casting_for_asset,
    update_castings,
    remove_entity_link,
];
