//! The aggregation on real sockets: snapshots over mutual TLS in, windows over mutual TLS out.

mod api;
mod game;
mod rounds;
mod scene;
mod store;
