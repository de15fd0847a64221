//! What a connection is told to do, and what waits to be sent: not more than some megabytes.

use std::{
    collections::VecDeque,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
};

use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};

use super::engine::{self, Packet};
use crate::transport::Frame;

/// No further messages are taken while this many bytes wait to be sent.
pub const MAX_WAITING: usize = 16 << 20;
/// About how many bytes of memory a message takes beside its text.
const OVERHEAD: usize = 64;
/// How many packets a request carries: servers take no more.
const MAX_PACKETS: usize = 16;

/// What a connection is told to do.
enum Command {
    Send(Vec<Frame>),
    Close(Vec<Frame>),
}

/// Why messages are not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// Too many bytes wait to be sent.
    Full,
    /// The connection has ended.
    Ended,
}

/// Tells a connection what to do. If all of its clones are dropped, the connection is closed.
#[derive(Clone)]
pub struct Remote {
    commands: UnboundedSender<Command>,
    waiting: Arc<AtomicUsize>,
}

/// The other end of a [`Remote`], for the connection.
pub struct Outbox {
    commands: UnboundedReceiver<Command>,
    waiting: Arc<AtomicUsize>,
    packets: VecDeque<Packet>,
    /// The bytes that are being sent.
    in_transit: usize,
    /// The connection has to be closed when everything has been sent.
    pub(super) is_closing: bool,
}

/// The two ends.
#[must_use]
pub fn outbox() -> (Remote, Outbox) {
    let (sender, commands) = unbounded_channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let remote = Remote { commands: sender, waiting: waiting.clone() };
    let packets = VecDeque::new();
    (remote, Outbox { commands, waiting, packets, in_transit: 0, is_closing: false })
}

fn size(packet: &Packet) -> usize {
    OVERHEAD
        + match packet {
            Packet::Message(Frame::Binary(bytes)) => bytes.len(),
            Packet::Open(text)
            | Packet::Ping(text)
            | Packet::Pong(text)
            | Packet::Message(Frame::Text(text)) => text.len(),
            Packet::Close | Packet::Upgrade | Packet::Noop => 0,
        }
}

fn size_of_frame(frame: &Frame) -> usize {
    OVERHEAD
        + match frame {
            Frame::Text(text) => text.len(),
            Frame::Binary(bytes) => bytes.len(),
        }
}

impl Remote {
    /// Sends messages.
    ///
    /// # Errors
    /// If too much waits to be sent, or the connection has ended. Then nothing is sent.
    pub fn send(&self, messages: Vec<Frame>) -> Result<(), NotSent> {
        if self.waiting.load(Ordering::Relaxed) >= MAX_WAITING {
            return Err(NotSent::Full);
        }
        self.command(Command::Send, messages)
    }

    /// Sends messages, then closes the connection.
    ///
    /// # Errors
    /// If the connection has ended.
    pub fn close(&self, messages: Vec<Frame>) -> Result<(), NotSent> {
        self.command(Command::Close, messages)
    }

    fn command(
        &self,
        command: impl FnOnce(Vec<Frame>) -> Command,
        messages: Vec<Frame>,
    ) -> Result<(), NotSent> {
        let size: usize = messages.iter().map(size_of_frame).sum();
        self.waiting.fetch_add(size, Ordering::Relaxed);
        self.commands.send(command(messages)).map_err(|_| NotSent::Ended)
    }
}

impl Outbox {
    /// Waits for a command, and takes its messages. It may be dropped and called again.
    pub(super) async fn receive(&mut self) {
        let messages = match self.commands.recv().await {
            Some(Command::Send(messages)) => messages,
            Some(Command::Close(messages)) => {
                self.is_closing = true;
                messages
            }
            None => {
                self.is_closing = true;
                Vec::new()
            }
        };
        self.packets.extend(messages.into_iter().map(Packet::Message));
    }

    /// Adds a packet to what has to be sent.
    pub(super) fn push(&mut self, packet: Packet) {
        self.waiting.fetch_add(size(&packet), Ordering::Relaxed);
        self.packets.push_back(packet);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// Whether too much waits to be sent. Then nothing should be received that has to be answered.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= MAX_WAITING
    }

    /// The next packet to send.
    pub(super) fn next(&mut self) -> Option<Packet> {
        let packet = self.packets.pop_front()?;
        self.in_transit += size(&packet);
        Some(packet)
    }

    /// The body of a request with the packets that come next.
    pub(super) fn body(&mut self, max_bytes: usize) -> String {
        let before = self.packets.len();
        let sizes: Vec<usize> = self.packets.iter().take(MAX_PACKETS).map(size).collect();
        let body = engine::payload(&mut self.packets, max_bytes, MAX_PACKETS);
        let taken = before - self.packets.len();
        self.in_transit += sizes.iter().take(taken).sum::<usize>();
        body
    }

    /// Notes that what `next` or `body` returned has been sent.
    pub(super) fn sent(&mut self) {
        self.waiting.fetch_sub(std::mem::take(&mut self.in_transit), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(length: usize) -> Vec<Frame> {
        vec![Frame::Text("x".repeat(length))]
    }

    #[test]
    fn messages_are_refused_while_too_much_waits() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (remote, mut outbox) = outbox();
        let mut count = 0;
        while remote.send(text(1 << 20)) == Ok(()) {
            count += 1;
        }
        assert_eq!(count, 16);
        assert_eq!(remote.send(text(0)), Err(NotSent::Full));
        runtime.block_on(outbox.receive());
        assert!(outbox.is_full() && !outbox.is_empty());
        outbox.next();
        assert_eq!(remote.send(text(0)), Err(NotSent::Full));
        outbox.sent();
        assert_eq!(remote.send(text(0)), Ok(()));
        assert_eq!(remote.close(text(9)), Ok(()));
        while !outbox.is_closing {
            runtime.block_on(outbox.receive());
        }
        while !outbox.is_empty() {
            outbox.body(2 << 20);
            outbox.sent();
        }
        assert_eq!(outbox.waiting.load(Ordering::Relaxed), 0);
        drop(outbox);
        assert_eq!(remote.send(text(0)), Err(NotSent::Ended));
    }

    #[test]
    fn a_message_of_any_size_is_sent_if_nothing_waits() {
        let (remote, _outbox) = outbox();
        assert_eq!(remote.send(text(2 * MAX_WAITING)), Ok(()));
        assert_eq!(remote.send(text(0)), Err(NotSent::Full));
    }
}
