//! Sending the requests of a call with our own transport.

use bytes::Bytes;
use pyo3::prelude::*;

use super::{
    errors::{exception_of_transport, Unanswered},
    exchange::Exchange,
    request::RequestContext,
    rows::open_rows,
    transfer::{perform, Answer, Failure, PyStreams, Sink, Transfer, WaitLimits},
};
use crate::{
    call::{Body, Call, ReadAs},
    error::Error,
    execution::{is_file, Execution},
    transport::form::FormBody,
};

/// Sends the requests of one call with our own transport.
pub(super) struct NativeSender<'d, 'py> {
    context: RequestContext<'d, 'py>,
    streams: PyStreams<'py>,
    /// The form of the call, opened for the first request.
    form: Option<FormBody>,
    json: Option<Bytes>,
    retries: Option<AdapterRetries<'d, 'py>>,
}

/// The retries of an adapter that a script has mounted.
struct AdapterRetries<'d, 'py> {
    object: &'d Bound<'py, PyAny>,
    /// The statuses for which the adapter retries.
    statuses: Vec<u16>,
}

impl<'d, 'py> NativeSender<'d, 'py> {
    /// A sender for a call.
    pub(super) fn new(
        context: RequestContext<'d, 'py>,
        call: &Call,
        streams: PyStreams<'py>,
        retries: Option<&'d Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let retries = retries
            .map(|object| {
                let statuses = object.getattr("statuses")?.extract()?;
                PyResult::Ok(AdapterRetries { object, statuses })
            })
            .transpose()?;
        Ok(Self { context, streams, form: None, json: call.json_bytes(), retries })
    }

    /// Sends the request of the call, and retries as a mounted adapter decides. Also returns the
    /// authorization that the request carried.
    pub(super) fn send(
        &mut self,
        py: Python<'py>,
        execution: &Execution,
        call: &Call,
        progress: Option<&Bound<'py, PyAny>>,
        exchange: &Exchange<'_, '_>,
    ) -> PyResult<(Result<Answer, Unanswered>, Option<String>)> {
        let limits = WaitLimits { deadline: execution.deadline() };
        if let (None, Body::Form { fields, files }) = (&self.form, &call.body) {
            let form = FormBody::open(fields, files, &mut self.streams.interruptible(py, limits));
            self.form = Some(form.map_err(|failure| self.context.hooks.raised(failure))?);
        }
        loop {
            let sink = Sink::of_call(py, call, limits);
            let sink = sink.map_err(|failure| self.context.hooks.raised(failure))?;
            let form = self.form.as_ref();
            let (request, token) =
                self.context.prepare(execution, call, form, self.json.as_ref(), exchange)?;
            let summary = request.summary();
            let retried = self.retries.as_ref().map(|r| r.statuses.clone()).unwrap_or_default();
            // There is no progress of a download into memory.
            let reports = self.form.is_some() || call.target.is_some();
            let transfer = Transfer {
                transport: self.context.transport.clone(),
                settings: self.context.settings.clone(),
                form: self.form.as_mut(),
                streams: &mut self.streams,
                sink,
                progress: progress.filter(|_| reports),
                is_streamed: Box::new(move |status| is_file(status) && !retried.contains(&status)),
                deadline: execution.deadline(),
            };
            let outcome = match call.reading {
                ReadAs::RowStream => open_rows(py, transfer, request),
                _ => perform(py, transfer, request),
            };
            if let Some(retries) = &self.retries {
                if retries.send_again(call, summary.url.as_str(), &outcome)? {
                    continue;
                }
            }
            let outcome = match outcome {
                Ok(answer) => Ok(answer),
                Err(Failure::Other(Error::Transport { kind, message })) => {
                    let error = self.context.hooks.unanswered(kind, &message, &summary);
                    Err(Unanswered { kind, error })
                }
                Err(failure) => return Err(self.context.hooks.raised(failure)),
            };
            return Ok((outcome, token));
        }
    }
}

impl AdapterRetries<'_, '_> {
    /// Whether the adapter wants to retry. It has waited before it returns.
    fn send_again(
        &self,
        call: &Call,
        url: &str,
        outcome: &Result<Answer, Failure>,
    ) -> PyResult<bool> {
        let method = call.verb.method();
        let again = match outcome {
            Err(Failure::Other(Error::Transport { kind, message })) => {
                let name = exception_of_transport(*kind);
                self.object.call_method1("after_failure", (method, url, name, message))?
            }
            Ok(answer) if !answer.streamed => {
                let retry_after = answer.head.header("retry-after");
                let status = answer.head.status;
                self.object.call_method1("after_answer", (method, url, status, retry_after))?
            }
            _ => return Ok(false),
        };
        again.is_truthy()
    }
}
