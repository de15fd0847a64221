//! When nothing, or as good as nothing, has arrived or left for too long.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use super::connect::ConnectAttempt;
use crate::error::{Error, Result, Transport as Kind};

/// Bytes a second below which a body counts as silent, over the time that idle may last.
const MIN_BYTES_PER_SECOND: u128 = 100;

/// When something last last_byte_at.
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

    /// Waits for an work while something moves at least every `idle`. Connecting, which has
    /// a deadline of its own, counts as moving.
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

/// How fast a body arrives. Single bytes now and then are as good as idle.
#[derive(Default)]
pub(super) struct TransferRate {
    waited: Duration,
    arrived: u128,
}

impl TransferRate {
    /// Counts what has arrived after a wait.
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
