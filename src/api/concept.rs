//! Concepts: the images that develop the look of a project.

use crate::{
    args::{Flag, Id, Json, Links, Model, Models, Query, Record},
    call::{delete, fetch_all, fetch_first, fetch_one, post, put, Call},
    path,
};

/// `GET data/concepts`
///
/// Every concept.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_concepts() -> Call {
    fetch_all("concepts").sorted_by_name()
}

/// `GET data/projects/{project}/concepts`
///
/// The concepts of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_concepts_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "concepts"]).sorted_by_name()
}

/// `GET data/concepts/{concept}/preview-files`
///
/// The previews of a concept.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_previews_for_concept(concept: Model) -> Call {
    fetch_all(path!["concepts", concept, "preview-files"])
}

/// `DELETE data/concepts/{concept}`
///
/// Removes a concept, or cancels it if it has tasks and `force` is not set.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_concept(concept: Model, force: Flag) -> Call {
    delete(path!["data", "concepts", concept]).flag("force", force)
}

/// `GET data/concepts/{concept_id}`
///
/// Gets a concept.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_concept(concept_id: Id) -> Call {
    fetch_one("concepts", concept_id)
}

/// `GET data/concepts?project_id={project}&name={concept_name}`
///
/// Finds a concept of a project by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_concept_by_name(project: Model, concept_name: Query) -> Call {
    fetch_first("concepts").query("project_id", project).query("name", concept_name)
}

/// `POST data/projects/{project}/concepts`
///
/// Creates a concept.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_concept(
    project: Model,
    name: Json,
    description: Option<Json>,
    data: Option<Json>,
    entity_concept_links: Links,
) -> Call {
    post(path!["data", "projects", project, "concepts"])
        .field("name", name)
        .field("data", data.unwrap_or_else(|| Json::from_text("{}")))
        .field("entity_concept_links", entity_concept_links)
        .maybe_field("description", description)
}

/// `PUT data/entities/{concept}`
///
/// Changes the fields of a concept.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_concept(concept: Record) -> Call {
    put(path!["data", "entities", concept]).json(concept)
}

/// `GET data/projects/{project}/concept-folders`
///
/// Lists the folders for the concepts of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_concept_folders_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "concept-folders"]).sorted_by_name()
}

/// `POST data/projects/{project}/concept-folders`
///
/// Creates a folder for the concepts of a project, unless it has one of this name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_concept_folder(project: Model, name: Json) -> Call {
    post(path!["data", "projects", project, "concept-folders"]).field("name", name)
}

/// `PUT data/concept-folders/{concept_folder}`
///
/// Renames a folder for concepts.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_concept_folder(concept_folder: Record) -> Call {
    put(path!["data", "concept-folders", concept_folder]).json(concept_folder)
}

/// `DELETE data/concept-folders/{concept_folder}`
///
/// Removes a folder for concepts.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_concept_folder(concept_folder: Model) -> Call {
    delete(path!["data", "concept-folders", concept_folder])
}

/// `POST actions/projects/{project}/move-concepts`
///
/// Moves concepts of a project to a folder.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn move_concepts(project: Model, concepts: Models, concept_folder: Option<Model>) -> Call {
    post(path!["actions", "projects", project, "move-concepts"])
        .field("concept_ids", concepts)
        .maybe_field("concept_folder_id", concept_folder)
}

/// `GET data/concepts/with-tasks?project_id={project}`
///
/// The concepts of a project, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_concepts_with_tasks(project: Model) -> Call {
    fetch_all("concepts/with-tasks").query("project_id", project).rows()
}

exports![concept:
    all_concepts_with_tasks,
    all_concepts,
    all_concepts_for_project,
    all_previews_for_concept,
    remove_concept,
    get_concept,
    get_concept_by_name,
    new_concept,
    update_concept,
    all_concept_folders_for_project,
    new_concept_folder,
    update_concept_folder,
    remove_concept_folder,
    move_concepts,
];
