//! The only room that names `PyO3`: the Python module `gazu._core`.

mod args;
mod awaited;
mod blocking;
mod call;
mod cancel;
mod decode;
mod encode;
mod errors;
mod events;
mod exchange;
#[cfg(feature = "stubs")]
mod hints;
mod policy;
mod process;
mod request;
mod response;
mod rows;
mod runtime;
mod sender;
mod settings;
mod sources;
mod through_session;
mod transfer;
mod transport;
mod value;

#[cfg(not(feature = "stubs"))]
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;

use crate::{api, execution, redact};

/// The Rust core of the package. Private: the typed functions of `gazu` are its face.
#[pymodule(name = "_core")]
pub mod core_module {
    #[cfg(feature = "stubs")]
    use super::api;
    #[cfg(not(feature = "stubs"))]
    use super::{api, pyfunction, PyAny, PyAnyMethods, PyAttributeError};
    use super::{execution, redact, Bound, PyModule, PyResult};

    #[pymodule_export]
    use super::{
        args::{item, model, no_model_message},
        awaited::{PyAnswer, PyCompletions, PyExecution, PyStep},
        blocking::{run, run_through},
        call::{client_call, upload_call, PyCall},
        cancel::{check_cancelled, PyCancel},
        decode::{loads, sort_by_name},
        encode::dumps,
        errors::{rejection_of_status, seconds_of_retry_after},
        events::{PyEventConnection, PyEventQueue},
        policy::PyPolicy,
        response::PyResponse,
        rows::PyRows,
        settings::PySettings,
        sources::PySources,
        through_session::save,
        transport::{
            leaves_the_host, method_after_redirect, shown_url, without_userinfo, PyCookies,
            PyTransport,
        },
    };

    // One line for each module of `src/api`.
    #[cfg(feature = "stubs")]
    #[pymodule_export]
    use api::{
        asset::asset, auth::auth, budget::budget, casting::casting, chat::chat, concept::concept,
        csv::csv, custom_action::custom_action, department::department, edit::edit, entity::entity,
        events::events, files::files, hardware::hardware, metadata::metadata, news::news,
        old_names::old_names, person::person, playlist::playlist, plugin::plugin, preview::preview,
        preview_background::preview_background, project::project,
        project_template::project_template, scene::scene, schedule::schedule, search::search,
        server::server, shot::shot, status_automation::status_automation, studio::studio,
        sync::sync, task::task, time_spent::time_spent, user::user,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::runtime::hook(module.py())
    }

    /// Makes a module of endpoints when it is first used: making all of them takes as long as the
    /// rest of this module.
    #[cfg(not(feature = "stubs"))]
    #[pyfunction]
    #[pyo3(name = "__getattr__", pass_module)]
    fn endpoints<'py>(module: &Bound<'py, PyModule>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let register = match name {
            "asset" => api::asset::register,
            "auth" => api::auth::register,
            "budget" => api::budget::register,
            "casting" => api::casting::register,
            "chat" => api::chat::register,
            "concept" => api::concept::register,
            "csv" => api::csv::register,
            "custom_action" => api::custom_action::register,
            "department" => api::department::register,
            "edit" => api::edit::register,
            "entity" => api::entity::register,
            "events" => api::events::register,
            "files" => api::files::register,
            "hardware" => api::hardware::register,
            "metadata" => api::metadata::register,
            "news" => api::news::register,
            "old_names" => api::old_names::register,
            "person" => api::person::register,
            "playlist" => api::playlist::register,
            "plugin" => api::plugin::register,
            "preview" => api::preview::register,
            "preview_background" => api::preview_background::register,
            "project" => api::project::register,
            "project_template" => api::project_template::register,
            "scene" => api::scene::register,
            "schedule" => api::schedule::register,
            "search" => api::search::register,
            "server" => api::server::register,
            "shot" => api::shot::register,
            "status_automation" => api::status_automation::register,
            "studio" => api::studio::register,
            "sync" => api::sync::register,
            "task" => api::task::register,
            "time_spent" => api::time_spent::register,
            "user" => api::user::register,
            _ => return Err(PyAttributeError::new_err(name.to_owned())),
        };
        register(module)?;
        module.as_any().getattr(name)
    }

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    #[pymodule_export]
    const UPSTREAM_VERSION: &str = execution::UPSTREAM_VERSION;
    #[pymodule_export]
    const USER_AGENT: &str = execution::USER_AGENT;
    #[pymodule_export]
    const SECRET_NAMES: [&str; 14] = redact::SECRET_NAMES;
}
