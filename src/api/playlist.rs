//! Playlists for reviews, the movies built from them, and links to share them.

use crate::{
    args::{Dict, FilePath, Filter, Json, Model, ModelId, Models, Query, Record, Text},
    call::{delete, download, fetch_all, fetch_first, fetch_one, get, post, put, Call},
    path,
};

/// `GET data/playlists`
///
/// Playlists of all projects, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_playlists() -> Call {
    fetch_all("playlists").sorted_by_name()
}

/// `GET data/projects/{project}/playlists`
///
/// Gets a page of a project's playlists, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_playlists_for_project(project: Model, page: Query) -> Call {
    fetch_all(path!["projects", project, "playlists"]).query("page", page).sorted_by_name()
}

/// `GET data/projects/{project}/episodes/{episode}/playlists`
///
/// Playlists of an episode, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_playlists_for_episode(project: Model, episode: Model) -> Call {
    fetch_all(path!["projects", project, "episodes", episode, "playlists"]).sorted_by_name()
}

/// `GET data/playlists/{playlist}`
///
/// Gets a playlist with its entries.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_playlist(playlist: ModelId) -> Call {
    fetch_one("playlists", playlist)
}

/// `GET data/playlists?project_id=&name=`
///
/// Finds a playlist of a project by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_playlist_by_name(project: Model, name: Query) -> Call {
    fetch_first("playlists").query("project_id", project).query("name", name)
}

/// `POST data/playlists`
///
/// Creates a playlist.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_playlist(
    project: Model,
    name: Json,
    episode: Option<Model>,
    for_entity: Json,
    for_client: Json,
    is_for_all: Json,
) -> Call {
    post("data/playlists/")
        .field("name", name)
        .field("project_id", project)
        .field("for_entity", for_entity)
        .field("for_client", for_client)
        .field("is_for_all", is_for_all)
        .maybe_field("episode_id", episode)
}

/// `PUT data/playlists/{playlist}`
///
/// Changes the fields of a playlist.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_playlist(playlist: Record) -> Call {
    put(path!["data", "playlists", playlist]).json(playlist)
}

/// `GET data/playlists/entities/{entity}/preview-files`
///
/// Previews of an entity, by task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity_preview_files(entity: Model) -> Call {
    get(path!["data", "playlists", "entities", entity, "preview-files"])
}

/// `POST actions/playlists/{playlist}/add-entity`
///
/// Adds an entity to a playlist.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_entity_to_playlist(playlist: Dict, entity: Model, preview_file: Option<Model>) -> Call {
    post(path!["actions", "playlists", playlist, "add-entity"])
        .field("entity_id", entity)
        .maybe_field("preview_file_id", preview_file)
}

/// `DELETE data/playlists/{playlist}`
///
/// Deletes a playlist.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn delete_playlist(playlist: Model) -> Call {
    delete(path!["data", "playlists", playlist])
}

/// `GET data/playlists/{playlist}/jobs/{build_job}`
///
/// Gets a build of a playlist's movie.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_build_job(playlist: Model, build_job: Model) -> Call {
    get(path!["data", "playlists", playlist, "jobs", build_job])
}

/// `DELETE data/playlists/{playlist}/jobs/{build_job}`
///
/// Deletes a build of a playlist's movie.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_build_job(playlist: Model, build_job: Model) -> Call {
    delete(path!["data", "playlists", playlist, "jobs", build_job])
}

/// `GET data/projects/{project}/build-jobs`
///
/// Movie builds of a project's playlists.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_build_jobs_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "build-jobs"])
}

/// `GET data/playlists/{playlist}/build/mp4`
///
/// Starts building a playlist's movie.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn build_playlist_movie(playlist: Model) -> Call {
    get(path!["data", "playlists", playlist, "build", "mp4"])
}

/// `GET data/playlists/{playlist}/jobs/{build_job}/build/mp4`
///
/// Downloads a movie that was built.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_playlist_build(
    playlist: Model,
    build_job: Model,
    file_path: Option<FilePath>,
) -> Call {
    download(path!["data", "playlists", playlist, "jobs", build_job, "build", "mp4"], file_path)
}

/// `GET data/playlists/{playlist}/download/zip`
///
/// Downloads the files of a playlist in one archive.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn download_playlist_zip(playlist: Model, file_path: Option<FilePath>) -> Call {
    download(path!["data", "playlists", playlist, "download", "zip"], file_path)
}

/// `POST data/projects/{project}/playlists/temp`
///
/// The entries for a playlist, without saving a playlist.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn generate_temp_playlist(project: Model, data: Json) -> Call {
    post(path!["data", "projects", project, "playlists", "temp"]).json(data)
}

/// `POST data/playlists/{playlist}/notify-clients`
///
/// Tells the clients of a project that a playlist is ready.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn notify_clients_playlist_ready(playlist: Model) -> Call {
    post(path!["data", "playlists", playlist, "notify-clients"])
}

/// `POST data/playlists/{playlist}/share`
///
/// Creates a link that shows a playlist to guests.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_share_link(
    playlist: Model,
    expiration_date: Filter<Json>,
    can_comment: Json,
    password: Filter<Json>,
) -> Call {
    post(path!["data", "playlists", playlist, "share"])
        .field("can_comment", can_comment)
        .maybe_field("expiration_date", expiration_date.0)
        .maybe_field("password", password.0)
}

/// `GET data/playlists/{playlist}/share`
///
/// Links to a playlist that still work.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_share_links_for_playlist(playlist: Model) -> Call {
    fetch_all(path!["playlists", playlist, "share"])
}

/// `DELETE data/playlists/{playlist}/share/{token}`
///
/// Revokes a link to a playlist.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_share_link(playlist: Model, token: Text) -> Call {
    delete(path!["data", "playlists", playlist, "share", token])
}

/// `GET data/projects/{project}/playlists/{playlist}`
///
/// Gets a playlist with the preview of each entry, but without annotations.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_playlist_for_project(project: Model, playlist: Model) -> Call {
    fetch_all(path!["projects", project, "playlists", playlist])
}

/// `GET data/projects/{project}/playlists/all`
///
/// Lists the playlists of a project with the ids of their build jobs.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_playlists_with_build_jobs_for_project(project: Model, page: Option<Query>) -> Call {
    fetch_all(path!["projects", project, "playlists", "all"]).maybe_query("page", page)
}

/// `POST actions/playlists/{playlist}/add-entities`
///
/// Adds several entities to a playlist at once.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_entities_to_playlist(playlist: Model, entities: Json) -> Call {
    post(path!["actions", "playlists", playlist, "add-entities"]).field("entities", entities)
}

/// `POST data/playlists/{playlist}/share/{token}/invite`
///
/// Sends a mail with a link that shows a playlist to guests.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn invite_to_share_link(
    playlist: Model,
    token: Text,
    emails: Option<Json>,
    persons: Option<Models>,
    message: Option<Json>,
) -> Call {
    post(path!["data", "playlists", playlist, "share", token, "invite"])
        .maybe_field("emails", emails)
        .maybe_field("person_ids", persons)
        .maybe_field("message", message)
}

exports![playlist:
    all_playlists,
    all_playlists_for_project,
    all_playlists_for_episode,
    get_playlist,
    get_playlist_by_name,
    new_playlist,
    update_playlist,
    get_entity_preview_files,
    add_entity_to_playlist,
    delete_playlist,
    get_build_job,
    remove_build_job,
    all_build_jobs_for_project,
    build_playlist_movie,
    download_playlist_build,
    download_playlist_zip,
    generate_temp_playlist,
    notify_clients_playlist_ready,
    new_share_link,
    all_share_links_for_playlist,
    remove_share_link,
    get_playlist_for_project,
    all_playlists_with_build_jobs_for_project,
    add_entities_to_playlist,
    invite_to_share_link,
];
