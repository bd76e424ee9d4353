//! Promotion: the release goes to 1102 and becomes what everybody reads. Again is harmless.

use super::{Shelf, ShelfError};
use tessera_pipeline_api::{Run, RunState};
use tessera_store_api::{StoreClient, StoreError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum PromoteError {
    #[error("{id} is not finished; ask for it again until it is")]
    NotFinished { id: String },
    #[error("{id} cannot be promoted: {why}")]
    NotPromotable { id: String, why: String },
    #[error("the release of {id} is no longer what the run made; run it again")]
    Changed { id: String },
    #[error(
        "1102 does not take the release now: {0}; nothing is lost, promote again when it is back"
    )]
    Store(#[from] StoreError),
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

pub(crate) async fn promote(
    shelf: &Shelf,
    store: &StoreClient,
    mut run: Run,
    now: String,
) -> Result<Run, PromoteError> {
    let id = run.id.clone();
    match run.state {
        RunState::Queued | RunState::Running => return Err(PromoteError::NotFinished { id }),
        RunState::Finished | RunState::Failed => {}
    }
    let Some(release) = run.release.clone().filter(|_| run.promotable) else {
        let why = run.problem.unwrap_or_else(|| "it made no release".to_owned());
        return Err(PromoteError::NotPromotable { id, why });
    };
    let path = shelf.folder(&id).join(crate::run::RELEASE_FILE);
    let release_id = tessera_world::ReleaseId::from_sha256(&release.sha256)
        .map_err(|_not_an_id| PromoteError::Changed { id: id.clone() })?;
    // The store verifies what arrives against the checksum, so a file changed on disk is refused there.
    store.upload_release(&path, &release.sha256).await?;
    store.promote(&release_id).await?;
    run.promoted_at = Some(now);
    shelf.save(run.clone())?;
    tracing::info!(run = id, release = release.id, "promoted");
    Ok(run)
}
