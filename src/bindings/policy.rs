//! How often and how long a call is tried, from Python's numbers.

use std::time::Duration;

use pyo3::prelude::*;

use crate::execution::Policy;

/// How often and how long a call is tried.
#[pyclass(name = "Policy", module = "gazu._core", frozen)]
pub struct PyPolicy(pub(super) Policy);

#[pymethods]
impl PyPolicy {
    /// A policy. `attempts` is how often a read is sent at most, `auth_attempts` how often a
    /// request is sent at most while the token is renewed in between. `processing_timeout` and
    /// `deadline` are in seconds.
    #[new]
    #[pyo3(signature = (*, attempts, auth_attempts, processing_timeout, deadline))]
    fn new(
        attempts: u32,
        auth_attempts: u32,
        processing_timeout: f64,
        deadline: Option<f64>,
    ) -> Self {
        Self(Policy {
            retries: attempts.saturating_sub(1),
            auth_attempts,
            processing_timeout: seconds(processing_timeout),
            deadline: deadline.map(seconds),
        })
    }
}

fn seconds(given: f64) -> Duration {
    let finite = if given.is_finite() { given } else { 1e9 };
    Duration::from_secs_f64(finite.clamp(0.0, 1e9))
}
