//! The next step, whatever it is.

use super::{
    Span,
    failures::Failures,
    node::{Node, NotGiven},
    places::{Places, PlacesCache},
};
use crate::{
    derived::{Derivation, derive_window},
    storage::{Decided, Storage, StorageError},
};
use jiff::Timestamp;
use otivm_api::Snapshot;
use sha2::{Digest, Sha256};
use tessera_dev_api::{ShareOutcome, WindowState};
use tessera_store_api::{DerivedWindow, StoreClient, StoreError};
use theron_service::chain;

/// What the aggregation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A node's snapshot is kept.
    Took {
        window: i64,
        node: String,
    },
    /// The window goes without this node.
    LeftOut {
        window: i64,
        node: String,
    },
    /// The window is derived and kept.
    Derived {
        window: i64,
    },
    /// 1102 has the window.
    Written {
        window: i64,
    },
    /// 1102 refused the window for one that it has; that one stands.
    Superseded {
        window: i64,
    },
    /// Nothing to do until this window closes.
    Idle {
        open: i64,
    },
    Waiting(Awaited),
}

impl Step {
    /// The window that it went on with; `None` where there was nothing to do.
    pub(super) fn window(&self) -> Option<i64> {
        match self {
            Self::Took { window, .. }
            | Self::LeftOut { window, .. }
            | Self::Derived { window }
            | Self::Written { window }
            | Self::Superseded { window } => Some(*window),
            Self::Idle { .. } | Self::Waiting(_) => None,
        }
    }
}

/// Who is waited for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaited {
    Store {
        reason: String,
    },
    Release,
    Node {
        node: String,
        window: i64,
        reason: String,
    },
    /// The clock, which stands before the window that is derived next.
    Clock {
        open: i64,
        next: i64,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(
        "window {window} cannot be read back as it was kept: restore the database from a backup"
    )]
    Body {
        window: i64,
        #[source]
        source: serde_json::Error,
    },
    #[error("window {window} does not fit what 1102 takes")]
    Derived {
        window: i64,
        #[source]
        source: tessera_store_api::DerivedWindowError,
    },
    #[error("window {0} has a time that no calendar has")]
    Time(i64),
}

pub struct Aggregator {
    pub(crate) storage: Storage,
    pub(crate) store: StoreClient,
    pub(crate) nodes: Vec<Node>,
    pub(crate) span: Span,
    pub(crate) patience_us: i64,
    /// A node that did not give a window is not asked for it again before this has passed.
    pub(crate) retry_us: i64,
    pub(crate) failures: Failures,
    pub(crate) places: PlacesCache,
}

impl Aggregator {
    /// Does the next thing there is to do at a time.
    pub async fn step(&mut self, now: Timestamp) -> Result<Step, StepError> {
        let now_us = now.as_microsecond();
        if let Some((window, body)) = self.storage.call(|db| db.unwritten()).await? {
            return self.write(window, &body).await;
        }
        let window = self.storage.call(|db| db.next_window()).await?;
        match self.span.at(now_us) {
            open if open < window => {
                return Ok(Step::Waiting(Awaited::Clock { open, next: window }));
            }
            open if open == window => return Ok(Step::Idle { open }),
            _later => {}
        }
        let places = match self.places.get(&self.store, now_us).await {
            Ok(Some(places)) => places.clone(),
            Ok(None) => return Ok(Step::Waiting(Awaited::Release)),
            Err(error) => return Ok(Step::Waiting(away(&error))),
        };
        if let Some(step) = self.collect(window, now_us).await? {
            return Ok(step);
        }
        self.derive(window, &places).await
    }

    /// Asks the nodes whose part is undecided; `None` when all parts are decided.
    async fn collect(&mut self, window: i64, now_us: i64) -> Result<Option<Step>, StepError> {
        let decided = self.storage.call(move |db| db.shares(window)).await?;
        let mut awaited = None;
        for index in 0..self.nodes.len() {
            let name = self.nodes[index].name.clone();
            if decided.iter().any(|share| share.node == name) {
                continue;
            }
            if let Some(reason) = self.failures.just_asked(&name, window, now_us, self.retry_us) {
                awaited = awaited.or(Some((name, reason)));
                continue;
            }
            match self.ask(index, window, now_us).await {
                Ok(snapshot) => {
                    self.keep(window, counted(&name, &snapshot)).await?;
                    return Ok(Some(Step::Took { window, node: name }));
                }
                Err(NotGiven::NoSuchWindow(reason)) => {
                    self.keep(window, without(&name, ShareOutcome::NoSuchWindow, reason)).await?;
                    return Ok(Some(Step::LeftOut { window, node: name }));
                }
                // Decided at a question just now, never by one of before.
                Err(NotGiven::Silence(reason))
                    if self.has_run_out(&name, window, now_us).await? =>
                {
                    tracing::warn!(window, node = name, reason, "a node is left out of a window");
                    self.keep(window, without(&name, ShareOutcome::LeftOut, reason)).await?;
                    return Ok(Some(Step::LeftOut { window, node: name }));
                }
                Err(NotGiven::Silence(reason) | NotGiven::StillOpen(reason)) => {
                    awaited = awaited.or(Some((name, reason)));
                }
            }
        }
        Ok(awaited.map(|(node, reason)| Step::Waiting(Awaited::Node { node, window, reason })))
    }

    async fn ask(&self, index: usize, window: i64, now_us: i64) -> Result<Snapshot, NotGiven> {
        let Node { name, .. } = &self.nodes[index];
        let answer = self.nodes[index].ask(window, self.span).await;
        match &answer {
            Ok(_) | Err(NotGiven::NoSuchWindow(_)) => self.failures.clear(name),
            Err(NotGiven::StillOpen(reason)) => {
                self.failures.put_off(name, window, now_us, reason);
            }
            Err(NotGiven::Silence(reason)) => self.failures.silent(name, window, now_us, reason),
        }
        answer
    }

    /// Patience is for a node that answered until now; one that was left out already is not waited for. It begins when
    /// the window has closed and the node has been asked in vain.
    async fn has_run_out(&self, node: &str, window: i64, now_us: i64) -> Result<bool, StepError> {
        let name = node.to_owned();
        let (last, _given) = self.storage.call(move |db| db.last_share(&name)).await?;
        let since = self.failures.silent_since(node).unwrap_or(now_us).max(self.span.to(window));
        Ok(last == Some(ShareOutcome::LeftOut) || since.saturating_add(self.patience_us) <= now_us)
    }

    async fn keep(&self, window: i64, share: Decided) -> Result<(), StepError> {
        Ok(self.storage.call(move |db| db.decide(window, &share)).await?)
    }

    async fn derive(&mut self, window: i64, places: &Places) -> Result<Step, StepError> {
        let shares = self.storage.call(move |db| db.shares(window)).await?;
        let memory = self.storage.call(|db| db.memory()).await?;
        let derivation = derive_window(window, self.span, &shares, &memory, places)?;
        derivation.log(window);
        self.storage.call(move |db| db.derive(&Derivation::as_new(&derivation, window))).await?;
        Ok(Step::Derived { window })
    }

    async fn write(&self, window: i64, body: &str) -> Result<Step, StepError> {
        let derived: DerivedWindow =
            serde_json::from_str(body).map_err(|source| StepError::Body { window, source })?;
        let code = match self.store.put_derived(&derived).await {
            Ok(_kept) => None,
            Err(error) => match error.problem().map(|problem| problem.code.as_str()) {
                Some("window_already_written" | "window_out_of_order") => Some(error),
                _ => return Ok(Step::Waiting(away(&error))),
            },
        };
        let (state, step) = match code {
            None => (WindowState::Written, Step::Written { window }),
            Some(error) => {
                tracing::error!(window, %error, "1102 has another window in this one's place; that one stands");
                (WindowState::Superseded, Step::Superseded { window })
            }
        };
        self.storage.call(move |db| db.mark(window, state)).await?;
        tracing::info!(window, ?state, "a window is at 1102");
        Ok(step)
    }
}

fn away(error: &StoreError) -> Awaited {
    let reason = match error {
        StoreError::Call(error) => chain(error),
        other => other.to_string(),
    };
    Awaited::Store { reason }
}

fn counted(node: &str, snapshot: &Snapshot) -> Decided {
    // A struct of numbers, texts and a list of the same: serde_json has no way to refuse it.
    let body = serde_json::to_string(snapshot).unwrap_or_default();
    let sha256 = hex::encode(Sha256::digest(&body));
    Decided {
        node: node.to_owned(),
        outcome: ShareOutcome::Counted,
        body: Some(body),
        sha256: Some(sha256),
        reason: None,
    }
}

fn without(node: &str, outcome: ShareOutcome, reason: String) -> Decided {
    Decided { node: node.to_owned(), outcome, body: None, sha256: None, reason: Some(reason) }
}
