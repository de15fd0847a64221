//! The blocking driver of a call: it does what [`Run`] says.

use std::time::Duration;

use bytes::Bytes;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString},
};

use super::{
    decode,
    errors::Hooks,
    runtime,
    session::{raw_response, PySettings},
    transfer::{perform, Answer, Failure, PyStreams, Sink, Transfer},
};
use crate::{
    call::{Body, Call, Reading},
    client::{header_of, headers, Policy, Run, Step, SESSION_HEADERS},
    error::Refusal,
    reply::Charset,
    transport::{form::FormBody, save::Download, Payload, Request, Transport},
};

/// A header's text on the wire: ISO-8859-1, as `http.client` writes it.
pub(super) fn header_bytes(text: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = text.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(text) = text.cast_exact::<PyString>() {
        if let Ok(text) = text.to_cow() {
            if text.is_ascii() {
                return Ok(text.as_bytes().to_vec());
            }
        }
    }
    text.call_method1("encode", ("latin-1",))?.extract()
}

type Headers = Vec<(String, Vec<u8>)>;

/// Who runs a call, and with what.
pub(super) struct Driver<'d, 'py> {
    pub(super) transport: std::sync::Arc<Transport>,
    pub(super) hooks: Hooks<'d, 'py>,
    pub(super) client: &'d Bound<'py, PyAny>,
    pub(super) settings: &'d PySettings,
    pub(super) session_headers: Option<Headers>,
    pub(super) streams: PyStreams<'py>,
    pub(super) progress: Option<&'d Bound<'py, PyAny>>,
    pub(super) policy: Policy,
}

impl<'py> Driver<'_, 'py> {
    fn raise(&self, failure: Failure, content_type: Option<&str>) -> PyErr {
        match failure {
            Failure::Python(error) => error,
            Failure::Other(error) => self.hooks.exception(error, content_type),
        }
    }

    /// Runs the call to its value.
    pub(super) fn run(mut self, py: Python<'py>, call: &Call) -> PyResult<Bound<'py, PyAny>> {
        let mut run = Run::new(call, self.policy);
        let mut form = match &call.body {
            Body::Form { fields, files } => Some(
                FormBody::open(fields, files, &mut self.streams)
                    .map_err(|failure| self.raise(failure, None))?,
            ),
            _ => None,
        };
        let json = call.json_body().map(|json| Bytes::from(json.as_str().to_owned()));
        loop {
            let sink = self.sink(call)?;
            let own: Headers = self
                .client
                .call_method0(pyo3::intern!(py, "make_auth_header"))?
                .cast::<PyDict>()?
                .iter()
                .map(|(name, value)| Ok((name.extract()?, header_bytes(&value)?)))
                .collect::<PyResult<_>>()?;
            let host: String = self.client.getattr(pyo3::intern!(py, "host"))?.extract()?;
            let request = self.request(&run, call, &host, &own, form.as_ref(), json.as_ref())?;
            let transfer = Transfer {
                transport: self.transport.clone(),
                settings: self.settings.0.clone(),
                form: form.as_mut(),
                streams: &mut self.streams,
                sink,
                progress: self.progress,
                streamed: |status| status != 202 && Refusal::of_status(status).is_none(),
            };
            let (step, content_type) = match perform(py, transfer, request) {
                Err(Failure::Other(error)) => (run.failed(error), None),
                Err(Failure::Python(error)) => return Err(error),
                Ok(answer) if answer.streamed => return self.value(py, call, answer),
                Ok(answer) => match run.answered(&answer.head, &answer.body) {
                    Ok(Step::Done) => return self.value(py, call, answer),
                    step => (step, answer.content_type().map(str::to_owned)),
                },
            };
            let content_type = content_type.as_deref();
            match step.map_err(|error| self.hooks.exception(error, content_type))? {
                Step::Done => {}
                Step::Again(wait) => runtime::sleep(py, wait)?,
                Step::Renew { expired, error } => {
                    let exception = self.hooks.exception(error.clone(), content_type);
                    let sent = own.iter().find(|(name, _)| name == "Authorization");
                    let sent = sent.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
                    self.hooks.0.call_method1(
                        "renew",
                        (self.client, run.path(), expired, exception, sent),
                    )?;
                    run.renewed(error)
                        .map_err(|error| self.hooks.exception(error, content_type))?;
                }
            }
        }
    }

    fn sink(&self, call: &Call) -> PyResult<Option<Sink>> {
        if call.reading != Reading::Response {
            return Ok(None);
        }
        Ok(Some(match &call.target {
            Some(target) => Sink::File(
                Download::begin(&target.0).map_err(|error| self.hooks.exception(error, None))?,
            ),
            None => Sink::Memory(Vec::new()),
        }))
    }

    fn request(
        &self,
        run: &Run<'_>,
        call: &Call,
        host: &str,
        own: &Headers,
        form: Option<&FormBody>,
        json: Option<&Bytes>,
    ) -> PyResult<Request> {
        let by_kind = header_of(call).map(|(name, value)| (name, value.as_bytes()));
        let form_type = form.map(FormBody::content_type);
        let form_type = form_type.iter().map(|text| ("Content-Type", text.as_bytes()));
        let own = own
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .chain(by_kind)
            .chain(form_type);
        let merged = match &self.session_headers {
            Some(session) => {
                headers(session.iter().map(|(name, value)| (name.as_str(), value.as_slice())), own)
            }
            None => headers(SESSION_HEADERS.iter().map(|(n, v)| (*n, v.as_bytes())), own),
        };
        let payload = json.map_or(Payload::Empty, |json| Payload::Bytes(json.clone()));
        Request::new(call.verb.method(), &run.url(host), merged, payload)
            .map_err(|error| self.hooks.exception(error, None))
    }

    /// The answer's value, as the call reads it.
    fn value(&self, py: Python<'py>, call: &Call, answer: Answer) -> PyResult<Bound<'py, PyAny>> {
        let content_type = answer.content_type();
        let body = &answer.body[..];
        let json = || match decode::decode_answer(py, body, content_type) {
            Some(value) => Ok(value),
            None => self.hooks.0.call_method1("loads", (body, content_type, call.verb.name())),
        };
        match call.reading {
            Reading::Json if call.sorted => {
                let value = json()?;
                decode::sort_by_name(&value).map(Bound::into_any)
            }
            Reading::Json => json(),
            Reading::First => {
                let entries = json()?;
                match entries.cast_exact::<PyList>() {
                    Ok(list) if list.is_empty() => Ok(py.None().into_bound(py)),
                    Ok(list) => list.get_item(0),
                    Err(_) if !entries.is_truthy()? => Ok(py.None().into_bound(py)),
                    Err(_) => entries.get_item(0),
                }
            }
            Reading::Uploaded => {
                let value = json()?;
                self.hooks.0.call_method1("uploaded", (&value,))?;
                Ok(value)
            }
            Reading::Text => match Charset::of(content_type).as_utf8(body) {
                Some(text) => Ok(PyString::new(py, text).into_any()),
                None => self.hooks.0.call_method1("text", (body, content_type)),
            },
            Reading::Bytes => Ok(PyBytes::new(py, body).into_any()),
            Reading::Response => {
                let raw = raw_response(py, self.hooks.0, answer)?;
                self.hooks.0.call_method1("response", (raw,))
            }
        }
    }
}

/// How often and how long a call is tried, from Python's numbers.
pub(super) fn policy(tries: u32, processing_timeout: f64) -> Policy {
    let seconds = if processing_timeout.is_finite() { processing_timeout } else { 1e9 };
    Policy { tries: tries.max(1), processing: Duration::from_secs_f64(seconds.clamp(0.0, 1e9)) }
}
