//! Entities of any type, and the entity types.

use crate::{
    args::{Flag, Id, Json, Links, Model, Query},
    call::{create, delete, fetch_all, fetch_first, fetch_one, post, Call},
    path,
};

/// `GET data/entities`
///
/// Every entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_entities() -> Call {
    fetch_all("entities")
}

/// `GET data/entity-types`
///
/// Every entity type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_entity_types() -> Call {
    fetch_all("entity-types").sorted_by_name()
}

/// `GET data/entities/{entity_id}`
///
/// Gets an entity of any type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity(entity_id: Id) -> Call {
    fetch_one("entities", entity_id)
}

/// `GET data/entities?name={entity_name}`
///
/// Finds an entity by name, in one project or in all.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity_by_name(entity_name: Query, project: Option<Model>) -> Call {
    fetch_first("entities").query("name", entity_name).maybe_query("project_id", project)
}

/// `GET data/entity-types/{entity_type_id}`
///
/// Gets an entity type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity_type(entity_type_id: Id) -> Call {
    fetch_one("entity-types", entity_type_id)
}

/// `GET data/entity-types?name={entity_type_name}`
///
/// Finds an entity type by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity_type_by_name(entity_type_name: Query) -> Call {
    fetch_first("entity-types").query("name", entity_type_name)
}

/// `POST data/entities/guess_from_path`
///
/// The templates of a project's file tree that match a path.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn guess_from_path(project_id: Json, path: Json, sep: Json) -> Call {
    post("/data/entities/guess_from_path")
        .field("project_id", project_id)
        .field("file_path", path)
        .field("sep", sep)
}

/// `POST data/entity-types`
///
/// Creates an entity type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_entity_type(name: Json) -> Call {
    create("entity-types").field("name", name)
}

/// `DELETE data/entity-types/{entity_type}`
///
/// Removes an entity type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_entity_type(entity_type: Model) -> Call {
    delete(path!["data", "entity-types", entity_type])
}

/// `DELETE data/entities/{entity}`
///
/// Removes an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_entity(entity: Model, force: Flag) -> Call {
    delete(path!["data", "entities", entity]).flag("force", force)
}

/// `POST actions/projects/{project}/delete-entities`
///
/// Removes several entities of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_entities(project: Model, entities: Links, force: Flag) -> Call {
    let mut path = path!["actions", "projects", project, "delete-entities"];
    if force.0 {
        path = path.with("?force=true");
    }
    post(path).json(entities)
}

/// `GET data/entities/{entity}/entities-linked/with-tasks`
///
/// The entities linked to an entity, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_entities_with_tasks_linked_to_entity(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "entities-linked", "with-tasks"])
}

exports![entity:
    all_entities,
    all_entity_types,
    get_entity,
    get_entity_by_name,
    get_entity_type,
    get_entity_type_by_name,
    guess_from_path,
    new_entity_type,
    remove_entity_type,
    remove_entity,
    remove_entities,
    all_entities_with_tasks_linked_to_entity,
];
