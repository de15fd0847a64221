//! The retry policy, as Python passes it.

use std::time::Duration;

use pyo3::prelude::*;

use crate::execution::Policy;

/// The limits on retries and on the duration of a call.
#[pyclass(name = "Policy", module = "gazu._core", frozen)]
pub struct PyPolicy(pub(super) Policy);

#[pymethods]
impl PyPolicy {
    /// `attempts` is how many times a read is sent at most. `auth_attempts` is how many times a
    /// request is sent at most, with a renewed token in between. `processing_timeout` and
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

fn seconds(value: f64) -> Duration {
    let finite = if value.is_finite() { value } else { 1e9 };
    Duration::from_secs_f64(finite.clamp(0.0, 1e9))
}
