//! The store on real sockets with real release files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod contract;
mod derived;
mod intake;
mod judges;
mod ogc;
mod reads;
mod scene;
