//! Bodies that are read piece by piece while they are sent, and how far that is.

use std::{
    collections::VecDeque,
    future::Future,
    pin::{pin, Pin},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::{oneshot, Notify};

use super::idle::IdleTimer;

/// Chunks of a streamed body that are asked for ahead.
const READ_AHEAD: usize = 3;
/// A body in memory of more bytes than this is sent in pieces.
pub(super) const STREAM_FROM: usize = 64 * 1024;
/// How large these pieces are, in bytes.
const MEMORY_CHUNK: usize = 256 * 1024;

/// What a body's sender is asked for.
pub enum ReadCommand {
    /// Begin again from the start.
    Rewind,
    /// The next chunk; dropping the sender ends the body with an error.
    NextChunk(oneshot::Sender<Bytes>),
}

/// Asks for more of a body.
type SendCommand = Box<dyn Fn(ReadCommand) + Send + Sync>;

/// A body that someone else reads, chunk by chunk.
///
/// It has one reader: an attempt to send it ends the attempts before, which may go on for a
/// while after their answer, such as a redirect.
#[derive(Clone)]
pub struct StreamedBody {
    /// Its length in bytes.
    pub length: u64,
    send_command: Arc<SendCommand>,
    /// The number of the last attempt to send it.
    attempt: Arc<Mutex<u64>>,
}

impl StreamedBody {
    /// A body of so many bytes, and how more of it is asked for.
    pub fn new(length: u64, send_command: impl Fn(ReadCommand) + Send + Sync + 'static) -> Self {
        Self { length, send_command: Arc::new(Box::new(send_command)), attempt: Arc::default() }
    }

    /// Begins an attempt, from the start.
    fn begin(&self) -> u64 {
        let mut attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        *attempt += 1;
        (self.send_command)(ReadCommand::Rewind);
        *attempt
    }

    /// Asks for a chunk for an attempt; nobody answers for one that is not the last.
    fn request_chunk(&self, attempt_number: u64, sender: oneshot::Sender<Bytes>) {
        // Held while it is asked, so that nothing comes between a later attempt's commands.
        let attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if *attempt == attempt_number {
            (self.send_command)(ReadCommand::NextChunk(sender));
        }
    }
}

/// How far the sending of a body is.
#[derive(Debug)]
pub(super) struct SendProgress {
    /// Bytes that have not been handed to the system yet.
    left: AtomicU64,
    /// Whether the rest will not be sent any more.
    ended: AtomicBool,
    /// Whether nobody wants the rest to be sent.
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

    /// Waits until all has been handed to the system. False when that will not be.
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

/// The side that waits for the answer; without it the rest of the body is not sent.
pub(super) struct SendGuard(pub(super) Arc<SendProgress>);

impl Drop for SendGuard {
    fn drop(&mut self) {
        self.0.abandoned.store(true, Ordering::Release);
    }
}

/// A chunk that tells when the connection has handed it to the system.
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

/// Where the chunks of a body come from.
enum ChunkSource {
    /// A feed, asked for the chunks ahead of those being sent.
    Streamed { body: StreamedBody, attempt: u64, ahead: VecDeque<oneshot::Receiver<Bytes>> },
    /// Memory.
    Bytes(Bytes),
}

/// A body on its way to the connection.
pub(super) struct BodyStream {
    source: ChunkSource,
    idle_timer: Arc<IdleTimer>,
    sending: Arc<SendProgress>,
    /// Bytes that the connection has not got yet.
    left: u64,
}

impl BodyStream {
    /// A body from a feed, which begins again, and the side that waits.
    pub(super) fn from_streamed(
        body: StreamedBody,
        idle_timer: Arc<IdleTimer>,
    ) -> (Self, SendGuard) {
        let (attempt, left) = (body.begin(), body.length);
        Self::new(ChunkSource::Streamed { body, attempt, ahead: VecDeque::new() }, left, idle_timer)
    }

    /// A body in memory, and the side that waits.
    pub(super) fn from_bytes(bytes: Bytes, idle_timer: Arc<IdleTimer>) -> (Self, SendGuard) {
        let left = bytes.len() as u64;
        Self::new(ChunkSource::Bytes(bytes), left, idle_timer)
    }

    fn new(source: ChunkSource, left: u64, idle_timer: Arc<IdleTimer>) -> (Self, SendGuard) {
        let sending = SendProgress::new(left);
        (Self { source, idle_timer, sending: sending.clone(), left }, SendGuard(sending))
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
            return failed("nobody waits for the answer");
        }
        self.idle_timer.reset();
        let chunk = match &mut self.source {
            ChunkSource::Bytes(bytes) => bytes.split_to(bytes.len().min(MEMORY_CHUNK)),
            ChunkSource::Streamed { body, attempt, ahead } => {
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
                        chunk
                    }
                    Poll::Ready(Err(_)) => return failed("the body could not be read"),
                }
            }
        };
        self.left = self.left.saturating_sub(chunk.len() as u64);
        let sending = self.sending.clone();
        Poll::Ready(Some(Ok(Bytes::from_owner(TrackedChunk { chunk, sending }))))
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
        let kept = commands.clone();
        (StreamedBody::new(length, move |command| kept.lock().unwrap().push(command)), commands)
    }

    fn poll(stream: &mut BodyStream) -> Poll<Option<std::io::Result<Bytes>>> {
        Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop()))
    }

    fn wait_until_sent(sender: &SendGuard) -> Poll<bool> {
        pin!(sender.0.wait_until_sent()).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_body_has_one_reader() {
        let (body, commands) = streamed(5);
        let (mut first, _first) =
            BodyStream::from_streamed(body.clone(), Arc::new(IdleTimer::new()));
        assert!(poll(&mut first).is_pending());
        let (mut second, _second) = BodyStream::from_streamed(body, Arc::new(IdleTimer::new()));
        let asked = commands.lock().unwrap().len();
        assert!(poll(&mut second).is_pending());
        let now = commands.lock().unwrap().len();
        assert!(poll(&mut first).is_pending(), "its chunks are asked for already");
        assert_eq!(commands.lock().unwrap().len(), now);
        // The first reader's commands are from before the second began.
        drop(commands.lock().unwrap().drain(..asked));
        assert!(matches!(poll(&mut first), Poll::Ready(Some(Err(_)))));
        let Some(ReadCommand::NextChunk(chunk)) = commands.lock().unwrap().drain(..).next() else {
            panic!("no chunk asked for")
        };
        chunk.send("12345".into()).unwrap();
        assert!(
            matches!(poll(&mut second), Poll::Ready(Some(Ok(chunk))) if &chunk[..] == b"12345")
        );
        assert!(matches!(poll(&mut second), Poll::Ready(None)));
    }

    #[test]
    fn a_body_is_through_when_the_connection_needs_no_chunk_of_it() {
        let body = Bytes::from(vec![0; MEMORY_CHUNK + 1]);
        let (mut stream, sender) = BodyStream::from_bytes(body.clone(), Arc::new(IdleTimer::new()));
        let mut chunks = Vec::new();
        while let Poll::Ready(Some(Ok(chunk))) = poll(&mut stream) {
            chunks.push(chunk);
        }
        assert_eq!(chunks.len(), 2);
        drop(stream);
        assert!(wait_until_sent(&sender).is_pending());
        drop(chunks);
        assert_eq!(wait_until_sent(&sender), Poll::Ready(true));

        let (mut stream, sender) = BodyStream::from_bytes(body, Arc::new(IdleTimer::new()));
        drop(poll(&mut stream));
        drop(stream);
        assert_eq!(wait_until_sent(&sender), Poll::Ready(false));
    }

    #[test]
    fn what_nobody_waits_for_is_not_sent() {
        let body = Bytes::from(vec![0; MEMORY_CHUNK + 1]);
        let (mut stream, sender) = BodyStream::from_bytes(body, Arc::new(IdleTimer::new()));
        drop(poll(&mut stream));
        drop(sender);
        assert!(matches!(poll(&mut stream), Poll::Ready(Some(Err(_)))));
    }
}
