//! Hours logged on tasks: their records, and tables of a whole studio.

use crate::{
    args::{Id, Json, Model, Query, Record, Text},
    call::{create, delete, fetch_all, fetch_one, put, Call},
    path,
};

/// `GET data/time-spents`
///
/// Lists the hours that all persons logged, on all days or in a period.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_time_spents(start_date: Option<Query>, end_date: Option<Query>) -> Call {
    fetch_all("time-spents").maybe_query("start_date", start_date).maybe_query("end_date", end_date)
}

/// `GET data/time-spents/{time_spent_id}`
///
/// Gets logged hours by the id of their record.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_time_spent(time_spent_id: Id) -> Call {
    fetch_one("time-spents", time_spent_id)
}

/// `POST data/time-spents`
///
/// Logs hours of a person on a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_time_spent(task: Model, person: Model, date: Json, duration: Json) -> Call {
    create("time-spents")
        .field("task_id", task)
        .field("person_id", person)
        .field("date", date)
        .field("duration", duration)
}

/// `PUT data/time-spents/{time_spent}`
///
/// Changes the fields of logged hours.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_time_spent(time_spent: Record) -> Call {
    put(path!["data", "time-spents", time_spent]).json(time_spent)
}

/// `DELETE actions/tasks/{task}/time-spents/{date}/persons/{person}`
///
/// Removes the hours that a person logged on a task on one day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_time_spent_for_date(task: Model, date: Text, person: Model) -> Call {
    delete(path!["actions", "tasks", task, "time-spents", date, "persons", person])
}

/// `GET data/entities/{entity}/time-spents`
///
/// Lists the hours logged on the tasks of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_time_spents_for_entity(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "time-spents"])
}

/// `GET data/projects/{project}/time-spents`
///
/// Lists the hours logged on the tasks of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_time_spents_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "time-spents"])
}

/// `GET data/projects/{project}/task-types/{task_type}/time-spents`
///
/// Gets the hours logged on a project's tasks of one type, person by person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_time_spents_for_task_type(
    project: Model,
    task_type: Model,
    start_date: Option<Query>,
    end_date: Option<Query>,
) -> Call {
    fetch_all(path!["projects", project, "task-types", task_type, "time-spents"])
        .maybe_query("start_date", start_date)
        .maybe_query("end_date", end_date)
}

/// `GET data/persons/time-spents/day-table/{year}/{month}`
///
/// Gets the minutes that each person logged on each day of a month.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_table(
    year: Text,
    month: Text,
    project: Option<Model>,
    department: Option<Model>,
    studio: Option<Model>,
) -> Call {
    fetch_all(path!["persons", "time-spents", "day-table", year, month])
        .maybe_query("project_id", project)
        .maybe_query("department_id", department)
        .maybe_query("studio_id", studio)
}

/// `GET data/persons/time-spents/week-table/{year}`
///
/// Gets the minutes that each person logged in each week of a year.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_week_table(
    year: Text,
    project: Option<Model>,
    department: Option<Model>,
    studio: Option<Model>,
) -> Call {
    fetch_all(path!["persons", "time-spents", "week-table", year])
        .maybe_query("project_id", project)
        .maybe_query("department_id", department)
        .maybe_query("studio_id", studio)
}

/// `GET data/persons/time-spents/month-table/{year}`
///
/// Gets the minutes that each person logged in each month of a year.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_month_table(
    year: Text,
    project: Option<Model>,
    department: Option<Model>,
    studio: Option<Model>,
) -> Call {
    fetch_all(path!["persons", "time-spents", "month-table", year])
        .maybe_query("project_id", project)
        .maybe_query("department_id", department)
        .maybe_query("studio_id", studio)
}

/// `GET data/persons/time-spents/year-table`
///
/// Gets the minutes that each person logged in each year.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_year_table(
    project: Option<Model>,
    department: Option<Model>,
    studio: Option<Model>,
) -> Call {
    fetch_all("persons/time-spents/year-table")
        .maybe_query("project_id", project)
        .maybe_query("department_id", department)
        .maybe_query("studio_id", studio)
}

exports![time_spent:
    all_time_spents,
    get_time_spent,
    new_time_spent,
    update_time_spent,
    remove_time_spent_for_date,
    all_time_spents_for_entity,
    all_time_spents_for_project,
    get_time_spents_for_task_type,
    get_day_table,
    get_week_table,
    get_month_table,
    get_year_table,
];
