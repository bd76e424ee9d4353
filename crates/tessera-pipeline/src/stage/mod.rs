//! Stage: every dataset is read and put on the zones. A dataset that cannot be read stops alone, named by
//! file, row and rule; its layer stays empty, and the checks that follow say what that leaves out.

mod coarse;
mod dense;
mod evidence;
mod notebook;
mod read;
mod rivers;

use crate::sources::{Dataset, Layer, Sources, World};
use notebook::Notebook;
use read::{ReadDataset, Reading, is_check, read_all};
use std::path::Path;
use tessera_checks::{finding::Report, licence};
use tessera_grid::zones_in;
use tessera_stage::layers::river::{DrainageLink, RiverRecord};
use tessera_stage::layers::{land_cover, outlines, places};
use tessera_stage::reading::{Broken, places::PlaceTable};
use tessera_stage::scan::Rows;
use tessera_stage::staged::Staged;
use tessera_world::{Certainty, ReleaseInfo, Source};

/// The staged world and everything that was noticed on the way.
pub struct Outcome {
    pub staged: Staged,
    pub report: Report,
}

/// Called with done and total steps, from any thread.
pub type Tick<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Of a stage, thousandths: what reading takes, and what putting the dense layers on the zones takes.
const READING: u64 = 300;
const DENSE: u64 = 500;
const WHOLE: u64 = 1000;

pub fn stage(sources: &Sources, into: &Path, tick: Tick<'_>) -> Outcome {
    let world = &sources.world;
    let mut notebook = Notebook::default();
    let mut refused = Vec::new();
    for dataset in &sources.dataset {
        let judged = licence::judge(&dataset.id, &dataset.licence, &world.accept_licences);
        if let Some((rule, sentence)) = judged {
            // Without a licence a document is wrong; one that is not free is kept out, which is for the record.
            if rule == "licence_missing" {
                notebook.find(rule, &dataset.id, sentence);
            } else {
                notebook.note(rule, &dataset.id, format!("{sentence}; it is left out"));
            }
            refused.push(dataset.id.as_str());
        }
    }
    let datasets = sources.dataset.len().max(1) as u64;
    let wanted = |dataset: &Dataset| !refused.contains(&dataset.id.as_str());
    let read = read_all(sources, into, &wanted, &|done| tick(done * READING / datasets, WHOLE));
    let mut staged = empty(world);
    let mut given = Given::default();
    for (dataset, result) in sources.dataset.iter().zip(read) {
        if let Some(result) = result {
            take(&mut staged, &mut notebook, dataset, result, &mut given);
        }
    }
    for layer in Layer::WHOLE {
        if !sources.dataset.iter().any(|dataset| dataset.layer == layer && !is_check(dataset)) {
            let message = format!("no dataset has the layer {layer}");
            notebook.find("dataset_missing", layer.as_str(), message);
        }
    }
    layers(&mut staged, &mut notebook, given, tick);
    Outcome { staged, report: notebook.report }
}

fn empty(world: &World) -> Staged {
    let zones = zones_in(world.bbox, world.resolution);
    let info = ReleaseInfo {
        title: world.title.clone(),
        epoch: world.epoch,
        epochs: world.epochs(),
        resolution: world.resolution,
        coarse_resolution: ReleaseInfo::coarse_resolution_of(world.resolution),
        bbox: world.bbox,
        zones: zones.len() as u64,
        places: 0,
    };
    Staged::empty(&info, zones)
}

/// The readings of a run.
#[derive(Default)]
struct Given<'a> {
    dense: dense::Given,
    coarse: coarse::Given,
    rivers: Vec<(String, Vec<RiverRecord>)>,
    drainage: Option<(String, Vec<DrainageLink>)>,
    places: Option<(String, String, PlaceTable)>,
    evidence: Vec<evidence::Given<'a>>,
}

fn take<'a>(
    staged: &mut Staged,
    notebook: &mut Notebook,
    dataset: &'a Dataset,
    result: Result<ReadDataset, Broken>,
    given: &mut Given<'a>,
) {
    let id = dataset.id.clone();
    let read = match result {
        Ok(read) => read,
        Err(broken) => {
            return notebook.find(broken.rule, &id, format!("dataset {id} stopped: {broken}"));
        }
    };
    staged.sources.push(source_of(dataset, read.sha256));
    let file = dataset.file.first().map_or_else(String::new, |file| file.name.clone());
    let rows = read.reading.rows();
    if matches!(&read.reading, Reading::Evidence(_)) {
        notebook.evidence.insert(id.clone());
    }
    notebook.quarantine(&id, &file, read.bad, rows);
    for note in read.notes {
        notebook.find("source_note", &id, note);
    }
    let (dense, coarse) = (&mut given.dense, &mut given.coarse);
    match read.reading {
        Reading::Elevation { raster, drift_degrees } => {
            if drift_degrees > tessera_checks::DRIFT_STEP_SHARE * raster.step_longitude {
                notebook.find("axis_drift", &id, axis_drift(&file, drift_degrees));
            }
            if is_check(dataset) {
                dense.elevation_checks.push((id, raster));
            } else {
                dense.elevation = Some((id, raster));
            }
        }
        Reading::LandMask { raster, sea } => dense.land_checks.push((id, (raster, sea))),
        Reading::Land(land) => dense.land = Some((id, land)),
        Reading::Climate(raster, legend) => {
            for (message, position) in tessera_checks::unknown_classes(&raster, &legend) {
                let found = tessera_checks::finding("koppen_unknown", message);
                notebook
                    .report
                    .findings
                    .push(tessera_checks::finding::Finding { position, ..found });
            }
            dense.climate = Some((id, (raster, legend)));
        }
        Reading::LandCover(raster) => {
            for (class, count) in land_cover::unknown_classes(&raster) {
                let message = format!("class {class} stands in {count} pixels and is no class");
                notebook.find("land_cover_unknown", &id, message);
            }
            dense.land_cover = Some((id, raster));
        }
        Reading::Wind(months) => coarse.wind.push((id, months)),
        Reading::Rain(months) => coarse.rain = Some((id, months)),
        Reading::Temperature(months) => coarse.temperature = Some((id, months)),
        Reading::WindRoses(months) => coarse.roses = Some((id, months)),
        Reading::Currents(months) => coarse.currents = Some((id, months)),
        Reading::Crust(raster, legend) => coarse.crust = Some((id, (raster, legend))),
        Reading::Orogens(shapes) => coarse.orogens.push((id, shapes)),
        Reading::Rivers(rivers) => given.rivers.push((id, rivers)),
        Reading::Drainage(links) => given.drainage = Some((id, links)),
        Reading::Places(table) => given.places = Some((id, file, table)),
        Reading::Evidence(rows) => given.evidence.push(evidence::Given { dataset, rows }),
    }
}

fn source_of(dataset: &Dataset, sha256: String) -> Source {
    Source {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        publisher: dataset.publisher.clone(),
        licence: dataset.licence.clone(),
        attribution: dataset.attribution.clone(),
        edition: dataset.edition.clone(),
        sha256,
        url: dataset.url.clone(),
    }
}

fn axis_drift(file: &str, degrees: f64) -> String {
    format!(
        "the axes of {file} stray up to {degrees:.5} degrees from regular ones; regular ones were used"
    )
}

fn layers(staged: &mut Staged, notebook: &mut Notebook, given: Given<'_>, tick: Tick<'_>) {
    let rows = Rows::for_resolution(staged.resolution);
    let zones = staged.zones.len().max(1) as u64;
    let dense_tick = |done: u64| tick(READING + done * DENSE / zones, WHOLE);
    let coast = given.dense.land.as_ref().map(|(id, _)| id.clone());
    let land = dense::stage(staged, rows, given.dense, &dense_tick);
    tick(READING + DENSE, WHOLE);
    let mut drawn = Vec::new();
    if !given.rivers.is_empty() {
        let named = evidence::named_rivers(notebook, &given.evidence);
        drawn = rivers::stage(staged, notebook, given.rivers, &named, given.drainage);
    }
    coarse::stage(staged, notebook, given.coarse);
    tick(READING + DENSE + 50, WHOLE);
    evidence::stage(staged, notebook, rows, land.as_ref(), &given.evidence);
    outline(staged, coast.as_deref(), &drawn);
    if let Some((id, file, table)) = given.places {
        settle(staged, notebook, &id, &file, table);
    }
    staged.sources.sort_by(|a, b| a.id.cmp(&b.id));
    tick(WHOLE, WHOLE);
}

/// The coast and the rivers as features, by the ids of the datasets that drew them.
fn outline(staged: &mut Staged, coast: Option<&str>, drawn: &[rivers::Drawn]) {
    if let Some(id) = coast {
        let certain = Certainty::Certain;
        let by = Notebook::provenance(staged, "coast", id, certain, outlines::METHOD_COAST);
        staged.features.extend(outlines::coast(&staged.land, staged.bbox, id, by));
    }
    rivers::outline(staged, drawn);
    staged.features.sort_by(|a, b| a.key().cmp(&b.key()));
}

fn settle(staged: &mut Staged, notebook: &mut Notebook, id: &str, file: &str, table: PlaceTable) {
    let certain = Certainty::Certain;
    let provenance = Notebook::provenance(staged, "place", id, certain, places::METHOD);
    let (bbox, resolution) = (staged.bbox, staged.resolution);
    let (zones, surface) = (&staged.zones, &staged.surface);
    let placed = places::stage(table, bbox, resolution, zones, surface, provenance);
    staged.places = placed.places;
    notebook.quarantine(id, file, placed.bad, staged.places.len());
}
