//! The store on real sockets with real release files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod conformance;
mod contract;
mod dear;
mod derived;
mod dggs;
mod edr;
mod export;
mod filters;
mod hostile;
mod intake;
mod judges;
mod keeping;
mod kill;
mod limits;
mod load;
mod map;
mod ogc;
mod readers;
mod reads;
mod scene;
mod tilesets;
