//! The event stream: Engine.IO 4 and Socket.IO 5 as a client, over the HTTP transport.
//!
//! `engine`, `packet` and `backoff` do no I/O. `connection` is one connection; it does not connect
//! again. Whoever opens it renews the token and decides when to try again.

pub mod backoff;
pub mod connection;
pub mod engine;
pub mod outbox;
pub mod packet;
pub mod queue;

use thiserror::Error;

/// What a server sent is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Invalid(&'static str);
