//! One run from sources to a release file and its assay, without a service around it.

use crate::checkpoint::{Checkpoints, WorldSum};
use crate::release;
use crate::sources::Sources;
use crate::stage::{self, Outcome, Tick};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tessera_checks::finding::Report;
use tessera_pipeline_api::{ReleaseSummary, Step};
use tessera_release::ReleaseFile;
use tessera_stage::staged::Staged;
use tessera_tiles::Tile;
use tessera_world::ReleaseId;

pub const RELEASE_FILE: &str = "world.sqlite3";
pub const ASSAY_HTML: &str = "assay.html";
pub const ASSAY_JSON: &str = "assay.json";

/// Rows that were left out, as JSON.
pub const QUARANTINE_JSON: &str = "quarantine.json";

/// What a run left in its folder.
pub struct Finished {
    pub report: Report,
    /// `None` where a finding is an error: nothing was written.
    pub release: Option<ReleaseSummary>,
    pub zones: u64,
    pub places: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("drawing the tiles: {0}")]
    Tiles(#[from] tessera_tiles::TileError),
    #[error("the release: {0}")]
    Release(#[from] tessera_release::Error),
    #[error("writing the assay")]
    Json(#[from] serde_json::Error),
    #[error("the run was told to stop")]
    Stopped,
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
/// `stop` is looked at between steps.
pub fn run(
    sources: &Sources,
    into: &Path,
    folder: &Path,
    progress: Progress<'_>,
    stop: &AtomicBool,
) -> Result<Finished, RunError> {
    run_from(sources, into, folder, progress, stop, None)
}

/// The same from where it was cut off; each step leaves a checkpoint for that.
pub fn run_from(
    sources: &Sources,
    into: &Path,
    folder: &Path,
    progress: Progress<'_>,
    stop: &AtomicBool,
    kept: Option<&Checkpoints<'_>>,
) -> Result<Finished, RunError> {
    let go_on = || if stop.load(Ordering::Relaxed) { Err(RunError::Stopped) } else { Ok(()) };
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let taken = kept.and_then(Checkpoints::staged);
    let (staged, report, world) = if let Some((staged, report, world)) = taken {
        (staged, report, Some(world))
    } else {
        let Outcome { staged, report } =
            stage::stage(sources, into, &|done, total| progress(Step::Stage, done, total));
        go_on()?;
        let world = kept.and_then(|kept| kept.keep_staged(&staged, &report));
        (staged, report, world)
    };
    let kept = kept.zip(world.as_ref());
    go_on()?;
    let found = kept.and_then(|(kept, world)| kept.report(world)).unwrap_or_else(|| {
        progress(Step::Check, 0, 1);
        let mut found = report;
        tessera_checks::check(&staged, &mut found);
        if let Some((kept, world)) = kept {
            kept.keep_report(world, &found);
        }
        found
    });
    go_on()?;
    let release = if found.promotable() {
        Some(release(&staged, folder, progress, &go_on, kept)?)
    } else {
        None
    };
    go_on()?;
    progress(Step::Assay, 0, 1);
    report_on(&staged, found, release, folder)
}

/// The release file's checksum and length: as it is there already, or drawn and written.
fn release(
    staged: &Staged,
    folder: &Path,
    progress: Progress<'_>,
    go_on: &dyn Fn() -> Result<(), RunError>,
    kept: Option<(&Checkpoints<'_>, &WorldSum)>,
) -> Result<(String, u64), RunError> {
    if let Some(written) = kept.and_then(|(kept, world)| kept.release(world)) {
        return Ok(written);
    }
    remove_if_there(&folder.join(RELEASE_FILE))?;
    let taken = kept.and_then(|(kept, world)| kept.tiles(world));
    let tiles = if let Some(tiles) = taken {
        tiles
    } else {
        let tiles =
            tessera_tiles::render(staged, &|done, total| progress(Step::Tiles, done, total))?;
        if let Some((kept, world)) = kept {
            kept.keep_tiles(world, &tiles);
        }
        tiles
    };
    go_on()?;
    let file = write(staged, &tiles, folder, &|done, total| progress(Step::Write, done, total))?;
    if let Some((kept, world)) = kept {
        kept.keep_release(world, &file.sha256, file.bytes);
    }
    Ok((file.sha256, file.bytes))
}

/// Writes the assay and the quarantine; the last step of every run.
pub(crate) fn report_on(
    staged: &Staged,
    report: Report,
    release: Option<(String, u64)>,
    folder: &Path,
) -> Result<Finished, RunError> {
    let release = release.and_then(|(sha256, bytes)| {
        Some(ReleaseSummary {
            id: ReleaseId::from_sha256(&sha256).ok()?.to_string(),
            sha256,
            bytes,
            zones: staged.zones.len() as u64,
            places: staged.places.len() as u64,
        })
    });
    let page = tessera_assay::html(staged, &report, release.as_ref());
    let json = tessera_assay::json(staged, &report, release.as_ref());
    put(&folder.join(ASSAY_HTML), page.as_bytes())?;
    put(&folder.join(ASSAY_JSON), &serde_json::to_vec_pretty(&json)?)?;
    put(&folder.join(QUARANTINE_JSON), &serde_json::to_vec_pretty(&report.quarantine)?)?;
    Ok(Finished {
        release,
        zones: staged.zones.len() as u64,
        places: staged.places.len() as u64,
        report,
    })
}

fn write(
    staged: &Staged,
    tiles: &[Tile],
    folder: &Path,
    tick: Tick<'_>,
) -> Result<ReleaseFile, RunError> {
    // A half-written release never has the release's name: it is made beside it and moved.
    let half = folder.join("world.half");
    let path = folder.join(RELEASE_FILE);
    remove_if_there(&half)?;
    let written = release::write(staged, tiles, &half, tick)?;
    std::fs::rename(&half, &path).map_err(at(&path))?;
    Ok(ReleaseFile { path, ..written })
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    std::fs::write(path, bytes).map_err(at(path))
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
