//! The awaited driver: requests whose answers an event loop receives.
//!
//! The runtime's threads put answers into a queue and wake the event loop through a file descriptor
//! that it watches. So they never touch Python, and the event loop never blocks. The coroutine in
//! `gazu.aio` sends, sleeps and renews the token as [`PyStep`] says.

use std::{
    collections::{HashMap, VecDeque},
    io::{self, Read as _, Write as _},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::task::AbortHandle;

use super::{
    call::PyCall,
    errors::Hooks,
    exchange::{is_down, is_down_status, Exchange},
    policy::PyPolicy,
    request::{encoded, RequestContext},
    runtime::{self, AttachGuard},
    settings::PySettings,
    transfer::{fetch_answer, Answer},
    transport::PyTransport,
    value,
};
use crate::{
    call::Call,
    error::{Error, Rejection, Result},
    execution::{Execution, Step},
};

/// What came back for a request. Boxed, because it is large and is moved several times.
type Outcome = Box<Result<Answer>>;

/// The answers that the event loop has not received yet, and the outstanding requests.
struct Queue {
    state: Mutex<Outstanding>,
    filled: Condvar,
    wake: Waker,
}

/// One end of a connection within this process.
#[cfg(unix)]
type Waker = std::os::unix::net::UnixStream;
#[cfg(not(unix))]
type Waker = std::net::TcpStream;

/// Both ends of a new connection.
#[cfg(unix)]
fn connected() -> io::Result<(Waker, Waker)> {
    Waker::pair()
}

#[cfg(not(unix))]
fn connected() -> io::Result<(Waker, Waker)> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let wake = Waker::connect(listener.local_addr()?)?;
    loop {
        let (woken, peer) = listener.accept()?;
        // Another program may have connected to the port.
        if peer == wake.local_addr()? {
            wake.set_nodelay(true)?;
            return Ok((wake, woken));
        }
    }
}

#[derive(Default)]
struct Outstanding {
    next: u64,
    answers: VecDeque<(u64, Outcome)>,
    tasks: HashMap<u64, AbortHandle>,
    /// Whether a thread calls `wait`.
    watched: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Outstanding> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, number: u64, outcome: Outcome) {
        let mut state = self.lock();
        state.tasks.remove(&number);
        let first = state.answers.is_empty();
        state.answers.push_back((number, outcome));
        let watched = state.watched;
        drop(state);
        if first {
            // Notifying nobody is a system call, too.
            if watched {
                self.filled.notify_all();
            }
            // If nothing more can be written, the loop wakes up anyway.
            drop((&self.wake).write(&[0]));
        }
    }
}

/// The outstanding requests of one event loop.
#[pyclass(name = "Completions", module = "gazu._core", frozen)]
pub struct PyCompletions {
    queue: Arc<Queue>,
    /// The process of the requests. A forked child must not touch their tasks.
    process: u32,
    woken: Waker,
}

#[pymethods]
impl PyCompletions {
    #[new]
    fn new() -> PyResult<Self> {
        let (wake, woken) = connected()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let queue = Queue { state: Mutex::default(), filled: Condvar::new(), wake };
        Ok(Self { queue: Arc::new(queue), process: std::process::id(), woken })
    }

    /// The socket that becomes readable when an answer has arrived.
    fn fileno(&self) -> i64 {
        #[cfg(unix)]
        {
            use std::os::fd::AsRawFd as _;
            self.woken.as_raw_fd().into()
        }
        #[cfg(not(unix))]
        {
            use std::os::windows::io::AsRawSocket as _;
            self.woken.as_raw_socket().cast_signed()
        }
    }

    /// A second handle of the socket, which the caller must close.
    fn duplicate(&self) -> PyResult<i64> {
        let second = self.woken.try_clone()?;
        #[cfg(unix)]
        {
            use std::os::fd::IntoRawFd as _;
            Ok(second.into_raw_fd().into())
        }
        #[cfg(not(unix))]
        {
            use std::os::windows::io::IntoRawSocket as _;
            Ok(second.into_raw_socket().cast_signed())
        }
    }

    /// Sends the request of a call. Returns the number of the request.
    #[pyo3(signature = (transport, client, hooks, settings, session_headers, execution))]
    #[expect(
        clippy::too_many_arguments,
        reason = "one call from Python; keywords would take longer"
    )]
    fn submit(
        &self,
        py: Python<'_>,
        transport: &PyTransport,
        client: &Bound<'_, PyAny>,
        hooks: &Bound<'_, PyAny>,
        settings: &PySettings,
        session_headers: Option<Vec<(String, Bound<'_, PyAny>)>>,
        execution: &PyExecution,
    ) -> PyResult<u64> {
        let _guard = AttachGuard::enter(py);
        let hooks = Hooks(hooks);
        let session_headers = session_headers.map(|pairs| encoded(&hooks, pairs)).transpose()?;
        let context = RequestContext {
            transport: transport.transport(),
            hooks,
            client,
            settings: &settings.0,
            session_headers,
        };
        let mut state = execution.lock();
        let exchange = execution.exchange(py);
        let (request, token) = context.prepare(
            &state.execution,
            &execution.call,
            None,
            execution.json.as_ref(),
            &exchange,
        )?;
        state.token = token;
        let deadline = state.execution.deadline();
        drop(state);
        let (transport, settings) = (context.transport, settings.0.clone());
        let queue = self.queue.clone();
        let mut waiting = self.queue.lock();
        let number = waiting.next;
        waiting.next += 1;
        let work = async move {
            let outcome = fetch_answer(transport, settings, request, deadline).await;
            queue.push(number, Box::new(outcome));
        };
        let task = runtime::spawn(work)?;
        waiting.tasks.insert(number, task.abort_handle());
        Ok(number)
    }

    /// Cancels a request.
    fn cancel(&self, number: u64) {
        if let Some(task) = self.queue.lock().tasks.remove(&number) {
            task.abort();
        }
        self.queue.filled.notify_all();
    }

    /// The answers that have arrived since the last call, with the numbers of their requests.
    fn drain(&self) -> Vec<(u64, PyAnswer)> {
        let mut scratch = [0; 64];
        while matches!((&self.woken).read(&mut scratch), Ok(read) if read == scratch.len()) {}
        let outcomes = std::mem::take(&mut self.queue.lock().answers);
        outcomes
            .into_iter()
            .map(|(number, outcome)| (number, PyAnswer(Mutex::new(Some(outcome)))))
            .collect()
    }

    /// Whether a thread must be started to call `wait`. It counts as started from now on.
    fn needs_watcher(&self) -> bool {
        let mut state = self.queue.lock();
        !std::mem::replace(&mut state.watched, true)
    }

    /// Waits until an answer has arrived, and returns true. Returns false when there are no more
    /// outstanding requests: the thread must not call it again.
    fn wait(&self, py: Python<'_>) -> bool {
        loop {
            let arrived = runtime::detached(py, || {
                let mut state = self.queue.lock();
                if !state.answers.is_empty() {
                    return Some(true);
                }
                if state.tasks.is_empty() {
                    state.watched = false;
                    return Some(false);
                }
                let pause = Duration::from_millis(500);
                drop(self.queue.filled.wait_timeout(state, pause));
                None
            });
            if let Some(arrived) = arrived {
                return arrived;
            }
        }
    }

    /// Cancels all requests, and drops the answers that have arrived.
    fn close(&self) {
        if self.process != std::process::id() {
            return;
        }
        let mut state = self.queue.lock();
        for (_, task) in state.tasks.drain() {
            task.abort();
        }
        let answers = std::mem::take(&mut state.answers);
        drop(state);
        drop(answers);
        self.queue.filled.notify_all();
    }
}

impl Drop for PyCompletions {
    /// Cancels the outstanding requests: the loop that would receive their answers is gone.
    fn drop(&mut self) {
        if self.process == std::process::id() {
            self.close();
        } else {
            // In a forked child, the locks of the tasks may be held by threads that do not exist
            // here.
            std::mem::forget(Arc::clone(&self.queue));
        }
    }
}

/// An answer that has not been passed to its execution.
#[pyclass(name = "Answer", module = "gazu._core", frozen)]
pub(super) struct PyAnswer(Mutex<Option<Outcome>>);

/// What the coroutine does next.
#[pyclass(name = "Step", module = "gazu._core", frozen)]
pub(super) enum PyStep {
    /// Return the result.
    Done {
        /// The result.
        value: Py<PyAny>,
    },
    /// Wait, then send the request again.
    Again {
        /// The wait in seconds.
        seconds: f64,
    },
    /// Renew the token, then send the request again.
    Renew {
        /// Whether the token has expired, so that a refresh can help.
        expired: bool,
        /// The exception of the call if the token cannot be renewed.
        error: Py<PyAny>,
        /// The authorization that the rejected request carried.
        authorization: Option<String>,
        /// The seconds until the deadline of the call; `None` without one.
        left: Option<f64>,
    },
}

struct State {
    execution: Execution,
    /// The authorization that the last request carried.
    token: Option<String>,
    /// The rejection for which the token is being renewed.
    rejected: Option<Error>,
}

/// The execution of one call.
#[pyclass(name = "Execution", module = "gazu._core", frozen)]
pub struct PyExecution {
    call: Call,
    json: Option<Bytes>,
    exchange: Option<Py<PyAny>>,
    state: Mutex<State>,
}

impl PyExecution {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exchange<'d, 'py>(&'d self, py: Python<'py>) -> Exchange<'d, 'py> {
        Exchange(self.exchange.as_ref().map(|object| object.bind(py)))
    }

    /// What was last seen, in place of an error that says that the server is down.
    fn last_seen(&self, py: Python<'_>, hooks: &Hooks<'_, '_>, error: PyErr) -> PyResult<PyStep> {
        let answer = self.exchange(py).last_seen(py, error)?;
        let value = value::read(py, hooks, &self.call, answer)?.unbind();
        Ok(PyStep::Done { value })
    }
}

#[pymethods]
impl PyExecution {
    #[new]
    #[pyo3(signature = (call, policy, exchange=None))]
    fn new(call: &Bound<'_, PyCall>, policy: &PyPolicy, exchange: Option<Py<PyAny>>) -> Self {
        let call = call.get().0.clone();
        let execution = Execution::new(&call, policy.0);
        let state = State { execution, token: None, rejected: None };
        Self { json: call.json_bytes(), call, exchange, state: Mutex::new(state) }
    }

    /// The path in exceptions.
    #[getter]
    fn path(&self) -> String {
        self.lock().execution.path().to_owned()
    }

    /// Decides what an answer means. Raises the exception if the call fails.
    fn step<'py>(
        &self,
        py: Python<'py>,
        hooks: &Bound<'py, PyAny>,
        answer: &PyAnswer,
    ) -> PyResult<PyStep> {
        let _guard = AttachGuard::enter(py);
        let hooks = Hooks(hooks);
        let taken = answer.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let outcome = taken.ok_or_else(|| PyRuntimeError::new_err("the answer has been used"))?;
        let exchange = self.exchange(py);
        let mut state = self.lock();
        let answer = match *outcome {
            Ok(answer) => exchange.unchanged(Some(answer.head.status))?.unwrap_or(answer),
            Err(error) => {
                let Error::Transport { kind, .. } = error else {
                    return Err(hooks.exception(error, None));
                };
                if let Some(wait) = state.execution.failed(kind) {
                    return Ok(PyStep::Again { seconds: wait.as_secs_f64() });
                }
                drop(state);
                let error = hooks.exception(error, None);
                return if is_down(kind) { self.last_seen(py, &hooks, error) } else { Err(error) };
            }
        };
        let rejected = |state: &State, rejection| {
            state.execution.rejected(rejection, answer.head.status, answer.body.clone())
        };
        let exception = |error| hooks.exception(error, answer.content_type());
        match state.execution.answered_by(&answer.head, &answer.body) {
            Step::Done => {
                drop(state);
                exchange.keep(py, &answer)?;
                let value = value::read(py, &hooks, &self.call, answer)?.unbind();
                Ok(PyStep::Done { value })
            }
            Step::Again(wait) => Ok(PyStep::Again { seconds: wait.as_secs_f64() }),
            Step::Renew { expired } => {
                let error = rejected(&state, Rejection::NotAuthenticated);
                state.rejected = Some(error.clone());
                Ok(PyStep::Renew {
                    expired,
                    error: exception(error).into_value(py).into_any(),
                    authorization: state.token.clone(),
                    left: state.execution.seconds_left(),
                })
            }
            Step::Rejected(rejection) => {
                let error = exception(rejected(&state, rejection));
                drop(state);
                if is_down_status(answer.head.status) {
                    self.last_seen(py, &hooks, error)
                } else {
                    Err(error)
                }
            }
            Step::StillProcessing => Err(exception(state.execution.still_processing())),
        }
    }

    /// Counts a renewal of the token. Raises the rejection if there were too many.
    fn renewed(&self, py: Python<'_>, hooks: &Bound<'_, PyAny>) -> PyResult<()> {
        let _guard = AttachGuard::enter(py);
        let mut state = self.lock();
        let Some(rejected) = state.rejected.take() else { return Ok(()) };
        if state.execution.renewed() {
            return Ok(());
        }
        Err(Hooks(hooks).exception(rejected, None))
    }
}
