//! The aggregation on real sockets: snapshots over mutual TLS in, windows over mutual TLS out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod api;
mod game;
mod patience;
mod readiness;
mod rounds;
mod scene;
mod starting;
mod store;
