//! The blocking driver of a call: it does what [`Execution`] says.

use std::time::Duration;

use bytes::Bytes;
use pyo3::prelude::*;

use super::{
    errors::exception_of_transport,
    request::{json_of, RequestContext},
    session::PyCancel,
    transfer::{perform, Answer, Failure, PyStreams, Sink, Transfer},
    value,
};
use crate::{
    call::{Body, Call, ReadAs},
    error::Error,
    execution::{is_file, Execution, Policy, Step},
    transport::{form::FormBody, memory::Kept, save::Download},
};

/// Who runs a call, and with what.
pub(super) struct Driver<'d, 'py> {
    pub(super) context: RequestContext<'d, 'py>,
    pub(super) streams: PyStreams<'py>,
    pub(super) progress: Option<&'d Bound<'py, PyAny>>,
    pub(super) policy: Policy,
    /// The retries that a mounted adapter brought along, and the answers that they may concern.
    pub(super) retries: Option<(&'d Bound<'py, PyAny>, Vec<u16>)>,
    /// Set by another thread that no longer wants the outcome.
    pub(super) cancel: Option<&'d PyCancel>,
}

impl<'py> Driver<'_, 'py> {
    fn raise(&self, failure: Failure) -> PyErr {
        match failure {
            Failure::Python(error) => error,
            Failure::Other(error) => self.context.hooks.exception(error, None),
        }
    }

    /// Runs the call to its value.
    pub(super) fn run(mut self, py: Python<'py>, call: &Call) -> PyResult<Bound<'py, PyAny>> {
        let mut run = Execution::new(call, self.policy);
        let mut form = match &call.body {
            Body::Form { fields, files } => Some(
                FormBody::open(fields, files, &mut self.streams)
                    .map_err(|failure| self.raise(failure))?,
            ),
            _ => None,
        };
        let json = json_of(call);
        let form_or_target = form.is_some() || call.target.is_some();
        loop {
            let sink = self.sink(call)?;
            let (request, sent) = self.context.prepare(&run, call, form.as_ref(), json.as_ref())?;
            let kept: Vec<u16> =
                self.retries.as_ref().map_or_else(Vec::new, |(_, statuses)| statuses.clone());
            let transfer = Transfer {
                transport: self.context.transport.clone(),
                settings: self.context.settings.clone(),
                form: form.as_mut(),
                streams: &mut self.streams,
                sink,
                // A download into memory is not reported.
                progress: self.progress.filter(|_| form_or_target),
                streamed: Box::new(move |status| is_file(status) && !kept.contains(&status)),
                cancel: self.cancel,
                until: run.until(),
            };
            let url = self.retries.as_ref().map(|_| request.url.clone());
            let outcome = perform(py, transfer, request);
            if self.again(call, url, &outcome)? {
                continue;
            }
            let hooks = &self.context.hooks;
            let (step, content_type) = match outcome {
                Err(Failure::Other(error)) => match run.failed(error) {
                    Ok(step) => (Ok(step), None),
                    Err(error) => {
                        let request =
                            self.context.prepare(&run, call, form.as_ref(), json.as_ref()).ok();
                        return Err(hooks.unanswered(error, request.as_ref().map(|(r, _)| r)));
                    }
                },
                Err(Failure::Python(error)) => return Err(error),
                Ok(answer) if answer.streamed => {
                    let reported = self.progress.is_some();
                    return value::saved(py, hooks, call, answer, reported);
                }
                Ok(answer) => match run.answered(&answer.head, &answer.body) {
                    Ok(Step::Done) => {
                        if let Some(Sink::File(mut download)) = self.sink(call)? {
                            let failed = |error| hooks.exception(error, None);
                            download.write(&answer.body).map_err(failed)?;
                            let done = answer.body.len();
                            if let Some(progress) = self.progress.filter(|_| done > 0) {
                                progress.call1((done, done))?;
                            }
                            download.finish().map_err(failed)?;
                            let answer = Answer { body: Bytes::new(), ..answer };
                            return value::saved(py, hooks, call, answer, self.progress.is_some());
                        }
                        return value::read(py, hooks, call, answer);
                    }
                    step => (step, answer.content_type().map(str::to_owned)),
                },
            };
            let exception = |error| hooks.exception(error, content_type.as_deref());
            match step.map_err(exception)? {
                Step::Done => {}
                Step::Again(wait) => {
                    hooks.0.call_method1("pause", (self.context.client, wait.as_secs_f64()))?;
                }
                Step::Renew { expired, error } => {
                    let rejection = exception(error.clone());
                    let client = self.context.client;
                    hooks
                        .0
                        .call_method1("renew", (client, run.path(), expired, rejection, sent))?;
                    run.renewed(error).map_err(exception)?;
                }
            }
        }
    }

    /// Whether the retries of a mounted adapter send the call again; they wait before.
    fn again(
        &self,
        call: &Call,
        url: Option<url::Url>,
        outcome: &Result<Answer, Failure>,
    ) -> PyResult<bool> {
        let (Some((retries, _)), Some(url)) = (&self.retries, url) else { return Ok(false) };
        let (method, url) = (call.verb.method(), url.as_str());
        let again = match outcome {
            Err(Failure::Other(Error::Transport { kind, message })) => {
                let name = exception_of_transport(*kind);
                retries.call_method1("after_failure", (method, url, name, message))?
            }
            Ok(answer) if !answer.streamed => {
                let retry_after = answer.head.header("retry-after");
                let status = answer.head.status;
                retries.call_method1("after_answer", (method, url, status, retry_after))?
            }
            _ => return Ok(false),
        };
        again.is_truthy()
    }

    fn sink(&self, call: &Call) -> PyResult<Option<Sink>> {
        if call.reading != ReadAs::Response {
            return Ok(None);
        }
        Ok(Some(match &call.target {
            Some(target) => Sink::File(
                Download::begin(&target.0)
                    .map_err(|error| self.context.hooks.exception(error, None))?,
            ),
            None => Sink::Memory(Kept::default()),
        }))
    }
}

/// How often and how long a call is tried, from Python's numbers.
pub(super) fn policy(
    retries: u32,
    auth_attempts: u32,
    processing_timeout: f64,
    deadline: Option<f64>,
) -> Policy {
    let seconds = |given: f64| {
        let finite = if given.is_finite() { given } else { 1e9 };
        Duration::from_secs_f64(finite.clamp(0.0, 1e9))
    };
    let (processing, deadline) = (seconds(processing_timeout), deadline.map(seconds));
    Policy { retries, auth_attempts, processing, deadline }
}
