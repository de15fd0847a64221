//! Output files: the files produced for an entity or an asset instance.

use crate::{
    args::{Filter, Json, Model, Path, Query, Text},
    call::{fetch_all, fetch_first, get, post, put, Call},
    path,
};

/// `GET data/output-files/{output_file_id}`
///
/// Gets an output file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_output_file(output_file_id: Text) -> Call {
    get(path!["data", "output-files", output_file_id])
}

/// `GET data/output-files?path={path}`
///
/// Finds an output file by its path.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_output_file_by_path(path: Query) -> Call {
    fetch_first("output-files").query("path", path)
}

/// `GET data/entities/{entity}/output-files`
///
/// The output files of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_files_for_entity(
    entity: Model,
    output_type: Filter<Model>,
    task_type: Filter<Model>,
    name: Filter<Query>,
    representation: Filter<Query>,
    file_status: Filter<Model>,
) -> Call {
    fetch_all(path!["entities", entity, "output-files"]).filtered(
        output_type,
        task_type,
        name,
        representation,
        file_status,
    )
}

/// `GET data/asset-instances/{asset_instance}/output-files`
///
/// The output files of an asset instance.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_files_for_asset_instance(
    asset_instance: Model,
    temporal_entity: Filter<Model>,
    task_type: Filter<Model>,
    output_type: Filter<Model>,
    name: Filter<Query>,
    representation: Filter<Query>,
    file_status: Filter<Model>,
) -> Call {
    fetch_all(path!["asset-instances", asset_instance, "output-files"])
        .maybe_query("temporal_entity_id", temporal_entity.0)
        .filtered(output_type, task_type, name, representation, file_status)
}

/// `GET data/projects/{project}/output-files`
///
/// The output files of the entities of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_files_for_project(
    project: Model,
    output_type: Filter<Model>,
    task_type: Filter<Model>,
    name: Filter<Query>,
    representation: Filter<Query>,
    file_status: Filter<Model>,
) -> Call {
    fetch_all(path!["projects", project, "output-files"]).filtered(
        output_type,
        task_type,
        name,
        representation,
        file_status,
    )
}

/// `POST data/entities/{entity}/output-file-path`
///
/// The path for an output file of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the tokens of a path")]
pub fn build_entity_output_file_path(
    entity: Model,
    output_type: Model,
    task_type: Model,
    name: Json,
    mode: Json,
    representation: Json,
    revision: Json,
    nb_elements: Json,
    sep: Json,
) -> Call {
    post(path!["data", "entities", entity, "output-file-path"])
        .field("task_type_id", task_type)
        .field("output_type_id", output_type)
        .field("mode", mode)
        .field("name", name)
        .field("representation", representation)
        .field("revision", revision)
        .field("nb_elements", nb_elements)
        .field("separator", sep)
}

/// `POST data/asset-instances/{asset_instance}/entities/{temporal_entity}/output-file-path`
///
/// The path for an output file of an asset instance in a shot or a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the tokens of a path")]
pub fn build_asset_instance_output_file_path(
    asset_instance: Model,
    temporal_entity: Model,
    output_type: Model,
    task_type: Model,
    name: Json,
    representation: Json,
    mode: Json,
    revision: Json,
    nb_elements: Json,
    sep: Json,
) -> Call {
    let instance = path_of_instance("data/asset-instances", &asset_instance, &temporal_entity);
    post(path![instance, "output-file-path"])
        .field("task_type_id", task_type)
        .field("output_type_id", output_type)
        .field("mode", mode)
        .field("name", name)
        .field("representation", representation)
        .field("revision", revision)
        .field("nb_elements", nb_elements)
        .field("separator", sep)
}

/// `POST data/entities/{entity}/output-files/new`
///
/// Creates an output file of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the fields of an output file")]
pub fn new_entity_output_file(
    entity: Model,
    output_type: Model,
    task_type: Model,
    comment: Json,
    working_file: Option<Model>,
    person: Option<Model>,
    name: Json,
    revision: Json,
    nb_elements: Json,
    representation: Json,
    sep: Json,
    file_status_id: Option<Json>,
) -> Call {
    post(path!["data", "entities", entity, "output-files", "new"])
        .field("output_type_id", output_type)
        .field("task_type_id", task_type)
        .field("comment", comment)
        .field("revision", revision)
        .field("representation", representation)
        .field("name", name)
        .field("nb_elements", nb_elements)
        .field("sep", sep)
        .maybe_field("working_file_id", working_file)
        .maybe_field("person_id", person)
        .maybe_field("file_status_id", file_status_id)
}

/// `POST data/asset-instances/{asset_instance}/entities/{temporal_entity}/output-files/new`
///
/// Creates an output file of an asset instance in a shot or a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the fields of an output file")]
pub fn new_asset_instance_output_file(
    asset_instance: Model,
    temporal_entity: Model,
    output_type: Model,
    task_type: Model,
    comment: Json,
    name: Json,
    working_file: Option<Model>,
    person: Option<Model>,
    revision: Json,
    nb_elements: Json,
    representation: Json,
    sep: Json,
    file_status_id: Option<Json>,
) -> Call {
    let instance = path_of_instance("data/asset-instances", &asset_instance, &temporal_entity);
    post(path![instance, "output-files", "new"])
        .field("output_type_id", output_type)
        .field("task_type_id", task_type)
        .field("comment", comment)
        .field("name", name)
        .field("revision", revision)
        .field("representation", representation)
        .field("nb_elements", nb_elements)
        .field("sep", sep)
        .maybe_field("working_file_id", working_file)
        .maybe_field("person_id", person)
        .maybe_field("file_status_id", file_status_id)
}

/// `POST data/entities/{entity}/output-files/next-revision`
///
/// The next free revision of an entity's output file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_next_entity_output_revision(
    entity: Model,
    output_type: Model,
    task_type: Model,
    name: Json,
) -> Call {
    post(path!["data", "entities", entity, "output-files", "next-revision"])
        .field("name", name)
        .field("output_type_id", output_type)
        .field("task_type_id", task_type)
}

/// `POST data/asset-instances/{asset_instance}/entities/{temporal_entity}/output-files/next-revision`
///
/// The next free revision of an output file of an asset instance in a shot or a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_next_asset_instance_output_revision(
    asset_instance: Model,
    temporal_entity: Model,
    output_type: Model,
    task_type: Model,
    name: Json,
) -> Call {
    let instance = path_of_instance("data/asset-instances", &asset_instance, &temporal_entity);
    post(path![instance, "output-files", "next-revision"])
        .field("name", name)
        .field("output_type_id", output_type)
        .field("task_type_id", task_type)
}

/// `GET data/entities/{entity}/output-files/last-revisions`
///
/// The last revision of each output file of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_output_files_for_entity(
    entity: Model,
    output_type: Filter<Model>,
    task_type: Filter<Model>,
    name: Filter<Query>,
    representation: Filter<Query>,
    file_status: Filter<Model>,
) -> Call {
    fetch_all(path!["entities", entity, "output-files", "last-revisions"]).filtered(
        output_type,
        task_type,
        name,
        representation,
        file_status,
    )
}

/// `GET data/asset-instances/{asset_instance}/entities/{temporal_entity}/output-files/last-revisions`
///
/// The last revision of each output file of an asset instance in a shot or a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_output_files_for_asset_instance(
    asset_instance: Model,
    temporal_entity: Model,
    task_type: Filter<Model>,
    output_type: Filter<Model>,
    name: Filter<Query>,
    representation: Filter<Query>,
    file_status: Filter<Model>,
) -> Call {
    let instance = path_of_instance("asset-instances", &asset_instance, &temporal_entity);
    fetch_all(path![instance, "output-files", "last-revisions"]).filtered(
        output_type,
        task_type,
        name,
        representation,
        file_status,
    )
}

/// `PUT data/output-files/{output_file}`
///
/// Changes the fields of an output file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_output_file(output_file: Model, data: Json) -> Call {
    put(path!["/data", "output-files", output_file]).json(data)
}

fn path_of_instance(collection: &str, asset_instance: &Model, temporal_entity: &Model) -> Path {
    path![collection, asset_instance, "entities", temporal_entity]
}

trait Filtered {
    /// Adds the filters that every list of output files has.
    fn filtered(
        self,
        output_type: Filter<Model>,
        task_type: Filter<Model>,
        name: Filter<Query>,
        representation: Filter<Query>,
        file_status: Filter<Model>,
    ) -> Self;
}

impl Filtered for Call {
    fn filtered(
        self,
        output_type: Filter<Model>,
        task_type: Filter<Model>,
        name: Filter<Query>,
        representation: Filter<Query>,
        file_status: Filter<Model>,
    ) -> Self {
        self.maybe_query("output_type_id", output_type.0)
            .maybe_query("task_type_id", task_type.0)
            .maybe_query("representation", representation.0)
            .maybe_query("name", name.0)
            .maybe_query("file_status_id", file_status.0)
    }
}

/// `GET data/entities/{entity}/output-types/{output_type}/output-files`
///
/// Lists the output files of an entity that have one output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_files_for_entity_and_output_type(
    entity: Model,
    output_type: Model,
    representation: Option<Query>,
) -> Call {
    fetch_all(path!["entities", entity, "output-types", output_type, "output-files"])
        .maybe_query("representation", representation)
}

/// `GET data/asset-instances/{asset_instance}/entities/{temporal_entity}/output-types/{output_type}/output-files`
///
/// Lists the output files of an asset instance in a shot or scene that have one output type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_output_files_for_asset_instance_and_output_type(
    asset_instance: Model,
    temporal_entity: Model,
    output_type: Model,
    representation: Option<Query>,
) -> Call {
    fetch_all(path![
        "asset-instances",
        asset_instance,
        "entities",
        temporal_entity,
        "output-types",
        output_type,
        "output-files"
    ])
    .maybe_query("representation", representation)
}
