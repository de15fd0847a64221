//! Building the request of a call from a Python client.

use std::sync::Arc;

use bytes::Bytes;
use pyo3::{
    exceptions::{PyAttributeError, PyTypeError},
    prelude::*,
    types::{PyBytes, PyDict, PyString},
};

use super::{errors::Hooks, exchange::Exchange};
use crate::{
    call::Call,
    error::{Error, Transport as Kind},
    execution::{header_for, merge_headers, Execution, SESSION_HEADERS},
    transport::{form::FormBody, Payload, Request, Settings, Transport},
};

const IF_NONE_MATCH: &str = "If-None-Match";

/// Headers as they are sent.
pub(super) type Headers = Vec<(String, Vec<u8>)>;

/// The bytes of a header's text: ISO-8859-1, as `http.client` writes it.
fn header_bytes(hooks: &Hooks, name: &str, text: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
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
    if !text.is_instance_of::<PyString>() {
        let message = format!("Header '{name}' must be text or bytes, not {}", text.get_type());
        return Err(hooks.exception(Error::transport(Kind::InvalidHeader, message), None));
    }
    text.call_method1("encode", ("latin-1",))?.extract()
}

/// The bytes of headers that Python gives as pairs.
pub(super) fn encoded(
    hooks: &Hooks,
    headers: Vec<(String, Bound<'_, PyAny>)>,
) -> PyResult<Headers> {
    headers
        .into_iter()
        .map(|(name, value)| {
            let value = header_bytes(hooks, &name, &value)?;
            Ok((name, value))
        })
        .collect()
}

/// What the requests of one call are built from, besides the call.
pub(super) struct RequestContext<'a, 'py> {
    pub(super) transport: Arc<Transport>,
    pub(super) hooks: Hooks<'a, 'py>,
    pub(super) client: &'a Bound<'py, PyAny>,
    pub(super) settings: &'a Settings,
    /// The session's headers; none where nobody has changed them.
    pub(super) session_headers: Option<Headers>,
}

impl RequestContext<'_, '_> {
    /// Builds the request of a call from the client's current host and token. Returns also the
    /// authorization that the request carries.
    pub(super) fn prepare(
        &self,
        run: &Execution,
        call: &Call,
        form: Option<&FormBody>,
        json: Option<&Bytes>,
        exchange: &Exchange<'_, '_>,
    ) -> PyResult<(Request, Option<String>)> {
        let py = self.client.py();
        let own: Headers = self
            .client
            .call_method0(pyo3::intern!(py, "make_auth_header"))?
            .cast::<PyDict>()?
            .iter()
            .map(|(name, value)| {
                let name: String = name.extract()?;
                let value = header_bytes(&self.hooks, &name, &value)?;
                Ok((name, value))
            })
            .collect::<PyResult<_>>()?;
        let host = self.client.getattr(pyo3::intern!(py, "host"))?;
        let Ok(host) = host.extract::<String>() else {
            let kind = host.get_type().name()?;
            let message = format!("host: expected a URL, not {kind}");
            return Err(if host.is_instance_of::<PyBytes>() {
                PyTypeError::new_err(message)
            } else {
                PyAttributeError::new_err(message)
            });
        };
        let sent = own.iter().find(|(name, _)| name == "Authorization");
        // The text was encoded as ISO-8859-1.
        let sent: Option<String> =
            sent.map(|(_, value)| value.iter().copied().map(char::from).collect());
        let url = run.url(&host);
        // The answer to a condition of the script's own is the script's.
        let mut session = self.session_headers.iter().flatten();
        let tag = if session.any(|(name, _)| name.eq_ignore_ascii_case(IF_NONE_MATCH)) {
            None
        } else {
            exchange.tag(&url, sent.as_deref())?
        };
        let conditional = tag.iter().map(|tag| (IF_NONE_MATCH, tag.as_bytes()));
        let by_kind = header_for(call).map(|(name, value)| (name, value.as_bytes()));
        let own = pairs(&own).chain(by_kind).chain(conditional);
        let merged = match &self.session_headers {
            Some(session) => merge_headers(pairs(session), own),
            None => merge_headers(SESSION_HEADERS.iter().map(|(n, v)| (*n, v.as_bytes())), own),
        };
        let payload = json.map_or(Payload::Empty, |json| Payload::Bytes(json.clone()));
        let request = Request::new(call.verb.method(), &url, merged, payload);
        let request = request.and_then(|mut request| {
            if let Some(form) = form {
                request.set_content_type(&form.content_type())?;
            }
            Ok(request)
        });
        request.map(|request| (request, sent)).map_err(|error| self.hooks.exception(error, None))
    }
}

/// Headers as pairs of slices.
pub(super) fn pairs(headers: &Headers) -> impl Iterator<Item = (&str, &[u8])> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
}
