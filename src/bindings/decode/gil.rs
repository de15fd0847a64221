//! How long the interpreter is held, and what rests meanwhile.

use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::bindings::runtime;

/// How long the interpreter is held before others may have it. Who waits for it says so after
/// 5 ms, Python's `switchinterval`, only then it is really handed over, and that time begins
/// anew whenever it has been let go of.
const GIL_SLICE: Duration = Duration::from_millis(8);

/// Python's cyclic collector while it rests: it would look at all that has been made again
/// and again, of which nothing is garbage. From Python 3.12 on it rests in extensions anyway.
///
/// While others have the interpreter it works. What calls these functions allocates nothing,
/// so that it does not begin to collect in between.
pub(super) struct GcPause<'py> {
    is_enabled: Bound<'py, PyAny>,
    disable: Bound<'py, PyAny>,
    enable: Bound<'py, PyAny>,
    rests: bool,
}

impl<'py> GcPause<'py> {
    pub(super) fn new(py: Python<'py>) -> PyResult<Self> {
        let gc = py.import("gc")?;
        Ok(Self {
            is_enabled: gc.getattr("isenabled")?,
            disable: gc.getattr("disable")?,
            enable: gc.getattr("enable")?,
            rests: false,
        })
    }

    /// Lets the collector rest, unless a script has switched it off.
    pub(super) fn begin(&mut self) -> PyResult<()> {
        if self.is_enabled.call0()?.is_truthy()? {
            self.disable.call0()?;
            self.rests = true;
        }
        Ok(())
    }

    fn end(&mut self) -> PyResult<()> {
        if std::mem::take(&mut self.rests) {
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

/// How long this thread has had the interpreter.
pub(super) struct GilYield(Instant);

impl GilYield {
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Lets others have it when it has been held for long, and answers signals.
    pub(super) fn look(
        &mut self,
        py: Python<'_>,
        mut rest: Option<&mut GcPause<'_>>,
    ) -> PyResult<()> {
        if self.0.elapsed() < GIL_SLICE {
            return Ok(());
        }
        if let Some(rest) = &mut rest {
            rest.end()?;
        }
        runtime::detached(py, || ());
        py.check_signals()?;
        if let Some(rest) = rest {
            rest.begin()?;
        }
        *self = Self::begin();
        Ok(())
    }
}
