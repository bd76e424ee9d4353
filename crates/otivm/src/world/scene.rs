//! What a call sees of the world, all of one piece while the call lasts.

use super::LoadedRelease;
use jiff::Timestamp;
use otivm_rules::{PlaceId, World};
use std::sync::Arc;
use tessera_world::Place;

pub(crate) struct Scene {
    pub(crate) release: Arc<LoadedRelease>,
    /// The towns of the release under what everyone has done.
    pub(crate) rules: World,
    pub(crate) derived: Option<Derived>,
}

/// The window that prices follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Derived {
    pub(crate) window: i64,
    pub(crate) closed_at: Timestamp,
}

/// Where a life begins: the harbour of Rome.
const HOME: &str = "ostia";

impl Scene {
    pub(crate) fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.release.places.get(id.as_str())
    }

    /// Ostia; in a world without it, the greatest of the ports.
    pub(crate) fn home(&self) -> Option<PlaceId> {
        let ports = || self.rules.towns().filter(|town| town.sea_harbour);
        ports()
            .find(|town| town.id.as_str() == HOME)
            .or_else(|| ports().min_by_key(|town| town.rank))
            .map(|town| town.id.clone())
    }
}
