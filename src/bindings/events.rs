//! Connections of the event stream, and the queues in which Python finds what they receive.

use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    cancel::check_wait,
    decode::decode,
    errors::Hooks,
    process::PerProcess,
    request::encoded,
    runtime::{self, AttachGuard},
    settings::PySettings,
    transport::PyTransport,
};
use crate::{
    events::{
        connection::{Connection, Ending, Means, Options, Receiver},
        outbox::{outbox, NotSent, Remote},
        packet::{Kind, Packet},
        queue::{Queue, Taken},
        Invalid,
    },
    transport::Frame,
};
use bytes::Bytes;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyList, PyString, PyTuple},
};

/// How often a waiting thread checks for signals.
const POLL: Duration = Duration::from_millis(40);
/// How many entries Python takes at once.
const MAX_TAKEN: usize = 256;

/// An entry of a queue.
enum Entry {
    /// What a connection with this number received.
    Received(u64, Result<Packet, Invalid>),
    /// The connection with this number has ended.
    Ended(u64, Ending),
    /// An object that Python has put into the queue.
    Object(Py<PyAny>),
}

/// A queue that connections fill. A forked child has one of its own, which is empty.
#[pyclass(name = "EventQueue", module = "gazu._core", frozen)]
pub struct PyEventQueue {
    queue: PerProcess<Queue<Entry>>,
    /// The function that decodes JSON, if it is not ours.
    loads: Option<Py<PyAny>>,
}

impl PyEventQueue {
    fn queue(&self) -> &Arc<Queue<Entry>> {
        self.queue.get_or_init(|_| Queue::default())
    }

    /// The value of a packet's JSON.
    fn value<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        if text.is_empty() {
            return Ok(py.None().into_bound(py));
        }
        if let Some(loads) = &self.loads {
            return loads.bind(py).call1((text,));
        }
        match decode(py, text.as_bytes())? {
            Some(value) => Ok(value),
            None => py.import("json")?.call_method1("loads", (text,)),
        }
    }

    fn object<'py>(&self, py: Python<'py>, entry: Entry) -> PyResult<Bound<'py, PyAny>> {
        let none = || py.None().into_bound(py);
        let invalid = |number: u64, reason: &str| {
            ("invalid", none(), none(), reason, none(), number).into_pyobject(py)
        };
        let tuple: Bound<'py, PyTuple> = match entry {
            Entry::Object(object) => return Ok(object.into_bound(py)),
            Entry::Ended(number, ending) => {
                let (reason, message) = match ending {
                    Ending::Client => ("client disconnect", String::new()),
                    Ending::Server => ("server disconnect", String::new()),
                    Ending::Lost(error) => ("transport error", error.to_string()),
                };
                ("end", none(), none(), reason, message, number).into_pyobject(py)?
            }
            Entry::Received(number, Err(error)) => invalid(number, &error.to_string())?,
            Entry::Received(number, Ok(packet)) => {
                let kind = match packet.kind {
                    Kind::Connect => pyo3::intern!(py, "connect"),
                    Kind::Disconnect => pyo3::intern!(py, "disconnect"),
                    Kind::Event => pyo3::intern!(py, "event"),
                    Kind::Ack => pyo3::intern!(py, "ack"),
                    Kind::ConnectError => pyo3::intern!(py, "connect_error"),
                };
                let value = match self.value(py, &packet.data) {
                    Ok(value) => value,
                    Err(error) if error.is_instance_of::<PyValueError>(py) => {
                        let shown = invalid(number, "its data is not valid JSON")?;
                        return Ok(shown.into_any());
                    }
                    Err(error) => return Err(error),
                };
                let attachments = if packet.attachments.is_empty() {
                    none()
                } else {
                    let parts = packet.attachments.iter().map(|part| PyBytes::new(py, part));
                    PyList::new(py, parts)?.into_any()
                };
                let namespace = PyString::intern(py, &packet.namespace);
                (kind, namespace, packet.id, value, attachments, number).into_pyobject(py)?
            }
        };
        Ok(tuple.into_any())
    }
}

#[pymethods]
impl PyEventQueue {
    /// An empty queue. `loads` decodes the JSON of packets; `None` stands for our own decoder.
    #[new]
    #[pyo3(signature = (loads=None))]
    const fn new(loads: Option<Py<PyAny>>) -> Self {
        Self { queue: PerProcess::new(), loads }
    }

    /// Puts an object into the queue.
    fn put(&self, object: Py<PyAny>) {
        self.queue().push(Entry::Object(object), 0);
    }

    /// Takes what is in the queue. If it is empty, waits for an entry; with `timeout`, not longer
    /// than this many seconds. Returns `None` if the queue is empty and closed.
    ///
    /// An entry is an object that Python has put there, or what a connection received: kind,
    /// namespace, id, data, attachments and the number of the connection.
    #[pyo3(signature = (timeout=None))]
    fn take<'py>(
        &self,
        py: Python<'py>,
        timeout: Option<f64>,
    ) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
        let _guard = AttachGuard::enter(py);
        let queue = self.queue();
        let deadline = timeout.map(|seconds| {
            Instant::now() + Duration::try_from_secs_f64(seconds).unwrap_or_default()
        });
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let wait = left.map(|left| left.min(POLL));
            match runtime::detached(py, || queue.take(MAX_TAKEN, wait)) {
                Taken::Closed => return Ok(None),
                Taken::Entries(entries) => {
                    let objects = entries.into_iter().map(|entry| self.object(py, entry));
                    return objects.collect::<PyResult<_>>().map(Some);
                }
                Taken::Nothing if left.is_some_and(|left| left.is_zero()) => {
                    return Ok(Some(Vec::new()))
                }
                Taken::Nothing => check_wait(py)?,
            }
        }
    }
}

/// Passes what a connection receives to the queues.
struct Sink {
    number: u64,
    /// What the handlers of events have to know, in order.
    events: Arc<Queue<Entry>>,
    /// What the client has to know, even if a handler is slow.
    signals: Arc<Queue<Entry>>,
}

impl Receiver for Sink {
    fn receive(&self, packet: Result<Packet, Invalid>) {
        // A packet that is not valid takes memory, too.
        let size = packet.as_ref().map_or(size_of::<Entry>(), Packet::size);
        let kind = packet.as_ref().map_or(Kind::Event, |packet| packet.kind);
        let entry = |packet| Entry::Received(self.number, packet);
        match kind {
            Kind::Event => self.events.push(entry(packet), size),
            Kind::Ack => self.signals.push(entry(packet), size),
            // Whoever waits for the signal may count on the handlers being told before.
            _ => {
                self.events.push(entry(packet.clone()), size);
                self.signals.push(entry(packet), size);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.events.is_full() || self.signals.is_full()
    }

    async fn room(&self) {
        self.events.room().await;
        self.signals.room().await;
    }
}

impl Drop for Sink {
    /// If the task of the connection is dropped, nobody must wait for it.
    fn drop(&mut self) {
        self.signals.close();
    }
}

/// A connection of the event stream.
#[pyclass(name = "EventConnection", module = "gazu._core", frozen)]
pub struct PyEventConnection {
    remote: Remote,
    sid: String,
    means: Means,
    upgrade_error: Option<String>,
    number: u64,
    /// The process of the connection. A forked child must not touch it.
    process: u32,
}

type Pairs<'py> = Vec<(String, Bound<'py, PyAny>)>;

#[pymethods]
impl PyEventConnection {
    /// Opens a connection. `transports` are `"polling"` and `"websocket"`: the first one begins.
    /// `timeout` is that of each request, in seconds.
    #[new]
    #[pyo3(signature = (*, transport, hooks, settings, url, path, transports, headers, first_headers, socket_headers, timeout, timestamps, number, events, signals))]
    #[expect(clippy::too_many_arguments, reason = "one call from Python, by keyword")]
    fn new(
        py: Python<'_>,
        transport: &PyTransport,
        hooks: &Bound<'_, PyAny>,
        settings: &PySettings,
        url: String,
        path: String,
        transports: Vec<String>,
        headers: Pairs<'_>,
        first_headers: Pairs<'_>,
        socket_headers: Pairs<'_>,
        timeout: Option<f64>,
        timestamps: bool,
        number: u64,
        events: &PyEventQueue,
        signals: &PyEventQueue,
    ) -> PyResult<Self> {
        let _guard = AttachGuard::enter(py);
        let hooks = Hooks(hooks);
        let timeout = timeout.map(|seconds| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|_| PyValueError::new_err("request_timeout: expected a number of seconds"))
        });
        let options = Options {
            url,
            path,
            first: match transports.first().map(String::as_str) {
                Some("websocket") => Means::WebSocket,
                _ => Means::Polling,
            },
            may_upgrade: transports.iter().any(|name| name == "websocket"),
            headers: encoded(&hooks, headers)?,
            first_headers: encoded(&hooks, first_headers)?,
            socket_headers: encoded(&hooks, socket_headers)?,
            request_timeout: timeout.transpose()?,
            timestamps,
        };
        let open = Connection::open(transport.transport(), settings.0.clone(), options);
        let connection = runtime::drive(py, open)?.map_err(|error| hooks.exception(error, None))?;
        let (remote, outbox) = outbox();
        let made = Self {
            remote,
            sid: connection.sid().to_owned(),
            means: connection.means(),
            upgrade_error: connection.upgrade_error().map(ToString::to_string),
            number,
            process: std::process::id(),
        };
        let (events, signals) = (events.queue().clone(), signals.queue().clone());
        let sink = Sink { number, events, signals };
        runtime::spawn(async move {
            let ending = connection.run(outbox, &sink).await;
            sink.events.push(Entry::Ended(number, ending.clone()), 0);
            sink.signals.push(Entry::Ended(number, ending), 0);
        })?;
        Ok(made)
    }

    /// The id of the connection.
    #[getter]
    fn sid(&self) -> &str {
        &self.sid
    }

    /// The number of the connection.
    #[getter]
    const fn number(&self) -> u64 {
        self.number
    }

    /// How packets are exchanged.
    #[getter]
    const fn transport(&self) -> &'static str {
        match self.means {
            Means::Polling => "polling",
            Means::WebSocket => "websocket",
        }
    }

    /// Why the connection was not upgraded to a WebSocket, if that failed.
    #[getter]
    fn upgrade_error(&self) -> Option<&str> {
        self.upgrade_error.as_deref()
    }

    /// Sends messages, text or bytes. Returns `"sent"`, `"ended"` if the connection has ended, or
    /// `"full"` if too much waits to be sent. Then nothing is sent.
    fn send(&self, messages: Vec<Bound<'_, PyAny>>) -> PyResult<&'static str> {
        let messages = frames(messages)?;
        Ok(self.outcome(|remote| remote.send(messages)))
    }

    /// Sends messages and closes the connection. Returns what `send` does, but `"full"`.
    fn close(&self, messages: Vec<Bound<'_, PyAny>>) -> PyResult<&'static str> {
        let messages = frames(messages)?;
        Ok(self.outcome(|remote| remote.close(messages)))
    }
}

impl PyEventConnection {
    fn outcome(&self, tell: impl FnOnce(&Remote) -> Result<(), NotSent>) -> &'static str {
        if self.process != std::process::id() {
            return "ended";
        }
        match tell(&self.remote) {
            Ok(()) => "sent",
            Err(NotSent::Full) => "full",
            Err(NotSent::Ended) => "ended",
        }
    }
}

impl Drop for PyEventConnection {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // In a forked child, the locks of the connection's task may be held by threads that do
            // not exist here.
            mem::forget(self.remote.clone());
        }
    }
}

fn frames(messages: Vec<Bound<'_, PyAny>>) -> PyResult<Vec<Frame>> {
    let frame = |message: Bound<'_, PyAny>| {
        if let Ok(text) = message.cast::<PyString>() {
            return Ok(Frame::Text(text.to_cow()?.into_owned()));
        }
        let bytes = message.cast::<PyBytes>();
        let bytes = bytes.map_err(|_| PyTypeError::new_err("a message is text or bytes"))?;
        Ok(Frame::Binary(Bytes::copy_from_slice(bytes.as_bytes())))
    };
    messages.into_iter().map(frame).collect()
}
