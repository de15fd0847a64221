//! What can go wrong, and the only table from an HTTP status to an error.
//!
//! ```text
//! Error
//! ├── Rejected        the server answered with a status that is an error
//! ├── Upload         the server took the file and then said that it failed
//! ├── Processing     the preview's files were not built in time
//! ├── Transport      no usable answer arrived
//! ├── Decode         the answer is not what its kind promises
//! ├── Argument       the caller handed in something that cannot be sent
//! └── Io             a local file failed
//! ```

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use thiserror::Error;

/// The outcome of anything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What an error status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// 400: an argument is wrong.
    Parameter,
    /// 401: not authenticated, or the token has expired.
    NotAuthenticated,
    /// 403: authenticated, but not allowed.
    NotAllowed,
    /// 404: no such route or no such entry.
    RouteNotFound,
    /// 405: the route exists for another method.
    MethodNotAllowed,
    /// 413: the body is larger than the server takes.
    TooBigFile,
    /// 422: the body was understood and is not valid, or the token has expired.
    Validation,
    /// 429: the server is asked for too much.
    TooManyRequests,
    /// 500 to 599: the server failed, or what stands before it.
    ServerError,
}

impl Rejection {
    /// The rejection that a status stands for; none for a status whose body is an answer.
    ///
    /// Every other status, 409 among them, is an answer: scripts rely on reading its body as
    /// the result.
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

    /// Whether an expired token can be the reason.
    #[must_use]
    pub const fn may_be_expiry(self) -> bool {
        matches!(self, Self::NotAuthenticated | Self::Validation)
    }
}

/// The message of an answer that says that the access token has expired.
pub const EXPIRED: &str = "Signature has expired";

/// Why no usable answer arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The connection could not be made.
    Connect,
    /// The connection was lost before the answer.
    Lost,
    /// Nobody answered within the connect deadline.
    ConnectTimeout,
    /// No byte arrived or left within the idle deadline.
    ReadTimeout,
    /// The TLS handshake failed or the certificate was not accepted.
    Tls,
    /// The proxy could not be reached or refused.
    Proxy,
    /// More redirects than allowed.
    TooManyRedirects,
    /// The answer's body broke off.
    Truncated,
    /// The body's compression is broken.
    ContentEncoding,
    /// The body is too large to be kept in memory.
    TooLarge,
    /// The machine has no memory for the body.
    OutOfMemory,
    /// The URL has no scheme.
    MissingSchema,
    /// The URL's scheme is not http or https.
    InvalidSchema,
    /// The URL cannot be parsed.
    InvalidUrl,
    /// A header cannot be sent.
    InvalidHeader,
    /// A proxy URL cannot be used.
    InvalidProxyUrl,
    /// A certificate or trust file cannot be used.
    Certificate,
    /// The session or the transfer was closed meanwhile.
    Closed,
}

/// Everything that can go wrong.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// The server answered with a status that is an error.
    #[error("{path}: the server answered {status}")]
    Rejected {
        /// What the status means.
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
    /// The server took a file and then said that it failed.
    #[error("{message}")]
    Upload {
        /// What the server said.
        message: String,
    },
    /// The preview's files were not built within the time allowed.
    #[error("{path}: still being processed by the server")]
    Processing {
        /// The path asked for.
        path: String,
    },
    /// No usable answer arrived.
    #[error("{message}")]
    Transport {
        /// Why.
        kind: Transport,
        /// What a person should read; never a secret.
        message: String,
    },
    /// The answer is not what its kind promises.
    #[error("{message}")]
    Decode {
        /// What is wrong.
        message: String,
    },
    /// The caller handed in something that cannot be sent.
    #[error("{argument}: {message}")]
    Argument {
        /// The argument's name.
        argument: String,
        /// What is wrong with it.
        message: String,
    },
    /// A local file failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

impl Error {
    /// A transport error with a message.
    pub fn transport(kind: Transport, message: impl Into<String>) -> Self {
        Self::Transport { kind, message: message.into() }
    }

    /// The error of a call that has taken longer than it may.
    #[must_use]
    pub fn past_deadline() -> Self {
        Self::transport(Transport::ReadTimeout, "The call took longer than its deadline allows.")
    }

    /// A file's error.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_known_statuses_are_rejections() {
        let rejected: Vec<u16> = (0..1000).filter(|s| Rejection::of_status(*s).is_some()).collect();
        let expected = [400, 401, 403, 404, 405, 413, 422, 429].into_iter().chain(500..600);
        assert_eq!(rejected, expected.collect::<Vec<u16>>());
    }
}
