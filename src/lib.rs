//! The client of the Kitsu/Zou production tracker, and the Python package made of it.
//!
//! `ARCHITECTURE.md` shows the rooms and the path that a request takes through them.

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

/// How a property is tried: with the same few cases in each build, and with as many others as
/// `PROPTEST_CASES` says.
#[cfg(test)]
fn cases() -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, RngSeed};
    let config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return config;
    }
    Config { cases: 64, rng_seed: RngSeed::Fixed(1), ..config }
}
