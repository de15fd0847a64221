//! Hardware items: the machines that a studio owns.

use crate::{
    args::{Id, Json, Model, Record},
    call::{create, delete, fetch_all, fetch_one, put, Call},
    path,
};

/// `GET data/hardware-items`
///
/// Lists the hardware items.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_hardware_items() -> Call {
    fetch_all("hardware-items").sorted_by_name()
}

/// `GET data/hardware-items/{hardware_item_id}`
///
/// Gets a hardware item by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_hardware_item(hardware_item_id: Id) -> Call {
    fetch_one("hardware-items", hardware_item_id)
}

/// `POST data/hardware-items`
///
/// Creates a hardware item.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_hardware_item(
    name: Json,
    short_name: Json,
    monthly_cost: Json,
    inventory_amount: Json,
) -> Call {
    create("hardware-items")
        .field("name", name)
        .field("short_name", short_name)
        .field("monthly_cost", monthly_cost)
        .field("inventory_amount", inventory_amount)
}

/// `PUT data/hardware-items/{hardware_item}`
///
/// Changes the fields of a hardware item.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_hardware_item(hardware_item: Record) -> Call {
    put(path!["data", "hardware-items", hardware_item]).json(hardware_item)
}

/// `DELETE data/hardware-items/{hardware_item}`
///
/// Removes a hardware item.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_hardware_item(hardware_item: Model) -> Call {
    delete(path!["data", "hardware-items", hardware_item])
}

exports![hardware:
    all_hardware_items,
    get_hardware_item,
    new_hardware_item,
    update_hardware_item,
    remove_hardware_item,
];
