//! Tables as CSV files: in, and out.

use crate::{
    args::{FilePath, Flag, Model, Path, Query},
    call::{download, upload, Call},
    path,
};

/// `GET export/csv/persons.csv`
///
/// Writes the persons of the studio to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_persons_with_csv(csv_file_path: Option<FilePath>) -> Call {
    download("export/csv/persons.csv", csv_file_path)
}

/// `GET export/csv/projects.csv`
///
/// Writes the names and states of all projects to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_projects_with_csv(csv_file_path: Option<FilePath>) -> Call {
    download("export/csv/projects.csv", csv_file_path)
}

/// `GET export/csv/task-types.csv`
///
/// Writes the task types that have a department to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_task_types_with_csv(csv_file_path: Option<FilePath>) -> Call {
    download("export/csv/task-types.csv", csv_file_path)
}

/// `GET export/csv/tasks.csv`
///
/// Writes the tasks of the open projects to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_tasks_with_csv(csv_file_path: Option<FilePath>) -> Call {
    download("export/csv/tasks.csv", csv_file_path)
}

/// `GET export/csv/time-spents.csv`
///
/// Writes the hours logged on tasks of the open projects to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_time_spents_with_csv(csv_file_path: Option<FilePath>) -> Call {
    download("export/csv/time-spents.csv", csv_file_path)
}

/// `GET export/csv/projects/{project}/casting.csv`
///
/// Writes the casting of a project's assets or shots to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_casting_with_csv(
    project: Model,
    csv_file_path: Option<FilePath>,
    episode: Option<Query>,
    is_shot_casting: Flag,
) -> Call {
    download(path!["export", "csv", "projects", project, "casting.csv"], csv_file_path)
        .maybe_query("episode_id", episode)
        .flag("is_shot_casting", is_shot_casting)
}

/// `GET export/csv/projects/{project}/edits.csv`
///
/// Writes the edits of a project to a CSV file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_edits_with_csv(project: Model, csv_file_path: Option<FilePath>) -> Call {
    download(path!["export", "csv", "projects", project, "edits.csv"], csv_file_path)
}

/// `GET export/csv/playlists/{playlist}`
///
/// Writes a playlist to a CSV file: a line for each entity, with its last comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn export_playlist_with_csv(playlist: Model, csv_file_path: Option<FilePath>) -> Call {
    download(path!["export", "csv", "playlists", playlist], csv_file_path)
}

/// `POST import/csv/persons`
///
/// Creates persons from a CSV file, as Kitsu exports it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_persons_with_csv(csv_file_path: FilePath, update: Flag) -> Call {
    upload(updating("import/csv/persons".into(), update)).file("file", csv_file_path)
}

/// `POST import/csv/projects/{project}/casting`
///
/// Sets the casting of a project's assets and shots from a CSV file, as Kitsu exports it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_casting_with_csv(project: Model, csv_file_path: FilePath) -> Call {
    upload(path!["import", "csv", "projects", project, "casting"]).file("file", csv_file_path)
}

/// `POST import/csv/projects/{project}/edits`
///
/// Creates edits of a project from a CSV file, as Kitsu exports it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_edits_with_csv(project: Model, csv_file_path: FilePath, update: Flag) -> Call {
    let path = path!["import", "csv", "projects", project, "edits"];
    upload(updating(path, update)).file("file", csv_file_path)
}

/// `POST import/csv/projects/{project}/task-types/{task_type}/estimations`
///
/// Sets the estimations, dates and difficulties of a project's tasks of one type from a CSV
/// file.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_estimations_with_csv(
    project: Model,
    task_type: Model,
    csv_file_path: FilePath,
) -> Call {
    upload(path!["import", "csv", "projects", project, "task-types", task_type, "estimations"])
        .file("file", csv_file_path)
}

/// `POST import/csv/projects/{project}/episodes/{episode}/task-types/{task_type}/estimations`
///
/// Sets the estimations, dates and difficulties of an episode's tasks of one type from a CSV
/// file, as `import_estimations_with_csv` does.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn import_episode_estimations_with_csv(
    project: Model,
    episode: Model,
    task_type: Model,
    csv_file_path: FilePath,
) -> Call {
    upload(path![
        "import",
        "csv",
        "projects",
        project,
        "episodes",
        episode,
        "task-types",
        task_type,
        "estimations"
    ])
    .file("file", csv_file_path)
}

/// The path of an import that may also change what exists.
fn updating(path: Path, update: Flag) -> Path {
    if update.0 {
        path.with("?update=true")
    } else {
        path
    }
}

exports![csv:
    export_persons_with_csv,
    export_projects_with_csv,
    export_task_types_with_csv,
    export_tasks_with_csv,
    export_time_spents_with_csv,
    export_casting_with_csv,
    export_edits_with_csv,
    export_playlist_with_csv,
    import_persons_with_csv,
    import_casting_with_csv,
    import_edits_with_csv,
    import_estimations_with_csv,
    import_episode_estimations_with_csv,
];
