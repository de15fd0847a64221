//! The HTTP transport: connection pools, TLS, proxies, redirects, cookies and bodies. Only this
//! module uses the HTTP library.

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
mod system_proxy;
pub mod tls;
mod trust;
pub mod url;
pub mod wait;
mod websocket;

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
    websocket::{Frame, FrameReceiver, FrameSender},
};
use crate::error::{Error, Result, Transport as Kind};

/// The largest number of connection pools of a session. The least recently used one is closed.
const MAX_POOLS: usize = 8;
/// The default limit of idle connections per server.
const DEFAULT_IDLE_CONNECTIONS: usize = 64;
/// A pool removes unused per-server connection limits when it has this many.
const REMEMBERED_SERVERS: usize = 64;
/// How long an idle connection is kept in the pool: shorter than the keep-alive timeout of common
/// servers.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(25);
/// The default idle timeout: the longest time in which no data is sent or received.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(300);
/// The interval of TCP keep-alive probes.
const PROBE_INTERVAL: Duration = Duration::from_secs(15);
/// How many keep-alive probes may go unanswered. Together they last longer than the idle timeout,
/// so that the idle timeout comes first.
const MAX_PROBES: u32 = 20;
/// The values that are used for `TCP_USER_TIMEOUT`, the longest time in which sent data may stay
/// unacknowledged. The smallest one that is not below the idle timeout is used.
const USER_TIMEOUTS: [Duration; 2] = [DEFAULT_IDLE_TIMEOUT, Duration::from_secs(3600)];

/// The largest `Content-Length` that is accepted, in bytes. A larger one is an error of the server.
const MAX_CONTENT_LENGTH: u64 = 1 << 50;

/// The transport settings of a session.
#[derive(Clone)]
pub struct Settings {
    /// Which server certificates are trusted.
    pub verify: Verify,
    /// A CA bundle that is trusted in addition to the system's certificates.
    pub also_trusted: Option<PathBuf>,
    /// The client certificate.
    pub certificate: Option<ClientCertificate>,
    /// The proxies, in addition to those of the environment.
    pub proxies: Proxies,
    /// Whether the environment's proxies and CA bundles are used.
    pub trust_env: bool,
    /// Whether a CA bundle of the environment overrides `verify`.
    pub environment_first: bool,
    /// The connect timeout.
    pub connect_timeout: Option<Duration>,
    /// The idle timeout: the longest time in which no data is sent or received.
    pub idle_timeout: Option<Duration>,
    /// The limits on connections.
    pub connections: ConnectionLimits,
}

/// The limits on connections to one server. `None` stands for no limit, or for the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// How many idle connections are kept in the pool.
    pub idle: Option<usize>,
    /// How many connections are in use at the same time. Further requests wait.
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

/// The head of a response.
#[derive(Clone)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The reason phrase.
    pub reason: Cow<'static, str>,
    /// The URL of the request.
    pub url: String,
    /// The method of the request.
    pub method: Method,
    /// The headers, in order.
    pub headers: HeaderMap,
    /// The headers of the request, in order.
    pub sent: HeaderMap,
}

impl Head {
    /// The value of a header, if it is valid UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// A decoder for the body. The encodings may be spread over several headers.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        let all = self.headers.get_all(CONTENT_ENCODING).into_iter();
        let all = all.map(|value| String::from_utf8_lossy(value.as_bytes()));
        Decoder::for_encoding(&all.collect::<Vec<_>>().join(","))
    }
}

impl fmt::Debug for Head {
    /// Status, method and URL. Headers are left out: they may contain secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = crate::redact::shown_url(&self.url);
        write!(formatter, "{} {} {url}", self.status, self.method)
    }
}

/// A response whose body has not been read.
pub struct Response {
    /// The head.
    pub head: Head,
    /// The heads of the redirects before it, oldest first.
    pub history: Vec<Head>,
    body: reqwest::Response,
    /// How many bytes of the body are left, if the HTTP library does not count them.
    left: Option<u64>,
    idle_timeout: Option<Duration>,
    rate: TransferRate,
    /// The request body, if the response may arrive before all of it is sent.
    sending: Option<BodyInProgress>,
    /// The permit for a connection, if their number is limited.
    _permit: Option<OwnedSemaphorePermit>,
}

/// A request body that is being sent.
struct BodyInProgress {
    guard: SendGuard,
    idle_timer: Arc<IdleTimer>,
    attempt: ConnectAttempt,
}

impl Response {
    /// Waits until the request body is sent, if the status is a success. Otherwise a truncated
    /// upload could be reported as a success.
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

    /// The next bytes, not decompressed; `None` at the end.
    ///
    /// # Errors
    /// If the body is truncated, or the idle timeout is exceeded.
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
        let mut chunk = match outcome {
            Ok(chunk) => chunk,
            // The server rejected the body and closed the connection. The status has arrived, and
            // matters more than the rest of its text.
            Err(_) if self.sending.is_some() && self.head.status >= 400 => return Ok(None),
            Err(error) => return Err(truncated(&reason(&error))),
        };
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

    /// A decoder for the body.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        self.head.decoder()
    }

    /// The whole body, decompressed.
    ///
    /// # Errors
    /// As [`Self::chunk`], and if the compressed data is invalid.
    pub async fn bytes(&mut self) -> Result<Bytes> {
        let mut decoder = self.decoder();
        // The length is ignored if there is also a `Transfer-Encoding: chunked`.
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

/// The settings that connections of one pool share.
#[derive(PartialEq, Eq)]
struct PoolKey {
    verify: Verify,
    system_bundle: Option<PathBuf>,
    also_trusted: Option<PathBuf>,
    certificate: Option<ClientCertificate>,
    proxy: Option<String>,
    /// The `TCP_USER_TIMEOUT`: one of [`USER_TIMEOUTS`].
    user_timeout: Option<Duration>,
    connections: ConnectionLimits,
    /// The versions of the certificate files.
    files: Vec<FileVersion>,
}

impl PoolKey {
    /// Whether two keys differ only in the versions of the same certificate files.
    fn is_older_than(&self, other: &Self) -> bool {
        self.files != other.files
            && self.verify == other.verify
            && self.system_bundle == other.system_bundle
            && self.certificate == other.certificate
    }
}

/// The connection pools and the cookies of a session.
#[derive(Default)]
pub struct Transport {
    /// The most recently used pool is the last.
    pools: Mutex<Vec<(PoolKey, Pool)>>,
    cookies: Arc<Cookies>,
}

/// A pool of connections with the same settings.
#[derive(Clone)]
struct Pool {
    client: reqwest::Client,
    /// The semaphores that limit connections in use, by server.
    permits: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Pool {
    /// Waits for a permit to use a connection to the URL's server. `None` if there is no limit.
    async fn permit(&self, limit: Option<usize>, url: &Url) -> Option<OwnedSemaphorePermit> {
        let limit = limit?;
        let semaphore = {
            let mut permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
            if permits.len() >= REMEMBERED_SERVERS {
                // A semaphore is shared by the permits in use and the tasks that wait for one.
                permits.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
            }
            let server = url.origin().ascii_serialization();
            permits.entry(server).or_insert_with(|| Arc::new(Semaphore::new(limit))).clone()
        };
        // The semaphore is never closed.
        semaphore.acquire_owned().await.ok()
    }
}

impl Transport {
    /// A transport without connections that uses these cookies.
    #[must_use]
    pub fn new(cookies: Arc<Cookies>) -> Self {
        Self { pools: Mutex::default(), cookies }
    }

    /// Closes the idle connections. Returns false if there cannot be any.
    pub fn close(&self) -> bool {
        let pools = std::mem::take(&mut *self.lock_pools());
        !pools.is_empty()
    }

    fn lock_pools(&self) -> MutexGuard<'_, Vec<(PoolKey, Pool)>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request and follows its redirects. Returns when the head of the response has
    /// arrived.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn exchange(&self, settings: &Settings, mut request: Request) -> Result<Response> {
        let mut history: Vec<Head> = Vec::new();
        loop {
            let mut response = self.send(settings, &request).await?;
            // A status of 3xx without a location is not a redirect.
            let location = response.head.headers.get(LOCATION).map(redirect::location);
            let location = location.filter(|to| !to.is_empty());
            let (Some(limit), 301 | 302 | 303 | 307 | 308, Some(location)) =
                (request.max_redirects, response.head.status, location)
            else {
                response.history = history;
                response.wait_until_sent().await?;
                return Ok(response);
            };
            if history.len() >= limit {
                let message = format!("Exceeded {limit} redirects.");
                return Err(Error::transport(Kind::TooManyRedirects, message));
            }
            // An unread body would close the connection. A large one takes longer to read than a
            // new connection.
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
                // Nothing has been sent yet, so the next address can be tried.
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
            let message = "The Content-Length of the answer is larger than any file can be.";
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
        // Unencrypted connections share a pool whatever the certificate settings are, unless they
        // use a proxy: the connection to the proxy may be encrypted.
        let mut key = PoolKey {
            verify: Verify::Off,
            system_bundle: None,
            also_trusted: None,
            certificate: None,
            proxy: None,
            user_timeout: settings
                .idle_timeout
                .and_then(|idle| USER_TIMEOUTS.into_iter().find(|timeout| idle <= *timeout)),
            connections: settings.connections,
            files: Vec::new(),
        };
        if encrypted || proxy.is_some() {
            key.verify = settings.verify.clone();
            key.certificate.clone_from(&settings.certificate);
            key.proxy = proxy;
            if settings.trust_env {
                // A CA bundle of the environment overrides `verify`, as in `requests`.
                let bundle = tls::bundle_of_environment().filter(|_| settings.environment_first);
                if let Some(bundle) = bundle {
                    key.verify = Verify::Bundle(bundle);
                }
                if key.verify == Verify::System {
                    key.system_bundle = tls::system_bundle();
                }
            }
            // The versions are read before the files themselves, so that a change in between is
            // detected the next time.
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
            // Close the connections that were made with older versions of the files.
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

/// The `Content-Length` of a body whose `Transfer-Encoding` does not mark its end. The HTTP library
/// would read such a body until the server closes the connection, which it may never do.
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

/// Sends a request on one connection and waits for the head of the response. Also returns the
/// request body if it may not be sent completely by then.
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
    // Yield to the reactor first. It removes connections that the server has closed from the pool.
    // A write on such a connection could not be retried.
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
        // Old proxies send such headers, and `requests` accepts them.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
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
    // Unacknowledged data of a request that was given up must not keep the connection open for
    // ever. The library's default of 30 seconds would also end requests that are still waiting.
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

    fn settings_with_proxy(number: usize) -> Settings {
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
    fn the_least_recently_used_pool_is_closed() {
        let transport = Transport::default();
        let first = pool_of(&transport, &settings_with_proxy(0));
        for number in 1..50 {
            pool_of(&transport, &settings_with_proxy(number));
            let again = pool_of(&transport, &settings_with_proxy(0));
            assert!(Arc::ptr_eq(&first.permits, &again.permits));
        }
        assert_eq!(transport.lock_pools().len(), MAX_POOLS);
        assert!(transport.close());
        assert!(!transport.close());
    }

    #[test]
    fn timeouts_do_not_multiply_pools() {
        let transport = Transport::default();
        for millis in 1..1000 {
            let deadline = Some(Duration::from_millis(millis));
            let settings = Settings {
                connect_timeout: deadline,
                idle_timeout: deadline,
                ..settings_with_proxy(0)
            };
            pool_of(&transport, &settings);
        }
        for idle in [
            None,
            Some(DEFAULT_IDLE_TIMEOUT * 2),
            Some(DEFAULT_IDLE_TIMEOUT * 3),
            Some(DEFAULT_IDLE_TIMEOUT * 100),
        ] {
            pool_of(&transport, &Settings { idle_timeout: idle, ..settings_with_proxy(0) });
        }
        assert_eq!(transport.lock_pools().len(), 3);
    }

    #[test]
    fn a_changed_certificate_file_replaces_its_pool() {
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
    fn unused_connection_limits_are_removed() {
        let pool = pool_of(&Transport::default(), &settings_with_proxy(0));
        let url = |number: usize| Url::parse(&format!("http://h{number}/")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let permit = pool.permit(Some(1), &url(0)).await;
            for number in 1..10 * REMEMBERED_SERVERS {
                drop(pool.permit(Some(1), &url(number)).await);
            }
            let permits = pool.permits.lock().unwrap();
            assert!(permits.len() <= REMEMBERED_SERVERS);
            assert_eq!(permits["http://h0"].available_permits(), 0);
            drop((permits, permit));
        });
    }

    #[test]
    fn a_length_is_used_if_the_encoding_is_not_chunked() {
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
