//! A release that was prepared elsewhere: taken in whole, then judged by the same rules as one of ours.

use super::{NewRun, Shelf, ShelfError};
use crate::run::{self, Finished, Live, RunError};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tessera_checks::finding::{Finding, Report};
use tessera_checks::licence;
use tessera_pipeline_api::{Run, RunKind};
use tessera_release::{FeatureQuery, Release};
use tessera_stage::raster::Raster;
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Clash, Era, Staged};
use tessera_store_api::RELEASE_BYTES_MAX;
use tokio::io::AsyncWriteExt;

/// What an SQLite file begins with; anything else is refused before it fills the disk.
const MAGIC: &[u8] = b"SQLite format 3\0";

#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    #[error("the body is no SQLite file; send a release file as `tessera-pipeline run` writes it")]
    NotARelease,
    #[error("the release is larger than {RELEASE_BYTES_MAX} bytes")]
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
        if self.bytes > RELEASE_BYTES_MAX {
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

/// Reads a release back into a world and lets the rules look at it, those about licences too: what a document
/// would have left out cannot be taken out of a release.
pub(super) fn check_import(
    folder: &Path,
    live: Live,
    accepted: &[String],
) -> Result<Finished, RunError> {
    let path = folder.join(run::RELEASE_FILE);
    let release = Release::open(&path)?;
    release.check()?;
    let staged = staged(&release)?;
    let mut report = Report::default();
    for source in &staged.sources {
        let judged = licence::judge(&source.id, &source.licence, accepted);
        report.findings.extend(judged.map(|(rule, sentence)| Finding {
            dataset: Some(source.id.clone()),
            ..tessera_checks::finding(rule, sentence)
        }));
    }
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
    // No interval holds in the last of all years: each zone says its own surface.
    release.for_each_cell_in(i32::MAX, |cell| {
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
    eras_and_roses(release, &mut staged)?;
    for collection in release.collections()? {
        release.visit_features(&FeatureQuery::of(&collection.id), None, |feature| {
            staged.features.push(feature);
            ControlFlow::Continue(())
        })?;
    }
    staged.features.sort_by(|a, b| a.key().cmp(&b.key()));
    staged.places = release.places()?;
    staged.sources = release.sources()?;
    staged.provenances = release.provenances()?;
    staged.elevation = Raster::empty();
    Ok(staged)
}

/// What holds only in some years, and the winds by their roses.
fn eras_and_roses(release: &Release, staged: &mut Staged) -> Result<(), tessera_release::Error> {
    let (mut eras, mut roses) = (Vec::new(), Vec::new());
    for (index, &zone) in staged.zones.iter().enumerate() {
        eras.extend(release.surface_intervals(zone)?.into_iter().map(|held| {
            let (valid_from, valid_to) = (held.valid_from, held.valid_to);
            (index, Era { valid_from, valid_to, surface: held.surface })
        }));
    }
    for (index, &zone) in staged.coarse_zones.iter().enumerate() {
        roses.extend(release.wind_rose(zone)?.map(|rose| (index, rose)));
    }
    staged.surface_intervals = Sparse::from_unsorted(eras);
    staged.wind_rose = Sparse::from_unsorted(roses);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Point;
    use tessera_grid::{BBox, Resolution, zones_in};
    use tessera_world::{
        Certainty, Feature, Provenance, ProvenanceId, ReleaseInfo, RoseMonth, Source, Surface,
        SurfaceKind, WindRose,
    };

    /// A world with what only some years have, what a rose has and a feature.
    fn world() -> Staged {
        let bbox = BBox::new(24.0, 37.0, 25.0, 38.0).unwrap();
        let zones = zones_in(bbox, Resolution::FIVE);
        let info = ReleaseInfo {
            title: "A world".to_owned(),
            epoch: 150,
            epochs: vec![150],
            resolution: Resolution::FIVE,
            coarse_resolution: ReleaseInfo::coarse_resolution_of(Resolution::FIVE),
            bbox,
            zones: zones.len() as u64,
            places: 0,
        };
        let provenance = ProvenanceId(1);
        let surface = |land_permille| Surface {
            kind: if land_permille == 0 { SurfaceKind::Sea } else { SurfaceKind::Land },
            land_permille,
            provenance,
        };
        let mut staged = Staged::empty(&info, zones);
        staged.surface = staged.zones.iter().map(|_| Some(surface(1000))).collect();
        let era = Era { valid_from: 100, valid_to: 200, surface: surface(0) };
        staged.surface_intervals = Sparse::from_unsorted(vec![(3, era)]);
        let rose = WindRose { months: [RoseMonth::default(); 12], provenance };
        staged.wind_rose = Sparse::from_unsorted(vec![(0, rose)]);
        let at = Point::new(24.5, 37.5).into();
        staged.features = vec![Feature::new("ports", "port-1".to_owned(), at, provenance)];
        staged.sources = vec![Source {
            id: "atlas".to_owned(),
            title: "Atlas".to_owned(),
            publisher: "P".to_owned(),
            licence: "CC-BY-NC-4.0".to_owned(),
            attribution: "A".to_owned(),
            edition: "1".to_owned(),
            sha256: "ab".repeat(32),
            url: String::new(),
        }];
        staged.provenances = vec![Provenance {
            id: provenance,
            layer: "surface".to_owned(),
            source: "atlas".to_owned(),
            licence: "CC-BY-NC-4.0".to_owned(),
            certainty: Certainty::Certain,
            method: "drawn".to_owned(),
            valid_from: None,
            valid_to: None,
        }];
        staged
    }

    #[test]
    fn a_release_is_read_back_with_its_features_its_roses_and_its_older_coasts() {
        let (folder, written) = (tempfile::tempdir().unwrap(), world());
        let path = folder.path().join(run::RELEASE_FILE);
        crate::release::write(&written, &[], &path, &|_, _| {}).unwrap();
        let read = staged(&Release::open(&path).unwrap()).unwrap();
        assert_eq!(read.features, written.features);
        let all = |staged: &Staged| {
            let eras: Vec<(usize, Era)> =
                staged.surface_intervals.iter().map(|(index, era)| (index, *era)).collect();
            let roses: Vec<(usize, WindRose)> =
                staged.wind_rose.iter().map(|(index, rose)| (index, *rose)).collect();
            let surfaces: Vec<Option<Surface>> = staged.surface.iter().collect();
            (eras, roses, surfaces)
        };
        assert_eq!(all(&read), all(&written));
    }

    #[test]
    fn a_release_of_a_dataset_that_is_not_free_is_refused_until_its_licence_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(run::RELEASE_FILE);
        crate::release::write(&world(), &[], &path, &|_, _| {}).unwrap();
        let refused = |accepted: &[String]| {
            let finished = check_import(folder.path(), Live::None, accepted).unwrap();
            let findings = finished.report.findings.into_iter();
            let about = findings.filter(|finding| finding.rule.starts_with("licence"));
            about.map(|finding| (finding.rule, finding.dataset.unwrap())).collect::<Vec<_>>()
        };
        let found = ("licence_refused".to_owned(), "atlas".to_owned());
        assert_eq!(refused(&[]), [found]);
        assert_eq!(refused(&["CC-BY-NC-4.0".to_owned()]), []);
    }
}
