//! Which releases there are, which is current, and the way from one to the next.
//!
//! `current` in memory follows the table: it is set after the promotion's commit, and read from the table
//! at start. A release that is broken on the disk is named and never opened; the one promoted before it
//! is served instead until it is uploaded again, or another is promoted.

use super::{
    catalogue::Catalogue,
    open::{OpenRelease, ReadError},
    prune::RemoveError,
    shelf::{Shelf, say},
};
use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tessera_release::Release;
use tessera_store_api::ReleaseSummary;
use tessera_world::ReleaseId;
use theron_sqlite::rusqlite;
use tokio::sync::Semaphore;

/// Releases beside the current one that stay open for readers that pinned them.
const OPEN_MAX: usize = 3;

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("the folder {path} cannot be used")]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Removal(#[from] RemoveError),
    #[error(transparent)]
    File(#[from] theron_sqlite::Error),
    #[error("reading or writing the table of releases")]
    Catalogue(#[from] rusqlite::Error),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PromoteError {
    #[error("the store holds no release {0}; upload it first")]
    Unknown(ReleaseId),
    #[error("release {id} is broken: {what}; upload it again")]
    Broken { id: ReleaseId, what: String },
    #[error(transparent)]
    Catalogue(#[from] rusqlite::Error),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum RollbackError {
    #[error("no release was current before this one; promote the one you want by its id")]
    Nothing,
    #[error(transparent)]
    Promote(#[from] PromoteError),
}

pub(crate) struct Library {
    pub(super) shelf: Shelf,
    catalogue: Mutex<Catalogue>,
    current: ArcSwapOption<OpenRelease>,
    /// Opened for readers of other releases, the last used at the end.
    pinned: Mutex<Vec<Arc<OpenRelease>>>,
    /// File name and what is wrong with it.
    broken: Mutex<BTreeMap<String, String>>,
    pub(super) intake: Semaphore,
}

impl Library {
    pub(crate) fn open(data_dir: &Path, now: Timestamp) -> Result<Self, LibraryError> {
        let folder = |source| LibraryError::Folder { path: data_dir.to_owned(), source };
        let shelf = Shelf::open(data_dir).map_err(folder)?;
        for name in shelf.clear_incoming().map_err(folder)? {
            tracing::warn!(name, "an upload was cut off by a stop; removed it, upload it again");
        }
        let (files, strange) = shelf.files().map_err(folder)?;
        let library = Self {
            catalogue: Mutex::new(Catalogue::open(&data_dir.join("store.sqlite3"))?),
            shelf,
            current: ArcSwapOption::empty(),
            pinned: Mutex::default(),
            broken: Mutex::default(),
            intake: Semaphore::new(1),
        };
        for name in strange {
            library.name_broken(name, "its name is not that of a release; remove it".to_owned());
        }
        library.finish_removals()?;
        library.adopt(&files, now)?;
        library.inspect()?;
        library.choose_current()?;
        Ok(library)
    }

    /// Files that have no row: a stop fell between the file and the row, or the table was lost.
    fn adopt(&self, files: &[ReleaseId], now: Timestamp) -> Result<(), LibraryError> {
        for id in files {
            if self.catalogue().release(id)?.is_some() {
                continue;
            }
            match self.examine(id) {
                Ok((release, sha256, bytes)) => {
                    self.catalogue().add(id, &sha256, bytes, release.info(), now)?;
                    tracing::warn!(%id, "found a whole release that no table knew; listed it");
                }
                Err(what) => self.name_broken(file_name(id), what),
            }
        }
        Ok(())
    }

    /// Every listed release is there with its length and its own head.
    fn inspect(&self) -> Result<(), LibraryError> {
        for release in self.catalogue().releases()? {
            let path = self.shelf.path(&release.id);
            let verdict = match std::fs::metadata(&path) {
                Ok(found) if found.len() == release.bytes => {
                    Release::open(&path).map(drop).map_err(|error| say(&error, &path))
                }
                Ok(found) => {
                    Err(format!("it has {} bytes instead of {}", found.len(), release.bytes))
                }
                Err(error) => Err(say(&error, &path)),
            };
            if let Err(what) = verdict {
                self.name_broken(file_name(&release.id), what);
            }
        }
        Ok(())
    }

    /// The last promoted release whose bytes are those it was promoted with.
    fn choose_current(&self) -> Result<(), LibraryError> {
        let promoted = self.catalogue().promoted()?;
        for id in promoted {
            match self.open_verified(&id) {
                Ok(open) => {
                    self.current.store(Some(Arc::new(open)));
                    return Ok(());
                }
                Err(what) => self.name_broken(file_name(&id), what),
            }
        }
        Ok(())
    }

    pub(crate) fn current(&self) -> Option<Arc<OpenRelease>> {
        self.current.load_full()
    }

    /// The release, open for reading; `None` when the store holds none of that id that is whole.
    pub(crate) fn pin(&self, id: &ReleaseId) -> Result<Option<Arc<OpenRelease>>, ReadError> {
        if let Some(current) = self.current().filter(|current| current.id() == id) {
            return Ok(Some(current));
        }
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = pinned.iter().position(|open| open.id() == id) {
            let open = pinned.remove(at);
            pinned.push(Arc::clone(&open));
            return Ok(Some(open));
        }
        let summary = self.summary(id).ok().flatten();
        let Some(summary) = summary.filter(|_| self.whole(id)) else { return Ok(None) };
        let open = OpenRelease::open(
            id.clone(),
            summary.sha256,
            summary.uploaded_at,
            &self.shelf.path(id),
        )?;
        // Only the current release's answers are kept.
        open.answers().close();
        let open = Arc::new(open);
        if pinned.len() >= OPEN_MAX {
            pinned.remove(0);
        }
        pinned.push(Arc::clone(&open));
        Ok(Some(open))
    }

    /// Newest upload first.
    pub(crate) fn releases(&self) -> Result<Vec<ReleaseSummary>, rusqlite::Error> {
        self.catalogue().releases()
    }

    pub(crate) fn summary(
        &self,
        id: &ReleaseId,
    ) -> Result<Option<ReleaseSummary>, rusqlite::Error> {
        self.catalogue().release(id)
    }

    /// File names and what is wrong with each.
    pub(crate) fn broken(&self) -> BTreeMap<String, String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn promote(
        &self,
        id: &ReleaseId,
        now: Timestamp,
    ) -> Result<ReleaseSummary, PromoteError> {
        let unknown = || PromoteError::Unknown(id.clone());
        let known = self.summary(id)?.ok_or_else(unknown)?;
        let served = self.current().is_some_and(|current| current.id() == id);
        // What is served in place of a broken one is promoted like any other, or the next start would not know.
        if served && self.catalogue().promoted()?.first() == Some(id) {
            return Ok(known);
        }
        let broken = |what| PromoteError::Broken { id: id.clone(), what };
        let open = self.open_verified(id).map_err(|what| {
            self.name_broken(file_name(id), what.clone());
            broken(what)
        })?;
        let catalogue = self.catalogue();
        // It may have been removed while its bytes were read.
        if catalogue.release(id)?.is_none() {
            return Err(unknown());
        }
        catalogue.promote(id, now)?;
        // Under the table's lock, so that two promotions leave memory and table with the same last one.
        if let Some(before) = self.current.swap(Some(Arc::new(open))) {
            before.answers().close();
        }
        let promoted = catalogue.release(id)?;
        tracing::info!(%id, "promoted");
        promoted.ok_or_else(unknown)
    }

    /// Promotes what was current before what is served, and is whole; twice in a row comes back.
    pub(crate) fn roll_back(
        &self,
        now: Timestamp,
    ) -> Result<(ReleaseId, ReleaseSummary), RollbackError> {
        let current = self.current().ok_or(RollbackError::Nothing)?;
        let promoted = self.catalogue().promoted().map_err(PromoteError::from)?;
        for before in promoted.iter().skip_while(|id| *id != current.id()).skip(1) {
            match self.promote(before, now) {
                Err(PromoteError::Broken { .. }) => {}
                promoted => return Ok((current.id().clone(), promoted?)),
            }
        }
        Err(RollbackError::Nothing)
    }

    /// Reads the whole file: its checksum and every page and constraint.
    pub(super) fn examine(&self, id: &ReleaseId) -> Result<(Release, String, u64), String> {
        let path = self.shelf.path(id);
        let (sha256, bytes) =
            tessera_release::checksum(&path).map_err(|error| say(&error, &path))?;
        if ReleaseId::from_sha256(&sha256).as_ref() != Ok(id) {
            return Err(format!("its checksum is {sha256}"));
        }
        let release = Release::open(&path).map_err(|error| say(&error, &path))?;
        release.check().map_err(|error| say(&error, &path))?;
        Ok((release, sha256, bytes))
    }

    pub(super) fn add(
        &self,
        id: &ReleaseId,
        sha256: &str,
        bytes: u64,
        release: &Release,
        now: Timestamp,
    ) -> Result<Option<ReleaseSummary>, rusqlite::Error> {
        let catalogue = self.catalogue();
        catalogue.add(id, sha256, bytes, release.info(), now)?;
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).remove(&file_name(id));
        catalogue.release(id)
    }

    pub(super) fn whole(&self, id: &ReleaseId) -> bool {
        !self.broken.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&file_name(id))
    }

    fn open_verified(&self, id: &ReleaseId) -> Result<OpenRelease, String> {
        let path = self.shelf.path(id);
        let (sha256, _bytes) =
            tessera_release::checksum(&path).map_err(|error| say(&error, &path))?;
        if ReleaseId::from_sha256(&sha256).as_ref() != Ok(id) {
            return Err(format!("its checksum is {sha256}"));
        }
        let known = self.summary(id).map_err(|error| error.to_string())?;
        let known = known.ok_or_else(|| "no table knows it".to_owned())?;
        OpenRelease::open(id.clone(), sha256, known.uploaded_at, &path)
            .map_err(|error| say(&error, &path))
    }

    fn name_broken(&self, name: String, what: String) {
        tracing::error!(name, what, "a release is broken and will not be used; upload it again");
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).insert(name, what);
    }

    /// No reader is given it from now on; those that have it open read on.
    pub(super) fn let_go(&self, id: &ReleaseId) {
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        pinned.retain(|open| open.id() != id);
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).remove(&file_name(id));
    }

    pub(super) fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        self.catalogue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn file_name(id: &ReleaseId) -> String {
    format!("{id}.sqlite3")
}
