//! A folder tree somebody filled by hand: a file is taken by what is in it, whatever it is called there.
//!
//! The folder is only read. Files of the wanted name are looked at first, and each file is read at most once.

use super::{FetchError, at, keep};
use crate::sources::{Dataset, Recipe, SourceFile};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Beyond this a folder was named by mistake; reading it all would take hours.
const FILES_MAX: usize = 50_000;

pub(super) struct Inbox {
    /// Not read yet.
    unread: Vec<PathBuf>,
    by_sum: BTreeMap<String, PathBuf>,
}

impl Inbox {
    pub(super) fn open(folder: &Path) -> Result<Self, FetchError> {
        if !folder.is_dir() {
            return Err(FetchError::NoInbox { path: folder.to_owned() });
        }
        let (mut unread, mut folders) = (Vec::new(), vec![folder.to_owned()]);
        while let Some(here) = folders.pop() {
            for entry in fs::read_dir(&here).map_err(at(&here))? {
                let entry = entry.map_err(at(&here))?;
                let kind = entry.file_type().map_err(at(&here))?;
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    unread.push(entry.path());
                }
            }
            if unread.len() > FILES_MAX {
                return Err(FetchError::InboxTooLarge { path: folder.to_owned(), max: FILES_MAX });
            }
        }
        unread.sort();
        Ok(Self { unread, by_sum: BTreeMap::new() })
    }

    /// Takes a copy of the file with the wanted checksum, if there is one.
    pub(super) fn take(
        &mut self,
        dataset: &Dataset,
        file: &SourceFile,
        into: &Path,
        say: &mut dyn FnMut(&str),
    ) -> Result<bool, FetchError> {
        let Some(wanted) = &file.sha256 else { return Ok(false) };
        let Some(found) = self.find(wanted, file, say)? else { return Ok(false) };
        let scratch =
            tempfile::Builder::new().prefix(".fetch-").tempdir_in(into).map_err(at(into))?;
        let copy = scratch.path().join("copy");
        fs::copy(&found, &copy).map_err(at(&found))?;
        keep(&found.display().to_string(), dataset, file, &copy, into)?;
        Ok(true)
    }

    fn find(
        &mut self,
        wanted: &str,
        file: &SourceFile,
        say: &mut dyn FnMut(&str),
    ) -> Result<Option<PathBuf>, FetchError> {
        if let Some(path) = self.by_sum.get(wanted) {
            return Ok(Some(path.clone()));
        }
        let theirs = match &file.recipe {
            Recipe::Deb { member, .. } | Recipe::Pypi { member, .. } => member,
            Recipe::Github { path, .. } => path,
            Recipe::File { file } => file,
        };
        let theirs = theirs.rsplit(['/', '!']).next().unwrap_or(theirs);
        let named = |path: &Path| {
            path.file_name().is_some_and(|name| name == theirs || name == file.name.as_str())
        };
        // Popped from the end: those of the wanted name come last.
        self.unread.sort_by_key(|path| named(path));
        while let Some(path) = self.unread.pop() {
            say(&format!("looking at {}", path.display()));
            let (sum, _bytes) = tessera_release::checksum(&path).map_err(at(&path))?;
            let is_it = sum == wanted;
            self.by_sum.insert(sum, path.clone());
            if is_it {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}
