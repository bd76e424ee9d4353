//! Finished answers about a release, kept to be given again. A release never changes, so an answer holds as long
//! as it is kept; what is left out to make room was not asked for since the last look round (decision 0056).
//! Answers of one kind differ in their ETag and their body alone: the rest is held once, near at hand.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
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
/// What an answer takes beside its bytes, its tag and its key: its places in two tables, and the allocator's part.
const OVERHEAD_BYTES: usize = 384;
/// Kinds of answers that are shared: a route's, by encoding, a few each. One beyond them has a head for itself.
const HEADS_MAX: usize = 32;

/// One answer, whole.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) head: Arc<Head>,
    pub(crate) etag: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

/// What answers of one kind have in common.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Whose answer it is, for the log and the metrics.
    pub(crate) route: Arc<str>,
    pub(crate) status: StatusCode,
    /// All but the ETag.
    pub(crate) headers: HeaderMap,
}

#[derive(Default)]
pub(crate) struct Answers(RwLock<Held>);

#[derive(Default)]
struct Held {
    by_question: HashMap<Arc<str>, Entry>,
    /// From the one that is looked at next.
    round: VecDeque<Arc<str>>,
    heads: Vec<Arc<Head>>,
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

    /// Under the head's own ETag, where it has one.
    pub(crate) fn keep(&self, question: &str, head: Head, body: &[u8]) {
        self.keep_within(BYTES_MAX, question, head, body);
    }

    fn keep_within(&self, bytes_max: usize, question: &str, mut head: Head, body: &[u8]) {
        let etag = head.headers.remove(header::ETAG);
        let tag = etag.as_ref().map(HeaderValue::as_bytes).unwrap_or_default();
        let size = question.len() + tag.len() + body.len() + OVERHEAD_BYTES;
        let mut held = self.held();
        if held.closed || size > bytes_max || held.by_question.contains_key(question) {
            return;
        }
        while held.bytes + size > bytes_max {
            held.drop_one();
        }
        // In a piece of its own: a body from an encoder is a small part of a large buffer.
        let whole = Bytes::from([tag, body].concat());
        let etag = HeaderValue::from_maybe_shared(whole.slice(..tag.len())).ok();
        let etag = etag.filter(|tag| !tag.is_empty());
        let body = whole.slice(tag.len()..);
        let kept = Kept { head: held.shared(head), etag, body };
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

impl Kept {
    fn bytes(&self) -> usize {
        self.etag.as_ref().map_or(0, HeaderValue::len) + self.body.len() + OVERHEAD_BYTES
    }
}

impl Held {
    fn shared(&mut self, head: Head) -> Arc<Head> {
        if let Some(known) = self.heads.iter().find(|known| ***known == head) {
            return Arc::clone(known);
        }
        let head = Arc::new(head);
        if self.heads.len() < HEADS_MAX {
            self.heads.push(Arc::clone(&head));
        }
        head
    }

    /// Looks round: who was asked for since the last time stays for another round.
    fn drop_one(&mut self) {
        while let Some(question) = self.round.pop_front() {
            let asked_for = self.by_question.get(&question).map(|entry| &entry.asked_for);
            if asked_for.is_some_and(|asked_for| asked_for.swap(false, Ordering::Relaxed)) {
                self.round.push_back(question);
                continue;
            }
            if let Some(entry) = self.by_question.remove(&question) {
                self.bytes -= question.len() + entry.kept.bytes();
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

    fn head(kind: &'static str, etag: &'static str) -> Head {
        let headers = [(header::CONTENT_TYPE, kind), (header::ETAG, etag)];
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        Head { route: "r".into(), status: StatusCode::OK, headers: headers.into_iter().collect() }
    }

    fn keep_within(answers: &Answers, most: usize, question: &str, bytes: usize) {
        answers.keep_within(most, question, head("a/b", "\"1\""), &vec![0; bytes]);
    }

    fn held(answers: &Answers) -> (usize, usize) {
        let held = answers.0.read().unwrap();
        assert_eq!(held.by_question.len(), held.round.len());
        let sum = |(question, entry): (&Arc<str>, &Entry)| question.len() + entry.kept.bytes();
        assert_eq!(held.bytes, held.by_question.iter().map(sum).sum::<usize>());
        (held.by_question.len(), held.bytes)
    }

    #[test]
    fn what_is_asked_for_again_and_again_stays_and_the_rest_makes_room() {
        let answers = Answers::default();
        let most = 10 * (OVERHEAD_BYTES + 910);
        for n in 0..100 {
            keep_within(&answers, most, &format!("{n:03}"), 900);
            assert!(answers.get("000").is_some(), "after {n}");
        }
        let (number, bytes) = held(&answers);
        assert!(number == 10 && bytes <= most);
        assert!(answers.get("099").is_some() && answers.get("050").is_none());
    }

    #[test]
    fn answers_of_one_kind_share_all_but_their_tag_and_body() {
        let answers = Answers::default();
        let asked =
            [("a", "x/y", "\"1\"", "one"), ("b", "x/y", "\"2\"", "two"), ("c", "z", "", "")];
        for (question, kind, etag, body) in asked {
            answers.keep(question, head(kind, etag), body.as_bytes());
        }
        let [a, b, c] = ["a", "b", "c"].map(|question| answers.get(question).unwrap());
        for (kept, (_, kind, etag, body)) in [&a, &b, &c].into_iter().zip(asked) {
            let has = kept.etag.as_ref().map(|tag| tag.to_str().unwrap()).unwrap_or_default();
            assert_eq!((has, &*kept.body), (etag, body.as_bytes()));
            assert_eq!(
                kept.head.headers,
                HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))])
            );
        }
        assert!(Arc::ptr_eq(&a.head, &b.head) && !Arc::ptr_eq(&a.head, &c.head));
    }

    #[test]
    fn a_closed_release_keeps_nothing_whatever_comes_late() {
        let answers = Answers::default();
        answers.keep("a", head("x/y", "\"1\""), b"1");
        answers.close();
        answers.keep("b", head("x/y", "\"1\""), b"1");
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
                keep_within(&answers, most, &name, bytes);
                prop_assert!(held(&answers).1 <= most);
            }
        }
    }
}
