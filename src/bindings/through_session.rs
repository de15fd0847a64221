//! Sending the requests of a call through a session, or a verb, that a script has replaced or
//! changed.
//!
//! The Python object `sender` makes the request in the way of the script. It returns a response
//! as `requests` has them, or something that a test made to look like one.

use std::{cell::Cell, time::Duration};

use pyo3::prelude::*;

use super::{
    call::PyCall,
    errors::{transport_of_exception, Hooks, Unanswered},
    transfer::{Sink, WaitLimits},
    value,
};
use crate::{
    call::{Call, ReadAs},
    error::Rejection,
    execution::{Execution, Step},
};

/// How much of a download is asked for at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Sends the requests of one call through the object of the Python half.
pub(super) struct ForeignSender<'d, 'py> {
    pub(super) sender: &'d Bound<'py, PyAny>,
    pub(super) call: &'d Bound<'py, PyCall>,
}

/// What a script's session or verb returned.
pub(super) enum ForeignOutcome<'py> {
    /// A response, of which the call makes its result.
    Response(ForeignResponse<'py>),
    /// The result itself.
    Value(Bound<'py, PyAny>),
}

/// A response that a script's session returned.
pub(super) struct ForeignResponse<'py> {
    sender: Bound<'py, PyAny>,
    object: Bound<'py, PyAny>,
    /// None where it is no number, which a mock may have there.
    status: Option<u16>,
    /// What a replaced `check_status` said: whether to send the request again.
    checked: Option<bool>,
}

/// What the sender returns: the response or value, the response's status, what a replaced
/// `check_status` said, and the authorization that was sent.
type SendResult<'py> = (Bound<'py, PyAny>, Option<u16>, Option<bool>, Option<String>);

impl<'py> ForeignSender<'_, 'py> {
    /// Sends the call's request once. Returns also the authorization that it carried.
    pub(super) fn send(
        &self,
        execution: &Execution,
        call: &Call,
    ) -> PyResult<(Result<ForeignOutcome<'py>, Unanswered>, Option<String>)> {
        let py = self.sender.py();
        let left = execution.seconds_left();
        let path = if call.reading == ReadAs::Bytes { &call.path } else { execution.path() };
        let sent = self.sender.call_method1("send", (self.call, path, left));
        let (object, status, checked, token): SendResult<'py> = match sent {
            Ok(sent) => sent.extract()?,
            Err(error) => {
                let kind: Option<String> =
                    self.sender.call_method1("kind_of", (error.value(py),))?.extract()?;
                return match kind.as_deref().and_then(transport_of_exception) {
                    Some(kind) => Ok((Err(Unanswered { kind, error }), None)),
                    None => Err(error),
                };
            }
        };
        if self.sender.getattr("returns_values")?.is_truthy()? {
            return Ok((Ok(ForeignOutcome::Value(object)), token));
        }
        let sender = self.sender.clone();
        let response = ForeignResponse { sender, object, status, checked };
        Ok((Ok(ForeignOutcome::Response(response)), token))
    }
}

impl<'py> ForeignResponse<'py> {
    /// Decides what the response means.
    pub(super) fn step(&self, execution: &mut Execution) -> PyResult<Step> {
        let Some(status) = self.status else { return Ok(Step::Done) };
        match self.checked {
            // It has renewed the token itself.
            Some(true) if execution.renewed() => return Ok(Step::Again(Duration::ZERO)),
            Some(true) => return Ok(Step::Rejected(Rejection::NotAuthenticated)),
            Some(false) if status != 202 => return Ok(Step::Done),
            _ => {}
        }
        let raised = Cell::new(None);
        let ask = |name: &str| {
            let answer = self.sender.call_method1(name, (&self.object,));
            answer.map_err(|error| raised.set(Some(error))).ok()
        };
        let step = execution.answered(
            status,
            || ask("retry_after").and_then(|text| text.extract().ok()),
            || ask("says_expired").is_some_and(|expired| expired.is_truthy().unwrap_or(false)),
        );
        raised.take().map_or(Ok(step), Err)
    }

    /// The exception for a rejected call.
    pub(super) fn rejection(&self, execution: &Execution) -> PyResult<PyErr> {
        let asked = (execution.path(), &self.object);
        Ok(PyErr::from_value(self.sender.call_method1("rejection", asked)?))
    }

    /// The result, as the call reads it.
    pub(super) fn value(&self, hooks: &Hooks<'_, 'py>, call: &Call) -> PyResult<Bound<'py, PyAny>> {
        match call.reading {
            ReadAs::Bytes => self.object.getattr("content"),
            ReadAs::Text => self.object.getattr("text"),
            _ => {
                let value = self.sender.call_method1("json", (&self.object, call.verb.name()))?;
                value::finish(hooks, call, &value)
            }
        }
    }

    /// Puts the body where a download goes, and returns the response.
    pub(super) fn save(
        self,
        hooks: &Hooks<'_, 'py>,
        sink: Option<Sink>,
        progress: Option<&Bound<'py, PyAny>>,
        limits: &WaitLimits<'_>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = self.object.py();
        self.object.call_method0("__enter__")?;
        let saved = match sink {
            Some(sink) => self.write(hooks, sink, progress, limits),
            // The body is read before the connection closes.
            None => self.object.getattr("content").map(drop),
        };
        self.object.call_method1("__exit__", (py.None(), py.None(), py.None()))?;
        saved.map(|()| self.object)
    }

    fn write(
        &self,
        hooks: &Hooks<'_, 'py>,
        mut sink: Sink,
        progress: Option<&Bound<'py, PyAny>>,
        limits: &WaitLimits<'_>,
    ) -> PyResult<()> {
        let py = self.object.py();
        let failed = |failure| hooks.raised(failure);
        let total: u64 = self.sender.call_method1("length", (&self.object,))?.extract()?;
        let mut done = 0;
        sink.begin(py, Some(total)).map_err(failed)?;
        for chunk in self.object.call_method1("iter_content", (CHUNK,))?.try_iter()? {
            let chunk = chunk?;
            let bytes: &[u8] = chunk.extract()?;
            sink.write(py, bytes, limits).map_err(failed)?;
            done += bytes.len() as u64;
            if let Some(progress) = progress {
                progress.call1((done, total))?;
            }
            limits.check(py).map_err(failed)?;
        }
        sink.finish(py, limits).map(drop).map_err(failed)
    }
}
