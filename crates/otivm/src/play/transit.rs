//! Where files lie that go out or come in, and how many at once.

use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// Lives that are made into files at once. Each is folded whole and may be held in memory twice.
const LEAVING_MAX: usize = 2;
/// Lives that come in at once. Each is held in memory some three times.
const COMING_MAX: usize = 1;

pub(crate) struct Transit {
    folder: PathBuf,
    pub(super) leaving: Semaphore,
    pub(super) coming: Semaphore,
}

impl Transit {
    /// Below the service's folder; what a kill left there is taken away.
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join("transit");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        let (leaving, coming) = (Semaphore::new(LEAVING_MAX), Semaphore::new(COMING_MAX));
        Ok(Self { folder, leaving, coming })
    }

    /// For one file, and gone with it.
    pub(super) fn folder(&self) -> io::Result<TempDir> {
        tempfile::tempdir_in(&self.folder)
    }
}
