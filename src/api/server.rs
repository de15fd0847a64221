//! The server itself: its public settings and its figures.

use crate::call::{fetch_all, get, Call};

/// `GET config`
///
/// Gets what the server tells everybody about its settings.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_config() -> Call {
    get("config")
}

/// `GET stats`
///
/// Counts the previews and comments on the server.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_stats() -> Call {
    get("stats")
}

/// `GET data/events/names`
///
/// Lists the names of the events in the server's list of events.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_event_names() -> Call {
    fetch_all("events/names")
}

exports![server: get_config, get_stats, get_event_names];
