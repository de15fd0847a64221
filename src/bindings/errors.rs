//! From errors to Python exceptions.
//!
//! The exception classes are defined in Python. They are reached through the `hooks` that the
//! package passes along, never by module name: the package may be imported under any name, and
//! more than once.

use std::{io, path::PathBuf};

use pyo3::{
    exceptions::{PyKeyError, PyOSError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyList, PyString},
};

use super::transfer::Failure;
use crate::{
    args::{FilePath, PathKind},
    call::{Body, Call, Content},
    error::{Error, InvalidArgument, Rejection, Transport},
    execution::{parse_retry_after, Execution},
    transport::{HeaderMap, RequestSummary},
};

/// The name of the exception class for a status; `None` when the status is no error.
#[pyfunction]
pub(super) fn rejection_of_status(status: u16) -> Option<&'static str> {
    Rejection::of_status(status).map(exception_of_rejection)
}

/// The seconds that a `Retry-After` asks for; `None` where it makes no sense.
#[pyfunction]
pub(super) fn seconds_of_retry_after(text: &str) -> Option<f64> {
    parse_retry_after(text).map(|wait| wait.as_secs_f64())
}

/// The name of the exception class for a rejection.
const fn exception_of_rejection(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::Parameter => "ParameterException",
        Rejection::NotAuthenticated => "NotAuthenticatedException",
        Rejection::NotAllowed => "NotAllowedException",
        Rejection::RouteNotFound => "RouteNotFoundException",
        Rejection::MethodNotAllowed => "MethodNotAllowedException",
        Rejection::TooBigFile => "TooBigFileException",
        Rejection::Validation => "ValidationException",
        Rejection::TooManyRequests => "TooManyRequestsException",
        Rejection::ServerError => "ServerErrorException",
        Rejection::Login => "AuthFailedException",
    }
}

/// The name that `requests` gives to a transport error; `Lost` is a connection error too.
pub(super) const fn exception_of_transport(kind: Transport) -> &'static str {
    match kind {
        Transport::Connect | Transport::EventsRejected => "ConnectionError",
        Transport::Lost | Transport::Closed | Transport::Malformed => "Lost",
        Transport::ConnectTimeout => "ConnectTimeout",
        Transport::ReadTimeout => "ReadTimeout",
        Transport::Tls => "SSLError",
        Transport::Proxy => "ProxyError",
        Transport::TooManyRedirects => "TooManyRedirects",
        Transport::Truncated | Transport::TruncatedAfterWrite => "ChunkedEncodingError",
        Transport::ContentEncoding => "ContentDecodingError",
        Transport::TooLarge => "RequestException",
        Transport::OutOfMemory => "MemoryError",
        Transport::MissingSchema => "MissingSchema",
        Transport::InvalidSchema => "InvalidSchema",
        Transport::InvalidUrl => "InvalidURL",
        Transport::InvalidHeader => "InvalidHeader",
        Transport::InvalidProxyUrl => "InvalidProxyURL",
        Transport::Certificate => "CertificateFileError",
    }
}

/// Why a request of a script's session got no answer, by the name of the exception.
pub(super) fn transport_of_exception(name: &str) -> Option<Transport> {
    Some(match name {
        "ConnectionError" => Transport::Connect,
        "Lost" => Transport::Lost,
        "ConnectTimeout" => Transport::ConnectTimeout,
        "ReadTimeout" => Transport::ReadTimeout,
        "ChunkedEncodingError" => Transport::Truncated,
        _ => return None,
    })
}

/// A request without an answer: the kind of error, and the exception for it.
pub(super) struct Unanswered {
    pub(super) kind: Transport,
    pub(super) error: PyErr,
}

/// The functions of the package that make its exceptions.
pub(super) struct Hooks<'h, 'py>(pub(super) &'h Bound<'py, PyAny>);

impl Hooks<'_, '_> {
    /// The exception for an error; `content_type` is that of a rejection's body.
    pub(super) fn exception(&self, error: Error, content_type: Option<&str>) -> PyErr {
        self.made(error, content_type).unwrap_or_else(|failure| failure)
    }

    /// The exception for what ended a transfer.
    pub(super) fn raised(&self, failure: Failure) -> PyErr {
        match failure {
            Failure::Python(error) => error,
            Failure::Other(error) => self.exception(error, None),
        }
    }

    /// The exception for a request without an answer, with the request as its attribute.
    pub(super) fn unanswered(
        &self,
        kind: Transport,
        message: &str,
        summary: &RequestSummary,
    ) -> PyErr {
        let made = headers_of(self.0.py(), &summary.headers).and_then(|headers| {
            let summary = (summary.method.as_str(), summary.url.as_str(), headers);
            self.0.call_method1("transport", (exception_of_transport(kind), message, summary))
        });
        made.map_or_else(|failure| failure, PyErr::from_value)
    }

    /// Renews a client's token, or raises the error of the rejected call.
    pub(super) fn renew(
        &self,
        client: &Bound<'_, PyAny>,
        execution: &Execution,
        expired: bool,
        error: PyErr,
        token: Option<String>,
    ) -> PyResult<()> {
        let left = execution.seconds_left();
        let given = (client, execution.path(), expired, error, token, left);
        self.0.call_method1("renew", given).map(drop)
    }

    fn made(&self, error: Error, content_type: Option<&str>) -> PyResult<PyErr> {
        let made = match error {
            Error::Rejected { rejection, status, path, body, retry_after } => {
                let name = exception_of_rejection(rejection);
                let wait = retry_after.map(|wait| wait.as_secs_f64());
                let answer = (name, status, path, &body[..], content_type, wait);
                self.0.call_method1("rejected", answer)?
            }
            Error::Processing { path } => self.0.call_method1("processing", (path,))?,
            Error::Transport { kind, message } => {
                self.0.call_method1("transport", (exception_of_transport(kind), message))?
            }
            Error::Upload { message } => self.0.call_method1("upload_failed", (message,))?,
            Error::Io { path, source } => return os_error(self.0.py(), path, &source),
            Error::Decode { message } => return Ok(PyValueError::new_err(message)),
            Error::Argument(reason) => return Ok(reason.into()),
        };
        Ok(PyErr::from_value(made))
    }
}

impl From<InvalidArgument> for PyErr {
    fn from(reason: InvalidArgument) -> Self {
        match reason {
            InvalidArgument::MissingKey(message) => PyKeyError::new_err(message),
            InvalidArgument::WrongType(message) => PyTypeError::new_err(message),
            InvalidArgument::WrongValue(message) => PyValueError::new_err(message),
        }
    }
}

/// An `OSError` with its code, text and file name, of the class that Python gives the code.
fn os_error(py: Python<'_>, path: PathBuf, source: &io::Error) -> PyResult<PyErr> {
    let code = match (source.raw_os_error(), source.kind()) {
        // Python takes the number and the class from that of Windows.
        (Some(code), _) if cfg!(windows) => {
            return Ok(PyOSError::new_err((0, windows_text(source), path.into_os_string(), code)));
        }
        (Some(code), _) => code,
        (None, io::ErrorKind::IsADirectory) => errno(py, "EISDIR")?,
        (None, io::ErrorKind::NotFound) => errno(py, "ENOENT")?,
        (None, io::ErrorKind::PermissionDenied) => errno(py, "EACCES")?,
        (None, _) => return Ok(PyOSError::new_err(format!("{}: {source}", path.display()))),
    };
    Ok(PyOSError::new_err((code, text_of(py, code)?, path.into_os_string())))
}

/// The exception, with a file's name as bytes where the call has been given it as bytes.
pub(super) fn named_as_given(py: Python<'_>, call: &Call, error: PyErr) -> PyErr {
    let files = match &call.body {
        Body::Form { files, .. } => files.as_slice(),
        _ => &[],
    };
    let of_parts = files.iter().filter_map(|part| match &part.content {
        Content::File(path) => Some(path),
        _ => None,
    });
    let renamed = |path: &FilePath| -> PyResult<()> {
        let raised = error.value(py);
        let name = raised.getattr("filename")?;
        if name.is_instance_of::<PyString>() && name.extract::<PathBuf>()? == path.0 {
            let encoded = py.import("os")?.call_method1("fsencode", (name,))?;
            raised.setattr("filename", encoded)?;
        }
        Ok(())
    };
    let mut given = call.target.iter().chain(of_parts).filter(|path| path.1 == PathKind::Bytes);
    match given.by_ref().filter(|_| error.is_instance_of::<PyOSError>(py)).try_for_each(renamed) {
        Ok(()) => error,
        Err(failure) => failure,
    }
}

/// The text of Windows for an error, as Python has it: without the dot at its end.
fn windows_text(source: &io::Error) -> String {
    let text = source.to_string();
    let text = text.rsplit_once(" (os error").map_or(&*text, |(text, _)| text);
    text.trim_end_matches(|last: char| last <= ' ' || last == '.').to_owned()
}

/// The system's text for an error code.
fn text_of(py: Python<'_>, code: i32) -> PyResult<String> {
    py.import("os")?.call_method1("strerror", (code,))?.extract()
}

fn errno(py: Python<'_>, name: &str) -> PyResult<i32> {
    py.import("errno")?.getattr(name)?.extract()
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
