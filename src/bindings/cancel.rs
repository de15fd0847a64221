//! Cancelling a request from another thread.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicBool, Ordering},
};

use pyo3::{exceptions::PyInterruptedError, prelude::*, types::PyTuple};

/// A flag with which another thread cancels the requests of the threads that have entered it.
#[pyclass(name = "Cancel", module = "gazu._core", frozen)]
#[derive(Default)]
pub struct PyCancel(AtomicBool);

thread_local! {
    /// The flags that cancel the waits of this thread. The last one counts: functions may be
    /// nested.
    static CURRENT: RefCell<Vec<Py<PyCancel>>> = const { RefCell::new(Vec::new()) };
}

/// Raises the exception that ends a wait of this thread: that of a signal handler, or
/// `InterruptedError` if the thread's flag is set.
pub(super) fn check_wait(py: Python<'_>) -> PyResult<()> {
    py.check_signals()?;
    check_cancelled()
}

/// Raises `InterruptedError` if the thread's flag is set.
#[pyfunction]
pub(super) fn check_cancelled() -> PyResult<()> {
    CURRENT.with_borrow(|current| current.last().map_or(Ok(()), |cancel| cancel.get().check()))
}

/// Whether another thread may cancel what this thread waits for.
pub(super) fn can_be_cancelled() -> bool {
    CURRENT.with_borrow(|current| !current.is_empty())
}

#[pymethods]
impl PyCancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Cancels the current request and every later one.
    fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Raises `InterruptedError` if the flag is set.
    fn check(&self) -> PyResult<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(PyInterruptedError::new_err("cancelled"));
        }
        Ok(())
    }

    /// From here on, the flag ends every wait of this thread for a server.
    fn __enter__(slf: &Bound<'_, Self>) {
        CURRENT.with_borrow_mut(|current| current.push(slf.clone().unbind()));
    }

    /// Restores the flag that was used before.
    #[pyo3(signature = (*_raised))]
    #[expect(clippy::unused_self, reason = "Python calls it on the object")]
    fn __exit__(&self, _raised: &Bound<'_, PyTuple>) {
        CURRENT.with_borrow_mut(Vec::pop);
    }
}
