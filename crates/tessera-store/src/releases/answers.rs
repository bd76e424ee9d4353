//! Finished answers about a release, kept to be given again. A release never changes, so an answer holds as long
//! as it is kept; what is left out to make room was not asked for since the last look round (decision 0056).

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, PoisonError, RwLock, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

/// With it the store stays far below the 300 MiB that it may have: it takes 60 without, 10 million zones served.
const BYTES_MAX: usize = 128 * 1024 * 1024;
/// What an answer takes beside its bytes and its key: headers, and its places in two tables.
const OVERHEAD_BYTES: usize = 1_024;

/// One answer, whole.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Whose answer it is, for the log and the metrics.
    pub(crate) route: Arc<str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Default)]
pub(crate) struct Answers(RwLock<Held>);

#[derive(Default)]
struct Held {
    by_question: HashMap<Arc<str>, Entry>,
    /// From the one that is looked at next.
    round: VecDeque<Arc<str>>,
    bytes: usize,
    closed: bool,
}

struct Entry {
    kept: Arc<Kept>,
    asked_for: AtomicBool,
}

impl Answers {
    pub(crate) fn get(&self, question: &str) -> Option<Arc<Kept>> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let entry = held.by_question.get(question)?;
        if !entry.asked_for.load(Ordering::Relaxed) {
            entry.asked_for.store(true, Ordering::Relaxed);
        }
        Some(Arc::clone(&entry.kept))
    }

    pub(crate) fn keep(&self, question: &str, kept: Kept) {
        self.keep_within(BYTES_MAX, question, kept);
    }

    fn keep_within(&self, bytes_max: usize, question: &str, mut kept: Kept) {
        // A body from an encoder is a small part of a large buffer, all of which it would hold.
        kept.body = Bytes::copy_from_slice(&kept.body);
        let size = question.len() + kept.body.len() + OVERHEAD_BYTES;
        let mut held = self.held();
        if held.closed || size > bytes_max || held.by_question.contains_key(question) {
            return;
        }
        while held.bytes + size > bytes_max {
            held.drop_one();
        }
        let question: Arc<str> = question.into();
        held.bytes += size;
        held.round.push_back(Arc::clone(&question));
        let entry = Entry { kept: Arc::new(kept), asked_for: AtomicBool::new(false) };
        held.by_question.insert(question, entry);
    }

    /// The release is no longer current: its answers make room for the next one's.
    pub(crate) fn close(&self) {
        *self.held() = Held { closed: true, ..Held::default() };
    }

    fn held(&self) -> RwLockWriteGuard<'_, Held> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Looks round: who was asked for since the last time stays for another round.
    fn drop_one(&mut self) {
        while let Some(question) = self.round.pop_front() {
            let asked_for = self.by_question.get(&question).map(|entry| &entry.asked_for);
            if asked_for.is_some_and(|asked_for| asked_for.swap(false, Ordering::Relaxed)) {
                self.round.push_back(question);
                continue;
            }
            if let Some(entry) = self.by_question.remove(&question) {
                self.bytes -= question.len() + entry.kept.body.len() + OVERHEAD_BYTES;
            }
            return;
        }
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(bytes: usize) -> Kept {
        let body = vec![0; bytes].into();
        Kept { route: "r".into(), status: StatusCode::OK, headers: HeaderMap::new(), body }
    }

    fn held(answers: &Answers) -> (usize, usize) {
        let held = answers.0.read().unwrap();
        assert_eq!(held.by_question.len(), held.round.len());
        let sum = |(question, entry): (&Arc<str>, &Entry)| {
            question.len() + entry.kept.body.len() + OVERHEAD_BYTES
        };
        assert_eq!(held.bytes, held.by_question.iter().map(sum).sum::<usize>());
        (held.by_question.len(), held.bytes)
    }

    #[test]
    fn what_is_asked_for_again_and_again_stays_and_the_rest_makes_room() {
        let answers = Answers::default();
        let most = 10 * (OVERHEAD_BYTES + 1000);
        for n in 0..100 {
            answers.keep_within(most, &format!("{n:03}"), kept(900));
            assert!(answers.get("000").is_some(), "after {n}");
        }
        let (number, bytes) = held(&answers);
        assert!(number == 10 && bytes <= most);
        assert!(answers.get("099").is_some() && answers.get("050").is_none());
    }

    #[test]
    fn no_more_memory_is_held_than_is_counted() {
        let buffer = Bytes::from(vec![0; 100_000]);
        let answers = Answers::default();
        answers.keep("a", Kept { body: buffer.slice(..100), ..kept(0) });
        assert!(buffer.is_unique() && answers.get("a").is_some());
    }

    #[test]
    fn a_closed_release_keeps_nothing_whatever_comes_late() {
        let answers = Answers::default();
        answers.keep("a", kept(1));
        answers.close();
        answers.keep("b", kept(1));
        assert_eq!(held(&answers), (0, 0));
    }

    proptest! {
        #[test]
        fn no_more_is_held_than_may_be_and_what_is_given_is_what_was_kept(
            calls in prop::collection::vec((0..40_usize, 0..9_000_usize), 1..200),
        ) {
            let answers = Answers::default();
            let most = 40_000;
            let mut first = HashMap::new();
            for (question, bytes) in calls {
                let name = question.to_string();
                if let Some(known) = answers.get(&name) {
                    prop_assert_eq!(Some(&known.body.len()), first.get(&question));
                } else {
                    first.insert(question, bytes);
                }
                answers.keep_within(most, &name, kept(bytes));
                prop_assert!(held(&answers).1 <= most);
            }
        }
    }
}
