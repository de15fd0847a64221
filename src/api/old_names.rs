//! Requests of functions of earlier releases that no current function sends.
//!
//! Functions of releases before 0.6 accepted only dicts, hence the [`Dict`]s. Many of the
//! routes no longer exist on current servers, which answer with 404 or 405.

use super::{scene, shot, task};
use crate::{
    args::{Dict, FilePath, Json, Model, Text},
    call::{fetch_all, get, post, put, upload, Call},
    path,
};

/// `GET data/entity-types`
///
/// The types of entities, in the server's order.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity_types() -> Call {
    fetch_all("entity-types")
}

/// `POST data/asset-instances/{asset_instance}/output-files/{output_type}/file-path`
///
/// Builds the path of an asset instance's file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn build_asset_instance_file_path(asset_instance: Dict, output_type: Dict) -> Call {
    let files = path!["data", "asset-instances", asset_instance, "output-files"];
    post(path![files, output_type, "file-path"])
}

/// `POST data/tasks/{task}/file-path`
///
/// Builds the folder and the name of a task's file. The caller uses only the name.
#[allow(clippy::too_many_arguments, reason = "these are the file's fields")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn build_file_name(
    task: Dict,
    name: Json,
    mode: Json,
    software: Option<Dict>,
    output_type: Option<Dict>,
    comment: Json,
    version: Json,
    sep: Json,
) -> Call {
    let call = file_path(task, name, mode, comment, version).field("sep", sep);
    with_kinds(call, software, output_type)
}

/// `POST data/tasks/{task}/file-path`
///
/// Builds the folder and the name of a task's file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn build_file_path(
    task: Dict,
    name: Json,
    mode: Json,
    software: Option<Dict>,
    output_type: Option<Dict>,
    comment: Json,
    version: Json,
) -> Call {
    with_kinds(file_path(task, name, mode, comment, version), software, output_type)
}

fn file_path(task: Dict, name: Json, mode: Json, comment: Json, version: Json) -> Call {
    post(path!["data", "tasks", task, "file-path"])
        .field("mode", mode)
        .field("name", name)
        .field("comment", comment)
        .field("version", version)
}

fn with_kinds(call: Call, software: Option<Dict>, output_type: Option<Dict>) -> Call {
    call.maybe_field("output_type_id", output_type.map(|output_type| output_type.0))
        .maybe_field("software_id", software.map(|software| software.0))
}

/// `POST data/tasks/{task}/folder-path`
///
/// Builds the folder of a task's files.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn build_folder_path(
    task: Dict,
    name: Json,
    mode: Json,
    software: Option<Dict>,
    output_type: Option<Dict>,
    sep: Json,
) -> Call {
    let call = post(path!["data", "tasks", task, "folder-path"])
        .field("mode", mode)
        .field("name", name)
        .field("sep", sep);
    with_kinds(call, software, output_type)
}

/// `GET data/entities/{entity}/last-output-files`
///
/// The last revision of each output file of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_output_files(entity: Dict) -> Call {
    get(path!["data", "entities", entity, "last-output-files"])
}

/// `POST data/entities/{entity}/output-types/{output_type}/next-revision`
///
/// The next free revision of an entity's output file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_next_output_revision(entity: Dict, output_type: Dict, name: Json) -> Call {
    post(path!["data", "entities", entity, "output-types", output_type, "next-revision"])
        .field("name", name)
}

/// `GET data/entities/{entity}/output-files`
///
/// The output files of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_output_files_for_entity(entity: Dict) -> Call {
    get(path!["data", "entities", entity, "output-files"])
}

/// `GET data/entities/{entity}/output-types`
///
/// The types of an entity's output files.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_output_types_for_entity(entity: Dict) -> Call {
    get(path!["data", "entities", entity, "output-types"])
}

/// `POST data/working-files/{working_file}/output-files/new`
///
/// Creates an output file from a working file. The output type is sent as a list.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_output_file(
    working_file: Dict,
    person: Dict,
    comment: Json,
    output_type: Option<Dict>,
    revision: Json,
    representation: Json,
    sep: Json,
) -> Call {
    post(path!["data", "working-files", working_file, "output-files", "new"])
        .field("person_id", person.0)
        .field("comment", comment)
        .field("revision", revision)
        .field("representation", representation)
        .field("separator", sep)
        .maybe_field("output_type_id", output_type.map(|output_type| vec![output_type.0]))
}

/// `POST actions/projects/{project}/set-file-tree`
///
/// Sets the file tree of a project to one of the server's, by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_project_file_tree(project: Model, file_tree_name: Json) -> Call {
    post(path!["actions", "projects", project, "set-file-tree"]).field("tree_name", file_tree_name)
}

/// `POST thumbnails/working-files/{working_file}.png`
///
/// Uploads the thumbnail of a working file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_working_file_thumbnail(working_file: Dict, th_path: FilePath) -> Call {
    let Dict(working_file) = working_file;
    upload(path!["thumbnails", "working-files", working_file].with(".png")).file("file", th_path)
}

/// `GET auth/person-list`
///
/// The persons with a few of their fields.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_simple_person_list() -> Call {
    get("auth/person-list").sorted_by_name()
}

/// `GET data/playlists/{playlist}/entity-previews`
///
/// The previews of a playlist's entities.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_entity_previews(playlist: Model) -> Call {
    fetch_all(path!["playlists", playlist, "entity-previews"])
}

/// `GET data/projects/{project}/episodes`, or `GET data/episodes`
///
/// The episodes of a project, or of all.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_episodes(project: Option<Dict>) -> Call {
    match project {
        Some(Dict(project)) => shot::all_episodes_for_project(project),
        None => fetch_all("episodes").sorted_by_name(),
    }
}

/// `GET data/projects/{project}/scenes`, or `GET data/scenes`
///
/// The scenes of a project, or of all.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes(project: Option<Dict>) -> Call {
    match project {
        Some(project) => all_scenes_for_project(project),
        None => fetch_all("scenes").sorted_by_name(),
    }
}

/// `GET data/projects/{project}/scenes`
///
/// The scenes of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes_for_project(project: Dict) -> Call {
    scene::all_scenes(Some(project.0))
}

/// `GET data/sequences/{sequence}/scenes`
///
/// The scenes of a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes_for_sequence(sequence: Dict) -> Call {
    scene::all_scenes_for_sequence(sequence.0)
}

/// `GET data/projects/{project}/sequences`, or `GET data/sequences`
///
/// The sequences of a project, or of all.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_sequences(project: Option<Model>) -> Call {
    match project {
        Some(project) => shot::all_sequences_for_project(project),
        None => fetch_all("sequences").sorted_by_name(),
    }
}

/// `GET data/entities?parent_id={sequence}&name={scene_name}`
///
/// The entities of a sequence with this name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_scene_by_name(sequence: Dict, scene_name: Text) -> Call {
    let Dict(sequence) = sequence;
    fetch_all(path!["entities?parent_id="].with(&sequence).with("&name=").with(&scene_name))
}

/// `POST import/edl/projects/{project}`, or `POST import/edl/projects/{project}/episodes/{episode}`
///
/// Creates shots from an edit decision list.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_edl(project: Model, edl_file_path: FilePath, episode: Option<Model>) -> Call {
    let mut path = path!["import", "edl", "projects", project];
    if let Some(episode) = episode {
        path = path![path, "episodes", episode];
    }
    upload(path).file("file", edl_file_path)
}

/// `POST data/shots/{shot}/asset-instances`
///
/// Adds an instance of an asset to a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_asset_instance(shot: Dict, asset: Dict, description: Json) -> Call {
    post(path!["data", "shots", shot, "asset-instances"])
        .field("asset_id", asset.0)
        .field("description", description)
}

/// `POST data/projects/{project}/scenes`
///
/// Creates a scene in a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_scene(project: Dict, sequence: Dict, name: Json) -> Call {
    scene::new_scene(project.0, sequence.0, name)
}

/// `PUT data/shots/{shot}/casting`
///
/// Replaces the casting of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_casting(shot: Model, casting: Json) -> Call {
    put(path!["data", "shots", shot, "casting"]).json(casting)
}

/// `POST data/comments/{comment}/preview-files`
///
/// Adds a preview to a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_preview_to_comment(comment: Model, preview_file: Model) -> Call {
    post(path!["data", "comments", comment, "preview-files"]).field("preview_file_id", preview_file)
}

/// `GET data/persons/{person}/tasks/open`
///
/// A person's unfinished tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_open_tasks_for_person(person: Model) -> Call {
    fetch_all(path!["persons", person, "tasks", "open"])
}

/// `GET data/tasks?project_id={project}&task_type_id={task_type}&task_status_id={task_status}`
///
/// The tasks of a type that have a status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_status(project: Dict, task_type: Dict, task_status: Dict) -> Call {
    task::all_tasks_for_task_status(project.0, task_type.0, task_status.0)
}

/// `POST data/tasks/from-path`
///
/// The task that a file belongs to.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_by_path(project: Model, file_path: Json, entity_type: Json) -> Call {
    post("data/tasks/from-path/")
        .field("file_path", file_path)
        .field("project_id", project)
        .field("type", entity_type)
}

/// `GET data/entities/{entity}/task-types/{task_type}/tasks`
///
/// The tasks of a type of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_by_task_type(entity: Dict, task_type: Dict) -> Call {
    task::all_tasks_for_entity_and_task_type(entity.0, task_type.0)
}

/// `POST actions/tasks/{task}/add-comments-previews`
///
/// Posts several comments with their files on one task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn publish_comments_previews(
    task: Model,
    comments: Json,
    files: Vec<(String, FilePath)>,
) -> Call {
    let path = path!["actions", "tasks", task, "add-comments-previews"];
    task::batch_comments(comments, files, None).at(path)
}

/// `PUT actions/tasks/{task}/to-review`
///
/// Requests the review of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn task_to_review(
    task: Model,
    person: Model,
    comment: Json,
    revision: Json,
    change_status: Json,
) -> Call {
    put(path!["actions", "tasks", task, "to-review"])
        .field("person_id", person)
        .field("comment", comment)
        .field("revision", revision)
        .field("change_status", change_status)
}

/// `GET data/assets/{asset}/task-types`
///
/// The types of an asset's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn task_types_for_asset(asset: Dict) -> Call {
    task::all_task_types_for_asset(asset.0)
}

/// `GET data/user/projects/{project}/assets`
///
/// The assets of a project that the user has tasks for.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_project_assets(project: Model) -> Call {
    fetch_all(path!["user", "projects", project, "assets"])
}

exports![old_names:
    get_entity_types,
    build_asset_instance_file_path,
    build_file_name,
    build_file_path,
    build_folder_path,
    get_last_output_files,
    get_next_output_revision,
    get_output_files_for_entity,
    get_output_types_for_entity,
    new_output_file,
    set_project_file_tree,
    set_working_file_thumbnail,
    get_simple_person_list,
    get_entity_previews,
    all_episodes,
    all_scenes,
    all_scenes_for_project,
    all_scenes_for_sequence,
    all_sequences,
    get_scene_by_name,
    import_edl,
    new_asset_instance,
    new_scene,
    update_casting,
    add_preview_to_comment,
    all_open_tasks_for_person,
    all_tasks_for_status,
    get_task_by_path,
    get_task_by_task_type,
    publish_comments_previews,
    task_to_review,
    task_types_for_asset,
    all_project_assets,
];
