//! The settings of a client.

use std::time::Duration;

use super::{Client, Tokens};
use crate::{
    execution::Policy,
    transport::{ClientCertificate, Settings, Verify},
};

/// Builds a [`Client`] with other settings than the defaults. [`Client::builder`] returns one.
///
/// The defaults are those of the Python package. The environment's proxies (`HTTPS_PROXY`,
/// `NO_PROXY`, ...) and CA bundles (`REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`) are used.
///
/// ```
/// use std::time::Duration;
/// use gazu::{Client, Verify};
///
/// let client = Client::builder("https://kitsu.example.com/api")
///     .verify(Verify::Bundle("/etc/ssl/studio.pem".into()))
///     .idle_timeout(Duration::from_secs(60))
///     .deadline(Duration::from_secs(600))
///     .build();
/// ```
#[must_use = "`build` makes the client"]
#[derive(Clone)]
pub struct ClientBuilder {
    host: String,
    tokens: Tokens,
    settings: Settings,
    policy: Policy,
}

impl ClientBuilder {
    pub(super) fn new(host: String) -> Self {
        let (settings, policy) = (Settings::default(), Policy::default());
        Self { host, tokens: Tokens::default(), settings, policy }
    }

    /// Sets the tokens of an earlier login.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Sets how many times a read is retried; the default is 2. Writes are never retried.
    pub const fn retries(mut self, retries: u32) -> Self {
        self.policy.retries = retries;
        self
    }

    /// Sets the longest duration of a call, including retries, waits and the renewal of the token.
    /// By default there is no limit while data is transferred.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.policy.deadline = Some(deadline);
        self
    }

    /// Sets how long to wait for a preview that the server is still processing; the default is 60
    /// seconds.
    pub const fn processing_timeout(mut self, timeout: Duration) -> Self {
        self.policy.processing_timeout = timeout;
        self
    }

    /// Sets the connect timeout; the default is 15 seconds.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = Some(timeout);
        self
    }

    /// Sets the idle timeout, the longest time in which no data is sent or received; the default is
    /// 5 minutes.
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = Some(timeout);
        self
    }

    /// Sets which server certificates are trusted.
    pub fn verify(mut self, verify: Verify) -> Self {
        self.settings.verify = verify;
        // The program's choice overrides the CA bundles of the environment.
        self.settings.environment_first = false;
        self
    }

    /// Sets the client certificate, for servers that request one.
    pub fn certificate(mut self, certificate: ClientCertificate) -> Self {
        self.settings.certificate = Some(certificate);
        self
    }

    /// Sets a proxy for a scheme: `"http"`, `"https"` or `"all"`. The environment's proxies come
    /// first.
    pub fn proxy(mut self, scheme: impl Into<String>, proxy: impl Into<String>) -> Self {
        self.settings.proxies.session.push((scheme.into(), proxy.into()));
        self
    }

    /// Sets whether the environment's proxies and CA bundles are used; the default is true.
    pub const fn trust_environment(mut self, trust: bool) -> Self {
        self.settings.trust_env = trust;
        self
    }

    /// Builds the client. Nothing is sent before the first call.
    #[must_use]
    pub fn build(self) -> Client {
        Client::with(self.host, self.tokens, self.settings, self.policy)
    }
}
