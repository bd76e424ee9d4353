//! Stage: every dataset is read and put on the zones. A dataset that cannot be read stops alone, named by
//! file, row and rule; its layer stays empty, and the checks that follow say what that leaves out.

use crate::adapters::{
    Broken, file_name, netcdf,
    picture::{self, Classes, Legend},
    places::{self as place_table, PlaceTable},
    vectors::{self, DrainageLink, RiverRecord},
};
use crate::finding::{Finding, Quarantined, Report};
use crate::layers::{climate, places, river, surface, terrain, wind};
use crate::raster::Raster;
use crate::rules;
use crate::scan::Rows;
use crate::sources::{Adapter, Dataset, Sources};
use crate::staged::Staged;
use geo_types::Polygon;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tessera_grid::{BBox, zones_in};
use tessera_world::{Certainty, Provenance, ProvenanceId, Source};

/// Datasets that are read at a time: each may hold a file in memory, the largest 37 MB.
const READERS: usize = 2;

/// What an adapter gave.
enum Reading {
    Elevation { raster: Raster, drift_degrees: f64 },
    Wind(wind::Months),
    Land(Vec<Polygon>),
    Rivers(Vec<RiverRecord>),
    Drainage(Vec<DrainageLink>),
    Climate(Classes, Legend),
    Places(PlaceTable),
}

/// A dataset that was read: what it gave, the rows it left out, the file's checksum.
struct ReadDataset {
    reading: Reading,
    bad: Vec<(u64, &'static str, String)>,
    sha256: String,
}

/// The staged world and everything that was noticed on the way.
pub struct Outcome {
    pub staged: Staged,
    pub report: Report,
}

/// Called with done and total steps, from any thread.
pub type Tick<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Layers put on the zones after the datasets are read.
const LAYERS: u64 = 6;

pub fn stage(sources: &Sources, into: &Path, tick: Tick<'_>) -> Outcome {
    let total = sources.dataset.len() as u64 + LAYERS;
    let read = read_all(sources, into, &|done| tick(done, total));
    let world = &sources.world;
    let zones = zones_in(world.bbox, world.resolution);
    let info = tessera_world::ReleaseInfo {
        title: world.title.clone(),
        epoch: world.epoch,
        resolution: world.resolution,
        bbox: world.bbox,
        zones: zones.len() as u64,
        places: 0,
    };
    let mut stage = Stage {
        rows: Rows::for_resolution(world.resolution),
        outcome: Outcome { staged: Staged::empty(&info, zones), report: Report::default() },
    };
    let mut given = Given::default();
    for (dataset, result) in sources.dataset.iter().zip(read) {
        stage.take(dataset, result, &mut given);
    }
    stage.missing_kinds(sources);
    stage.layers(sources, given, &|done| tick(sources.dataset.len() as u64 + done, total));
    stage.outcome
}

fn read_all(
    sources: &Sources,
    into: &Path,
    tick: &(dyn Fn(u64) + Sync),
) -> Vec<Result<ReadDataset, Broken>> {
    let done = AtomicU64::new(0);
    let next = AtomicU64::new(0);
    let read = |dataset: &Dataset| {
        let result = read_dataset(dataset, sources, into);
        tick(done.fetch_add(1, Ordering::Relaxed) + 1);
        result
    };
    let worker = || {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed) as usize;
            let Some(dataset) = sources.dataset.get(index) else { return results };
            results.push((index, read(dataset)));
        }
    };
    let mut results = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..READERS).map(|_| scope.spawn(worker)).collect();
        handles
            .into_iter()
            .flat_map(|handle| match handle.join() {
                Ok(results) => results,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect::<Vec<_>>()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn read_dataset(dataset: &Dataset, sources: &Sources, into: &Path) -> Result<ReadDataset, Broken> {
    let paths: Vec<PathBuf> =
        dataset.file.iter().map(|file| dataset.path(file, &sources.folder, into)).collect();
    let mut first_sum = None;
    for (file, path) in dataset.file.iter().zip(&paths) {
        let (found, _bytes) = tessera_release::checksum(path)
            .map_err(|error| crate::adapters::read_failure(path, &error))?;
        if let Some(expected) = &file.sha256
            && *expected != found
        {
            let reason =
                format!("its sha256 is {found}, sources.toml says {expected}; fetch it again");
            return Err(Broken::new("checksum", path, reason));
        }
        first_sum.get_or_insert(found);
    }
    let bbox = sources.world.bbox;
    // A reader of a publisher's format may panic on a file nobody foresaw; its dataset stops, the run does not.
    let (reading, bad) = catch_unwind(AssertUnwindSafe(|| adapt(dataset, &paths, bbox)))
        .unwrap_or_else(|_panic| {
            Err(Broken::new(
                "file_unreadable",
                &paths[0],
                "the reader of this format gave up on it",
            ))
        })?;
    Ok(ReadDataset { reading, bad, sha256: first_sum.unwrap_or_default() })
}

type Adapted = (Reading, Vec<(u64, &'static str, String)>);

fn adapt(dataset: &Dataset, paths: &[PathBuf], bbox: BBox) -> Result<Adapted, Broken> {
    let path = &paths[0];
    let none = Vec::new();
    Ok(match &dataset.adapter {
        Adapter::ElevationNetcdf { variable } => {
            let grid = netcdf::read(path, variable)?;
            let raster = grid.window(0, bbox).ok_or_else(|| {
                Broken::new("coverage_source", path, "it does not reach the world's box")
            })?;
            (Reading::Elevation { raster, drift_degrees: grid.drift_degrees }, none)
        }
        Adapter::WindNetcdf { eastward, northward } => {
            let (u, v) = (netcdf::read(path, eastward)?, netcdf::read(path, northward)?);
            (Reading::Wind(wind::Months::mean(path, &u, &v, bbox)?), none)
        }
        Adapter::LandShapefile => {
            let land = vectors::land(path, bbox)?;
            (Reading::Land(land.records), land.bad)
        }
        Adapter::RiverShapefile { name, rank, class } => {
            let rivers = vectors::rivers(path, bbox, (name, rank, class))?;
            (Reading::Rivers(rivers.records), rivers.bad)
        }
        Adapter::DrainageShapefile { upstream_km2 } => {
            let links = vectors::drainage(path, bbox, upstream_km2, river::LINK_LEAST_KM2)?;
            (Reading::Drainage(links.records), links.bad)
        }
        Adapter::ClimatePng { legend_class, legend_number, sea } => {
            let second = paths.get(1).ok_or_else(|| {
                Broken::new("file_missing", path, "the dataset lists no legend beside the picture")
            })?;
            let legend = picture::legend(second, legend_class, legend_number, sea)?;
            (Reading::Climate(picture::read(path, bbox)?, legend), none)
        }
        Adapter::PlaceCsv => (Reading::Places(place_table::read(path)?), none),
    })
}

/// The readings of a run, one of each kind.
#[derive(Default)]
struct Given {
    elevation: Option<(String, Raster)>,
    wind: Option<(String, wind::Months)>,
    land: Option<(String, Vec<Polygon>)>,
    rivers: Option<(String, Vec<RiverRecord>)>,
    drainage: Option<(String, Vec<DrainageLink>)>,
    climate: Option<(String, Classes, Legend)>,
    places: Option<(String, String, PlaceTable)>,
}

struct Stage {
    rows: Rows,
    outcome: Outcome,
}

impl Stage {
    fn take(&mut self, dataset: &Dataset, result: Result<ReadDataset, Broken>, given: &mut Given) {
        if dataset.licence.trim().is_empty() {
            self.find(
                "licence_missing",
                &dataset.id,
                format!("dataset {} names no licence", dataset.id),
            );
        }
        let read = match result {
            Ok(read) => read,
            Err(broken) => {
                self.find(
                    broken.rule,
                    &dataset.id,
                    format!("dataset {} stopped: {broken}", dataset.id),
                );
                return;
            }
        };
        self.outcome.staged.sources.push(Source {
            id: dataset.id.clone(),
            title: dataset.title.clone(),
            publisher: dataset.publisher.clone(),
            licence: dataset.licence.clone(),
            attribution: dataset.attribution.clone(),
            edition: dataset.edition.clone(),
            sha256: read.sha256,
        });
        let file = dataset.file.first().map_or_else(String::new, |file| file.name.clone());
        let rows = match &read.reading {
            Reading::Land(records) => records.len(),
            Reading::Rivers(records) => records.len(),
            Reading::Drainage(records) => records.len(),
            _ => 0,
        };
        self.quarantine(&dataset.id, &file, read.bad, rows);
        let id = dataset.id.clone();
        match read.reading {
            Reading::Elevation { raster, drift_degrees } => {
                if drift_degrees > rules::DRIFT_STEP_SHARE * raster.step_longitude {
                    let message = format!(
                        "the axes of {file} stray up to {drift_degrees:.5} degrees from regular ones; regular ones were used"
                    );
                    self.find("axis_drift", &id, message);
                }
                given.elevation.get_or_insert((id, raster));
            }
            Reading::Wind(months) => _ = given.wind.get_or_insert((id, months)),
            Reading::Land(land) => _ = given.land.get_or_insert((id, land)),
            Reading::Rivers(rivers) => _ = given.rivers.get_or_insert((id, rivers)),
            Reading::Drainage(links) => _ = given.drainage.get_or_insert((id, links)),
            Reading::Climate(classes, legend) => {
                for (message, position) in rules::unknown_classes(&classes, &legend) {
                    self.outcome
                        .report
                        .findings
                        .push(Finding { position, ..rules::finding("koppen_unknown", message) });
                }
                given.climate.get_or_insert((id, classes, legend));
            }
            Reading::Places(table) => _ = given.places.get_or_insert((id, file, table)),
        }
    }

    /// A layer whose dataset stopped is named by that; one that no dataset is for, here.
    fn missing_kinds(&mut self, sources: &Sources) {
        for kind in Adapter::KINDS {
            if !sources.dataset.iter().any(|dataset| dataset.adapter.kind() == kind) {
                self.find("dataset_missing", kind, format!("no dataset has the adapter {kind}"));
            }
        }
    }

    fn layers(&mut self, sources: &Sources, given: Given, tick: &dyn Fn(u64)) {
        let licence = |id: &str| {
            sources
                .dataset
                .iter()
                .find(|dataset| dataset.id == id)
                .map_or("", |d| d.licence.as_str())
        };
        let rows = self.rows;
        if let Some((id, raster)) = given.elevation {
            let provenance =
                self.provenance("terrain", &id, licence(&id), Certainty::Certain, terrain::METHOD);
            let staged = &mut self.outcome.staged;
            staged.terrain = terrain::stage(&staged.zones, rows, &raster, provenance);
            staged.elevation = raster;
        }
        tick(1);
        if let Some((id, land)) = given.land {
            let provenance =
                self.provenance("surface", &id, licence(&id), Certainty::Certain, surface::METHOD);
            let staged = &mut self.outcome.staged;
            let cut = surface::LandRows::cut(&land, rows, staged.bbox);
            let facts = surface::stage(&staged.zones, rows, &cut, provenance);
            staged.surface = facts.into_iter().map(Some).collect();
            staged.land = land;
        }
        tick(2);
        if let Some((id, records)) = given.rivers {
            self.rivers(&id, &records, given.drainage, &licence);
        }
        tick(3);
        if let Some((id, classes, legend)) = given.climate {
            let read =
                self.provenance("climate", &id, licence(&id), Certainty::Certain, climate::METHOD);
            let nearest = self.provenance(
                "climate",
                &id,
                licence(&id),
                Certainty::Conjectured,
                climate::METHOD_NEAREST,
            );
            let staged = &mut self.outcome.staged;
            staged.climate = climate::stage(
                &staged.zones,
                rows,
                &classes,
                &legend,
                &staged.surface,
                climate::Provenances { read, nearest },
            );
        }
        tick(4);
        if let Some((id, months)) = given.wind {
            let provenance =
                self.provenance("wind", &id, licence(&id), Certainty::Certain, wind::METHOD);
            let staged = &mut self.outcome.staged;
            staged.wind = wind::stage(&staged.zones, rows, &months, provenance);
        }
        tick(5);
        if let Some((id, file, table)) = given.places {
            let provenance =
                self.provenance("place", &id, licence(&id), Certainty::Certain, places::METHOD);
            let staged = &mut self.outcome.staged;
            let placed = places::stage(
                table,
                staged.bbox,
                staged.resolution,
                &staged.zones,
                &staged.surface,
                provenance,
            );
            staged.places = placed.places;
            let good = staged.places.len();
            self.quarantine(&id, &file, placed.bad, good);
        }
        tick(6);
        self.outcome.staged.sources.sort_by(|a, b| a.id.cmp(&b.id));
    }

    fn rivers<'a>(
        &mut self,
        id: &str,
        records: &[RiverRecord],
        drainage: Option<(String, Vec<DrainageLink>)>,
        licence: &impl Fn(&str) -> &'a str,
    ) {
        let drawn = self.provenance("river", id, licence(id), Certainty::Certain, river::METHOD);
        let (sized, links) = match drainage {
            Some((id, links)) => (
                self.provenance("river", &id, licence(&id), Certainty::Certain, river::METHOD),
                links,
            ),
            None => (drawn, Vec::new()),
        };
        let staged = &mut self.outcome.staged;
        let ground = river::Ground {
            zones: &staged.zones,
            resolution: staged.resolution,
            surface: &staged.surface,
            terrain: &staged.terrain,
        };
        let rivers = river::stage(ground, records, &links, river::Provenances { drawn, sized });
        staged.river = rivers.facts;
        staged.river_lines = rivers.lines;
        for zone in rivers.loops_cut {
            self.outcome.report.findings.push(Finding {
                position: Some(zone.centre()),
                zone: Some(zone),
                ..rules::finding(
                    "river_loop_cut",
                    "two river lines led the water in a circle; it ends here".to_owned(),
                )
            });
        }
        if rivers.turned > 0 {
            let message = format!(
                "{} of {} river lines were drawn upstream and have been turned",
                rivers.turned,
                records.len()
            );
            self.find("river_turned", id, message);
        }
        if !rivers.names_lost.is_empty() {
            let message = format!(
                "{} river names have lost letters to '?', first in row {}; they were left out",
                rivers.names_lost.len(),
                rivers.names_lost[0]
            );
            self.find("river_name_lost", id, message);
        }
    }

    fn provenance(
        &mut self,
        layer: &str,
        source: &str,
        licence: &str,
        certainty: Certainty,
        method: &str,
    ) -> ProvenanceId {
        let provenances = &mut self.outcome.staged.provenances;
        let id = ProvenanceId(provenances.len() as u32 + 1);
        provenances.push(Provenance {
            id,
            layer: layer.to_owned(),
            source: source.to_owned(),
            licence: licence.to_owned(),
            certainty,
            method: method.to_owned(),
            valid_from: None,
            valid_to: None,
        });
        id
    }

    fn find(&mut self, rule: &str, dataset: &str, message: String) {
        self.outcome
            .report
            .findings
            .push(Finding { layer: dataset.to_owned(), ..rules::finding(rule, message) });
    }

    /// Rows left out; too many of them are an error of their own.
    fn quarantine(
        &mut self,
        dataset: &str,
        file: &str,
        bad: Vec<(u64, &'static str, String)>,
        good: usize,
    ) {
        let count = bad.len();
        for (row, rule, reason) in bad {
            self.find(rule, dataset, format!("{file}, row {row}: {reason}"));
            self.outcome.report.quarantine.push(Quarantined {
                dataset: dataset.to_owned(),
                file: file_name(Path::new(file)),
                row,
                rule: rule.to_owned(),
                reason,
            });
        }
        if count as f64 > rules::QUARANTINE_SHARE_MAX * (count + good) as f64 {
            let message = format!("{count} of {} rows of {file} are in quarantine", count + good);
            self.find("quarantine_share", dataset, message);
        }
    }
}
