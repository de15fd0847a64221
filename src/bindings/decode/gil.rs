//! Releasing the GIL and pausing the garbage collector while a long body is decoded.

use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::bindings::runtime;

/// How long the GIL is held before it is released for other threads. A thread that waits for
/// the GIL asks for it after Python's `switchinterval`, 5 ms. A release before that time has no
/// effect, except that the 5 ms begin again.
const GIL_SLICE: Duration = Duration::from_millis(8);

/// A pause of Python's garbage collector, which would visit all new objects again and again
/// although none of them is garbage. From Python 3.12 on it does not run inside extension
/// functions.
///
/// The collector is enabled while other threads have the GIL. Calling these functions allocates
/// no Python container, so that no collection starts in between.
pub(super) struct GcPause<'py> {
    is_enabled: Bound<'py, PyAny>,
    disable: Bound<'py, PyAny>,
    enable: Bound<'py, PyAny>,
    paused: bool,
}

impl<'py> GcPause<'py> {
    pub(super) fn new(py: Python<'py>) -> PyResult<Self> {
        let gc = py.import("gc")?;
        Ok(Self {
            is_enabled: gc.getattr("isenabled")?,
            disable: gc.getattr("disable")?,
            enable: gc.getattr("enable")?,
            paused: false,
        })
    }

    /// Pauses the collector, unless a script has disabled it.
    pub(super) fn begin(&mut self) -> PyResult<()> {
        if self.is_enabled.call0()?.is_truthy()? {
            self.disable.call0()?;
            self.paused = true;
        }
        Ok(())
    }

    fn end(&mut self) -> PyResult<()> {
        if std::mem::take(&mut self.paused) {
            self.enable.call0()?;
        }
        Ok(())
    }
}

impl Drop for GcPause<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            error.write_unraisable(self.enable.py(), Some(&self.enable));
        }
    }
}

/// When this thread last got the GIL.
pub(super) struct GilYield(Instant);

impl GilYield {
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Releases the GIL for other threads and handles signals, if it has been held for long.
    pub(super) fn yield_if_due(
        &mut self,
        py: Python<'_>,
        mut gc: Option<&mut GcPause<'_>>,
    ) -> PyResult<()> {
        if self.0.elapsed() < GIL_SLICE {
            return Ok(());
        }
        if let Some(gc) = &mut gc {
            gc.end()?;
        }
        runtime::detached(py, || ());
        py.check_signals()?;
        if let Some(gc) = gc {
            gc.begin()?;
        }
        *self = Self::begin();
        Ok(())
    }
}
