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
mod through_session;
mod transfer;
mod transport;
mod value;

use pyo3::prelude::*;

use crate::{api, execution, redact};

/// The Rust core of the package. Private: the typed functions of `gazu` are its face.
#[pymodule(name = "_core")]
pub mod core_module {
    use super::{api, execution, redact, Bound, PyModule, PyResult};

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
        #[cfg(not(feature = "stubs"))]
        for register in [
            api::asset::register,
            api::auth::register,
            api::budget::register,
            api::casting::register,
            api::chat::register,
            api::concept::register,
            api::csv::register,
            api::custom_action::register,
            api::department::register,
            api::edit::register,
            api::entity::register,
            api::events::register,
            api::files::register,
            api::hardware::register,
            api::metadata::register,
            api::news::register,
            api::old_names::register,
            api::person::register,
            api::playlist::register,
            api::plugin::register,
            api::preview::register,
            api::preview_background::register,
            api::project::register,
            api::project_template::register,
            api::scene::register,
            api::schedule::register,
            api::search::register,
            api::server::register,
            api::shot::register,
            api::status_automation::register,
            api::studio::register,
            api::sync::register,
            api::task::register,
            api::time_spent::register,
            api::user::register,
        ] {
            register(module)?;
        }
        super::runtime::hook(module.py())
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
