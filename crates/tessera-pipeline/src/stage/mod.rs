//! Stage: every dataset is read and put on the zones. A dataset that cannot be read stops alone, named by
//! file, row and rule; its layer stays empty, and the checks that follow say what that leaves out.

mod read;

use tessera_stage::adapters::{
    Broken, file_name,
    places::PlaceTable,
    vectors::{DrainageLink, RiverRecord},
};
use tessera_checks::finding::{Finding, Quarantined, Report};
use tessera_stage::dense::Dense;
use tessera_stage::layers::climate::Legend;
use tessera_stage::layers::{climate, places, river, surface, terrain, wind};
use tessera_stage::raster::Raster;
use tessera_stage::scan::{Rows, sweep};
use crate::sources::{Adapter, Dataset, Sources};
use tessera_stage::staged::Staged;
use geo_types::Polygon;
use read::{ReadDataset, Reading, read_all};
use std::path::Path;
use tessera_grid::zones_in;

use tessera_world::{
    Bathymetry, Certainty, Climate, Provenance, ProvenanceId, ReleaseInfo, Source, Surface, Terrain,
};

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
        epochs: vec![world.epoch],
        resolution: world.resolution,
        coarse_resolution: ReleaseInfo::coarse_resolution_of(world.resolution),
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
    stage.layers(given, &|done| tick(sources.dataset.len() as u64 + done, total));
    stage.outcome
}

/// The readings of a run, one of each kind.
#[derive(Default)]
struct Given {
    elevation: Option<(String, Raster)>,
    wind: Option<(String, wind::Months)>,
    land: Option<(String, Vec<Polygon>)>,
    rivers: Option<(String, Vec<RiverRecord>)>,
    drainage: Option<(String, Vec<DrainageLink>)>,
    climate: Option<(String, Raster<u8>, Legend)>,
    places: Option<(String, String, PlaceTable)>,
}

/// The dense layers of a share of zones.
struct Facts {
    terrain: Dense<Terrain>,
    surface: Dense<Surface>,
    bathymetry: Dense<Bathymetry>,
    climate: Dense<Climate>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            terrain: Dense::empty(0),
            surface: Dense::empty(0),
            bathymetry: Dense::empty(0),
            climate: Dense::empty(0),
        }
    }
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
            url: String::new(),
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
                if drift_degrees > tessera_checks::DRIFT_STEP_SHARE * raster.step_longitude {
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
                for (message, position) in tessera_checks::unknown_classes(&classes, &legend) {
                    self.outcome
                        .report
                        .findings
                        .push(Finding { position, ..tessera_checks::finding("koppen_unknown", message) });
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

    fn layers(&mut self, given: Given, tick: &dyn Fn(u64)) {
        self.dense(given.elevation, given.land, given.climate);
        tick(2);
        if let Some((id, records)) = given.rivers {
            self.rivers(&id, &records, given.drainage);
        }
        tick(3);
        tick(4);
        if let Some((id, months)) = given.wind {
            let provenance = self.provenance("wind", &id, Certainty::Certain, wind::METHOD);
            let staged = &mut self.outcome.staged;
            staged.wind = wind::stage(&staged.coarse_zones, &months, provenance);
        }
        tick(5);
        if let Some((id, file, table)) = given.places {
            self.places(&id, &file, table);
        }
        tick(6);
        self.outcome.staged.sources.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// The layers that nearly every zone has, all in one walk over the zones.
    fn dense(
        &mut self,
        elevation: Option<(String, Raster)>,
        land: Option<(String, Vec<Polygon>)>,
        climate: Option<(String, Raster<u8>, Legend)>,
    ) {
        let certain = Certainty::Certain;
        let heights = elevation.as_ref().map(|(id, raster)| {
            let terrain = self.provenance("terrain", id, certain, terrain::METHOD);
            let depth = self.provenance("bathymetry", id, certain, terrain::METHOD_DEPTH);
            (terrain::Heights::new(raster), terrain, depth)
        });
        let cut = land.as_ref().map(|(id, land)| {
            let provenance = self.provenance("surface", id, certain, surface::METHOD);
            let staged = &self.outcome.staged;
            (surface::LandRows::cut(land, self.rows, staged.bbox), provenance)
        });
        let shore = cut.as_ref().map(|(land, provenance)| surface::Shore { land, provenance: *provenance });
        let classes = climate.as_ref().map(|(id, raster, legend)| {
            let read = self.provenance("climate", id, certain, climate::METHOD);
            let nearest =
                self.provenance("climate", id, Certainty::Conjectured, climate::METHOD_NEAREST);
            (climate::Classes::new(raster, legend, read), nearest)
        });
        let staged = &mut self.outcome.staged;
        let rows = self.rows;
        let parts = sweep(
            &staged.zones,
            rows,
            |_zones| Facts::default(),
            |facts, _zone, spans| {
                let relief = heights.as_ref().and_then(|(heights, ..)| heights.relief(rows, spans));
                let surface = shore.map(|shore| shore.fact(spans));
                facts.surface.push(surface);
                let provenances = heights.as_ref().map(|(_, terrain, depth)| (*terrain, *depth));
                let known = relief.zip(provenances);
                facts.terrain.push(known.map(|(relief, (id, _))| relief.terrain(id)));
                facts.bathymetry.push(known.zip(surface).and_then(|((relief, (_, id)), surface)| {
                    relief.bathymetry(surface, id)
                }));
                facts.climate.push(classes.as_ref().and_then(|(c, _)| c.fact(rows, spans)));
            },
            &|_done| {},
        );
        let mut facts = Facts::default();
        for part in parts {
            facts.terrain.extend(&part.terrain);
            facts.surface.extend(&part.surface);
            facts.bathymetry.extend(&part.bathymetry);
            facts.climate.extend(&part.climate);
        }
        if let Some((_, nearest)) = &classes {
            climate::fill_islands(&staged.zones, &facts.surface, &mut facts.climate, *nearest);
        }
        let Facts { terrain, surface, bathymetry, climate } = facts;
        staged.terrain = terrain;
        staged.surface = surface;
        staged.bathymetry = bathymetry;
        staged.climate = climate;
        staged.elevation = elevation.map_or_else(Raster::empty, |(_, raster)| raster);
        staged.land = land.map(|(_, land)| land).unwrap_or_default();
    }

    fn places(&mut self, id: &str, file: &str, table: PlaceTable) {
        let provenance = self.provenance("place", id, Certainty::Certain, places::METHOD);
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
        self.quarantine(id, file, placed.bad, good);
    }

    fn rivers(
        &mut self,
        id: &str,
        records: &[RiverRecord],
        drainage: Option<(String, Vec<DrainageLink>)>,
    ) {
        let drawn = self.provenance("river", id, Certainty::Certain, river::METHOD);
        let (sized, links) = match drainage {
            Some((id, links)) => {
                (self.provenance("river", &id, Certainty::Certain, river::METHOD), links)
            }
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
                ..tessera_checks::finding(
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

    /// A new provenance; its licence is its source's, which was taken in before.
    fn provenance(
        &mut self,
        layer: &str,
        source: &str,
        certainty: Certainty,
        method: &str,
    ) -> ProvenanceId {
        let staged = &mut self.outcome.staged;
        let id = ProvenanceId(staged.provenances.len() as u32 + 1);
        let of_source = staged.sources.iter().find(|known| known.id == source);
        staged.provenances.push(Provenance {
            id,
            layer: layer.to_owned(),
            source: source.to_owned(),
            licence: of_source.map(|known| known.licence.clone()).unwrap_or_default(),
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
            .push(Finding { layer: dataset.to_owned(), ..tessera_checks::finding(rule, message) });
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
        if count as f64 > tessera_checks::QUARANTINE_SHARE_MAX * (count + good) as f64 {
            let message = format!("{count} of {} rows of {file} are in quarantine", count + good);
            self.find("quarantine_share", dataset, message);
        }
    }
}
