//! The travel engine on small seas and lands.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod freight;
mod sail;
mod sea;
