//! Cancelling a request from another thread.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::{exceptions::PyInterruptedError, prelude::*};

/// A wish to stop, from another thread.
#[pyclass(name = "Cancel", module = "gazu._core", frozen)]
#[derive(Default)]
pub struct PyCancel(AtomicBool);

#[pymethods]
impl PyCancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Stops the request that is on its way, and every later one.
    fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Raises `InterruptedError` when somebody wishes to stop.
    pub(super) fn check(&self) -> PyResult<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(PyInterruptedError::new_err("cancelled"));
        }
        Ok(())
    }
}
