//! Taking a release in: stream to a file, verify, and only then give it its name.

use super::{library::Library, shelf::say};
use crate::blocking::{Panicked, blocking};
use axum::body::Body;
use futures::StreamExt;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{path::Path, sync::Arc};
use tessera_release::Release;
use tessera_store_api::{RELEASE_BYTES_MAX, ReleaseSummary};
use tessera_world::ReleaseId;
use theron_sqlite::rusqlite;
use tokio::{fs::File, io::AsyncWriteExt};

#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    #[error("another upload is going on; try again when it has ended")]
    Busy,
    #[error("a release is at most {RELEASE_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the upload stopped before its end; send it again")]
    Cut(#[source] axum::Error),
    #[error("the bytes have checksum {found}, which is not what was promised; send them again")]
    Checksum { found: String },
    #[error("it is not a release that can be served: {0}")]
    NotARelease(String),
    #[error("writing the release")]
    Disk(#[from] std::io::Error),
    #[error("listing the release")]
    Catalogue(#[from] rusqlite::Error),
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

/// What the uploader says the bytes are.
pub(crate) struct Promise {
    pub(crate) id: ReleaseId,
    pub(crate) sha256: Option<String>,
    pub(crate) bytes: Option<u64>,
}

/// Gives the release and whether it is new here.
pub(crate) async fn take_in(
    library: &Arc<Library>,
    promise: Promise,
    body: Body,
    now: Timestamp,
) -> Result<(ReleaseSummary, bool), IntakeError> {
    let _only = library.intake.try_acquire().map_err(|_taken| IntakeError::Busy)?;
    let arriving = library.shelf.arriving(&promise.id);
    let taken = receive_and_place(library, promise, body, now, &arriving).await;
    if taken.is_err() {
        // It may have been placed already, or never begun; a leftover is removed at the next start.
        drop(tokio::fs::remove_file(&arriving).await);
    }
    taken
}

async fn receive_and_place(
    library: &Arc<Library>,
    promise: Promise,
    body: Body,
    now: Timestamp,
    arriving: &Path,
) -> Result<(ReleaseSummary, bool), IntakeError> {
    if promise.bytes.is_some_and(|bytes| bytes > RELEASE_BYTES_MAX) {
        return Err(IntakeError::TooLarge);
    }
    let (found, bytes) = receive(body, arriving).await?;
    let promised = promise.sha256.is_none_or(|sha256| sha256 == found);
    if !promised || ReleaseId::from_sha256(&found).as_ref() != Ok(&promise.id) {
        return Err(IntakeError::Checksum { found });
    }
    let (library, arriving) = (Arc::clone(library), arriving.to_owned());
    blocking(move || {
        let id = promise.id;
        if let Some(known) = library.summary(&id)?.filter(|_| library.whole(&id)) {
            std::fs::remove_file(&arriving)?;
            return Ok((known, false));
        }
        let release = Release::open(&arriving)
            .and_then(|release| release.check().map(|()| release))
            .map_err(|error| IntakeError::NotARelease(say(&error, &arriving)))?;
        library.shelf.place(&id)?;
        let listed = library.add(&id, &found, bytes, &release, now)?;
        let listed = listed.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        tracing::info!(%id, bytes, "a release was uploaded");
        Ok((listed, true))
    })
    .await?
}

async fn receive(body: Body, into: &Path) -> Result<(String, u64), IntakeError> {
    let mut file = File::create(into).await?;
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(IntakeError::Cut)?;
        bytes += chunk.len() as u64;
        if bytes > RELEASE_BYTES_MAX {
            return Err(IntakeError::TooLarge);
        }
        hasher.update(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    Ok((hex::encode(hasher.finalize()), bytes))
}
