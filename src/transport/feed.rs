//! Bodies that someone else reads, chunk by chunk, while they are sent.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::oneshot;

use super::silence::Activity;

/// Chunks of a streamed body that are asked for ahead.
const READ_AHEAD: usize = 3;

/// What a body's sender is asked for.
pub enum Demand {
    /// Begin again from the start.
    Rewind,
    /// The next chunk; dropping the sender ends the body with an error.
    Chunk(oneshot::Sender<Bytes>),
}

/// A body that someone else reads, chunk by chunk.
#[derive(Clone)]
pub struct Feed {
    /// Its length in bytes.
    pub length: u64,
    /// Asks for more.
    pub demand: Arc<dyn Fn(Demand) + Send + Sync>,
}

/// A body that asks its feed for the chunks ahead of those being sent.
pub(super) struct FeedStream {
    feed: Feed,
    activity: Arc<Activity>,
    ahead: VecDeque<oneshot::Receiver<Bytes>>,
    left: u64,
}

impl FeedStream {
    pub(super) fn new(feed: Feed, activity: Arc<Activity>) -> Self {
        (feed.demand)(Demand::Rewind);
        let left = feed.length;
        Self { feed, activity, ahead: VecDeque::new(), left }
    }
}

impl Stream for FeedStream {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        while self.ahead.len() < READ_AHEAD {
            let (sender, receiver) = oneshot::channel();
            (self.feed.demand)(Demand::Chunk(sender));
            self.ahead.push_back(receiver);
        }
        self.activity.touch();
        let Some(next) = self.ahead.front_mut() else { return Poll::Pending };
        match Pin::new(next).poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(chunk)) => {
                self.ahead.pop_front();
                self.left = self.left.saturating_sub(chunk.len() as u64);
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Err(_)) => {
                Poll::Ready(Some(Err(std::io::Error::other("the body could not be read"))))
            }
        }
    }
}
