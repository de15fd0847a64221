#![doc = include_str!("README.md")]

pub mod api;
pub mod args;
pub mod call;
mod client;
pub mod error;
#[doc(hidden)]
pub mod events;
// Public for the benchmarks and the fuzz targets, which are crates of their own.
#[doc(hidden)]
pub mod execution;
#[doc(hidden)]
pub mod redact;
#[doc(hidden)]
pub mod reply;
#[doc(hidden)]
pub mod transport;

#[doc(inline)]
pub use self::{
    call::Call,
    client::{Client, ClientBuilder, Credentials, Event, Events, EventsBuilder, Progress, Tokens},
    error::{Error, InvalidArgument, Rejection, Result},
    reply::Reply,
    transport::{ClientCertificate, Head, Verify},
};

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
