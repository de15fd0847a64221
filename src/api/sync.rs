//! Copies of a production from one server to another.

use crate::{
    args::{Json, Model, Query},
    call::{get, post, Call},
};

/// `GET data/events/last`
///
/// The last events, optionally filtered.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_events(
    limit: Query,
    project: Option<Model>,
    after: Option<Query>,
    before: Option<Query>,
    only_files: Query,
    name: Option<Query>,
) -> Call {
    get("/data/events/last")
        .query("limit", limit)
        .query("only_files", only_files)
        .maybe_query("project_id", project)
        .maybe_query("after", after)
        .maybe_query("before", before)
        .maybe_query("name", name)
}

/// `POST import/kitsu/entities`
///
/// Creates entities with the ids and dates of another server.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_entities(entities: Json) -> Call {
    post("import/kitsu/entities").json(entities)
}

/// `POST import/kitsu/tasks`
///
/// Creates tasks with the ids and dates of another server.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_tasks(tasks: Json) -> Call {
    post("import/kitsu/tasks").json(tasks)
}

/// `POST import/kitsu/entity-links`
///
/// Creates links between entities with the ids of another server.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_entity_links(links: Json) -> Call {
    post("import/kitsu/entity-links").json(links)
}

exports![sync: get_last_events, import_entities, import_tasks, import_entity_links];
