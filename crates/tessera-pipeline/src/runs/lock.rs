//! A data directory is one process's: nothing in it may be read or cleared away before its lock is held
//! (decision 0073).

use super::shelf::{ShelfError, at};
use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

/// Held for as long as the file is open; the system lets go of it with the process, however that ends.
pub(super) fn take(data_dir: &Path) -> Result<File, ShelfError> {
    let path = data_dir.join("lock");
    fs::create_dir_all(data_dir).map_err(at(data_dir))?;
    let file = File::create(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ShelfError::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(at(&path)(error)),
    }
}
