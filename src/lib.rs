//! The client of the Kitsu/Zou production tracker, and the Python package made of it.
//!
//! `ARCHITECTURE.md` shows the rooms and the path that a request takes through them.

pub mod api;
pub mod args;
pub mod call;
pub mod client;
pub mod error;
pub mod reply;
pub mod transport;

#[cfg(feature = "python")]
mod bindings;
