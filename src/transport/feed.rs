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

use super::silence::Activity;

/// Chunks of a streamed body that are asked for ahead.
const READ_AHEAD: usize = 3;
/// A body in memory of more bytes than this is sent in pieces.
pub(super) const LARGE: usize = 64 * 1024;
/// How large these pieces are, in bytes.
const PIECE: usize = 256 * 1024;

/// What a body's sender is asked for.
pub enum Demand {
    /// Begin again from the start.
    Rewind,
    /// The next chunk; dropping the sender ends the body with an error.
    Chunk(oneshot::Sender<Bytes>),
}

/// Asks for more of a body.
type Ask = Box<dyn Fn(Demand) + Send + Sync>;

/// A body that someone else reads, chunk by chunk.
///
/// It has one reader: an attempt to send it ends the attempts before, which may go on for a
/// while after their answer, such as a redirect.
#[derive(Clone)]
pub struct Feed {
    /// Its length in bytes.
    pub length: u64,
    ask: Arc<Ask>,
    /// The number of the last attempt to send it.
    attempt: Arc<Mutex<u64>>,
}

impl Feed {
    /// A body of so many bytes, and how more of it is asked for.
    pub fn new(length: u64, ask: impl Fn(Demand) + Send + Sync + 'static) -> Self {
        Self { length, ask: Arc::new(Box::new(ask)), attempt: Arc::default() }
    }

    /// Begins an attempt, from the start.
    fn begin(&self) -> u64 {
        let mut attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        *attempt += 1;
        (self.ask)(Demand::Rewind);
        *attempt
    }

    /// Asks for a chunk for an attempt; nobody answers for one that is not the last.
    fn chunk(&self, asking: u64, sender: oneshot::Sender<Bytes>) {
        // Held while it is asked, so that nothing comes between a later attempt's demands.
        let attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if *attempt == asking {
            (self.ask)(Demand::Chunk(sender));
        }
    }
}

/// How far the sending of a body is.
#[derive(Debug)]
pub(super) struct Sending {
    /// Bytes that have not been handed to the system yet.
    left: AtomicU64,
    /// Whether the rest will not be sent any more.
    ended: AtomicBool,
    /// Whether nobody wants the rest to be sent.
    given_up: AtomicBool,
    changed: Notify,
}

impl Sending {
    fn new(length: u64) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU64::new(length),
            ended: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
            changed: Notify::new(),
        })
    }

    /// Waits until all has been handed to the system. False when that will not be.
    pub(super) async fn is_through(&self) -> bool {
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

    fn hand_over(&self, length: u64) {
        if self.left.fetch_sub(length, Ordering::AcqRel) == length {
            self.changed.notify_waiters();
        }
    }
}

/// The side that waits for the answer; without it the rest of the body is not sent.
pub(super) struct Sender(pub(super) Arc<Sending>);

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.given_up.store(true, Ordering::Release);
    }
}

/// A chunk that tells when the connection has handed it to the system.
struct Tracked {
    chunk: Bytes,
    sending: Arc<Sending>,
}

impl AsRef<[u8]> for Tracked {
    fn as_ref(&self) -> &[u8] {
        &self.chunk
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.sending.hand_over(self.chunk.len() as u64);
    }
}

/// Where the chunks of a body come from.
enum Source {
    /// A feed, asked for the chunks ahead of those being sent.
    Feed { feed: Feed, attempt: u64, ahead: VecDeque<oneshot::Receiver<Bytes>> },
    /// Memory.
    Bytes(Bytes),
}

/// A body on its way to the connection.
pub(super) struct BodyStream {
    source: Source,
    activity: Arc<Activity>,
    sending: Arc<Sending>,
    /// Bytes that the connection has not got yet.
    left: u64,
}

impl BodyStream {
    /// A body from a feed, which begins again, and the side that waits.
    pub(super) fn of_feed(feed: Feed, activity: Arc<Activity>) -> (Self, Sender) {
        let (attempt, left) = (feed.begin(), feed.length);
        Self::new(Source::Feed { feed, attempt, ahead: VecDeque::new() }, left, activity)
    }

    /// A body in memory, and the side that waits.
    pub(super) fn of_bytes(bytes: Bytes, activity: Arc<Activity>) -> (Self, Sender) {
        let left = bytes.len() as u64;
        Self::new(Source::Bytes(bytes), left, activity)
    }

    fn new(source: Source, left: u64, activity: Arc<Activity>) -> (Self, Sender) {
        let sending = Sending::new(left);
        (Self { source, activity, sending: sending.clone(), left }, Sender(sending))
    }
}

impl Stream for BodyStream {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let failed = |message| Poll::Ready(Some(Err(std::io::Error::other(message))));
        if self.sending.given_up.load(Ordering::Acquire) {
            return failed("nobody waits for the answer");
        }
        self.activity.touch();
        let chunk = match &mut self.source {
            Source::Bytes(bytes) => bytes.split_to(bytes.len().min(PIECE)),
            Source::Feed { feed, attempt, ahead } => {
                while ahead.len() < READ_AHEAD {
                    let (sender, receiver) = oneshot::channel();
                    feed.chunk(*attempt, sender);
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
        Poll::Ready(Some(Ok(Bytes::from_owner(Tracked { chunk, sending }))))
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

    type Demands = Arc<Mutex<Vec<Demand>>>;

    fn feed(length: u64) -> (Feed, Demands) {
        let demands = Demands::default();
        let kept = demands.clone();
        (Feed::new(length, move |demand| kept.lock().unwrap().push(demand)), demands)
    }

    fn poll(stream: &mut BodyStream) -> Poll<Option<std::io::Result<Bytes>>> {
        Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop()))
    }

    fn is_through(sender: &Sender) -> Poll<bool> {
        pin!(sender.0.is_through()).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_body_has_one_reader() {
        let (feed, demands) = feed(5);
        let (mut first, _first) = BodyStream::of_feed(feed.clone(), Arc::new(Activity::new()));
        assert!(poll(&mut first).is_pending());
        let (mut second, _second) = BodyStream::of_feed(feed, Arc::new(Activity::new()));
        let asked = demands.lock().unwrap().len();
        assert!(poll(&mut second).is_pending());
        let now = demands.lock().unwrap().len();
        assert!(poll(&mut first).is_pending(), "its chunks are asked for already");
        assert_eq!(demands.lock().unwrap().len(), now);
        // The first reader's demands are from before the second began.
        drop(demands.lock().unwrap().drain(..asked));
        assert!(matches!(poll(&mut first), Poll::Ready(Some(Err(_)))));
        let Some(Demand::Chunk(chunk)) = demands.lock().unwrap().drain(..).next() else {
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
        let body = Bytes::from(vec![0; PIECE + 1]);
        let (mut stream, sender) = BodyStream::of_bytes(body.clone(), Arc::new(Activity::new()));
        let mut chunks = Vec::new();
        while let Poll::Ready(Some(Ok(chunk))) = poll(&mut stream) {
            chunks.push(chunk);
        }
        assert_eq!(chunks.len(), 2);
        drop(stream);
        assert!(is_through(&sender).is_pending());
        drop(chunks);
        assert_eq!(is_through(&sender), Poll::Ready(true));

        let (mut stream, sender) = BodyStream::of_bytes(body, Arc::new(Activity::new()));
        drop(poll(&mut stream));
        drop(stream);
        assert_eq!(is_through(&sender), Poll::Ready(false));
    }

    #[test]
    fn what_nobody_waits_for_is_not_sent() {
        let body = Bytes::from(vec![0; PIECE + 1]);
        let (mut stream, sender) = BodyStream::of_bytes(body, Arc::new(Activity::new()));
        drop(poll(&mut stream));
        drop(sender);
        assert!(matches!(poll(&mut stream), Poll::Ready(Some(Err(_)))));
    }
}
