//! Budgets: what a project plans to spend, the salaries behind it, and the hours that it cost.

use crate::{
    args::{Id, Json, Model, Record},
    call::{create, delete, fetch_all, fetch_one, put, Call},
    path,
};

/// `GET data/budgets`
///
/// Lists the budgets of all projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_budgets() -> Call {
    fetch_all("budgets")
}

/// `GET data/budgets/{budget_id}`
///
/// Gets a budget by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_budget(budget_id: Id) -> Call {
    fetch_one("budgets", budget_id)
}

/// `POST data/budgets`
///
/// Creates a budget of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_budget(
    project: Model,
    name: Json,
    currency: Option<Json>,
    revision: Option<Json>,
) -> Call {
    create("budgets")
        .field("project_id", project)
        .field("name", name)
        .maybe_field("currency", currency)
        .maybe_field("revision", revision)
}

/// `PUT data/budgets/{budget}`
///
/// Changes the fields of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_budget(budget: Record) -> Call {
    put(path!["data", "budgets", budget]).json(budget)
}

/// `DELETE data/budgets/{budget}`
///
/// Removes a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_budget(budget: Model) -> Call {
    delete(path!["data", "budgets", budget])
}

/// `GET data/budget-entries`
///
/// Lists the entries of all budgets.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_budget_entries() -> Call {
    fetch_all("budget-entries")
}

/// `GET data/budget-entries/{budget_entry_id}`
///
/// Gets an entry of a budget by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_budget_entry(budget_entry_id: Id) -> Call {
    fetch_one("budget-entries", budget_entry_id)
}

/// `POST data/budget-entries`
///
/// Adds an entry to a budget: a person, or a position that is still open.
#[allow(clippy::too_many_arguments, reason = "these are the record's fields")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_budget_entry(
    budget: Model,
    department: Model,
    start_date: Json,
    months_duration: Json,
    daily_salary: Json,
    person: Option<Model>,
    position: Option<Json>,
    seniority: Option<Json>,
) -> Call {
    create("budget-entries")
        .field("budget_id", budget)
        .field("department_id", department)
        .field("start_date", start_date)
        .field("months_duration", months_duration)
        .field("daily_salary", daily_salary)
        .maybe_field("person_id", person)
        .maybe_field("position", position)
        .maybe_field("seniority", seniority)
}

/// `PUT data/budget-entries/{budget_entry}`
///
/// Changes the fields of an entry of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_budget_entry(budget_entry: Record) -> Call {
    put(path!["data", "budget-entries", budget_entry]).json(budget_entry)
}

/// `DELETE data/budget-entries/{budget_entry}`
///
/// Removes an entry of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_budget_entry(budget_entry: Model) -> Call {
    delete(path!["data", "budget-entries", budget_entry])
}

/// `GET data/salary-scales`
///
/// Lists the daily salaries of every department, position and seniority.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_salary_scales() -> Call {
    fetch_all("salary-scales")
}

/// `GET data/salary-scales/{salary_scale_id}`
///
/// Gets a salary scale by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_salary_scale(salary_scale_id: Id) -> Call {
    fetch_one("salary-scales", salary_scale_id)
}

/// `PUT data/salary-scales/{salary_scale}`
///
/// Changes a salary scale.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_salary_scale(salary_scale: Record) -> Call {
    put(path!["data", "salary-scales", salary_scale]).json(salary_scale)
}

/// `DELETE data/salary-scales/{salary_scale}`
///
/// Removes a salary scale.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_salary_scale(salary_scale: Model) -> Call {
    delete(path!["data", "salary-scales", salary_scale])
}

/// `GET data/projects/{project}/budgets/time-spents`
///
/// Gets the hours logged on a project, by department, person and month.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_month_time_spents_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "budgets", "time-spents"])
}

exports![budget:
    all_budgets,
    get_budget,
    new_budget,
    update_budget,
    remove_budget,
    all_budget_entries,
    get_budget_entry,
    new_budget_entry,
    update_budget_entry,
    remove_budget_entry,
    all_salary_scales,
    get_salary_scale,
    update_salary_scale,
    remove_salary_scale,
    get_month_time_spents_for_project,
];
