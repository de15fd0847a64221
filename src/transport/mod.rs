//! The only room that names the HTTP library: connections, TLS, proxies, redirects, bodies.

mod buffers;
pub mod connect;
pub mod cookies;
pub mod decode;
mod failure;
mod feed;
pub mod form;
pub mod memory;
pub mod proxy;
pub mod redirect;
mod request;
pub mod save;
mod silence;
pub mod tls;
mod trust;
pub mod url;
pub mod wait;

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ::url::Url;
use bytes::Bytes;
use reqwest::header::SET_COOKIE;
pub use reqwest::{header::HeaderMap, Method};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use self::{
    connect::Connecting,
    cookies::Cookies,
    decode::Decoder,
    feed::{Demand, Feed},
    memory::Kept,
    proxy::Proxies,
    request::{Asked, Payload, Request, MAX_REDIRECTS},
    tls::{ClientCertificate, Verify},
};
use self::{
    failure::{reason, transport_error},
    feed::{BodyStream, Sender, LARGE},
    request::headers_of,
    silence::{idle_error, Activity, Pace},
};
use crate::error::{Error, Result, Transport as Kind};

/// Seconds after which an idle connection is not used again: below every usual server's limit.
const POOL_IDLE: Duration = Duration::from_secs(25);
/// How long nothing may arrive or leave, when nobody says.
const IDLE: Duration = Duration::from_secs(300);
/// How long a silent connection is left before the other machine is asked whether it is there.
const PROBE: Duration = Duration::from_secs(15);
/// How often it is asked in vain: longer in all than the idle deadline, which comes first.
const PROBES: u32 = 20;
/// How a request travels.
#[derive(Clone)]
pub struct Settings {
    /// Which servers are trusted.
    pub verify: Verify,
    /// The client's own certificate.
    pub certificate: Option<ClientCertificate>,
    /// Proxies, besides the environment's.
    pub proxies: Proxies,
    /// Whether the environment's proxies and certificate bundles count.
    pub trust_env: bool,
    /// Whether a bundle of the environment overrides what `verify` says.
    pub environment_first: bool,
    /// How long connecting may take.
    pub connect: Option<Duration>,
    /// How long nothing may arrive or leave.
    pub idle: Option<Duration>,
    /// How many connections are kept and made.
    pub connections: Connections,
}

/// How many connections to one server are kept and made; no number is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Those that are kept for further requests.
    pub kept: Option<usize>,
    /// Those that are in use at the same time; further requests wait.
    pub in_use: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            verify: Verify::System,
            certificate: None,
            proxies: Proxies::default(),
            trust_env: true,
            environment_first: true,
            connect: Some(Duration::from_secs(15)),
            idle: Some(IDLE),
            connections: Connections::default(),
        }
    }
}

/// The head of an answer.
#[derive(Clone)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The reason phrase.
    pub reason: Cow<'static, str>,
    /// The URL that answered.
    pub url: String,
    /// The method that was answered.
    pub method: Method,
    /// The headers, in order.
    pub headers: HeaderMap,
    /// The headers that were sent, in order.
    pub sent: HeaderMap,
}

impl Head {
    /// A header's text, where there is one that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }
}

impl fmt::Debug for Head {
    /// Status, method and URL: headers may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = crate::redact::shown_url(&self.url);
        write!(formatter, "{} {} {url}", self.status, self.method)
    }
}

/// An answer whose body has not been read.
pub struct Response {
    /// Its head.
    pub head: Head,
    /// The heads of the redirects that led to it.
    pub history: Vec<Head>,
    body: reqwest::Response,
    idle: Option<Duration>,
    pace: Pace,
    /// How far the sending of the request's body is, where the answer may come before its end.
    sending: Option<RequestBody>,
    /// The right to a connection, where their number is limited.
    _permit: Option<OwnedSemaphorePermit>,
}

/// A request's body on its way.
struct RequestBody {
    sender: Sender,
    activity: Arc<Activity>,
    connecting: Connecting,
}

impl Response {
    /// Waits until the request's body is sent, where the answer says that the server takes it:
    /// one that is cut off would be lost with success.
    async fn wait_until_sent(&mut self) -> Result<()> {
        let Some(RequestBody { sender, activity, connecting }) = &self.sending else {
            return Ok(());
        };
        if !(200..300).contains(&self.head.status) {
            return Ok(());
        }
        let through = sender.0.is_through();
        let is_through = match self.idle {
            None => through.await,
            Some(idle) => activity.within(idle, connecting, through).await?,
        };
        if is_through {
            return Ok(());
        }
        let message = "Connection aborted. The server answered before it had the whole request, \
                       and closed the connection.";
        Err(Error::transport(Kind::Closed, message))
    }

    /// The next bytes as they came; none at the end.
    ///
    /// # Errors
    /// When the body breaks off or nothing arrives for too long.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.body.chunk();
        let started = Instant::now();
        let outcome = match self.idle {
            Some(idle) => tokio::time::timeout(idle, chunk).await.map_err(|_| idle_error(idle))?,
            None => chunk.await,
        };
        let chunk = outcome.map_err(|error| {
            Error::transport(Kind::Truncated, format!("Connection broken: {}", reason(&error)))
        })?;
        if let (Some(idle), Some(chunk)) = (self.idle, &chunk) {
            self.pace.arrived(chunk.len(), started.elapsed(), idle)?;
        }
        Ok(chunk)
    }

    /// A decoder for the body's compression.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        Decoder::for_encoding(self.head.header("content-encoding"))
    }

    /// The whole body, decompressed.
    ///
    /// # Errors
    /// As [`Self::chunk`], and when the compression is broken.
    pub async fn bytes(&mut self) -> Result<Bytes> {
        let mut decoder = self.decoder();
        let expected: Option<usize> =
            self.head.header("content-length").and_then(|text| text.parse().ok());
        let mut kept = Kept::default();
        kept.expect(expected.unwrap_or(0))?;
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        if decoder.is_identity() && expected == Some(first.len()) {
            return Ok(first);
        }
        kept.receive(&first, &mut decoder)?;
        while let Some(chunk) = self.chunk().await? {
            kept.receive(&chunk, &mut decoder)?;
        }
        kept.finish(&mut decoder)
    }
}

/// What a pool of connections depends on.
#[derive(PartialEq, Eq)]
struct PoolKey {
    verify: Verify,
    system_bundle: Option<PathBuf>,
    certificate: Option<ClientCertificate>,
    proxy: Option<String>,
    connect: Option<Duration>,
    /// How long what was sent may lie unread.
    unread: Option<Duration>,
    connections: Connections,
}

/// Connections, kept for further requests, and the cookies that servers set.
#[derive(Default)]
pub struct Transport {
    /// Few: a client needs one or two.
    pools: Mutex<Vec<(PoolKey, Pool)>>,
    cookies: Cookies,
}

/// Connections that are alike.
#[derive(Clone)]
struct Pool {
    client: reqwest::Client,
    connecting: Connecting,
    /// The right to a connection, by server, where their number is limited.
    permits: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Pool {
    /// The right to a connection to a URL's server, once there is one.
    async fn permit(&self, most: Option<usize>, url: &Url) -> Option<OwnedSemaphorePermit> {
        let most = most?;
        let semaphore = {
            let mut permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
            let server = url.origin().ascii_serialization();
            permits.entry(server).or_insert_with(|| Arc::new(Semaphore::new(most))).clone()
        };
        // It is never closed.
        semaphore.acquire_owned().await.ok()
    }
}

impl Transport {
    /// Connections of its own, and the same cookies, for another process.
    #[must_use]
    pub fn in_child(&self) -> Self {
        Self { pools: Mutex::default(), cookies: self.cookies.copy() }
    }

    /// Closes the connections that are not in use, and says whether there may be any.
    pub fn close(&self) -> bool {
        let pools = std::mem::take(&mut *self.pools.lock().unwrap_or_else(PoisonError::into_inner));
        !pools.is_empty()
    }

    /// The cookies that servers set.
    #[must_use]
    pub const fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// Sends a request, follows its redirects, and returns as soon as the head is there.
    ///
    /// # Errors
    /// When no answer arrives.
    pub async fn exchange(&self, settings: &Settings, mut request: Request) -> Result<Response> {
        let mut history: Vec<Head> = Vec::new();
        loop {
            let mut response = self.send(settings, &request).await?;
            // One that leads nowhere is no redirect.
            let location = response.head.header("location").filter(|to| !to.is_empty());
            let location = location.map(str::to_owned);
            let (Some(most), 301 | 302 | 303 | 307 | 308, Some(location)) =
                (request.redirects, response.head.status, location)
            else {
                response.history = history;
                response.wait_until_sent().await?;
                return Ok(response);
            };
            if history.len() >= most {
                let message = format!("Exceeded {most} redirects.");
                return Err(Error::transport(Kind::TooManyRedirects, message));
            }
            // A body left unread would cost the connection; a large one is not worth reading.
            if response.body.content_length().is_some_and(|length| length < 64 * 1024) {
                while response.chunk().await?.is_some() {}
            }
            let to = request.url.join(&location).map_err(|error| {
                Error::transport(Kind::InvalidUrl, format!("Failed to parse: redirect: {error}"))
            })?;
            let to = url::parse(to.as_str())?;
            let next = redirect::after(response.head.status, &request.method);
            redirect::strip(&mut request, &to, next.keeps_body);
            if !next.keeps_body {
                request.payload = Payload::Dropped;
            }
            request.method = next.method;
            request.url = to;
            history.push(response.head);
        }
    }

    async fn send(&self, settings: &Settings, request: &Request) -> Result<Response> {
        let proxy = proxy::select(&request.url, &settings.proxies, settings.trust_env);
        let shown_proxy = proxy.as_deref().map(crate::redact::shown_url);
        let pool = self.pool(settings, proxy, request.url.scheme() == "https")?;
        let permit = pool.permit(settings.connections.in_use, &request.url).await;
        let activity = Arc::new(Activity::new());
        let mut message = reqwest::Request::new(request.method.clone(), request.url.clone());
        *message.headers_mut() = headers_of(request, self.cookies.header(&request.url))?;
        let mut sent_in_pieces = None;
        match &request.payload {
            Payload::Empty | Payload::Dropped => {}
            Payload::Bytes(bytes) if bytes.len() > LARGE => {
                sent_in_pieces = Some(BodyStream::of_bytes(bytes.clone(), activity.clone()));
            }
            Payload::Bytes(bytes) => *message.body_mut() = Some(bytes.clone().into()),
            Payload::Feed(feed) => {
                sent_in_pieces = Some(BodyStream::of_feed(feed.clone(), activity.clone()));
            }
        }
        let sender = sent_in_pieces.map(|(stream, sender)| {
            *message.body_mut() = Some(reqwest::Body::wrap_stream(stream));
            sender
        });
        let sent = message.headers().clone();
        let fail =
            |error: reqwest::Error| transport_error(&error, &request.url, shown_proxy.as_deref());
        // Through the reactor: a connection that the server has closed meanwhile leaves the pool
        // before one is taken from it, since a write cannot be tried again. Its task is woken
        // before this one, and has its turn before.
        tokio::task::yield_now().await;
        let connecting = pool.connecting.clone();
        let answer = pool.client.execute(message);
        let mut body = match settings.idle {
            None => answer.await,
            Some(idle) => activity.within(idle, &pool.connecting, answer).await?,
        }
        .map_err(fail)?;
        let cookies = body.headers().get_all(SET_COOKIE).into_iter();
        let cookies = cookies.filter_map(|header| std::str::from_utf8(header.as_bytes()).ok());
        self.cookies.store(&request.url, cookies);
        let status = body.status();
        let reason = body.extensions().get::<hyper::ext::ReasonPhrase>().map_or_else(
            || status.canonical_reason().unwrap_or_default().into(),
            |reason| String::from_utf8_lossy(reason.as_bytes()).into_owned().into(),
        );
        let head = Head {
            status: status.as_u16(),
            reason,
            url: request.url.as_str().to_owned(),
            method: request.method.clone(),
            headers: std::mem::take(body.headers_mut()),
            sent,
        };
        Ok(Response {
            head,
            history: Vec::new(),
            body,
            idle: settings.idle,
            pace: Pace::default(),
            sending: sender.map(|sender| RequestBody { sender, activity, connecting }),
            _permit: permit,
        })
    }

    fn pool(&self, settings: &Settings, proxy: Option<String>, encrypted: bool) -> Result<Pool> {
        if let Some(certificate) = &settings.certificate {
            tls::must_exist(certificate)?;
        }
        // Plain connections share a pool whatever is said of certificates, unless a proxy
        // is in the way, which may be encrypted itself.
        let mut key = PoolKey {
            verify: Verify::Off,
            system_bundle: None,
            certificate: None,
            proxy: None,
            connect: settings.connect,
            unread: settings.idle.map(|idle| idle.max(IDLE)),
            connections: settings.connections,
        };
        if encrypted || proxy.is_some() {
            key.verify = settings.verify.clone();
            key.certificate.clone_from(&settings.certificate);
            key.proxy = proxy;
            if settings.trust_env {
                // A bundle of the environment counts even where the session says otherwise.
                let bundle = tls::bundle_of_environment().filter(|_| settings.environment_first);
                if let Some(bundle) = bundle {
                    key.verify = Verify::Bundle(bundle);
                }
                if key.verify == Verify::System {
                    key.system_bundle = tls::system_bundle();
                }
            }
        }
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pool)) = pools.iter().find(|(known, _)| *known == key) {
            return Ok(pool.clone());
        }
        let connecting = Connecting::none();
        let pool = Pool { client: build(&key, &connecting)?, connecting, permits: Arc::default() };
        pools.push((key, pool.clone()));
        Ok(pool)
    }
}

fn build(key: &PoolKey, connecting: &Connecting) -> Result<reqwest::Client> {
    let tls = tls::configure(&key.verify, key.system_bundle.as_deref(), key.certificate.as_ref())?;
    let mut builder = reqwest::Client::builder()
        .http1_only()
        .http1_title_case_headers()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_idle_timeout(POOL_IDLE)
        .tcp_keepalive(PROBE)
        .tcp_keepalive_interval(PROBE)
        .tcp_keepalive_retries(PROBES)
        .connector_layer(connecting.clone())
        .no_proxy()
        .tls_backend_preconfigured(tls);
    // What has been given up is sent to its end all the same, and must not wait for ever. The
    // library's own 30 seconds would end what is still wanted.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    {
        builder = builder.tcp_user_timeout(key.unread);
    }
    if let Some(kept) = key.connections.kept {
        builder = builder.pool_max_idle_per_host(kept);
    }
    if let Some(connect) = key.connect {
        builder = builder.connect_timeout(connect);
    }
    if let Some(proxy) = &key.proxy {
        builder = builder.proxy(proxy::through(proxy)?);
    }
    builder.build().map_err(|error| Error::transport(Kind::Certificate, reason(&error)))
}
