//! Assets, their types and their instances.

use crate::{
    args::{Dict, FilePath, Filter, Flag, Id, Json, Model, ModelId, Models, Query, Record},
    call::{create, delete, download, fetch_all, fetch_first, fetch_one, post, put, upload, Call},
    path,
};

/// `GET data/projects/{project}/assets`, or `GET data/assets/all`
///
/// The assets of a project, or of all projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_for_project(project: Option<Model>) -> Call {
    match project {
        Some(project) => fetch_all(path!["projects", project, "assets"]),
        None => fetch_all("assets/all"),
    }
    .sorted_by_name()
}

/// `GET data/assets?source_id={episode}`
///
/// The assets that belong to an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_for_episode(episode: Model) -> Call {
    fetch_all("assets").query("source_id", episode).sorted_by_name()
}

/// `GET data/shots/{shot}/assets`
///
/// The assets cast in a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_for_shot(shot: Model) -> Call {
    fetch_all(path!["shots", shot, "assets"]).sorted_by_name()
}

/// `GET data/projects/{project}/asset-types/{asset_type}/assets`
///
/// The assets of a type in a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_for_project_and_type(project: Model, asset_type: Model) -> Call {
    fetch_all(path!["projects", project, "asset-types", asset_type, "assets"]).sorted_by_name()
}

/// `GET data/assets/all?project_id={project}&name={name}`
///
/// Finds an asset of a project by name, of one type or of any.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_by_name(project: Model, name: Query, asset_type: Option<Model>) -> Call {
    fetch_first("assets/all")
        .query("project_id", project)
        .query("name", name)
        .maybe_query("entity_type_id", asset_type)
}

/// `GET data/assets/{asset_id}`
///
/// Gets an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset(asset_id: Id) -> Call {
    fetch_one("assets", asset_id)
}

/// `POST data/projects/{project}/asset-types/{asset_type}/assets/new`
///
/// Creates an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_asset(
    project: Model,
    asset_type: Model,
    name: Json,
    description: Option<Json>,
    extra_data: Option<Json>,
    episode: Option<Model>,
    is_shared: Json,
) -> Call {
    post(path!["data", "projects", project, "asset-types", asset_type, "assets", "new"])
        .field("name", name)
        .field("data", extra_data.unwrap_or_else(|| Json::from_text("{}")))
        .field("is_shared", is_shared)
        .maybe_field("description", description)
        .maybe_field("episode_id", episode)
}

/// `PUT data/entities/{asset}`
///
/// Changes the fields of an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_asset(asset: Record) -> Call {
    put(path!["data", "entities", asset]).json(asset)
}

/// `DELETE data/assets/{asset}`
///
/// Removes an asset, or cancels it if it has tasks and `force` is not set.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_asset(asset: Model, force: Flag) -> Call {
    delete(path!["data", "assets", asset]).flag("force", force)
}

/// `GET data/asset-types`
///
/// Every asset type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_types() -> Call {
    fetch_all("asset-types").sorted_by_name()
}

/// `GET data/projects/{project}/asset-types`
///
/// The types of a project's assets.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_types_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "asset-types"]).sorted_by_name()
}

/// `GET data/shots/{shot}/asset-types`
///
/// The types of the assets cast in a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_types_for_shot(shot: Model) -> Call {
    fetch_all(path!["shots", shot, "asset-types"]).sorted_by_name()
}

/// `GET data/asset-types/{asset_type_id}`
///
/// Gets an asset type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_type(asset_type_id: ModelId) -> Call {
    fetch_one("asset-types", asset_type_id)
}

/// `GET data/entity-types?name={name}`
///
/// Finds an asset type by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_type_by_name(name: Query) -> Call {
    fetch_first("entity-types").query("name", name)
}

/// `POST data/entity-types`
///
/// Creates an asset type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_asset_type(name: Json) -> Call {
    create("entity-types").field("name", name)
}

/// `PUT data/entity-types/{asset_type}`
///
/// Renames an asset type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_asset_type(asset_type: Dict, name: Json) -> Call {
    put(path!["data", "entity-types", asset_type]).field("name", name)
}

/// `DELETE data/entity-types/{asset_type}`
///
/// Removes an asset type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_asset_type(asset_type: Model) -> Call {
    delete(path!["data", "entity-types", asset_type])
}

/// `GET data/asset-instances/{asset_instance_id}`
///
/// Gets an asset instance.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_instance(asset_instance_id: Id) -> Call {
    fetch_one("asset-instances", asset_instance_id)
}

/// `GET data/assets/{asset}/shot-asset-instances`
///
/// The instances of an asset in shots.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shot_asset_instances_for_asset(asset: Model) -> Call {
    fetch_all(path!["assets", asset, "shot-asset-instances"])
}

fn set_active(asset_instance: &Model, active: bool) -> Call {
    put(path!["data", "asset-instances", asset_instance]).field("active", active)
}

/// `PUT data/asset-instances/{asset_instance}`
///
/// Marks an asset instance as in use.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn enable_asset_instance(asset_instance: Model) -> Call {
    set_active(&asset_instance, true)
}

/// `PUT data/asset-instances/{asset_instance}`
///
/// Marks an asset instance as out of use.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn disable_asset_instance(asset_instance: Model) -> Call {
    set_active(&asset_instance, false)
}

/// `GET data/assets/{asset}/scene-asset-instances`
///
/// The instances of an asset in scenes.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scene_asset_instances_for_asset(asset: Model) -> Call {
    fetch_all(path!["assets", asset, "scene-asset-instances"])
}

/// `GET data/assets/{asset}/asset-asset-instances`
///
/// The instances of other assets in an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_instances_for_asset(asset: Model) -> Call {
    fetch_all(path!["assets", asset, "asset-asset-instances"])
}

/// `POST data/assets/{asset}/asset-asset-instances`
///
/// Adds an instance of an asset to another asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_asset_asset_instance(
    asset: Model,
    asset_to_instantiate: Model,
    description: Option<Json>,
) -> Call {
    post(path!["data", "assets", asset, "asset-asset-instances"])
        .field("asset_to_instantiate_id", asset_to_instantiate)
        .maybe_field("description", description)
}

/// `POST import/csv/projects/{project}/assets`
///
/// Creates or updates a project's assets from a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_assets_with_csv(project: Model, csv_file_path: FilePath) -> Call {
    upload(path!["import", "csv", "projects", project, "assets"]).file("file", csv_file_path)
}

/// `GET export/csv/projects/{project}/assets.csv`
///
/// A project's assets as CSV.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_assets_with_csv(
    project: Model,
    csv_file_path: Option<FilePath>,
    episode: Filter<Model>,
    assigned_to: Filter<Model>,
) -> Call {
    download(path!["export", "csv", "projects", project, "assets.csv"], csv_file_path)
        .maybe_query("episode_id", episode.0)
        .maybe_query("assigned_to", assigned_to.0)
}

/// `GET data/assets/{asset}/assets`
///
/// Lists the assets that are cast in an asset: what it is made of.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_for_asset(asset: Model) -> Call {
    fetch_all(path!["assets", asset, "assets"])
}

/// `GET data/projects/{project}/assets/shared-used`
///
/// Lists the shared assets of other projects that are cast in a project's shots.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shared_assets_used_in_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "assets", "shared-used"])
}

/// `GET data/projects/{project}/episodes/{episode}/assets/shared-used`
///
/// Lists the shared assets of other projects that are cast in an episode's shots.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shared_assets_used_in_episode(project: Model, episode: Model) -> Call {
    fetch_all(path!["projects", project, "episodes", episode, "assets", "shared-used"])
}

/// `POST actions/assets/share`
///
/// Lets other projects use some assets, or not any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn share_assets(assets: Models, is_shared: Json) -> Call {
    post("actions/assets/share").field("asset_ids", assets).field("is_shared", is_shared)
}

/// `POST actions/projects/{project}/assets/share`
///
/// Lets other projects use the assets of a project, or not any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn share_assets_for_project(project: Model, assets: Option<Models>, is_shared: Json) -> Call {
    post(path!["actions", "projects", project, "assets", "share"])
        .maybe_field("asset_ids", assets)
        .field("is_shared", is_shared)
}

/// `POST actions/projects/{project}/asset-types/{asset_type}/assets/share`
///
/// Lets other projects use the assets of one type in a project, or not any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn share_assets_for_asset_type(project: Model, asset_type: Model, is_shared: Json) -> Call {
    post(path!["actions", "projects", project, "asset-types", asset_type, "assets", "share"])
        .field("is_shared", is_shared)
}

/// `DELETE data/asset-instances/{asset_instance}`
///
/// Removes an asset instance.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_asset_instance(asset_instance: Model) -> Call {
    delete(path!["data", "asset-instances", asset_instance])
}

/// `GET data/assets/with-tasks?project_id={project}&stream=true&compact=true`
///
/// The assets of a project or episode, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_with_tasks(project: Model, episode: Option<Model>) -> Call {
    fetch_all("assets/with-tasks")
        .query("project_id", project)
        .maybe_query("episode_id", episode)
        .query("stream", "true")
        .query("compact", "true")
        .rows()
}

exports![asset:
    all_assets_with_tasks,
    all_assets_for_project,
    all_assets_for_episode,
    all_assets_for_shot,
    all_assets_for_project_and_type,
    get_asset_by_name,
    get_asset,
    new_asset,
    update_asset,
    remove_asset,
    all_asset_types,
    all_asset_types_for_project,
    all_asset_types_for_shot,
    get_asset_type,
    get_asset_type_by_name,
    new_asset_type,
    update_asset_type,
    remove_asset_type,
    get_asset_instance,
    all_shot_asset_instances_for_asset,
    enable_asset_instance,
    disable_asset_instance,
    all_scene_asset_instances_for_asset,
    all_asset_instances_for_asset,
    new_asset_asset_instance,
    import_assets_with_csv,
    export_assets_with_csv,
    all_assets_for_asset,
    all_shared_assets_used_in_project,
    all_shared_assets_used_in_episode,
    share_assets,
    share_assets_for_project,
    share_assets_for_asset_type,
    remove_asset_instance,
];
