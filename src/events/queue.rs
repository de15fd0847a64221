//! A queue between a connection and whoever handles its events.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

/// A queue is full when its entries take this many bytes. Then the connection is not read, until
/// entries have been taken.
const MAX_BYTES: usize = 64 << 20;

/// A queue of entries. Threads and tasks may wait for entries, and a connection for room.
///
/// An entry that is pushed into a full queue is kept, too: a connection asks for room before it
/// reads, not after.
pub struct Queue<T> {
    state: Mutex<State<T>>,
    /// Wakes threads that wait for entries.
    filled: Condvar,
    /// Wakes a task that waits for entries.
    pushed: Notify,
    /// Wakes a connection that waits for room.
    taken: Notify,
    max_bytes: usize,
}

struct State<T> {
    entries: VecDeque<(T, usize)>,
    bytes: usize,
    closed: bool,
}

/// What came of waiting for entries.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// Entries, oldest first.
    Entries(Vec<T>),
    /// There was none in time.
    Nothing,
    /// The queue is empty and closed.
    Closed,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::with_limit(MAX_BYTES)
    }
}

impl<T> Queue<T> {
    /// A queue that is full when its entries take this many bytes.
    #[must_use]
    pub fn with_limit(max_bytes: usize) -> Self {
        Self {
            state: Mutex::new(State { entries: VecDeque::new(), bytes: 0, closed: false }),
            filled: Condvar::new(),
            pushed: Notify::new(),
            taken: Notify::new(),
            max_bytes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry that takes this many bytes. A closed queue drops it.
    pub fn push(&self, entry: T, bytes: usize) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.entries.push_back((entry, bytes));
        state.bytes += bytes;
        drop(state);
        self.filled.notify_all();
        self.pushed.notify_one();
    }

    /// Closes the queue. What is in it can still be taken.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
        self.pushed.notify_one();
        self.taken.notify_one();
    }

    /// Removes and returns all entries.
    pub fn clear(&self) -> Vec<T> {
        let mut state = self.lock();
        state.bytes = 0;
        let entries = std::mem::take(&mut state.entries);
        drop(state);
        self.taken.notify_one();
        entries.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Whether a connection should not read more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let state = self.lock();
        state.bytes >= self.max_bytes && !state.closed
    }

    /// Waits until the queue is not full.
    pub async fn room(&self) {
        while self.is_full() {
            self.taken.notified().await;
        }
    }

    /// Takes up to `limit` entries that are there.
    pub fn try_take(&self, limit: usize) -> Taken<T> {
        self.take_from(self.lock(), limit)
    }

    fn take_from(&self, mut state: MutexGuard<'_, State<T>>, limit: usize) -> Taken<T> {
        if state.entries.is_empty() {
            return if state.closed { Taken::Closed } else { Taken::Nothing };
        }
        let count = limit.min(state.entries.len());
        let taken: Vec<_> = state.entries.drain(..count).collect();
        state.bytes -= taken.iter().map(|(_, bytes)| bytes).sum::<usize>();
        drop(state);
        self.taken.notify_one();
        Taken::Entries(taken.into_iter().map(|(entry, _)| entry).collect())
    }

    /// Takes up to `limit` entries. If there is none, this thread waits for one; with `timeout`,
    /// not longer than that.
    pub fn take(&self, limit: usize, timeout: Option<Duration>) -> Taken<T> {
        let state = self.lock();
        let is_empty = |state: &mut State<T>| state.entries.is_empty() && !state.closed;
        let state = match timeout {
            None => self.filled.wait_while(state, is_empty).unwrap_or_else(PoisonError::into_inner),
            Some(timeout) => {
                let waited = self.filled.wait_timeout_while(state, timeout, is_empty);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        self.take_from(state, limit)
    }

    /// The next entry; `None` if the queue is empty and closed. One task at a time may wait.
    pub async fn next(&self) -> Option<T> {
        loop {
            match self.try_take(1) {
                Taken::Entries(mut entries) => return entries.pop(),
                Taken::Closed => return None,
                Taken::Nothing => self.pushed.notified().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_order_and_in_parts() {
        let queue = Queue::default();
        for number in 0..5 {
            queue.push(number, 1);
        }
        assert_eq!(queue.take(2, None), Taken::Entries(vec![0, 1]));
        queue.close();
        queue.push(9, 1);
        assert_eq!(queue.take(9, None), Taken::Entries(vec![2, 3, 4]));
        assert_eq!(queue.take(9, None), Taken::Closed);
    }

    #[test]
    fn an_empty_queue_makes_a_thread_wait() {
        let queue = Queue::default();
        assert_eq!(queue.take(1, Some(Duration::from_millis(1))), Taken::Nothing);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| queue.take(1, None));
            queue.push(1, 1);
            assert_eq!(waiting.join().unwrap(), Taken::Entries(vec![1]));
        });
    }

    #[test]
    fn a_full_queue_has_room_when_entries_are_taken() {
        let queue = Queue::with_limit(3);
        queue.push(1, 2);
        assert!(!queue.is_full());
        queue.push(2, 2);
        assert!(queue.is_full());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let taking = async {
                tokio::task::yield_now().await;
                assert_eq!(queue.next().await, Some(1));
            };
            tokio::join!(queue.room(), taking);
            queue.push(3, 9);
            assert_eq!(queue.clear(), [2, 3]);
            queue.room().await;
            queue.close();
            assert_eq!(queue.next().await, None);
        });
    }
}
