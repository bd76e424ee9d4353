//! One run from sources to a release file and its assay, without a service around it.

use crate::checkpoint::{Checkpoints, WorldSum};
use crate::release;
use crate::sources::Sources;
use crate::stage::{self, Outcome, Tick};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tessera_assay::Assay;
use tessera_checks::difference::{Comparison, Difference};
use tessera_checks::doubt::Doubts;
use tessera_checks::finding::Report;
use tessera_checks::pyramid;
use tessera_pipeline_api::{ReleaseSummary, Step};
use tessera_release::{FeatureQuery, Release, ReleaseFile, Tileset};
use tessera_stage::staged::Staged;
use tessera_tiles::Tile;
use tessera_world::ReleaseId;

pub const RELEASE_FILE: &str = "world.sqlite3";
/// A release that is being written: it has the release's name only whole.
pub(crate) const HALF_FILE: &str = "world.half";
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
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("drawing the tiles")]
    Tiles(#[from] tessera_tiles::TileError),
    #[error("the release")]
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

/// The release that is live, as far as a run is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    /// Nothing is live yet.
    None,
    /// It could not be had; a sentence.
    Unknown(String),
    /// Its file.
    File(PathBuf),
}

/// What surrounds a run.
pub struct Around<'a> {
    pub progress: Progress<'a>,
    /// Looked at between steps.
    pub stop: &'a AtomicBool,
    /// Asked once, after the check: fetching it may take as long as a step.
    pub live: &'a dyn Fn() -> Live,
    /// Where each step leaves what a run that is cut off goes on from.
    pub kept: Option<&'a Checkpoints<'a>>,
}

/// What the rules say of a staged world.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub report: Report,
    pub doubts: Doubts,
    pub comparison: Comparison,
}

/// Stages, checks, draws, writes and reports; what an earlier run left half done in `folder` is replaced.
pub fn run(
    sources: &Sources,
    into: &Path,
    folder: &Path,
    around: &Around<'_>,
) -> Result<Finished, RunError> {
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let taken = around.kept.and_then(Checkpoints::staged);
    let (mut staged, report, world) = if let Some((staged, report, world)) = taken {
        (staged, report, Some(world))
    } else {
        let Outcome { staged, report } =
            stage::stage(sources, into, &|done, total| (around.progress)(Step::Stage, done, total));
        around.go_on()?;
        let world = around.kept.and_then(|kept| kept.keep_staged(&staged, &report));
        (staged, report, world)
    };
    let kept = around.kept.zip(world.as_ref());
    around.go_on()?;
    let judged = kept.and_then(|(kept, world)| kept.judged(world)).unwrap_or_else(|| {
        let judged = judge(&staged, report, around);
        if let Some((kept, world)) = kept {
            kept.keep_judged(world, &judged);
        }
        judged
    });
    let Judged { mut report, doubts, comparison } = judged;
    doubts.mark(&mut staged);
    around.go_on()?;
    let release = if report.promotable() {
        release(&staged, &mut report, folder, around, kept)?
    } else {
        None
    };
    around.go_on()?;
    (around.progress)(Step::Assay, 0, 1);
    report_on(&staged, report, &comparison, release, folder)
}

impl Around<'_> {
    fn go_on(&self) -> Result<(), RunError> {
        if self.stop.load(Ordering::Relaxed) { Err(RunError::Stopped) } else { Ok(()) }
    }
}

/// The rules, and the comparison with the live release.
fn judge(staged: &Staged, mut report: Report, around: &Around<'_>) -> Judged {
    (around.progress)(Step::Check, 0, 2);
    let doubts = tessera_checks::check(staged, &mut report);
    (around.progress)(Step::Check, 1, 2);
    let comparison = against(staged, (around.live)(), &mut report);
    Judged { report, doubts, comparison }
}

/// How a world stands to the live release; what is for a person to judge goes into the report.
pub(crate) fn against(staged: &Staged, live: Live, report: &mut Report) -> Comparison {
    match live {
        Live::None => Comparison::First,
        Live::Unknown(why) => Comparison::Unknown(why),
        Live::File(path) => compare(staged, &path, report).unwrap_or_else(|error| {
            Comparison::Unknown(format!("the live release cannot be read: {error}"))
        }),
    }
}

fn compare(
    staged: &Staged,
    live: &Path,
    report: &mut Report,
) -> Result<Comparison, tessera_release::Error> {
    let live = Release::open(live)?;
    let mut difference = Difference::new(staged);
    live.for_each_cell(|cell| difference.cell(&cell))?;
    for collection in live.collections()? {
        live.visit_features(&FeatureQuery::of(&collection.id), None, |feature| {
            difference.feature(feature);
            ControlFlow::Continue(())
        })?;
    }
    let places = live.places()?;
    let change = difference.finish(&live.info().title, &places);
    change.report(places.len(), report);
    Ok(Comparison::Compared(change))
}

/// The release file's checksum and length: as it is there already, or drawn and written; `None` where the
/// tiles have a gap, which the report then says.
fn release(
    staged: &Staged,
    report: &mut Report,
    folder: &Path,
    around: &Around<'_>,
    kept: Option<(&Checkpoints<'_>, &WorldSum)>,
) -> Result<Option<(String, u64)>, RunError> {
    if let Some(written) = kept.and_then(|(kept, world)| kept.release(world)) {
        return Ok(Some(written));
    }
    remove_if_there(&folder.join(RELEASE_FILE))?;
    let taken = kept.and_then(|(kept, world)| kept.tiles(world));
    let tiles = if let Some(tiles) = taken {
        tiles
    } else {
        let tiles = tessera_tiles::render(staged, &|done, total| {
            (around.progress)(Step::Tiles, done, total);
        })?;
        if let Some((kept, world)) = kept {
            kept.keep_tiles(world, &tiles);
        }
        tiles
    };
    around.go_on()?;
    let addresses =
        tiles.iter().map(|tile| (tile.tileset.as_str(), (tile.at.z, tile.at.row, tile.at.col)));
    pyramid::tiles(&Tileset::ALL.map(Tileset::as_str), addresses, report);
    if !report.promotable() {
        return Ok(None);
    }
    let file = write(staged, &tiles, folder, &|done, total| {
        (around.progress)(Step::Write, done, total);
    })?;
    if let Some((kept, world)) = kept {
        kept.keep_release(world, &file.sha256, file.bytes);
    }
    Ok(Some((file.sha256, file.bytes)))
}

/// Writes the assay and the quarantine; the last step of every run.
pub(crate) fn report_on(
    staged: &Staged,
    report: Report,
    comparison: &Comparison,
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
    let assay = Assay { staged, report: &report, comparison, release: release.as_ref() };
    put(&folder.join(ASSAY_HTML), assay.html().as_bytes())?;
    put(&folder.join(ASSAY_JSON), &serde_json::to_vec_pretty(&assay.json())?)?;
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
    let half = folder.join(HALF_FILE);
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
