//! Gets a pure function per endpoint: arguments in, [`Call`](crate::call::Call) out.
//!
//! Nothing here uses a client, does I/O or handles Python objects. The last line of a module
//! lists the functions that Python may call.

/// Lists the endpoints of a module that the Python package may call, after the module's name.
macro_rules! exports {
    ($module:ident: $($name:ident),* $(,)?) => {
        /// The Python module of these endpoints.
        #[cfg(feature = "python")]
        #[allow(clippy::module_inception, reason = "a Python module has the name of this one")]
        #[pyo3::pymodule(submodule)]
        pub(crate) mod $module {
            #[pymodule_export]
            use super::{$($name),*};
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
