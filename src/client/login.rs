//! Login, logout and the renewal of the access token.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{Client, Execution, Payload};
use crate::{
    args::Json,
    call::{get, post},
    error::{Error, Rejection, Result},
};

/// The tokens of a login.
///
/// ```
/// use gazu::{Client, Tokens};
///
/// let client = Client::new("https://kitsu.example.com/api");
/// client.set_tokens(Tokens { access: Some("token of a bot".into()), refresh: None });
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// The token that each request carries.
    pub access: Option<String>,
    /// The token that renews the access token. Without it, the access token cannot be renewed.
    pub refresh: Option<String>,
}

impl fmt::Debug for Tokens {
    /// Shows which tokens are set, but not their values.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |token: &Option<String>| token.as_ref().map(|_| "...");
        formatter
            .debug_struct("Tokens")
            .field("access", &shown(&self.access))
            .field("refresh", &shown(&self.refresh))
            .finish()
    }
}

/// The credentials of a login: email, password and, if required, a second factor.
///
/// ```no_run
/// # async fn example(client: gazu::Client) -> gazu::Result<()> {
/// use gazu::Credentials;
///
/// client.log_in_with(&Credentials::new("user@example.com", "password").totp("123456")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Credentials {
    email: String,
    password: String,
    totp: Option<String>,
    email_otp: Option<String>,
    recovery_code: Option<String>,
}

impl Credentials {
    /// An email and a password.
    pub fn new(email: impl Into<String>, password: impl Into<String>) -> Self {
        let (email, password) = (email.into(), password.into());
        Self { email, password, totp: None, email_otp: None, recovery_code: None }
    }

    /// Adds the code of an authenticator app.
    #[must_use]
    pub fn totp(mut self, code: impl Into<String>) -> Self {
        self.totp = Some(code.into());
        self
    }

    /// Adds the code that the server has sent by email.
    #[must_use]
    pub fn email_otp(mut self, code: impl Into<String>) -> Self {
        self.email_otp = Some(code.into());
        self
    }

    /// Adds a recovery code, which replaces the second factor once.
    #[must_use]
    pub fn recovery_code(mut self, code: impl Into<String>) -> Self {
        self.recovery_code = Some(code.into());
        self
    }
}

impl fmt::Debug for Credentials {
    /// Shows the email only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("email", &self.email).finish_non_exhaustive()
    }
}

/// The renewal of the access token. Only one runs at a time.
#[derive(Default)]
pub(super) struct Renewal {
    /// How many renewals have ended.
    ended: AtomicU64,
    /// The error of the last renewal, if it failed. The lock is held during a renewal.
    failure: Mutex<Option<Error>>,
}

impl Client {
    /// Logs in and uses the new tokens for all further calls.
    ///
    /// Returns the server's answer without the tokens. `user` is the user who has logged in.
    ///
    /// ```no_run
    /// # async fn example() -> gazu::Result<()> {
    /// use gazu::{Client, Rejection};
    ///
    /// let client = Client::new("https://kitsu.example.com/api");
    /// match client.log_in("user@example.com", "password").await {
    ///     Ok(login) => println!("Hello {}", login["user"]["full_name"]),
    ///     Err(error) if error.rejection() == Some(Rejection::Login) => {
    ///         println!("Wrong password: {error}");
    ///     }
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] with [`Rejection::Login`] if the login is not accepted, and as
    /// [`Self::run`].
    pub async fn log_in(
        &self,
        email: impl Into<String>,
        password: impl Into<String>,
    ) -> Result<Value> {
        self.log_in_with(&Credentials::new(email, password)).await
    }

    /// Logs in with a second factor.
    ///
    /// # Errors
    /// As [`Self::log_in`].
    pub async fn log_in_with(&self, credentials: &Credentials) -> Result<Value> {
        let Credentials { email, password, totp, email_otp, recovery_code } = credentials.clone();
        let call = post("auth/login")
            .field("email", email)
            .field("password", password)
            .field("totp", totp)
            .field("email_otp", email_otp)
            .field("fido_authentication_response", Json::null())
            .field("recovery_code", recovery_code);
        let rejected = |status: u16, body: Bytes| Error::Rejected {
            rejection: Rejection::Login,
            status,
            path: call.route(),
            body,
            retry_after: None,
        };
        let (head, body) = match self.drive(&call, &mut |_| {}).await {
            Err(Error::Rejected {
                rejection: Rejection::NotAuthenticated | Rejection::Parameter,
                status,
                body,
                ..
            }) => return Err(rejected(status, body)),
            outcome => outcome?,
        };
        let mut reply: Value = serde_json::from_slice(&body).map_err(Error::decode)?;
        let (access, refresh) =
            (take_string(&mut reply, "access_token"), take_string(&mut reply, "refresh_token"));
        if access.is_none() || reply["login"] == false {
            return Err(rejected(head.status, body));
        }
        self.set_tokens(Tokens { access, refresh });
        Ok(reply)
    }

    /// Logs out and forgets the tokens, even if the server rejects the logout.
    ///
    /// # Errors
    /// As [`Self::run`]. The tokens are then kept.
    pub async fn log_out(&self) -> Result<()> {
        match self.run(&get("auth/logout")).await {
            // The token had expired, so the user is logged out already.
            Ok(_)
            | Err(Error::Rejected {
                rejection: Rejection::NotAuthenticated | Rejection::Parameter,
                ..
            }) => {
                self.set_tokens(Tokens::default());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Renews an expired token. Calls that wait for the same renewal share its result.
    pub(super) async fn renew(&self, expired: Option<&str>) -> Result<()> {
        let Renewal { ended, failure } = &self.0.renewal;
        let before = ended.load(Ordering::Acquire);
        let mut failure = failure.lock().await;
        let tokens = self.tokens();
        if tokens.access.as_deref() != expired {
            return Ok(());
        }
        let has_ended = ended.load(Ordering::Acquire) != before;
        if let Some(error) = failure.clone().filter(|_| has_ended) {
            return Err(error);
        }
        let outcome = self.refresh(tokens).await;
        *failure = outcome.as_ref().err().cloned();
        ended.fetch_add(1, Ordering::Release);
        outcome
    }

    async fn refresh(&self, tokens: Tokens) -> Result<()> {
        let call = get("auth/refresh-token");
        let execution = Execution::new(&call, self.0.policy);
        let request = self.request(&execution, &call, tokens.refresh.as_deref(), Payload::Empty)?;
        let answer = self.answer(&execution, &call, request, &mut |_| {}).await?;
        let (status, body) = (answer.head.status, answer.body);
        if let Some(rejection) = Rejection::of_status(status) {
            return Err(execution.rejected(rejection, status, body));
        }
        let mut reply: Value = serde_json::from_slice(&body).map_err(Error::decode)?;
        let access = take_string(&mut reply, "access_token");
        if access.is_none() {
            return Err(Error::decode(format!("{}: the answer has no access_token", call.route())));
        }
        let refresh = take_string(&mut reply, "refresh_token").or(tokens.refresh);
        self.set_tokens(Tokens { access, refresh });
        Ok(())
    }
}

/// Removes a string from an object and returns it.
fn take_string(reply: &mut Value, key: &str) -> Option<String> {
    match reply.as_object_mut()?.remove(key)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}
