//! The time that people spend on tasks.

use crate::{
    args::{Json, Model, Text},
    call::{delete, get, post, Call},
    path,
};

/// `GET actions/tasks/{task}/time-spents`, or `GET actions/tasks/{task}/time-spents/{date}`
///
/// The time spent on a task, in total or on one day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_time_spent(task: Model, date: Option<Text>) -> Call {
    match date {
        Some(date) => get_task_time_spent_for_date(task, date),
        None => get(path!["actions", "tasks", task, "time-spents"]),
    }
}

/// `POST actions/tasks/{task}/time-spents/{date}/persons/{person}`
///
/// Sets the time that a person spent on a task on one day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_time_spent(task: Model, person: Model, date: Text, duration: Json) -> Call {
    post(path!["actions", "tasks", task, "time-spents", date, "persons", person])
        .field("duration", duration)
}

/// `POST actions/tasks/{task}/time-spents/{date}/persons/{person}/add`
///
/// Adds to the time that a person spent on a task on one day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_time_spent(task: Model, person: Model, date: Text, duration: Json) -> Call {
    post(path!["actions", "tasks", task, "time-spents", date, "persons", person, "add"])
        .field("duration", duration)
}

/// `GET actions/tasks/{task}/time-spents/{date}`
///
/// The time spent on a task on one day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_time_spent_for_date(task: Model, date: Text) -> Call {
    get(path!["actions", "tasks", task, "time-spents", date])
}

/// `DELETE data/time-spents/{time_spent}`
///
/// Removes an entry of time spent.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_time_spent(time_spent: Model) -> Call {
    delete(path!["data", "time-spents", time_spent])
}
