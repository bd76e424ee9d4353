//! Markets: what a good costs where, and why.
//!
//! [`supply`] and [`demand`] read the physical world, [`equilibrium`] finds the prices at which nobody
//! gains by moving one more unit, [`quote`] puts season, collective, slippage, spread and toll on top.

pub mod demand;
pub mod equilibrium;
pub mod quote;
pub mod supply;

pub use quote::{Quote, QuoteReason};
