//! The waits between attempts to connect again.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

/// The waits between attempts to connect again: each is twice as long as the one before, up to a
/// limit, and differs by a random amount, so that the listeners of a studio do not all come back at
/// the same moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// The first wait.
    pub first: Duration,
    /// The longest wait, before the random amount is added.
    pub longest: Duration,
    /// The largest random amount, as a part of a second.
    pub randomization: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { first: seconds(1), longest: seconds(5), randomization: 0.5 }
    }
}

impl Backoff {
    /// The wait before an attempt; the first attempt has number 0.
    #[must_use]
    pub fn wait(&self, attempt: u32) -> Duration {
        self.wait_with(attempt, random())
    }

    /// The same with a number from 0 to 1 instead of a random one.
    fn wait_with(&self, attempt: u32, random: f64) -> Duration {
        let wait = self.first.saturating_mul(2_u32.saturating_pow(attempt)).min(self.longest);
        let amount = self.randomization * 2.0_f64.mul_add(random, -1.0);
        Duration::try_from_secs_f64(wait.as_secs_f64() + amount).unwrap_or_default()
    }
}

/// A random number from 0 to 1.
fn random() -> f64 {
    // Each state has random keys.
    let bits = RandomState::new().hash_one(0) >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit() {
        let waits = |random| {
            [0, 1, 2, 3, 99]
                .map(|attempt| Backoff::default().wait_with(attempt, random).as_millis())
        };
        assert_eq!(waits(0.5), [1000, 2000, 4000, 5000, 5000]);
        assert_eq!(waits(0.0), [500, 1500, 3500, 4500, 4500]);
        assert_eq!(waits(1.0), [1500, 2500, 4500, 5500, 5500]);
        let none = Backoff { first: Duration::ZERO, ..Backoff::default() };
        assert_eq!(none.wait_with(3, 0.0), Duration::ZERO);
    }

    #[test]
    fn waits_differ() {
        let waits: std::collections::HashSet<_> =
            (0..20).map(|_| Backoff::default().wait(0)).collect();
        assert!(waits.len() > 10);
    }
}
