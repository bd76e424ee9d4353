//! Tiles out of the release file: a few connections that are handed round.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use tessera_release::{Error, Release, TileAddress, Tileset};

/// Connections kept open between calls; more are opened for a moment when more calls come at once.
const KEPT_MAX: usize = 4;

pub(crate) struct Tiles {
    path: PathBuf,
    idle: Mutex<Vec<Release>>,
}

impl Tiles {
    pub(crate) fn new(release: Release) -> Self {
        Self { path: release.path().to_owned(), idle: Mutex::new(vec![release]) }
    }

    /// Blocks while it reads.
    pub(crate) fn get(&self, tileset: Tileset, at: TileAddress) -> Result<Option<Vec<u8>>, Error> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let release = taken.map_or_else(|| Release::open(&self.path), Ok)?;
        let tile = release.tile(tileset, at)?;
        let mut idle = idle();
        if idle.len() < KEPT_MAX {
            idle.push(release);
        }
        Ok(tile)
    }
}
