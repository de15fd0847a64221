//! One request on its way, and the Python thread that waits for it.
//!
//! The waiting thread is put to use: it reads the files that go up, writes those that come
//! down, and calls the progress callback. So no other thread ever touches Python, and a
//! transfer holds a few chunks in memory whatever its size.

use std::{
    future::Future,
    sync::{
        mpsc::{channel, Receiver, RecvTimeoutError, Sender},
        Arc,
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyBytes};
use tokio::{sync::Semaphore, task::JoinHandle};

use super::{
    cancel::{check_wait, PyCancel},
    runtime,
};
use crate::{
    error::{Error, Result, Transport as Kind},
    execution::in_time,
    transport::{
        form::{FormBody, NoStreams, Streams},
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

/// File objects of the caller's.
pub(super) struct PyStreams<'py> {
    objects: Vec<Bound<'py, PyAny>>,
    /// Where they begin, in bytes.
    start: u64,
}

impl<'py> PyStreams<'py> {
    pub(super) fn new(objects: Vec<Bound<'py, PyAny>>) -> Self {
        Self { objects, start: 0 }
    }

    /// File objects that begin where the first of them stands now.
    pub(super) fn from_here(objects: Vec<Bound<'py, PyAny>>) -> Self {
        // One that cannot tell is read whole before it is sent.
        let here = objects.first().and_then(|object| object.call_method0("tell").ok());
        let start = here.and_then(|here| here.extract().ok()).unwrap_or(0);
        Self { objects, start }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Replaces a stream that is text, or cannot tell its length, by its content.
    fn slurp(&mut self, stream: usize) -> PyResult<()> {
        let object = &self.objects[stream];
        let py = object.py();
        let mut content = object.call_method0("read")?;
        if !content.is_instance_of::<PyBytes>() {
            content = content.call_method1("encode", ("utf-8",))?;
        }
        self.objects[stream] = py.import("io")?.getattr("BytesIO")?.call1((content,))?;
        self.start = 0;
        Ok(())
    }

    fn left(&self, stream: usize) -> PyResult<u64> {
        let object = &self.objects[stream];
        let here: u64 = object.call_method0("tell")?.extract()?;
        object.call_method1("seek", (0, 2))?;
        let end: u64 = object.call_method0("tell")?.extract()?;
        object.call_method1("seek", (here,))?;
        Ok(end.saturating_sub(here))
    }
}

impl Streams for PyStreams<'_> {
    type Error = Failure;

    fn length(&mut self, stream: usize) -> Result<u64, Failure> {
        let probe = self.objects[stream].call_method1("read", (0,));
        let is_bytes = probe.is_ok_and(|read| read.is_instance_of::<PyBytes>());
        if !is_bytes || self.left(stream).is_err() {
            self.slurp(stream)?;
        }
        Ok(self.left(stream)?)
    }

    fn read(&mut self, stream: usize, room: &mut [u8]) -> Result<usize, Failure> {
        let read = self.objects[stream].call_method1("read", (room.len(),))?;
        let bytes = read
            .cast::<PyBytes>()
            .map_err(|_| PyTypeError::new_err("files: a file object must return bytes"))?;
        // What is more than was asked for is no part of the body.
        let length = bytes.as_bytes().len().min(room.len());
        room[..length].copy_from_slice(&bytes.as_bytes()[..length]);
        Ok(length)
    }

    fn rewind(&mut self, stream: usize) -> Result<(), Failure> {
        self.objects[stream].call_method1("seek", (self.start,))?;
        Ok(())
    }
}

/// Where a streamed body goes.
pub(super) enum Sink {
    File(Download),
    Memory(Kept),
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

impl Transfer<'_, '_> {
    /// Reads the first chunk of a form's files and reports it before anything is sent, so that
    /// a callback which has had enough from the start ends the call there. The chunk is read
    /// again when the request asks for it.
    fn report_the_first_chunk(&mut self) -> Result<Option<u64>, Failure> {
        let (Some(form), Some(progress)) = (&mut self.form, self.progress) else {
            return Ok(None);
        };
        while form.files_read() == 0 && form.next(self.streams)?.is_some() {}
        let (done, total) = (form.files_read(), form.files_length());
        if done == 0 {
            return Ok(None);
        }
        progress.call1((done, total))?;
        Ok(Some(done))
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
pub(super) fn perform(
    py: Python<'_>,
    transfer: Transfer<'_, '_>,
    mut request: Request,
) -> Result<Answer, Failure> {
    if transfer.form.is_none() && transfer.sink.is_none() {
        return ask(py, transfer, request);
    }
    let (sender, receiver) = channel();
    let mut transfer = transfer;
    let reported = transfer.report_the_first_chunk()?;
    if let Some(form) = &transfer.form {
        let orders = sender.clone();
        // A thread that waits no longer has dropped its end: nobody needs the chunk then.
        let demand = move |demand| drop(orders.send(Event::Demand(demand)));
        request.payload = Payload::Feed(Feed { length: form.length(), demand: Arc::new(demand) });
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
    let mut pump = Pump {
        receiver,
        form: transfer.form,
        sink: transfer.sink,
        decoder: None,
        credits,
        total: 0,
        done: 0,
        reported,
        report_at: Instant::now() + if reported.is_some() { REPORT } else { Duration::ZERO },
        reports: transfer.progress.is_some(),
        until: transfer.until,
    };
    loop {
        match runtime::detached(py, || pump.turn()) {
            Turn::Poll => {
                check_wait(py)?;
                transfer.cancel.map_or(Ok(()), PyCancel::check)?;
            }
            Turn::Report => pump.report(transfer.progress)?,
            Turn::Stream(chunk) => {
                let next = match &mut pump.form {
                    Some(form) => form.next(transfer.streams)?,
                    None => None,
                };
                pump.send(chunk, next);
            }
            Turn::Rewind => {
                if let Some(form) = &mut pump.form {
                    form.rewind(transfer.streams)?;
                }
            }
            Turn::Failed(error) => return Err(error.into()),
            Turn::Done(outcome) => {
                let mut answer = (*outcome)?;
                if answer.streamed {
                    runtime::detached(py, || pump.unpack_the_rest())?;
                }
                pump.report_the_rest(transfer.progress)?;
                if answer.streamed {
                    answer.body = runtime::detached(py, || pump.finish())?;
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
    credits: Arc<Semaphore>,
    /// Bytes expected: the length of the files, or the answer's length.
    total: u64,
    /// Bytes of files read, or bytes received.
    done: u64,
    reported: Option<u64>,
    report_at: Instant,
    reports: bool,
    until: Option<Instant>,
}

impl Pump<'_> {
    /// Works without the interpreter until it is needed.
    fn turn(&mut self) -> Turn {
        let now = Instant::now();
        if self.until.is_some_and(|until| now >= until) {
            return Turn::Failed(Error::past_deadline());
        }
        let until = self.until.map_or(now + POLL, |until| until.min(now + POLL));
        loop {
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
                    self.total = head
                        .header("content-length")
                        .and_then(|text| text.trim().parse().ok())
                        .unwrap_or(0);
                    if let Some(Sink::Memory(kept)) = &mut self.sink {
                        let expected = usize::try_from(self.total).unwrap_or(usize::MAX);
                        if let Err(error) = kept.expect(expected) {
                            return Turn::Failed(error);
                        }
                    }
                }
                Ok(Event::Chunk(chunk)) => {
                    if let Err(error) = self.receive(&chunk) {
                        return Turn::Failed(error);
                    }
                    self.credits.add_permits(1);
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

    fn receive(&mut self, chunk: &[u8]) -> Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        let done = &mut self.done;
        match &mut self.sink {
            None => Ok(()),
            Some(Sink::Memory(kept)) => kept.receive(chunk, decoder),
            Some(Sink::File(download)) => decoder.push(chunk, &mut |bytes| {
                *done += bytes.len() as u64;
                download.write(bytes)
            }),
        }
    }

    /// The body has arrived: what its compression still holds back is written.
    fn unpack_the_rest(&mut self) -> Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        let done = &mut self.done;
        match &mut self.sink {
            None => Ok(()),
            Some(Sink::Memory(kept)) => decoder.finish(&mut |bytes| kept.write(bytes)),
            Some(Sink::File(download)) => decoder.finish(&mut |bytes| {
                *done += bytes.len() as u64;
                download.write(bytes)
            }),
        }
    }

    /// The body is complete and takes its place.
    fn finish(&mut self) -> Result<Bytes> {
        match self.sink.take() {
            Some(Sink::File(download)) => download.finish().map(|()| Bytes::new()),
            Some(Sink::Memory(kept)) => Ok(kept.into_bytes()),
            None => Ok(Bytes::new()),
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
