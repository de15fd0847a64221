//! Previews: annotated frames, tiles, and the sizes in which the server keeps pictures and
//! movies.

use crate::{
    args::{FilePath, Model, Query},
    call::{download, fetch_all, Call},
    path,
};

/// `GET data/entities/{entity}/preview-files`
///
/// Lists the previews of all tasks of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_preview_files_for_entity(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "preview-files"])
}

/// `GET actions/preview-files/{preview_file}/extract-annotated-frame`
///
/// Downloads a frame of a preview with its annotations drawn on it, a PNG file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn extract_annotated_frame(
    preview_file: Model,
    file_path: Option<FilePath>,
    frame_number: Option<Query>,
) -> Call {
    download(path!["actions", "preview-files", preview_file, "extract-annotated-frame"], file_path)
        .maybe_query("frame_number", frame_number)
}

/// `GET actions/preview-files/{preview_file}/extract-annotated-frames`
///
/// Downloads all annotated frames of a preview with their annotations, as PNG files in a ZIP
/// file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn extract_annotated_frames(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["actions", "preview-files", preview_file, "extract-annotated-frames"], file_path)
}

/// `GET actions/preview-files/{preview_file}/extract-annotated-frames-pdf`
///
/// Downloads all annotated frames of a preview with their annotations, as a PDF file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn extract_annotated_frames_as_pdf(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(
        path!["actions", "preview-files", preview_file, "extract-annotated-frames-pdf"],
        file_path,
    )
}

/// `GET pictures/originals/preview-files/{preview_file}/download`
///
/// Downloads the original file of a preview, whatever its kind.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_original(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["pictures", "originals", "preview-files", preview_file, "download"], file_path)
}

/// `GET movies/originals/preview-files/{preview_file}/download`
///
/// Downloads the movie of a preview in full size.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_original_movie(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["movies", "originals", "preview-files", preview_file, "download"], file_path)
}

/// `GET movies/source/preview-files/{preview_file}.mp4`
///
/// Downloads the movie of a preview as it was uploaded, before the server converted it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_source_movie(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["movies", "source", "preview-files", preview_file].with(".mp4"), file_path)
}

/// `GET movies/tiles/preview-files/{preview_file}.png`
///
/// Downloads the tile of a movie, a PNG file: small pictures of its frames, as a player shows
/// them below its time line.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_tile(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["movies", "tiles", "preview-files", preview_file].with(".png"), file_path)
}

/// `GET pictures/previews/preview-files/{preview_file}.png`
///
/// Downloads the picture of a preview in the size for review, a PNG file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_picture(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(path!["pictures", "previews", "preview-files", preview_file].with(".png"), file_path)
}

/// `GET pictures/thumbnails-square/preview-files/{preview_file}.png`
///
/// Downloads the square thumbnail of a preview, a PNG file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_square_thumbnail(preview_file: Model, file_path: Option<FilePath>) -> Call {
    download(
        path!["pictures", "thumbnails-square", "preview-files", preview_file].with(".png"),
        file_path,
    )
}

exports![preview:
    all_preview_files_for_entity,
    extract_annotated_frame,
    extract_annotated_frames,
    extract_annotated_frames_as_pdf,
    download_original,
    download_original_movie,
    download_source_movie,
    download_tile,
    download_picture,
    download_square_thumbnail,
];
