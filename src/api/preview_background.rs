//! Preview background files: the pictures around three-dimensional previews.

use crate::{
    args::{FilePath, Flag, Id, Json, Model, Record, Text},
    call::{create, delete, download, fetch_all, fetch_one, put, upload, Call},
    path,
};

/// `GET data/preview-background-files`
///
/// Lists the preview background files of the studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_preview_background_files() -> Call {
    fetch_all("preview-background-files").sorted_by_name()
}

/// `GET data/preview-background-files/{preview_background_file_id}`
///
/// Gets a preview background file by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_preview_background_file(preview_background_file_id: Id) -> Call {
    fetch_one("preview-background-files", preview_background_file_id)
}

/// `POST data/preview-background-files`
///
/// Creates the record of a preview background file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_preview_background_file(name: Json, is_default: Json) -> Call {
    create("preview-background-files").field("name", name).field("is_default", is_default)
}

/// `PUT data/preview-background-files/{preview_background_file}`
///
/// Changes the fields of a preview background file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_preview_background_file(preview_background_file: Record) -> Call {
    put(path!["data", "preview-background-files", preview_background_file])
        .json(preview_background_file)
}

/// `DELETE data/preview-background-files/{preview_background_file}`
///
/// Removes a preview background file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_preview_background_file(preview_background_file: Model, force: Flag) -> Call {
    delete(path!["data", "preview-background-files", preview_background_file]).flag("force", force)
}

/// `POST pictures/preview-background-files/{preview_background_file}`
///
/// Uploads the picture of a preview background file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn upload_preview_background_file(preview_background_file: Model, file_path: FilePath) -> Call {
    upload(path!["pictures", "preview-background-files", preview_background_file])
        .file("file", file_path)
}

/// `GET pictures/preview-background-files/{preview_background_file}.{extension}`
///
/// Downloads the picture of a preview background file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_preview_background_file(
    preview_background_file: Model,
    file_path: Option<FilePath>,
    extension: Text,
) -> Call {
    download(
        path!["pictures", "preview-background-files", preview_background_file]
            .with(".")
            .with(&extension),
        file_path,
    )
}

/// `GET pictures/thumbnails/preview-background-files/{preview_background_file}.png`
///
/// Downloads the thumbnail of a preview background file, a PNG file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_preview_background_file_thumbnail(
    preview_background_file: Model,
    file_path: Option<FilePath>,
) -> Call {
    download(
        path!["pictures", "thumbnails", "preview-background-files", preview_background_file]
            .with(".png"),
        file_path,
    )
}

exports![preview_background:
    all_preview_background_files,
    get_preview_background_file,
    new_preview_background_file,
    update_preview_background_file,
    remove_preview_background_file,
    upload_preview_background_file,
    download_preview_background_file,
    download_preview_background_file_thumbnail,
];
