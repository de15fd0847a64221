//! The awaited driver of a call: requests whose outcomes an event loop picks up.
//!
//! The runtime's threads put outcomes into a queue and wake the loop through a descriptor
//! that the loop watches. So they never touch Python, and the loop never waits for them.

use std::{
    collections::{HashMap, VecDeque},
    io::{Read as _, Write as _},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::task::AbortHandle;

use super::{
    blocking::policy,
    call::PyCall,
    errors::Hooks,
    request::{encoded, json_of, RequestContext},
    runtime::{self, AttachGuard},
    session::{PySettings, PyTransport},
    transfer::{answer, Answer},
    value,
};
use crate::{
    call::Call,
    error::{Error, Result},
    execution::{Execution, Step},
};

/// What has come back, for an event loop to pick up.
struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    #[cfg(unix)]
    wake: std::os::unix::net::UnixStream,
}

#[derive(Default)]
struct State {
    next: u64,
    outcomes: VecDeque<(u64, Result<Answer>)>,
    tasks: HashMap<u64, AbortHandle>,
    closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, number: u64, outcome: Result<Answer>) {
        let mut state = self.lock();
        state.tasks.remove(&number);
        let first = state.outcomes.is_empty();
        state.outcomes.push_back((number, outcome));
        drop(state);
        if first {
            self.filled.notify_all();
            #[cfg(unix)]
            // A pipe that is full wakes the loop as well.
            drop((&self.wake).write(&[0]));
        }
    }
}

/// The requests of one event loop that are on their way.
#[pyclass(name = "Completions", module = "gazu._core", frozen)]
pub struct PyCompletions {
    queue: Arc<Queue>,
    #[cfg(unix)]
    woken: std::os::unix::net::UnixStream,
}

#[pymethods]
impl PyCompletions {
    #[new]
    fn new() -> PyResult<Self> {
        #[cfg(unix)]
        let (wake, woken) = {
            let (wake, woken) = std::os::unix::net::UnixStream::pair()?;
            wake.set_nonblocking(true)?;
            woken.set_nonblocking(true)?;
            (wake, woken)
        };
        let queue = Queue {
            state: Mutex::default(),
            filled: Condvar::new(),
            #[cfg(unix)]
            wake,
        };
        Ok(Self {
            queue: Arc::new(queue),
            #[cfg(unix)]
            woken,
        })
    }

    /// The descriptor that becomes readable when something has come back; `None` where event
    /// loops cannot watch one, and a thread has to call `wait` instead.
    #[cfg_attr(unix, expect(clippy::unnecessary_wraps, reason = "there is none elsewhere"))]
    fn fileno(&self) -> Option<i32> {
        #[cfg(unix)]
        {
            use std::os::fd::AsRawFd as _;
            Some(self.woken.as_raw_fd())
        }
        #[cfg(not(unix))]
        None
    }

    /// Sends the request of a call for a client, and returns its number.
    fn submit(
        &self,
        py: Python<'_>,
        transport: &PyTransport,
        client: &Bound<'_, PyAny>,
        settings: &PySettings,
        session_headers: Option<Vec<(String, Bound<'_, PyAny>)>>,
        running: &PyExecution,
    ) -> PyResult<u64> {
        let _inside = AttachGuard::enter(py);
        let hooks = Hooks(transport.hooks(py));
        let session_headers = session_headers.map(|pairs| encoded(&hooks, pairs)).transpose()?;
        let context = RequestContext {
            transport: transport.transport(),
            hooks,
            client,
            settings: &settings.0,
            session_headers,
        };
        let mut state = running.lock();
        let (request, sent) =
            context.prepare(&state.run, &running.call, None, running.json.as_ref())?;
        state.sent = sent;
        let until = state.run.until();
        drop(state);
        let (transport, settings) = (context.transport, settings.0.clone());
        let queue = self.queue.clone();
        let mut waiting = self.queue.lock();
        let number = waiting.next;
        waiting.next += 1;
        let work = async move {
            let outcome = answer(transport, settings, request, until).await;
            queue.push(number, outcome);
        };
        let task = runtime::spawn(work)?;
        waiting.tasks.insert(number, task.abort_handle());
        Ok(number)
    }

    /// Gives a request up.
    fn cancel(&self, number: u64) {
        if let Some(task) = self.queue.lock().tasks.remove(&number) {
            task.abort();
        }
    }

    /// What has come back since the last time, by number.
    fn drain(&self) -> Vec<(u64, PyAnswer)> {
        #[cfg(unix)]
        {
            let mut scratch = [0; 64];
            while matches!((&self.woken).read(&mut scratch), Ok(read) if read == scratch.len()) {}
        }
        let outcomes = std::mem::take(&mut self.queue.lock().outcomes);
        outcomes
            .into_iter()
            .map(|(number, outcome)| (number, PyAnswer(Mutex::new(Some(outcome)))))
            .collect()
    }

    /// Waits until something has come back; false when this has been closed.
    fn wait(&self, py: Python<'_>) -> bool {
        loop {
            let open = runtime::detached(py, || {
                let state = self.queue.lock();
                if state.closed {
                    return Some(false);
                }
                if !state.outcomes.is_empty() {
                    return Some(true);
                }
                let pause = Duration::from_millis(500);
                drop(self.queue.filled.wait_timeout(state, pause));
                None
            });
            if let Some(open) = open {
                return open;
            }
        }
    }

    /// Gives all requests up.
    fn close(&self) {
        let mut state = self.queue.lock();
        state.closed = true;
        for (_, task) in state.tasks.drain() {
            task.abort();
        }
        drop(state);
        self.queue.filled.notify_all();
    }
}

impl Drop for PyCompletions {
    /// Nobody is left to hear of what is on its way.
    fn drop(&mut self) {
        self.close();
    }
}

/// One outcome, to be handed to the call that it belongs to.
#[pyclass(name = "Answer", module = "gazu._core", frozen)]
pub(super) struct PyAnswer(Mutex<Option<Result<Answer>>>);

struct Progressing {
    run: Execution,
    sent: Option<String>,
    /// The rejection that a renewed token answers.
    rejection: Option<Error>,
}

/// One call on its way.
#[pyclass(name = "Execution", module = "gazu._core", frozen)]
pub struct PyExecution {
    call: Call,
    json: Option<Bytes>,
    state: Mutex<Progressing>,
}

impl PyExecution {
    fn lock(&self) -> MutexGuard<'_, Progressing> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl PyExecution {
    #[new]
    #[pyo3(signature = (call, processing_timeout, retries, attempts, deadline=None))]
    fn new(
        call: &Bound<'_, PyCall>,
        processing_timeout: f64,
        retries: u32,
        attempts: u32,
        deadline: Option<f64>,
    ) -> Self {
        let call = call.get().0.clone();
        let run = Execution::new(&call, policy(retries, attempts, processing_timeout, deadline));
        let state = Progressing { run, sent: None, rejection: None };
        Self { json: json_of(&call), call, state: Mutex::new(state) }
    }

    /// The path, as exceptions name it.
    #[getter]
    fn path(&self) -> String {
        self.lock().run.path().to_owned()
    }

    /// What an outcome means: `("done", value)`, `("again", seconds)` or
    /// `("renew", (expired, exception, authorization))`; or the exception that ends the call.
    fn step<'py>(
        &self,
        py: Python<'py>,
        hooks: &Bound<'py, PyAny>,
        answer: &PyAnswer,
    ) -> PyResult<(&'static str, Bound<'py, PyAny>)> {
        let _inside = AttachGuard::enter(py);
        let hooks = Hooks(hooks);
        let taken = answer.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let outcome = taken.ok_or_else(|| PyRuntimeError::new_err("the answer has been used"))?;
        let mut state = self.lock();
        let (step, content_type) = match outcome {
            Err(error) => (state.run.failed(error), None),
            Ok(answer) => match state.run.answered(&answer.head, &answer.body) {
                Ok(Step::Done) => {
                    drop(state);
                    return Ok(("done", value::read(py, &hooks, &self.call, answer)?));
                }
                step => (step, answer.content_type().map(str::to_owned)),
            },
        };
        let exception = |error| hooks.exception(error, content_type.as_deref());
        match step.map_err(exception)? {
            Step::Done => Ok(("done", py.None().into_bound(py))),
            Step::Again(wait) => Ok(("again", wait.as_secs_f64().into_pyobject(py)?.into_any())),
            Step::Renew { expired, error } => {
                let rejection = exception(error.clone());
                state.rejection = Some(error);
                let what = (expired, rejection, state.sent.clone());
                Ok(("renew", what.into_pyobject(py)?.into_any()))
            }
        }
    }

    /// The token has been renewed; raises when that has happened too often.
    fn renewed(&self, py: Python<'_>, hooks: &Bound<'_, PyAny>) -> PyResult<()> {
        let _inside = AttachGuard::enter(py);
        let mut state = self.lock();
        let Some(rejection) = state.rejection.take() else { return Ok(()) };
        let outcome = state.run.renewed(rejection);
        outcome.map_err(|error| Hooks(hooks).exception(error, None))
    }
}
