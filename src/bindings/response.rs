//! The raw response of a session's request, from which Python makes a `Response`.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::FutureExt as _;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};

use super::{
    errors::{headers_of, Hooks},
    runtime::{self, AttachGuard},
    transfer::{Answer, Failure},
};
use crate::{
    error::Error,
    execution::within_deadline,
    transport::{Decoder, Head, Response},
};

/// How much of a compressed body is decompressed at once, in bytes.
const UNPACKED_AT_ONCE: usize = 4096;
/// How many bytes a read returns at least, if that many are left.
const ENOUGH: usize = 64 * 1024;
/// How many bytes that have already arrived are taken at once.
const TAKEN_AT_ONCE: usize = 256 * 1024;

struct OpenBody {
    response: Response,
    decoder: Decoder,
    /// Bytes that have arrived and are not decompressed yet.
    packed: Bytes,
    ended: bool,
    /// The error after the bytes that have arrived.
    failed: Option<Error>,
}

impl OpenBody {
    /// Decompresses some of the bytes that have arrived. A few of them may become gigabytes.
    fn unpack(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        while !self.packed.is_empty() && out.len() < ENOUGH {
            let slice = self.packed.split_to(self.packed.len().min(UNPACKED_AT_ONCE));
            self.decoder.push(&slice, &mut |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Waits for bytes, and takes all that have arrived.
    async fn receive(&mut self) -> Result<(), Error> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let Some(first) = self.response.chunk().await? else {
            self.ended = true;
            return Ok(());
        };
        self.packed = first;
        let mut taken = Vec::new();
        while taken.len() < TAKEN_AT_ONCE {
            let Some(next) = self.response.chunk().now_or_never() else { break };
            if taken.is_empty() {
                taken = self.packed.to_vec();
            }
            match next {
                Ok(Some(chunk)) => taken.extend_from_slice(&chunk),
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        if !taken.is_empty() {
            self.packed = taken.into();
        }
        Ok(())
    }
}

/// A body that is decompressed while it is read, by one thread.
pub(super) struct BodyReader(Option<OpenBody>);

impl BodyReader {
    pub(super) fn new(response: Response) -> Self {
        let decoder = response.decoder();
        Self(Some(OpenBody { response, decoder, packed: Bytes::new(), ended: false, failed: None }))
    }

    /// The next bytes, decompressed; none at the end. `left` is how long to wait at most.
    pub(super) fn next(
        &mut self,
        py: Python<'_>,
        left: &mut Option<Duration>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let Some(mut body) = self.0.take() else { return Ok(None) };
            if body.decoder.is_identity() && !body.packed.is_empty() {
                let bytes = std::mem::take(&mut body.packed).into();
                self.0 = Some(body);
                return Ok(Some(bytes));
            }
            let mut out = Vec::new();
            if !body.packed.is_empty() {
                runtime::detached(py, || body.unpack(&mut out))?;
            } else if body.ended {
                let push = &mut |bytes: &[u8]| {
                    out.extend_from_slice(bytes);
                    Ok(())
                };
                body.decoder.finish(push)?;
                return Ok(Some(out).filter(|out| !out.is_empty()));
            } else {
                let began = Instant::now();
                let deadline = left.map(|left| began + left);
                let work = async move {
                    let outcome = within_deadline(deadline, body.receive()).await;
                    (body, outcome)
                };
                let outcome;
                (body, outcome) = runtime::drive(py, work)?;
                outcome?;
                *left = left.map(|left| left.saturating_sub(began.elapsed()));
            }
            self.0 = Some(body);
            if !out.is_empty() {
                return Ok(Some(out));
            }
        }
    }

    /// Closes the connection, unless the body has been read.
    pub(super) fn close(&mut self, py: Python<'_>) {
        if let Some(body) = self.0.take() {
            drop(body);
            runtime::close_connections(py);
        }
    }
}

/// A response whose body has been read, or can be read.
#[pyclass(name = "Response", module = "gazu._core", frozen)]
pub struct PyResponse {
    hooks: Py<PyAny>,
    head: Head,
    history: Vec<Head>,
    content: Option<Bytes>,
    stream: Mutex<Option<OpenBody>>,
}

/// The raw response of an answer whose body has not been read.
pub(super) fn open_response<'py>(
    hooks: &Bound<'py, PyAny>,
    response: Response,
) -> PyResult<Bound<'py, PyResponse>> {
    let (head, history) = (response.head.clone(), response.history.clone());
    let decoder = response.decoder();
    let body = OpenBody { response, decoder, packed: Bytes::new(), ended: false, failed: None };
    let stream = Mutex::new(Some(body));
    let py = hooks.py();
    let hooks = hooks.clone().unbind();
    Bound::new(py, PyResponse { hooks, head, history, content: None, stream })
}

/// The raw response of an answer that has been read.
pub(super) fn raw_response<'py>(
    py: Python<'py>,
    hooks: &Bound<'py, PyAny>,
    answer: Answer,
) -> PyResult<Bound<'py, PyResponse>> {
    Bound::new(
        py,
        PyResponse {
            hooks: hooks.clone().unbind(),
            head: answer.head,
            history: answer.history,
            content: Some(answer.body),
            stream: Mutex::new(None),
        },
    )
}

#[pymethods]
impl PyResponse {
    /// The status.
    #[getter]
    const fn status(&self) -> u16 {
        self.head.status
    }

    /// The reason phrase.
    #[getter]
    fn reason(&self) -> &str {
        &self.head.reason
    }

    /// The URL that answered.
    #[getter]
    fn url(&self) -> &str {
        &self.head.url
    }

    /// The method that was answered.
    #[getter]
    fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// The headers, in order.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        headers_of(py, &self.head.headers)
    }

    /// The headers that were sent, in order.
    #[getter]
    fn sent_headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        headers_of(py, &self.head.sent)
    }

    /// The redirects that led here, oldest first.
    #[getter]
    fn history(&self, py: Python<'_>) -> PyResult<Vec<Py<Self>>> {
        self.history
            .iter()
            .map(|head| {
                Py::new(
                    py,
                    Self {
                        hooks: self.hooks.clone_ref(py),
                        head: head.clone(),
                        history: Vec::new(),
                        content: Some(Bytes::new()),
                        stream: Mutex::new(None),
                    },
                )
            })
            .collect()
    }

    /// The body, if it has been read; `None` if it can be read with `read`.
    #[getter]
    fn content<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.content.as_ref().map(|content| PyBytes::new(py, content))
    }

    /// The next bytes of the body, decompressed unless `decode` is false; none at the end.
    fn read<'py>(&self, py: Python<'py>, decode: bool) -> PyResult<Bound<'py, PyBytes>> {
        let _guard = AttachGuard::enter(py);
        let hooks = Hooks(self.hooks.bind(py));
        let fail = |error: Error| hooks.exception(error, None);
        loop {
            let taken = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(mut reading) = taken else { return Ok(PyBytes::new(py, b"")) };
            if !reading.packed.is_empty() {
                let mut out = Vec::new();
                reading.unpack(&mut out).map_err(fail)?;
                *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
                if out.is_empty() {
                    continue;
                }
                return Ok(PyBytes::new(py, &out));
            }
            let work = async move {
                let outcome = reading.response.chunk().await;
                (reading, outcome)
            };
            let (mut reading, outcome) = runtime::drive(py, work)?;
            let mut out = Vec::new();
            match outcome.map_err(fail)? {
                Some(chunk) if decode && !reading.decoder.is_identity() => {
                    reading.packed = chunk;
                    reading.unpack(&mut out).map_err(fail)?;
                }
                Some(chunk) => out.extend_from_slice(&chunk),
                None => {
                    if decode {
                        let mut sink = |bytes: &[u8]| {
                            out.extend_from_slice(bytes);
                            Ok(())
                        };
                        reading.decoder.finish(&mut sink).map_err(fail)?;
                    }
                    reading.ended = true;
                }
            }
            let ended = reading.ended;
            if !ended {
                *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
            }
            if ended || !out.is_empty() {
                return Ok(PyBytes::new(py, &out));
            }
        }
    }

    /// Closes the response. The rest of the body is lost.
    fn close(&self, py: Python<'_>) {
        let left = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        if left.is_some() {
            drop(left);
            runtime::close_connections(py);
        }
    }

    /// Whether there is nothing left to read.
    #[getter]
    fn is_closed(&self) -> bool {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Method, URL and status.
    fn __repr__(&self) -> String {
        let url = crate::redact::shown_url(&self.head.url);
        format!("<Response [{}] {} {url}>", self.head.status, self.head.method)
    }
}

impl Drop for PyResponse {
    /// Closes the connection of a response that nobody has closed.
    fn drop(&mut self) {
        Python::try_attach(|py| self.close(py));
    }
}
