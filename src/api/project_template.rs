//! Templates: the settings that new projects start from.

use crate::{
    args::{Id, Json, Model, Models, Query, Record},
    call::{delete, fetch_all, fetch_first, fetch_one, post, put, Call},
    path,
};

/// `GET data/project-templates`
///
/// Project templates, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_project_templates() -> Call {
    fetch_all("project-templates").sorted_by_name()
}

/// `GET data/project-templates/{template}`
///
/// Gets a project template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_template(project_template_id: Id) -> Call {
    fetch_one("project-templates", project_template_id)
}

/// `GET data/project-templates?name=`
///
/// Finds a project template by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_template_by_name(name: Query) -> Call {
    fetch_first("project-templates").query("name", name)
}

/// `POST data/project-templates`
///
/// Creates a project template without task types or other links.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_project_template(
    name: Json,
    description: Json,
    fps: Option<Json>,
    ratio: Option<Json>,
    resolution: Option<Json>,
    production_type: Option<Json>,
    production_style: Option<Json>,
) -> Call {
    post("data/project-templates")
        .field("name", name)
        .field("description", description)
        .maybe_field("fps", fps)
        .maybe_field("ratio", ratio)
        .maybe_field("resolution", resolution)
        .maybe_field("production_type", production_type)
        .maybe_field("production_style", production_style)
}

/// `PUT data/project-templates/{template}`
///
/// Changes the fields of a project template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_project_template(project_template: Record) -> Call {
    put(path!["data", "project-templates", project_template]).json(project_template)
}

/// `DELETE data/project-templates/{template}`
///
/// Deletes a project template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_project_template(project_template: Model) -> Call {
    delete(path!["data", "project-templates", project_template])
}

/// `POST data/project-templates/from-project/{project}`
///
/// Creates a project template from a project's settings.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_project_template_from_project(project: Model, name: Json, description: Json) -> Call {
    post(path!["data", "project-templates", "from-project", project])
        .field("name", name)
        .field("description", description)
}

/// `POST data/projects/{project}/apply-template/{template}`
///
/// Applies a template to a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn apply_project_template(project: Model, project_template: Model) -> Call {
    post(path!["data", "projects", project, "apply-template", project_template])
}

/// `GET data/project-templates/{template}/task-types`
///
/// Task types of a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_project_template(project_template: Model) -> Call {
    linked(&project_template, "task-types")
}

/// `POST data/project-templates/{template}/task-types`
///
/// Adds a task type to a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_task_type_to_project_template(
    project_template: Model,
    task_type: Model,
    priority: Option<Json>,
) -> Call {
    link(&project_template, "task-types", "task_type_id", task_type)
        .maybe_field("priority", priority)
}

/// `DELETE data/project-templates/{template}/task-types/{task_type}`
///
/// Removes a task type from a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_type_from_project_template(project_template: Model, task_type: Model) -> Call {
    unlink(&project_template, "task-types", &task_type)
}

/// `GET data/project-templates/{template}/task-statuses`
///
/// Task statuses of a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_statuses_for_project_template(project_template: Model) -> Call {
    linked(&project_template, "task-statuses")
}

/// `POST data/project-templates/{template}/task-statuses`
///
/// Adds a task status to a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_task_status_to_project_template(
    project_template: Model,
    task_status: Model,
    priority: Option<Json>,
    roles_for_board: Option<Json>,
) -> Call {
    link(&project_template, "task-statuses", "task_status_id", task_status)
        .maybe_field("priority", priority)
        .maybe_field("roles_for_board", roles_for_board)
}

/// `DELETE data/project-templates/{template}/task-statuses/{task_status}`
///
/// Removes a task status from a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_status_from_project_template(
    project_template: Model,
    task_status: Model,
) -> Call {
    unlink(&project_template, "task-statuses", &task_status)
}

/// `GET data/project-templates/{template}/asset-types`
///
/// Asset types of a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_types_for_project_template(project_template: Model) -> Call {
    linked(&project_template, "asset-types")
}

/// `POST data/project-templates/{template}/asset-types`
///
/// Adds an asset type to a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_asset_type_to_project_template(project_template: Model, asset_type: Model) -> Call {
    link(&project_template, "asset-types", "asset_type_id", asset_type)
}

/// `DELETE data/project-templates/{template}/asset-types/{asset_type}`
///
/// Removes an asset type from a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_asset_type_from_project_template(project_template: Model, asset_type: Model) -> Call {
    unlink(&project_template, "asset-types", &asset_type)
}

/// `GET data/project-templates/{template}/status-automations`
///
/// Status automations of a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_status_automations_for_project_template(project_template: Model) -> Call {
    linked(&project_template, "status-automations")
}

/// `POST data/project-templates/{template}/status-automations`
///
/// Adds a status automation to a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_status_automation_to_project_template(
    project_template: Model,
    status_automation: Model,
) -> Call {
    link(&project_template, "status-automations", "status_automation_id", status_automation)
}

/// `DELETE data/project-templates/{template}/status-automations/{status_automation}`
///
/// Removes a status automation from a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_status_automation_from_project_template(
    project_template: Model,
    status_automation: Model,
) -> Call {
    unlink(&project_template, "status-automations", &status_automation)
}

/// `GET data/project-templates/{template}/preview-background-files`
///
/// Preview backgrounds of a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_preview_background_files_for_project_template(project_template: Model) -> Call {
    linked(&project_template, "preview-background-files")
}

/// `POST data/project-templates/{template}/preview-background-files`
///
/// Adds a preview background to a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_preview_background_file_to_project_template(
    project_template: Model,
    preview_background_file: Model,
) -> Call {
    link(
        &project_template,
        "preview-background-files",
        "preview_background_file_id",
        preview_background_file,
    )
}

/// `DELETE data/project-templates/{template}/preview-background-files/{background_file}`
///
/// Removes a preview background from a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_preview_background_file_from_project_template(
    project_template: Model,
    preview_background_file: Model,
) -> Call {
    unlink(&project_template, "preview-background-files", &preview_background_file)
}

/// `PUT data/project-templates/{template}/default-preview-background-file`
///
/// Sets or clears the default preview background.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_project_template_default_preview_background_file(
    project_template: Model,
    preview_background_file: Option<Model>,
) -> Call {
    put(path!["data", "project-templates", project_template, "default-preview-background-file"])
        .field("default_preview_background_file_id", preview_background_file)
}

/// `PUT data/project-templates/{template}/metadata-descriptors`
///
/// Replaces the metadata descriptors of a template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_project_template_metadata_descriptors(
    project_template: Model,
    descriptors: Json,
) -> Call {
    put(path!["data", "project-templates", project_template, "metadata-descriptors"])
        .field("metadata_descriptors", descriptors)
}

fn linked(template: &Model, kind: &str) -> Call {
    fetch_all(path!["project-templates", template, kind])
}

fn link(template: &Model, kind: &str, field: &'static str, entry: Model) -> Call {
    post(path!["data", "project-templates", template, kind]).field(field, entry)
}

fn unlink(template: &Model, kind: &str, entry: &Model) -> Call {
    delete(path!["data", "project-templates", template, kind, entry])
}

/// `POST actions/project-templates/{project_template}/task-statuses/reorder`
///
/// Sets the order of the task statuses of a project template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_task_statuses_in_project_template(
    project_template: Model,
    task_statuses: Models,
) -> Call {
    post(path!["actions", "project-templates", project_template, "task-statuses", "reorder"])
        .field("task_status_ids", task_statuses)
}

/// `POST actions/project-templates/{project_template}/task-types/reorder`
///
/// Sets the order of the task types of a project template.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_task_types_in_project_template(project_template: Model, task_types: Models) -> Call {
    post(path!["actions", "project-templates", project_template, "task-types", "reorder"])
        .field("task_type_ids", task_types)
}

exports![project_template:
    all_project_templates,
    get_project_template,
    get_project_template_by_name,
    new_project_template,
    update_project_template,
    remove_project_template,
    new_project_template_from_project,
    apply_project_template,
    all_task_types_for_project_template,
    add_task_type_to_project_template,
    remove_task_type_from_project_template,
    all_task_statuses_for_project_template,
    add_task_status_to_project_template,
    remove_task_status_from_project_template,
    all_asset_types_for_project_template,
    add_asset_type_to_project_template,
    remove_asset_type_from_project_template,
    all_status_automations_for_project_template,
    add_status_automation_to_project_template,
    remove_status_automation_from_project_template,
    all_preview_background_files_for_project_template,
    add_preview_background_file_to_project_template,
    remove_preview_background_file_from_project_template,
    set_project_template_default_preview_background_file,
    set_project_template_metadata_descriptors,
    reorder_task_statuses_in_project_template,
    reorder_task_types_in_project_template,
];
