//! Working files: the files that artists edit, with their revisions.

use crate::{
    args::{FilePath, Flag, Id, Json, Model, Query},
    call::{download, fetch_all, fetch_one, get, post, put, upload, Call},
    path,
};

/// `GET data/entities/{entity}/working-files`
///
/// The working files of an entity, optionally of one task or name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_all_working_files_for_entity(
    entity: Model,
    task: Option<Model>,
    name: Option<Query>,
) -> Call {
    fetch_all(path!["entities", entity, "working-files"])
        .maybe_query("task_id", task)
        .maybe_query("name", name)
}

/// `POST data/tasks/{task}/working-file-path`
///
/// The path for a working file of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn build_working_file_path(
    task: Model,
    name: Json,
    mode: Json,
    software: Option<Model>,
    revision: Json,
    sep: Json,
) -> Call {
    post(path!["data", "tasks", task, "working-file-path"])
        .field("mode", mode)
        .field("name", name)
        .field("revision", revision)
        .field("separator", sep)
        .maybe_field("software_id", software)
}

/// `POST data/tasks/{task}/working-files/new`
///
/// Creates a working file of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_working_file(
    task: Model,
    name: Json,
    mode: Json,
    software: Option<Model>,
    comment: Json,
    person: Option<Model>,
    revision: Json,
) -> Call {
    post(path!["data", "tasks", &task, "working-files", "new"])
        .field("name", name)
        .field("comment", comment)
        .field("task_id", task)
        .field("revision", revision)
        .field("mode", mode)
        .maybe_field("person_id", person)
        .maybe_field("software_id", software)
}

/// `GET data/tasks/{task}/working-files`
///
/// The working files of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_working_files_for_task(task: Model) -> Call {
    get(path!["data", "tasks", task, "working-files"])
}

/// `GET data/tasks/{task}/working-files/last-revisions`
///
/// The last revision of each working file of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_working_files(task: Model) -> Call {
    get(path!["data", "tasks", task, "working-files", "last-revisions"])
}

/// `GET data/working-files/{working_file_id}`
///
/// Gets a working file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_working_file(working_file_id: Id) -> Call {
    fetch_one("working-files", working_file_id)
}

/// `PUT actions/working-files/{working_file}/comment`
///
/// Changes the comment of a working file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_comment(working_file: Model, comment: Json) -> Call {
    put(path!["/actions", "working-files", working_file, "comment"]).field("comment", comment)
}

/// `PUT actions/working-files/{working_file}/modified`
///
/// Sets the date of a working file to now.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_modification_date(working_file: Model) -> Call {
    put(path!["/actions", "working-files", working_file, "modified"])
}

/// `POST data/working-files/{working_file}/file`
///
/// Uploads a local file as the content of a working file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn upload_working_file(working_file: Model, file_path: FilePath) -> Call {
    upload(path!["/data", "working-files", working_file, "file"]).file("file", file_path)
}

/// `GET data/working-files/{working_file}/file`
///
/// The content of a working file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_working_file(working_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["data", "working-files", working_file, "file"], file_path)
}

/// `GET data/working-files`
///
/// Lists the working files of all projects of the user.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_working_files(relations: Flag) -> Call {
    fetch_all("working-files").flag("relations", relations)
}

/// `GET data/files/{file_id}`
///
/// Gets a working file or an output file by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_file(file_id: Id) -> Call {
    fetch_one("files", file_id)
}
