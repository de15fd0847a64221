//! One request on its way, and the Python thread that waits for it.
//!
//! The waiting thread is put to use: it reads the files that go up, writes those that come
//! down, and calls the progress callback. So no other thread ever touches Python, and a
//! transfer holds a few chunks in memory whatever its size.

use std::{
    future::Future,
    io::Read as _,
    path::PathBuf,
    sync::{
        mpsc::{channel, Receiver, RecvTimeoutError, Sender},
        Arc,
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBytes, PyInt, PyString},
};
use tokio::{sync::Semaphore, task::JoinHandle};

use super::{
    cancel::{check_wait, PyCancel},
    runtime,
};
use crate::{
    args::{FilePath, Given},
    error::{Error, Result, Transport as Kind},
    execution::in_time,
    transport::{
        form::{FormBody, NoStreams, Spool, Streams, CHUNK},
        memory::Kept,
        save::Download,
        Decoder, Demand, Feed, Head, Payload, Request, Settings, Transport,
    },
};

/// How often a progress callback is called at most.
const REPORT: Duration = Duration::from_millis(20);
/// How often a waiting thread looks for signals.
const POLL: Duration = Duration::from_millis(40);
/// Chunks that may wait to be written.
const WRITE_BEHIND: usize = 4;
/// How much of a compressed body is unpacked at once, in bytes: a little of it may be gigabytes.
const UNPACKED_AT_ONCE: usize = 16 * 1024;

/// An answer whose body has been read, or written where it belongs.
pub(super) struct Answer {
    pub(super) head: Head,
    pub(super) history: Vec<Head>,
    pub(super) body: Bytes,
    /// Whether the body went where a download goes.
    pub(super) streamed: bool,
}

impl Answer {
    pub(super) fn content_type(&self) -> Option<&str> {
        self.head.header("content-type")
    }
}

enum Event {
    Demand(Demand),
    Head(Box<Head>),
    Chunk(Bytes),
    Done(Box<Result<Answer>>),
}

/// What a Python stream or callback raised, or what else went wrong.
pub(super) enum Failure {
    Python(PyErr),
    Other(Error),
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Who may no longer want what a thread waits for.
#[derive(Clone, Copy, Default)]
pub(super) struct Watch<'w> {
    /// Set by another thread that no longer wants it.
    pub(super) cancel: Option<&'w PyCancel>,
    /// When it is given up whatever its state.
    pub(super) until: Option<Instant>,
}

impl Watch<'_> {
    /// Raises what ends the wait: what a signal's handler raises, a cancellation, the deadline.
    pub(super) fn look(&self, py: Python<'_>) -> Result<(), Failure> {
        check_wait(py)?;
        self.cancel.map_or(Ok(()), PyCancel::check)?;
        Ok(self.look_at_the_time()?)
    }

    fn look_at_the_time(&self) -> Result<()> {
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return Err(Error::past_deadline());
        }
        Ok(())
    }
}

/// A file object of one of the caller's descriptors, which is closed with it, as Python's `open`
/// does with a number.
pub(super) struct PyFile(Py<PyAny>);

impl PyFile {
    fn open(py: Python<'_>, descriptor: i32, mode: &str) -> PyResult<Self> {
        let opened = py.import("io")?.call_method1("open", (descriptor, mode))?;
        Ok(Self(opened.unbind()))
    }

    fn write(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        self.0.call_method1(py, "write", (PyBytes::new(py, bytes),)).map(drop)
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        self.0.call_method0(py, "close").map(drop)
    }
}

impl Drop for PyFile {
    fn drop(&mut self) {
        // What failed before is what is raised; closing what is closed does nothing.
        Python::try_attach(|py| self.close(py).ok());
    }
}

/// What a stream is read from.
enum Source<'py> {
    Object {
        object: Bound<'py, PyAny>,
        /// Where it stood at first.
        start: u64,
    },
    /// What was read of it in advance, where it cannot tell its length.
    Spool(Spool),
}

/// File objects of the caller's.
pub(super) struct PyStreams<'py> {
    sources: Vec<Source<'py>>,
    /// Those of the caller's descriptors.
    owned: Vec<PyFile>,
}

impl<'py> PyStreams<'py> {
    pub(super) fn new(objects: Vec<Bound<'py, PyAny>>) -> Self {
        let sources = objects.into_iter().map(|object| Source::Object { object, start: 0 });
        Self { sources: sources.collect(), owned: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The streams for a thread that waits for them, and may stop.
    pub(super) fn watched<'s>(&'s mut self, py: Python<'py>, watch: Watch<'s>) -> Watched<'s, 'py> {
        Watched { py, streams: self, watch }
    }
}

/// File objects of the caller's, and whether they are still wanted.
pub(super) struct Watched<'s, 'py> {
    py: Python<'py>,
    streams: &'s mut PyStreams<'py>,
    watch: Watch<'s>,
}

impl Streams for Watched<'_, '_> {
    type Error = Failure;

    fn open(&mut self, descriptor: i32) -> Result<usize, Failure> {
        let file = PyFile::open(self.py, descriptor, "rb")?;
        let object = file.0.clone_ref(self.py).into_bound(self.py);
        self.streams.sources.push(Source::Object { object, start: 0 });
        self.streams.owned.push(file);
        Ok(self.streams.sources.len() - 1)
    }

    fn length(&mut self, stream: usize) -> Result<u64, Failure> {
        let source = &mut self.streams.sources[stream];
        let (object, start) = match source {
            Source::Object { object, start } => (object, start),
            Source::Spool(spool) => return Ok(spool.length()),
        };
        // What is text, or takes no size, or does not mind one, is read in advance.
        let probe = object.call_method1("read", (0,));
        let is_empty = |probe: &Bound<'_, PyAny>| {
            probe.cast::<PyBytes>().is_ok_and(|bytes| bytes.as_bytes().is_empty())
        };
        if probe.as_ref().is_ok_and(is_empty) {
            if let Ok(Some((here, left))) = measure(object) {
                *start = here;
                return Ok(left);
            }
        }
        let spool = read_in_advance(object, probe, &self.watch)?;
        let length = spool.length();
        *source = Source::Spool(spool);
        Ok(length)
    }

    fn read(&mut self, stream: usize, room: &mut [u8]) -> Result<usize, Failure> {
        let object = match &mut self.streams.sources[stream] {
            Source::Object { object, .. } => object,
            Source::Spool(spool) => {
                return spool.read(room).map_err(|source| Error::io("stream", source).into())
            }
        };
        let content = content_of(&object.call_method1("read", (room.len(),))?)?;
        // What is more than was asked for is no part of the body.
        let length = content.as_bytes().len().min(room.len());
        room[..length].copy_from_slice(&content.as_bytes()[..length]);
        Ok(length)
    }

    fn rewind(&mut self, stream: usize) -> Result<(), Failure> {
        match &mut self.streams.sources[stream] {
            Source::Object { object, start } => object.call_method1("seek", (*start,)).map(drop)?,
            Source::Spool(spool) => spool.rewind().map_err(|source| Error::io("stream", source))?,
        }
        Ok(())
    }

    fn detached<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        runtime::detached(self.py, work)
    }

    fn look(&mut self) -> Result<(), Failure> {
        self.watch.look(self.py)
    }
}

/// What a file object has returned, as bytes.
fn content_of<'py>(read: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let py = read.py();
    if let Ok(bytes) = read.cast::<PyBytes>() {
        return Ok(bytes.clone());
    }
    if read.is_instance_of::<PyString>() {
        return Ok(read.call_method1("encode", ("utf-8",))?.cast_into()?);
    }
    let view = py.import("builtins")?.getattr("memoryview")?.call1((read,));
    let bytes = view.and_then(|view| view.call_method0("tobytes"));
    let bytes =
        bytes.map_err(|_| PyTypeError::new_err("files: a file object must return bytes"))?;
    Ok(bytes.cast_into()?)
}

/// Where an object stands and how much is left of it, where what it says of itself is true.
fn measure(object: &Bound<'_, PyAny>) -> PyResult<Option<(u64, u64)>> {
    // A mock can be made a number of, and is none.
    let tell = || object.call_method0("tell")?.cast_into::<PyInt>()?.extract::<u64>();
    let here = tell()?;
    object.call_method1("seek", (0, 2))?;
    let end = tell()?;
    let mut is_true = object.call_method1("read", (1,))?.len()? == 0;
    // To go back in what is unpacked on the way is to begin again; a file is asked.
    if is_true && end > here && object.hasattr("raw")? {
        object.call_method1("seek", (end - 1,))?;
        is_true = object.call_method1("read", (1,))?.len()? == 1;
    }
    object.call_method1("seek", (here,))?;
    Ok(is_true.then(|| (here, end.saturating_sub(here))))
}

/// Reads an object to its end; `probe` is what it returned when nothing was asked for.
fn read_in_advance(
    object: &Bound<'_, PyAny>,
    probe: PyResult<Bound<'_, PyAny>>,
    watch: &Watch<'_>,
) -> Result<Spool, Failure> {
    let name = object.getattr("name").and_then(|name| name.extract::<PathBuf>());
    let name = name.unwrap_or_else(|_| "stream".into());
    let failed = |source| Error::io(name.clone(), source);
    let mut spool = Spool::default();
    let whole = match probe {
        Err(_) => Some(object.call_method0("read")?),
        Ok(probe) if content_of(&probe)?.len()? > 0 => Some(probe),
        Ok(_) => None,
    };
    if let Some(whole) = whole {
        spool.push(content_of(&whole)?.as_bytes()).map_err(failed)?;
    } else {
        loop {
            let content = content_of(&object.call_method1("read", (CHUNK,))?)?;
            if content.len()? == 0 {
                break;
            }
            spool.push(content.as_bytes()).map_err(failed)?;
            watch.look(object.py())?;
        }
    }
    spool.rewind().map_err(failed)?;
    Ok(spool)
}

/// Where a streamed body goes: into a file, into memory, or to a descriptor of the caller's.
pub(super) enum Sink {
    File(Download),
    Memory(Kept),
    /// Its file object once the answer is there, and what waits to be written to it.
    Descriptor {
        number: i32,
        file: Option<PyFile>,
        pending: Vec<u8>,
    },
}

impl Sink {
    /// The way to a target, which is left as it is until the answer is there; memory when there
    /// is none.
    pub(super) fn to(
        py: Python<'_>,
        target: Option<&FilePath>,
        watch: &Watch<'_>,
    ) -> Result<Self, Failure> {
        let Some(target) = target else { return Ok(Self::Memory(Kept::default())) };
        if let Given::Descriptor(number) = target.1 {
            return Ok(Self::Descriptor { number, file: None, pending: Vec::new() });
        }
        loop {
            match runtime::detached(py, || Download::begin_once(&target.0)) {
                Err(error) if error.is_interrupted() => watch.look(py)?,
                outcome => return Ok(Self::File(outcome?)),
            }
        }
    }

    /// The answer is there, and holds so many bytes, where that is known.
    pub(super) fn begin(&mut self, py: Python<'_>, length: Option<u64>) -> Result<(), Failure> {
        match self {
            Self::File(download) => download.expect(length.unwrap_or(0)),
            Self::Memory(kept) => {
                kept.expect(usize::try_from(length.unwrap_or(0)).unwrap_or(usize::MAX))?;
            }
            Self::Descriptor { number, file, .. } => {
                *file = Some(PyFile::open(py, *number, "wb")?);
            }
        }
        Ok(())
    }

    /// Writes unpacked bytes.
    pub(super) fn write(
        &mut self,
        py: Python<'_>,
        bytes: &[u8],
        watch: &Watch<'_>,
    ) -> Result<(), Failure> {
        runtime::detached(py, || self.offer(bytes))?;
        self.settle(py, watch)
    }

    /// The body is complete and takes its place; returns what was to be kept in memory.
    pub(super) fn finish(mut self, py: Python<'_>, watch: &Watch<'_>) -> Result<Bytes, Failure> {
        self.settle(py, watch)?;
        match self {
            Self::File(download) => runtime::detached(py, || download.finish())?,
            Self::Memory(kept) => return Ok(kept.into_bytes()),
            Self::Descriptor { file, .. } => {
                if let Some(file) = file {
                    file.close(py)?;
                }
            }
        }
        Ok(Bytes::new())
    }

    /// Takes unpacked bytes without the interpreter.
    fn offer(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::File(download) => download.offer(bytes),
            Self::Memory(kept) => kept.write(bytes),
            Self::Descriptor { pending, .. } => {
                pending.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Waits until what was offered is written.
    fn settle(&mut self, py: Python<'_>, watch: &Watch<'_>) -> Result<(), Failure> {
        match self {
            Self::File(download) => {
                while !runtime::detached(py, || download.advance())? {
                    watch.look(py)?;
                }
            }
            Self::Memory(_) => {}
            Self::Descriptor { file, pending, .. } => {
                if let Some(file) = file.as_ref().filter(|_| !pending.is_empty()) {
                    file.write(py, pending)?;
                }
                pending.clear();
            }
        }
        Ok(())
    }

    /// Whether what was offered has been written; works on it for a moment, without the
    /// interpreter.
    fn advance(&mut self) -> Result<bool> {
        match self {
            Self::File(download) => download.advance(),
            Self::Memory(_) => Ok(true),
            Self::Descriptor { pending, .. } => Ok(pending.is_empty()),
        }
    }

    /// Whether another answer could still take this one's place.
    fn is_untouched(&self) -> bool {
        match self {
            Self::File(download) => download.is_untouched(),
            Self::Memory(_) => true,
            Self::Descriptor { file, .. } => file.is_none(),
        }
    }
}

/// Everything one request needs besides itself.
pub(super) struct Transfer<'t, 'py> {
    pub(super) transport: Arc<Transport>,
    pub(super) settings: Settings,
    pub(super) form: Option<&'t mut FormBody>,
    pub(super) streams: &'t mut PyStreams<'py>,
    pub(super) sink: Option<Sink>,
    pub(super) progress: Option<&'t Bound<'py, PyAny>>,
    /// Whether an answer's body is streamed to the sink.
    pub(super) streamed: Box<dyn Fn(u16) -> bool + Send + Sync>,
    /// Set by another thread that no longer wants the answer.
    pub(super) cancel: Option<&'t PyCancel>,
    /// When it is given up whatever its state.
    pub(super) until: Option<Instant>,
}

impl<'py> Transfer<'_, 'py> {
    /// Reads the first chunk of a form's files and reports it before anything is sent, so that
    /// a callback which has had enough from the start ends the call there. The chunk is read
    /// again when the request asks for it.
    fn report_the_first_chunk(&mut self, py: Python<'py>) -> Result<Option<u64>, Failure> {
        let watch = self.watch();
        let (Some(form), Some(progress)) = (&mut self.form, self.progress) else {
            return Ok(None);
        };
        let mut streams = self.streams.watched(py, watch);
        while form.files_read() == 0 && form.next(&mut streams)?.is_some() {}
        let (done, total) = (form.files_read(), form.files_length());
        if done == 0 {
            return Ok(None);
        }
        progress.call1((done, total))?;
        Ok(Some(done))
    }
}

impl<'t> Transfer<'t, '_> {
    const fn watch(&self) -> Watch<'t> {
        Watch { cancel: self.cancel, until: self.until }
    }
}

/// Stops the request when the waiting thread leaves before it is done.
struct Abort(JoinHandle<()>);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request and waits for its answer.
pub(super) fn perform<'py>(
    py: Python<'py>,
    mut transfer: Transfer<'_, 'py>,
    mut request: Request,
) -> Result<Answer, Failure> {
    if transfer.form.is_none() && transfer.sink.is_none() {
        return ask(py, transfer, request);
    }
    let (sender, receiver) = channel();
    let watch = transfer.watch();
    let reported = transfer.report_the_first_chunk(py)?;
    if let Some(form) = &transfer.form {
        let orders = sender.clone();
        // A thread that waits no longer has dropped its end: nobody needs the chunk then.
        let demand = move |demand| drop(orders.send(Event::Demand(demand)));
        request.payload = Payload::Feed(Feed::new(form.length(), demand));
    }
    let credits = Arc::new(Semaphore::new(WRITE_BEHIND));
    let streams_to_sink = transfer.sink.is_some();
    let work = {
        let (transport, settings) = (transfer.transport, transfer.settings);
        let (credits, streamed) = (credits.clone(), transfer.streamed);
        async move {
            let to_sink = |status| streams_to_sink && streamed(status);
            let outcome =
                exchange(&transport, &settings, request, to_sink, &sender, &credits).await;
            // As above: a thread that waits no longer needs no outcome.
            drop(sender.send(Event::Done(Box::new(outcome))));
        }
    };
    let _abort = Abort(runtime::spawn(work)?);
    let mut streams = transfer.streams.watched(py, watch);
    let mut pump = Pump {
        receiver,
        form: transfer.form,
        sink: transfer.sink,
        decoder: None,
        arrived: Bytes::new(),
        credits,
        total: 0,
        done: 0,
        reported,
        report_at: Instant::now() + if reported.is_some() { REPORT } else { Duration::ZERO },
        reports: transfer.progress.is_some(),
    };
    loop {
        watch.look_at_the_time()?;
        match runtime::detached(py, || pump.turn(watch.until)) {
            Turn::Poll => watch.look(py)?,
            Turn::Report => pump.report(transfer.progress)?,
            Turn::Begin(length) => {
                if let Some(sink) = &mut pump.sink {
                    sink.begin(py, length)?;
                }
            }
            Turn::Write => {
                if let Some(sink) = &mut pump.sink {
                    sink.settle(py, &watch)?;
                }
            }
            Turn::Stream(chunk) => {
                let next = match &mut pump.form {
                    Some(form) => form.next(&mut streams)?,
                    None => None,
                };
                pump.send(chunk, next);
            }
            Turn::Rewind => {
                if let Some(form) = &mut pump.form {
                    form.rewind(&mut streams)?;
                }
            }
            Turn::Failed(error) => return Err(error.into()),
            Turn::Done(outcome) => {
                let mut answer = (*outcome).map_err(|error| pump.failed(error))?;
                if answer.streamed {
                    runtime::detached(py, || pump.unpack_the_rest())?;
                }
                pump.report_the_rest(transfer.progress)?;
                if let Some(sink) = pump.sink.take().filter(|_| answer.streamed) {
                    answer.body = sink.finish(py, &watch)?;
                }
                return Ok(answer);
            }
        }
    }
}

/// Sends a request whose answer is kept in memory.
fn ask(py: Python<'_>, transfer: Transfer<'_, '_>, request: Request) -> Result<Answer, Failure> {
    let Transfer { transport, settings, cancel, until, .. } = transfer;
    let work = answer(transport, settings, request, until);
    Ok(runtime::drive(py, work, || cancel.map_or(Ok(()), PyCancel::check))??)
}

/// The answer to a request, with its whole body.
pub(super) fn answer(
    transport: Arc<Transport>,
    settings: Settings,
    request: Request,
    until: Option<Instant>,
) -> impl Future<Output = Result<Answer>> + Send {
    // Each future around this one would be twice its size, and is moved several times.
    let answer = Box::pin(async move {
        let mut response = transport.exchange(&settings, request).await?;
        let body = response.bytes().await?;
        let (head, history) = (response.head, response.history);
        Ok(Answer { head, history, body, streamed: false })
    });
    in_time(until, answer)
}

async fn exchange(
    transport: &Transport,
    settings: &Settings,
    request: Request,
    to_sink: impl Fn(u16) -> bool,
    events: &Sender<Event>,
    credits: &Semaphore,
) -> Result<Answer> {
    let mut response = transport.exchange(settings, request).await?;
    let streamed = to_sink(response.head.status);
    let mut body = Bytes::new();
    if streamed {
        let gone = |_| Error::transport(Kind::Closed, "the transfer was given up");
        events.send(Event::Head(Box::new(response.head.clone()))).map_err(gone)?;
        while let Some(chunk) = response.chunk().await? {
            if let Ok(credit) = credits.acquire().await {
                credit.forget();
            }
            events.send(Event::Chunk(chunk)).map_err(gone)?;
        }
    } else {
        body = response.bytes().await?;
    }
    Ok(Answer { head: response.head, history: response.history, body, streamed })
}

/// What the waiting thread has to do with the interpreter.
enum Turn {
    /// Look for signals.
    Poll,
    /// Call the progress callback.
    Report,
    /// The answer is there, and says how long it is.
    Begin(Option<u64>),
    /// Write what has arrived.
    Write,
    /// Read a chunk from a stream of the caller's.
    Stream(tokio::sync::oneshot::Sender<Bytes>),
    /// Go back to the start of the form.
    Rewind,
    /// Stop.
    Failed(Error),
    /// The request is over.
    Done(Box<Result<Answer>>),
}

struct Pump<'t> {
    receiver: Receiver<Event>,
    form: Option<&'t mut FormBody>,
    sink: Option<Sink>,
    decoder: Option<Decoder>,
    /// What is left of the last chunk.
    arrived: Bytes,
    credits: Arc<Semaphore>,
    /// Bytes expected: the length of the files, or the answer's length.
    total: u64,
    /// Bytes of files read, or bytes received.
    done: u64,
    reported: Option<u64>,
    report_at: Instant,
    reports: bool,
}

impl Pump<'_> {
    /// Works without the interpreter until it is needed.
    fn turn(&mut self, until: Option<Instant>) -> Turn {
        let now = Instant::now();
        let until = until.map_or(now + POLL, |until| until.min(now + POLL));
        loop {
            match self.write() {
                Ok(true) => {}
                Ok(false) if matches!(self.sink, Some(Sink::Descriptor { .. })) => {
                    return Turn::Write;
                }
                Ok(false) if self.has_news() => return Turn::Report,
                Ok(false) => return Turn::Poll,
                Err(error) => return Turn::Failed(error),
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.receiver.recv_timeout(left) {
                // What has been done before it came to a stop is told, too.
                Err(RecvTimeoutError::Timeout) if self.has_news() => return Turn::Report,
                Err(RecvTimeoutError::Timeout) => return Turn::Poll,
                Err(RecvTimeoutError::Disconnected) => {
                    let message = "the transfer ended without an outcome";
                    return Turn::Failed(Error::transport(Kind::Closed, message));
                }
                Ok(Event::Done(outcome)) => return Turn::Done(outcome),
                Ok(Event::Demand(Demand::Rewind)) => return Turn::Rewind,
                Ok(Event::Demand(Demand::Chunk(chunk))) => {
                    let Some(form) = &mut self.form else { continue };
                    if form.next_is_stream() {
                        return Turn::Stream(chunk);
                    }
                    match form.next(&mut NoStreams) {
                        Ok(next) => self.send(chunk, next),
                        Err(error) => return Turn::Failed(error),
                    }
                }
                Ok(Event::Head(head)) => {
                    self.decoder = Some(head.decoder());
                    let length = head.header("content-length");
                    let length = length.and_then(|text| text.trim().parse().ok());
                    self.total = length.unwrap_or(0);
                    return Turn::Begin(length);
                }
                Ok(Event::Chunk(chunk)) => {
                    self.arrived = chunk;
                    continue;
                }
            }
            if self.has_news() && Instant::now() >= self.report_at {
                return Turn::Report;
            }
            if Instant::now() >= until {
                return Turn::Poll;
            }
        }
    }

    /// Whether the progress callback does not know how far it is.
    fn has_news(&self) -> bool {
        self.reports && self.done > 0 && self.reported != Some(self.done)
    }

    /// Hands a chunk of the form to the request.
    fn send(&mut self, chunk: tokio::sync::oneshot::Sender<Bytes>, next: Option<Bytes>) {
        if let Some(form) = &self.form {
            self.total = form.files_length();
            self.done = form.files_read();
        }
        if let Some(bytes) = next {
            // A request that was given up needs no more.
            drop(chunk.send(bytes));
        }
    }

    /// Hands what has arrived to the sink. False when it takes no more for now.
    fn write(&mut self) -> Result<bool> {
        loop {
            // What it has is opened, and written, when the answer is there.
            let (Some(decoder), Some(sink)) = (&mut self.decoder, &mut self.sink) else {
                return Ok(true);
            };
            if !sink.advance()? {
                return Ok(false);
            }
            if self.arrived.is_empty() {
                return Ok(true);
            }
            let whole = self.arrived.len();
            let most = if decoder.is_identity() { whole } else { UNPACKED_AT_ONCE };
            let piece = self.arrived.split_to(whole.min(most));
            match sink {
                Sink::Memory(kept) => kept.receive(&piece, decoder)?,
                sink => {
                    let done = &mut self.done;
                    decoder.push(&piece, &mut |bytes| {
                        *done += bytes.len() as u64;
                        sink.offer(bytes)
                    })?;
                }
            }
            if self.arrived.is_empty() {
                self.credits.add_permits(1);
            }
        }
    }

    /// The body has arrived: what its compression still holds back goes to the sink.
    fn unpack_the_rest(&mut self) -> Result<()> {
        let (Some(decoder), Some(sink)) = (&mut self.decoder, &mut self.sink) else {
            return Ok(());
        };
        let is_reported = !matches!(sink, Sink::Memory(_));
        let done = &mut self.done;
        decoder.finish(&mut |bytes| {
            *done += if is_reported { bytes.len() as u64 } else { 0 };
            sink.offer(bytes)
        })
    }

    /// The request's error. What has gone where it cannot be taken back is not asked for again.
    fn failed(&self, error: Error) -> Error {
        let is_untouched = self.sink.as_ref().is_none_or(Sink::is_untouched);
        match error {
            Error::Transport { kind: Kind::Truncated, message } if !is_untouched => {
                Error::Transport { kind: Kind::CutShort, message }
            }
            error => error,
        }
    }

    fn report(&mut self, progress: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        self.reported = Some(self.done);
        if let Some(progress) = progress {
            progress.call1((self.done, self.total))?;
        }
        self.report_at = Instant::now() + REPORT;
        Ok(())
    }

    fn report_the_rest(&mut self, progress: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        if self.has_news() {
            self.report(progress)?;
        }
        Ok(())
    }
}
