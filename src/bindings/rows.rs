//! The rows of a board, which Python asks for while they arrive.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyList};

use super::{
    decode::RowReader,
    errors::Hooks,
    response::BodyReader,
    runtime::{self, AttachGuard},
    transfer::{Answer, Failure, Transfer},
};
use crate::{
    execution::within_deadline,
    transport::{Request, Response},
};

/// Sends the request of a board. Returns when the head of the answer has arrived. The body of an
/// answer that is no board is read.
pub(super) fn open_rows(
    py: Python<'_>,
    transfer: Transfer<'_, '_>,
    request: Request,
) -> Result<Answer, Failure> {
    let Transfer { transport, settings, deadline, is_streamed, .. } = transfer;
    let work = Box::pin(async move {
        let mut response = transport.exchange(&settings, request).await?;
        let (head, history) = (response.head.clone(), response.history.clone());
        let streamed = is_streamed(head.status);
        let body = if streamed { Bytes::new() } else { response.bytes().await? };
        let open = streamed.then(|| Box::new(response));
        Ok(Answer { head, history, body, streamed, open })
    });
    let work = within_deadline(deadline, work);
    Ok(runtime::drive(py, work)??)
}

/// Where the bytes come from.
enum Source {
    /// The response of our own transport.
    Native(Box<BodyReader>),
    /// The response of a script's session, and its chunks.
    Chunks(Py<PyAny>, Py<PyAny>),
}

impl Source {
    fn next(
        &mut self,
        py: Python<'_>,
        left: &mut Option<Duration>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        match self {
            Self::Native(body) => body.next(py, left),
            Self::Chunks(_, chunks) => match chunks.bind(py).try_iter()?.next() {
                Some(chunk) => Ok(Some(chunk?.extract()?)),
                None => Ok(None),
            },
        }
    }

    fn close(&mut self, py: Python<'_>) -> PyResult<()> {
        match self {
            Self::Native(body) => body.close(py),
            Self::Chunks(response, _) => {
                if let Some(close) = response.bind(py).getattr_opt("close")? {
                    close.call0()?;
                }
            }
        }
        Ok(())
    }
}

struct Reading {
    source: Source,
    reader: RowReader,
    /// How long the server may still be waited for. The time between two batches does not count.
    left: Option<Duration>,
}

enum State {
    Open(Box<Reading>),
    /// A thread is waiting for the next rows.
    Busy,
    Closed,
}

/// The rows of a board that is being received.
#[pyclass(name = "Rows", module = "gazu._core", frozen)]
pub struct PyRows {
    hooks: Py<PyAny>,
    state: Mutex<State>,
    /// The process of the connection. A forked child has none.
    process: u32,
}

impl PyRows {
    fn begin<'py>(
        hooks: &Bound<'py, PyAny>,
        source: Source,
        content_type: Option<&str>,
        left: Option<Duration>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reading = Reading { source, reader: RowReader::new(content_type), left };
        let rows = Self {
            hooks: hooks.clone().unbind(),
            state: Mutex::new(State::Open(Box::new(reading))),
            process: std::process::id(),
        };
        Ok(Bound::new(hooks.py(), rows)?.into_any())
    }

    /// The rows of a response of our own transport.
    pub(super) fn of_response<'py>(
        hooks: &Bound<'py, PyAny>,
        response: Response,
        deadline: Option<Instant>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let content_type = response.head.header("content-type").map(str::to_owned);
        let source = Source::Native(Box::new(BodyReader::new(response)));
        Self::begin(hooks, source, content_type.as_deref(), left)
    }

    /// The rows of a response of a script's session.
    pub(super) fn of_chunks<'py>(
        hooks: &Bound<'py, PyAny>,
        response: &Bound<'py, PyAny>,
        chunks: Bound<'py, PyAny>,
        content_type: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let source = Source::Chunks(response.clone().unbind(), chunks.unbind());
        Self::begin(hooks, source, content_type, None)
    }

    /// Returns what the rows are read from, unless another thread has closed the rows.
    fn reopen(&self, reading: Box<Reading>) -> Option<Box<Reading>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Closed) {
            return Some(reading);
        }
        *state = State::Open(reading);
        None
    }

    fn swap(&self, state: State) -> State {
        std::mem::replace(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// The next rows; none at the end.
    fn read<'py>(
        py: Python<'py>,
        hooks: &Hooks<'_, 'py>,
        reading: &mut Reading,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        loop {
            let bytes = reading.source.next(py, &mut reading.left);
            let Some(bytes) = bytes.map_err(|failure| hooks.raised(failure))? else {
                return reading.reader.finish(py, |content, content_type| {
                    hooks.0.call_method1("loads", (content, content_type, "get"))
                });
            };
            let rows = reading.reader.push(py, &bytes)?;
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
    }
}

#[pymethods]
impl PyRows {
    /// The next rows, as soon as there are some. An empty list at the end.
    fn batch<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let _guard = AttachGuard::enter(py);
        if self.process != std::process::id() {
            let message = "the rows belong to the process that asked for them";
            return Err(PyRuntimeError::new_err(message));
        }
        let mut reading = match self.swap(State::Busy) {
            State::Open(reading) => reading,
            State::Busy => {
                return Err(PyRuntimeError::new_err("another thread is reading the rows"));
            }
            State::Closed => {
                self.swap(State::Closed);
                return Ok(PyList::empty(py));
            }
        };
        let rows = Self::read(py, &Hooks(self.hooks.bind(py)), &mut reading);
        let mut left = Some(reading);
        if matches!(&rows, Ok(rows) if !rows.is_empty()) {
            left = left.and_then(|reading| self.reopen(reading));
        }
        let Some(mut reading) = left else { return PyList::new(py, rows?) };
        self.swap(State::Closed);
        let closed = reading.source.close(py);
        let rows = PyList::new(py, rows?)?;
        closed.map(|()| rows)
    }

    /// Closes the connection. The rest of the rows is lost.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let state = std::mem::replace(
            &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner),
            State::Closed,
        );
        match state {
            State::Open(mut reading) if self.process == std::process::id() => {
                reading.source.close(py)
            }
            State::Open(reading) => {
                // The runtime that the connection belongs to is not in this process.
                std::mem::forget(reading);
                Ok(())
            }
            State::Busy | State::Closed => Ok(()),
        }
    }
}

impl Drop for PyRows {
    /// Closes the connection of rows that nobody has read to the end.
    fn drop(&mut self) {
        Python::try_attach(|py| self.close(py).ok());
    }
}
