//! From closed windows at the nodes to a derived window at 1102, one durable step at a time.
//!
//! [`Aggregator::step`] does one thing that is on the disk when it returns: it keeps one node's
//! snapshot, or derives one window, or learns that 1102 has it. Whatever stops the process, the next
//! one goes on at the step that was not finished; the one effect outside, the PUT at 1102, is repeated
//! with the same bytes. So each window is derived once and written once.

mod aggregator;
mod failures;
mod node;
mod places;
mod scheduler;

pub use aggregator::{Aggregator, Awaited, Step, StepError};

pub(crate) use failures::Failures;
pub(crate) use node::Node;
pub(crate) use places::{Places, PlacesCache};
pub(crate) use scheduler::run;

/// How windows lie in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) window_us: i64,
}

impl Span {
    /// The window that is open at a time.
    pub(crate) fn at(self, micros: i64) -> i64 {
        micros.div_euclid(self.window_us)
    }

    /// Microseconds since 1970.
    pub(crate) fn from(self, window: i64) -> i64 {
        window.saturating_mul(self.window_us)
    }

    /// The first microsecond that is no longer in it.
    pub(crate) fn to(self, window: i64) -> i64 {
        self.from(window.saturating_add(1))
    }
}
