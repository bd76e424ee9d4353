//! Promotion: the release goes to 1102 and becomes what everybody reads. Again is harmless.
//!
//! A promotion is part of its run's record, so that it goes on after a restart. One is done at a time, in the
//! order in which they were asked for. While 1102 is away it waits and tries again, up to a limit; what 1102
//! refuses is not tried again. Until 1102 has said yes, the release that was live is live.

use super::{Shelf, ShelfError, shelf::asked};
use jiff::SignedDuration;
use std::{sync::Arc, time::Duration};
use tessera_pipeline_api::{Promotion, PromotionState, RolledBack, Run, RunState};
use tessera_store_api::{StoreClient, StoreError};
use tessera_world::ReleaseId;
use theron_mesh::CallError;
use theron_service::Clock;
use tokio::sync::Notify;

/// With waits that double up to a minute, a promotion waits half an hour for 1102: longer than any restart of
/// it, shorter than a person forgets what was asked for.
const ATTEMPTS_MAX: u32 = 35;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub(crate) enum PromoteError {
    #[error(
        "no run is called {id:?}, or it is no longer kept; `tessera-pipeline runs` lists those that are"
    )]
    Unknown { id: String },
    #[error("{id} is not finished; ask for it again until it is")]
    NotFinished { id: String },
    #[error("{id} cannot be promoted: {why}")]
    NotPromotable { id: String, why: String },
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum RollBackError {
    #[error("{0:?} is not a release; its id is 32 lower-case hexadecimal digits")]
    NotAnId(String),
    #[error("1102 holds no release {id}; it holds {held}")]
    Unknown { id: ReleaseId, held: String },
    #[error("release {0} was never current, so nothing goes back to it; promote its run")]
    NeverCurrent(ReleaseId),
    #[error("the promotion of {0} is in hand; wait until it is over")]
    Promoting(String),
    #[error("1102 does not answer as it should: {0}; nothing was changed")]
    Store(#[from] StoreError),
}

/// Why a promotion did not come to its end this time.
enum Halt {
    /// 1102 is away or busy.
    Wait(String),
    /// Trying again would change nothing.
    GiveUp(String),
}

pub(crate) struct Promoter {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) store: StoreClient,
    pub(crate) clock: Arc<dyn Clock>,
    /// Woken by every promotion that is asked for.
    pub(crate) wake: Notify,
}

/// Promotes for ever; dropped when the service stops.
pub(crate) async fn promote(promoter: Arc<Promoter>) {
    loop {
        let Some((run, promotion)) = promoter.shelf.next_promotion() else {
            promoter.wake.notified().await;
            continue;
        };
        if let Some(wait) = promoter.attempt(&run, promotion).await {
            tokio::time::sleep(wait).await;
        }
    }
}

impl Promoter {
    /// Asks for the promotion of a run; while one is in hand, that is the answer.
    pub(crate) fn ask(&self, id: &str) -> Result<Promotion, PromoteError> {
        let now = self.clock.now().to_string();
        let changed = self.shelf.try_change(id, |run| {
            if !run.state.is_over() {
                return Err(PromoteError::NotFinished { id: run.id.clone() });
            }
            let release = run.release.as_ref().filter(|_| run.promotable);
            let Some(release) = release.filter(|_| run.state == RunState::Finished) else {
                let why = run.problem.clone().unwrap_or_else(|| "it made no release".to_owned());
                return Err(PromoteError::NotPromotable { id: run.id.clone(), why });
            };
            if let Some(promotion) = run.promotion.as_ref().filter(|p| !p.state.is_over()) {
                return Ok(promotion.clone());
            }
            let promotion = asked(now, release.bytes, ATTEMPTS_MAX);
            run.promotion = Some(promotion.clone());
            Ok(promotion)
        })?;
        let (_run, promotion) = changed.ok_or(PromoteError::Unknown { id: id.to_owned() })?;
        self.wake.notify_one();
        Ok(promotion)
    }

    /// One attempt; answers how long to wait before anything is tried again.
    async fn attempt(&self, run: &Run, mut promotion: Promotion) -> Option<Duration> {
        promotion.attempts += 1;
        promotion.state = PromotionState::Uploading;
        promotion.next_attempt_at = None;
        promotion.bytes_sent = 0;
        self.note(&run.id, &promotion);
        let outcome = self.send(run, &mut promotion).await;
        let now = self.clock.now();
        match outcome {
            Ok(()) => {
                promotion.state = PromotionState::Done;
                promotion.problem = None;
                promotion.bytes_sent = promotion.bytes;
                tracing::info!(run = run.id, attempts = promotion.attempts, "promoted");
            }
            Err(Halt::Wait(why)) if promotion.attempts < promotion.attempts_max => {
                let wait = wait_after(promotion.attempts);
                let next = now.saturating_add(SignedDuration::try_from(wait).unwrap_or_default());
                promotion.state = PromotionState::Waiting;
                promotion.next_attempt_at = next.ok().map(|next| next.to_string());
                tracing::warn!(
                    run = run.id,
                    attempts = promotion.attempts,
                    why,
                    "a promotion waits"
                );
                promotion.problem = Some(why);
                self.note(&run.id, &promotion);
                return Some(wait);
            }
            Err(Halt::Wait(why)) => {
                let times = promotion.attempts;
                promotion.problem = Some(format!(
                    "given up after {times} attempts; promote again when 1102 is back: {why}"
                ));
                promotion.state = PromotionState::Failed;
            }
            Err(Halt::GiveUp(why)) => {
                promotion.problem = Some(why);
                promotion.state = PromotionState::Failed;
            }
        }
        if promotion.state == PromotionState::Failed {
            let why = promotion.problem.as_deref();
            tracing::error!(run = run.id, why, "a promotion is given up");
        }
        promotion.finished_at = Some(now.to_string());
        self.note(&run.id, &promotion);
        None
    }

    /// Keeps a promotion as it stands. Where the disk does not take it, it is shown at least: it must go on
    /// or end in any case, and after a restart it begins again, which is harmless.
    fn note(&self, id: &str, promotion: &Promotion) {
        let set = |run: &mut Run| {
            run.promotion = Some(promotion.clone());
            if promotion.state == PromotionState::Done {
                run.promoted_at.clone_from(&promotion.finished_at);
            }
        };
        if let Err(error) = self.shelf.change(id, set) {
            tracing::error!(
                run = id,
                error = &error as &dyn std::error::Error,
                "the state of a promotion was not kept"
            );
            self.shelf.show(id, set);
        }
    }

    async fn send(&self, run: &Run, promotion: &mut Promotion) -> Result<(), Halt> {
        let gone = || Halt::GiveUp(format!("{} has no release any more; run it again", run.id));
        let release = run.release.as_ref().ok_or_else(gone)?;
        let id = ReleaseId::from_sha256(&release.sha256).map_err(|_not_an_id| gone())?;
        let held = self.store.release(&id).await.map_err(|error| halt(&error))?;
        if held.is_none() {
            let path = self.shelf.folder(&run.id).join(crate::run::RELEASE_FILE);
            self.unchanged(run, &path, &release.sha256).await?;
            let (shelf, run_id) = (Arc::clone(&self.shelf), run.id.clone());
            let sent = move |bytes| {
                shelf.show(&run_id, |run| {
                    if let Some(promotion) = &mut run.promotion {
                        promotion.bytes_sent = bytes;
                    }
                });
            };
            let upload = self.store.upload_release_watched(&path, &release.sha256, sent);
            upload.await.map_err(|error| halt(&error))?;
        }
        promotion.state = PromotionState::Promoting;
        promotion.bytes_sent = promotion.bytes;
        self.note(&run.id, promotion);
        self.store.promote(&id).await.map_err(|error| halt(&error))?;
        Ok(())
    }

    /// The file is what the run made: gigabytes are not sent to be refused.
    async fn unchanged(&self, run: &Run, path: &std::path::Path, sha256: &str) -> Result<(), Halt> {
        let path = path.to_owned();
        let found = tokio::task::spawn_blocking(move || tessera_release::checksum(&path)).await;
        match found {
            Ok(Ok((found, _bytes))) if found == sha256 => Ok(()),
            Ok(Ok(_other)) => Err(Halt::GiveUp(format!(
                "the release of {} is no longer what the run made; run it again",
                run.id
            ))),
            Ok(Err(error)) => Err(Halt::GiveUp(format!(
                "the release of {} cannot be read: {error}; run it again",
                run.id
            ))),
            Err(_cut) => Err(Halt::Wait("reading the release was cut off".to_owned())),
        }
    }

    /// Makes a release current again that was so before.
    pub(crate) async fn roll_back(&self, id: &str) -> Result<RolledBack, RollBackError> {
        let id: ReleaseId =
            id.parse().map_err(|_not_an_id| RollBackError::NotAnId(id.to_owned()))?;
        if let Some((run, _)) = self.shelf.next_promotion() {
            return Err(RollBackError::Promoting(run.id));
        }
        let list = self.store.releases().await?;
        let Some(release) = list.releases.iter().find(|release| release.id == id) else {
            let held: Vec<String> = list.releases.iter().map(|r| r.id.to_string()).collect();
            let held = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
            return Err(RollBackError::Unknown { id, held });
        };
        if release.promoted_at.is_none() {
            return Err(RollBackError::NeverCurrent(id));
        }
        let now = self.store.promote(&id).await?;
        tracing::info!(from = ?list.current, to = %id, "rolled back");
        Ok(RolledBack {
            from: list.current.map(|id| id.to_string()),
            to: now.id.to_string(),
            title: now.title,
        })
    }
}

/// 1102 away, busy or broken is worth a wait; a refusal is not.
fn halt(error: &StoreError) -> Halt {
    let text = error.to_string();
    match error {
        StoreError::Call(call) => match &**call {
            // Another upload is going on.
            CallError::Refused { problem, .. } if problem.code == "upload_in_hand" => {
                Halt::Wait(text)
            }
            CallError::Refused { problem, .. } if problem.status < 500 => Halt::GiveUp(text),
            CallError::Unexplained { status, .. } if status.is_client_error() => Halt::GiveUp(text),
            // Another version answers; that will not pass by waiting.
            CallError::Unreadable { .. } => Halt::GiveUp(text),
            _ => Halt::Wait(text),
        },
        StoreError::File { .. } | StoreError::NotAChecksum(_) | StoreError::Unreadable(_) => {
            Halt::GiveUp(text)
        }
        _ => Halt::Wait(text),
    }
}

fn wait_after(attempts: u32) -> Duration {
    let doubled = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST_WAIT.checked_mul(doubled).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::shelf::NewRun;
    use tessera_pipeline_api::{ReleaseSummary, RunKind};
    use theron_mesh::{MeshClient, names};
    use theron_testkit::TestMesh;

    /// A finished run on a shelf, and a store at an address where nothing listens.
    fn promoter(mesh: &TestMesh) -> Promoter {
        let shelf = Shelf::open(mesh.folder()).unwrap();
        let created_at = "2026-09-21T14:13:20Z".to_owned();
        let new = NewRun { kind: RunKind::Pipeline, world: "w".to_owned(), sent: None, created_at };
        let id = shelf.add(new, None).unwrap().id;
        let sha256 = "ab".repeat(32);
        let release = ReleaseSummary { id: "ab".repeat(16), sha256, bytes: 1, zones: 1, places: 1 };
        shelf
            .change(&id, |run| {
                run.state = RunState::Finished;
                run.promotable = true;
                run.release = Some(release);
            })
            .unwrap();
        let credentials = mesh.credentials(names::PIPELINE).unwrap();
        let client = MeshClient::new("https://127.0.0.1:9/api/v1", &credentials).unwrap();
        Promoter {
            shelf: Arc::new(shelf),
            store: StoreClient::new(client),
            clock: Arc::new(theron_testkit::clock()),
            wake: Notify::new(),
        }
    }

    #[tokio::test]
    async fn a_promotion_that_finds_no_store_is_given_up_after_half_an_hour_of_attempts() {
        let mesh = TestMesh::new().unwrap();
        let promoter = promoter(&mesh);
        promoter.ask("run-000001").unwrap();
        let mut waits = Vec::new();
        while let Some((run, promotion)) = promoter.shelf.next_promotion() {
            waits.extend(promoter.attempt(&run, promotion).await);
        }
        assert_eq!(waits.len() as u32, ATTEMPTS_MAX - 1);
        assert_eq!(waits[..7], [1, 2, 4, 8, 16, 32, 60].map(Duration::from_secs));
        let minutes = waits.iter().sum::<Duration>().as_secs() / 60;
        assert!((25..=35).contains(&minutes), "{minutes} minutes");

        let promotion = promoter.shelf.get("run-000001").unwrap().promotion.unwrap();
        assert_eq!((promotion.state, promotion.attempts), (PromotionState::Failed, ATTEMPTS_MAX));
        let why = promotion.problem.unwrap();
        assert!(
            why.starts_with("given up after 35 attempts; promote again when 1102 is back: "),
            "{why}"
        );
        assert_eq!(promotion.next_attempt_at, None);

        // Asked for again it begins anew.
        assert_eq!(promoter.ask("run-000001").unwrap().attempts, 0);
    }
}
