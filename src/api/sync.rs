//! Copies of a production from one server to another.

use crate::{
    args::{Json, Model, Models, Query},
    call::{get, post, Call},
};

/// `GET data/events/last`
///
/// The last events, optionally filtered. The server returns at most 1000 at once.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the filters of the log")]
pub fn get_last_events(
    limit: Query,
    project: Option<Model>,
    after: Option<Query>,
    before: Option<Query>,
    only_files: Query,
    name: Option<Query>,
    cursor_event_id: Option<Query>,
    name_prefixes: Option<Query>,
    name_suffixes: Option<Query>,
    person_ids: Option<Models>,
) -> Call {
    get("/data/events/last")
        .query("limit", limit)
        .query("only_files", only_files)
        .maybe_query("project_id", project)
        .maybe_query("after", after)
        .maybe_query("before", before)
        .maybe_query("name", name)
        .maybe_query("cursor_event_id", cursor_event_id)
        .maybe_query("name_prefixes", name_prefixes)
        .maybe_query("name_suffixes", name_suffixes)
        .maybe_query("person_ids", person_ids)
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
