//! When nothing, or as good as nothing, has arrived or left for too long.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use super::connect::Attempt;
use crate::error::{Error, Result, Transport as Kind};

/// Bytes a second below which a body counts as silent, over the time that silence may last.
const SLOWEST: u128 = 100;

/// When something last moved.
pub(super) struct Activity {
    start: Instant,
    last: AtomicU64,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0) }
    }

    pub(super) fn touch(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Waits for an outcome while something moves at least every `idle`. Connecting, which has
    /// a deadline of its own, counts as moving.
    pub(super) async fn within<T>(
        &self,
        idle: Duration,
        attempt: &Attempt,
        outcome: impl Future<Output = T>,
    ) -> Result<T> {
        let mut outcome = std::pin::pin!(outcome);
        loop {
            let moved = self.start + Duration::from_millis(self.last.load(Ordering::Relaxed));
            let until = moved.max(attempt.last()) + idle;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(idle_error(idle));
            }
            if let Ok(outcome) = tokio::time::timeout(left, outcome.as_mut()).await {
                return Ok(outcome);
            }
        }
    }
}

/// How fast a body arrives. Single bytes now and then are as good as silence.
#[derive(Default)]
pub(super) struct Pace {
    waited: Duration,
    arrived: u128,
}

impl Pace {
    /// Counts what has arrived after a wait.
    pub(super) fn arrived(&mut self, bytes: usize, waited: Duration, idle: Duration) -> Result<()> {
        self.waited += waited;
        self.arrived += bytes as u128;
        if self.waited < idle {
            return Ok(());
        }
        if self.arrived < idle.as_millis() * SLOWEST / 1000 {
            return Err(idle_error(idle));
        }
        *self = Self::default();
        Ok(())
    }
}

pub(super) fn idle_error(idle: Duration) -> Error {
    let seconds = idle.as_secs_f64();
    Error::transport(Kind::ReadTimeout, format!("Read timed out. (read timeout={seconds})"))
}
