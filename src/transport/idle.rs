//! The idle timeout: an error if no data, or almost no data, is transferred for too long.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use super::connect::ConnectAttempt;
use crate::error::{Error, Result, Transport as Kind};

/// A response that is slower than this, in bytes per second, over the idle timeout counts as idle.
const MIN_BYTES_PER_SECOND: u128 = 100;

/// When data was last sent.
pub(super) struct IdleTimer {
    start: Instant,
    last: AtomicU64,
}

impl IdleTimer {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0) }
    }

    pub(super) fn reset(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Waits for `work`. Fails if no data is sent for the idle timeout. Time spent on connecting
    /// does not count: it has a timeout of its own.
    pub(super) async fn limit<T>(
        &self,
        idle: Duration,
        attempt: &ConnectAttempt,
        work: impl Future<Output = T>,
    ) -> Result<T> {
        let mut work = std::pin::pin!(work);
        loop {
            let last_byte_at =
                self.start + Duration::from_millis(self.last.load(Ordering::Relaxed));
            let deadline = last_byte_at.max(attempt.last_connecting()) + idle;
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(idle_timeout_error(idle));
            }
            if let Ok(outcome) = tokio::time::timeout(left, work.as_mut()).await {
                return Ok(outcome);
            }
        }
    }
}

/// The rate at which a body arrives. A single byte now and then counts as idle.
#[derive(Default)]
pub(super) struct TransferRate {
    waited: Duration,
    arrived: u128,
}

impl TransferRate {
    /// Counts bytes that arrived after a wait. Fails if the rate is too low.
    pub(super) fn check(&mut self, bytes: usize, waited: Duration, idle: Duration) -> Result<()> {
        self.waited += waited;
        self.arrived += bytes as u128;
        if self.waited < idle {
            return Ok(());
        }
        if self.arrived < idle.as_millis() * MIN_BYTES_PER_SECOND / 1000 {
            return Err(idle_timeout_error(idle));
        }
        *self = Self::default();
        Ok(())
    }
}

pub(super) fn idle_timeout_error(idle: Duration) -> Error {
    let seconds = idle.as_secs_f64();
    Error::transport(Kind::ReadTimeout, format!("Read timed out. (read timeout={seconds})"))
}
