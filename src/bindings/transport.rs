//! A session's transport: its connections and cookies.

use std::sync::Arc;

use bytes::Bytes;
use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};

use super::{
    call::PyCall,
    errors::Hooks,
    process::PerProcess,
    request::{encoded, pairs},
    response::{open_response, raw_response, PyResponse},
    runtime::{self, AttachGuard},
    settings::PySettings,
    transfer::{perform, Failure, PyStreams, Transfer, WaitLimits},
};
use crate::{
    call::Body,
    transport::{
        cookies::{Cookie, Cookies},
        form::FormBody,
        redirect, url, Payload, Request, Transport,
    },
};

/// A cookie as Python sees it: name, value, domain, whether it is for all hosts of the domain,
/// path, whether it is for TLS only, the seconds since 1970 at which it expires, and details.
type CookieTuple = (String, String, String, bool, String, bool, Option<i64>, Option<String>);

fn cookie_of(record: CookieTuple) -> Cookie {
    let (name, value, domain, for_domain, path, secure, expires, details) = record;
    Cookie { name, value, domain, for_domain, path, secure, expires, details }
}

/// The only owner of a session's cookies. A forked child has a copy.
#[pyclass(name = "Cookies", module = "gazu._core", frozen)]
pub struct PyCookies(PerProcess<Cookies>);

impl PyCookies {
    /// This process's cookies.
    fn current(&self) -> &Arc<Cookies> {
        self.0.get_or_init(|parents| parents.map_or_else(Cookies::default, Cookies::copy))
    }
}

#[pymethods]
impl PyCookies {
    #[new]
    const fn new() -> Self {
        Self(PerProcess::new())
    }

    /// All cookies, in the order in which a jar of Python lists them.
    fn all(&self) -> Vec<CookieTuple> {
        let all = self.current().all().into_iter();
        all.map(|c| {
            (c.name, c.value, c.domain, c.for_domain, c.path, c.secure, c.expires, c.details)
        })
        .collect()
    }

    /// Sets a cookie, in the place of the one with the same domain, path and name.
    fn set(&self, cookie: CookieTuple) {
        self.current().set(cookie_of(cookie));
    }

    /// Puts a cookie in the place of another, if the other is there unchanged.
    fn replace(&self, old: CookieTuple, new: CookieTuple) -> bool {
        self.current().replace(&cookie_of(old), cookie_of(new))
    }

    /// Removes a cookie. Returns whether it was there.
    fn remove(&self, domain: &str, path: &str, name: &str) -> bool {
        self.current().remove(domain, path, name)
    }

    /// Removes all cookies.
    fn clear(&self) {
        self.current().clear();
    }
}

/// A session's connections. A forked child makes its own.
#[pyclass(name = "Transport", module = "gazu._core", frozen)]
pub struct PyTransport {
    hooks: Py<PyAny>,
    cookies: Py<PyCookies>,
    current: PerProcess<Transport>,
}

impl PyTransport {
    /// This process's connections.
    pub(super) fn transport(&self) -> Arc<Transport> {
        let cookies = self.cookies.get().current();
        Arc::clone(self.current.get_or_init(|_| Transport::new(Arc::clone(cookies))))
    }
}

#[pymethods]
impl PyTransport {
    /// A transport. `hooks` makes the exceptions that it raises.
    #[new]
    const fn new(hooks: Py<PyAny>, cookies: Py<PyCookies>) -> Self {
        Self { hooks, cookies, current: PerProcess::new() }
    }

    /// Sends one request and returns its raw response.
    ///
    /// `last` are the headers after `Content-Length`. `body` is bytes, or a call with a form. If
    /// it is `None`, the first of the streams is the body. If `stream` is true, the body of the
    /// response is not read: `Response.read` reads it.
    #[pyo3(signature = (*, settings, method, url, headers, last, body, streams, redirects, stream))]
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
        let _guard = AttachGuard::enter(py);
        let hooks = Hooks(self.hooks.bind(py));
        let fail = |failure: Failure| match failure {
            Failure::Python(error) => error,
            Failure::Other(error) => hooks.exception(error, None),
        };
        let (headers, last) = (encoded(&hooks, headers)?, encoded(&hooks, last)?);
        let mut streams = PyStreams::new(streams);
        let limits = WaitLimits::default();
        let mut content_type = None;
        let mut form = None;
        let mut payload = Payload::Empty;
        if let Some(body) = body {
            if let Ok(call) = body.cast::<PyCall>() {
                if let Body::Form { fields, files } = &call.get().0.body {
                    let mut streams = streams.interruptible(py, limits);
                    let opened = FormBody::open(fields, files, &mut streams).map_err(fail)?;
                    content_type = Some(opened.content_type());
                    form = Some(opened);
                }
            } else {
                payload =
                    Payload::Bytes(Bytes::copy_from_slice(body.cast::<PyBytes>()?.as_bytes()));
            }
        } else if !streams.is_empty() {
            let mut streams = streams.interruptible(py, limits);
            form = Some(FormBody::from_stream(0, &mut streams).map_err(fail)?);
        }
        let request = Request::new(method, url, pairs(&headers), payload);
        let request = request.and_then(|mut request| {
            if let Some(content_type) = content_type {
                request.set_content_type(&content_type)?;
            }
            for (name, value) in pairs(&last) {
                request.add_last_header(name, value)?;
            }
            request.max_redirects = redirects;
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
            is_streamed: Box::new(|_| false),
            deadline: None,
        };
        let answer = perform(py, transfer, request).map_err(fail)?;
        raw_response(py, self.hooks.bind(py), answer)
    }

    /// The cookies that this transport sends and stores.
    #[getter]
    fn cookies(&self, py: Python<'_>) -> Py<PyCookies> {
        self.cookies.clone_ref(py)
    }

    /// Closes the idle connections.
    fn close(&self, py: Python<'_>) {
        if self.current.get().is_some_and(|transport| transport.close()) {
            runtime::close_connections(py);
        }
    }
}

impl Drop for PyTransport {
    /// Closes the connections of a session that nobody has closed.
    fn drop(&mut self) {
        Python::try_attach(|py| self.close(py));
    }
}

impl PyTransport {
    /// Sends a request and returns before the body of its response has been read.
    fn open<'py>(
        &self,
        py: Python<'py>,
        settings: &PySettings,
        request: Request,
    ) -> PyResult<Bound<'py, PyResponse>> {
        let hooks = self.hooks.bind(py);
        let (transport, settings) = (self.transport(), settings.0.clone());
        let work = async move { transport.exchange(&settings, request).await };
        let response =
            runtime::drive(py, work)?.map_err(|error| Hooks(hooks).exception(error, None))?;
        open_response(hooks, response)
    }
}

/// A URL without its user name and password.
#[pyfunction]
pub(super) fn without_userinfo(text: &str) -> String {
    url::without_userinfo(text)
}

/// A URL or path as it may be shown: without its user, its password and the secrets in its query.
#[pyfunction]
pub(super) fn shown_url(text: &str) -> String {
    crate::redact::shown_url(text)
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
pub(super) fn leaves_the_host(source: &str, target: &str) -> bool {
    match (url::parse(source), url::parse(target)) {
        (Ok(source), Ok(target)) => redirect::leaves_the_host(&source, &target),
        _ => true,
    }
}
