//! The event stream for Rust programs: connecting, connecting again, and the events as a `Stream`.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{stream, Stream};
use serde_json::Value;
use tokio::{
    sync::{oneshot, watch},
    time::timeout,
};

use super::{Client, Inner};
use crate::{
    error::{Error, Result, Transport as Kind},
    events::{
        backoff::Backoff,
        connection::{Connection, Ending, Headers, Means, Options, Receiver},
        outbox::{outbox, Remote},
        packet::{self, Packet},
        queue::Queue,
        Invalid,
    },
    execution::SESSION_HEADERS,
};

const NAMESPACE: &str = "/events";
/// How long the server may take for an answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the server may take to accept the namespace.
const NAMESPACE_TIMEOUT: Duration = Duration::from_secs(10);
/// The stream ends after this many consecutive rejections.
const MAX_REJECTIONS: u32 = 5;

/// An event of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The name, such as `task:status-changed`.
    pub name: String,
    /// The data: mostly an object with ids, such as `{"task_id": "..."}`.
    pub data: Value,
}

impl Event {
    /// The event of a packet; `None` if its data is not that of an event.
    fn of(packet: &Packet) -> Option<Self> {
        let mut values: Vec<Value> = serde_json::from_str(&packet.data).ok()?;
        if values.is_empty() {
            return None;
        }
        let Value::String(name) = values.remove(0) else { return None };
        let data = match values.len() {
            0 => Value::Null,
            1 => values.remove(0),
            _ => Value::Array(values),
        };
        Some(Self { name, data })
    }
}

/// Connects to the event stream. [`Client::events`] returns one.
///
/// ```no_run
/// use std::time::Duration;
///
/// # async fn example(client: gazu::Client) -> gazu::Result<()> {
/// let events = client
///     .events()
///     .host("https://events.example.com")
///     .backoff(Duration::from_secs(1), Duration::from_secs(60))
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "`connect` connects to the event stream"]
#[derive(Clone)]
pub struct EventsBuilder {
    client: Client,
    host: String,
    backoff: Backoff,
}

impl EventsBuilder {
    pub(super) fn new(client: Client) -> Self {
        let host = client.host().to_owned();
        Self { client, host, backoff: Backoff::default() }
    }

    /// Sets the URL of the event stream, if it is not that of the API. Its path is not used.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// Sets the waits before attempts to connect again: the first one, and the longest one. Each
    /// wait is twice as long as the one before, and differs by up to half of the first one, so that
    /// many programs do not come back at the same moment. The defaults are 1 and 5 seconds.
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        let randomization = first.as_secs_f64() / 2.0;
        self.backoff = Backoff { first, longest, randomization };
        self
    }

    /// Connects, and returns the stream of events.
    ///
    /// # Errors
    /// [`Error::Transport`] if the server cannot be reached. Its kind is
    /// [`EventsRejected`](crate::error::Transport::EventsRejected) if the server does not accept the
    /// token, also after it has been renewed.
    pub async fn connect(self) -> Result<Events> {
        let queue = Arc::new(Queue::default());
        let listener = Listener { settings: self, queue: queue.clone() };
        let open = match listener.open().await {
            Err(error) if is_rejection(&error) && listener.renew().await => listener.open().await,
            outcome => outcome,
        };
        let (stop, stopped) = oneshot::channel();
        // In a task of its own, because pings must be answered while the program is busy.
        tokio::spawn(listener.run(open?, stopped));
        let events = stream::unfold((queue, stop), |(queue, stop)| async {
            loop {
                let event = match queue.next().await? {
                    Entry::Failed(error) => Some(Err(error)),
                    Entry::Packet(packet) => Event::of(&packet).map(Ok),
                };
                if let Some(event) = event {
                    return Some((event, (queue, stop)));
                }
            }
        });
        Ok(Events(Box::pin(events)))
    }
}

impl fmt::Debug for EventsBuilder {
    /// Shows the client's host, without credentials.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventsBuilder")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// The events of the server, as they happen. A [`Stream`] of `Result<Event>`, in the order in which
/// the server sends them.
///
/// If the connection is lost, it is established again, however long that takes. Before each attempt
/// the token is renewed, if the client has a refresh token. Events that happen meanwhile are not
/// delivered later; [`crate::api::sync::get_last_events`] reads them from the server's log.
///
/// The stream ends with an error if the server rejects the login five times before it accepts it again.
/// Drop the stream to end the connection.
///
/// Events that the program has not taken yet are kept, up to 64 MiB of them. Then nothing more is
/// read from the connection until it takes some, and the server keeps what comes next, or closes the
/// connection.
pub struct Events(Pin<Box<dyn Stream<Item = Result<Event>> + Send>>);

impl Stream for Events {
    type Item = Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Events")
    }
}

/// An entry of the queue between the connection and the stream.
enum Entry {
    Packet(Packet),
    Failed(Error),
}

/// What the server has said about the namespace.
#[derive(Clone)]
enum Namespace {
    Unknown,
    Connected,
    Rejected(String),
    Disconnected,
}

/// Passes what a connection receives to the stream.
struct Sink {
    queue: Arc<Queue<Entry>>,
    namespace: watch::Sender<Namespace>,
}

impl Receiver for Sink {
    fn receive(&self, packet: Result<Packet, Invalid>) {
        // Like Python's client, it goes on after a packet that is not valid.
        let Some(packet) = packet.ok().filter(|packet| packet.namespace == NAMESPACE) else {
            return;
        };
        let news = match packet.kind {
            packet::Kind::Event => {
                let size = packet.size();
                return self.queue.push(Entry::Packet(packet), size);
            }
            packet::Kind::Ack => return,
            packet::Kind::Connect => Namespace::Connected,
            packet::Kind::ConnectError => Namespace::Rejected(reason(&packet.data)),
            packet::Kind::Disconnect => Namespace::Disconnected,
        };
        self.namespace.send_replace(news);
    }

    fn is_full(&self) -> bool {
        self.queue.is_full()
    }

    fn room(&self) -> impl Future<Output = ()> + Send {
        self.queue.room()
    }
}

/// Why the server did not accept the namespace.
fn reason(data: &str) -> String {
    let value: Value = serde_json::from_str(data).unwrap_or_default();
    let message = value.get("message").unwrap_or(&value);
    message.as_str().map_or_else(|| message.to_string(), str::to_owned)
}

const fn is_rejection(error: &Error) -> bool {
    matches!(error, Error::Transport { kind: Kind::EventsRejected, .. })
}

/// An open connection.
struct Open {
    run: Pin<Box<dyn Future<Output = Ending> + Send>>,
    remote: Remote,
    namespace: watch::Receiver<Namespace>,
}

impl Open {
    /// Exchanges packets until the server says something about the namespace, or the connection has
    /// ended.
    async fn news(&mut self) -> Result<Namespace, Ending> {
        tokio::select! {
            ending = &mut self.run => Err(ending),
            Ok(()) = self.namespace.changed() => Ok(self.namespace.borrow_and_update().clone()),
        }
    }

    /// Tells the server that the connection ends.
    async fn close(self) {
        drop(self.remote);
        self.run.await;
    }
}

/// Connects again and again, until the stream is dropped.
struct Listener {
    settings: EventsBuilder,
    queue: Arc<Queue<Entry>>,
}

impl Listener {
    async fn run(self, mut open: Open, mut stopped: oneshot::Receiver<()>) {
        loop {
            let news = tokio::select! {
                news = open.news() => news,
                _ = &mut stopped => return open.close().await,
            };
            match news {
                Ok(Namespace::Connected) => continue,
                // Without its namespace, the connection has no events.
                Ok(_) => open.close().await,
                Err(_) => {}
            }
            let again = tokio::select! {
                again = self.connect_again() => again,
                _ = &mut stopped => return,
            };
            match again {
                Ok(next) => open = next,
                Err(error) => {
                    self.queue.push(Entry::Failed(error), 0);
                    return self.queue.close();
                }
            }
        }
    }

    /// # Errors
    /// If the server rejects the login several times.
    async fn connect_again(&self) -> Result<Open> {
        let (mut attempt, mut rejections) = (0_u32, 0);
        loop {
            tokio::time::sleep(self.settings.backoff.wait(attempt)).await;
            attempt = attempt.saturating_add(1);
            self.renew().await;
            match self.open().await {
                Err(error) if is_rejection(&error) => {
                    rejections += 1;
                    if rejections == MAX_REJECTIONS {
                        return Err(error);
                    }
                }
                Err(_) => {}
                open => return open,
            }
        }
    }

    /// Renews the token. Returns whether there is a new one.
    async fn renew(&self) -> bool {
        let client = &self.settings.client;
        let tokens = client.tokens();
        // If that fails, the next attempt shows whether the current token is still accepted.
        tokens.refresh.is_some() && client.renew(tokens.access.as_deref()).await.is_ok()
    }

    fn options(&self) -> Options {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.as_bytes().to_vec());
        let headers: Headers = SESSION_HEADERS.into_iter().map(pair).collect();
        let access = self.settings.client.tokens().access;
        let login: Headers = access
            .map(|token| ("Authorization".to_owned(), format!("Bearer {token}").into_bytes()))
            .into_iter()
            .collect();
        Options {
            url: self.settings.host.clone(),
            path: "socket.io".to_owned(),
            first: Means::Polling,
            may_upgrade: true,
            first_headers: [headers.clone(), login.clone()].concat(),
            socket_headers: login,
            headers,
            request_timeout: Some(REQUEST_TIMEOUT),
            timestamps: true,
        }
    }

    /// Opens a connection, and waits until the server has accepted the namespace.
    async fn open(&self) -> Result<Open> {
        let Inner { transport, settings, .. } = &*self.settings.client.0;
        let connection =
            Connection::open(transport.clone(), settings.clone(), self.options()).await?;
        let (remote, outbox) = outbox();
        let (said, namespace) = watch::channel(Namespace::Unknown);
        let sink = Sink { queue: self.queue.clone(), namespace: said };
        let run = Box::pin(async move { connection.run(outbox, &sink).await });
        let connect = Packet::new(packet::Kind::Connect, NAMESPACE, None, "{}".to_owned());
        // The task of the connection has not ended: it has not begun.
        let _ = remote.send(connect.to_messages());
        let mut open = Open { run, remote, namespace };
        match timeout(NAMESPACE_TIMEOUT, open.news()).await {
            Ok(Ok(Namespace::Connected)) => Ok(open),
            Ok(Ok(Namespace::Rejected(reason))) => {
                open.close().await;
                let message =
                    format!("The server does not accept the connection to its events: {reason}");
                Err(Error::transport(Kind::EventsRejected, message))
            }
            Ok(Err(Ending::Lost(error))) => Err(error),
            Ok(_) => {
                let message = "The server has closed the connection to its events.";
                Err(Error::transport(Kind::Closed, message))
            }
            Err(_) => {
                open.close().await;
                let message = "The server has not accepted the connection to its events in time.";
                Err(Error::transport(Kind::ReadTimeout, message))
            }
        }
    }
}
