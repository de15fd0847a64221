//! Shots, and the sequences and episodes that they belong to.

use crate::{
    args::{FilePath, Filter, Flag, Form, Id, Json, Model, Query, Record},
    call::{delete, download, fetch_all, fetch_first, fetch_one, get, post, put, upload, Call},
    path,
};

/// `GET data/shots/{shot}/preview-files`
///
/// The previews of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_previews_for_shot(shot: Model) -> Call {
    fetch_all(path!["shots", shot, "preview-files"])
}

/// `GET data/projects/{project}/shots`
///
/// The shots of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shots_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "shots"]).sorted_by_name()
}

/// `GET data/episodes/{episode}/shots`
///
/// The shots of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shots_for_episode(episode: Model) -> Call {
    fetch_all(path!["episodes", episode, "shots"]).sorted_by_name()
}

/// `GET data/sequences/{sequence}/shots`
///
/// The shots of a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shots_for_sequence(sequence: Model) -> Call {
    fetch_all(path!["sequences", sequence, "shots"]).sorted_by_name()
}

/// `GET data/projects/{project}/sequences`
///
/// The sequences of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_sequences_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "sequences"]).sorted_by_name()
}

/// `GET data/episodes/{episode}/sequences`
///
/// The sequences of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_sequences_for_episode(episode: Model) -> Call {
    fetch_all(path!["episodes", episode, "sequences"]).sorted_by_name()
}

/// `GET data/projects/{project}/episodes`
///
/// The episodes of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_episodes_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "episodes"]).sorted_by_name()
}

/// `GET data/episodes/{episode_id}`
///
/// Gets an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episode(episode_id: Id) -> Call {
    fetch_one("episodes", episode_id)
}

/// `GET data/episodes?project_id={project}&name={episode_name}`
///
/// Finds an episode of a project by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episode_by_name(project: Model, episode_name: Query) -> Call {
    fetch_first("episodes").query("project_id", project).query("name", episode_name)
}

/// `GET data/sequences/{sequence_id}`
///
/// Gets a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_sequence(sequence_id: Id) -> Call {
    fetch_one("sequences", sequence_id)
}

/// `GET data/sequences?project_id={project}&name={sequence_name}`
///
/// Finds a sequence of a project by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_sequence_by_name(project: Model, sequence_name: Query) -> Call {
    fetch_first("sequences").query("project_id", project).query("name", sequence_name)
}

/// `GET data/sequences?episode_id={episode}&name={sequence_name}`
///
/// Finds a sequence of an episode by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_sequence_by_name_for_episode(episode: Model, sequence_name: Query) -> Call {
    fetch_first("sequences").query("episode_id", episode).query("name", sequence_name)
}

/// `GET data/shots/{shot_id}`
///
/// Gets a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_shot(shot_id: Id) -> Call {
    fetch_one("shots", shot_id)
}

/// `GET data/shots/all?sequence_id={sequence}&name={shot_name}`
///
/// Finds a shot of a sequence by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_shot_by_name(sequence: Model, shot_name: Query) -> Call {
    fetch_first("shots/all").query("sequence_id", sequence).query("name", shot_name)
}

/// `POST data/projects/{project}/sequences`
///
/// Creates a sequence, in an episode or not.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_sequence(project: Model, name: Json, episode: Option<Model>) -> Call {
    post(path!["data", "projects", project, "sequences"])
        .field("name", name)
        .maybe_field("episode_id", episode)
}

/// `POST data/projects/{project}/shots`
///
/// Creates a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_shot(
    project: Model,
    sequence: Model,
    name: Json,
    nb_frames: Option<Json>,
    description: Option<Json>,
    data: Json,
) -> Call {
    post(path!["data", "projects", project, "shots"])
        .field("name", name)
        .field("data", data)
        .field("sequence_id", sequence)
        .maybe_field("nb_frames", nb_frames)
        .maybe_field("description", description)
}

/// `PUT data/entities/{shot}`
///
/// Changes the fields of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_shot(shot: Record) -> Call {
    put(path!["data", "entities", shot]).json(shot)
}

/// `PUT data/entities/{sequence}`
///
/// Changes the fields of a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_sequence(sequence: Record) -> Call {
    put(path!["data", "entities", sequence]).json(sequence)
}

/// `GET data/shots/{shot}/asset-instances`
///
/// The asset instances of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_asset_instances_for_shot(shot: Model) -> Call {
    get(path!["data", "shots", shot, "asset-instances"])
}

/// `DELETE data/shots/{shot}`
///
/// Removes a shot, or cancels it if it has tasks and `force` is not set.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_shot(shot: Model, force: Flag) -> Call {
    delete(path!["data", "shots", shot]).flag("force", force)
}

/// `PUT data/shots/{shot}`
///
/// Restores a canceled shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn restore_shot(shot: Model) -> Call {
    put(path!["data", "shots", shot]).field("canceled", false)
}

/// `POST data/projects/{project}/episodes`
///
/// Creates an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_episode(project: Model, name: Json) -> Call {
    post(path!["data", "projects", project, "episodes"]).field("name", name)
}

/// `PUT data/entities/{episode}`
///
/// Changes the fields of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_episode(episode: Record) -> Call {
    put(path!["data", "entities", episode]).json(episode)
}

/// `DELETE data/episodes/{episode}`
///
/// Removes an episode. With `force`, removes everything that belongs to it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_episode(episode: Model, force: Flag) -> Call {
    delete(path!["data", "episodes", episode]).flag("force", force)
}

/// `DELETE data/sequences/{sequence}`
///
/// Removes a sequence. With `force`, removes everything that belongs to it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_sequence(sequence: Model, force: Flag) -> Call {
    delete(path!["data", "sequences", sequence]).flag("force", force)
}

/// `POST data/shots/{shot}/asset-instances`
///
/// Links an asset instance to a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_asset_instance_to_shot(shot: Model, asset_instance: Model) -> Call {
    post(path!["data", "shots", shot, "asset-instances"]).field("asset_instance_id", asset_instance)
}

/// `DELETE data/shots/{shot}/asset-instances/{asset_instance}`
///
/// Unlinks an asset instance from a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_asset_instance_from_shot(shot: Model, asset_instance: Model) -> Call {
    delete(path!["data", "shots", shot, "asset-instances", asset_instance])
}

/// `POST import/csv/projects/{project}/shots`
///
/// Creates or updates a project's shots from a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_shots_with_csv(project: Model, csv_file_path: FilePath) -> Call {
    upload(path!["import", "csv", "projects", project, "shots"]).file("file", csv_file_path)
}

/// `POST import/otio/projects/{project}`, or `POST import/otio/projects/{project}/episodes/{episode}`
///
/// Creates or updates shots from a timeline.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_otio(
    project: Model,
    otio_file_path: FilePath,
    episode: Option<Model>,
    naming_convention: Option<Form>,
    match_case: Form,
) -> Call {
    let (path, convention) = match episode {
        Some(episode) => (
            path!["/import/otio/projects", project, "episodes", episode],
            "${project_name}_${episode_name}-${sequence_name}-${shot_name}",
        ),
        None => (
            path!["/import/otio/projects", project],
            "${project_name}_${sequence_name}-${shot_name}",
        ),
    };
    upload(path)
        .form_field("naming_convention", naming_convention.unwrap_or_else(|| convention.into()))
        .form_field("match_case", match_case)
        .file("file", otio_file_path)
}

/// `GET export/csv/projects/{project}/shots.csv`
///
/// A project's shots as CSV.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_shots_with_csv(
    project: Model,
    csv_file_path: Option<FilePath>,
    episode: Filter<Model>,
    assigned_to: Filter<Model>,
) -> Call {
    download(path!["export", "csv", "projects", project, "shots.csv"], csv_file_path)
        .maybe_query("episode_id", episode.0)
        .maybe_query("assigned_to", assigned_to.0)
}

/// `GET data/shots/{shot}/versions`
///
/// Lists the versions of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_versions_for_shot(shot: Model) -> Call {
    fetch_all(path!["shots", shot, "versions"])
}

/// `GET data/projects/{project}/episodes/stats`
///
/// Counts the tasks of a project by episode, task type and task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episode_stats(project: Model) -> Call {
    fetch_all(path!["projects", project, "episodes", "stats"])
}

/// `GET data/projects/{project}/episodes/retake-stats`
///
/// Counts the retakes of a project's tasks by episode and task type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_episode_retake_stats(project: Model) -> Call {
    fetch_all(path!["projects", project, "episodes", "retake-stats"])
}

/// `POST actions/projects/{project}/task-types/{task_type}/set-shot-nb-frames`
///
/// Sets the number of frames of a project's shots to the length of their last previews.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_nb_frames_from_previews(
    project: Model,
    task_type: Model,
    episode: Option<Model>,
) -> Call {
    let path = path!["actions", "projects", project, "task-types", task_type, "set-shot-nb-frames"];
    post(match episode {
        Some(episode) => path.with("?episode_id=").with(&episode),
        None => path,
    })
}

/// `GET data/shots/with-tasks?project_id={project}&stream=true&compact=true`
///
/// The shots of a project or episode, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shots_with_tasks(project: Model, episode: Option<Model>) -> Call {
    fetch_all("shots/with-tasks")
        .query("project_id", project)
        .maybe_query("episode_id", episode)
        .query("stream", "true")
        .query("compact", "true")
        .rows()
}

/// `GET data/sequences/with-tasks?project_id={project}`
///
/// The sequences of a project or episode, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_sequences_with_tasks(project: Model, episode: Option<Model>) -> Call {
    fetch_all("sequences/with-tasks")
        .query("project_id", project)
        .maybe_query("episode_id", episode)
        .rows()
}

/// `GET data/episodes/with-tasks?project_id={project}`
///
/// The episodes of a project, with their tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_episodes_with_tasks(project: Model) -> Call {
    fetch_all("episodes/with-tasks").query("project_id", project).rows()
}

exports![shot:
    all_shots_with_tasks,
    all_sequences_with_tasks,
    all_episodes_with_tasks,
    all_previews_for_shot,
    all_shots_for_project,
    all_shots_for_episode,
    all_shots_for_sequence,
    all_sequences_for_project,
    all_sequences_for_episode,
    all_episodes_for_project,
    get_episode,
    get_episode_by_name,
    get_sequence,
    get_sequence_by_name,
    get_sequence_by_name_for_episode,
    get_shot,
    get_shot_by_name,
    new_sequence,
    new_shot,
    update_shot,
    update_sequence,
    get_asset_instances_for_shot,
    remove_shot,
    restore_shot,
    new_episode,
    update_episode,
    remove_episode,
    remove_sequence,
    add_asset_instance_to_shot,
    remove_asset_instance_from_shot,
    import_shots_with_csv,
    import_otio,
    export_shots_with_csv,
    all_versions_for_shot,
    get_episode_stats,
    get_episode_retake_stats,
    set_nb_frames_from_previews,
];
