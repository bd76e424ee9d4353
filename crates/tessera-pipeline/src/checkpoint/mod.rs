//! What a run's steps leave on the disk, so that a run that was cut off goes on at the step where it was.
//!
//! Each file bears its name only whole and synced, ends in the SHA-256 of all before it, and names the staged
//! world it belongs to by that world's checksum, the staged world its document by that one's. One that is
//! damaged, of another document or of another build is no checkpoint:
//! its step is done again, and because equal sources stage equal worlds, what the later steps left still
//! fits. A checkpoint that the disk does not take costs a repeated step at most; it fails no run.

mod file;
mod world;

use crate::run::{Judged, RELEASE_FILE};
use file::{Broken, Reader, Writer};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};
use tessera_checks::finding::Report;
use tessera_pipeline_api::Step;
use tessera_release::{TileAddress, Tileset};
use tessera_stage::staged::Staged;
use tessera_tiles::Tile;

/// Below a run's folder.
pub(crate) const FOLDER: &str = "checkpoint";

/// Hears which step was taken up from the disk, and how many milliseconds the reading took.
pub type TakenUp<'a> = &'a (dyn Fn(Step, u64) + Sync);

pub struct Checkpoints<'a> {
    folder: PathBuf,
    release: PathBuf,
    /// The checksum of the document that the run is made from now: another's staged world is not taken up.
    document: String,
    taken_up: TakenUp<'a>,
}

/// The checksum of a staged world's checkpoint: what every later one belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldSum(pub(crate) String);

#[derive(Serialize, Deserialize)]
struct Written {
    sha256: String,
    bytes: u64,
}

impl<'a> Checkpoints<'a> {
    /// Of the run in a folder that is made from a document of this checksum.
    pub fn of(folder: &Path, document: String, taken_up: TakenUp<'a>) -> Self {
        let release = folder.join(RELEASE_FILE);
        Self { folder: folder.join(FOLDER), release, document, taken_up }
    }

    fn path(&self, step: Step) -> PathBuf {
        self.folder.join(step.as_str())
    }

    /// The staged world and what was found while it was staged.
    pub fn staged(&self) -> Option<(Staged, Report, WorldSum)> {
        self.take_up(Step::Stage, |path| {
            let mut reader = Reader::open(path, &self.document)?;
            let report = findings(&reader.bytes()?)?;
            let staged = world::read(&mut reader)?;
            Ok((staged, report, WorldSum(reader.sum)))
        })
    }

    /// Keeps a staged world; without its sum nothing later can be kept.
    pub fn keep_staged(&self, staged: &Staged, report: &Report) -> Option<WorldSum> {
        self.keep(Step::Stage, &self.document, |writer| {
            writer.bytes(&json(report)?)?;
            world::write(staged, writer)
        })
        .map(WorldSum)
    }

    pub fn judged(&self, world: &WorldSum) -> Option<Judged> {
        self.take_up(Step::Check, |path| {
            let mut reader = Reader::open(path, &world.0)?;
            let report = findings(&reader.bytes()?)?;
            let (doubts, comparison) = reader.item()?;
            Ok(Judged { report, doubts, comparison })
        })
    }

    pub fn keep_judged(&self, world: &WorldSum, judged: &Judged) {
        self.keep(Step::Check, &world.0, |writer| {
            writer.bytes(&json(&judged.report)?)?;
            writer.item(&(&judged.doubts, &judged.comparison))
        });
    }

    pub fn tiles(&self, world: &WorldSum) -> Option<Vec<Tile>> {
        self.take_up(Step::Tiles, |path| {
            let mut reader = Reader::open(path, &world.0)?;
            let count: u64 = reader.item()?;
            let mut tiles = Vec::new();
            for _ in 0..count {
                let (tileset, z, row, col): (Tileset, u8, u32, u32) = reader.item()?;
                let at = TileAddress { z, row, col };
                tiles.push(Tile { tileset, at, data: reader.bytes()? });
            }
            Ok(tiles)
        })
    }

    pub fn keep_tiles(&self, world: &WorldSum, tiles: &[Tile]) {
        self.keep(Step::Tiles, &world.0, |writer| {
            writer.item(&(tiles.len() as u64))?;
            for tile in tiles {
                writer.item(&(tile.tileset, tile.at.z, tile.at.row, tile.at.col))?;
                writer.bytes(&tile.data)?;
            }
            Ok(())
        });
    }

    /// Checksum and length of the release file, if it is there as it was written.
    pub fn release(&self, world: &WorldSum) -> Option<(String, u64)> {
        self.take_up(Step::Write, |path| {
            let written: Written = Reader::open(path, &world.0)?.item()?;
            let (sha256, bytes) = tessera_release::checksum(&self.release)?;
            if sha256 != written.sha256 {
                return Err(Broken::Content("the release file is not the one that was written"));
            }
            Ok((sha256, bytes))
        })
    }

    pub fn keep_release(&self, world: &WorldSum, sha256: &str, bytes: u64) {
        let written = Written { sha256: sha256.to_owned(), bytes };
        self.keep(Step::Write, &world.0, |writer| writer.item(&written));
    }

    fn take_up<T>(&self, step: Step, read: impl FnOnce(&Path) -> Result<T, Broken>) -> Option<T> {
        let (path, begun) = (self.path(step), Instant::now());
        match read(&path) {
            Ok(found) => {
                (self.taken_up)(step, begun.elapsed().as_millis() as u64);
                Some(found)
            }
            Err(Broken::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(broken) => {
                tracing::warn!(
                    path = %path.display(),
                    error = &broken as &dyn std::error::Error,
                    "a checkpoint is not used; its step is done again"
                );
                None
            }
        }
    }

    fn keep(
        &self,
        step: Step,
        world: &str,
        write: impl FnOnce(&mut Writer) -> Result<(), Broken>,
    ) -> Option<String> {
        let path = self.path(step);
        let begun = Instant::now();
        let kept = fs::create_dir_all(&self.folder).map_err(Broken::from).and_then(|()| {
            let mut writer = Writer::create(&path, world)?;
            write(&mut writer)?;
            writer.finish()
        });
        match kept {
            Ok((sum, bytes)) => {
                let milliseconds = begun.elapsed().as_millis() as u64;
                tracing::info!(step = step.as_str(), bytes, milliseconds, "a checkpoint was kept");
                Some(sum)
            }
            Err(broken) => {
                tracing::warn!(
                    path = %path.display(),
                    error = &broken as &dyn std::error::Error,
                    "a checkpoint was not kept; its step is repeated if the run is cut off"
                );
                None
            }
        }
    }
}

/// Findings are JSON everywhere.
fn json(report: &Report) -> Result<Vec<u8>, Broken> {
    serde_json::to_vec(report).map_err(|error| Broken::Io(error.into()))
}

fn findings(json: &[u8]) -> Result<Report, Broken> {
    serde_json::from_slice(json).map_err(|error| Broken::Io(error.into()))
}
