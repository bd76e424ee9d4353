//! Rules over a staged world that is made of formulas: clean it breaks none, and each fault its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod judged;
mod wide;
mod wide_faults;
