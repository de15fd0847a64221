//! Custom actions: entries in Kitsu's menus that send a selection to a URL.

use crate::{
    args::{Id, Json, Model, Record},
    call::{create, delete, fetch_all, fetch_one, put, Call},
    path,
};

/// `GET data/custom-actions`
///
/// Lists the custom actions.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_custom_actions() -> Call {
    fetch_all("custom-actions").sorted_by_name()
}

/// `GET data/custom-actions/{custom_action_id}`
///
/// Gets a custom action by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_custom_action(custom_action_id: Id) -> Call {
    fetch_one("custom-actions", custom_action_id)
}

/// `POST data/custom-actions`
///
/// Creates a custom action.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_custom_action(name: Json, url: Json, entity_type: Json, is_ajax: Json) -> Call {
    create("custom-actions")
        .field("name", name)
        .field("url", url)
        .field("entity_type", entity_type)
        .field("is_ajax", is_ajax)
}

/// `PUT data/custom-actions/{custom_action}`
///
/// Changes the fields of a custom action.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_custom_action(custom_action: Record) -> Call {
    put(path!["data", "custom-actions", custom_action]).json(custom_action)
}

/// `DELETE data/custom-actions/{custom_action}`
///
/// Removes a custom action.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_custom_action(custom_action: Model) -> Call {
    delete(path!["data", "custom-actions", custom_action])
}

exports![custom_action:
    all_custom_actions,
    get_custom_action,
    new_custom_action,
    update_custom_action,
    remove_custom_action,
];
