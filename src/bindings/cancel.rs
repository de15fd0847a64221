//! Cancelling a request from another thread.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicBool, Ordering},
};

use pyo3::{exceptions::PyInterruptedError, prelude::*, types::PyTuple};

/// A wish to stop, from another thread.
#[pyclass(name = "Cancel", module = "gazu._core", frozen)]
#[derive(Default)]
pub struct PyCancel(AtomicBool);

thread_local! {
    /// What ends the waits of this thread: the last, where one function calls another.
    static CURRENT: RefCell<Vec<Py<PyCancel>>> = const { RefCell::new(Vec::new()) };
}

/// Raises what ends a wait of this thread: a signal, or another thread's wish.
pub(super) fn check_wait(py: Python<'_>) -> PyResult<()> {
    py.check_signals()?;
    CURRENT.with_borrow(|current| current.last().map_or(Ok(()), |cancel| cancel.get().check()))
}

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

    /// From here on each wait of this thread for a server ends when somebody wishes to stop.
    fn __enter__(slf: &Bound<'_, Self>) {
        CURRENT.with_borrow_mut(|current| current.push(slf.clone().unbind()));
    }

    /// Goes back to what ended the waits of this thread before.
    #[pyo3(signature = (*_raised))]
    #[expect(clippy::unused_self, reason = "Python calls it on the object")]
    fn __exit__(&self, _raised: &Bound<'_, PyTuple>) {
        CURRENT.with_borrow_mut(Vec::pop);
    }
}
