//! The snapshots on disk, `windows/N.json`: which windows there are, and one of them.

use super::snapshot::{self, SnapshotError};
use crate::{players::House, world::Scene};
use otivm_api::ClosedWindows;
use otivm_rules::{
    At,
    time::{Window, WorldClock},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::Mutex;

/// Snapshots kept: two weeks of the default world, and longer than any sensible pause of 1103.
const KEPT: i64 = 4096;
/// Windows in one list.
const LISTED_MAX: usize = 1000;

pub(crate) struct Book {
    folder: PathBuf,
    clock: WorldClock,
    /// Held while a window is being closed, so that it is closed once.
    closing: Mutex<()>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum WindowError {
    #[error("window {window} is open until {closes_at_us} microseconds since 1970; ask again then")]
    Open { window: i64, closes_at_us: i64 },
    #[error("window {0} was before this house, or is no longer kept")]
    Unknown(i64),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Book {
    pub(crate) fn open(data_dir: &Path, clock: WorldClock) -> io::Result<Self> {
        let folder = data_dir.join("windows");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, clock, closing: Mutex::new(()) })
    }

    pub(crate) fn list(&self, after: Option<i64>, now: At) -> ClosedWindows {
        let open = self.clock.window(now).0;
        let first = after.map_or(i64::MIN, |after| after.saturating_add(1)).max(self.oldest(now));
        ClosedWindows {
            windows: (first..open).take(LISTED_MAX).collect(),
            open,
            window_us: self.clock.window_us,
        }
    }

    /// The snapshot's bytes, the same whenever they are asked for.
    pub(crate) async fn snapshot(
        &self,
        house: &House,
        scene: Option<Arc<Scene>>,
        window: i64,
        now: At,
    ) -> Result<Vec<u8>, WindowError> {
        if window >= self.clock.window(now).0 {
            let closes_at_us = self.clock.window_end(Window(window)).0;
            return Err(WindowError::Open { window, closes_at_us });
        }
        if window < self.oldest(now) {
            return Err(WindowError::Unknown(window));
        }
        let path = self.path(window);
        let _closing = self.closing.lock().await;
        if let Some(bytes) = read(&path)? {
            return Ok(bytes);
        }
        let bytes = snapshot::take(house, scene, self.clock, Window(window)).await?;
        let (written, target) = (bytes.clone(), path.clone());
        let outcome =
            tokio::task::spawn_blocking(move || theron_service::write_whole(&target, &written));
        match outcome.await {
            Ok(Ok(())) => Ok(bytes),
            Ok(Err(source)) => Err(WindowError::Io { path, source }),
            Err(gone) => Err(WindowError::Io { path, source: io::Error::other(gone) }),
        }
    }

    /// Windows that have closed and have no snapshot yet, ascending.
    pub(super) fn unwritten(&self, now: At) -> Result<Vec<i64>, WindowError> {
        let written: std::collections::BTreeSet<i64> = self.written()?.into_iter().collect();
        let open = self.clock.window(now).0;
        Ok((self.oldest(now)..open).filter(|window| !written.contains(window)).collect())
    }

    /// The window that is open at a time.
    pub(super) fn open_window(&self, now: At) -> i64 {
        self.clock.window(now).0
    }

    /// Deletes what is no longer kept.
    pub(super) fn prune(&self, now: At) -> Result<(), WindowError> {
        let oldest = self.oldest(now);
        for window in self.written()?.into_iter().filter(|window| *window < oldest) {
            let path = self.path(window);
            std::fs::remove_file(&path).map_err(|source| WindowError::Io { path, source })?;
        }
        Ok(())
    }

    /// The first that can be asked for: the house's first, or the oldest that is kept.
    fn oldest(&self, now: At) -> i64 {
        let first = self.clock.window(self.clock.start).0;
        first.max(self.clock.window(now).0.saturating_sub(KEPT))
    }

    fn written(&self) -> Result<Vec<i64>, WindowError> {
        let within = |source| WindowError::Io { path: self.folder.clone(), source };
        let mut windows = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(within)? {
            let name = entry.map_err(within)?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".json"));
            windows.extend(number.and_then(|number| number.parse::<i64>().ok()));
        }
        Ok(windows)
    }

    fn path(&self, window: i64) -> PathBuf {
        self.folder.join(format!("{window}.json"))
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, WindowError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(WindowError::Io { path: path.to_owned(), source }),
    }
}
