//! A data directory is one process's: nothing in it may be read or cleared away before it is claimed
//! (decision 0073).

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Held until the last copy is let go, or the process ends, however it does.
#[derive(Clone, Debug)]
pub struct Claim {
    _lock: Arc<File>,
}

#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error("another process works in {0}: stop that one, or give this one a data_dir of its own")]
    InUse(PathBuf),
    #[error("claiming {path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Claim {
    /// Makes the folder where it is missing.
    pub fn take(data_dir: &Path) -> Result<Self, ClaimError> {
        let path = data_dir.join("lock");
        let failed = |source| ClaimError::Io { path: path.clone(), source };
        fs::create_dir_all(data_dir).map_err(failed)?;
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _lock: Arc::new(file) }),
            Err(TryLockError::WouldBlock) => Err(ClaimError::InUse(data_dir.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_process_s_until_that_lets_go() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let first = Claim::take(&folder).unwrap();
        let refused = Claim::take(&folder).unwrap_err();
        assert!(matches!(refused, ClaimError::InUse(of) if of == folder));
        let copy = first.clone();
        drop(first);
        assert!(Claim::take(&folder).is_err(), "a copy holds it as well");
        drop(copy);
        Claim::take(&folder).unwrap();
    }
}
