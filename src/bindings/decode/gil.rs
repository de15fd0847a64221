//! Handing over the GIL and pausing the garbage collector while a long body is decoded.

use std::time::{Duration, Instant};

use pyo3::{prelude::*, sync::PyOnceLock, types::PyDict};

use crate::bindings::runtime;

/// How often the interpreter is asked whether another thread wants the GIL.
const INTERVAL: Duration = Duration::from_micros(500);

/// A pause of Python's garbage collector, which would visit all new objects again and again
/// although none of them is garbage.
///
/// The collector is enabled while other threads have the GIL. Calling these functions allocates
/// no Python container, so that no collection starts in between. Without a GIL, other threads would
/// see that it is disabled, and enable it for each other. So there is no pause then.
pub(super) struct GcPause<'py> {
    has_gil: bool,
    is_enabled: Bound<'py, PyAny>,
    disable: Bound<'py, PyAny>,
    enable: Bound<'py, PyAny>,
    paused: bool,
}

impl<'py> GcPause<'py> {
    pub(super) fn new(py: Python<'py>) -> PyResult<Self> {
        let gc = py.import("gc")?;
        let has_gil = match py.import("sys")?.getattr_opt("_is_gil_enabled")? {
            Some(is_enabled) => is_enabled.call0()?.is_truthy()?,
            None => true,
        };
        Ok(Self {
            has_gil,
            is_enabled: gc.getattr("isenabled")?,
            disable: gc.getattr("disable")?,
            enable: gc.getattr("enable")?,
            paused: false,
        })
    }

    /// Pauses the collector, unless a script has disabled it.
    pub(super) fn begin(&mut self) -> PyResult<()> {
        if self.has_gil && self.is_enabled.call0()?.is_truthy()? {
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

/// A Python function that does nothing.
fn nothing(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static NOTHING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || py.eval(c"lambda: None", Some(&PyDict::new(py)), None).map(Bound::unbind);
    NOTHING.get_or_try_init(py, make).map(|nothing| nothing.bind(py))
}

/// When other threads last had the chance to take the GIL.
pub(super) struct GilYield(Instant);

impl GilYield {
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Hands over the GIL if another thread waits for it, and handles signals, unless that has
    /// been done a moment ago.
    ///
    /// A thread that waits for the GIL asks for it after Python's `switchinterval`, 5 ms. To
    /// release the GIL earlier has no effect, except that the 5 ms begin again. The interpreter
    /// looks at the request whenever a Python function is called.
    pub(super) fn yield_if_due(
        &mut self,
        py: Python<'_>,
        mut gc: Option<&mut GcPause<'_>>,
    ) -> PyResult<()> {
        if self.0.elapsed() < INTERVAL {
            return Ok(());
        }
        if let Some(gc) = &mut gc {
            gc.end()?;
        }
        runtime::park_if_shut_down(py);
        nothing(py)?.call0()?;
        if let Some(gc) = gc {
            gc.begin()?;
        }
        *self = Self::begin();
        Ok(())
    }
}
