//! Task types and task statuses.

use crate::{
    args::{Flag, Id, Json, Model, Query, Record},
    call::{delete, fetch_all, fetch_first, fetch_one, post, put, Call},
    path,
};

/// `GET data/task-status`
///
/// Every task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_statuses() -> Call {
    fetch_all("task-status").sorted_by_name()
}

/// `GET data/task-types`
///
/// Every task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types() -> Call {
    fetch_all("task-types").sorted_by_name()
}

/// `GET data/projects/{project}/task-types`
///
/// The task types of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_project(project: Model) -> Call {
    task_types_of("projects", &project)
}

/// `GET data/projects/{project}/settings/task-status`
///
/// The task statuses of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_statuses_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "settings", "task-status"]).sorted_by_name()
}

/// `GET data/shots/{shot}/task-types`
///
/// The types of a shot's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_shot(shot: Model) -> Call {
    task_types_of("shots", &shot)
}

/// `GET data/concepts/{concept}/task-types`
///
/// The types of a concept's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_concept(concept: Model) -> Call {
    task_types_of("concepts", &concept)
}

/// `GET data/assets/{asset}/task-types`
///
/// The types of an asset's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_asset(asset: Model) -> Call {
    task_types_of("assets", &asset)
}

/// `GET data/scenes/{scene}/task-types`
///
/// The types of a scene's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_scene(scene: Model) -> Call {
    task_types_of("scenes", &scene)
}

/// `GET data/sequences/{sequence}/task-types`
///
/// The types of a sequence's own tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_sequence(sequence: Model) -> Call {
    task_types_of("sequences", &sequence)
}

/// `GET data/episodes/{episode}/task-types`
///
/// The types of an episode's own tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_episode(episode: Model) -> Call {
    task_types_of("episodes", &episode)
}

fn task_types_of(collection: &str, model: &Model) -> Call {
    fetch_all(path![collection, model, "task-types"]).sorted_by_name()
}

/// `GET data/task-types/{task_type_id}`
///
/// Gets a task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_type(task_type_id: Id) -> Call {
    fetch_one("task-types", task_type_id)
}

/// `GET data/task-types?name={task_type_name}`
///
/// Finds a task type by name, optionally for one kind of entity or one department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_type_by_name(
    task_type_name: Query,
    for_entity: Option<Query>,
    department: Option<Model>,
) -> Call {
    fetch_first("task-types")
        .query("name", task_type_name)
        .maybe_query("for_entity", for_entity)
        .maybe_query("department_id", department)
}

/// `GET data/task-types?short_name={task_type_short_name}`
///
/// Finds a task type by short name, optionally for one kind of entity or one department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_type_by_short_name(
    task_type_short_name: Query,
    for_entity: Option<Query>,
    department: Option<Model>,
) -> Call {
    fetch_first("task-types")
        .query("short_name", task_type_short_name)
        .maybe_query("for_entity", for_entity)
        .maybe_query("department_id", department)
}

/// `GET data/task-status?is_default=True`
///
/// The status that new tasks have.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_default_task_status() -> Call {
    fetch_first("task-status").query("is_default", true)
}

/// `GET data/task-status/{task_status_id}`
///
/// Gets a task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_status(task_status_id: Id) -> Call {
    fetch_one("task-status", task_status_id)
}

/// `GET data/task-status?name={name}`
///
/// Finds a task status by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_status_by_name(name: Query) -> Call {
    fetch_first("task-status").query("name", name)
}

/// `GET data/task-status?short_name={task_status_short_name}`
///
/// Finds a task status by short name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_status_by_short_name(task_status_short_name: Query) -> Call {
    fetch_first("task-status").query("short_name", task_status_short_name)
}

/// `DELETE data/task-types/{task_type}`
///
/// Removes a task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_type(task_type: Model, force: Flag) -> Call {
    delete(path!["data", "task-types", task_type]).flag("force", force)
}

/// `DELETE data/task-status/{task_status}?force=True`
///
/// Removes a task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_status(task_status: Model) -> Call {
    delete(path!["data", "task-status", task_status]).query("force", true)
}

/// `PUT data/task-types/{task_type}`
///
/// Changes the fields of a task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_task_type(task_type: Record) -> Call {
    put(path!["data", "task-types", task_type]).json(task_type)
}

/// `PUT data/task-status/{task_status}`
///
/// Changes the fields of a task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_task_status(task_status: Record) -> Call {
    put(path!["data", "task-status", task_status]).json(task_status)
}

/// `POST data/task-types`
///
/// Creates a task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_task_type(name: Json, color: Json, for_entity: Json) -> Call {
    post("data/task-types")
        .field("name", name)
        .field("color", color)
        .field("for_entity", for_entity)
}

/// `POST data/task-status`
///
/// Creates a task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_task_status(name: Json, short_name: Json, color: Json) -> Call {
    post("data/task-status")
        .field("name", name)
        .field("short_name", short_name)
        .field("color", color)
}
