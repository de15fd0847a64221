//! Studios: the sites or companies that people belong to.

use crate::{
    args::{Flag, Id, Json, Model, Query, Record},
    call::{create, delete, fetch_all, fetch_first, fetch_one, put, Call},
    path,
};

/// `GET data/studios`
///
/// Every studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_studios() -> Call {
    fetch_all("studios").sorted_by_name()
}

/// `GET data/studios/{studio_id}`
///
/// Gets a studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_studio(studio_id: Id) -> Call {
    fetch_one("studios", studio_id)
}

/// `GET data/studios?name={studio_name}`
///
/// Finds a studio by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_studio_by_name(studio_name: Query) -> Call {
    fetch_first("studios").query("name", studio_name)
}

/// `PUT data/studios/{studio}`
///
/// Changes the fields of a studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_studio(studio: Record) -> Call {
    put(path!["data", "studios", studio]).json(studio)
}

/// `DELETE data/studios/{studio}`
///
/// Removes a studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_studio(studio: Model, force: Flag) -> Call {
    delete(path!["data", "studios", studio]).flag("force", force)
}

/// `POST data/studios`
///
/// Creates a studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_studio(name: Json, color: Json, archived: Json) -> Call {
    create("studios").field("name", name).field("color", color).field("archived", archived)
}

exports![studio:
    all_studios,
    get_studio,
    get_studio_by_name,
    update_studio,
    remove_studio,
    new_studio,
];
