//! Sending the requests of a call through a session or verb that a script has replaced or patched.
//!
//! The Python object `sender` sends the request. It returns a response of `requests`, or an object
//! that imitates one in a test.

use std::{cell::Cell, time::Duration};

use bytes::Bytes;
use pyo3::prelude::*;

use super::{
    call::PyCall,
    decode,
    errors::{transport_of_exception, Hooks, Unanswered},
    rows::PyRows,
    runtime::AttachGuard,
    transfer::{Sink, WaitLimits},
    value,
};
use crate::{
    args::FilePath,
    call::{Call, ReadAs},
    error::Rejection,
    execution::{Execution, Step},
    reply::is_ndjson,
};

/// The chunk size of a download, in bytes.
const CHUNK: usize = 64 * 1024;

/// Sends the requests of one call with the Python object `sender`.
pub(super) struct ForeignSender<'d, 'py> {
    pub(super) sender: &'d Bound<'py, PyAny>,
    pub(super) call: &'d Bound<'py, PyCall>,
}

/// The outcome of a session or verb of a script.
pub(super) enum ForeignOutcome<'py> {
    /// A response. The result is made from it.
    Response(ForeignResponse<'py>),
    /// The result.
    Value(Bound<'py, PyAny>),
}

/// A response from a session of a script.
pub(super) struct ForeignResponse<'py> {
    sender: Bound<'py, PyAny>,
    pub(super) object: Bound<'py, PyAny>,
    /// `None` if it is not a number, as in some mocks.
    pub(super) status: Option<u16>,
    /// The result of a patched `check_status`: whether to send the request again.
    checked: Option<bool>,
}

/// The result of the Python method `send`: the response or value, the response's status, the result
/// of a patched `check_status`, and the authorization that was sent.
type SendResult<'py> = (Bound<'py, PyAny>, Option<u16>, Option<bool>, Option<String>);

impl<'py> ForeignSender<'_, 'py> {
    /// Sends the request once. Also returns the authorization that it carried.
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
            // The patched `check_status` has renewed the token.
            Some(true) if execution.renewed() => return Ok(Step::Again(Duration::ZERO)),
            Some(true) => return Ok(Step::Rejected(Rejection::NotAuthenticated)),
            Some(false) if status != 202 => return Ok(Step::Done),
            _ => {}
        }
        let raised = Cell::new(None);
        let call_sender = |name: &str| {
            let answer = self.sender.call_method1(name, (&self.object,));
            answer.map_err(|error| raised.set(Some(error))).ok()
        };
        let step = execution.answered(
            status,
            || call_sender("retry_after").and_then(|text| text.extract().ok()),
            || {
                call_sender("says_expired")
                    .is_some_and(|expired| expired.is_truthy().unwrap_or(false))
            },
        );
        raised.take().map_or(Ok(step), Err)
    }

    /// The exception for a rejected call.
    pub(super) fn rejection(&self, execution: &Execution) -> PyResult<PyErr> {
        let arguments = (execution.path(), &self.object);
        Ok(PyErr::from_value(self.sender.call_method1("rejection", arguments)?))
    }

    /// The result of the call.
    pub(super) fn value(&self, hooks: &Hooks<'_, 'py>, call: &Call) -> PyResult<Bound<'py, PyAny>> {
        let py = self.object.py();
        match call.reading {
            ReadAs::Bytes => self.object.getattr("content"),
            ReadAs::Text => self.object.getattr("text"),
            ReadAs::Rows if is_ndjson(self.content_type()?.as_deref()) => {
                let mut body = Bytes::copy_from_slice(self.object.getattr("content")?.extract()?);
                let rows = decode::decode_board(py, &mut body, self.content_type()?.as_deref())?;
                Ok(rows.unwrap_or_else(|| py.None().into_bound(py)))
            }
            _ => {
                let value = self.sender.call_method1("json", (&self.object, call.verb.name()))?;
                value::finish(hooks, call, &value)
            }
        }
    }

    /// The rows of a board, which are read when they are asked for. A mock may have no stream.
    pub(super) fn rows(&self, hooks: &Hooks<'_, 'py>, call: &Call) -> PyResult<Bound<'py, PyAny>> {
        if !self.object.hasattr("iter_content")? {
            return self.value(hooks, call);
        }
        let chunks = self.object.call_method1("iter_content", (CHUNK,))?.try_iter()?.into_any();
        PyRows::of_chunks(hooks.0, &self.object, chunks, self.content_type()?.as_deref())
    }

    /// The content type; `None` if there is none, as in some mocks.
    fn content_type(&self) -> PyResult<Option<String>> {
        let Some(headers) = self.object.getattr_opt("headers")? else { return Ok(None) };
        let value = headers.call_method1("get", ("Content-Type",));
        Ok(value.ok().and_then(|value| value.extract().ok()))
    }

    /// Saves the body to the target of the download. Returns the response.
    pub(super) fn save(
        self,
        hooks: &Hooks<'_, 'py>,
        sink: Option<Sink>,
        progress: Option<&Bound<'py, PyAny>>,
        limits: WaitLimits,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = self.object.py();
        self.object.call_method0("__enter__")?;
        let saved = match sink {
            Some(sink) => self.write(hooks, sink, progress, limits),
            // Read the body before the connection is closed.
            None => self.object.getattr("content").map(drop),
        };
        self.object.call_method1("__exit__", (py.None(), py.None(), py.None()))?;
        saved.map(|()| self.object)
    }

    fn write(
        &self,
        hooks: &Hooks<'_, 'py>,
        sink: Sink,
        progress: Option<&Bound<'py, PyAny>>,
        limits: WaitLimits,
    ) -> PyResult<()> {
        let total: u64 = self.sender.call_method1("length", (&self.object,))?.extract()?;
        let chunks = self.object.call_method1("iter_content", (CHUNK,))?;
        write_chunks(hooks, &chunks, sink, total, progress, limits)
    }
}

/// Writes the chunks of a body to where a download goes.
fn write_chunks(
    hooks: &Hooks<'_, '_>,
    chunks: &Bound<'_, PyAny>,
    mut sink: Sink,
    total: u64,
    progress: Option<&Bound<'_, PyAny>>,
    limits: WaitLimits,
) -> PyResult<()> {
    let py = chunks.py();
    let failed = |failure| hooks.raised(failure);
    let mut done = 0;
    sink.begin(py, Some(total)).map_err(failed)?;
    for chunk in chunks.try_iter()? {
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

/// Writes the chunks of a body to a file, as a download does.
#[pyfunction]
pub(super) fn save(
    target: FilePath,
    chunks: &Bound<'_, PyAny>,
    hooks: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let _guard = AttachGuard::enter(chunks.py());
    let hooks = Hooks(hooks);
    let limits = WaitLimits::default();
    let sink = Sink::to(chunks.py(), Some(&target), limits);
    let sink = sink.map_err(|failure| hooks.raised(failure))?;
    write_chunks(&hooks, chunks, sink, 0, None, limits)
}
