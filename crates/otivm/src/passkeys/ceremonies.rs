//! Challenges that wait for their answer: in memory, bounded, each good once and for five minutes.
//!
//! One that is not found has been used, is too old, was crowded out, or went with a restart; to the caller it is all
//! the same.

use otivm_rules::At;
use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// As long as browsers are told to wait for their user.
pub(super) const CEREMONY_US: i64 = 300_000_000;
/// At once; the oldest goes for one more. A house of 128 can be at its door eight times over, and the list is some
/// two megabytes.
const CEREMONIES_MAX: usize = 1024;

pub(super) struct Ceremonies<S>(Mutex<VecDeque<Begun<S>>>);

#[derive(Clone)]
pub(super) struct Begun<S> {
    ceremony: String,
    pub(super) ends_at: At,
    pub(super) options: Value,
    state: S,
}

impl<S> Default for Ceremonies<S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<S: Clone> Ceremonies<S> {
    pub(super) fn begin(&self, ceremony: &str, options: Value, state: S, now: At) -> Begun<S> {
        let ends_at = At(now.0.saturating_add(CEREMONY_US));
        let begun = Begun { ceremony: ceremony.to_owned(), ends_at, options, state };
        let mut waiting = self.waiting(now);
        while waiting.len() >= CEREMONIES_MAX {
            waiting.pop_front();
        }
        waiting.push_back(begun.clone());
        begun
    }

    /// What was begun under this name and waits still, as it was begun.
    pub(super) fn again(
        &self,
        ceremony: &str,
        now: At,
        is_own: impl Fn(&S) -> bool,
    ) -> Option<Begun<S>> {
        let waiting = self.waiting(now);
        waiting.iter().find(|begun| begun.is(ceremony, &is_own)).cloned()
    }

    /// Ends it, and gives what its answer is judged by. Another's stays as it is.
    pub(super) fn take(&self, ceremony: &str, now: At, is_own: impl Fn(&S) -> bool) -> Option<S> {
        let mut waiting = self.waiting(now);
        let place = waiting.iter().position(|begun| begun.is(ceremony, &is_own))?;
        waiting.remove(place).map(|begun| begun.state)
    }

    pub(super) fn forget(&self, which: impl Fn(&S) -> bool) {
        self.all().retain(|begun| !which(&begun.state));
    }

    /// Without those whose time is over.
    fn waiting(&self, now: At) -> MutexGuard<'_, VecDeque<Begun<S>>> {
        let mut all = self.all();
        all.retain(|begun| now < begun.ends_at);
        all
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<Begun<S>>> {
        // A queue is whole between any two calls of its own.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Begun<S> {
    fn is(&self, ceremony: &str, is_own: impl Fn(&S) -> bool) -> bool {
        self.ceremony == ceremony && is_own(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: At = At(1_790_000_000_000_000);

    fn take(ceremonies: &Ceremonies<usize>, name: &str, now: At) -> Option<usize> {
        ceremonies.take(name, now, |_| true)
    }

    #[test]
    fn a_challenge_is_good_once_for_five_minutes_and_for_its_own_life() {
        let ceremonies = Ceremonies::default();
        for (state, name) in ["once", "late", "theirs"].into_iter().enumerate() {
            ceremonies.begin(name, Value::Null, state, START);
        }
        assert_eq!(ceremonies.take("theirs", START, |state| *state == 0), None);
        assert_eq!(take(&ceremonies, "theirs", START), Some(2), "who may not take it ends nothing");
        assert_eq!(take(&ceremonies, "once", START.plus(CEREMONY_US - 1)), Some(0));
        assert_eq!(take(&ceremonies, "once", START), None);
        assert_eq!(take(&ceremonies, "late", START.plus(CEREMONY_US)), None);
    }

    #[test]
    fn one_too_many_crowds_out_the_oldest_alone() {
        let ceremonies = Ceremonies::default();
        for state in 0..=CEREMONIES_MAX {
            ceremonies.begin(&state.to_string(), Value::Null, state, START);
        }
        assert_eq!(take(&ceremonies, "0", START), None);
        assert_eq!(take(&ceremonies, "1", START), Some(1));
        assert_eq!(take(&ceremonies, "1024", START), Some(1024));
    }
}
