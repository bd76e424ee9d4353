//! The cache's folder: `ID.sqlite3` and `ID.markets.json` a release, `confirmed.json`, `derived.json`.

use std::{
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tessera_world::ReleaseId;

#[derive(Clone, Debug)]
pub(crate) struct Files {
    folder: PathBuf,
}

const RELEASE_SUFFIX: &str = ".sqlite3";
const MARKETS_SUFFIX: &str = ".markets.json";

impl Files {
    pub(crate) fn in_data_dir(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join("world");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    pub(crate) fn release(&self, id: &ReleaseId) -> PathBuf {
        self.folder.join(format!("{id}{RELEASE_SUFFIX}"))
    }

    pub(crate) fn markets(&self, id: &ReleaseId) -> PathBuf {
        self.folder.join(format!("{id}{MARKETS_SUFFIX}"))
    }

    /// When which release was last said to be current.
    pub(crate) fn confirmed(&self) -> PathBuf {
        self.folder.join("confirmed.json")
    }

    pub(crate) fn derived(&self) -> PathBuf {
        self.folder.join("derived.json")
    }

    /// Releases in the cache, newest file first.
    pub(crate) fn releases(&self) -> io::Result<Vec<ReleaseId>> {
        let mut found: Vec<(SystemTime, ReleaseId)> = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(RELEASE_SUFFIX));
            if let Some(Ok(id)) = id.map(str::parse) {
                found.push((entry.metadata()?.modified()?, id));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().rev().map(|(_, id)| id).collect())
    }

    /// Deletes every release but one. A file that is still read stays until it is closed.
    pub(crate) fn prune(&self, keep: &ReleaseId) -> io::Result<()> {
        for id in self.releases()?.iter().filter(|id| *id != keep) {
            std::fs::remove_file(self.release(id))?;
            match std::fs::remove_file(self.markets(id)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            tracing::info!(release = %id, "an old release left the cache");
        }
        Ok(())
    }
}
