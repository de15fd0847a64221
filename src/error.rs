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

use std::{fmt, io, path::PathBuf, sync::Arc, time::Duration};

use thiserror::Error;

use crate::redact::shown_url;

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
    /// 429: too many requests.
    TooManyRequests,
    /// 500 to 599: the server failed, or a proxy in front of it.
    ServerError,
    /// 400 or 401 to a login, or an answer without tokens: the login is not accepted.
    Login,
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
    pub(crate) const fn may_be_expiry(self) -> bool {
        matches!(self, Self::NotAuthenticated | Self::Validation)
    }
}

/// The server's message for an expired access token.
pub(crate) const EXPIRED: &str = "Signature has expired";

/// Why there is no complete answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The connection failed.
    Connect,
    /// The connection was lost before the answer.
    Lost,
    /// What the server sent is not valid HTTP.
    Malformed,
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
    /// The connection was lost within the body, and a part of it has already been written to the
    /// target.
    TruncatedAfterWrite,
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
    /// The event stream does not accept the login.
    EventsRejected,
}

/// An invalid argument, with a message that names it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidArgument {
    /// A dict lacks a key.
    #[error("{0}")]
    MissingKey(String),
    /// The value has the wrong type.
    #[error("{0}")]
    WrongType(String),
    /// The value has the right type, but is not valid.
    #[error("{0}")]
    WrongValue(String),
}

/// The errors of this crate.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// The server answered with an error status.
    #[error("{}: the server answered {status}{}", shown_url(path), ServerMessage(body))]
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
    #[error("{}: still being processed by the server", shown_url(path))]
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
    #[error("{0}")]
    Argument(#[from] InvalidArgument),
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
    /// The error of a transfer of which a part has been written to the target. Such a transfer is
    /// not retried: the target would get its beginning twice.
    #[must_use]
    pub(crate) fn after_write(self) -> Self {
        match self {
            Self::Transport { kind: Transport::Truncated, message } => {
                Self::Transport { kind: Transport::TruncatedAfterWrite, message }
            }
            error => error,
        }
    }

    /// The status of the answer, where one arrived that is an error.
    ///
    /// ```no_run
    /// # async fn example(client: gazu::Client, call: gazu::Call) -> gazu::Result<()> {
    /// match client.run(&call).await {
    ///     Err(error) if error.status() == Some(404) => println!("there is none"),
    ///     outcome => drop(outcome?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Rejected { status, .. } => Some(*status),
            Self::Processing { .. } => Some(202),
            Self::Upload { .. } => Some(200),
            _ => None,
        }
    }

    /// What the answer's status means, where it is an error.
    #[must_use]
    pub const fn rejection(&self) -> Option<Rejection> {
        match self {
            Self::Rejected { rejection, .. } => Some(*rejection),
            _ => None,
        }
    }

    /// What the server says about its answer, with the fields that are not valid.
    ///
    /// ```
    /// use gazu::{Error, Rejection};
    ///
    /// let body = r#"{"message": "Wrong data", "data": {"errors": [
    ///     {"field": "name", "message": "Too short"}
    /// ]}}"#;
    /// let path = "data/projects".into();
    /// let rejection = Rejection::Parameter;
    /// let body = body.into();
    /// let error = Error::Rejected { rejection, status: 400, path, body, retry_after: None };
    /// assert_eq!(error.server_message().as_deref(), Some("Wrong data (name: Too short)"));
    /// ```
    #[must_use]
    pub fn server_message(&self) -> Option<String> {
        match self {
            Self::Rejected { body, .. } => message_of(body),
            Self::Upload { message } => Some(message.clone()),
            _ => None,
        }
    }

    /// Whether the call ended because something took too long.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(
            self,
            Self::Transport { kind: Transport::ConnectTimeout | Transport::ReadTimeout, .. }
        )
    }

    /// A transport error with a message.
    pub(crate) fn transport(kind: Transport, message: impl Into<String>) -> Self {
        Self::Transport { kind, message: message.into() }
    }

    /// The error of an answer that cannot be decoded.
    pub(crate) fn decode(reason: impl fmt::Display) -> Self {
        Self::Decode { message: reason.to_string() }
    }

    /// The error for a call that exceeds its deadline.
    pub(crate) fn past_deadline() -> Self {
        Self::transport(Transport::ReadTimeout, "The call took longer than its deadline allows.")
    }

    /// Whether a signal has ended a wait, which can be gone on with.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::Interrupted)
    }

    /// An error of a local file.
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

/// What a body says, after a colon.
struct ServerMessage<'b>(&'b [u8]);

impl fmt::Display for ServerMessage<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        message_of(self.0).map_or(Ok(()), |message| write!(formatter, ": {message}"))
    }
}

/// The message of a body of JSON, and of the fields that are not valid.
fn message_of(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = |value: &serde_json::Value, key: &str| {
        value.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let message = text(&value, "message").or_else(|| text(&value, "error"));
    let errors = value.get("data").and_then(|data| data.get("errors")?.as_array());
    let fields: Vec<String> = errors
        .into_iter()
        .flatten()
        .filter_map(|error| Some(format!("{}: {}", text(error, "field")?, text(error, "message")?)))
        .collect();
    let fields = (!fields.is_empty()).then(|| fields.join(", "));
    match (message, fields) {
        (Some(message), Some(fields)) => Some(format!("{message} ({fields})")),
        (message, fields) => message.or(fields),
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

    fn rejected(path: &str, body: &'static str) -> Error {
        let (rejection, body) = (Rejection::Parameter, body.into());
        Error::Rejected { rejection, status: 400, path: path.into(), body, retry_after: None }
    }

    #[test]
    fn an_error_tells_what_the_server_says_and_no_secret() {
        let error = rejected("data/x", r#"{"error": "No such project"}"#);
        assert_eq!(error.to_string(), "data/x: the server answered 400: No such project");
        assert_eq!((error.status(), error.rejection()), (Some(400), Some(Rejection::Parameter)));
        let path = "auth/reset?a=1&reset_TOKEN=s3cret&password=s3cret&b";
        let shown = rejected(path, "<html>").to_string();
        let expected = "auth/reset?a=1&reset_TOKEN=...&password=...&b";
        assert_eq!(shown, format!("{expected}: the server answered 400"));
    }

    #[test]
    fn a_message_has_the_fields_that_are_not_valid() {
        let body = r#"{"error": true, "data": {"errors": [
            {"field": "a", "message": "is missing"}, 3, {"field": "b", "message": "is no date"}
        ]}}"#;
        let error = rejected("data/x", body).server_message();
        assert_eq!(error.as_deref(), Some("a: is missing, b: is no date"));
        for body in ["", "[]", "{}", r#"{"message": ""}"#, r#"{"message": 3}"#] {
            assert_eq!(rejected("data/x", body).server_message(), None, "{body}");
        }
    }
}
