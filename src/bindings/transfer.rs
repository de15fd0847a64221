//! Sending one request while the calling Python thread waits.
//!
//! The waiting thread reads the files of an upload, writes those of a download, and calls the
//! progress callback. So no other thread touches Python, and a transfer needs memory for a few
//! chunks only.

use std::{
    future::Future,
    io::Read as _,
    path::PathBuf,
    sync::{mpsc::RecvTimeoutError, Arc},
    time::{Duration, Instant},
};

use bytes::Bytes;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBytes, PyCFunction, PyInt, PyString},
};
use tokio::sync::Semaphore;

use super::{
    cancel::check_wait,
    runtime::{self, EventSender, Work},
};
use crate::{
    args::{FilePath, PathKind},
    call::{Call, ReadAs},
    error::{Error, Result, Transport as Kind},
    execution::within_deadline,
    transport::{
        form::{FormBody, NoStreams, Spool, Streams, CHUNK},
        memory::MemoryBody,
        save::Download,
        Decoder, Head, Payload, ReadCommand, Request, Response, Settings, StreamedBody, Transport,
    },
};

/// The shortest interval between calls of the progress callback.
const REPORT_INTERVAL: Duration = Duration::from_millis(20);
/// How often a waiting thread checks for signals.
const POLL_INTERVAL: Duration = Duration::from_millis(40);
/// How many received chunks may wait to be written, if another thread receives them.
const MAX_UNWRITTEN_CHUNKS: usize = 4;
/// How many compressed bytes are decompressed at once. A few bytes may become gigabytes.
const INPUT_SLICE: usize = 16 * 1024;

/// An answer whose body has been read or saved.
pub(super) struct Answer {
    pub(super) head: Head,
    pub(super) history: Vec<Head>,
    pub(super) body: Bytes,
    /// Whether the body was streamed to the sink, or is still to be read.
    pub(super) streamed: bool,
    /// The response whose body is still to be read.
    pub(super) open: Option<Box<Response>>,
}

impl Answer {
    pub(super) fn content_type(&self) -> Option<&str> {
        self.head.header("content-type")
    }
}

/// An event of the request, for the waiting thread.
enum Event {
    Read(ReadCommand),
    Head(Box<Head>),
    Chunk(Bytes),
    Done(Box<Result<Answer>>),
}

/// The error of a transfer: an exception from a Python stream or callback, or an error of ours.
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

/// What ends a wait early.
#[derive(Clone, Copy, Default)]
pub(super) struct WaitLimits {
    /// The deadline of the call.
    pub(super) deadline: Option<Instant>,
}

impl WaitLimits {
    /// Raises the exception that ends the wait: of a signal handler, a cancellation, or the
    /// deadline.
    pub(super) fn check(&self, py: Python<'_>) -> Result<(), Failure> {
        check_wait(py)?;
        Ok(self.check_deadline()?)
    }

    fn check_deadline(&self) -> Result<()> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::past_deadline());
        }
        Ok(())
    }
}

/// A file that is opened with Python's `open`, or with the function by which a script has replaced
/// it. For a descriptor of the caller, closing the file closes the descriptor.
pub(super) struct PyFile {
    /// The result of `open`, a context manager. `None` after it has been closed.
    manager: Option<Py<PyAny>>,
    file: Py<PyAny>,
}

impl PyFile {
    fn open<'py>(py: Python<'py>, file: impl IntoPyObject<'py>, mode: &str) -> PyResult<Self> {
        let manager = py.import("builtins")?.call_method1("open", (file, mode))?;
        let file = manager.call_method0("__enter__")?;
        Ok(Self { manager: Some(manager.unbind()), file: file.unbind() })
    }

    fn write(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        self.file.call_method1(py, "write", (PyBytes::new(py, bytes),)).map(drop)
    }

    fn close(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(manager) = self.manager.take() else { return Ok(()) };
        manager.call_method1(py, "__exit__", (py.None(), py.None(), py.None())).map(drop)
    }
}

impl Drop for PyFile {
    fn drop(&mut self) {
        // An earlier error is the one that is raised.
        Python::try_attach(|py| self.close(py).ok());
    }
}

/// Whether something has replaced Python's `open`, which is a function written in C.
fn open_is_replaced(py: Python<'_>) -> PyResult<bool> {
    Ok(!py.import("builtins")?.getattr("open")?.is_exact_instance_of::<PyCFunction>())
}

/// What a stream reads from.
enum StreamSource<'py> {
    Object {
        object: Bound<'py, PyAny>,
        /// The position at the beginning.
        start: u64,
    },
    /// A copy of an object whose length is unknown.
    Spool(Spool),
}

/// The streams of a call: Python file objects.
pub(super) struct PyStreams<'py> {
    sources: Vec<StreamSource<'py>>,
    /// The file objects that were opened for descriptors.
    owned: Vec<PyFile>,
}

impl<'py> PyStreams<'py> {
    pub(super) fn new(objects: Vec<Bound<'py, PyAny>>) -> Self {
        let sources = objects.into_iter().map(|object| StreamSource::Object { object, start: 0 });
        Self { sources: sources.collect(), owned: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The streams, for a thread that waits for them within `limits`.
    pub(super) fn interruptible<'s>(
        &'s mut self,
        py: Python<'py>,
        limits: WaitLimits,
    ) -> InterruptibleStreams<'s, 'py> {
        InterruptibleStreams { py, streams: self, limits }
    }
}

/// The streams of a call, with the limits of the waiting thread.
pub(super) struct InterruptibleStreams<'s, 'py> {
    py: Python<'py>,
    streams: &'s mut PyStreams<'py>,
    limits: WaitLimits,
}

impl Streams for InterruptibleStreams<'_, '_> {
    type Error = Failure;

    fn open(&mut self, descriptor: i32) -> Result<usize, Failure> {
        let file = PyFile::open(self.py, descriptor, "rb")?;
        let object = file.file.clone_ref(self.py).into_bound(self.py);
        self.streams.sources.push(StreamSource::Object { object, start: 0 });
        self.streams.owned.push(file);
        Ok(self.streams.sources.len() - 1)
    }

    fn length(&mut self, stream: usize) -> Result<u64, Failure> {
        let source = &mut self.streams.sources[stream];
        let (object, start) = match source {
            StreamSource::Object { object, start } => (object, start),
            StreamSource::Spool(spool) => return Ok(spool.length()),
        };
        // An object that returns text, or ignores or does not accept a size, is copied to a spool.
        let probe = object.call_method1("read", (0,));
        let is_empty = |probe: &Bound<'_, PyAny>| {
            probe.cast::<PyBytes>().is_ok_and(|bytes| bytes.as_bytes().is_empty())
        };
        if probe.as_ref().is_ok_and(is_empty) {
            if let Ok(Some((position, left))) = position_and_rest(object) {
                *start = position;
                return Ok(left);
            }
        }
        let spool = spool_object(object, probe, self.limits)?;
        let length = spool.length();
        *source = StreamSource::Spool(spool);
        Ok(length)
    }

    fn read(&mut self, stream: usize, buffer: &mut [u8]) -> Result<usize, Failure> {
        let object = match &mut self.streams.sources[stream] {
            StreamSource::Object { object, .. } => object,
            StreamSource::Spool(spool) => {
                return spool.read(buffer).map_err(|source| Error::io("stream", source).into())
            }
        };
        let content = content_of(&object.call_method1("read", (buffer.len(),))?)?;
        // Bytes beyond the requested size are ignored, since the length was announced before.
        let length = content.as_bytes().len().min(buffer.len());
        buffer[..length].copy_from_slice(&content.as_bytes()[..length]);
        Ok(length)
    }

    fn rewind(&mut self, stream: usize) -> Result<(), Failure> {
        match &mut self.streams.sources[stream] {
            StreamSource::Object { object, start } => {
                object.call_method1("seek", (*start,)).map(drop)?;
            }
            StreamSource::Spool(spool) => {
                spool.rewind().map_err(|source| Error::io("stream", source))?;
            }
        }
        Ok(())
    }

    fn detached<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        runtime::detached(self.py, work)
    }

    fn check(&mut self) -> Result<(), Failure> {
        self.limits.check(self.py)
    }
}

/// The result of a file object's `read`, as bytes.
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

/// The position of an object and the number of bytes after it. `None` if the object's own numbers
/// are wrong.
fn position_and_rest(object: &Bound<'_, PyAny>) -> PyResult<Option<(u64, u64)>> {
    // A mock may convert to a number without being one.
    let tell = || object.call_method0("tell")?.cast_into::<PyInt>()?.extract::<u64>();
    let position = tell()?;
    object.call_method1("seek", (0, 2))?;
    let end = tell()?;
    let mut is_consistent = object.call_method1("read", (1,))?.len()? == 0;
    // Check that the last byte can be read. Only raw files are checked: seeking back in a
    // decompressing object would start again from the beginning.
    if is_consistent && end > position && object.hasattr("raw")? {
        object.call_method1("seek", (end - 1,))?;
        is_consistent = object.call_method1("read", (1,))?.len()? == 1;
    }
    object.call_method1("seek", (position,))?;
    Ok(is_consistent.then(|| (position, end.saturating_sub(position))))
}

/// Copies an object to a spool. `probe` is the result of `read(0)`.
fn spool_object(
    object: &Bound<'_, PyAny>,
    probe: PyResult<Bound<'_, PyAny>>,
    limits: WaitLimits,
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
            limits.check(object.py())?;
        }
    }
    spool.rewind().map_err(failed)?;
    Ok(spool)
}

/// The destination of a streamed body: a file, memory, or a file that Python opens.
pub(super) enum Sink {
    File(Download),
    Memory(MemoryBody),
    /// `file` is opened when the answer has arrived.
    Python {
        target: Py<PyAny>,
        file: Option<PyFile>,
        pending: Vec<u8>,
    },
}

impl Sink {
    /// Prepares the sink for the body of a download; `None` for other calls.
    pub(super) fn of_call(
        py: Python<'_>,
        call: &Call,
        limits: WaitLimits,
    ) -> Result<Option<Self>, Failure> {
        if call.reading != ReadAs::Response {
            return Ok(None);
        }
        Self::to(py, call.target.as_ref(), limits).map(Some)
    }

    /// Prepares a sink. The target stays unchanged until the answer has arrived. Without a target,
    /// the body is kept in memory.
    pub(super) fn to(
        py: Python<'_>,
        target: Option<&FilePath>,
        limits: WaitLimits,
    ) -> Result<Self, Failure> {
        let Some(target) = target else { return Ok(Self::Memory(MemoryBody::default())) };
        // A replaced `open` may have the file in memory, where the core would not find it.
        if matches!(target.1, PathKind::Descriptor(_)) || open_is_replaced(py)? {
            let target = target.into_pyobject(py)?.unbind();
            return Ok(Self::Python { target, file: None, pending: Vec::new() });
        }
        loop {
            match runtime::detached(py, || Download::begin_interruptible(&target.0)) {
                Err(error) if error.is_interrupted() => limits.check(py)?,
                outcome => return Ok(Self::File(outcome?)),
            }
        }
    }

    /// Called when the answer has arrived. `length` is the length of the body, if known.
    pub(super) fn begin(&mut self, py: Python<'_>, length: Option<u64>) -> Result<(), Failure> {
        match self {
            Self::File(download) => download.set_expected_length(length.unwrap_or(0)),
            Self::Memory(body) => {
                body.reserve(usize::try_from(length.unwrap_or(0)).unwrap_or(usize::MAX))?;
            }
            Self::Python { target, file, .. } => {
                *file = Some(PyFile::open(py, &*target, "wb")?);
            }
        }
        Ok(())
    }

    /// Writes decompressed bytes.
    pub(super) fn write(
        &mut self,
        py: Python<'_>,
        bytes: &[u8],
        limits: WaitLimits,
    ) -> Result<(), Failure> {
        runtime::detached(py, || self.push(bytes))?;
        self.write_pending(py, limits)
    }

    /// Completes the download. Returns the body if it was kept in memory.
    pub(super) fn finish(mut self, py: Python<'_>, limits: WaitLimits) -> Result<Bytes, Failure> {
        self.write_pending(py, limits)?;
        match self {
            Self::File(download) => runtime::detached(py, || download.finish())?,
            Self::Memory(body) => return Ok(body.into_bytes()),
            Self::Python { file, .. } => {
                if let Some(mut file) = file {
                    file.close(py)?;
                }
            }
        }
        Ok(Bytes::new())
    }

    /// Adds decompressed bytes. The GIL is not needed.
    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::File(download) => download.push(bytes),
            Self::Memory(body) => body.write(bytes),
            Self::Python { pending, .. } => {
                pending.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Waits until the pending bytes are written.
    fn write_pending(&mut self, py: Python<'_>, limits: WaitLimits) -> Result<(), Failure> {
        match self {
            Self::File(download) => {
                while !runtime::detached(py, || download.advance())? {
                    limits.check(py)?;
                }
            }
            Self::Memory(_) => {}
            Self::Python { file, pending, .. } => {
                if let Some(file) = file.as_ref().filter(|_| !pending.is_empty()) {
                    file.write(py, pending)?;
                }
                pending.clear();
            }
        }
        Ok(())
    }

    /// Writes pending bytes, for a short time. Returns whether all are written. The GIL is not
    /// needed.
    fn advance(&mut self) -> Result<bool> {
        match self {
            Self::File(download) => download.advance(),
            Self::Memory(_) => Ok(true),
            Self::Python { pending, .. } => Ok(pending.is_empty()),
        }
    }

    /// Whether nothing has been written to the target, so that the request can be retried.
    fn is_untouched(&self) -> bool {
        match self {
            Self::File(download) => download.is_untouched(),
            Self::Memory(_) => true,
            Self::Python { file, .. } => file.is_none(),
        }
    }
}

/// The parameters of a transfer, except the request.
pub(super) struct Transfer<'t, 'py> {
    pub(super) transport: Arc<Transport>,
    pub(super) settings: Settings,
    pub(super) form: Option<&'t mut FormBody>,
    pub(super) streams: &'t mut PyStreams<'py>,
    pub(super) sink: Option<Sink>,
    pub(super) progress: Option<&'t Bound<'py, PyAny>>,
    /// Whether the body of an answer with this status is streamed to the sink.
    pub(super) is_streamed: Box<dyn Fn(u16) -> bool + Send + Sync>,
    /// The deadline of the call.
    pub(super) deadline: Option<Instant>,
}

impl<'py> Transfer<'_, 'py> {
    /// Reads the first chunk of the files and reports it before anything is sent. A callback that
    /// raises at once then prevents the request. The chunk is read again when the request needs it.
    fn report_first_chunk(&mut self, py: Python<'py>) -> Result<Option<u64>, Failure> {
        let limits = self.limits();
        let (Some(form), Some(progress)) = (&mut self.form, self.progress) else {
            return Ok(None);
        };
        let mut streams = self.streams.interruptible(py, limits);
        while form.files_read() == 0 && form.next(&mut streams)?.is_some() {}
        let (done, total) = (form.files_read(), form.files_length());
        if done == 0 {
            return Ok(None);
        }
        progress.call1((done, total))?;
        Ok(Some(done))
    }
}

impl Transfer<'_, '_> {
    const fn limits(&self) -> WaitLimits {
        WaitLimits { deadline: self.deadline }
    }
}

/// Sends a request and waits for its answer.
pub(super) fn perform<'py>(
    py: Python<'py>,
    mut transfer: Transfer<'_, 'py>,
    mut request: Request,
) -> Result<Answer, Failure> {
    if transfer.form.is_none() && transfer.sink.is_none() {
        return perform_in_memory(py, transfer, request);
    }
    let limits = transfer.limits();
    let reported = transfer.report_first_chunk(py)?;
    // The thread that reads the files of an upload leaves the sending to another one, which takes
    // less time. A download takes less CPU time if the same thread writes what it has received.
    let in_background = transfer.form.is_some();
    let free_slots = Arc::new(Semaphore::new(0));
    let streams_to_sink = transfer.sink.is_some();
    let work = Work::start(in_background, |events| {
        if let Some(form) = &transfer.form {
            let events = events.clone();
            let on_command = move |command| {
                // The waiting thread may have left.
                events.send(Event::Read(command));
            };
            request.payload = Payload::Streamed(StreamedBody::new(form.length(), on_command));
        }
        let (transport, settings) = (transfer.transport, transfer.settings);
        let (free_slots, streamed) = (free_slots.clone(), transfer.is_streamed);
        async move {
            let to_sink = |status| streams_to_sink && streamed(status);
            let outcome =
                exchange(&transport, &settings, request, to_sink, &events, &free_slots).await;
            // As above.
            events.send(Event::Done(Box::new(outcome)));
        }
    })?;
    free_slots.add_permits(if work.is_in_background() { MAX_UNWRITTEN_CHUNKS } else { 1 });
    let mut streams = transfer.streams.interruptible(py, limits);
    let mut state = TransferLoop {
        work,
        form: transfer.form,
        sink: transfer.sink,
        decoder: None,
        arrived: Bytes::new(),
        free_slots,
        total: 0,
        done: 0,
        reported,
        report_at: Instant::now()
            + if reported.is_some() { REPORT_INTERVAL } else { Duration::ZERO },
        reports: transfer.progress.is_some(),
    };
    let outcome = state.run(py, &mut streams, limits, transfer.progress);
    if outcome.is_err() {
        // The connection of the aborted request.
        drop(state);
        runtime::close_connections(py);
    }
    outcome
}

/// Sends a request without files, and reads its answer into memory.
fn perform_in_memory(
    py: Python<'_>,
    transfer: Transfer<'_, '_>,
    request: Request,
) -> Result<Answer, Failure> {
    let Transfer { transport, settings, deadline, .. } = transfer;
    let work = fetch_answer(transport, settings, request, deadline);
    Ok(runtime::drive(py, work)??)
}

/// Sends a request and reads the whole body of its answer.
pub(super) fn fetch_answer(
    transport: Arc<Transport>,
    settings: Settings,
    request: Request,
    deadline: Option<Instant>,
) -> impl Future<Output = Result<Answer>> + Send {
    // Boxed because each future around it would contain it, and is moved several times.
    let answer = Box::pin(async move {
        let mut response = transport.exchange(&settings, request).await?;
        let body = response.bytes().await?;
        let (head, history) = (response.head, response.history);
        Ok(Answer { head, history, body, streamed: false, open: None })
    });
    within_deadline(deadline, answer)
}

async fn exchange(
    transport: &Transport,
    settings: &Settings,
    request: Request,
    to_sink: impl Fn(u16) -> bool,
    events: &EventSender<Event>,
    free_slots: &Semaphore,
) -> Result<Answer> {
    let mut response = transport.exchange(settings, request).await?;
    let streamed = to_sink(response.head.status);
    let mut body = Bytes::new();
    if streamed {
        events.send(Event::Head(Box::new(response.head.clone())));
        loop {
            // The idle timeout does not run while the disk or a callback takes its time.
            let slot = free_slots.acquire().await;
            let Some(chunk) = response.chunk().await? else { break };
            if chunk.is_empty() {
                continue;
            }
            // The waiting thread frees the slot when it has written the chunk.
            if let Ok(slot) = slot {
                slot.forget();
            }
            if !events.send(Event::Chunk(chunk)) {
                return Err(Error::transport(Kind::Closed, "The transfer has been stopped"));
            }
        }
    } else {
        body = response.bytes().await?;
    }
    Ok(Answer { head: response.head, history: response.history, body, streamed, open: None })
}

/// What the waiting thread has to do with the GIL held.
enum Action {
    /// Check for signals.
    Poll,
    /// Call the progress callback.
    Report,
    /// Prepare the sink for a body of this length.
    Begin(Option<u64>),
    /// Write the pending bytes of the sink.
    Write,
    /// Read a chunk from one of the caller's streams.
    ReadStream(tokio::sync::oneshot::Sender<Bytes>),
    /// Go back to the start of the form.
    Rewind,
    /// End the transfer with an error.
    Failed(Error),
    /// End the transfer with the outcome of the request.
    Done(Box<Result<Answer>>),
}

/// The state of a transfer in the waiting thread.
struct TransferLoop<'t> {
    work: Work<Event>,
    form: Option<&'t mut FormBody>,
    sink: Option<Sink>,
    decoder: Option<Decoder>,
    /// The part of the last chunk that is not decompressed yet.
    arrived: Bytes,
    /// One permit for each chunk that may still be received.
    free_slots: Arc<Semaphore>,
    /// The expected number of bytes: the size of the files, or the length of the answer.
    total: u64,
    /// The number of bytes of files read, or of bytes decompressed.
    done: u64,
    /// The last progress that was reported.
    reported: Option<u64>,
    /// When progress may be reported again.
    report_at: Instant,
    /// Whether there is a progress callback.
    reports: bool,
}

impl TransferLoop<'_> {
    /// Waits for the answer, and does what the transfer needs with the GIL.
    fn run<'py>(
        &mut self,
        py: Python<'py>,
        streams: &mut InterruptibleStreams<'_, 'py>,
        limits: WaitLimits,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> Result<Answer, Failure> {
        loop {
            limits.check_deadline()?;
            match runtime::detached(py, || self.next_action(limits.deadline)) {
                Action::Poll => limits.check(py)?,
                Action::Report => self.report(progress)?,
                Action::Begin(length) => {
                    if let Some(sink) = &mut self.sink {
                        sink.begin(py, length)?;
                    }
                }
                Action::Write => {
                    if let Some(sink) = &mut self.sink {
                        sink.write_pending(py, limits)?;
                    }
                }
                Action::ReadStream(chunk) => {
                    let next = match &mut self.form {
                        Some(form) => form.next(streams)?,
                        None => None,
                    };
                    self.send(chunk, next);
                }
                Action::Rewind => {
                    if let Some(form) = &mut self.form {
                        form.rewind(streams)?;
                    }
                }
                Action::Failed(error) => return Err(error.into()),
                Action::Done(outcome) => {
                    let mut answer = (*outcome).map_err(|error| self.failed(error))?;
                    if answer.streamed {
                        runtime::detached(py, || self.finish_decoding())?;
                    }
                    self.report_final(progress)?;
                    if let Some(sink) = self.sink.take().filter(|_| answer.streamed) {
                        answer.body = sink.finish(py, limits)?;
                    }
                    return Ok(answer);
                }
            }
        }
    }

    /// Works without the GIL until it is needed.
    fn next_action(&mut self, deadline: Option<Instant>) -> Action {
        let now = Instant::now();
        let until =
            deadline.map_or(now + POLL_INTERVAL, |deadline| deadline.min(now + POLL_INTERVAL));
        loop {
            match self.write() {
                Ok(true) => {}
                Ok(false) if matches!(self.sink, Some(Sink::Python { .. })) => {
                    return Action::Write;
                }
                Ok(false) if self.has_unreported() => return Action::Report,
                Ok(false) => return Action::Poll,
                Err(error) => return Action::Failed(error),
            }
            if self.has_unreported() && Instant::now() >= self.report_at {
                return Action::Report;
            }
            if Instant::now() >= until {
                return Action::Poll;
            }
            match self.work.next(until) {
                // Report the last progress before a stall.
                Err(RecvTimeoutError::Timeout) if self.has_unreported() => return Action::Report,
                Err(RecvTimeoutError::Timeout) => return Action::Poll,
                Err(RecvTimeoutError::Disconnected) => {
                    let message = "the transfer ended without an outcome";
                    return Action::Failed(Error::transport(Kind::Closed, message));
                }
                Ok(Event::Done(outcome)) => return Action::Done(outcome),
                Ok(Event::Read(ReadCommand::Rewind)) => return Action::Rewind,
                Ok(Event::Read(ReadCommand::NextChunk(chunk))) => {
                    let Some(form) = &mut self.form else { continue };
                    if form.next_is_stream() {
                        return Action::ReadStream(chunk);
                    }
                    match form.next(&mut NoStreams) {
                        Ok(next) => self.send(chunk, next),
                        Err(error) => return Action::Failed(error),
                    }
                }
                Ok(Event::Head(head)) => {
                    self.decoder = Some(head.decoder());
                    let length = head.header("content-length");
                    let length = length.and_then(|text| text.trim().parse().ok());
                    self.total = length.unwrap_or(0);
                    return Action::Begin(length);
                }
                Ok(Event::Chunk(chunk)) => self.arrived = chunk,
            }
        }
    }

    /// Whether there is progress that has not been reported.
    fn has_unreported(&self) -> bool {
        self.reports && self.done > 0 && self.reported != Some(self.done)
    }

    /// Passes a chunk of the form to the request.
    fn send(&mut self, chunk: tokio::sync::oneshot::Sender<Bytes>, next: Option<Bytes>) {
        if let Some(form) = &self.form {
            self.total = form.files_length();
            self.done = form.files_read();
        }
        if let Some(bytes) = next {
            // The receiver is dropped if the request was given up.
            drop(chunk.send(bytes));
        }
    }

    /// Passes received bytes to the sink. Returns false if it does not accept more for now.
    fn write(&mut self) -> Result<bool> {
        loop {
            // There is no decoder before the answer has arrived.
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
            let max_length = if decoder.is_identity() { whole } else { INPUT_SLICE };
            let piece = self.arrived.split_to(whole.min(max_length));
            match sink {
                Sink::Memory(body) => body.receive(&piece, decoder)?,
                sink => {
                    let done = &mut self.done;
                    decoder.push(&piece, &mut |bytes| {
                        *done += bytes.len() as u64;
                        sink.push(bytes)
                    })?;
                }
            }
            if self.arrived.is_empty() {
                self.free_slots.add_permits(1);
            }
        }
    }

    /// Passes the bytes that the decoder still holds to the sink.
    fn finish_decoding(&mut self) -> Result<()> {
        let (Some(decoder), Some(sink)) = (&mut self.decoder, &mut self.sink) else {
            return Ok(());
        };
        let is_reported = !matches!(sink, Sink::Memory(_));
        let done = &mut self.done;
        decoder.finish(&mut |bytes| {
            *done += if is_reported { bytes.len() as u64 } else { 0 };
            sink.push(bytes)
        })
    }

    /// The error of the request. A truncated body is not retried after something has been written
    /// to the target.
    fn failed(&self, error: Error) -> Error {
        match &self.sink {
            Some(sink) if !sink.is_untouched() => error.after_write(),
            _ => error,
        }
    }

    fn report(&mut self, progress: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        self.reported = Some(self.done);
        if let Some(progress) = progress {
            progress.call1((self.done, self.total))?;
        }
        self.report_at = Instant::now() + REPORT_INTERVAL;
        Ok(())
    }

    fn report_final(&mut self, progress: Option<&Bound<'_, PyAny>>) -> Result<(), Failure> {
        if self.has_unreported() {
            self.report(progress)?;
        }
        Ok(())
    }
}
