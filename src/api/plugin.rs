//! Plugins: extensions of the server.

use crate::{
    args::{Id, Model, Record},
    call::{delete, fetch_all, fetch_one, put, Call},
    path,
};

/// `GET data/plugins`
///
/// Lists the installed plugins.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_plugins() -> Call {
    fetch_all("plugins").sorted_by_name()
}

/// `GET data/plugins/{plugin_id}`
///
/// Gets a plugin by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_plugin(plugin_id: Id) -> Call {
    fetch_one("plugins", plugin_id)
}

/// `PUT data/plugins/{plugin}`
///
/// Changes the fields of a plugin.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_plugin(plugin: Record) -> Call {
    put(path!["data", "plugins", plugin]).json(plugin)
}

/// `DELETE data/plugins/{plugin}`
///
/// Removes the record of a plugin.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_plugin(plugin: Model) -> Call {
    delete(path!["data", "plugins", plugin])
}

exports![plugin: all_plugins, get_plugin, update_plugin, remove_plugin];
