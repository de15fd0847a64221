//! Metadata descriptors: the columns that studios add to their entities and tasks.

use crate::{
    args::{Id, Json, Model, Models, Query, Record, Text},
    call::{create, delete, fetch_one, post, put, Call},
    path,
};

/// `GET data/metadata-descriptors/{metadata_descriptor_id}`
///
/// Gets a metadata descriptor by its id alone.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_metadata_descriptor(metadata_descriptor_id: Id) -> Call {
    fetch_one("metadata-descriptors", metadata_descriptor_id)
}

/// `POST data/metadata-descriptors`
///
/// Creates the record of a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_metadata_descriptor(
    project: Model,
    name: Json,
    field_name: Json,
    entity_type: Json,
    data_type: Json,
    choices: Option<Json>,
    for_client: Json,
) -> Call {
    create("metadata-descriptors")
        .field("project_id", project)
        .field("name", name)
        .field("field_name", field_name)
        .field("entity_type", entity_type)
        .field("data_type", data_type)
        .maybe_field("choices", choices)
        .field("for_client", for_client)
}

/// `PUT data/metadata-descriptors/{metadata_descriptor}`
///
/// Changes the fields of the record of a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_metadata_descriptor(metadata_descriptor: Record) -> Call {
    put(path!["data", "metadata-descriptors", metadata_descriptor]).json(metadata_descriptor)
}

/// `DELETE data/metadata-descriptors/{metadata_descriptor}`
///
/// Removes the record of a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_metadata_descriptor(metadata_descriptor: Model) -> Call {
    delete(path!["data", "metadata-descriptors", metadata_descriptor])
}

/// `POST data/metadata-descriptors/all-projects`
///
/// Adds a column to all open projects of the user.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_metadata_descriptor_to_open_projects(
    name: Json,
    entity_type: Json,
    data_type: Json,
    choices: Option<Json>,
    for_client: Json,
    departments: Option<Models>,
) -> Call {
    post("data/metadata-descriptors/all-projects")
        .field("name", name)
        .field("entity_type", entity_type)
        .field("data_type", data_type)
        .maybe_field("choices", choices)
        .field("for_client", for_client)
        .maybe_field("departments", departments)
}

/// `PUT data/metadata-descriptors/all-projects/{field_name}`
///
/// Changes a column in all open projects of the user.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_metadata_descriptor_in_open_projects(
    field_name: Text,
    entity_type: Json,
    name: Option<Json>,
    data_type: Json,
    choices: Option<Json>,
    for_client: Json,
    departments: Option<Models>,
) -> Call {
    put(path!["data", "metadata-descriptors", "all-projects", field_name])
        .field("entity_type", entity_type)
        .maybe_field("name", name)
        .field("data_type", data_type)
        .maybe_field("choices", choices)
        .field("for_client", for_client)
        .maybe_field("departments", departments)
}

/// `DELETE data/metadata-descriptors/all-projects/{field_name}?entity_type={entity_type}`
///
/// Removes a column from all open projects of the user.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_metadata_descriptor_from_open_projects(field_name: Text, entity_type: Query) -> Call {
    delete(path!["data", "metadata-descriptors", "all-projects", field_name])
        .query("entity_type", entity_type)
}

/// `POST actions/metadata-descriptors/all-projects/reorder`
///
/// Sets the order of the columns in all open projects of the user.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_metadata_descriptors_in_open_projects(entity_type: Json, field_names: Json) -> Call {
    post("actions/metadata-descriptors/all-projects/reorder")
        .field("entity_type", entity_type)
        .field("field_order", field_names)
}

exports![metadata:
    get_metadata_descriptor,
    new_metadata_descriptor,
    update_metadata_descriptor,
    remove_metadata_descriptor,
    add_metadata_descriptor_to_open_projects,
    update_metadata_descriptor_in_open_projects,
    remove_metadata_descriptor_from_open_projects,
    reorder_metadata_descriptors_in_open_projects,
];
