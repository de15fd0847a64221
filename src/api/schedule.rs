//! Schedules: the milestones of a project, its periods of work, and versions of the whole plan.

use crate::{
    args::{Flag, Id, Json, Model, Record},
    call::{create, delete, fetch_all, fetch_one, post, put, Call},
    path,
};

/// `GET data/milestones`
///
/// Lists the milestones of all projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_milestones() -> Call {
    fetch_all("milestones")
}

/// `GET data/milestones/{milestone_id}`
///
/// Gets a milestone by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_milestone(milestone_id: Id) -> Call {
    fetch_one("milestones", milestone_id)
}

/// `POST data/milestones`
///
/// Creates a milestone of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_milestone(project: Model, name: Json, date: Json, task_type: Option<Model>) -> Call {
    create("milestones")
        .field("project_id", project)
        .field("name", name)
        .field("date", date)
        .maybe_field("task_type_id", task_type)
}

/// `PUT data/milestones/{milestone}`
///
/// Changes the fields of a milestone.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_milestone(milestone: Record) -> Call {
    put(path!["data", "milestones", milestone]).json(milestone)
}

/// `DELETE data/milestones/{milestone}`
///
/// Removes a milestone.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_milestone(milestone: Model) -> Call {
    delete(path!["data", "milestones", milestone])
}

/// `GET data/schedule-items`
///
/// Lists the schedule items of all projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_schedule_items() -> Call {
    fetch_all("schedule-items")
}

/// `GET data/schedule-items/{schedule_item_id}`
///
/// Gets a schedule item by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_schedule_item(schedule_item_id: Id) -> Call {
    fetch_one("schedule-items", schedule_item_id)
}

/// `POST data/schedule-items`
///
/// Plans the period of work of a task type in a project, or of one object in it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_schedule_item(
    project: Model,
    task_type: Model,
    start_date: Json,
    end_date: Json,
    man_days: Option<Json>,
    entity: Option<Model>,
) -> Call {
    create("schedule-items")
        .field("project_id", project)
        .field("task_type_id", task_type)
        .field("start_date", start_date)
        .field("end_date", end_date)
        .maybe_field("man_days", man_days)
        .maybe_field("object_id", entity)
}

/// `PUT data/schedule-items/{schedule_item}`
///
/// Changes the fields of a schedule item.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_schedule_item(schedule_item: Record) -> Call {
    put(path!["data", "schedule-items", schedule_item]).json(schedule_item)
}

/// `DELETE data/schedule-items/{schedule_item}`
///
/// Removes a schedule item.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_schedule_item(schedule_item: Model) -> Call {
    delete(path!["data", "schedule-items", schedule_item])
}

/// `GET data/projects/{project}/schedule-items`
///
/// Lists the schedule items of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_schedule_items_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "schedule-items"])
}

/// `GET data/projects/{project}/schedule-items/task-types`
///
/// Lists the periods of the task types of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_type_schedule_items(project: Model) -> Call {
    fetch_all(path!["projects", project, "schedule-items", "task-types"])
}

/// `GET data/projects/{project}/schedule-items/{task_type}/asset-types`
///
/// Lists the periods of a task type for each asset type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_type_schedule_items(
    project: Model,
    task_type: Model,
    episode: Option<Model>,
) -> Call {
    fetch_all(path!["projects", project, "schedule-items", task_type, "asset-types"])
        .maybe_query("episode", episode)
}

/// `GET data/projects/{project}/schedule-items/{task_type}/episodes`
///
/// Lists the periods of a task type for each episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_episode_schedule_items(
    project: Model,
    task_type: Model,
    episode: Option<Model>,
) -> Call {
    fetch_all(path!["projects", project, "schedule-items", task_type, "episodes"])
        .maybe_query("episode", episode)
}

/// `GET data/projects/{project}/schedule-items/{task_type}/sequences`
///
/// Lists the periods of a task type for each sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_sequence_schedule_items(
    project: Model,
    task_type: Model,
    episode: Option<Model>,
) -> Call {
    fetch_all(path!["projects", project, "schedule-items", task_type, "sequences"])
        .maybe_query("episode", episode)
}

/// `GET data/projects/{project}/schedule-items/{task_type}/edits`
///
/// Lists the periods of a task type for each edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_edit_schedule_items(project: Model, task_type: Model, episode: Option<Model>) -> Call {
    fetch_all(path!["projects", project, "schedule-items", task_type, "edits"])
        .maybe_query("episode", episode)
}

/// `GET data/production-schedule-versions`
///
/// Lists the versions of schedules.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_schedule_versions(project: Option<Model>) -> Call {
    fetch_all("production-schedule-versions").maybe_query("project_id", project)
}

/// `GET data/production-schedule-versions/{schedule_version_id}`
///
/// Gets a version of a schedule by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_schedule_version(schedule_version_id: Id) -> Call {
    fetch_one("production-schedule-versions", schedule_version_id)
}

/// `POST data/production-schedule-versions`
///
/// Creates a version of a project's schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_schedule_version(project: Model, name: Json) -> Call {
    create("production-schedule-versions").field("project_id", project).field("name", name)
}

/// `PUT data/production-schedule-versions/{schedule_version}`
///
/// Changes the fields of a version of a schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_schedule_version(schedule_version: Record) -> Call {
    put(path!["data", "production-schedule-versions", schedule_version]).json(schedule_version)
}

/// `DELETE data/production-schedule-versions/{schedule_version}`
///
/// Removes a version of a schedule, with its dates.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_schedule_version(schedule_version: Model) -> Call {
    delete(path!["data", "production-schedule-versions", schedule_version])
}

/// `GET data/production-schedule-versions/{schedule_version}/task-links`
///
/// Lists the dates and estimations of tasks in a version of a schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_links_for_schedule_version(
    schedule_version: Model,
    task_type: Option<Model>,
    relations: Flag,
) -> Call {
    fetch_all(path!["production-schedule-versions", schedule_version, "task-links"])
        .maybe_query("task_type_id", task_type)
        .flag("relations", relations)
}

/// `PUT data/production-schedule-version-task-links/{task_link}`
///
/// Changes the dates or the estimation of a task in a version of a schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_schedule_version_task_link(task_link: Record) -> Call {
    put(path!["data", "production-schedule-version-task-links", task_link]).json(task_link)
}

/// `POST actions/production-schedule-versions/{schedule_version}/set-task-links-from-production`
///
/// Copies the dates, estimations and assignees of a project's tasks to a version of its
/// schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_schedule_version_from_production(schedule_version: Model) -> Call {
    post(path![
        "actions",
        "production-schedule-versions",
        schedule_version,
        "set-task-links-from-production"
    ])
}

/// `POST actions/production-schedule-versions/{schedule_version}/set-task-links-from-production-schedule-version`
///
/// Copies the dates, estimations and assignees of another version of the same project's
/// schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_schedule_version_from_schedule_version(schedule_version: Model, source: Model) -> Call {
    post(path![
        "actions",
        "production-schedule-versions",
        schedule_version,
        "set-task-links-from-production-schedule-version"
    ])
    .field("production_schedule_version_id", source)
}

/// `POST actions/production-schedule-versions/{schedule_version}/apply-to-production`
///
/// Sets the dates and estimations of a project's tasks to those of a version of its schedule.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn apply_schedule_version(schedule_version: Model) -> Call {
    post(path!["actions", "production-schedule-versions", schedule_version, "apply-to-production"])
}

exports![schedule:
    all_milestones,
    get_milestone,
    new_milestone,
    update_milestone,
    remove_milestone,
    all_schedule_items,
    get_schedule_item,
    new_schedule_item,
    update_schedule_item,
    remove_schedule_item,
    all_schedule_items_for_project,
    all_task_type_schedule_items,
    all_asset_type_schedule_items,
    all_episode_schedule_items,
    all_sequence_schedule_items,
    all_edit_schedule_items,
    all_schedule_versions,
    get_schedule_version,
    new_schedule_version,
    update_schedule_version,
    remove_schedule_version,
    all_task_links_for_schedule_version,
    update_schedule_version_task_link,
    set_schedule_version_from_production,
    set_schedule_version_from_schedule_version,
    apply_schedule_version,
];
