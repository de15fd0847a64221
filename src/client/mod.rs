//! The client for Rust programs.

mod builder;
mod login;
#[cfg(test)]
mod tests;
mod transfer;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use bytes::Bytes;
use serde::de::DeserializeOwned;

pub use self::{
    builder::ClientBuilder,
    login::{Credentials, Tokens},
    transfer::Progress,
};
use self::{
    login::Renewal,
    transfer::{DownloadTarget, Upload},
};
use crate::{
    call::{Call, ReadAs},
    error::{Error, Rejection, Result},
    execution::{
        header_for, merge_headers, within_deadline, Execution, Policy, Step, SESSION_HEADERS,
    },
    reply::Reply,
    transport::{url, Head, Payload, Request, Settings, Transport},
};

/// A client of one Kitsu server: its address, a login, and a pool of connections.
///
/// A clone is the same client: it shares the tokens and the connections. So make one, and
/// hand clones of it to the tasks that need it. It is used within one tokio runtime that has
/// I/O and time enabled, since connections belong to the runtime that made them.
///
/// Reads are tried again when the connection is lost or the server is restarting; writes are
/// sent once. An expired access token is renewed, once for all calls that wait for it. To
/// cancel a call, drop its future.
///
/// ```no_run
/// use gazu::{api, Client};
///
/// # async fn example() -> gazu::Result<()> {
/// let client = Client::new("https://kitsu.example.com/api");
/// client.log_in("user@example.com", "password").await?;
///
/// #[derive(serde::Deserialize)]
/// struct Project {
///     id: String,
///     name: String,
/// }
///
/// let projects: Vec<Project> = client.fetch(&api::project::all_open_projects()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    host: String,
    tokens: RwLock<Tokens>,
    renewal: Renewal,
    transport: Transport,
    settings: Settings,
    policy: Policy,
}

impl fmt::Debug for Client {
    /// The host, without any login in its URL.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Client({})", url::without_userinfo(&self.0.host))
    }
}

/// What a call has been answered with.
struct ReceivedAnswer {
    head: Head,
    /// The body, where it is not at the download's target.
    body: Bytes,
    /// The target of a download, while nothing has been written to it.
    target: Option<DownloadTarget>,
    /// Whether the body is at the download's target.
    saved: bool,
}

impl Client {
    /// A client of the API at `host`, with the usual limits and nobody logged in.
    ///
    /// A `host` that is no URL is reported by the first call.
    ///
    /// ```
    /// let client = gazu::Client::new("https://kitsu.example.com/api");
    /// assert_eq!(client.host(), "https://kitsu.example.com/api");
    /// ```
    pub fn new(host: impl Into<String>) -> Self {
        Self::builder(host).build()
    }

    /// A client of the API at `host` with settings of one's own.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let client = gazu::Client::builder("https://kitsu.example.com/api")
    ///     .deadline(Duration::from_secs(30))
    ///     .retries(5)
    ///     .build();
    /// ```
    pub fn builder(host: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(host.into())
    }

    fn with(host: String, tokens: Tokens, settings: Settings, policy: Policy) -> Self {
        Self(Arc::new(Inner {
            host,
            tokens: RwLock::new(tokens),
            renewal: Renewal::default(),
            transport: Transport::default(),
            settings,
            policy,
        }))
    }

    /// The API's URL, as it was given.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The tokens of the login; empty when nobody is logged in.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        self.0.tokens.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses these tokens from now on.
    pub fn set_tokens(&self, tokens: Tokens) {
        *self.0.tokens.write().unwrap_or_else(PoisonError::into_inner) = tokens;
    }

    /// Runs a call and returns what the server answered.
    ///
    /// A download goes to its target through a file beside it, so that the target is whole or
    /// as it was. An upload is read while it is sent. Either takes a few chunks of memory,
    /// however large the file is.
    ///
    /// ```no_run
    /// use gazu::{api, args::Model, Client};
    ///
    /// # async fn example(client: Client, preview: Model) -> gazu::Result<()> {
    /// let call = api::files::download_preview_file_thumbnail(preview, Some("still.png".into()));
    /// client.run(&call).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`Error::Argument`] when an argument of the call is invalid; nothing is sent.
    /// - [`Error::Rejected`] when the server answers with a status that is an error.
    /// - [`Error::Transport`] when no usable answer arrives, or the deadline passes.
    /// - [`Error::Io`] when a file cannot be read or written.
    /// - [`Error::Upload`] and [`Error::Processing`] when the server fails with a file.
    /// - [`Error::Decode`] when the answer is not what the call expects.
    pub async fn run(&self, call: &Call) -> Result<Reply> {
        self.run_with_progress(call, |_| {}).await
    }

    /// Runs a call and reports how far its upload or download is.
    ///
    /// `progress` is called by the task that awaits the call, after each chunk. A download that
    /// is kept in memory is not reported.
    ///
    /// ```no_run
    /// use gazu::{api, args::{Flag, Model}, Client};
    ///
    /// # async fn example(client: Client, preview: Model) -> gazu::Result<()> {
    /// let call = api::task::upload_preview_file(preview, "shot.mov".into(), Flag(true), Flag(false));
    /// client.run_with_progress(&call, |progress| println!("{} bytes", progress.done)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_with_progress(
        &self,
        call: &Call,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<Reply> {
        let (head, body) = self.drive(call, &mut progress).await?;
        Reply::read(call.reading, call.sorted, head, body)
    }

    /// Runs a call and deserializes the JSON that it is answered with.
    ///
    /// The text of a call that is answered with text is deserialized as a string.
    ///
    /// # Errors
    /// As [`Self::run`], and [`Error::Decode`] when the answer does not fit the type.
    pub async fn fetch<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let (head, body) = self.drive(call, &mut |_| {}).await?;
        if call.reading == ReadAs::Json && !call.sorted {
            return serde_json::from_slice(&body).map_err(Error::decode);
        }
        Reply::read(call.reading, call.sorted, head, body)?.json()
    }

    /// Sends a call until it is answered for good.
    async fn drive(
        &self,
        call: &Call,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(Head, Bytes)> {
        if let Some(reason) = &call.invalid {
            return Err((**reason).clone().into());
        }
        let mut execution = Execution::new(call, self.0.policy);
        let deadline = execution.deadline();
        let upload = within_deadline(deadline, Upload::open(call)).await?;
        loop {
            let access = self.tokens().access;
            let attempt =
                self.attempt(&execution, call, upload.as_ref(), access.as_deref(), progress);
            let answer = match within_deadline(deadline, attempt).await {
                Ok(answer) if answer.saved => return Ok((answer.head, answer.body)),
                Ok(answer) => answer,
                Err(error) => {
                    let Error::Transport { kind, .. } = error else { return Err(error) };
                    let Some(wait) = execution.failed(kind) else { return Err(error) };
                    tokio::time::sleep(wait).await;
                    continue;
                }
            };
            let status = answer.head.status;
            match execution.answered_by(&answer.head, &answer.body) {
                Step::Done => return within_deadline(deadline, answer.delivered()).await,
                Step::Again(wait) => {
                    drop(answer);
                    tokio::time::sleep(wait).await;
                }
                Step::Renew { expired } => {
                    let may_renew = expired && self.tokens().refresh.is_some();
                    if may_renew {
                        within_deadline(deadline, self.renew(access.as_deref())).await?;
                    }
                    if !may_renew || !execution.renewed() {
                        let rejection = Rejection::NotAuthenticated;
                        return Err(execution.rejected(rejection, status, answer.body));
                    }
                }
                Step::Rejected(rejection) => {
                    return Err(execution.rejected(rejection, status, answer.body));
                }
                Step::StillProcessing => return Err(execution.still_processing()),
            }
        }
    }

    /// Sends a call's request once.
    async fn attempt(
        &self,
        execution: &Execution,
        call: &Call,
        upload: Option<&Upload>,
        token: Option<&str>,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<ReceivedAnswer> {
        if let Some(upload) = upload {
            let (payload, commands) = upload.payload();
            let mut request = self.request(execution, call, token, payload)?;
            request.set_content_type(upload.content_type())?;
            // What is reported of an upload is how much of it has been read.
            let mut of_answer = |_| {};
            let answer = self.answer(execution, call, request, &mut of_answer);
            return upload.send(commands, progress, answer).await;
        }
        let json = call.json_body().map(|json| Bytes::from(json.into_owned().into_string()));
        let request =
            self.request(execution, call, token, json.map_or(Payload::Empty, Payload::Bytes))?;
        self.answer(execution, call, request, progress).await
    }

    fn request(
        &self,
        execution: &Execution,
        call: &Call,
        token: Option<&str>,
        payload: Payload,
    ) -> Result<Request> {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let own = authorization.iter().map(|value| ("Authorization", value.as_bytes()));
        let by_kind = header_for(call).map(|(name, value)| (name, value.as_bytes()));
        let session = SESSION_HEADERS.iter().map(|(name, value)| (*name, value.as_bytes()));
        let headers = merge_headers(session, own.chain(by_kind));
        Request::new(call.verb.method(), &execution.url(&self.0.host), headers, payload)
    }

    /// Sends a request and reads its answer: into the target of a download, or into memory.
    async fn answer(
        &self,
        execution: &Execution,
        call: &Call,
        request: Request,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<ReceivedAnswer> {
        // A target that cannot be written is reported before anything is sent.
        let mut target = DownloadTarget::begin(call).await?;
        // Boxed so that the futures around it stay small.
        let exchange = Box::pin(self.0.transport.exchange(&self.0.settings, request));
        let mut response = exchange.await?;
        let is_file = execution.is_streamed(response.head.status);
        if let Some(target) = target.take_if(|_| is_file) {
            target.save(&mut response, progress).await?;
            return Ok(ReceivedAnswer {
                head: response.head,
                body: Bytes::new(),
                target: None,
                saved: true,
            });
        }
        let body = response.bytes().await?;
        Ok(ReceivedAnswer { head: response.head, body, target, saved: false })
    }
}

impl ReceivedAnswer {
    /// The head and the body, once the body is where it belongs. A status that is neither an
    /// error nor a file's ends a download as well: its body is then what is saved.
    async fn delivered(self) -> Result<(Head, Bytes)> {
        match self.target {
            Some(target) => {
                target.write_whole(self.body).await?;
                Ok((self.head, Bytes::new()))
            }
            None => Ok((self.head, self.body)),
        }
    }
}
