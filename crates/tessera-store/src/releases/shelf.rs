//! Release files on the disk: `releases/{id}.sqlite3` is whole or absent, `incoming/` holds what arrives.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use tessera_world::ReleaseId;

/// What is wrong with a file, in words for others: they know it by its name, and not where it lies.
pub(super) fn say(error: &impl std::fmt::Display, path: &Path) -> String {
    error.to_string().replace(&path.display().to_string(), "the file")
}

/// Ends the name of a file whose removal was decided.
const ASIDE: &str = ".gone";

pub(crate) struct Shelf {
    releases: PathBuf,
    incoming: PathBuf,
}

impl Shelf {
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let shelf =
            Self { releases: data_dir.join("releases"), incoming: data_dir.join("incoming") };
        fs::create_dir_all(&shelf.releases)?;
        fs::create_dir_all(&shelf.incoming)?;
        Ok(shelf)
    }

    pub(crate) fn path(&self, id: &ReleaseId) -> PathBuf {
        self.releases.join(format!("{id}.sqlite3"))
    }

    pub(crate) fn arriving(&self, id: &ReleaseId) -> PathBuf {
        self.incoming.join(format!("{id}.part"))
    }

    /// Removes what a stop cut off while it arrived; gives the names.
    pub(crate) fn clear_incoming(&self) -> io::Result<Vec<String>> {
        let mut removed = Vec::new();
        for entry in fs::read_dir(&self.incoming)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.ends_with(ASIDE) {
                fs::remove_file(entry.path())?;
                removed.push(name);
            }
        }
        Ok(removed)
    }

    /// Releases whose removal was decided.
    pub(super) fn aside(&self) -> io::Result<Vec<ReleaseId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.incoming)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            found.extend(name.strip_suffix(ASIDE).and_then(|stem| stem.parse().ok()));
        }
        Ok(found)
    }

    /// Decides a removal: after this returns it survives a power cut. A file that is gone is no hindrance.
    pub(super) fn set_aside(&self, id: &ReleaseId) -> io::Result<()> {
        match fs::rename(self.path(id), self.path_aside(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        }
        File::open(&self.incoming)?.sync_all()?;
        File::open(&self.releases)?.sync_all()
    }

    pub(super) fn drop_aside(&self, id: &ReleaseId) -> io::Result<()> {
        match fs::remove_file(self.path_aside(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn path_aside(&self, id: &ReleaseId) -> PathBuf {
        self.incoming.join(format!("{id}{ASIDE}"))
    }

    /// Ids of the files that are named as releases, and the names of the files that are not.
    pub(crate) fn files(&self) -> io::Result<(Vec<ReleaseId>, Vec<String>)> {
        let (mut ids, mut strange) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(&self.releases)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            match name.strip_suffix(".sqlite3").and_then(|stem| stem.parse().ok()) {
                Some(id) => ids.push(id),
                None => strange.push(name),
            }
        }
        ids.sort_unstable();
        strange.sort_unstable();
        Ok((ids, strange))
    }

    /// Gives a verified file its name, for good: after this returns it survives a power cut.
    pub(crate) fn place(&self, id: &ReleaseId) -> io::Result<()> {
        let arrived = self.arriving(id);
        File::open(&arrived)?.sync_all()?;
        fs::rename(&arrived, self.path(id))?;
        File::open(&self.releases)?.sync_all()
    }
}
