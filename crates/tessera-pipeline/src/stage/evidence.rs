//! What publishers' rows tell of the ancient world: features, lakes, coasts that moved, Latin names.

use super::notebook::{Notebook, Shared};
use super::read::Evidence;
use crate::sources::{Dataset, Layer};
use tessera_stage::layers::features::{Fields, World};
use tessera_stage::layers::lake::LakeShape;
use tessera_stage::layers::surface::LandRows;
use tessera_stage::layers::{coast_change, evidence, lake, river_name};
use tessera_stage::scan::Rows;
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::Staged;
use tessera_world::{Certainty, Feature};

/// A dataset with its rows.
pub(super) struct Given<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) rows: Evidence,
}

impl Given<'_> {
    fn fields(&self) -> Fields {
        self.dataset.fields.iter().map(|(role, column)| (role.clone(), column.clone())).collect()
    }

    fn file(&self) -> &str {
        self.dataset.file.first().map_or("", |file| file.name.as_str())
    }
}

pub(super) fn stage(
    staged: &mut Staged,
    notebook: &mut Notebook,
    rows: Rows,
    land: Option<&LandRows>,
    given: &[Given<'_>],
) {
    let world = World { bbox: staged.bbox, resolution: staged.resolution };
    let mut features = gathered(staged, notebook, world, given);
    lakes(staged, notebook, rows, world, given, &mut features);
    open_water(staged, notebook, rows, land, given);
    staged.features = features;
}

fn of<'a, 'b>(
    given: &'a [Given<'b>],
    layer: Layer,
) -> impl Iterator<Item = &'a Given<'b>> + use<'a, 'b> {
    given.iter().filter(move |given| given.dataset.layer == layer)
}

/// The rows of every dataset as features; what is left out goes to quarantine.
fn gathered(
    staged: &mut Staged,
    notebook: &mut Notebook,
    world: World,
    given: &[Given<'_>],
) -> Vec<Feature> {
    let takes = |given: &&Given<'_>| evidence::LAYERS.contains(&given.dataset.layer.as_str());
    let given: Vec<(&Given<'_>, Fields)> =
        given.iter().filter(takes).map(|given| (given, given.fields())).collect();
    let datasets: Vec<evidence::Dataset<'_>> = given
        .iter()
        .map(|(given, fields)| {
            let (layer, id) = (given.dataset.layer.as_str(), given.dataset.id.as_str());
            let method = evidence::method(layer, fields);
            let provenance = Notebook::provenance(staged, layer, id, Certainty::Certain, method);
            evidence::Dataset { layer, fields, items: given.rows.items().collect(), provenance }
        })
        .collect();
    let mut features = Vec::new();
    for ((given, _), taken) in given.iter().zip(evidence::gather(&datasets, world)) {
        let good = taken.features.len();
        notebook.quarantine(&given.dataset.id, given.file(), taken.left_out, good);
        features.extend(taken.features);
    }
    features
}

fn lakes(
    staged: &mut Staged,
    notebook: &mut Notebook,
    rows: Rows,
    world: World,
    given: &[Given<'_>],
    features: &mut Vec<Feature>,
) {
    let mut all = Vec::new();
    for given in of(given, Layer::Lakes) {
        let dataset = given.dataset.id.as_str();
        let certain = Certainty::Certain;
        let provenance = Notebook::provenance(staged, "lake", dataset, certain, lake::METHOD);
        let by = lake::Drawer { dataset, provenance };
        let (shapes, left_out) = lake::shapes(given.rows.items(), &given.fields(), world, by);
        let good = shapes.len();
        notebook.quarantine(dataset, given.file(), left_out, good);
        if all.is_empty() {
            all = shapes;
        } else {
            let twice = lake::join(&mut all, shapes);
            notebook.quarantine(dataset, given.file(), twice, good);
        }
    }
    named_by_others(staged, &mut all);
    let found = lake::stage(&staged.zones, staged.resolution, rows, &all);
    staged.lake = Sparse::from_unsorted(found);
    features.extend(lake::features(&all));
}

/// A lake whose name is another dataset's than its shore is made of both: its provenance names both, and bears
/// both licences (decision 0074).
fn named_by_others(staged: &mut Staged, lakes: &mut [LakeShape]) {
    let mut shared = Shared::default();
    for lake in lakes.iter_mut().filter(|lake| !lake.named_by.is_empty()) {
        lake.provenance = shared.named_by(staged, lake.provenance, &lake.named_by);
    }
}

/// Rivers with their Latin names, of every atlas that has them.
pub(super) fn named_rivers(notebook: &mut Notebook, given: &[Given<'_>]) -> Vec<river_name::Named> {
    let mut all = Vec::new();
    for given in of(given, Layer::Rivers) {
        let (mut named, left_out) =
            river_name::named(given.rows.items(), &given.fields(), &given.dataset.id);
        notebook.quarantine(&given.dataset.id, given.file(), left_out, named.len());
        all.append(&mut named);
    }
    all
}

fn open_water(
    staged: &mut Staged,
    notebook: &mut Notebook,
    rows: Rows,
    land: Option<&LandRows>,
    given: &[Given<'_>],
) {
    let Some(land) = land else { return };
    let mut waters = Vec::new();
    for given in of(given, Layer::OpenWater) {
        let id = given.dataset.id.as_str();
        let method = coast_change::METHOD;
        let certainty = Certainty::Conjectured;
        let by = Notebook::provenance(staged, "surface", id, certainty, method);
        let (mut found, left_out) = coast_change::waters(given.rows.items(), &given.fields(), by);
        notebook.quarantine(id, given.file(), left_out, given.rows.len());
        waters.append(&mut found);
    }
    let (zones, resolution) = (&staged.zones, staged.resolution);
    let eras = coast_change::stage(zones, resolution, rows, land, &waters);
    staged.surface_intervals = Sparse::from_unsorted(eras);
}
