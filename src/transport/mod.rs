//! The only room that names the HTTP library: connections, TLS, proxies, redirects, bodies.

mod buffers;
pub mod connect;
pub mod cookies;
pub mod decode;
pub mod form;
pub mod memory;
pub mod proxy;
pub mod redirect;
pub mod save;
pub mod tls;
mod trust;
pub mod url;

use std::{
    collections::{HashMap, VecDeque},
    error::Error as StdError,
    fmt,
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use ::url::Url;
use bytes::Bytes;
use futures_util::Stream;
use reqwest::{
    header::{
        HeaderMap, HeaderName, HeaderValue, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE,
        HOST, SET_COOKIE,
    },
    Method,
};
use tokio::sync::{oneshot, OwnedSemaphorePermit, Semaphore};

pub use self::{
    connect::Connecting,
    cookies::Cookies,
    decode::Decoder,
    memory::Kept,
    proxy::Proxies,
    tls::{ClientCertificate, Verify},
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
/// Redirects followed before giving up, when nobody says.
pub const MAX_REDIRECTS: usize = 30;
/// Bytes a second below which a body counts as silent, over the time that silence may last.
const SLOWEST: u128 = 100;
/// Chunks of a streamed body that are asked for ahead.
const READ_AHEAD: usize = 3;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

/// What a body's sender is asked for.
pub enum Demand {
    /// Begin again from the start.
    Rewind,
    /// The next chunk; dropping the sender ends the body with an error.
    Chunk(oneshot::Sender<Bytes>),
}

/// A body that someone else reads, chunk by chunk.
#[derive(Clone)]
pub struct Feed {
    /// Its length in bytes.
    pub length: u64,
    /// Asks for more.
    pub demand: Arc<dyn Fn(Demand) + Send + Sync>,
}

/// What a request carries.
#[derive(Clone)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// Nothing, and no word about its length: what a redirect leaves of a body.
    Dropped,
    /// These bytes.
    Bytes(Bytes),
    /// A body read while it is sent.
    Feed(Feed),
}

/// A request, ready to be sent.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// The headers, in order; `Host`, `Cookie` and `Content-Length` are added.
    pub headers: HeaderMap,
    /// The headers that follow those which are added.
    pub last: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub payload: Payload,
    /// How many redirects are followed; none leaves them to the caller.
    pub redirects: Option<usize>,
    /// Whether a redirect led here: cookies are then the last of all headers.
    pub redirected: bool,
}

impl Request {
    /// A request from text.
    ///
    /// # Errors
    /// When the URL or a header cannot be sent.
    pub fn new<'h>(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h [u8])>,
        payload: Payload,
    ) -> Result<Self> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let (name, value) = header(name, value)?;
            map.append(name, value);
        }
        let login =
            url::login(url).filter(|(user, password)| !(user.is_empty() && password.is_empty()));
        let login = login.and_then(|(user, password)| url::basic_login(&user, &password));
        let mut url = url::parse(url)?;
        // These fail for URLs without a host only, and this one has been parsed with its host.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        let mut last = Vec::new();
        match login {
            Some(login) if map.contains_key(AUTHORIZATION) => {
                map.insert(AUTHORIZATION, login);
            }
            Some(login) => last.push((AUTHORIZATION, login)),
            None => {}
        }
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| Error::Argument {
            argument: "method".into(),
            message: "not an HTTP method".into(),
        })?;
        Ok(Self {
            method,
            url,
            headers: map,
            last,
            payload,
            redirects: Some(MAX_REDIRECTS),
            redirected: false,
        })
    }

    /// Names the type of a form's content, unless the caller has.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn set_content_type(&mut self, content_type: &str) -> Result<()> {
        if self.headers.contains_key(CONTENT_TYPE) {
            return Ok(());
        }
        self.add_last(CONTENT_TYPE.as_str(), content_type.as_bytes())
    }

    /// Adds a header that follows those which are added by themselves.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn add_last(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.last.push(header(name, value)?);
        Ok(())
    }
}

fn header(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue)> {
    // The library would take away a blank in front, which requests refuses, as it does what
    // Python takes for one in ISO-8859-1.
    let blank = matches!(value.first(), Some(b' ' | b'\t' | 0x85 | 0xa0));
    match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
        (Ok(name), Ok(value)) if !blank => Ok((name, value)),
        _ => Err(invalid_header(name)),
    }
}

fn invalid_header(name: &str) -> Error {
    Error::transport(
        Kind::InvalidHeader,
        format!("Invalid leading whitespace, reserved character(s), or return character(s) in header: '{name}'"),
    )
}

/// The head of an answer.
#[derive(Clone)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// The URL that answered.
    pub url: String,
    /// The method that was answered.
    pub method: String,
    /// The headers, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The headers that were sent, in order.
    pub sent: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// A header's text, where there is one that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| std::str::from_utf8(value).ok())
    }
}

impl fmt::Debug for Head {
    /// Status, method and URL: headers may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = url::without_userinfo(&self.url);
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
    /// The right to a connection, where their number is limited.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Response {
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
#[derive(Clone, PartialEq, Eq, Hash)]
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
    pools: Mutex<HashMap<PoolKey, Pool>>,
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
        let shown_proxy = proxy.as_deref().map(url::without_userinfo);
        let pool = self.pool(settings, proxy, request.url.scheme() == "https")?;
        let permit = pool.permit(settings.connections.in_use, &request.url).await;
        let activity = Arc::new(Activity::new());
        let mut message = reqwest::Request::new(request.method.clone(), request.url.clone());
        *message.headers_mut() = headers_of(request, self.cookies.header(&request.url))?;
        match &request.payload {
            Payload::Empty | Payload::Dropped => {}
            Payload::Bytes(bytes) => *message.body_mut() = Some(bytes.clone().into()),
            Payload::Feed(feed) => {
                let stream = FeedStream::new(feed.clone(), activity.clone());
                *message.body_mut() = Some(reqwest::Body::wrap_stream(stream));
            }
        }
        let sent = pairs(message.headers());
        let fail =
            |error: reqwest::Error| transport_error(&error, &request.url, shown_proxy.as_deref());
        // Twice through the reactor: a connection that the server has closed meanwhile leaves
        // the pool before one is taken from it, since a write cannot be tried again.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let answer = pool.client.execute(message);
        let body = match settings.idle {
            None => answer.await,
            Some(idle) => activity.within(idle, &pool.connecting, answer).await?,
        }
        .map_err(fail)?;
        let cookies = body.headers().get_all(SET_COOKIE).into_iter();
        let cookies = cookies.filter_map(|header| std::str::from_utf8(header.as_bytes()).ok());
        self.cookies.store(&request.url, cookies);
        let status = body.status();
        let reason = body.extensions().get::<hyper::ext::ReasonPhrase>().map_or_else(
            || status.canonical_reason().unwrap_or_default().to_owned(),
            |reason| String::from_utf8_lossy(reason.as_bytes()).into_owned(),
        );
        let head = Head {
            status: status.as_u16(),
            reason,
            url: request.url.as_str().to_owned(),
            method: request.method.as_str().to_owned(),
            headers: pairs(body.headers()),
            sent,
        };
        Ok(Response {
            head,
            history: Vec::new(),
            body,
            idle: settings.idle,
            pace: Pace::default(),
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
        if let Some(pool) = pools.get(&key) {
            return Ok(pool.clone());
        }
        let connecting = Connecting::none();
        let pool = Pool { client: build(&key, &connecting)?, connecting, permits: Arc::default() };
        pools.insert(key, pool.clone());
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

/// `Host` first, then the caller's headers, then cookies and length, where scripts' servers
/// are used to see them.
fn headers_of(request: &Request, cookies: Option<String>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 4);
    if !request.headers.contains_key(HOST) {
        let host = request.url.host_str().unwrap_or_default();
        let host = match request.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let host = HeaderValue::from_str(&host)
            .map_err(|_| Error::transport(Kind::InvalidUrl, "the host cannot be sent"))?;
        headers.insert(HOST, host);
    }
    // What a redirect has taken the body of stands at the front.
    let is_write = matches!(request.method, Method::PUT | Method::POST | Method::PATCH);
    if is_write && matches!(request.payload, Payload::Dropped) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
    }
    for (name, value) in &request.headers {
        headers.append(name, value.clone());
    }
    let cookies = cookies
        .filter(|_| !headers.contains_key(COOKIE))
        .map(|cookies| HeaderValue::try_from(cookies).map_err(|_| invalid_header(COOKIE.as_str())))
        .transpose()?;
    if let Some(cookies) = cookies.as_ref().filter(|_| !request.redirected) {
        headers.insert(COOKIE, cookies.clone());
    }
    let length = match &request.payload {
        Payload::Dropped => None,
        Payload::Empty if matches!(request.method, Method::GET | Method::HEAD) => None,
        Payload::Empty => Some(0),
        Payload::Bytes(bytes) => Some(bytes.len() as u64),
        Payload::Feed(feed) => Some(feed.length),
    };
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    for (name, value) in &request.last {
        headers.append(name, value.clone());
    }
    if let Some(cookies) = cookies.filter(|_| request.redirected) {
        headers.insert(COOKIE, cookies);
    }
    Ok(headers)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect()
}

/// When something last moved.
struct Activity {
    start: Instant,
    last: AtomicU64,
}

impl Activity {
    fn new() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0) }
    }

    fn touch(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Waits for an outcome while something moves at least every `idle`. Connecting, which has
    /// a deadline of its own, counts as moving.
    async fn within<T>(
        &self,
        idle: Duration,
        connecting: &Connecting,
        outcome: impl Future<Output = T>,
    ) -> Result<T> {
        let mut outcome = std::pin::pin!(outcome);
        loop {
            let moved = self.start + Duration::from_millis(self.last.load(Ordering::Relaxed));
            let until = moved.max(connecting.last()) + idle;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(idle_error(idle));
            }
            if let Ok(outcome) = tokio::time::timeout(left, outcome.as_mut()).await {
                return Ok(outcome);
            }
        }
    }
}

/// How fast a body arrives. Single bytes now and then are as good as silence.
#[derive(Default)]
struct Pace {
    waited: Duration,
    arrived: u128,
}

impl Pace {
    /// Counts what has arrived after a wait.
    fn arrived(&mut self, bytes: usize, waited: Duration, idle: Duration) -> Result<()> {
        self.waited += waited;
        self.arrived += bytes as u128;
        if self.waited < idle {
            return Ok(());
        }
        if self.arrived < idle.as_millis() * SLOWEST / 1000 {
            return Err(idle_error(idle));
        }
        *self = Self::default();
        Ok(())
    }
}

/// A body that asks its feed for the chunks ahead of those being sent.
struct FeedStream {
    feed: Feed,
    activity: Arc<Activity>,
    ahead: VecDeque<oneshot::Receiver<Bytes>>,
    left: u64,
}

impl FeedStream {
    fn new(feed: Feed, activity: Arc<Activity>) -> Self {
        (feed.demand)(Demand::Rewind);
        let left = feed.length;
        Self { feed, activity, ahead: VecDeque::new(), left }
    }
}

impl Stream for FeedStream {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        while self.ahead.len() < READ_AHEAD {
            let (sender, receiver) = oneshot::channel();
            (self.feed.demand)(Demand::Chunk(sender));
            self.ahead.push_back(receiver);
        }
        self.activity.touch();
        let Some(next) = self.ahead.front_mut() else { return Poll::Pending };
        match Pin::new(next).poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(chunk)) => {
                self.ahead.pop_front();
                self.left = self.left.saturating_sub(chunk.len() as u64);
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Err(_)) => {
                Poll::Ready(Some(Err(std::io::Error::other("the body could not be read"))))
            }
        }
    }
}

fn idle_error(idle: Duration) -> Error {
    let seconds = idle.as_secs_f64();
    Error::transport(Kind::ReadTimeout, format!("Read timed out. (read timeout={seconds})"))
}

/// The innermost reason of an error: what a person needs to read.
fn reason(error: &(dyn StdError + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// What went wrong, in words that name who did; `proxy` without its login.
fn transport_error(error: &reqwest::Error, url: &Url, proxy: Option<&str>) -> Error {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let mut tls = None;
    let mut tunnel = false;
    let mut next = error.source();
    while let Some(source) = next {
        next = source.source();
        tls = tls.or_else(|| tls_error(source));
        tunnel |= source.to_string().contains("tunnel");
    }
    let said = match reason(error) {
        said if said == "tls handshake eof" => {
            "it closed the connection in the TLS handshake".into()
        }
        said => said,
    };
    let through = proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    let (kind, message) = if let Some(tls) = tls {
        let explained = trust::explained(tls);
        (Kind::Tls, format!("TLS with {host}:{port}{through} failed: {explained}"))
    } else if error.is_timeout() && error.is_connect() {
        (Kind::ConnectTimeout, format!("Connection to {host}:{port}{through} timed out."))
    } else if proxy.is_some() && (error.is_connect() || tunnel) {
        let said = proxy::explained(&said);
        (Kind::Proxy, format!("Unable to connect to {host}:{port}{through}: {said}"))
    } else if error.is_timeout() {
        (Kind::ReadTimeout, format!("{host}:{port}: Read timed out."))
    } else if error.is_connect() {
        (Kind::Connect, format!("Failed to establish a connection to {host}:{port}: {said}"))
    } else {
        (Kind::Lost, format!("Connection to {host}:{port}{through} aborted: {said}"))
    };
    Error::transport(kind, message)
}

/// The TLS error that an error is, or that an I/O error wraps, however deeply.
fn tls_error<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e rustls::Error> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(error);
    }
    tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn any_request_can_be_sent_or_is_refused(
            method: String, path: String, user in "[a-z]{0,3}", password in "[A-Z]{8}",
            headers in prop::collection::vec(("[a-zA-Z-]{1,8}|[ -~]{0,4}", any::<Vec<u8>>()), 0..4),
        ) {
            let url = format!("http://{user}:{password}@h/{path}");
            let pairs = || headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
            for method in ["GET", &method] {
                let made = Request::new(method, &url, pairs(), Payload::Empty);
                let made = made.and_then(|request| headers_of(&request, None));
                match made {
                    Ok(sent) => {
                        prop_assert_eq!(sent.get(HOST).is_some(), true);
                        for (name, value) in &sent {
                            let safe = |byte: &u8| !matches!(byte, b'\r' | b'\n' | 0);
                            prop_assert!(name.as_str().bytes().all(|byte| safe(&byte)));
                            prop_assert!(value.as_bytes().iter().all(safe));
                        }
                        for (name, value) in pairs() {
                            if !name.eq_ignore_ascii_case("authorization") {
                                let mut all = sent.get_all(name).into_iter();
                                prop_assert!(all.any(|sent| sent.as_bytes() == value.trim_ascii_end()), "{}", name);
                            }
                        }
                        prop_assert!(sent.get(AUTHORIZATION).is_some_and(HeaderValue::is_sensitive));
                    }
                    Err(error) => prop_assert!(!error.to_string().contains(&password), "{}", error),
                }
            }
        }

        #[test]
        fn a_cookie_header_is_sent_whole_or_refused(cookies: String) {
            let request =
                Request::new("GET", "http://h/", std::iter::empty(), Payload::Empty).unwrap();
            let sent = headers_of(&request, Some(cookies.clone()));
            let controls = cookies.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f);
            prop_assert_eq!(sent.is_err(), controls);
        }
    }
}
