//! A client for the Kitsu/Zou production tracker, and the core of the Python package `gazu`.
//!
//! `ARCHITECTURE.md` describes the modules and the way of a request through them.

pub mod api;
pub mod args;
pub mod call;
pub mod client;
pub mod error;
pub mod execution;
pub mod redact;
pub mod reply;
pub mod transport;

#[cfg(feature = "python")]
mod bindings;

/// The configuration of property tests: a fixed set of 64 cases, or `PROPTEST_CASES` random cases.
#[cfg(test)]
fn cases() -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, RngSeed};
    let config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return config;
    }
    Config { cases: 64, rng_seed: RngSeed::Fixed(1), ..config }
}
