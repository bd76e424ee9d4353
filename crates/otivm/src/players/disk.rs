//! Whether the disk takes what is written into it.
//!
//! A write that failed only raises a doubt: it may be one life's own file that is ill, and the others are well. What
//! decides is a probe beside them all, written and synced as a life is, and repeated until it succeeds.

use std::{
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;

/// More than any commit writes, so that what the probe finds room for a life does too.
const PROBE_BYTES: usize = 256 * 1024;

pub(crate) struct Disk {
    folder: PathBuf,
    doubted: Notify,
    ailment: Mutex<Option<&'static str>>,
}

impl Disk {
    /// With the databases in this folder.
    pub(crate) fn under(folder: &Path) -> Self {
        let (doubted, ailment) = (Notify::new(), Mutex::new(None));
        Self { folder: folder.to_owned(), doubted, ailment }
    }

    /// A write failed.
    pub(crate) fn doubt(&self) {
        self.doubted.notify_one();
    }

    /// Resolves when a write has failed since the last time.
    pub(crate) async fn doubted(&self) {
        self.doubted.notified().await;
    }

    /// Writes something, and whether it could be. A file without a name: no kill leaves it behind. Blocks.
    pub(crate) fn probe(&self) -> bool {
        let found = self.write_and_sync();
        let ailment = found.as_ref().err().map(|error| ailment(error.kind()));
        let mut known = self.ailment.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *known, ailment);
        drop(known);
        // Said once, for it is asked every second.
        match &found {
            Err(error) if before != ailment => {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "the disk takes no moments"
                );
            }
            Ok(()) if before.is_some() => tracing::info!("the disk takes moments again"),
            _ => {}
        }
        found.is_ok()
    }

    fn write_and_sync(&self) -> io::Result<()> {
        let mut file = tempfile::tempfile_in(&self.folder)?;
        file.write_all(&vec![0x5a; PROBE_BYTES])?;
        file.sync_all()
    }

    /// Why nothing can be written, for whoever asks; nothing of any life is in it.
    pub(crate) fn ailment(&self) -> Option<&'static str> {
        *self.ailment.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn ailment(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk takes no more moments: it is full"
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
            "the disk takes no more moments: it is read-only"
        }
        _ => "the disk takes no more moments: it fails; the log says how",
    }
}
