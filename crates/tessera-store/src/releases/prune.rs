//! Letting releases go, by rule and by an operator's word.
//!
//! A removal is decided by giving the file another name; whatever stops the store after that, the next
//! start ends it. Readers that have the release open read on.

use super::library::{Library, file_name};
use std::collections::BTreeSet;
use tessera_world::ReleaseId;
use theron_sqlite::rusqlite;

#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    #[error("the store holds no release {0}")]
    Unknown(ReleaseId),
    #[error("release {0} is the one that is served; promote another one first")]
    Live(ReleaseId),
    #[error("removing a release")]
    Disk(#[from] std::io::Error),
    #[error(transparent)]
    Catalogue(#[from] rusqlite::Error),
}

impl Library {
    pub(crate) fn remove(&self, id: &ReleaseId) -> Result<(), RemoveError> {
        // Under the table's lock no promotion comes between.
        let catalogue = self.catalogue();
        if self.current().is_some_and(|current| current.id() == id) {
            return Err(RemoveError::Live(id.clone()));
        }
        if catalogue.release(id)?.is_none() {
            return Err(RemoveError::Unknown(id.clone()));
        }
        self.shelf.set_aside(id)?;
        catalogue.forget(id)?;
        self.let_go(id);
        self.shelf.drop_aside(id)?;
        tracing::info!(%id, "removed");
        Ok(())
    }

    /// At start: what a stop cut short.
    pub(super) fn finish_removals(&self) -> Result<(), RemoveError> {
        for id in self.shelf.aside()? {
            self.catalogue().forget(&id)?;
            self.shelf.drop_aside(&id)?;
            tracing::warn!(%id, "removed a release that was being removed at a stop");
        }
        Ok(())
    }

    /// Removes what no rule keeps: the current release stays, the one before it, the newest uploads, and
    /// what `named` says others go by.
    pub(crate) fn prune(
        &self,
        newest: usize,
        named: &BTreeSet<ReleaseId>,
    ) -> Result<Vec<ReleaseId>, RemoveError> {
        let Some(current) = self.current() else { return Ok(Vec::new()) };
        let promoted = self.catalogue().promoted()?;
        let before = promoted.into_iter().find(|id| id != current.id());
        let all = self.releases()?;
        let goes =
            all.into_iter().skip(newest).map(|release| release.id).filter(|id| {
                id != current.id() && before.as_ref() != Some(id) && !named.contains(id)
            });
        let goes: Vec<ReleaseId> = goes.collect();
        for id in &goes {
            tracing::info!(%id, file = file_name(id), "no rule keeps this release");
            self.remove(id)?;
        }
        Ok(goes)
    }
}
