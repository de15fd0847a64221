//! Pictures and movies: previews, attachments of comments, avatars.

use crate::{
    args::{FilePath, Flag, Id, Json, Model, Query, Text},
    call::{delete, download, fetch_all, fetch_one, put, upload, Call},
    path,
};

/// `GET data/preview-files/{preview_file_id}`
///
/// Gets a preview.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_preview_file(preview_file_id: Id) -> Call {
    fetch_one("preview-files", preview_file_id)
}

/// `DELETE data/preview-files/{preview_file}`
///
/// Removes a preview.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_preview_file(preview_file: Model, force: Flag) -> Call {
    delete(path!["data", "preview-files", preview_file]).flag("force", force)
}

/// `GET data/preview-files?task_id={task}`
///
/// The previews of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_all_preview_files_for_task(task: Model) -> Call {
    fetch_all("preview-files").query("task_id", task)
}

/// `GET data/tasks/{task}/attachment-files`
///
/// The attachments of the comments of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_all_attachment_files_for_task(task: Model) -> Call {
    fetch_all(path!["tasks", task, "attachment-files"])
}

/// `GET data/projects/{project}/attachment-files`
///
/// The attachments of the comments of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_all_attachment_files_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "attachment-files"])
}

/// `GET data/attachment-files/{attachment_file_id}`
///
/// Gets an attachment of a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_attachment_file(attachment_file_id: Id) -> Call {
    fetch_one("attachment-files", attachment_file_id)
}

/// `GET data/attachment-files/{attachment_file_id}/file/{name}`
///
/// The file of an attachment. The route contains its name, too.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_attachment_file(
    attachment_file_id: Text,
    name: Text,
    file_path: Option<FilePath>,
) -> Call {
    download(path!["data", "attachment-files", attachment_file_id, "file", name], file_path)
}

/// `GET pictures/thumbnails/preview-files/{preview_file}.png`
///
/// The thumbnail of a preview.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_preview_file_thumbnail(preview_file: Model, file_path: Option<FilePath>) -> Call {
    picture("thumbnails/preview-files", &preview_file, file_path)
}

/// `GET pictures/originals/preview-files/{preview_file}.png`
///
/// The cover of a preview, in full size.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_preview_file_cover(preview_file: Model, file_path: Option<FilePath>) -> Call {
    picture("originals/preview-files", &preview_file, file_path)
}

/// `GET pictures/thumbnails/persons/{person}.png`
///
/// The avatar of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_person_avatar(person: Model, file_path: Option<FilePath>) -> Call {
    picture("thumbnails/persons", &person, file_path)
}

/// `POST pictures/thumbnails/persons/{person}`
///
/// Sets the avatar of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn upload_person_avatar(person: Model, file_path: FilePath) -> Call {
    avatar("persons", &person, file_path)
}

/// `GET pictures/thumbnails/projects/{project}.png`
///
/// The avatar of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_project_avatar(project: Model, file_path: Option<FilePath>) -> Call {
    picture("thumbnails/projects", &project, file_path)
}

/// `POST pictures/thumbnails/projects/{project}`
///
/// Sets the avatar of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn upload_project_avatar(project: Model, file_path: FilePath) -> Call {
    avatar("projects", &project, file_path)
}

/// `GET pictures/thumbnails/organisations/{organisation}.png`
///
/// The avatar of an organisation.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_organisation_avatar(organisation: Model, file_path: Option<FilePath>) -> Call {
    picture("thumbnails/organisations", &organisation, file_path)
}

/// `POST pictures/thumbnails/organisations/{organisation}`
///
/// Sets the avatar of an organisation.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn upload_organisation_avatar(organisation: Model, file_path: FilePath) -> Call {
    avatar("organisations", &organisation, file_path)
}

/// `PUT data/preview-files/{preview_file}`
///
/// Changes the fields of a preview.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_preview(preview_file: Model, data: Json) -> Call {
    put(path!["/data", "preview-files", preview_file]).json(data)
}

/// `GET data/playlists/preview-files/running`
///
/// The previews that are not ready.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_running_preview_files() -> Call {
    fetch_all("playlists/preview-files/running")
}

/// `GET actions/preview-files/{preview_file}/extract-frame`
///
/// Gets a frame of a movie.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn extract_frame_from_preview(
    preview_file: Model,
    frame_number: Query,
    file_path: Option<FilePath>,
) -> Call {
    download(path!["actions", "preview-files", preview_file, "extract-frame"], file_path)
        .query("frame_number", frame_number)
}

/// `PUT actions/preview-files/{preview_file}/update-position`
///
/// Moves a preview among those of its revision.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_preview_position(preview_file: Model, position: Json) -> Call {
    put(path!["actions", "preview-files", preview_file, "update-position"])
        .field("position", position)
}

/// `PUT actions/preview-files/{preview_file}/update-annotations`
///
/// Adds, changes and removes annotations of a preview.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_preview_annotations(
    preview_file: Model,
    additions: Option<Json>,
    updates: Option<Json>,
    deletions: Option<Json>,
) -> Call {
    put(path!["actions", "preview-files", preview_file, "update-annotations"])
        .maybe_field("additions", additions)
        .maybe_field("updates", updates)
        .maybe_field("deletions", deletions)
}

/// `GET actions/preview-files/{preview_file}/extract-tile`
///
/// All frames of a movie in one picture.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn extract_tile_from_preview(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["actions", "preview-files", preview_file, "extract-tile"], file_path)
}

fn picture(collection: &str, model: &Model, file_path: Option<FilePath>) -> Call {
    download(path!["pictures", collection, model].with(".png"), file_path)
}

fn avatar(collection: &str, model: &Model, file_path: FilePath) -> Call {
    upload(path!["/pictures", "thumbnails", collection, model]).file("file", file_path)
}
