//! People, departments, bots, the hours that they log and their days off.

use crate::{
    args::{FilePath, Flag, Id, Json, Links, Model, Query, Record, Segment as _, Text},
    call::{create, delete, fetch_all, fetch_first, fetch_one, get, post, put, upload, Call},
    path,
};

/// `GET data/organisations`
///
/// Organisations, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_organisations() -> Call {
    fetch_all("organisations").sorted_by_name()
}

/// `GET data/departments`
///
/// Departments, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_departments() -> Call {
    fetch_all("departments").sorted_by_name()
}

/// `GET data/persons`
///
/// Persons and bots, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_persons() -> Call {
    fetch_all("persons").sorted_by_name()
}

/// `GET data/persons/{person}/time-spents`
///
/// Hours that a person logged between two days.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_time_spents_range(person_id: Text, start_date: Query, end_date: Query) -> Call {
    get(path!["/data", "persons", person_id, "time-spents"])
        .query("start_date", start_date)
        .query("end_date", end_date)
}

/// `GET data/persons/{person}/time-spents/month/all/{year}/{month}`
///
/// Hours that a person logged in one month.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_all_month_time_spents(person: Text, year: Text, month: Text) -> Call {
    get(path!["data", "persons", person, "time-spents", "month", "all", year, month])
}

/// `GET data/departments?name=`
///
/// Finds a department by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_department_by_name(name: Query) -> Call {
    fetch_first("departments").query("name", name)
}

/// `GET data/departments/{department}`
///
/// Gets a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_department(department_id: Id) -> Call {
    fetch_one("departments", department_id)
}

/// `GET data/persons?id=`
///
/// Finds a person by id in a list, so that an unknown id is not an error.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_person(id: Query, relations: Flag) -> Call {
    fetch_first("persons").query("id", id).flag("relations", relations)
}

/// `GET data/persons?desktop_login=`
///
/// Finds a person, never a bot, by desktop login.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_person_by_desktop_login(desktop_login: Query) -> Call {
    fetch_first("persons").query("desktop_login", desktop_login).query("is_bot", false)
}

/// `GET data/persons?email=`
///
/// Finds a person or a bot by email address.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_person_by_email(email: Query, is_bot: Query) -> Call {
    fetch_first("persons").query("email", email).query("is_bot", is_bot)
}

/// `GET data/persons?full_name=`, or `GET data/persons?first_name=&last_name=`
///
/// Finds a person by full name, or by first and last name if both are given.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_person_by_full_name(
    full_name: Query,
    first_name: Option<Query>,
    last_name: Option<Query>,
) -> Call {
    let named = match (first_name, last_name) {
        (Some(first_name), Some(last_name)) => {
            fetch_first("persons").query("first_name", first_name).query("last_name", last_name)
        }
        _ => fetch_first("persons").query("full_name", full_name),
    };
    named.query("is_bot", false)
}

/// `GET auth/authenticated`
///
/// The logged-in user and their organisation.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_organisation() -> Call {
    get("auth/authenticated")
}

/// `POST data/departments`
///
/// Creates a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_department(name: Json, color: Json, archived: Json) -> Call {
    post("data/departments").field("name", name).field("color", color).field("archived", archived)
}

/// `PUT data/departments/{department}`
///
/// Changes the fields of a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_department(department: Record) -> Call {
    put(path!["data", "departments", department]).json(department)
}

/// `DELETE data/departments/{department}`
///
/// Deletes a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_department(department: Model, force: Flag) -> Call {
    delete(path!["data", "departments", department]).flag("force", force)
}

/// `POST data/persons`
///
/// Creates a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the fields of a person")]
pub fn new_person(
    first_name: Json,
    last_name: Json,
    email: Json,
    phone: Json,
    role: Json,
    desktop_login: Json,
    departments: Links,
    password: Json,
    active: Json,
    contract_type: Json,
) -> Call {
    post("data/persons")
        .field("first_name", first_name)
        .field("last_name", last_name)
        .field("email", email)
        .field("phone", phone)
        .field("role", role)
        .field("desktop_login", desktop_login)
        .field("departments", departments)
        .field("password", password)
        .field("active", active)
        .field("contract_type", contract_type)
}

/// `PUT data/persons/{person}`
///
/// Changes the fields of a person or a bot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_person(person: Record) -> Call {
    put(path!["data", "persons", person]).json(person)
}

/// `DELETE data/persons/{person}`
///
/// Deletes a person or a bot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_person(person: Model, force: Flag) -> Call {
    delete(path!["data", "persons", person]).flag("force", force)
}

/// `POST data/persons`
///
/// Creates a bot: a person without a last name that logs in with a token.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_bot(
    name: Json,
    email: Json,
    role: Json,
    departments: Links,
    active: Json,
    expiration_date: Json,
) -> Call {
    post("data/persons")
        .field("first_name", name)
        .field("last_name", "")
        .field("email", email)
        .field("role", role)
        .field("departments", departments)
        .field("active", active)
        .field("expiration_date", expiration_date)
        .field("is_bot", true)
}

/// `POST pictures/thumbnails/persons/{person}`
///
/// Sets the avatar of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_avatar(person: Model, file_path: FilePath) -> Call {
    upload(path!["/pictures", "thumbnails", "persons", person]).file("file", file_path)
}

/// `GET data/persons/presence-logs/{year}-{month}`
///
/// The presence of all persons in a month, as CSV.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_presence_log(year: Text, month: Text) -> Call {
    let month = format!("{}-{}", year.segment(), two_digits(&month));
    get(path!["data", "persons", "presence-logs", month]).text()
}

/// `POST actions/persons/{person}/change-password`
///
/// Sets the password of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn change_password_for_person(person: Model, password: Json) -> Call {
    post(path!["actions", "persons", person, "change-password"])
        .field("password", password.clone())
        .field("password_2", password)
}

/// `GET actions/persons/{person}/invite`
///
/// Invites a person by email.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn invite_person(person: Model) -> Call {
    get(path!["actions", "persons", person, "invite"])
}

/// `GET data/persons/{person}/time-spents/{date}`
///
/// Hours that a person logged on one day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_time_spents_by_date(person: Model, date: Text) -> Call {
    get(path!["data", "persons", person, "time-spents", date])
}

/// `GET data/persons/{person}/time-spents/week/{year}/{week}`
///
/// Hours that a person logged in one week, summed by task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_week_time_spents(person: Model, year: Text, week: Text) -> Call {
    get(path!["data", "persons", person, "time-spents", "week", year, week])
}

/// `GET data/persons/{person}/time-spents/year/{year}`
///
/// Hours that a person logged in one year, summed by task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_year_time_spents(person: Model, year: Text) -> Call {
    get(path!["data", "persons", person, "time-spents", "year", year])
}

/// `GET data/persons/{person}/day-offs`
///
/// Days off of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_offs(person: Model) -> Call {
    fetch_all(path!["persons", person, "day-offs"])
}

/// `GET data/persons/{person}/day-offs/week/{year}/{week}`
///
/// Days off of a person in one week.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_week_day_offs(person: Model, year: Text, week: Text) -> Call {
    get(path!["data", "persons", person, "day-offs", "week", year, week])
}

/// `GET data/persons/{person}/day-offs/month/{year}/{month}`
///
/// Days off of a person in one month.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_month_day_offs(person: Model, year: Text, month: Text) -> Call {
    let month = two_digits(&month);
    get(path!["data", "persons", person, "day-offs", "month", year, month])
}

/// `GET data/persons/{person}/day-offs/year/{year}`
///
/// Days off of a person in one year.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_year_day_offs(person: Model, year: Text) -> Call {
    get(path!["data", "persons", person, "day-offs", "year", year])
}

/// `GET data/day-offs/{day_off}`
///
/// Gets a day off.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_off(day_off_id: Id) -> Call {
    fetch_one("day-offs", day_off_id)
}

/// `POST data/day-offs`
///
/// Creates days off for a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_day_off(person: Model, date: Json, end_date: Json, description: Option<Json>) -> Call {
    create("day-offs")
        .field("person_id", person)
        .field("date", date)
        .field("end_date", end_date)
        .maybe_field("description", description)
}

/// `PUT data/day-offs/{day_off}`
///
/// Changes the fields of a day off.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_day_off(day_off: Record) -> Call {
    put(path!["data", "day-offs", day_off]).json(day_off)
}

/// `DELETE data/day-offs/{day_off}`
///
/// Deletes a day off.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_day_off(day_off: Model) -> Call {
    delete(path!["data", "day-offs", day_off])
}

/// `POST actions/persons/{person}/departments/add`
///
/// Adds a person to a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_person_to_department(person: Model, department: Model) -> Call {
    post(path!["actions", "persons", person, "departments", "add"])
        .field("department_id", department)
}

/// `DELETE actions/persons/{person}/departments/{department}`
///
/// Removes a person from a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_person_from_department(person: Model, department: Model) -> Call {
    delete(path!["actions", "persons", person, "departments", department])
}

/// `DELETE actions/persons/{person}/disable-two-factor-authentication`
///
/// Disables the two-factor authentication of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn disable_two_factor_authentication(person: Model) -> Call {
    delete(path!["actions", "persons", person, "disable-two-factor-authentication"])
}

/// `DELETE actions/persons/{person}/clear-avatar`
///
/// Removes the avatar of a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn clear_person_avatar(person: Model) -> Call {
    delete(path!["actions", "persons", person, "clear-avatar"])
}

fn two_digits(month: &Text) -> String {
    format!("{:0>2}", month.segment())
}

/// `PUT data/organisations/{organisation}`
///
/// Changes the fields of the organisation: the name and the settings of the studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_organisation(organisation: Record) -> Call {
    put(path!["data", "organisations", organisation]).json(organisation)
}

/// `DELETE data/organisations/{organisation}`
///
/// Removes an organisation.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_organisation(organisation: Model) -> Call {
    delete(path!["data", "organisations", organisation])
}

/// `GET data/day-offs`
///
/// Lists the days off of all persons.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_day_offs() -> Call {
    fetch_all("day-offs")
}

/// `GET data/persons/day-offs/{year}`
///
/// Lists the days off of the persons in a year.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_day_offs_for_year(year: Text) -> Call {
    fetch_all(path!["persons", "day-offs", year])
}

/// `GET data/persons/day-offs/{year}/{month}`
///
/// Lists the days off of the persons in a month.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_day_offs_for_month(year: Text, month: Text) -> Call {
    fetch_all(path!["persons", "day-offs", year, month])
}

/// `GET data/projects/{project}/day-offs`
///
/// Gets the days off of a project's team, person by person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_day_offs_for_project(
    project: Model,
    start_date: Option<Query>,
    end_date: Option<Query>,
) -> Call {
    fetch_all(path!["projects", project, "day-offs"])
        .maybe_query("start_date", start_date)
        .maybe_query("end_date", end_date)
}

/// `GET data/persons/{person}/day-offs/{date}`
///
/// Gets the days off of a person that contain a day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_off_for_date(person: Model, date: Text) -> Call {
    fetch_all(path!["persons", person, "day-offs", date])
}

/// `GET data/persons/{person}/desktop-login-logs`
///
/// Lists the logins of a person from desktop applications.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_desktop_login_logs_for_person(person: Model) -> Call {
    fetch_all(path!["persons", person, "desktop-login-logs"])
}

/// `POST data/persons/{person}/desktop-login-logs`
///
/// Records a login of a person from a desktop application.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_desktop_login_log(person: Model, date: Option<Json>) -> Call {
    post(path!["data", "persons", person, "desktop-login-logs"]).maybe_field("date", date)
}

/// `GET data/persons/{person}/quota-shots/day/{year}/{month}/{day}`
///
/// Lists the shots that a person finished on one day, with the person's part of each.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_quota_shots(
    person: Model,
    year: Text,
    month: Text,
    day: Text,
    project: Option<Model>,
    task_type: Option<Model>,
    count_mode: Option<Query>,
) -> Call {
    fetch_all(path!["persons", person, "quota-shots", "day", year, month, day])
        .maybe_query("project_id", project)
        .maybe_query("task_type_id", task_type)
        .maybe_query("count_mode", count_mode)
}

/// `GET data/persons/{person}/quota-shots/week/{year}/{week}`
///
/// Lists the shots that a person finished in one week, with the person's part of each.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_week_quota_shots(
    person: Model,
    year: Text,
    week: Text,
    project: Option<Model>,
    task_type: Option<Model>,
    count_mode: Option<Query>,
) -> Call {
    fetch_all(path!["persons", person, "quota-shots", "week", year, week])
        .maybe_query("project_id", project)
        .maybe_query("task_type_id", task_type)
        .maybe_query("count_mode", count_mode)
}

/// `GET data/persons/{person}/quota-shots/month/{year}/{month}`
///
/// Lists the shots that a person finished in one month, with the person's part of each.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_month_quota_shots(
    person: Model,
    year: Text,
    month: Text,
    project: Option<Model>,
    task_type: Option<Model>,
    count_mode: Option<Query>,
) -> Call {
    fetch_all(path!["persons", person, "quota-shots", "month", year, month])
        .maybe_query("project_id", project)
        .maybe_query("task_type_id", task_type)
        .maybe_query("count_mode", count_mode)
}

/// `GET data/persons/{person}/time-spents/day/{year}/{month}/{day}`
///
/// Lists the hours that a person logged on one day, task by task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_time_spents(
    person: Model,
    year: Text,
    month: Text,
    day: Text,
    project: Option<Model>,
    department: Option<Model>,
) -> Call {
    fetch_all(path!["persons", person, "time-spents", "day", year, month, day])
        .maybe_query("project_id", project)
        .maybe_query("department_id", department)
}

/// `GET data/persons/{person}/time-spents/month/{year}/{month}`
///
/// Lists the hours that a person logged in one month, task by task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_month_time_spents(
    person: Model,
    year: Text,
    month: Text,
    project: Option<Model>,
    department: Option<Model>,
) -> Call {
    fetch_all(path!["persons", person, "time-spents", "month", year, month])
        .maybe_query("project_id", project)
        .maybe_query("department_id", department)
}

/// `POST actions/persons/{person}/reset-password-link`
///
/// Gets a link with which a person may choose a new password, without sending a mail.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_password_reset_link(person: Model) -> Call {
    post(path!["actions", "persons", person, "reset-password-link"])
}

exports![person:
    all_organisations,
    all_departments,
    all_persons,
    get_time_spents_range,
    get_all_month_time_spents,
    get_department_by_name,
    get_department,
    get_person,
    get_person_by_desktop_login,
    get_person_by_email,
    get_person_by_full_name,
    get_organisation,
    new_department,
    update_department,
    remove_department,
    new_person,
    update_person,
    remove_person,
    new_bot,
    set_avatar,
    get_presence_log,
    change_password_for_person,
    invite_person,
    get_time_spents_by_date,
    get_week_time_spents,
    get_year_time_spents,
    get_day_offs,
    get_week_day_offs,
    get_month_day_offs,
    get_year_day_offs,
    get_day_off,
    new_day_off,
    update_day_off,
    remove_day_off,
    add_person_to_department,
    remove_person_from_department,
    disable_two_factor_authentication,
    clear_person_avatar,
    update_organisation,
    remove_organisation,
    all_day_offs,
    all_day_offs_for_year,
    all_day_offs_for_month,
    all_day_offs_for_project,
    get_day_off_for_date,
    all_desktop_login_logs_for_person,
    new_desktop_login_log,
    get_day_quota_shots,
    get_week_quota_shots,
    get_month_quota_shots,
    get_day_time_spents,
    get_month_time_spents,
    new_password_reset_link,
];
