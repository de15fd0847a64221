//! Gets a pure function per endpoint: arguments in, [`Call`](crate::call::Call) out.
//!
//! Nothing here uses a client, does I/O or handles Python objects. The last line of a module
//! lists the functions that Python may call.

/// Lists the endpoints of a module that the Python package may call, after the module's name.
macro_rules! exports {
    ($module:ident: $($name:ident),* $(,)?) => {
        /// The Python module of these endpoints, as the stub generator reads it.
        #[cfg(feature = "stubs")]
        #[allow(clippy::module_inception, reason = "a Python module has the name of this one")]
        #[pyo3::pymodule(submodule)]
        pub(crate) mod $module {
            #[pymodule_export]
            use super::{$($name),*};
        }

        /// Adds the Python module of these endpoints to the core's.
        // A declared module could be made once in a process only.
        #[cfg(all(feature = "python", not(feature = "stubs")))]
        pub(crate) fn register(
            core: &pyo3::Bound<'_, pyo3::types::PyModule>,
        ) -> pyo3::PyResult<()> {
            use pyo3::types::PyModuleMethods as _;
            let module = pyo3::types::PyModule::new(core.py(), stringify!($module))?;
            $(module.add_function(pyo3::wrap_pyfunction!($name, &module)?)?;)*
            core.add_submodule(&module)
        }
    };
}

pub mod asset;
pub mod auth;
pub mod budget;
pub mod casting;
pub mod chat;
pub mod concept;
pub mod csv;
pub mod custom_action;
pub mod department;
pub mod edit;
pub mod entity;
pub mod events;
pub mod files;
pub mod hardware;
pub mod metadata;
pub mod news;
pub mod old_names;
pub mod person;
pub mod playlist;
pub mod plugin;
pub mod preview;
pub mod preview_background;
pub mod project;
pub mod project_template;
pub mod scene;
pub mod schedule;
pub mod search;
pub mod server;
pub mod shot;
pub mod status_automation;
pub mod studio;
pub mod sync;
pub mod task;
pub mod time_spent;
pub mod user;
