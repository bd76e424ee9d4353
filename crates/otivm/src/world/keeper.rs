//! Holds the scene and changes it: a release or a derived window comes in, calls see all of it or none.

use super::{LoadError, LoadedRelease, Scene, derived, files::Files};
use crate::json_file::{read_json, write_json};
use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use otivm_rules::World;
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tessera_store_api::DerivedWindow;
use tessera_world::ReleaseId;

/// The note of the last confirmation is written again when it is older than this; a restart without
/// the store then knows the age of its world to the minute.
const NOTE_EVERY_SECONDS: i64 = 60;

pub(crate) struct Keeper {
    files: Files,
    scene: ArcSwapOption<Scene>,
    parts: Mutex<Parts>,
}

#[derive(Default)]
struct Parts {
    release: Option<Arc<LoadedRelease>>,
    derived: Option<DerivedWindow>,
    confirmed: Option<Confirmed>,
    /// As it stands on the disk.
    noted: Option<Confirmed>,
}

/// When the store last said which release is current.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Confirmed {
    pub(crate) release: ReleaseId,
    pub(crate) at: Timestamp,
}

impl Keeper {
    pub(crate) fn new(data_dir: &Path) -> io::Result<Self> {
        let files = Files::in_data_dir(data_dir)?;
        let derived = unless_broken(&files.derived());
        let confirmed: Option<Confirmed> = unless_broken(&files.confirmed());
        let parts = Parts { release: None, derived, noted: confirmed.clone(), confirmed };
        Ok(Self { files, scene: ArcSwapOption::empty(), parts: Mutex::new(parts) })
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn scene(&self) -> Option<Arc<Scene>> {
        self.scene.load_full()
    }

    /// The release in the cache that was current last, by name alone.
    pub(crate) fn likely_release(&self) -> Option<ReleaseId> {
        let confirmed = self.parts().confirmed.as_ref().map(|confirmed| confirmed.release.clone());
        let cached = self.files.releases().unwrap_or_default();
        confirmed.filter(|id| cached.contains(id)).or_else(|| cached.into_iter().next())
    }

    /// Opens the newest whole release of the cache. Blocks.
    pub(crate) fn open_cached(&self) {
        let mut ids: Vec<ReleaseId> = self.likely_release().into_iter().collect();
        ids.extend(
            self.files
                .releases()
                .unwrap_or_default()
                .into_iter()
                .filter(|id| !ids.contains(id))
                .collect::<Vec<_>>(),
        );
        for id in ids {
            match LoadedRelease::open(&self.files, &id) {
                Ok(release) => {
                    tracing::info!(release = %id, "the world comes from the cache");
                    return self.set_release(Arc::new(release));
                }
                Err(error) => {
                    tracing::error!(release = %id, error = &error as &dyn std::error::Error, "a cached release is broken and not used");
                }
            }
        }
    }

    /// Reads a release that was just fetched, and plays in it when all of it is ready. Blocks.
    pub(crate) fn open_fetched(&self, id: &ReleaseId) -> Result<(), LoadError> {
        let release = LoadedRelease::open(&self.files, id)?;
        release.passages.chart()?;
        self.set_release(Arc::new(release));
        tracing::info!(release = %id, "play goes on in a new release");
        if let Err(error) = self.files.prune(id) {
            tracing::warn!(%error, "an old release could not be deleted");
        }
        Ok(())
    }

    fn set_release(&self, release: Arc<LoadedRelease>) {
        let mut parts = self.parts();
        parts.release = Some(release);
        self.show(&parts);
    }

    /// Takes a derived window: into play, and onto the disk for the next start. Blocks.
    pub(crate) fn set_derived(&self, window: DerivedWindow) -> io::Result<()> {
        let written = write_json(&self.files.derived(), &window);
        let mut parts = self.parts();
        parts.derived = Some(window);
        self.show(&parts);
        written
    }

    /// The store said at `at` that `release` is current. Blocks now and then.
    pub(crate) fn confirm(&self, release: &ReleaseId, at: Timestamp) -> io::Result<()> {
        let confirmed = Confirmed { release: release.clone(), at };
        let is_new = {
            let mut parts = self.parts();
            parts.confirmed = Some(confirmed.clone());
            let fresh = |noted: &Confirmed| {
                noted.release == confirmed.release
                    && (0..NOTE_EVERY_SECONDS).contains(&at.duration_since(noted.at).as_secs())
            };
            let is_new = !parts.noted.as_ref().is_some_and(fresh);
            if is_new {
                parts.noted = Some(confirmed.clone());
            }
            is_new
        };
        if is_new { write_json(&self.files.confirmed(), &confirmed) } else { Ok(()) }
    }

    pub(crate) fn confirmed(&self) -> Option<Confirmed> {
        self.parts().confirmed.clone()
    }

    /// Whether the derived window in hand is already the one with this number.
    pub(crate) fn has_derived(&self, number: u64) -> bool {
        self.parts().derived.as_ref().is_some_and(|window| window.window == number)
    }

    fn show(&self, parts: &Parts) {
        let Some(release) = &parts.release else { return };
        let mut rules = World::new(release.towns.iter().cloned());
        rules.set_collective(parts.derived.as_ref().map(derived::collective).unwrap_or_default());
        let derived = parts.derived.as_ref().and_then(derived::mark);
        let scene = Scene { release: Arc::clone(release), rules, derived };
        self.scene.store(Some(Arc::new(scene)));
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        // Each change is one assignment; a panic leaves none half done.
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A note that cannot be read is named and then done without: the store will say it again.
fn unless_broken<T: serde::de::DeserializeOwned>(path: &Path) -> Option<T> {
    read_json(path).unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), %error, "a note of the cache cannot be read and is not used");
        None
    })
}
