//! The only room that names `PyO3`: the Python module `gazu._core`.

mod args;
mod awaited;
mod blocking;
mod call;
mod cancel;
mod decode;
mod encode;
mod errors;
mod policy;
mod process;
mod request;
mod response;
mod runtime;
mod sender;
mod settings;
mod through_session;
mod transfer;
mod transport;
mod value;

use pyo3::prelude::*;

use crate::api;

/// The Rust core of the package. Private: the typed functions of `gazu` are its face.
#[pymodule(name = "_core")]
pub mod core_module {
    use super::{api, Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_export]
    use super::{
        awaited::{PyAnswer, PyCompletions, PyExecution, PyStep},
        blocking::{run, run_through},
        call::{client_call, upload_call, PyCall},
        cancel::PyCancel,
        decode::{loads, sort_by_name},
        encode::dumps,
        errors::{rejection_of_status, seconds_of_retry_after},
        policy::PyPolicy,
        response::PyResponse,
        settings::PySettings,
        transport::{
            leaves_the_host, method_after_redirect, shown_url, without_userinfo, PyTransport,
        },
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        type Register = fn(&Bound<'_, PyModule>) -> PyResult<()>;
        let modules: [(&str, Register); 19] = [
            ("asset", api::asset::register),
            ("casting", api::casting::register),
            ("concept", api::concept::register),
            ("edit", api::edit::register),
            ("entity", api::entity::register),
            ("events", api::events::register),
            ("files", api::files::register),
            ("old_names", api::old_names::register),
            ("person", api::person::register),
            ("playlist", api::playlist::register),
            ("project", api::project::register),
            ("project_template", api::project_template::register),
            ("scene", api::scene::register),
            ("search", api::search::register),
            ("shot", api::shot::register),
            ("studio", api::studio::register),
            ("sync", api::sync::register),
            ("task", api::task::register),
            ("user", api::user::register),
        ];
        for (name, register) in modules {
            let submodule = PyModule::new(module.py(), name)?;
            register(&submodule)?;
            module.add_submodule(&submodule)?;
        }
        super::runtime::hook(module.py())?;
        module.add("SECRET_NAMES", crate::redact::SECRET_NAMES)?;
        module.add("debug_build", cfg!(debug_assertions))
    }
}
