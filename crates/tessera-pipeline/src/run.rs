//! One run from sources to a release file and its assay, without a service around it.

use crate::finding::Report;
use crate::release::{self, Tile};
use crate::rules;
use crate::sources::Sources;
use crate::stage::{self, Outcome, Tick};
use crate::staged::Staged;
use crate::tiles;
use std::path::{Path, PathBuf};
use tessera_pipeline_api::Step;
use tessera_release::ReleaseFile;

pub const RELEASE_FILE: &str = "world.sqlite3";
pub const ASSAY_HTML: &str = "assay.html";
pub const ASSAY_JSON: &str = "assay.json";

/// What a run left in its folder.
pub struct Finished {
    pub report: Report,
    /// `None` where a finding is an error: nothing was written.
    pub release: Option<ReleaseFile>,
    pub zones: u64,
    pub places: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("drawing the tiles: {0}")]
    Tiles(#[from] tiles::TileError),
    #[error("writing the release: {0}")]
    Release(#[from] tessera_release::Error),
}

/// Called with the step, and how much of it is done.
pub type Progress<'a> = &'a (dyn Fn(Step, u64, u64) + Sync);

/// How far along a whole run is, thousandths, as its steps take their time on the default world.
pub fn permille(step: Step, done: u64, total: u64) -> u16 {
    let (from, to): (u16, u16) = match step {
        Step::Stage => (0, 350),
        Step::Check => (350, 450),
        Step::Tiles => (450, 800),
        Step::Write => (800, 950),
        Step::Assay => (950, 1000),
    };
    let share = done.min(total) as f64 / total.max(1) as f64;
    from + (f64::from(to - from) * share) as u16
}

/// Stages, checks, draws, writes and reports; what an earlier run left half done in `folder` is replaced.
pub fn run(sources: &Sources, into: &Path, folder: &Path, progress: Progress<'_>) -> Result<Finished, RunError> {
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let outcome = stage::stage(sources, into, &|done, total| progress(Step::Stage, done, total));
    let Outcome { staged, mut report } = outcome;
    progress(Step::Check, 0, 1);
    rules::check(&staged, &mut report);
    progress(Step::Check, 1, 1);
    let release = if report.promotable() {
        let tiles = draw(&staged, &|done, total| progress(Step::Tiles, done, total))?;
        Some(write(&staged, &tiles, folder, &|done, total| progress(Step::Write, done, total))?)
    } else {
        None
    };
    progress(Step::Assay, 0, 1);
    assay(&staged, &report, folder)?;
    progress(Step::Assay, 1, 1);
    Ok(Finished {
        report,
        release,
        zones: staged.zones.len() as u64,
        places: staged.places.len() as u64,
    })
}

fn draw(staged: &Staged, tick: Tick<'_>) -> Result<Vec<Tile>, RunError> {
    Ok(tiles::render(staged, tick)?)
}

fn write(staged: &Staged, tiles: &[Tile], folder: &Path, tick: Tick<'_>) -> Result<ReleaseFile, RunError> {
    // A half-written release never has the release's name: it is made beside it and moved.
    let half = folder.join("world.half");
    let path = folder.join(RELEASE_FILE);
    remove_if_there(&half)?;
    let written = release::write(staged, tiles, &half, tick)?;
    std::fs::rename(&half, &path).map_err(at(&path))?;
    Ok(ReleaseFile { path, ..written })
}

fn assay(_staged: &Staged, report: &Report, folder: &Path) -> Result<(), RunError> {
    let path = folder.join(ASSAY_JSON);
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    std::fs::write(&path, text).map_err(at(&path))
}

fn remove_if_there(path: &Path) -> Result<(), RunError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> RunError {
    let path = path.to_owned();
    move |source| RunError::Io { path, source }
}
