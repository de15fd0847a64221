//! A session's transport: its connections, what it sends, what comes back.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, PoisonError,
    },
    time::Duration,
};

use bytes::Bytes;
use pyo3::{
    exceptions::{PyInterruptedError, PyValueError},
    prelude::*,
    types::{PyBytes, PyList},
};
use serde::Deserialize;

use super::{
    blocking::{policy, Driver},
    call::PyCall,
    errors::Hooks,
    process::PerProcess,
    request::{encoded, pairs, RequestContext},
    runtime::{self, AttachGuard},
    transfer::{perform, Answer, Failure, PyStreams, Transfer},
};
use crate::{
    call::Body,
    error::Error,
    transport::{
        cookies::Cookie, form::FormBody, redirect, url, ClientCertificate, Connections, Decoder,
        Head, HeaderMap, Payload, Proxies, Request, Response, Settings, Transport, Verify,
    },
};

/// How much of a compressed body is unpacked at once, in bytes.
const UNPACKED_AT_ONCE: usize = 4096;
/// What a read of a body hands on at least, where there is as much, in bytes.
const ENOUGH: usize = 64 * 1024;

/// What a session says of how its requests travel.
#[derive(Deserialize)]
struct Options {
    verify: VerifyOption,
    cert: Option<CertOption>,
    proxies: Vec<(String, String)>,
    asked_proxies: Vec<(String, Option<String>)>,
    trust_env: bool,
    environment_first: bool,
    connect: Option<f64>,
    idle: Option<f64>,
    kept: Option<usize>,
    in_use: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum VerifyOption {
    Switch(bool),
    Bundle(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CertOption {
    One(String),
    Pair(String, String),
}

/// How requests travel, read once from a session's options.
#[pyclass(name = "Settings", module = "gazu._core", frozen)]
pub struct PySettings(pub(super) Settings);

#[pymethods]
impl PySettings {
    /// Settings from a dict of `verify`, `cert`, `proxies`, `asked_proxies`, `trust_env`,
    /// `connect`, `idle` (seconds), `kept` and `in_use` (connections to one server).
    #[new]
    fn new(options: &Bound<'_, PyAny>) -> PyResult<Self> {
        let options: Options = pythonize::depythonize(options)?;
        let seconds = |name: &str, value: Option<f64>| match value {
            None => Ok(None),
            Some(value) if value.is_finite() && value > 0.0 => {
                Ok(Some(Duration::from_secs_f64(value.min(1e9))))
            }
            Some(value) => Err(PyValueError::new_err(format!(
                "timeout: the {name} deadline must be more than 0 seconds, not {value}"
            ))),
        };
        Ok(Self(Settings {
            verify: match options.verify {
                VerifyOption::Switch(true) => Verify::System,
                VerifyOption::Switch(false) => Verify::Off,
                VerifyOption::Bundle(path) => Verify::Bundle(path.into()),
            },
            certificate: options.cert.map(|cert| match cert {
                CertOption::One(path) => ClientCertificate { certificate: path.into(), key: None },
                CertOption::Pair(certificate, key) => {
                    ClientCertificate { certificate: certificate.into(), key: Some(key.into()) }
                }
            }),
            proxies: Proxies { own: options.proxies, asked: options.asked_proxies },
            trust_env: options.trust_env,
            environment_first: options.environment_first,
            connect: seconds("connect", options.connect)?,
            idle: seconds("idle", options.idle)?,
            connections: Connections { kept: options.kept, in_use: options.in_use },
        }))
    }
}

/// A wish to stop, from another thread.
#[pyclass(name = "Cancel", module = "gazu._core", frozen)]
#[derive(Default)]
pub struct PyCancel(AtomicBool);

#[pymethods]
impl PyCancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Stops the request that is on its way, and every later one.
    fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Raises `InterruptedError` when somebody wishes to stop.
    pub(super) fn check(&self) -> PyResult<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(PyInterruptedError::new_err("cancelled"));
        }
        Ok(())
    }
}

/// A cookie as Python sees it.
type CookieTuple = (String, String, String, bool, String, bool, Option<i64>);

/// A session's connections. A forked child makes its own.
#[pyclass(name = "Transport", module = "gazu._core", frozen)]
pub struct PyTransport {
    hooks: Py<PyAny>,
    current: PerProcess<Transport>,
}

impl PyTransport {
    /// The package's own exceptions.
    pub(super) fn hooks<'a, 'py>(&'a self, py: Python<'py>) -> &'a Bound<'py, PyAny> {
        self.hooks.bind(py)
    }

    /// This process's connections.
    pub(super) fn transport(&self) -> Arc<Transport> {
        let make = |parents: Option<&Transport>| {
            parents.map_or_else(Transport::default, Transport::in_child)
        };
        Arc::clone(self.current.get_or_init(make))
    }
}

#[pymethods]
impl PyTransport {
    /// A transport that raises through `hooks`, the package's own exceptions.
    #[new]
    const fn new(hooks: Py<PyAny>) -> Self {
        Self { hooks, current: PerProcess::new() }
    }

    /// Runs a call for a client and returns its value.
    #[pyo3(signature = (
        client, hooks, settings, session_headers, call, streams, progress, processing_timeout, retries,
        auth_attempts, cancel=None, adapter_retries=None, deadline=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one call from Python, spelt out once")]
    fn run<'py>(
        &self,
        py: Python<'py>,
        client: &Bound<'py, PyAny>,
        hooks: &Bound<'py, PyAny>,
        settings: &PySettings,
        session_headers: Option<Vec<(String, Bound<'py, PyAny>)>>,
        call: &PyCall,
        streams: Vec<Bound<'py, PyAny>>,
        progress: Option<&Bound<'py, PyAny>>,
        processing_timeout: f64,
        retries: u32,
        auth_attempts: u32,
        cancel: Option<&PyCancel>,
        adapter_retries: Option<&Bound<'py, PyAny>>,
        deadline: Option<f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _inside = AttachGuard::enter(py);
        let hooks = Hooks(hooks);
        let session_headers = session_headers.map(|pairs| encoded(&hooks, pairs)).transpose()?;
        let context = RequestContext {
            transport: self.transport(),
            hooks,
            client,
            settings: &settings.0,
            session_headers,
        };
        let policy = policy(retries, auth_attempts, processing_timeout, deadline);
        let streams = PyStreams::new(streams);
        let statuses = |retries: &'_ Bound<'py, PyAny>| retries.getattr("statuses")?.extract();
        let retries = adapter_retries
            .map(|retries| PyResult::Ok((retries, statuses(retries)?)))
            .transpose()?;
        Driver { context, streams, progress, policy, retries, cancel }.run(py, &call.0)
    }

    /// Sends one request and returns its raw response.
    ///
    /// `last` are the headers that follow `Content-Length`. `body` is bytes, or a call that
    /// holds a form; without it the first of the streams is the body. With `stream` the
    /// answer's body is left to be read with `Response.read`.
    #[pyo3(signature = (settings, method, url, headers, last, body, streams, redirects, stream))]
    #[expect(clippy::too_many_arguments, reason = "one call from Python, spelt out once")]
    fn send<'py>(
        &self,
        py: Python<'py>,
        settings: &PySettings,
        method: &str,
        url: &str,
        headers: Vec<(String, Bound<'py, PyAny>)>,
        last: Vec<(String, Bound<'py, PyAny>)>,
        body: Option<&Bound<'py, PyAny>>,
        streams: Vec<Bound<'py, PyAny>>,
        redirects: Option<usize>,
        stream: bool,
    ) -> PyResult<Bound<'py, PyResponse>> {
        let _inside = AttachGuard::enter(py);
        let hooks = Hooks(self.hooks.bind(py));
        let fail = |failure: Failure| match failure {
            Failure::Python(error) => error,
            Failure::Other(error) => hooks.exception(error, None),
        };
        let (headers, last) = (encoded(&hooks, headers)?, encoded(&hooks, last)?);
        let mut streams =
            if body.is_some() { PyStreams::new(streams) } else { PyStreams::from_here(streams) };
        let mut content_type = None;
        let mut form = None;
        let mut payload = Payload::Empty;
        if let Some(body) = body {
            if let Ok(call) = body.cast::<PyCall>() {
                if let Body::Form { fields, files } = &call.get().0.body {
                    let opened = FormBody::open(fields, files, &mut streams).map_err(fail)?;
                    content_type = Some(opened.content_type());
                    form = Some(opened);
                }
            } else {
                payload =
                    Payload::Bytes(Bytes::copy_from_slice(body.cast::<PyBytes>()?.as_bytes()));
            }
        } else if !streams.is_empty() {
            form = Some(FormBody::of_stream(0, &mut streams).map_err(fail)?);
        }
        let request = Request::new(method, url, pairs(&headers), payload);
        let request = request.and_then(|mut request| {
            if let Some(content_type) = content_type {
                request.set_content_type(&content_type)?;
            }
            for (name, value) in pairs(&last) {
                request.add_last(name, value)?;
            }
            request.redirects = redirects;
            Ok(request)
        });
        let request = request.map_err(|error| hooks.exception(error, None))?;
        if stream && form.is_none() {
            return self.open(py, settings, request);
        }
        let transfer = Transfer {
            transport: self.transport(),
            settings: settings.0.clone(),
            form: form.as_mut(),
            streams: &mut streams,
            sink: None,
            progress: None,
            streamed: Box::new(|_| false),
            cancel: None,
            until: None,
        };
        let answer = perform(py, transfer, request).map_err(fail)?;
        raw_response(py, self.hooks.bind(py), answer)
    }

    /// How often the cookies have changed.
    fn cookie_changes(&self) -> u64 {
        self.transport().cookies().changes()
    }

    /// The cookies: name, value, domain, whether it is for the domain's hosts, path, whether it
    /// is for TLS only, and the seconds since 1970 at which it ends.
    fn cookies(&self) -> Vec<CookieTuple> {
        let all = self.transport().cookies().all();
        all.into_iter()
            .map(|c| (c.name, c.value, c.domain, c.for_domain, c.path, c.secure, c.expires))
            .collect()
    }

    /// Puts cookies in the place of all others, and returns how often they have changed then.
    fn set_cookies(&self, cookies: Vec<CookieTuple>) -> u64 {
        let cookies =
            cookies.into_iter().map(|(name, value, domain, for_domain, path, secure, expires)| {
                Cookie { name, value, domain, for_domain, path, secure, expires }
            });
        self.transport().cookies().replace(cookies.collect())
    }

    /// Closes the connections that are not in use.
    fn close(&self, py: Python<'_>) {
        if self.current.get().is_some_and(|transport| transport.close()) {
            runtime::tidy(py);
        }
    }
}

impl Drop for PyTransport {
    /// Nobody else closes the connections of a session that has been forgotten.
    fn drop(&mut self) {
        Python::try_attach(|py| self.close(py));
    }
}

impl PyTransport {
    /// Sends a request and leaves the body to be read.
    fn open<'py>(
        &self,
        py: Python<'py>,
        settings: &PySettings,
        request: Request,
    ) -> PyResult<Bound<'py, PyResponse>> {
        let hooks = self.hooks.bind(py);
        let (transport, settings) = (self.transport(), settings.0.clone());
        let work = async move { transport.exchange(&settings, request).await };
        let response = runtime::drive(py, work, || Ok(()))?
            .map_err(|error| Hooks(hooks).exception(error, None))?;
        let decoder = response.decoder();
        Bound::new(
            py,
            PyResponse {
                hooks: hooks.clone().unbind(),
                head: response.head.clone(),
                history: response.history.clone(),
                content: None,
                stream: Mutex::new(Some(OpenBody {
                    response,
                    decoder,
                    packed: Bytes::new(),
                    ended: false,
                })),
            },
        )
    }
}

struct OpenBody {
    response: Response,
    decoder: Decoder,
    /// What has arrived and is not unpacked yet.
    packed: Bytes,
    ended: bool,
}

impl OpenBody {
    /// Unpacks some of what has arrived: a little of it may be gigabytes.
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
}

/// What came back, before anything is made of it.
#[pyclass(name = "Response", module = "gazu._core", frozen)]
pub struct PyResponse {
    hooks: Py<PyAny>,
    head: Head,
    history: Vec<Head>,
    content: Option<Bytes>,
    stream: Mutex<Option<OpenBody>>,
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

/// Headers as pairs of text.
pub(super) fn headers_of<'py>(
    py: Python<'py>,
    headers: &HeaderMap,
) -> PyResult<Bound<'py, PyList>> {
    // Headers are ISO-8859-1, in which each byte is the character of its number.
    let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let pairs = headers.iter().map(|(name, value)| (name.as_str(), text(value.as_bytes())));
    PyList::new(py, pairs.collect::<Vec<_>>())
}

/// A URL without its user name and password.
#[pyfunction]
pub(super) fn without_userinfo(text: &str) -> String {
    url::without_userinfo(text)
}

/// The method of the request that follows a redirect with this status.
#[pyfunction]
pub(super) fn method_after_redirect(status: u16, method: &str) -> PyResult<String> {
    let method = method
        .parse()
        .map_err(|_| PyValueError::new_err(format!("method: not an HTTP method: {method:?}")))?;
    Ok(redirect::after(status, &method).method.to_string())
}

/// Whether a redirect leads to another host, port or scheme.
#[pyfunction]
pub(super) fn leaves_the_host(from: &str, to: &str) -> bool {
    match (url::parse(from), url::parse(to)) {
        (Ok(from), Ok(to)) => redirect::leaves_the_host(&from, &to),
        _ => true,
    }
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

    /// The whole body when it was read at once; `None` when it is to be read.
    #[getter]
    fn content<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.content.as_ref().map(|content| PyBytes::new(py, content))
    }

    /// The next bytes of the body, decompressed unless `decode` is false; none at the end.
    fn read<'py>(&self, py: Python<'py>, decode: bool) -> PyResult<Bound<'py, PyBytes>> {
        let _inside = AttachGuard::enter(py);
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
            let (mut reading, outcome) = runtime::drive(py, work, || Ok(()))?;
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

    /// Gives the rest of the body up.
    fn close(&self, py: Python<'_>) {
        let left = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        if left.is_some() {
            drop(left);
            runtime::tidy(py);
        }
    }

    /// Whether there is nothing left to read.
    #[getter]
    fn is_closed(&self) -> bool {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Method, URL and status.
    fn __repr__(&self) -> String {
        let url = url::without_userinfo(&self.head.url);
        format!("<Response [{}] {} {url}>", self.head.status, self.head.method)
    }
}

impl Drop for PyResponse {
    /// As [`PyTransport`]'s.
    fn drop(&mut self) {
        Python::try_attach(|py| self.close(py));
    }
}
