//! What has been kept of earlier answers to a call.
//!
//! The Python object of [`Exchange`] keeps them. It is asked for a tag before a request is sent, and
//! told what came back. So the drivers decide the same, whoever sends the request.

use bytes::Bytes;
use pyo3::{prelude::*, pybacked::PyBackedBytes, types::PyBytes};

use super::transfer::Answer;
use crate::{
    error::Transport as Kind,
    transport::{Head, HeaderMap, Method},
};

/// The answers to one call that are kept; none if nothing is.
pub(super) struct Exchange<'d, 'py>(pub(super) Option<&'d Bound<'py, PyAny>>);

/// The body of a kept answer, and its content type.
type Kept = Option<(PyBackedBytes, Option<String>)>;

impl Exchange<'_, '_> {
    /// The `If-None-Match` for a request; `None` if the server must send the answer.
    pub(super) fn tag(&self, url: &str, authorization: Option<&str>) -> PyResult<Option<String>> {
        match self.0 {
            Some(object) => object.call_method1("begin", (url, authorization))?.extract(),
            None => Ok(None),
        }
    }

    /// The kept answer, if the server says that it has not changed.
    pub(super) fn unchanged(&self, status: Option<u16>) -> PyResult<Option<Answer>> {
        match self.0 {
            Some(object) if status == Some(304) => {
                Ok(answer_of(object.call_method0("unchanged")?.extract()?))
            }
            _ => Ok(None),
        }
    }

    /// Keeps an answer of our own transport, if it may be kept.
    pub(super) fn keep(&self, py: Python<'_>, answer: &Answer) -> PyResult<()> {
        let Some(object) = self.0 else { return Ok(()) };
        let tag = answer.head.header("etag");
        if object.call_method1("wants", (answer.head.status, tag))?.is_truthy()? {
            let body = PyBytes::new(py, &answer.body);
            object.call_method1("received", (tag, answer.content_type(), body))?;
        }
        Ok(())
    }

    /// Keeps the response of a script's session, if it may be kept.
    pub(super) fn keep_response(&self, response: &Bound<'_, PyAny>) -> PyResult<()> {
        match self.0 {
            Some(object) => object.call_method1("responded", (response,)).map(drop),
            None => Ok(()),
        }
    }

    /// What was last seen, in place of an error that says that the server is down.
    pub(super) fn last_seen(&self, py: Python<'_>, error: PyErr) -> PyResult<Answer> {
        if let Some(object) = self.0 {
            let kept: Kept = object.call_method1("last_seen", (error.value(py),))?.extract()?;
            if let Some(answer) = answer_of(kept) {
                return Ok(answer);
            }
        }
        Err(error)
    }
}

/// Whether a request without an answer means that the server is down.
pub(super) const fn is_down(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Connect | Kind::Lost | Kind::ConnectTimeout | Kind::ReadTimeout | Kind::Truncated
    )
}

/// Whether an answer of this status means that the server is down.
pub(super) const fn is_down_status(status: u16) -> bool {
    matches!(status, 502..=504)
}

fn answer_of(kept: Kept) -> Option<Answer> {
    let (body, content_type) = kept?;
    let mut headers = HeaderMap::new();
    if let Some(Ok(value)) = content_type.map(|text| text.parse()) {
        headers.insert("content-type", value);
    }
    let head = Head {
        status: 200,
        reason: "OK".into(),
        url: String::new(),
        method: Method::GET,
        headers,
        sent: HeaderMap::new(),
    };
    let body = Bytes::from_owner(body);
    Some(Answer { head, history: Vec::new(), body, streamed: false, open: None })
}
