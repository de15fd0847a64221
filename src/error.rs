//! The errors, and the only table from HTTP status to error.
//!
//! ```text
//! Error
//! ├── Rejected       the server answered with an error status
//! ├── Upload         the server received the file and then failed to process it
//! ├── Processing     the server did not process the preview in time
//! ├── Transport      there was no complete answer
//! ├── Decode         the answer cannot be decoded
//! ├── Argument       an argument cannot be sent
//! └── Io             a local file could not be read or written
//! ```

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use thiserror::Error;

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The meaning of an error status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// 400: an argument is invalid.
    Parameter,
    /// 401: not authenticated, or the token has expired.
    NotAuthenticated,
    /// 403: authenticated, but not allowed.
    NotAllowed,
    /// 404: the route or the record does not exist.
    RouteNotFound,
    /// 405: the route exists for another method.
    MethodNotAllowed,
    /// 413: the body is larger than the server allows.
    TooBigFile,
    /// 422: the data is invalid, or the token has expired.
    Validation,
    /// 429: the server is asked for too much.
    TooManyRequests,
    /// 500 to 599: the server failed, or what stands before it.
    ServerError,
}

impl Rejection {
    /// The rejection for a status; none if the body is the result of the call.
    ///
    /// The body of every other status, such as 409, is the result: scripts rely on this behaviour
    /// of upstream.
    #[must_use]
    pub const fn of_status(status: u16) -> Option<Self> {
        Some(match status {
            400 => Self::Parameter,
            401 => Self::NotAuthenticated,
            403 => Self::NotAllowed,
            404 => Self::RouteNotFound,
            405 => Self::MethodNotAllowed,
            413 => Self::TooBigFile,
            422 => Self::Validation,
            429 => Self::TooManyRequests,
            500..=599 => Self::ServerError,
            _ => return None,
        })
    }

    /// Whether an expired token can be the cause.
    #[must_use]
    pub const fn may_be_expiry(self) -> bool {
        matches!(self, Self::NotAuthenticated | Self::Validation)
    }
}

/// The server's message for an expired access token.
pub const EXPIRED: &str = "Signature has expired";

/// Why there is no complete answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The connection failed.
    Connect,
    /// The connection was lost before the answer.
    Lost,
    /// Connecting took longer than the connect timeout.
    ConnectTimeout,
    /// No byte was received or sent within the idle timeout.
    ReadTimeout,
    /// The TLS handshake failed, or the certificate is not trusted.
    Tls,
    /// The proxy could not be reached or rejected the request.
    Proxy,
    /// More redirects than allowed.
    TooManyRedirects,
    /// The connection was lost within the body of the answer.
    Truncated,
    /// The answer's body broke off, and what has arrived cannot be taken back.
    CutShort,
    /// The compressed body cannot be decompressed.
    ContentEncoding,
    /// The body is larger than the limit for bodies in memory.
    TooLarge,
    /// The memory for the body could not be allocated.
    OutOfMemory,
    /// The URL has no scheme.
    MissingSchema,
    /// The URL's scheme is not http or https.
    InvalidSchema,
    /// The URL cannot be parsed.
    InvalidUrl,
    /// A header cannot be sent.
    InvalidHeader,
    /// A proxy URL is invalid.
    InvalidProxyUrl,
    /// A certificate file or CA file is invalid.
    Certificate,
    /// The session or the transfer was closed in the meantime.
    Closed,
}

/// The errors of this crate.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// The server answered with an error status.
    #[error("{path}: the server answered {status}")]
    Rejected {
        /// The meaning of the status.
        rejection: Rejection,
        /// The status.
        status: u16,
        /// The path as the caller gave it, with the query of a GET or DELETE; never a secret.
        path: String,
        /// The body, as received.
        body: bytes::Bytes,
        /// How long the server asks to wait before the next request.
        retry_after: Option<Duration>,
    },
    /// The server received a file and then failed to process it.
    #[error("{message}")]
    Upload {
        /// The server's message.
        message: String,
    },
    /// The server did not process the preview in time.
    #[error("{path}: still being processed by the server")]
    Processing {
        /// The requested path.
        path: String,
    },
    /// There was no complete answer.
    #[error("{message}")]
    Transport {
        /// The cause.
        kind: Transport,
        /// The message for people. It contains no secrets.
        message: String,
    },
    /// The answer cannot be decoded.
    #[error("{message}")]
    Decode {
        /// The message.
        message: String,
    },
    /// An argument cannot be sent.
    #[error("{argument}: {message}")]
    Argument {
        /// The argument's name.
        argument: String,
        /// Why it is invalid.
        message: String,
    },
    /// A local file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: Arc<io::Error>,
    },
}

impl Error {
    /// A transport error with a message.
    pub fn transport(kind: Transport, message: impl Into<String>) -> Self {
        Self::Transport { kind, message: message.into() }
    }

    /// The error for a call that exceeds its deadline.
    #[must_use]
    pub fn past_deadline() -> Self {
        Self::transport(Transport::ReadTimeout, "The call took longer than its deadline allows.")
    }

    /// Whether a signal has ended a wait, which can be gone on with.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::Interrupted)
    }

    /// An error of a local file.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_statuses_are_rejections() {
        let rejected: Vec<u16> = (0..1000).filter(|s| Rejection::of_status(*s).is_some()).collect();
        let expected = [400, 401, 403, 404, 405, 413, 422, 429].into_iter().chain(500..600);
        assert_eq!(rejected, expected.collect::<Vec<u16>>());
    }
}
