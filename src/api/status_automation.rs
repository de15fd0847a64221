//! Status automations: rules that change a task when another task changes.

use crate::{
    args::{Id, Json, Model, Record},
    call::{create, delete, fetch_all, fetch_one, put, Call},
    path,
};

/// `GET data/status-automations`
///
/// Lists the status automations of the studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_status_automations() -> Call {
    fetch_all("status-automations")
}

/// `GET data/status-automations/{status_automation_id}`
///
/// Gets a status automation by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_status_automation(status_automation_id: Id) -> Call {
    fetch_one("status-automations", status_automation_id)
}

/// `POST data/status-automations`
///
/// Creates a status automation: when a task of one type gets one status, a task of the same
/// entity changes.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_status_automation(
    entity_type: Json,
    in_task_type: Model,
    in_task_status: Model,
    out_task_type: Option<Model>,
    out_task_status: Option<Model>,
    out_field_type: Json,
    import_last_revision: Json,
) -> Call {
    create("status-automations")
        .field("entity_type", entity_type)
        .field("in_task_type_id", in_task_type)
        .field("in_task_status_id", in_task_status)
        .maybe_field("out_task_type_id", out_task_type)
        .maybe_field("out_task_status_id", out_task_status)
        .field("out_field_type", out_field_type)
        .field("import_last_revision", import_last_revision)
}

/// `PUT data/status-automations/{status_automation}`
///
/// Changes the fields of a status automation.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_status_automation(status_automation: Record) -> Call {
    put(path!["data", "status-automations", status_automation]).json(status_automation)
}

/// `DELETE data/status-automations/{status_automation}`
///
/// Removes a status automation.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_status_automation(status_automation: Model) -> Call {
    delete(path!["data", "status-automations", status_automation])
}

exports![status_automation:
    all_status_automations,
    get_status_automation,
    new_status_automation,
    update_status_automation,
    remove_status_automation,
];
