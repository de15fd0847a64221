//! The client for Rust programs.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

use crate::{
    call::{Body, Call},
    error::{Error, Rejection, Result},
    execution::{
        asked_wait, header_of, headers, in_time, Execution, Policy, Step, SESSION_HEADERS,
    },
    reply::Reply,
    transport::{
        form::{FormBody, NoStreams},
        Demand, Feed, Head, Payload, Request, Response, Settings, Transport,
    },
};

#[derive(Clone, Default)]
struct Tokens {
    access: Option<String>,
    refresh: Option<String>,
}

/// A client for Rust programs.
pub struct Client {
    host: String,
    tokens: RwLock<Tokens>,
    renewing: tokio::sync::Mutex<()>,
    transport: Arc<Transport>,
    settings: Settings,
    policy: Policy,
}

impl Client {
    /// A client of the API at `host`, such as `https://kitsu.example.com/api`.
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            tokens: RwLock::default(),
            renewing: tokio::sync::Mutex::default(),
            transport: Arc::default(),
            settings: Settings::default(),
            policy: Policy::default(),
        }
    }

    /// Changes how requests travel.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Changes how often and how long calls are tried.
    #[must_use]
    pub const fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Uses these tokens from now on.
    pub fn set_tokens(&self, access: Option<String>, refresh: Option<String>) {
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = Tokens { access, refresh };
    }

    fn tokens(&self) -> Tokens {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs a call.
    ///
    /// # Errors
    /// When the server refuses, no usable answer arrives, or a file fails.
    pub async fn run(&self, call: &Call) -> Result<Reply> {
        let mut execution = Execution::new(call, self.policy);
        loop {
            let access = self.tokens().access;
            let attempt = self.try_once(&execution, call, access.as_deref());
            let (head, body, saved) = match in_time(execution.until(), attempt).await {
                Ok(answer) => answer,
                Err(error) => {
                    let Error::Transport { kind, .. } = error else { return Err(error) };
                    let Some(wait) = execution.failed(kind) else { return Err(error) };
                    tokio::time::sleep(wait).await;
                    continue;
                }
            };
            let step = if saved { Step::Done } else { execution.answered_by(&head, &body) };
            match step {
                Step::Done => return Reply::read(call.reading, call.sorted, head, body),
                Step::Again(wait) => tokio::time::sleep(wait).await,
                Step::Renew { expired } => {
                    let error = || {
                        execution.rejected(Rejection::NotAuthenticated, head.status, body.clone())
                    };
                    if !expired || self.tokens().refresh.is_none() {
                        return Err(error());
                    }
                    let error = error();
                    self.renew(access.as_deref()).await?;
                    if !execution.renewed() {
                        return Err(error);
                    }
                }
                Step::Rejected(rejection) => {
                    return Err(execution.rejected(rejection, head.status, body))
                }
                Step::StillProcessing => return Err(execution.still_processing()),
            }
        }
    }

    /// Sends a call's request and reads its answer; the last tells whether the body went
    /// where a download goes.
    async fn try_once(
        &self,
        run: &Execution,
        call: &Call,
        access: Option<&str>,
    ) -> Result<(Head, Bytes, bool)> {
        let (mut response, streamed) = self.attempt(run, call, access).await?;
        let head = response.head.clone();
        let body =
            if streamed { self.save(call, response).await? } else { response.bytes().await? };
        Ok((head, body, streamed))
    }

    async fn attempt(
        &self,
        run: &Execution,
        call: &Call,
        access: Option<&str>,
    ) -> Result<(Response, bool)> {
        let authorization = access.map(|token| format!("Bearer {token}"));
        let own = authorization.iter().map(|value| ("Authorization", value.as_bytes()));
        let by_kind = header_of(call).map(|(name, value)| (name, value.as_bytes()));
        let session = SESSION_HEADERS.iter().map(|(name, value)| (*name, value.as_bytes()));
        let mut form_type = None;
        let payload = match &call.body {
            Body::Form { fields, files } => {
                let form = FormBody::open(fields, files, &mut NoStreams)?;
                form_type = Some(form.content_type());
                feed(form)
            }
            _ => call
                .json_body()
                .map_or(Payload::Empty, |json| Payload::Bytes(json.as_str().to_owned().into())),
        };
        let headers = headers(session, own.chain(by_kind));
        let mut request = Request::new(call.verb.method(), &run.url(&self.host), headers, payload)?;
        if let Some(form_type) = form_type {
            request.set_content_type(&form_type)?;
        }
        let response = self.transport.exchange(&self.settings, request).await?;
        let streamed = run.is_streamed(response.head.status);
        Ok((response, streamed))
    }

    /// Writes a download to its target, through a file beside it.
    async fn save(&self, call: &Call, mut response: Response) -> Result<Bytes> {
        let Some(target) = &call.target else { return response.bytes().await };
        let mut download = crate::transport::save::Download::begin(&target.0)?;
        let mut decoder = response.decoder();
        while let Some(chunk) = response.chunk().await? {
            decoder.push(&chunk, &mut |bytes| download.write(bytes))?;
        }
        decoder.finish(&mut |bytes| download.write(bytes))?;
        download.finish()?;
        Ok(Bytes::new())
    }

    /// Renews an expired token, once for all who wait.
    async fn renew(&self, stale: Option<&str>) -> Result<()> {
        let _alone = self.renewing.lock().await;
        let tokens = self.tokens();
        if tokens.access.as_deref() != stale {
            return Ok(());
        }
        let call = crate::call::get("auth/refresh-token");
        let run = Execution::new(&call, self.policy);
        let (mut response, _) = self.attempt(&run, &call, tokens.refresh.as_deref()).await?;
        let body = response.bytes().await?;
        if let Some(rejection) = Rejection::of_status(response.head.status) {
            return Err(Error::Rejected {
                rejection,
                status: response.head.status,
                path: run.path().to_owned(),
                body,
                retry_after: response.head.header("retry-after").and_then(asked_wait),
            });
        }
        let fresh: serde_json::Value = serde_json::from_slice(&body)
            .map_err(|error| Error::Decode { message: error.to_string() })?;
        let text = |key: &str| fresh.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        self.set_tokens(text("access_token"), text("refresh_token").or(tokens.refresh));
        Ok(())
    }
}

/// A form as a payload, read by a thread that may block.
fn feed(form: FormBody) -> Payload {
    let length = form.length();
    let form = Arc::new(std::sync::Mutex::new(form));
    let (orders, mut demands) = tokio::sync::mpsc::unbounded_channel::<Demand>();
    tokio::task::spawn_blocking(move || {
        while let Some(demand) = demands.blocking_recv() {
            let mut form = form.lock().unwrap_or_else(PoisonError::into_inner);
            match demand {
                Demand::Rewind => {
                    if form.rewind(&mut NoStreams).is_err() {
                        return;
                    }
                }
                // A chunk that cannot be read drops its sender, which ends the request.
                Demand::Chunk(chunk) => match form.next(&mut NoStreams) {
                    Ok(Some(bytes)) => drop(chunk.send(bytes)),
                    Ok(None) => {}
                    Err(_) => return,
                },
            }
        }
    });
    Payload::Feed(Feed::new(length, move |demand| drop(orders.send(demand))))
}
