//! Departments: their members, and the hardware items and software licenses that they use.

use crate::{
    args::Model,
    call::{delete, fetch_all, post, Call},
    path,
};

/// `GET data/departments/{department}/persons`
///
/// Lists the members of a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_persons_for_department(department: Model) -> Call {
    fetch_all(path!["departments", department, "persons"])
}

/// `GET data/departments/hardware-items`
///
/// Gets the hardware items of all departments.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_hardware_items_for_departments() -> Call {
    fetch_all("departments/hardware-items")
}

/// `GET data/departments/{department}/hardware-items/{hardware_item}`
///
/// Gets one of the hardware items of a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_hardware_item_for_department(department: Model, hardware_item: Model) -> Call {
    fetch_all(path!["departments", department, "hardware-items", hardware_item])
}

/// `POST data/departments/{department}/hardware-items`
///
/// Says that a department uses a hardware item.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_hardware_item_to_department(department: Model, hardware_item: Model) -> Call {
    post(path!["data", "departments", department, "hardware-items"])
        .field("hardware_item_id", hardware_item)
}

/// `DELETE data/departments/{department}/hardware-items/{hardware_item}`
///
/// Says that a department does not use a hardware item any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_hardware_item_from_department(department: Model, hardware_item: Model) -> Call {
    delete(path!["data", "departments", department, "hardware-items", hardware_item])
}

/// `GET data/departments/software-licenses`
///
/// Gets the software licenses of all departments.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_software_licenses_for_departments() -> Call {
    fetch_all("departments/software-licenses")
}

/// `GET data/departments/{department}/software-licenses/{software}`
///
/// Gets one of the software licenses of a department.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_software_license_for_department(department: Model, software: Model) -> Call {
    fetch_all(path!["departments", department, "software-licenses", software])
}

/// `POST data/departments/{department}/software-licenses`
///
/// Says that a department has licenses for a software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_software_license_to_department(department: Model, software: Model) -> Call {
    post(path!["data", "departments", department, "software-licenses"])
        .field("software_id", software)
}

/// `DELETE data/departments/{department}/software-licenses/{software}`
///
/// Says that a department has no licenses for a software any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_software_license_from_department(department: Model, software: Model) -> Call {
    delete(path!["data", "departments", department, "software-licenses", software])
}

exports![department:
    all_persons_for_department,
    all_hardware_items_for_departments,
    get_hardware_item_for_department,
    add_hardware_item_to_department,
    remove_hardware_item_from_department,
    all_software_licenses_for_departments,
    get_software_license_for_department,
    add_software_license_to_department,
    remove_software_license_from_department,
];
