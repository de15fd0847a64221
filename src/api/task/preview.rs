//! Previews of tasks, revision by revision.

use crate::{
    args::{FilePath, Flag, Json, Model, Models},
    call::{delete, fetch_all, post, put, upload, Call},
    path,
};

/// `POST actions/tasks/{task}/comments/{comment}/add-preview`
///
/// Creates a preview of a comment, without its file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_preview(task: Model, comment: Model, revision: Option<Json>) -> Call {
    post(path!["actions", "tasks", task, "comments", comment, "add-preview"])
        .maybe_field("revision", revision)
}

/// `POST actions/tasks/{task}/comments/{comment}/preview-files/{preview_file}`
///
/// Adds another preview to the revision of a preview, without its file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_extra_preview(task: Model, comment: Model, preview_file: Model) -> Call {
    post(path!["actions", "tasks", task, "comments", comment, "preview-files", preview_file])
}

/// `POST pictures/preview-files/{preview_file}`
///
/// Uploads the file of a preview.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn upload_preview_file(
    preview_file: Model,
    file_path: FilePath,
    normalize_movie: Flag,
    no_job: Flag,
) -> Call {
    let options = match (normalize_movie.0, no_job.0) {
        (true, false) => "",
        (false, false) => "?normalize=false",
        (true, true) => "?no_job=true",
        (false, true) => "?normalize=false&no_job=true",
    };
    upload(path!["pictures", "preview-files", preview_file].with(options)).file("file", file_path)
}

/// `PUT actions/preview-files/{preview_file}/set-main-preview`
///
/// Makes a preview the main preview of its entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_main_preview(preview_file: Model, frame_number: Option<Json>) -> Call {
    put(path!["actions", "preview-files", preview_file, "set-main-preview"])
        .maybe_field("frame_number", frame_number)
}

/// `GET data/tasks/{task}/previews`
///
/// The previews of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_previews_for_task(task: Model) -> Call {
    fetch_all(path!["tasks", task, "previews"])
}

/// `GET data/projects/{project}/preview-files`
///
/// The previews of a project's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_preview_files_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "preview-files"])
}

/// `DELETE actions/tasks/{task}/comments/{comment}/preview-files/{preview_file}`
///
/// Removes a preview of a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_preview_from_comment(task: Model, comment: Model, preview_file: Model) -> Call {
    delete(path!["actions", "tasks", task, "comments", comment, "preview-files", preview_file])
}

/// `PUT actions/tasks/{task}/set-main-preview`
///
/// Shows an entity by the last preview of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_main_preview_for_task(task: Model) -> Call {
    put(path!["actions", "tasks", task, "set-main-preview"])
}

/// `PUT actions/tasks/set-main-preview`
///
/// Shows the entities of several tasks by the last preview of their task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_main_preview_for_tasks(tasks: Models) -> Call {
    put("actions/tasks/set-main-preview").field("task_ids", tasks)
}
