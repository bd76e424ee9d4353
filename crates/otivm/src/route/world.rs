//! The release that a question is put to.

use super::gazetteer::{self, Spot, UnknownPlace};
use crate::world::draw;
use otivm_travel::Chart;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};
use tessera_release::Release;
use tessera_world::Place;

/// Folders below the data folder that are searched for releases.
const DEPTH_MOST: u32 = 5;

pub(super) struct World {
    chart: Arc<Chart>,
    places: Vec<Place>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum NoWorld {
    #[error(
        "there is no release below {}; make a world with `cargo xtask up`, or name a file with --release",
        .0.display()
    )]
    None(PathBuf),
    #[error("searching {} for releases", .folder.display())]
    Search { folder: PathBuf, source: io::Error },
    #[error("reading the release")]
    Release(#[from] tessera_release::Error),
}

impl World {
    /// The file that is named, or the newest release below a folder.
    pub(super) fn open(named: Option<&Path>, data_dir: &Path) -> Result<Self, NoWorld> {
        let release = match named {
            Some(path) => Release::open(path)?,
            None => newest(data_dir)?,
        };
        Ok(Self { chart: draw(&release)?, places: release.places()? })
    }

    pub(super) fn chart(&self) -> Arc<Chart> {
        Arc::clone(&self.chart)
    }

    pub(super) fn place(&self, text: &str) -> Result<Spot, UnknownPlace> {
        gazetteer::find(&self.places, text)
    }
}

/// Other SQLite files lie there too (seats, windows): what does not open as a release is passed over.
fn newest(folder: &Path) -> Result<Release, NoWorld> {
    let mut found = Vec::new();
    if folder.is_dir() {
        let searched = collect(folder, DEPTH_MOST, &mut found);
        searched.map_err(|source| NoWorld::Search { folder: folder.to_owned(), source })?;
    }
    found.sort_unstable();
    let mut newest_first = found.iter().rev();
    newest_first
        .find_map(|(_, path)| Release::open(path).ok())
        .ok_or_else(|| NoWorld::None(folder.to_owned()))
}

fn collect(folder: &Path, depth: u32, found: &mut Vec<(SystemTime, PathBuf)>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            collect(&path, depth - 1, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|suffix| suffix == "sqlite3") {
            found.push((entry.metadata()?.modified()?, path));
        }
    }
    Ok(())
}
