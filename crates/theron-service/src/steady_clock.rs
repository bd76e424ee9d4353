//! The time of play and of what is derived from it: the machine's clock, as long as it goes at the pace at which time
//! passes.
//!
//! What is written in the wrong year cannot be taken back, and all that is later comes after it. So a step of the
//! machine's clock that no correction explains is not followed while the service runs (decision 49).

use crate::clock::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Steps up to this are corrections, and followed: leap seconds, time servers after a while without them.
const FOLLOWED: SignedDuration = SignedDuration::from_mins(10);

pub struct SteadyClock<W = SystemClock> {
    wall: W,
    passed: fn(&W) -> SignedDuration,
    anchor: Mutex<Anchor>,
}

/// When the two clocks agreed last.
struct Anchor {
    wall: Timestamp,
    passed: SignedDuration,
    /// They do not now, and it was said.
    told: bool,
}

impl Default for SteadyClock {
    fn default() -> Self {
        Self::new(SystemClock, |_| since_boot())
    }
}

/// Time that has passed, that in which the machine slept included.
fn since_boot() -> SignedDuration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    SignedDuration::new(time.tv_sec, i32::try_from(time.tv_nsec).unwrap_or(0))
}

impl<W: Clock> SteadyClock<W> {
    /// Follows `wall`, and holds it to what has `passed`.
    pub fn new(wall: W, passed: fn(&W) -> SignedDuration) -> Self {
        let anchor = Anchor { wall: wall.now(), passed: passed(&wall), told: false };
        Self { wall, passed, anchor: Mutex::new(anchor) }
    }

    fn anchor(&self) -> MutexGuard<'_, Anchor> {
        // Each change of it is one assignment.
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Clock> Clock for SteadyClock<W> {
    fn now(&self) -> Timestamp {
        let mut anchor = self.anchor();
        let (wall, passed) = (self.wall.now(), (self.passed)(&self.wall));
        let expected = anchor.wall.saturating_add(passed - anchor.passed).unwrap_or(Timestamp::MAX);
        if wall.duration_since(expected).abs() <= FOLLOWED {
            *anchor = Anchor { wall, passed, told: false };
            return wall;
        }
        if !anchor.told {
            tracing::error!(
                machine = %wall, service = %expected,
                "the machine's clock has stepped; the service goes on by the time that has passed: set the clock \
                right, or restart the service to go by it as it is"
            );
            anchor.told = true;
        }
        expected
    }
}
