//! From errors to Python exceptions.
//!
//! The exception classes are the package's own, in Python. They are reached through the
//! object that the package hands to each transport, never by name, since the package may be
//! imported under any name, more than once.

use std::io;

use pyo3::{
    exceptions::{PyOSError, PyValueError},
    prelude::*,
};

use super::session::headers_of;
use crate::{
    error::{Error, Rejection, Transport},
    transport::Request,
};

/// The name of the rejection that a status stands for; `None` when its body is an answer.
#[pyfunction]
pub(super) fn rejection_of_status(status: u16) -> Option<&'static str> {
    Rejection::of_status(status).map(exception_of_rejection)
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
        Rejection::ServerError => "ServerErrorException",
    }
}

/// The name that `requests` gives to a transport error; `Lost` is a connection error too.
pub(super) const fn exception_of_transport(kind: Transport) -> &'static str {
    match kind {
        Transport::Connect | Transport::Closed => "ConnectionError",
        Transport::Lost => "Lost",
        Transport::ConnectTimeout => "ConnectTimeout",
        Transport::ReadTimeout => "ReadTimeout",
        Transport::Tls => "SSLError",
        Transport::Proxy => "ProxyError",
        Transport::TooManyRedirects => "TooManyRedirects",
        Transport::Truncated => "ChunkedEncodingError",
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

/// The package's own exceptions, as the transport knows them.
pub(super) struct Hooks<'h, 'py>(pub(super) &'h Bound<'py, PyAny>);

impl Hooks<'_, '_> {
    /// The exception for an error; `content_type` is that of a rejection's body.
    pub(super) fn exception(&self, error: Error, content_type: Option<&str>) -> PyErr {
        self.made(error, content_type).unwrap_or_else(|failure| failure)
    }

    /// The exception for a request that got no answer, which knows what was asked.
    pub(super) fn unanswered(&self, error: Error, request: Option<&Request>) -> PyErr {
        let (Error::Transport { kind, message }, Some(request)) = (&error, request) else {
            return self.exception(error, None);
        };
        let py = self.0.py();
        let made = headers_of(py, &request.headers).and_then(|headers| {
            let asked = (request.method.as_str(), request.url.as_str(), headers);
            self.0.call_method1("transport", (exception_of_transport(*kind), message, asked))
        });
        made.map_or_else(|failure| failure, PyErr::from_value)
    }

    fn made(&self, error: Error, content_type: Option<&str>) -> PyResult<PyErr> {
        let made = match error {
            Error::Rejected { rejection, status, path, body } => self.0.call_method1(
                "refused",
                (exception_of_rejection(rejection), status, path, &body[..], content_type),
            )?,
            Error::Processing { path } => self.0.call_method1("processing", (path,))?,
            Error::Transport { kind, message } => {
                self.0.call_method1("transport", (exception_of_transport(kind), message))?
            }
            Error::Upload { message } => self.0.call_method1("upload_failed", (message,))?,
            Error::Io { path, source } => return os_error(self.0.py(), path, &source),
            Error::Decode { message } | Error::Argument { message, .. } => {
                return Ok(PyValueError::new_err(message))
            }
        };
        Ok(PyErr::from_value(made))
    }
}

/// An `OSError` with its code, text and file name, of the class that Python gives the code.
fn os_error(py: Python<'_>, path: std::path::PathBuf, source: &io::Error) -> PyResult<PyErr> {
    let code = match (source.raw_os_error(), source.kind()) {
        (Some(code), _) => code,
        (None, io::ErrorKind::IsADirectory) => errno(py, "EISDIR")?,
        (None, io::ErrorKind::NotFound) => errno(py, "ENOENT")?,
        (None, io::ErrorKind::PermissionDenied) => errno(py, "EACCES")?,
        (None, _) => return Ok(PyOSError::new_err(format!("{}: {source}", path.display()))),
    };
    Ok(PyOSError::new_err((code, text_of(py, code)?, path.into_os_string())))
}

/// What Python raises for a descriptor that is not open.
pub(super) fn bad_descriptor(py: Python<'_>) -> PyErr {
    let made = || {
        let code = errno(py, "EBADF")?;
        Ok(PyOSError::new_err((code, text_of(py, code)?)))
    };
    made().unwrap_or_else(|failure| failure)
}

/// What the system says of an error's code.
fn text_of(py: Python<'_>, code: i32) -> PyResult<String> {
    py.import("os")?.call_method1("strerror", (code,))?.extract()
}

fn errno(py: Python<'_>, name: &str) -> PyResult<i32> {
    py.import("errno")?.getattr(name)?.extract()
}
