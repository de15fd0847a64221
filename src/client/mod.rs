//! The client for Rust programs.

mod builder;
mod events;
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
    events::{Event, Events, EventsBuilder},
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

/// A client of one Kitsu server, with a login and a connection pool.
///
/// Clones share the tokens and the connections. So create one client, and give clones of it to
/// the tasks that need it. Use it within one tokio runtime with I/O and time enabled, because
/// connections belong to the runtime in which they were opened.
///
/// Reads are retried if the connection is lost or the server is restarting. Writes are sent
/// once. An expired access token is renewed, once for all waiting calls. To cancel a call, drop
/// its future.
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
    transport: Arc<Transport>,
    settings: Settings,
    policy: Policy,
}

impl fmt::Debug for Client {
    /// Shows the host, without credentials.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Client({})", url::without_userinfo(&self.0.host))
    }
}

/// A received answer.
struct ReceivedAnswer {
    head: Head,
    /// The body; empty if it was saved.
    body: Bytes,
    /// The target of a download, if the body was not saved.
    target: Option<DownloadTarget>,
    /// Whether the body was saved to the target of the download.
    saved: bool,
}

impl Client {
    /// A client of the API at `host`, with the default settings and without a login.
    ///
    /// If `host` is not a valid URL, the first call fails.
    ///
    /// ```
    /// let client = gazu::Client::new("https://kitsu.example.com/api");
    /// assert_eq!(client.host(), "https://kitsu.example.com/api");
    /// ```
    pub fn new(host: impl Into<String>) -> Self {
        Self::builder(host).build()
    }

    /// A builder for a client of the API at `host` with other settings.
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
            transport: Arc::default(),
            settings,
            policy,
        }))
    }

    /// The URL of the API, as it was passed.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The current tokens; empty if the client is not logged in.
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
    /// A download is received into another file, which replaces the target when it is complete.
    /// An upload is read while it is sent. Both need memory for a few chunks only, whatever the
    /// size of the file is.
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
    /// - [`Error::Argument`] if an argument of the call is invalid. Nothing is sent.
    /// - [`Error::Rejected`] if the server answers with an error status.
    /// - [`Error::Transport`] if there is no complete answer, or the deadline passes.
    /// - [`Error::Io`] if a local file cannot be read or written.
    /// - [`Error::Upload`] or [`Error::Processing`] if the server cannot process a file.
    /// - [`Error::Decode`] if the answer cannot be decoded.
    pub async fn run(&self, call: &Call) -> Result<Reply> {
        self.run_with_progress(call, |_| {}).await
    }

    /// Runs a call and reports the progress of its upload or download.
    ///
    /// `progress` is called after each chunk, by the task that awaits the call. It is not called
    /// for a download into memory.
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

    /// Runs a call and deserializes the JSON of its answer.
    ///
    /// If the answer is text, it is deserialized as a string.
    ///
    /// # Errors
    /// As [`Self::run`], and [`Error::Decode`] if the answer does not match the type.
    pub async fn fetch<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let (head, body) = self.drive(call, &mut |_| {}).await?;
        if call.reading == ReadAs::Json && !call.sorted {
            return serde_json::from_slice(&body).map_err(Error::decode);
        }
        Reply::read(call.reading, call.sorted, head, body)?.json()
    }

    /// The events of the server: a new asset, a comment, a changed status, ...
    ///
    /// ```no_run
    /// use futures_util::StreamExt as _;
    ///
    /// # async fn example(client: gazu::Client) -> gazu::Result<()> {
    /// let mut events = client.events().connect().await?;
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     if event.name == "asset:new" {
    ///         println!("a new asset: {}", event.data["asset_id"]);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> EventsBuilder {
        EventsBuilder::new(self.clone())
    }

    /// Runs a call: sends its request, retries and renews the token as [`Execution`] decides.
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

    /// Sends the request of a call once.
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
            // The progress of an upload is that of reading its files.
            let mut of_answer = |_| {};
            let answer = self.answer(execution, call, request, &mut of_answer);
            return upload.send(commands, progress, answer).await;
        }
        let json = call.json_bytes();
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

    /// Sends a request and receives the answer, to the target of a download or into memory.
    async fn answer(
        &self,
        execution: &Execution,
        call: &Call,
        request: Request,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<ReceivedAnswer> {
        // A target that cannot be written is an error before anything is sent.
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
    /// The head and body of a successful answer. If the body of a download was not saved because of
    /// its status, such as 409, it is saved now.
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
