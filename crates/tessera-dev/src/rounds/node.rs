//! Asking one game node for one window.

use crate::rounds::Span;
use otivm_api::{GameNodeClient, Snapshot};
use theron_service::chain;

/// A configured game node.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) client: GameNodeClient,
}

/// Why a node gave no snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotGiven {
    /// It has no such window and never will: it is younger, or keeps less.
    NoSuchWindow(String),
    /// It has not closed the window yet: its clock is behind this one's, or this one's is wrong.
    StillOpen(String),
    /// No answer that is of use; it may give the window later.
    Silence(String),
}

impl Node {
    pub(crate) async fn ask(&self, window: i64, span: Span) -> Result<Snapshot, NotGiven> {
        let error = match self.client.snapshot(window).await {
            Ok(snapshot) => return self.expect(snapshot, window, span),
            Err(error) => error,
        };
        let reason = chain(&error);
        if error.problem().is_none() {
            return Err(NotGiven::Silence(reason));
        }
        // It refused. Two who count windows differently would otherwise pass each other by for ever.
        if let Ok(closed) = self.client.windows(Some(window)).await
            && closed.window_us != span.window_us
        {
            return Err(NotGiven::Silence(other_length(closed.window_us, span)));
        }
        match error.problem().map(|problem| problem.code.as_str()) {
            Some("window_unknown") => Err(NotGiven::NoSuchWindow(reason)),
            Some("window_open") => {
                Err(NotGiven::StillOpen(format!("by its clock it is still open: {reason}")))
            }
            _ => Err(NotGiven::Silence(reason)),
        }
    }

    fn expect(&self, snapshot: Snapshot, window: i64, span: Span) -> Result<Snapshot, NotGiven> {
        if snapshot.to.saturating_sub(snapshot.from) != span.window_us {
            let length = snapshot.to.saturating_sub(snapshot.from);
            return Err(NotGiven::Silence(other_length(length, span)));
        }
        if (snapshot.window, snapshot.from) != (window, span.from(window)) {
            let found = snapshot.window;
            let reason = format!("{} gave window {found} for window {window}", self.name);
            return Err(NotGiven::Silence(reason));
        }
        Ok(snapshot)
    }
}

fn other_length(found_us: i64, span: Span) -> String {
    format!(
        "it counts windows of {found_us} microseconds, this service those of {}: give both the same rate",
        span.window_us
    )
}
