//! Full-text search.

use crate::{
    args::{Json, Model, Models},
    call::{post, Call},
};

/// `POST data/search`
///
/// Entities whose text matches a query. Types and project are optional.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn search_entities(query: Json, project: Option<Model>, entity_types: Option<Models>) -> Call {
    post("data/search")
        .field("query", query)
        .maybe_field("project_id", project)
        .maybe_field("entity_types", entity_types)
}

exports![search: search_entities];
