//! Where files lie that go out or come in, and how many at once.

use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// Lives that are made into files at once. Each is folded whole and may be held in memory twice.
const LEAVING_MAX: usize = 2;
/// Files that arrive at once, of 32 MiB each at most, on the disk.
const ARRIVING_MAX: usize = 8;
/// Lives that are proven and sit down at once. Each is held in memory some three times.
const PROVEN_MAX: usize = 1;

pub(crate) struct Transit {
    folder: PathBuf,
    pub(super) leaving: Semaphore,
    pub(super) arriving: Semaphore,
    pub(super) proving: Semaphore,
}

impl Transit {
    /// Below the service's folder; what a kill left there is taken away.
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join("transit");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        let [leaving, arriving, proving] =
            [LEAVING_MAX, ARRIVING_MAX, PROVEN_MAX].map(Semaphore::new);
        Ok(Self { folder, leaving, arriving, proving })
    }

    /// For one file, and gone with it.
    pub(super) fn folder(&self) -> io::Result<TempDir> {
        tempfile::tempdir_in(&self.folder)
    }
}
