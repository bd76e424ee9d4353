//! From what players did in a window to what prices and routes are in the next. Pure: no clock, no
//! chance, no floating point, no I/O; the same snapshots in any order of nodes give the same result.
//!
//! What is remembered between windows is [`Memory`], a number for each market and route that has not yet
//! come back to rest. Nobody's trade stays in it as such: it only moves the numbers.

mod crowd;
mod door;
mod goods;
mod memory;
mod pressure;
#[cfg(test)]
mod pump;
mod town;

pub(crate) use door::Counted;
pub(crate) use memory::Memory;
pub(crate) use town::{Town, Towns};
