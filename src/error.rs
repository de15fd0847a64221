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

use std::{borrow::Cow, fmt, io, path::PathBuf, sync::Arc};

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
    /// 500 and 502: the server failed.
    ServerError,
    /// 400 or 401 to a login, or an answer without tokens: the login is not accepted.
    Login,
}

impl Rejection {
    /// The rejection that a status stands for; none for a status whose body is an answer.
    ///
    /// Every other status, 409, 429 and 503 among them, is an answer: scripts rely on
    /// reading its body as the result.
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
            500 | 502 => Self::ServerError,
            _ => return None,
        })
    }

    /// Whether an expired token can be the reason.
    #[must_use]
    pub(crate) const fn may_be_expiry(self) -> bool {
        matches!(self, Self::NotAuthenticated | Self::Validation)
    }
}

/// The message of an answer that says that the access token has expired.
pub(crate) const EXPIRED: &str = "Signature has expired";

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

/// An argument that cannot be sent, with a message that names it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidArgument {
    /// A dict lacks a key.
    #[error("{0}")]
    MissingKey(String),
    /// The value is of the wrong type.
    #[error("{0}")]
    WrongType(String),
    /// The value is of the right type, and not valid.
    #[error("{0}")]
    WrongValue(String),
}

/// Everything that can go wrong.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// The server answered with a status that is an error.
    #[error("{}: the server answered {status}{}", without_secrets(path), Said(body))]
    Rejected {
        /// What the status means.
        rejection: Rejection,
        /// The status.
        status: u16,
        /// The path as the caller gave it, with the query of a GET or DELETE.
        path: String,
        /// The body, as received.
        body: bytes::Bytes,
    },
    /// The server took a file and then said that it failed.
    #[error("{message}")]
    Upload {
        /// What the server said.
        message: String,
    },
    /// The preview's files were not built within the time allowed.
    #[error("{}: still being processed by the server", without_secrets(path))]
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
    #[error("{0}")]
    Argument(#[from] InvalidArgument),
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
    /// let error = Error::Rejected { rejection, status: 400, path, body: body.into() };
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

    /// The error of an answer that is not what it should be.
    pub(crate) fn decode(reason: impl fmt::Display) -> Self {
        Self::Decode { message: reason.to_string() }
    }

    /// The error of a call that has taken longer than it may.
    pub(crate) fn past_deadline() -> Self {
        Self::transport(Transport::ReadTimeout, "The call took longer than its deadline allows.")
    }

    /// A file's error.
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

/// What a body says, after a colon.
struct Said<'b>(&'b [u8]);

impl fmt::Display for Said<'_> {
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

/// A path without the secrets in its query.
pub(crate) fn without_secrets(path: &str) -> Cow<'_, str> {
    const SECRET: [&str; 5] = ["password", "token", "secret", "otp", "recovery"];
    let Some((route, query)) = path.split_once('?') else { return path.into() };
    let shown = query.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if name.len() < pair.len() && SECRET.iter().any(|secret| lower.contains(secret)) {
            format!("{name}=...")
        } else {
            pair.to_owned()
        }
    });
    format!("{route}?{}", shown.collect::<Vec<_>>().join("&")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_known_statuses_are_refusals() {
        let refused: Vec<u16> = (100..600).filter(|s| Rejection::of_status(*s).is_some()).collect();
        assert_eq!(refused, [400, 401, 403, 404, 405, 413, 422, 500, 502]);
    }

    fn rejected(path: &str, body: &'static str) -> Error {
        let (rejection, body) = (Rejection::Parameter, body.into());
        Error::Rejected { rejection, status: 400, path: path.into(), body }
    }

    #[test]
    fn an_error_tells_what_the_server_says_and_no_secret() {
        let said = rejected("data/x", r#"{"error": "No such project"}"#);
        assert_eq!(said.to_string(), "data/x: the server answered 400: No such project");
        assert_eq!((said.status(), said.rejection()), (Some(400), Some(Rejection::Parameter)));
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
        let said = rejected("data/x", body).server_message();
        assert_eq!(said.as_deref(), Some("a: is missing, b: is no date"));
        for body in ["", "[]", "{}", r#"{"message": ""}"#, r#"{"message": 3}"#] {
            assert_eq!(rejected("data/x", body).server_message(), None, "{body}");
        }
    }
}
