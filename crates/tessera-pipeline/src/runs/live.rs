//! The release that is live, as a file: this pipeline's own where it is still there, else a copy from 1102.
//!
//! One copy is kept, of the release that was live when it was last asked for. A store that is away or busy
//! costs a run its comparison and nothing else.

use super::Shelf;
use crate::run::{self, Live};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tessera_pipeline_api::Run;
use tessera_store_api::{ReleaseSummary, StoreClient, StoreError};
use tokio::runtime::Handle;

pub(crate) struct LiveRelease {
    shelf: Arc<Shelf>,
    store: StoreClient,
    folder: PathBuf,
    runtime: Handle,
}

#[derive(Debug, thiserror::Error)]
enum LiveError {
    #[error("1102 gave no answer: {0}")]
    Store(#[from] StoreError),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

impl LiveRelease {
    pub(crate) fn new(
        shelf: Arc<Shelf>,
        store: StoreClient,
        data_dir: &Path,
        runtime: Handle,
    ) -> Self {
        Self { shelf, store, folder: data_dir.join("live"), runtime }
    }

    /// Blocks until 1102 has answered; to be called from a thread of one's own.
    pub(crate) fn file(&self) -> Live {
        match self.runtime.block_on(self.find()) {
            Ok(Some(path)) => Live::File(path),
            Ok(None) => Live::None,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "a run is not compared with the live release");
                Live::Unknown(error.to_string())
            }
        }
    }

    async fn find(&self) -> Result<Option<PathBuf>, LiveError> {
        let Some(live) = self.store.current_release().await? else { return Ok(None) };
        if let Some(own) = self.own(&live) {
            return Ok(Some(own));
        }
        let copy = self.folder.join(format!("{}.sqlite3", live.id));
        if !copy.is_file() {
            self.make_room()?;
            self.store.download_release(&live.id, &copy).await?;
        }
        Ok(Some(copy))
    }

    /// The file of the run that made it.
    fn own(&self, live: &ReleaseSummary) -> Option<PathBuf> {
        let id = live.id.to_string();
        let runs = self.shelf.all();
        let made = |run: &&Run| run.release.as_ref().is_some_and(|release| release.id == id);
        let run = runs.iter().find(made)?;
        let path = self.shelf.folder(&run.id).join(run::RELEASE_FILE);
        path.is_file().then_some(path)
    }

    /// Takes the copies of releases that were live before away.
    fn make_room(&self) -> Result<(), LiveError> {
        let within = |source| LiveError::Io { path: self.folder.clone(), source };
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(within(error)),
            _ => fs::create_dir_all(&self.folder).map_err(within),
        }
    }
}
