//! Request bodies that are read and sent in chunks, and the progress of sending them.

use std::{
    collections::VecDeque,
    future::Future,
    pin::{pin, Pin},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt as _, Stream};
use tokio::sync::{oneshot, Notify};

use super::idle::IdleTimer;

/// How many chunks of a streamed body are requested in advance.
const READ_AHEAD: usize = 3;
/// A body in memory that is larger than this, in bytes, is sent in chunks.
pub(super) const STREAM_FROM: usize = 64 * 1024;
/// A server may reject an upload when it has read the head, and close the connection. The HTTP
/// library does not read an answer after a failed write. So the head of a body that is larger than
/// this, in bytes, is sent first, and the body after a pause.
const PAUSE_FROM: u64 = 1024 * 1024;
const PAUSE: Duration = Duration::from_millis(5);
/// The size of the chunks of a body in memory, in bytes.
const MEMORY_CHUNK: usize = 256 * 1024;

/// A command to the reader of a streamed body.
pub enum ReadCommand {
    /// Go back to the start.
    Rewind,
    /// Send the next chunk. If the sender is dropped, the request fails.
    NextChunk(oneshot::Sender<Bytes>),
}

/// Sends a command to the reader.
type SendCommand = Box<dyn Fn(ReadCommand) + Send + Sync>;

/// A request body that another thread or task reads, chunk by chunk.
///
/// Only the last attempt to send it receives chunks. An earlier attempt may still be active after
/// its response, for example after a redirect.
#[derive(Clone)]
pub struct StreamedBody {
    /// The length in bytes.
    pub length: u64,
    send_command: Arc<SendCommand>,
    /// The number of the last attempt to send the body.
    attempt: Arc<Mutex<u64>>,
}

impl StreamedBody {
    /// A body of `length` bytes. `send_command` passes commands to its reader.
    pub fn new(length: u64, send_command: impl Fn(ReadCommand) + Send + Sync + 'static) -> Self {
        Self { length, send_command: Arc::new(Box::new(send_command)), attempt: Arc::default() }
    }

    /// Begins an attempt at the start of the body. Returns its number.
    fn begin(&self) -> u64 {
        let mut attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        *attempt += 1;
        (self.send_command)(ReadCommand::Rewind);
        *attempt
    }

    /// Requests the next chunk. The sender is dropped if this is not the last attempt.
    fn request_chunk(&self, attempt_number: u64, sender: oneshot::Sender<Bytes>) {
        // The lock is held until the command is sent, so that no chunk is requested after the
        // `Rewind` of a later attempt.
        let attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if *attempt == attempt_number {
            (self.send_command)(ReadCommand::NextChunk(sender));
        }
    }
}

/// The progress of sending a body.
#[derive(Debug)]
pub(super) struct SendProgress {
    /// Bytes that have not been written to the socket yet.
    left: AtomicU64,
    /// Whether sending ended before the body did.
    ended: AtomicBool,
    /// Whether the request was given up, so that the rest must not be sent.
    abandoned: AtomicBool,
    changed: Notify,
}

impl SendProgress {
    fn new(length: u64) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU64::new(length),
            ended: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
            changed: Notify::new(),
        })
    }

    /// Waits until the whole body is written to the socket. Returns false if sending ended early.
    pub(super) async fn wait_until_sent(&self) -> bool {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.left.load(Ordering::Acquire) == 0 {
                return true;
            }
            if self.ended.load(Ordering::Acquire) {
                return false;
            }
            changed.await;
        }
    }

    fn count_sent(&self, length: u64) {
        if self.left.fetch_sub(length, Ordering::AcqRel) == length {
            self.changed.notify_waiters();
        }
    }
}

/// Held by the request while it waits for its response. When it is dropped, the rest of the body is
/// not sent.
pub(super) struct SendGuard(pub(super) Arc<SendProgress>);

impl Drop for SendGuard {
    fn drop(&mut self) {
        self.0.abandoned.store(true, Ordering::Release);
    }
}

/// A chunk that counts as sent when it is dropped: the connection has then written it to the
/// socket.
struct TrackedChunk {
    chunk: Bytes,
    sending: Arc<SendProgress>,
}

impl AsRef<[u8]> for TrackedChunk {
    fn as_ref(&self) -> &[u8] {
        &self.chunk
    }
}

impl Drop for TrackedChunk {
    fn drop(&mut self) {
        self.sending.count_sent(self.chunk.len() as u64);
    }
}

/// The source of the chunks of a body.
enum ChunkSource {
    /// Another thread or task. `ahead` receives the chunks that were requested in advance.
    Streamed { body: StreamedBody, attempt: u64, ahead: VecDeque<oneshot::Receiver<Bytes>> },
    /// Memory.
    Bytes(Bytes),
}

/// A wait before a chunk is passed to the connection, so that an answer is read first.
type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A body as a stream for the HTTP library.
pub(super) struct BodyStream {
    source: ChunkSource,
    idle_timer: Arc<IdleTimer>,
    sending: Arc<SendProgress>,
    /// Bytes that have not been passed to the connection yet.
    left: u64,
    /// What has been read of a small body.
    gathered: Vec<u8>,
    /// Whether no chunk has been passed to the connection yet.
    at_start: bool,
    /// The next chunk, and the wait before it is passed to the connection.
    waiting: Option<(Bytes, Wait)>,
}

impl BodyStream {
    /// Starts to send a streamed body from its start.
    pub(super) fn from_streamed(
        body: StreamedBody,
        idle_timer: Arc<IdleTimer>,
    ) -> (Self, SendGuard) {
        let (attempt, left) = (body.begin(), body.length);
        Self::new(ChunkSource::Streamed { body, attempt, ahead: VecDeque::new() }, left, idle_timer)
    }

    /// Starts to send a body in memory.
    pub(super) fn from_bytes(bytes: Bytes, idle_timer: Arc<IdleTimer>) -> (Self, SendGuard) {
        let left = bytes.len() as u64;
        Self::new(ChunkSource::Bytes(bytes), left, idle_timer)
    }

    fn new(source: ChunkSource, left: u64, idle_timer: Arc<IdleTimer>) -> (Self, SendGuard) {
        let sending = SendProgress::new(left);
        let guard = SendGuard(sending.clone());
        (
            Self {
                source,
                idle_timer,
                sending,
                left,
                gathered: Vec::new(),
                at_start: true,
                waiting: None,
            },
            guard,
        )
    }
}

impl Stream for BodyStream {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let failed = |message| Poll::Ready(Some(Err(std::io::Error::other(message))));
        if self.sending.abandoned.load(Ordering::Acquire) {
            return failed("the request was given up");
        }
        if let Some((chunk, wait)) = &mut self.waiting {
            if wait.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            let chunk = std::mem::take(chunk);
            self.waiting = None;
            self.left = self.left.saturating_sub(chunk.len() as u64);
            let sending = self.sending.clone();
            return Poll::Ready(Some(Ok(Bytes::from_owner(TrackedChunk { chunk, sending }))));
        }
        self.idle_timer.reset();
        // A small body is passed on at once, since every write may fail.
        let is_small = self.at_start && self.left <= PAUSE_FROM;
        let Self { source, gathered, left, .. } = &mut *self;
        let chunk = match source {
            ChunkSource::Bytes(bytes) => bytes.split_to(bytes.len().min(MEMORY_CHUNK)),
            ChunkSource::Streamed { body, attempt, ahead } => loop {
                while ahead.len() < READ_AHEAD {
                    let (sender, receiver) = oneshot::channel();
                    body.request_chunk(*attempt, sender);
                    ahead.push_back(receiver);
                }
                let Some(next) = ahead.front_mut() else { return Poll::Pending };
                match Pin::new(next).poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(chunk)) => {
                        ahead.pop_front();
                        if !is_small || gathered.is_empty() && chunk.len() as u64 == *left {
                            break chunk;
                        }
                        gathered.extend_from_slice(&chunk);
                        if gathered.len() as u64 >= *left {
                            break std::mem::take(gathered).into();
                        }
                    }
                    Poll::Ready(Err(_)) => return failed("the body could not be read"),
                }
            },
        };
        let wait: Wait = if std::mem::take(&mut self.at_start) && self.left > PAUSE_FROM {
            Box::pin(tokio::time::sleep(PAUSE))
        } else {
            // Let the reactor see whether an answer has arrived. The connection may poll twice in one
            // turn of the reactor, so the turn is waited for in a task.
            Box::pin(tokio::spawn(tokio::task::yield_now()).map(drop))
        };
        self.waiting = Some((chunk, wait));
        self.poll_next(context)
    }
}

impl Drop for BodyStream {
    fn drop(&mut self) {
        if self.left > 0 {
            self.sending.ended.store(true, Ordering::Release);
            self.sending.changed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    type Commands = Arc<Mutex<Vec<ReadCommand>>>;

    fn streamed(length: u64) -> (StreamedBody, Commands) {
        let commands = Commands::default();
        let sent = commands.clone();
        (StreamedBody::new(length, move |command| sent.lock().unwrap().push(command)), commands)
    }

    fn poll(stream: &mut BodyStream) -> Poll<Option<std::io::Result<Bytes>>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for _ in 0..9 {
                let context = &mut Context::from_waker(Waker::noop());
                let ready = Pin::new(&mut *stream).poll_next(context);
                if ready.is_ready() {
                    return ready;
                }
                tokio::task::yield_now().await;
            }
            Poll::Pending
        })
    }

    fn poll_sent(guard: &SendGuard) -> Poll<bool> {
        pin!(guard.0.wait_until_sent()).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn only_the_last_attempt_receives_chunks() {
        let (body, commands) = streamed(5);
        let (mut first, _first) =
            BodyStream::from_streamed(body.clone(), Arc::new(IdleTimer::new()));
        assert!(poll(&mut first).is_pending());
        let (mut second, _second) = BodyStream::from_streamed(body, Arc::new(IdleTimer::new()));
        let earlier = commands.lock().unwrap().len();
        assert!(poll(&mut second).is_pending());
        let now = commands.lock().unwrap().len();
        assert!(poll(&mut first).is_pending(), "its chunks were requested before");
        assert_eq!(commands.lock().unwrap().len(), now);
        // Remove the commands that the first attempt sent before the second began.
        drop(commands.lock().unwrap().drain(..earlier));
        assert!(matches!(poll(&mut first), Poll::Ready(Some(Err(_)))));
        let Some(ReadCommand::NextChunk(chunk)) = commands.lock().unwrap().drain(..).next() else {
            panic!("no chunk was requested")
        };
        chunk.send("12345".into()).unwrap();
        assert!(
            matches!(poll(&mut second), Poll::Ready(Some(Ok(chunk))) if &chunk[..] == b"12345")
        );
        assert!(matches!(poll(&mut second), Poll::Ready(None)));
    }

    #[test]
    fn a_body_is_sent_when_the_connection_has_dropped_all_chunks() {
        let body = Bytes::from(vec![0; MEMORY_CHUNK + 1]);
        let (mut stream, guard) = BodyStream::from_bytes(body.clone(), Arc::new(IdleTimer::new()));
        let mut chunks = Vec::new();
        while let Poll::Ready(Some(Ok(chunk))) = poll(&mut stream) {
            chunks.push(chunk);
        }
        assert_eq!(chunks.len(), 2);
        drop(stream);
        assert!(poll_sent(&guard).is_pending());
        drop(chunks);
        assert_eq!(poll_sent(&guard), Poll::Ready(true));

        let (mut stream, guard) = BodyStream::from_bytes(body, Arc::new(IdleTimer::new()));
        drop(poll(&mut stream));
        drop(stream);
        assert_eq!(poll_sent(&guard), Poll::Ready(false));
    }

    #[test]
    fn an_abandoned_body_is_not_sent() {
        let body = Bytes::from(vec![0; MEMORY_CHUNK + 1]);
        let (mut stream, guard) = BodyStream::from_bytes(body, Arc::new(IdleTimer::new()));
        drop(poll(&mut stream));
        drop(guard);
        assert!(matches!(poll(&mut stream), Poll::Ready(Some(Err(_)))));
    }
}
