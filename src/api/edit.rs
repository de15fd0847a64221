//! Edits: the cuts of a project or of an episode.

use crate::{
    args::{Flag, Id, Json, Model, Query, Record},
    call::{delete, fetch_all, fetch_first, fetch_one, post, put, Call},
    path,
};

/// `GET data/edits/{edit_id}`
///
/// Gets an edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_edit(edit_id: Id) -> Call {
    fetch_one("edits", edit_id)
}

/// `GET data/edits/all?project_id={project}&name={edit_name}`
///
/// Finds an edit of a project by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_edit_by_name(project: Model, edit_name: Query) -> Call {
    fetch_first("edits/all").query("project_id", project).query("name", edit_name)
}

/// `GET data/projects/{project}/edits`
///
/// The edits of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_edits_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "edits"]).sorted_by_name()
}

/// `GET data/edits/{edit}/preview-files`
///
/// The previews of an edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_previews_for_edit(edit: Model) -> Call {
    fetch_all(path!["edits", edit, "preview-files"])
}

/// `POST data/projects/{project}/edits`
///
/// Creates an edit, of an episode or of the whole project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_edit(
    project: Model,
    name: Json,
    description: Option<Json>,
    data: Option<Json>,
    episode: Option<Model>,
) -> Call {
    post(path!["data", "projects", project, "edits"])
        .field("name", name)
        .field("data", data.unwrap_or_else(|| Json::from_text("{}")))
        .maybe_field("parent_id", episode)
        .maybe_field("description", description)
}

/// `DELETE data/edits/{edit}`
///
/// Removes an edit, or cancels it if it has tasks and `force` is not set.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_edit(edit: Model, force: Flag) -> Call {
    delete(path!["data", "edits", edit]).flag("force", force)
}

/// `PUT data/entities/{edit}`
///
/// Changes the fields of an edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_edit(edit: Record) -> Call {
    put(path!["data", "entities", edit]).json(edit)
}

/// `GET data/episodes/{episode}/edits`
///
/// Lists the edits of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_edits_for_episode(episode: Model, relations: Flag) -> Call {
    fetch_all(path!["episodes", episode, "edits"]).flag("relations", relations).sorted_by_name()
}

/// `GET data/edits/{edit}/versions`
///
/// Lists the versions of an edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_versions_for_edit(edit: Model) -> Call {
    fetch_all(path!["edits", edit, "versions"])
}

/// `GET data/edits/with-tasks?project_id={project}`
///
/// The edits of a project or episode, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_edits_with_tasks(project: Model, episode: Option<Model>) -> Call {
    fetch_all("edits/with-tasks")
        .query("project_id", project)
        .maybe_query("episode_id", episode)
        .rows()
}

exports![edit:
    all_edits_with_tasks,
    get_edit,
    get_edit_by_name,
    all_edits_for_project,
    all_previews_for_edit,
    new_edit,
    remove_edit,
    update_edit,
    all_edits_for_episode,
    all_versions_for_edit,
];
