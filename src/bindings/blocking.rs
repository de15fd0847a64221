//! The blocking driver: the calling thread runs the call and waits for its result.
//!
//! The driver is the same for all ways of sending requests. They differ in one step only: sending a
//! request and returning what came back.

use std::time::{Duration, Instant};

use bytes::Bytes;
use pyo3::prelude::*;

use super::{
    call::PyCall,
    cancel::{can_be_cancelled, check_cancelled},
    errors::{named_as_given, Hooks, Unanswered},
    exchange::{is_down, is_down_status, Exchange},
    policy::PyPolicy,
    request::{encoded, RequestContext},
    rows::PyRows,
    runtime::AttachGuard,
    sender::NativeSender,
    settings::PySettings,
    through_session::{ForeignOutcome, ForeignResponse, ForeignSender},
    transfer::{Answer, PyStreams, Sink, WaitLimits},
    transport::PyTransport,
    value,
};
use crate::{
    call::{Call, ReadAs},
    error::{Error, Rejection},
    execution::{Execution, Policy, Step},
};

/// How often a waiting thread checks whether the call has been cancelled.
const POLL_INTERVAL: Duration = Duration::from_millis(40);

/// The outcome of sending a request once.
enum Outcome<'py> {
    /// Our own transport received an answer.
    Answered(Box<Answer>),
    /// A session of a script returned a response.
    Responded(ForeignResponse<'py>),
    /// A replaced verb returned the result itself.
    Returned(Bound<'py, PyAny>),
    /// There is no answer.
    Failed(Unanswered),
}

impl Outcome<'_> {
    /// The status of the answer, if there is one.
    fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(answer) => Some(answer.head.status),
            Self::Responded(response) => response.status,
            Self::Returned(_) | Self::Failed(_) => None,
        }
    }
}

/// How the requests of a call are sent.
enum RequestSender<'d, 'py> {
    /// By our own transport.
    Native(Box<NativeSender<'d, 'py>>),
    /// By a session or verb that a script has replaced or patched.
    Foreign(ForeignSender<'d, 'py>),
}

/// Runs one call.
struct Driver<'d, 'py> {
    call: &'d Call,
    client: &'d Bound<'py, PyAny>,
    hooks: Hooks<'d, 'py>,
    policy: Policy,
    progress: Option<&'d Bound<'py, PyAny>>,
    sender: RequestSender<'d, 'py>,
    exchange: Exchange<'d, 'py>,
}

impl<'py> Driver<'_, 'py> {
    fn run(mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut execution = Execution::new(self.call, self.policy);
        loop {
            let (outcome, token) = self.send(py, &execution)?;
            let outcome = match self.exchange.unchanged(outcome.status())? {
                Some(answer) => Outcome::Answered(Box::new(answer)),
                None => outcome,
            };
            let step = match &outcome {
                Outcome::Returned(value) => return value::finish(&self.hooks, self.call, value),
                Outcome::Answered(answer) if answer.streamed => Step::Done,
                Outcome::Answered(answer) => execution.answered_by(&answer.head, &answer.body),
                Outcome::Responded(response) => response.step(&mut execution)?,
                Outcome::Failed(unanswered) => match execution.failed(unanswered.kind) {
                    Some(wait) => Step::Again(wait),
                    None => {
                        let error = unanswered.error.clone_ref(py);
                        return self.failed(py, &execution, is_down(unanswered.kind), error);
                    }
                },
            };
            match step {
                Step::Done => return self.value(py, &execution, outcome),
                Step::Again(wait) => pause(py, wait)?,
                Step::Renew { expired } => {
                    let error =
                        self.rejection(&execution, Rejection::NotAuthenticated, &outcome)?;
                    let raised = error.clone_ref(py);
                    self.hooks.renew(self.client, &execution, expired, raised, token)?;
                    if !execution.renewed() {
                        return Err(error);
                    }
                }
                Step::Rejected(rejection) => {
                    let error = self.rejection(&execution, rejection, &outcome)?;
                    let is_down = outcome.status().is_some_and(is_down_status);
                    return self.failed(py, &execution, is_down, error);
                }
                Step::StillProcessing => {
                    return Err(self.hooks.exception(execution.still_processing(), None))
                }
            }
        }
    }

    /// The result of a failed call: what was last seen, if the server is down, or the error.
    fn failed(
        &self,
        py: Python<'py>,
        execution: &Execution,
        is_down: bool,
        error: PyErr,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !is_down {
            return Err(error);
        }
        let answer = self.exchange.last_seen(py, error)?;
        self.value(py, execution, Outcome::Answered(Box::new(answer)))
    }

    /// Sends the request once. Also returns the authorization that it carried.
    fn send(
        &mut self,
        py: Python<'py>,
        execution: &Execution,
    ) -> PyResult<(Outcome<'py>, Option<String>)> {
        match &mut self.sender {
            RequestSender::Native(sender) => {
                let (outcome, token) =
                    sender.send(py, execution, self.call, self.progress, &self.exchange)?;
                let outcome = outcome.map(Box::new);
                Ok((outcome.map_or_else(Outcome::Failed, Outcome::Answered), token))
            }
            RequestSender::Foreign(sender) => {
                check_cancelled()?;
                if execution.deadline().is_some_and(|until| Instant::now() >= until) {
                    return Err(self.hooks.exception(Error::past_deadline(), None));
                }
                let (outcome, token) = sender.send(execution, self.call)?;
                let outcome = match outcome {
                    Ok(ForeignOutcome::Response(response)) => Outcome::Responded(response),
                    Ok(ForeignOutcome::Value(value)) => Outcome::Returned(value),
                    Err(unanswered) => Outcome::Failed(unanswered),
                };
                Ok((outcome, token))
            }
        }
    }

    /// The exception for a rejected call.
    fn rejection(
        &self,
        execution: &Execution,
        rejection: Rejection,
        outcome: &Outcome<'py>,
    ) -> PyResult<PyErr> {
        match outcome {
            Outcome::Responded(response) => response.rejection(execution),
            Outcome::Answered(answer) => {
                let error = execution.rejected(rejection, answer.head.status, answer.body.clone());
                Ok(self.hooks.exception(error, answer.content_type()))
            }
            Outcome::Returned(_) | Outcome::Failed(_) => {
                Ok(self.hooks.exception(execution.rejected(rejection, 0, Bytes::new()), None))
            }
        }
    }

    /// The result of a successful call.
    fn value(
        &self,
        py: Python<'py>,
        execution: &Execution,
        outcome: Outcome<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let limits = WaitLimits { deadline: execution.deadline() };
        match outcome {
            Outcome::Answered(answer) => {
                if !answer.streamed {
                    self.exchange.keep(py, &answer)?;
                }
                self.value_of_answer(py, *answer, limits)
            }
            Outcome::Responded(response) => {
                self.exchange.keep_response(&response.object)?;
                match self.call.reading {
                    ReadAs::Response => {}
                    ReadAs::RowStream => return response.rows(&self.hooks, self.call),
                    _ => return response.value(&self.hooks, self.call),
                }
                let sink = self.sink(py, limits)?;
                let sink = sink.filter(|_| self.call.target.is_some());
                response.save(&self.hooks, sink, self.progress, limits)
            }
            Outcome::Returned(value) => Ok(value),
            Outcome::Failed(unanswered) => Err(unanswered.error),
        }
    }

    fn sink(&self, py: Python<'py>, limits: WaitLimits) -> PyResult<Option<Sink>> {
        Sink::of_call(py, self.call, limits).map_err(|failure| self.hooks.raised(failure))
    }

    fn value_of_answer(
        &self,
        py: Python<'py>,
        answer: Answer,
        limits: WaitLimits,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reported = self.progress.is_some();
        if let Some(response) = answer.open {
            return PyRows::of_response(self.hooks.0, *response, limits.deadline);
        }
        if answer.streamed {
            return value::saved(py, &self.hooks, self.call, answer, reported);
        }
        // The body was read into memory because the retries of an adapter had to see its status.
        let sink = self.sink(py, limits)?;
        let Some(mut sink) = sink.filter(|_| self.call.target.is_some()) else {
            return value::read(py, &self.hooks, self.call, answer);
        };
        let failed = |failure| self.hooks.raised(failure);
        let done = answer.body.len();
        sink.begin(py, Some(done as u64)).map_err(failed)?;
        sink.write(py, &answer.body, limits).map_err(failed)?;
        if let Some(progress) = self.progress.filter(|_| done > 0) {
            progress.call1((done, done))?;
        }
        sink.finish(py, limits).map_err(failed)?;
        let answer = Answer { body: Bytes::new(), ..answer };
        value::saved(py, &self.hooks, self.call, answer, reported)
    }
}

/// Waits before a retry.
fn pause(py: Python<'_>, wait: Duration) -> PyResult<()> {
    // Uses `time.sleep`, which scripts and tests patch.
    let sleep = py.import("time")?.getattr("sleep")?;
    if wait.is_zero() {
        return Ok(());
    }
    if !can_be_cancelled() {
        return sleep.call1((wait.as_secs_f64(),)).map(drop);
    }
    let until = Instant::now() + wait;
    loop {
        check_cancelled()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        sleep.call1((left.min(POLL_INTERVAL).as_secs_f64(),))?;
    }
}

/// Runs a call with our own transport and returns its result.
#[pyfunction]
#[pyo3(signature = (
    call, client, hooks, policy, transport, settings, session_headers, streams, progress,
    adapter_retries, exchange
))]
#[expect(clippy::too_many_arguments, reason = "one call from Python; keywords would take longer")]
pub(super) fn run<'py>(
    py: Python<'py>,
    call: &PyCall,
    client: &Bound<'py, PyAny>,
    hooks: &Bound<'py, PyAny>,
    policy: &PyPolicy,
    transport: &PyTransport,
    settings: &PySettings,
    session_headers: Option<Vec<(String, Bound<'py, PyAny>)>>,
    streams: Vec<Bound<'py, PyAny>>,
    progress: Option<&Bound<'py, PyAny>>,
    adapter_retries: Option<&Bound<'py, PyAny>>,
    exchange: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let _guard = AttachGuard::enter(py);
    let session_headers = session_headers.map(|pairs| encoded(&Hooks(hooks), pairs)).transpose()?;
    let context = RequestContext {
        transport: transport.transport(),
        hooks: Hooks(hooks),
        client,
        settings: &settings.0,
        session_headers,
    };
    let sender = NativeSender::new(context, &call.0, PyStreams::new(streams), adapter_retries)?;
    let sender = RequestSender::Native(Box::new(sender));
    let (call, hooks, policy) = (&call.0, Hooks(hooks), policy.0);
    let exchange = Exchange(exchange);
    let driver = Driver { call, client, hooks, policy, progress, sender, exchange };
    driver.run(py).map_err(|error| named_as_given(py, call, error))
}

/// Runs a call with a session or verb that a script has replaced or patched, and returns its
/// result.
#[pyfunction]
#[pyo3(signature = (call, *, client, hooks, policy, sender, progress, exchange=None))]
#[expect(clippy::too_many_arguments, reason = "one call from Python, by keyword")]
pub(super) fn run_through<'py>(
    py: Python<'py>,
    call: &Bound<'py, PyCall>,
    client: &Bound<'py, PyAny>,
    hooks: &Bound<'py, PyAny>,
    policy: &PyPolicy,
    sender: &Bound<'py, PyAny>,
    progress: Option<&Bound<'py, PyAny>>,
    exchange: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let _guard = AttachGuard::enter(py);
    let sender = RequestSender::Foreign(ForeignSender { sender, call });
    let (call, hooks, policy) = (&call.get().0, Hooks(hooks), policy.0);
    let exchange = Exchange(exchange);
    let driver = Driver { call, client, hooks, policy, progress, sender, exchange };
    driver.run(py).map_err(|error| named_as_given(py, call, error))
}
