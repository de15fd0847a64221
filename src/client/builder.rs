//! The settings of a client.

use std::time::Duration;

use super::{Client, Tokens};
use crate::{
    execution::Policy,
    transport::{ClientCertificate, Settings, Verify},
};

/// Builds a [`Client`] with settings of one's own; [`Client::builder`] begins one.
///
/// What is not set is as in the Python package. The environment's proxies (`HTTPS_PROXY`,
/// `NO_PROXY`, ...) and certificate bundles (`REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`) count.
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

    /// Uses the tokens of a login that was made before.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Tries a read so many times again; 2 unless it is set. Writes are never tried again.
    pub const fn retries(mut self, retries: u32) -> Self {
        self.policy.retries = retries;
        self
    }

    /// Ends each call after this time, with its retries, its waits and the renewal of the
    /// token. Without it a call takes as long as something moves.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.policy.deadline = Some(deadline);
        self
    }

    /// Waits so long for a preview that the server is still building; 60 seconds unless it is
    /// set.
    pub const fn processing_timeout(mut self, timeout: Duration) -> Self {
        self.policy.processing_timeout = timeout;
        self
    }

    /// Gives up a connection that is not made within this time; 15 seconds unless it is set.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = Some(timeout);
        self
    }

    /// Gives up a transfer in which nothing arrives or leaves for this time; 5 minutes unless
    /// it is set.
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = Some(timeout);
        self
    }

    /// Says which servers are trusted.
    pub fn verify(mut self, verify: Verify) -> Self {
        self.settings.verify = verify;
        // What a program says comes before what the environment says.
        self.settings.environment_first = false;
        self
    }

    /// Shows this certificate to servers that ask for one.
    pub fn certificate(mut self, certificate: ClientCertificate) -> Self {
        self.settings.certificate = Some(certificate);
        self
    }

    /// Sends the requests of a scheme through a proxy: `"http"`, `"https"` or `"all"`. One
    /// that the environment names comes first.
    pub fn proxy(mut self, scheme: impl Into<String>, proxy: impl Into<String>) -> Self {
        self.settings.proxies.session.push((scheme.into(), proxy.into()));
        self
    }

    /// Whether the environment's proxies and certificate bundles count; they do unless it is
    /// set.
    pub const fn trust_environment(mut self, trust: bool) -> Self {
        self.settings.trust_env = trust;
        self
    }

    /// The client. Nothing is sent before its first call.
    #[must_use]
    pub fn build(self) -> Client {
        Client::with(self.host, self.tokens, self.settings, self.policy)
    }
}
