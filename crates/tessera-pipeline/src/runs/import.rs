//! A release that was prepared elsewhere: taken in whole, then judged by the same rules as one of ours.

use super::{NewRun, Shelf, ShelfError};
use crate::run::{self, Finished, Live, RunError};
use std::path::{Path, PathBuf};
use tessera_checks::finding::Report;
use tessera_pipeline_api::{Run, RunKind};
use tessera_release::Release;
use tessera_stage::raster::Raster;
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Clash, Staged};
use tokio::io::AsyncWriteExt;

/// A release of resolution 7 with all layers is about 3 GB.
pub(crate) const IMPORT_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// What an SQLite file begins with; anything else is refused before it fills the disk.
const MAGIC: &[u8] = b"SQLite format 3\0";

#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    #[error("the body is no SQLite file; send a release file as `tessera-pipeline run` writes it")]
    NotARelease,
    #[error("the release is larger than {IMPORT_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the body broke off after {0} bytes; send it again")]
    BrokeOff(u64),
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

/// A body on its way into a file.
pub(crate) struct Intake {
    folder: PathBuf,
    file: tokio::fs::File,
    temporary: tempfile::TempPath,
    head: Vec<u8>,
    bytes: u64,
}

impl Intake {
    pub(crate) fn begin(shelf: &Shelf, data_dir: &Path) -> Result<Self, IntakeError> {
        shelf.admits()?;
        let within = |source| ShelfError::Io { path: data_dir.to_owned(), source };
        let file =
            tempfile::Builder::new().prefix("import-").tempfile_in(data_dir).map_err(within)?;
        let (file, temporary) = file.into_parts();
        let file = tokio::fs::File::from_std(file);
        Ok(Self { folder: data_dir.to_owned(), file, temporary, head: Vec::new(), bytes: 0 })
    }

    pub(crate) async fn take(&mut self, chunk: &[u8]) -> Result<(), IntakeError> {
        self.bytes += chunk.len() as u64;
        if self.bytes > IMPORT_BYTES_MAX {
            return Err(IntakeError::TooLarge);
        }
        let missing = MAGIC.len().saturating_sub(self.head.len());
        self.head.extend(chunk.iter().take(missing));
        if !MAGIC.starts_with(&self.head) {
            return Err(IntakeError::NotARelease);
        }
        self.file.write_all(chunk).await.map_err(|source| self.within(source))
    }

    /// The whole body is there: queues the run that judges it.
    pub(crate) async fn finish(
        mut self,
        shelf: &Shelf,
        created_at: String,
    ) -> Result<Run, IntakeError> {
        if self.head.len() < MAGIC.len() {
            return Err(IntakeError::NotARelease);
        }
        self.file.flush().await.map_err(|source| self.within(source))?;
        self.file.sync_all().await.map_err(|source| self.within(source))?;
        let world = match Release::open(&self.temporary) {
            Ok(release) => release.info().title.clone(),
            Err(_broken) => return Err(IntakeError::NotARelease),
        };
        let new = NewRun { kind: RunKind::Import, world, sent: None, created_at };
        Ok(shelf.add(new, Some(&self.temporary))?)
    }

    pub(crate) fn broke_off(&self) -> IntakeError {
        IntakeError::BrokeOff(self.bytes)
    }

    fn within(&self, source: std::io::Error) -> IntakeError {
        ShelfError::Io { path: self.folder.clone(), source }.into()
    }
}

/// Reads a release back into a world and lets the rules look at it.
pub(super) fn check_import(folder: &Path, live: Live) -> Result<Finished, RunError> {
    let path = folder.join(run::RELEASE_FILE);
    let release = Release::open(&path)?;
    release.check()?;
    let staged = staged(&release)?;
    let mut report = Report::default();
    tessera_checks::check(&staged, &mut report);
    let (sha256, bytes) = tessera_release::checksum(&path)
        .map_err(|source| RunError::Io { path: path.clone(), source })?;
    let comparison = run::against(&staged, live, &mut report);
    run::report_on(&staged, report, &comparison, Some((sha256, bytes)), folder)
}

/// The world of a release file. Land, river lines and the raster are not in it: their rules see nothing.
fn staged(release: &Release) -> Result<Staged, tessera_release::Error> {
    let mut staged = Staged::empty(release.info(), Vec::new());
    let (mut rivers, mut lakes, mut conflicts) = (Vec::new(), Vec::new(), Vec::new());
    release.for_each_cell(|cell| {
        let index = staged.zones.len();
        staged.zones.push(cell.zone);
        staged.terrain.push(cell.terrain);
        staged.surface.push(cell.surface);
        staged.bathymetry.push(cell.bathymetry);
        staged.climate.push(cell.climate);
        staged.land_cover.push(cell.land_cover);
        rivers.extend(cell.river.map(|river| (index, river)));
        lakes.extend(cell.lake.map(|lake| (index, lake)));
        conflicts.extend(cell.conflicts.into_iter().map(|conflict| (index, Clash::from(conflict))));
        let coarse = cell.zone.ancestor(staged.coarse_resolution).unwrap_or(cell.zone);
        if staged.coarse_zones.last() != Some(&coarse) {
            staged.coarse_zones.push(coarse);
            staged.wind.push(cell.wind);
            staged.current.push(cell.current);
            staged.weather.push(cell.weather);
            staged.geology.push(cell.geology);
        }
    })?;
    staged.river = Sparse::from_unsorted(rivers);
    staged.lake = Sparse::from_unsorted(lakes);
    staged.conflicts = Sparse::from_unsorted(conflicts);
    staged.places = release.places()?;
    staged.sources = release.sources()?;
    staged.provenances = release.provenances()?;
    staged.elevation = Raster::empty();
    Ok(staged)
}
