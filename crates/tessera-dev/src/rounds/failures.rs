//! Which nodes were asked in vain, and since when.
//!
//! Silence is counted from the first question without an answer, never from the time at which a window closed alone:
//! a backlog that waited for somebody else is old, and says nothing about the node.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Written by the rounds, shown by `GET /nodes`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures(Arc<Mutex<BTreeMap<String, Failure>>>);

/// The newest question that a node gave no window for.
#[derive(Clone, Debug)]
struct Failure {
    reason: String,
    window: i64,
    asked_us: i64,
    /// `None` for a node that answered, only not yet with the window.
    silent_since_us: Option<i64>,
}

impl Failures {
    /// The node gave what it has.
    pub(super) fn clear(&self, node: &str) {
        self.all().remove(node);
    }

    /// The node answered, and will give the window later.
    pub(super) fn put_off(&self, node: &str, window: i64, now_us: i64, reason: &str) {
        self.set(node, window, now_us, reason, None);
    }

    /// The node did not answer. A clock that was set back does not make its silence longer.
    pub(super) fn silent(&self, node: &str, window: i64, now_us: i64, reason: &str) {
        let since = self.all().get(node).and_then(|failure| failure.silent_since_us);
        let since = since.map_or(now_us, |since| since.min(now_us));
        self.set(node, window, now_us, reason, Some(since));
    }

    /// What it said, if it was asked in vain for this window less than `retry_us` ago.
    pub(super) fn just_asked(
        &self,
        node: &str,
        window: i64,
        now_us: i64,
        retry_us: i64,
    ) -> Option<String> {
        let all = self.all();
        let failure = all.get(node).filter(|failure| failure.window == window)?;
        let is_recent = (0..retry_us).contains(&now_us.saturating_sub(failure.asked_us));
        is_recent.then(|| failure.reason.clone())
    }

    pub(super) fn silent_since(&self, node: &str) -> Option<i64> {
        self.all().get(node)?.silent_since_us
    }

    /// What it last said, or did not, if it was last asked in vain.
    pub(crate) fn reason(&self, node: &str) -> Option<String> {
        self.all().get(node).map(|failure| failure.reason.clone())
    }

    fn set(&self, node: &str, window: i64, asked_us: i64, reason: &str, since: Option<i64>) {
        let reason = reason.to_owned();
        let failure = Failure { reason, window, asked_us, silent_since_us: since };
        self.all().insert(node.to_owned(), failure);
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Failure>> {
        // Each change of it is one insertion or removal.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
