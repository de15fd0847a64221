//! Scenes: the layouts of a sequence, from which shots are made.

use crate::{
    args::{Dict, Id, Json, Model, Query, Record},
    call::{delete, fetch_all, fetch_first, fetch_one, get, post, put, Call},
    path,
};

/// `POST data/projects/{project}/scenes`
///
/// Creates a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_scene(project: Model, sequence: Model, name: Json) -> Call {
    post(path!["data", "projects", project, "scenes"])
        .field("name", name)
        .field("sequence_id", sequence)
}

/// `GET data/projects/{project}/scenes`, or `GET data/scenes/all`
///
/// The scenes of a project, or of all projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes(project: Option<Model>) -> Call {
    match project {
        Some(project) => fetch_all(path!["projects", project, "scenes"]),
        None => fetch_all("scenes/all"),
    }
    .sorted_by_name()
}

/// `GET data/sequences/{sequence}/scenes`
///
/// The scenes of a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes_for_sequence(sequence: Model) -> Call {
    fetch_all(path!["sequences", sequence, "scenes"]).sorted_by_name()
}

/// `GET data/scenes/{scene_id}`
///
/// Gets a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_scene(scene_id: Id) -> Call {
    fetch_one("scenes", scene_id)
}

/// `GET data/scenes/all?parent_id={sequence}&name={scene_name}`
///
/// Finds a scene of a sequence by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_scene_by_name(sequence: Model, scene_name: Query) -> Call {
    fetch_first("scenes/all").query("parent_id", sequence).query("name", scene_name)
}

/// `PUT data/entities/{scene}`
///
/// Changes the fields of a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_scene(scene: Record) -> Call {
    put(path!["data", "entities", scene]).json(scene)
}

/// `POST data/scenes/{scene}/asset-instances`
///
/// Adds an instance of an asset to a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_scene_asset_instance(scene: Model, asset: Model, description: Option<Json>) -> Call {
    post(path!["data", "scenes", scene, "asset-instances"])
        .field("asset_id", asset)
        .maybe_field("description", description)
}

/// `GET data/scenes/{scene}/asset-instances`
///
/// The asset instances of a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_instances_for_scene(scene: Model) -> Call {
    get(path!["data", "scenes", scene, "asset-instances"])
}

/// `GET data/asset-instances?name={name}&scene_id={scene}`
///
/// Finds an asset instance of a scene by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_instance_by_name(scene: Model, name: Query) -> Call {
    fetch_first("asset-instances").query("name", name).query("scene_id", scene)
}

/// `GET data/scenes/{scene}/camera-instances`
///
/// The camera instances of a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_camera_instances_for_scene(scene: Model) -> Call {
    get(path!["data", "scenes", scene, "camera-instances"])
}

/// `GET data/scenes/{scene}/shots`
///
/// The shots made from a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shots_for_scene(scene: Model) -> Call {
    get(path!["data", "scenes", scene, "shots"])
}

/// `POST data/scenes/{scene}/shots`
///
/// Records that a shot is made from a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_shot_to_scene(scene: Model, shot: Model) -> Call {
    post(path!["data", "scenes", scene, "shots"]).field("shot_id", shot)
}

/// `DELETE data/scenes/{scene}/shots/{shot}`
///
/// Removes the link between a shot and a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_shot_from_scene(scene: Model, shot: Model) -> Call {
    delete(path!["data", "scenes", scene, "shots", shot])
}

/// `PUT data/asset-instances/{asset_instance}`
///
/// Renames an asset instance.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_asset_instance_name(asset_instance: Dict, name: Json) -> Call {
    put(path!["/data/asset-instances", asset_instance]).field("name", name)
}

/// `PUT data/asset-instances/{asset_instance}`
///
/// Replaces the metadata of an asset instance.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_asset_instance_data(asset_instance: Model, data: Json) -> Call {
    put(path!["/data/asset-instances", asset_instance]).field("data", data)
}

/// `DELETE data/scenes/{scene}`
///
/// Removes a scene, with its tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_scene(scene: Model) -> Call {
    delete(path!["data", "scenes", scene])
}

/// `GET data/scenes/with-tasks?project_id={project}`
///
/// The scenes of a project, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes_with_tasks(project: Model) -> Call {
    fetch_all("scenes/with-tasks").query("project_id", project).rows()
}

exports![scene:
    all_scenes_with_tasks,
    new_scene,
    all_scenes,
    all_scenes_for_sequence,
    get_scene,
    get_scene_by_name,
    update_scene,
    new_scene_asset_instance,
    all_asset_instances_for_scene,
    get_asset_instance_by_name,
    all_camera_instances_for_scene,
    all_shots_for_scene,
    add_shot_to_scene,
    remove_shot_from_scene,
    update_asset_instance_name,
    update_asset_instance_data,
    remove_scene,
];
