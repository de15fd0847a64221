//! The events and logins of a server.

use crate::{
    args::{Models, Query},
    call::{get, Call},
};

/// `GET data/events/login-logs/last`
///
/// The last logins, of all persons or of some.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_login_logs(
    after: Option<Query>,
    before: Option<Query>,
    limit: Query,
    cursor_login_log_id: Option<Query>,
    person_ids: Option<Models>,
) -> Call {
    get("data/events/login-logs/last")
        .query("limit", limit)
        .maybe_query("after", after)
        .maybe_query("before", before)
        .maybe_query("cursor_login_log_id", cursor_login_log_id)
        .maybe_query("person_ids", person_ids)
}

exports![events: get_last_login_logs];
