//! Markets: what a good costs where, and why.
//!
//! [`supply`] and [`demand`] read the physical world, [`equilibrium`] finds the prices at which nobody
//! gains by moving one more unit, [`build`] makes towns of both, [`quote`] puts season, collective, slippage, spread and toll on top.

pub mod build;
pub mod demand;
pub mod equilibrium;
pub(crate) mod harvest;
pub mod land;
pub mod leisure;
pub mod quote;
pub mod supply;
pub mod transport;
mod works;

pub use build::{BuildError, towns};
pub use quote::{Quote, QuoteReason};
pub use transport::{Transport, TransportError};

/// Rises with every change that moves a base price; names what a cache of [`towns`] was made by.
pub const EDITION: u32 = 6;
