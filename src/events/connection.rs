//! One connection of Engine.IO: opened by polling and upgraded to a WebSocket, or by one of them.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use tokio::time::timeout;

use super::{
    engine::{Handshake, Packet},
    outbox::Outbox,
    packet::{self, Assembler},
    Invalid,
};
use crate::{
    error::{Error, Result, Transport as Kind},
    transport::{url, Frame, FrameReceiver, FrameSender, Payload, Request, Settings, Transport},
};

/// The largest body of a request if the server names no limit, in bytes.
const MAX_PAYLOAD: usize = 1_000_000;
/// The largest body of an answer, in bytes.
const MAX_ANSWER: usize = 64 << 20;
/// How long the answer to a poll may take beyond the next ping.
const POLL_GRACE: Duration = Duration::from_secs(5);
/// How long closing may take if the server does not answer.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Headers, in the order in which they are sent.
pub type Headers = Vec<(String, Vec<u8>)>;

/// The way in which packets are exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A request for each exchange.
    Polling,
    /// A WebSocket.
    WebSocket,
}

/// How a connection is opened.
#[derive(Clone)]
pub struct Options {
    /// The URL of the server, with the scheme http, https, ws or wss. Its path is not used, its
    /// query is.
    pub url: String,
    /// The path of the event stream on the server.
    pub path: String,
    /// How the connection begins.
    pub first: Means,
    /// Whether it may be upgraded to a WebSocket.
    pub may_upgrade: bool,
    /// The headers of each request.
    pub headers: Headers,
    /// The headers of the first request, if it is a poll.
    pub first_headers: Headers,
    /// The headers of the request for a WebSocket.
    pub socket_headers: Headers,
    /// How long the server may take for an answer.
    pub request_timeout: Option<Duration>,
    /// Whether each request has the time in its query, so that no cache answers it.
    pub timestamps: bool,
}

/// Why a connection has ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// The client closed it.
    Client,
    /// The server closed it.
    Server,
    /// It was lost.
    Lost(Error),
}

/// Where what a connection receives goes.
pub trait Receiver: Send + Sync {
    /// Takes a packet, or what is wrong with one.
    fn receive(&self, packet: Result<packet::Packet, Invalid>);
    /// Whether no more should be read for now.
    fn is_full(&self) -> bool;
    /// Waits until more should be read.
    fn room(&self) -> impl Future<Output = ()> + Send;
}

/// An open connection.
pub struct Connection {
    transport: Arc<Transport>,
    settings: Settings,
    options: Options,
    handshake: Handshake,
    socket: Option<(FrameSender, FrameReceiver)>,
    /// The packets that came with the handshake.
    received: Vec<Packet>,
    upgrade_error: Option<Error>,
}

type Work<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// Waits for work; never ends without any.
async fn outcome<T>(work: &mut Option<Work<T>>) -> Result<T> {
    match work {
        Some(work) => work.await,
        None => std::future::pending().await,
    }
}

fn invalid(error: Invalid) -> Error {
    Error::transport(Kind::Malformed, format!("Unexpected response from server: {error}"))
}

async fn within<T>(limit: Option<Duration>, work: impl Future<Output = Result<T>>) -> Result<T> {
    let Some(limit) = limit else { return work.await };
    timeout(limit, work).await.unwrap_or_else(|_| {
        Err(Error::transport(Kind::ReadTimeout, "The server has stopped communicating."))
    })
}

impl Connection {
    /// Opens a connection.
    ///
    /// # Errors
    /// If the server does not open it.
    pub async fn open(
        transport: Arc<Transport>,
        mut settings: Settings,
        options: Options,
    ) -> Result<Self> {
        settings.connect_timeout = options.request_timeout;
        settings.idle_timeout = options.request_timeout;
        // A poll is a request that waits: it must not keep the client's calls from being sent.
        settings.connections.in_use = None;
        let handshake = Handshake {
            sid: String::new(),
            upgrades: Vec::new(),
            ping_interval: 0,
            ping_timeout: 0,
            max_payload: None,
        };
        let mut connection = Self {
            transport,
            settings,
            options,
            handshake,
            socket: None,
            received: Vec::new(),
            upgrade_error: None,
        };
        match connection.options.first {
            Means::Polling => {
                connection.shake_hands().await?;
                let offers = connection.handshake.upgrades.iter().any(|to| to == "websocket");
                if offers && connection.options.may_upgrade {
                    connection.upgrade_error = connection.upgrade().await.err();
                }
            }
            Means::WebSocket => connection.open_socket().await?,
        }
        Ok(connection)
    }

    /// The id of the connection.
    #[must_use]
    pub fn sid(&self) -> &str {
        &self.handshake.sid
    }

    /// How packets are exchanged.
    #[must_use]
    pub const fn means(&self) -> Means {
        match self.socket {
            Some(_) => Means::WebSocket,
            None => Means::Polling,
        }
    }

    /// Why the connection was not upgraded, if that failed.
    #[must_use]
    pub const fn upgrade_error(&self) -> Option<&Error> {
        self.upgrade_error.as_ref()
    }

    fn request(
        &self,
        method: &str,
        means: Means,
        headers: &Headers,
        body: Payload,
    ) -> Result<Request> {
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
        Request::new(method, &self.url(means, method == "GET")?, pairs, body)
    }

    /// The URL of a request.
    fn url(&self, means: Means, may_have_timestamp: bool) -> Result<String> {
        let Options { url, path, timestamps, .. } = &self.options;
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "" => {
                // Without a scheme it cannot be parsed: the error says so.
                return url::parse(url).map(|url| url.to_string());
            }
            "ws" => "http".to_owned(),
            "wss" => "https".to_owned(),
            scheme => scheme.to_owned(),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let mut url = format!("{scheme}://{authority}/{}/?", path.trim_matches('/'));
        let query = rest.split('#').next().and_then(|rest| rest.split_once('?'));
        if let Some((_, query)) = query.filter(|(_, query)| !query.is_empty()) {
            url = url + query + "&";
        }
        url += match means {
            Means::Polling => "transport=polling&EIO=4",
            Means::WebSocket => "transport=websocket&EIO=4",
        };
        if !self.handshake.sid.is_empty() {
            url = url + "&sid=" + &self.handshake.sid;
        }
        if *timestamps && may_have_timestamp {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let now = format!("&t={}.{:06}", now.as_secs(), now.subsec_micros());
            url += &now;
        }
        Ok(url)
    }

    /// Sends a request and returns the body of the answer, which must be a success.
    async fn exchange(&self, settings: &Settings, request: Request) -> Result<Bytes> {
        let mut response = self.transport.exchange(settings, request).await?;
        let status = response.head.status;
        if !(200..300).contains(&status) {
            let message = format!("Unexpected status code {status} in server response");
            return Err(Error::transport(Kind::Malformed, message));
        }
        let body = response.bytes().await?;
        if body.len() > MAX_ANSWER {
            let message = "The answer of the event stream is too large.";
            return Err(Error::transport(Kind::TooLarge, message));
        }
        Ok(body)
    }

    async fn packets(&self, settings: &Settings, request: Request) -> Result<Vec<Packet>> {
        let body = self.exchange(settings, request).await?;
        let text = std::str::from_utf8(&body).map_err(|_| invalid(Invalid("it is not text")))?;
        Packet::parse_payload(text).map_err(invalid)
    }

    /// Opens the connection by polling.
    async fn shake_hands(&mut self) -> Result<()> {
        let headers = &self.options.first_headers;
        let request = self.request("GET", Means::Polling, headers, Payload::Empty)?;
        let mut packets = self.packets(&self.settings, request).await?;
        let Packet::Open(handshake) = packets.remove(0) else {
            return Err(invalid(Invalid("OPEN packet not returned by server")));
        };
        self.handshake = Handshake::parse(&handshake).map_err(invalid)?;
        self.received = packets;
        Ok(())
    }

    /// Opens the connection by a WebSocket.
    async fn open_socket(&mut self) -> Result<()> {
        let headers = &self.options.socket_headers;
        let request = self.request("GET", Means::WebSocket, headers, Payload::Empty)?;
        let (sender, mut receiver) = self.transport.websocket(&self.settings, request).await?;
        let frame = within(self.options.request_timeout, receiver.next()).await?;
        let packet = match frame {
            Some(Frame::Text(text)) => Packet::parse(&text).map_err(invalid)?,
            _ => return Err(invalid(Invalid("no OPEN packet"))),
        };
        let Packet::Open(handshake) = packet else {
            return Err(invalid(Invalid("no OPEN packet")));
        };
        self.handshake = Handshake::parse(&handshake).map_err(invalid)?;
        self.socket = Some((sender, receiver));
        Ok(())
    }

    /// Goes on with a WebSocket.
    async fn upgrade(&mut self) -> Result<()> {
        let headers = &self.options.socket_headers;
        let request = self.request("GET", Means::WebSocket, headers, Payload::Empty)?;
        let (mut sender, mut receiver) = self.transport.websocket(&self.settings, request).await?;
        let probe = async {
            sender.feed(Frame::Text(Packet::Ping("probe".into()).to_text())).await?;
            sender.flush().await?;
            let answer = receiver.next().await?;
            if answer != Some(Frame::Text(Packet::Pong("probe".into()).to_text())) {
                return Err(invalid(Invalid("no PONG packet")));
            }
            sender.feed(Frame::Text(Packet::Upgrade.to_text())).await?;
            sender.flush().await
        };
        within(self.options.request_timeout, probe).await?;
        self.socket = Some((sender, receiver));
        Ok(())
    }

    /// How long nothing may arrive: the server pings more often than that.
    fn silence(&self) -> Duration {
        let Handshake { ping_interval, ping_timeout, .. } = self.handshake;
        Duration::from_millis(u64::from(ping_interval) + u64::from(ping_timeout))
    }

    /// Exchanges packets until the connection ends.
    pub async fn run(mut self, outbox: Outbox, receiver: &impl Receiver) -> Ending {
        let mut session = Session { receiver, assembler: Assembler::default(), outbox };
        for packet in std::mem::take(&mut self.received) {
            if session.handle(packet) {
                return Ending::Server;
            }
        }
        let ended = match self.socket.take() {
            Some((sender, frames)) => {
                run_socket(self.silence(), sender, frames, &mut session).await
            }
            None => self.run_polling(&mut session).await,
        };
        ended.unwrap_or_else(Ending::Lost)
    }

    async fn run_polling<R: Receiver>(self, session: &mut Session<'_, R>) -> Result<Ending> {
        let connection = Arc::new(self);
        let mut poll: Option<Work<Vec<Packet>>> = None;
        let mut post: Option<Work<()>> = None;
        loop {
            let is_full = session.receiver.is_full();
            if poll.is_none() && !is_full && !session.outbox.is_full() {
                poll = Some(Box::pin(connection.clone().poll()));
            }
            if post.is_none() && !session.outbox.is_empty() {
                let body = session.outbox.body(connection.max_payload());
                post = Some(Box::pin(connection.clone().post(body)));
            }
            tokio::select! {
                packets = outcome(&mut poll) => {
                    poll = None;
                    for packet in packets? {
                        if session.handle(packet) {
                            return Ok(Ending::Server);
                        }
                    }
                }
                posted = outcome(&mut post) => {
                    post = None;
                    posted?;
                    session.outbox.sent();
                }
                () = session.outbox.receive() => if session.outbox.is_closing {
                    let close = connection.close_polling(post, session);
                    drop(timeout(CLOSE_TIMEOUT, close).await);
                    return Ok(Ending::Client);
                },
                () = session.receiver.room(), if is_full && poll.is_none() => {}
            }
        }
    }

    /// Waits for the next packets.
    async fn poll(self: Arc<Self>) -> Result<Vec<Packet>> {
        let Handshake { ping_interval, ping_timeout, .. } = self.handshake;
        let longest = Duration::from_millis(u64::from(ping_interval.max(ping_timeout)));
        let settings =
            Settings { idle_timeout: Some(longest + POLL_GRACE), ..self.settings.clone() };
        let headers = &self.options.headers;
        let request = self.request("GET", Means::Polling, headers, Payload::Empty)?;
        self.packets(&settings, request).await
    }

    async fn post(self: Arc<Self>, body: String) -> Result<()> {
        let body = Payload::Bytes(body.into());
        let mut request = self.request("POST", Means::Polling, &self.options.headers, body)?;
        request.set_content_type("text/plain")?;
        self.exchange(&self.settings, request).await.map(drop)
    }

    fn max_payload(&self) -> usize {
        self.handshake.max_payload.unwrap_or(MAX_PAYLOAD)
    }

    /// Sends what is left, and that the client closes the connection.
    async fn close_polling<R: Receiver>(
        self: &Arc<Self>,
        mut post: Option<Work<()>>,
        session: &mut Session<'_, R>,
    ) -> Result<()> {
        if post.is_some() {
            outcome(&mut post).await?;
        }
        session.outbox.push(Packet::Close);
        while !session.outbox.is_empty() {
            self.clone().post(session.outbox.body(self.max_payload())).await?;
        }
        Ok(())
    }
}

/// What the ways of exchanging packets share.
struct Session<'r, R> {
    receiver: &'r R,
    assembler: Assembler,
    outbox: Outbox,
}

impl<R: Receiver> Session<'_, R> {
    /// Handles a packet. Returns whether the server closes the connection.
    fn handle(&mut self, packet: Packet) -> bool {
        match packet {
            Packet::Message(message) => {
                if let Some(packet) = self.assembler.push(message).transpose() {
                    self.receiver.receive(packet);
                }
            }
            Packet::Ping(data) => self.outbox.push(Packet::Pong(data)),
            Packet::Close => return true,
            Packet::Open(_) | Packet::Pong(_) | Packet::Upgrade | Packet::Noop => {}
        }
        false
    }
}

/// What a packet is sent as over a WebSocket.
fn frame(packet: Packet) -> Frame {
    match packet {
        Packet::Message(Frame::Binary(bytes)) => Frame::Binary(bytes),
        packet => Frame::Text(packet.to_text()),
    }
}

/// Exchanges packets over a WebSocket. Sending must not keep it from receiving, and the other way
/// round: a server may do one at a time.
async fn run_socket<R: Receiver>(
    silence: Duration,
    mut sender: FrameSender,
    mut frames: FrameReceiver,
    session: &mut Session<'_, R>,
) -> Result<Ending> {
    let mut is_sending = false;
    let mut deadline = std::pin::pin!(tokio::time::sleep(silence));
    loop {
        if !is_sending {
            if let Some(packet) = session.outbox.next() {
                sender.feed(frame(packet)).await?;
                is_sending = true;
            }
        }
        let is_full = session.receiver.is_full();
        tokio::select! {
            received = frames.next(), if !is_full && !session.outbox.is_full() => {
                let packet = match received? {
                    None => {
                        let message = "The server closed the WebSocket connection.";
                        return Err(Error::transport(Kind::Lost, message));
                    }
                    Some(Frame::Text(text)) => Packet::parse(&text).map_err(invalid)?,
                    Some(binary) => Packet::Message(binary),
                };
                if session.handle(packet) {
                    return Ok(Ending::Server);
                }
                deadline.as_mut().reset(tokio::time::Instant::now() + silence);
            }
            flushed = sender.flush(), if is_sending => {
                flushed?;
                is_sending = false;
                session.outbox.sent();
            }
            () = session.outbox.receive() => if session.outbox.is_closing {
                session.outbox.push(Packet::Close);
                let close = async {
                    while let Some(packet) = session.outbox.next() {
                        sender.feed(frame(packet)).await?;
                    }
                    sender.close().await
                };
                drop(timeout(CLOSE_TIMEOUT, close).await);
                return Ok(Ending::Client);
            },
            () = session.receiver.room(), if is_full => {
                deadline.as_mut().reset(tokio::time::Instant::now() + silence);
            }
            () = deadline.as_mut(), if !is_full => {
                let message = "The server has stopped communicating.";
                return Err(Error::transport(Kind::ReadTimeout, message));
            }
        }
    }
}
