//! The only room that names the HTTP library: connections, TLS, proxies, redirects, bodies.

mod body;
mod buffers;
mod connect;
pub mod cookies;
pub mod decode;
mod failure;
pub mod form;
mod idle;
pub mod memory;
pub mod proxy;
pub mod redirect;
mod request;
pub mod save;
pub mod tls;
mod trust;
pub mod url;
pub mod wait;

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ::url::Url;
use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION, SET_COOKIE, TRANSFER_ENCODING};
pub use reqwest::{header::HeaderMap, Method};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::{
    body::{BodyStream, SendGuard, STREAM_FROM},
    connect::{ConnectAttempt, ConnectDeadlineLayer, Resolver},
    failure::{reason, transport_error},
    idle::{idle_timeout_error, IdleTimer, TransferRate},
    request::wire_headers,
};
pub use self::{
    body::{ReadCommand, StreamedBody},
    cookies::Cookies,
    decode::Decoder,
    memory::MemoryBody,
    proxy::Proxies,
    request::{Payload, Request, RequestSummary, MAX_REDIRECTS},
    tls::{ClientCertificate, FileVersion, Verify},
};
use crate::error::{Error, Result, Transport as Kind};

/// How many pools a session keeps. The one that has not been used for longest is closed.
const MAX_POOLS: usize = 8;
/// How many idle connections to one server are kept, when nobody says.
const DEFAULT_IDLE_CONNECTIONS: usize = 64;
/// For how many servers a pool remembers the number of connections in use, at least.
const REMEMBERED_SERVERS: usize = 64;
/// Seconds after which an idle connection is not used again: below every usual server's limit.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(25);
/// How long nothing may arrive or leave, when nobody says.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(300);
/// How long a silent connection is left before the other machine is asked whether it is there.
const PROBE_INTERVAL: Duration = Duration::from_secs(15);
/// How often it is asked in vain: longer in all than the idle deadline, which comes first.
const MAX_PROBES: u32 = 20;
/// How long what was sent may lie unacknowledged, by the longest idle deadline that this serves.
const USER_TIMEOUTS: [Duration; 2] = [DEFAULT_IDLE_TIMEOUT, Duration::from_secs(3600)];

/// The largest body that is waited for, in bytes: what is said to be longer is a mistake.
const MAX_CONTENT_LENGTH: u64 = 1 << 50;

/// How a request travels.
#[derive(Clone)]
pub struct Settings {
    /// Which servers are trusted.
    pub verify: Verify,
    /// A bundle whose authorities are trusted besides the system's.
    pub also_trusted: Option<PathBuf>,
    /// The client's own certificate.
    pub certificate: Option<ClientCertificate>,
    /// Proxies, besides the environment's.
    pub proxies: Proxies,
    /// Whether the environment's proxies and certificate bundles count.
    pub trust_env: bool,
    /// Whether a bundle of the environment overrides what `verify` says.
    pub environment_first: bool,
    /// How long connecting may take.
    pub connect_timeout: Option<Duration>,
    /// How long nothing may arrive or leave.
    pub idle_timeout: Option<Duration>,
    /// How many connections are kept and made.
    pub connections: ConnectionLimits,
}

/// How many connections to one server are kept and made; no number is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Those that are kept for further requests.
    pub idle: Option<usize>,
    /// Those that are in use at the same time; further requests wait.
    pub in_use: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            verify: Verify::System,
            also_trusted: None,
            certificate: None,
            proxies: Proxies::default(),
            trust_env: true,
            environment_first: true,
            connect_timeout: Some(Duration::from_secs(15)),
            idle_timeout: Some(DEFAULT_IDLE_TIMEOUT),
            connections: ConnectionLimits::default(),
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

    /// A decoder for the body's compression, of which each header names a part.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        let all = self.headers.get_all(CONTENT_ENCODING).into_iter();
        let all = all.map(|value| String::from_utf8_lossy(value.as_bytes()));
        Decoder::for_encoding(&all.collect::<Vec<_>>().join(","))
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
    /// How many bytes of the body are left, where the library does not count them.
    left: Option<u64>,
    idle_timeout: Option<Duration>,
    rate: TransferRate,
    /// How far the sending of the request's body is, where the answer may come before its end.
    sending: Option<BodyInProgress>,
    /// The right to a connection, where their number is limited.
    _permit: Option<OwnedSemaphorePermit>,
}

/// A request's body on its way.
struct BodyInProgress {
    guard: SendGuard,
    idle_timer: Arc<IdleTimer>,
    attempt: ConnectAttempt,
}

impl Response {
    /// Waits until the request's body is sent, where the answer says that the server takes it:
    /// one that is cut off would be lost with success.
    async fn wait_until_sent(&mut self) -> Result<()> {
        let Some(BodyInProgress { guard, idle_timer, attempt }) = &self.sending else {
            return Ok(());
        };
        if !(200..300).contains(&self.head.status) {
            return Ok(());
        }
        let sent = guard.0.wait_until_sent();
        let is_sent = match self.idle_timeout {
            None => sent.await,
            Some(idle) => idle_timer.limit(idle, attempt, sent).await?,
        };
        if is_sent {
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
        if self.left == Some(0) {
            return Ok(None);
        }
        let chunk = self.body.chunk();
        let started = Instant::now();
        let outcome = match self.idle_timeout {
            Some(idle) => {
                tokio::time::timeout(idle, chunk).await.map_err(|_| idle_timeout_error(idle))?
            }
            None => chunk.await,
        };
        let mut chunk = outcome.map_err(|error| truncated(&reason(&error)))?;
        if let Some(left) = &mut self.left {
            let Some(chunk) = &mut chunk else {
                return Err(truncated("end of file before the end"));
            };
            chunk.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= chunk.len() as u64;
        }
        if let (Some(idle), Some(chunk)) = (self.idle_timeout, &chunk) {
            self.rate.check(chunk.len(), started.elapsed(), idle)?;
        }
        Ok(chunk)
    }

    /// A decoder for the body's compression.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        self.head.decoder()
    }

    /// The whole body, decompressed.
    ///
    /// # Errors
    /// As [`Self::chunk`], and when the compression is broken.
    pub async fn bytes(&mut self) -> Result<Bytes> {
        let mut decoder = self.decoder();
        // A length beside a `Transfer-Encoding: chunked` says nothing.
        let expected = self.left.or_else(|| self.body.content_length());
        let expected = expected.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        let mut body = MemoryBody::default();
        body.reserve(expected.unwrap_or(0))?;
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        if decoder.is_identity() && expected == Some(first.len()) {
            return Ok(first);
        }
        body.receive(&first, &mut decoder)?;
        while let Some(chunk) = self.chunk().await? {
            body.receive(&chunk, &mut decoder)?;
        }
        body.finish(&mut decoder)
    }
}

/// What a pool of connections depends on.
#[derive(PartialEq, Eq)]
struct PoolKey {
    verify: Verify,
    system_bundle: Option<PathBuf>,
    also_trusted: Option<PathBuf>,
    certificate: Option<ClientCertificate>,
    proxy: Option<String>,
    /// How long what was sent may lie unacknowledged: one of a few values.
    user_timeout: Option<Duration>,
    connections: ConnectionLimits,
    /// Which content the certificate files have.
    files: Vec<FileVersion>,
}

impl PoolKey {
    /// Whether another key differs in the content of its files only.
    fn is_older_than(&self, other: &Self) -> bool {
        self.files != other.files
            && self.verify == other.verify
            && self.system_bundle == other.system_bundle
            && self.certificate == other.certificate
    }
}

/// ConnectionLimits, kept for further requests, and the cookies that servers set.
#[derive(Default)]
pub struct Transport {
    /// The one that was used last is the last.
    pools: Mutex<Vec<(PoolKey, Pool)>>,
    cookies: Cookies,
}

/// ConnectionLimits that are alike.
#[derive(Clone)]
struct Pool {
    client: reqwest::Client,
    /// The right to a connection, by server, where their number is limited.
    permits: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Pool {
    /// The right to a connection to a URL's server, once there is one.
    async fn permit(&self, most: Option<usize>, url: &Url) -> Option<OwnedSemaphorePermit> {
        let most = most?;
        let semaphore = {
            let mut permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
            if permits.len() >= REMEMBERED_SERVERS {
                // A permit in use, or waited for, has a share in its semaphore.
                permits.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
            }
            let server = url.origin().ascii_serialization();
            permits.entry(server).or_insert_with(|| Arc::new(Semaphore::new(most))).clone()
        };
        // It is never closed.
        semaphore.acquire_owned().await.ok()
    }
}

impl Transport {
    /// ConnectionLimits of its own, and the same cookies, for another process.
    #[must_use]
    pub fn for_child_process(&self) -> Self {
        Self { pools: Mutex::default(), cookies: self.cookies.copy() }
    }

    /// Closes the connections that are not in use, and says whether there may be any.
    pub fn close(&self) -> bool {
        let pools = std::mem::take(&mut *self.lock_pools());
        !pools.is_empty()
    }

    fn lock_pools(&self) -> MutexGuard<'_, Vec<(PoolKey, Pool)>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
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
            let location = response.head.headers.get(LOCATION).map(redirect::location);
            let location = location.filter(|to| !to.is_empty());
            let (Some(most), 301 | 302 | 303 | 307 | 308, Some(location)) =
                (request.max_redirects, response.head.status, location)
            else {
                response.history = history;
                response.wait_until_sent().await?;
                return Ok(response);
            };
            if history.len() >= most {
                let message = format!("Exceeded {most} redirects.");
                return Err(Error::transport(Kind::TooManyRedirects, message));
            }
            // A body left user_timeout would cost the connection; a large one is not worth reading.
            if response.body.content_length().is_some_and(|length| length < 64 * 1024) {
                while response.chunk().await?.is_some() {}
            }
            let to = redirect::target(&request.url, &location)?;
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
        let headers = wire_headers(request, self.cookies.header(&request.url))?;
        let attempt = ConnectAttempt::new(settings.connect_timeout);
        let (mut body, sending) = loop {
            let exchange = execute(&pool, settings, request, &headers, &attempt);
            match attempt.scope(exchange).await? {
                (Ok(body), sending) => break (body, sending),
                // Nothing has been sent yet.
                (Err(error), _)
                    if error.is_connect() && error.is_timeout() && attempt.try_next_address() => {}
                (Err(error), _) => {
                    return Err(transport_error(&error, &request.url, shown_proxy.as_deref()))
                }
            }
        };
        let cookies = body.headers().get_all(SET_COOKIE).into_iter();
        let cookies = cookies.filter_map(|header| std::str::from_utf8(header.as_bytes()).ok());
        self.cookies.store(&request.url, cookies);
        if body.content_length().is_some_and(|length| length > MAX_CONTENT_LENGTH) {
            let message = "The answer says that it is larger than any file can be.";
            return Err(Error::transport(Kind::TooLarge, message));
        }
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
            sent: headers,
        };
        Ok(Response {
            left: length_beside_encoding(&head.headers),
            head,
            history: Vec::new(),
            body,
            idle_timeout: settings.idle_timeout,
            rate: TransferRate::default(),
            sending,
            _permit: permit,
        })
    }

    fn pool(&self, settings: &Settings, proxy: Option<String>, encrypted: bool) -> Result<Pool> {
        if let Some(certificate) = &settings.certificate {
            tls::check_exists(certificate)?;
        }
        // Plain connections share a pool whatever is said of certificates, unless a proxy
        // is in the way, which may be encrypted itself.
        let mut key = PoolKey {
            verify: Verify::Off,
            system_bundle: None,
            also_trusted: None,
            certificate: None,
            proxy: None,
            user_timeout: settings
                .idle_timeout
                .and_then(|idle| USER_TIMEOUTS.into_iter().find(|most| idle <= *most)),
            connections: settings.connections,
            files: Vec::new(),
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
            // Read before the files are, so that a change in between is seen the next time.
            key.files = tls::file_versions(&key.verify, key.certificate.as_ref());
            if key.verify == Verify::System {
                key.also_trusted.clone_from(&settings.also_trusted);
            }
        }
        let mut pools = self.lock_pools();
        if let Some(index) = pools.iter().position(|(known, _)| *known == key) {
            pools[index..].rotate_left(1);
        } else {
            let pool = Pool { client: build_client(&key)?, permits: Arc::default() };
            // A connection that was made with what the files held before is not used again.
            pools.retain(|(known, _)| !known.is_older_than(&key));
            if pools.len() >= MAX_POOLS {
                pools.remove(0);
            }
            pools.push((key, pool));
        }
        let last = pools.last().map(|(_, pool)| pool.clone());
        last.ok_or_else(|| Error::transport(Kind::Closed, "There are no connections."))
    }
}

/// The length of a body whose `Transfer-Encoding` does not end it. The library reads it until the
/// connection is closed, which a server that sends a length may never do.
fn length_beside_encoding(headers: &HeaderMap) -> Option<u64> {
    let encoding = headers.get_all(TRANSFER_ENCODING).into_iter().next_back()?;
    let encoding = String::from_utf8_lossy(encoding.as_bytes()).to_ascii_lowercase();
    if encoding.trim_end().ends_with("chunked") {
        return None;
    }
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn truncated(reason: &str) -> Error {
    Error::transport(Kind::Truncated, format!("Connection broken: {reason}"))
}

/// Sends a request on one connection, and waits for the head of its answer. Returns also the
/// request's body, if the answer may arrive before its end.
async fn execute(
    pool: &Pool,
    settings: &Settings,
    request: &Request,
    headers: &HeaderMap,
    attempt: &ConnectAttempt,
) -> Result<(reqwest::Result<reqwest::Response>, Option<BodyInProgress>)> {
    let idle_timer = Arc::new(IdleTimer::new());
    let mut message = reqwest::Request::new(request.method.clone(), request.url.clone());
    *message.headers_mut() = headers.clone();
    let stream = match &request.payload {
        Payload::Empty | Payload::Dropped => None,
        Payload::Bytes(bytes) if bytes.len() > STREAM_FROM => {
            Some(BodyStream::from_bytes(bytes.clone(), idle_timer.clone()))
        }
        Payload::Bytes(bytes) => {
            *message.body_mut() = Some(bytes.clone().into());
            None
        }
        Payload::Streamed(body) => {
            Some(BodyStream::from_streamed(body.clone(), idle_timer.clone()))
        }
    };
    let sending = stream.map(|(stream, guard)| {
        *message.body_mut() = Some(reqwest::Body::wrap_stream(stream));
        BodyInProgress { guard, idle_timer: idle_timer.clone(), attempt: attempt.clone() }
    });
    // Yield to the reactor first. It removes connections that the server has closed from the
    // pool: a write on one of them could not be repeated.
    tokio::task::yield_now().await;
    let answer = pool.client.execute(message);
    let answer = match settings.idle_timeout {
        None => answer.await,
        Some(idle) => idle_timer.limit(idle, attempt, answer).await?,
    };
    Ok((answer, sending))
}

fn build_client(key: &PoolKey) -> Result<reqwest::Client> {
    let bundles = [&key.system_bundle, &key.also_trusted].into_iter().flatten();
    let tls = tls::configure(&key.verify, bundles.map(PathBuf::as_path), key.certificate.as_ref())?;
    let mut builder = reqwest::Client::builder()
        .http1_only()
        .http1_title_case_headers()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .pool_max_idle_per_host(key.connections.idle.unwrap_or(DEFAULT_IDLE_CONNECTIONS))
        .tcp_keepalive(PROBE_INTERVAL)
        .tcp_keepalive_interval(PROBE_INTERVAL)
        .tcp_keepalive_retries(MAX_PROBES)
        .dns_resolver(Arc::new(Resolver))
        .connector_layer(ConnectDeadlineLayer)
        .no_proxy()
        .tls_backend_preconfigured(tls);
    // What has been given up is sent to its end all the same, and must not wait for ever. The
    // library's own 30 seconds would end what is still wanted.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    {
        builder = builder.tcp_user_timeout(key.user_timeout);
    }
    if let Some(proxy) = &key.proxy {
        builder = builder.proxy(proxy::through(proxy)?);
    }
    builder.build().map_err(|error| Error::transport(Kind::Certificate, reason(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(number: usize) -> Settings {
        let session = vec![("http".to_owned(), format!("http://proxy-{number}:1"))];
        Settings {
            verify: Verify::Off,
            proxies: Proxies { session, request: Vec::new() },
            trust_env: false,
            ..Settings::default()
        }
    }

    fn pool_of(transport: &Transport, settings: &Settings) -> Pool {
        let proxy = settings.proxies.session.first().map(|(_, url)| url.clone());
        transport.pool(settings, proxy, false).unwrap()
    }

    #[test]
    fn pools_are_few_and_those_in_use_stay() {
        let transport = Transport::default();
        let first = pool_of(&transport, &through(0));
        for number in 1..50 {
            pool_of(&transport, &through(number));
            let again = pool_of(&transport, &through(0));
            assert!(Arc::ptr_eq(&first.permits, &again.permits));
        }
        assert_eq!(transport.lock_pools().len(), MAX_POOLS);
        assert!(transport.close());
        assert!(!transport.close());
    }

    #[test]
    fn deadlines_make_no_pools() {
        let transport = Transport::default();
        for millis in 1..1000 {
            let deadline = Some(Duration::from_millis(millis));
            let settings =
                Settings { connect_timeout: deadline, idle_timeout: deadline, ..through(0) };
            pool_of(&transport, &settings);
        }
        for idle in [
            None,
            Some(DEFAULT_IDLE_TIMEOUT * 2),
            Some(DEFAULT_IDLE_TIMEOUT * 3),
            Some(DEFAULT_IDLE_TIMEOUT * 100),
        ] {
            pool_of(&transport, &Settings { idle_timeout: idle, ..through(0) });
        }
        assert_eq!(transport.lock_pools().len(), 3);
    }

    #[test]
    fn a_file_that_changes_takes_the_place_of_its_pool() {
        let key = |files: Vec<FileVersion>, bundle: &str| PoolKey {
            also_trusted: None,
            verify: Verify::Bundle(bundle.into()),
            system_bundle: None,
            certificate: None,
            proxy: None,
            user_timeout: None,
            connections: ConnectionLimits::default(),
            files,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pem");
        std::fs::write(&path, "one").unwrap();
        let bundle = Verify::Bundle(folder.path().to_owned());
        let before = tls::file_versions(&bundle, None);
        assert_eq!(before, tls::file_versions(&bundle, None));
        std::fs::write(&path, "three").unwrap();
        let after = tls::file_versions(&bundle, None);
        assert!(key(before.clone(), "a").is_older_than(&key(after.clone(), "a")));
        assert!(!key(before.clone(), "a").is_older_than(&key(before.clone(), "a")));
        assert!(!key(before, "a").is_older_than(&key(after, "b")));
    }

    #[test]
    fn servers_without_requests_are_forgotten() {
        let pool = pool_of(&Transport::default(), &through(0));
        let url = |number: usize| Url::parse(&format!("http://h{number}/")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let held = pool.permit(Some(1), &url(0)).await;
            for number in 1..10 * REMEMBERED_SERVERS {
                drop(pool.permit(Some(1), &url(number)).await);
            }
            let permits = pool.permits.lock().unwrap();
            assert!(permits.len() <= REMEMBERED_SERVERS);
            assert_eq!(permits["http://h0"].available_permits(), 0);
            drop((permits, held));
        });
    }

    #[test]
    fn a_length_counts_beside_an_encoding_that_ends_nothing() {
        let length = |encoding: &'static str, length: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(TRANSFER_ENCODING, encoding.parse().unwrap());
            headers.insert(CONTENT_LENGTH, length.parse().unwrap());
            length_beside_encoding(&headers)
        };
        assert_eq!(length("identity", "5"), Some(5));
        assert_eq!(length("gzip", " 5"), Some(5));
        assert_eq!(length("gzip", "five"), None);
        assert_eq!(length("Chunked", "5"), None);
        assert_eq!(length("gzip, chunked", "5"), None);
        assert_eq!(length_beside_encoding(&HeaderMap::new()), None);
    }
}
