//! The threads that write for all seats.
//!
//! A thread a seat would wait for the disk as often, but switch more: from some dozens on a disk takes no more at
//! once, and calls that wait for a scribe share the next commit of their seat.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

/// Seats that are written at once.
const SCRIBES: usize = 32;

/// One round of work at a desk.
type Round = Box<dyn FnOnce() + Send>;

/// Ends its threads when it is dropped, after the rounds that were asked for.
pub(crate) struct Scribes(Arc<Office>);

#[derive(Default)]
struct Office {
    rounds: Mutex<Rounds>,
    came: Condvar,
}

/// At most one round a seat.
#[derive(Default)]
struct Rounds {
    waiting: VecDeque<Round>,
    idle: usize,
    over: bool,
}

impl Scribes {
    pub(crate) fn new() -> io::Result<Self> {
        let scribes = Self(Arc::default());
        for _ in 0..SCRIBES {
            let office = Arc::clone(&scribes.0);
            thread::Builder::new().name("scribe".to_owned()).spawn(move || office.work())?;
        }
        Ok(scribes)
    }

    pub(super) fn ask(&self, round: impl FnOnce() + Send + 'static) {
        let mut rounds = self.0.rounds();
        rounds.waiting.push_back(Box::new(round));
        if rounds.idle > 0 {
            self.0.came.notify_one();
        }
    }
}

impl Drop for Scribes {
    fn drop(&mut self) {
        self.0.rounds().over = true;
        self.0.came.notify_all();
    }
}

impl Office {
    fn work(&self) {
        while let Some(round) = self.next() {
            if catch_unwind(AssertUnwindSafe(round)).is_err() {
                tracing::error!("the work at a desk panicked");
            }
        }
    }

    fn next(&self) -> Option<Round> {
        let mut rounds = self.rounds();
        loop {
            if let Some(round) = rounds.waiting.pop_front() {
                return Some(round);
            }
            if rounds.over {
                return None;
            }
            rounds.idle += 1;
            rounds = self.came.wait(rounds).unwrap_or_else(PoisonError::into_inner);
            rounds.idle -= 1;
        }
    }

    fn rounds(&self) -> MutexGuard<'_, Rounds> {
        // A queue is whole between any two calls of its own.
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
