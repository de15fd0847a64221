//! Output types, softwares, file statuses, and the templates of paths.

use crate::{
    args::{Dict, Id, Json, Model, Query, Record},
    call::{create, delete, fetch_all, fetch_first, fetch_one, put, Call},
    path,
};

/// `GET data/output-types`
///
/// Every output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_types() -> Call {
    fetch_all("output-types")
}

/// `GET data/entities/{entity}/output-types`
///
/// The types of the output files of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_types_for_entity(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "output-types"])
}

/// `GET data/asset-instances/{asset_instance}/entities/{temporal_entity}/output-types`
///
/// The types of the output files of an asset instance in a shot or a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_types_for_asset_instance(asset_instance: Dict, temporal_entity: Dict) -> Call {
    let instance = path!["asset-instances", asset_instance, "entities", temporal_entity];
    fetch_all(path![instance, "output-types"])
}

/// `GET data/output-types/{output_type_id}`
///
/// Gets an output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_output_type(output_type_id: Id) -> Call {
    fetch_one("output-types", output_type_id)
}

/// `GET data/output-types?name={output_type_name}`
///
/// Finds an output type by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_output_type_by_name(output_type_name: Query) -> Call {
    fetch_first("output-types").query("name", output_type_name)
}

/// `POST data/output-types`
///
/// Creates an output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_output_type(name: Json, short_name: Json) -> Call {
    create("output-types").field("name", name).field("short_name", short_name)
}

/// `GET data/softwares`
///
/// Every software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_softwares() -> Call {
    fetch_all("softwares")
}

/// `GET data/softwares/{software_id}`
///
/// Gets a software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_software(software_id: Id) -> Call {
    fetch_one("softwares", software_id)
}

/// `GET data/softwares?name={software_name}`
///
/// Finds a software by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_software_by_name(software_name: Query) -> Call {
    fetch_first("softwares").query("name", software_name)
}

/// `POST data/softwares`
///
/// Creates a software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_software(
    name: Json,
    short_name: Json,
    file_extension: Json,
    secondary_extensions: Option<Json>,
) -> Call {
    create("softwares")
        .field("name", name)
        .field("short_name", short_name)
        .field("file_extension", file_extension)
        .maybe_field("secondary_extensions", secondary_extensions)
}

/// `PUT data/softwares/{software}`
///
/// Changes the fields of a software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_software(software: Record) -> Call {
    put(path!["data", "softwares", software]).json(software)
}

/// `PUT data/projects/{project}`
///
/// Sets the templates of the paths of a project's files.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_project_file_tree(project: Model, file_tree: Json) -> Call {
    put(path!["data", "projects", project]).field("file_tree", file_tree)
}

/// `POST data/file-status`
///
/// Creates a file status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_file_status(name: Json, color: Json) -> Call {
    create("file-status").field("name", name).field("color", color)
}

/// `GET data/file-status/{status_id}`
///
/// Gets a file status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_file_status(status_id: Id) -> Call {
    fetch_one("file-status", status_id)
}

/// `GET data/file-status?name={name}`
///
/// Finds a file status by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_file_status_by_name(name: Query) -> Call {
    fetch_first("file-status").query("name", name)
}

/// `PUT data/file-status/{file_status}`
///
/// Changes the fields of a file status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_file_status(file_status: Record) -> Call {
    put(path!["data", "file-status", file_status]).json(file_status)
}

/// `DELETE data/file-status/{file_status}`
///
/// Removes a file status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_file_status(file_status: Model) -> Call {
    delete(path!["data", "file-status", file_status])
}

/// `PUT data/output-types/{output_type}`
///
/// Changes the fields of an output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_output_type(output_type: Record) -> Call {
    put(path!["data", "output-types", output_type]).json(output_type)
}

/// `DELETE data/output-types/{output_type}`
///
/// Removes an output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_output_type(output_type: Model) -> Call {
    delete(path!["data", "output-types", output_type])
}

/// `DELETE data/softwares/{software}`
///
/// Removes a software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_software(software: Model) -> Call {
    delete(path!["data", "softwares", software])
}
