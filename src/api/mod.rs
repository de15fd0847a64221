//! Gets a pure function per endpoint: arguments in, [`Call`](crate::call::Call) out.
//!
//! Nothing here uses a client, does I/O or handles Python objects. The last line of a module
//! lists the functions that Python may call.

/// Lists the endpoints of a module that the Python package may call.
macro_rules! exports {
    ($($name:ident),* $(,)?) => {
        /// Adds this module's endpoints to the Python module that carries its name.
        #[cfg(feature = "python")]
        pub(crate) fn register(
            module: &pyo3::Bound<'_, pyo3::types::PyModule>,
        ) -> pyo3::PyResult<()> {
            #[allow(unused_imports, reason = "a module may have nothing to list")]
            use pyo3::types::PyModuleMethods as _;
            $(module.add_function(pyo3::wrap_pyfunction!($name, module)?)?;)*
            Ok(())
        }
    };
}

pub mod asset;
pub mod casting;
pub mod concept;
pub mod edit;
pub mod entity;
pub mod events;
pub mod files;
pub mod old_names;
pub mod person;
pub mod playlist;
pub mod project;
pub mod project_template;
pub mod scene;
pub mod search;
pub mod shot;
pub mod studio;
pub mod sync;
pub mod task;
pub mod user;
