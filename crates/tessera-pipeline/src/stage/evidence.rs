//! What publishers' rows tell of the ancient world: features, lakes, coasts that moved, Latin names.

use super::notebook::Notebook;
use super::read::Evidence;
use crate::sources::{Dataset, Layer};
use tessera_stage::layers::features::{
    Fields, Gazetteer, Taken, World, city, monument, pleiades, port, province, settlement, shape,
    wreck,
};
use tessera_stage::layers::surface::LandRows;
use tessera_stage::layers::{coast_change, lake, river_name};
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
    let mut gazetteer = Gazetteer::default();
    for given in of(given, Layer::Settlements) {
        let fields = given.fields();
        if fields.has("precision") {
            pleiades::enlist(&mut gazetteer, given.rows.items(), &fields);
        } else {
            settlement::enlist(&mut gazetteer, given.rows.items(), &fields);
        }
    }
    let mut features: Vec<Feature> = Vec::new();
    for given in given {
        features.append(&mut taken(staged, notebook, world, &gazetteer, given, &features));
    }
    lakes(staged, notebook, rows, world, given, &mut features);
    open_water(staged, notebook, rows, land, given);
    features.sort_by(|a, b| (&a.collection, &a.id).cmp(&(&b.collection, &b.id)));
    let before = features.len();
    features.dedup_by(|a, b| a.collection == b.collection && a.id == b.id);
    if before > features.len() {
        let message = format!("{} ids stand in two datasets; the first is kept", before - features.len());
        notebook.find("feature_duplicate", "features", message);
    }
    staged.features = features;
}

fn of<'a, 'b>(
    given: &'a [Given<'b>],
    layer: Layer,
) -> impl Iterator<Item = &'a Given<'b>> + use<'a, 'b> {
    given.iter().filter(move |given| given.dataset.layer == layer)
}

fn taken(
    staged: &mut Staged,
    notebook: &mut Notebook,
    world: World,
    gazetteer: &Gazetteer,
    given: &Given<'_>,
    earlier: &[Feature],
) -> Vec<Feature> {
    let (fields, id) = (given.fields(), given.dataset.id.as_str());
    let layer = given.dataset.layer;
    let method = match layer {
        Layer::Cities => city::METHOD,
        Layer::Settlements if fields.has("precision") => pleiades::METHOD,
        Layer::Settlements => settlement::METHOD,
        Layer::Ports => port::METHOD,
        Layer::Monuments => monument::METHOD,
        Layer::Shipwrecks => wreck::METHOD,
        Layer::Provinces => province::METHOD,
        Layer::Roads | Layer::Canals | Layer::Aqueducts | Layer::Mines | Layer::OpenWater => {
            shape::METHOD
        }
        _ => return Vec::new(),
    };
    let provenance = notebook.provenance(staged, layer.as_str(), id, Certainty::Certain, method);
    let items = given.rows.items();
    let taken: Taken = match layer {
        Layer::Cities => city::features(items, &fields, world, gazetteer, provenance),
        Layer::Settlements if fields.has("precision") => {
            let mut known = Gazetteer::default();
            for feature in earlier.iter().filter(|feature| feature.collection == "settlements") {
                if let geo_types::Geometry::Point(at) = feature.geometry {
                    let names = [Some(feature.title.as_str()), feature.latin.as_deref()];
                    known.add(names.into_iter().flatten(), at, &feature.citation);
                }
            }
            pleiades::features(items, &fields, world, &known, provenance)
        }
        Layer::Settlements => settlement::features(items, &fields, world, gazetteer, provenance),
        Layer::Ports => port::features(items, &fields, world, gazetteer, provenance),
        Layer::Monuments => monument::features(items, &fields, world, gazetteer, provenance),
        Layer::Shipwrecks => {
            let wrecks: Vec<Feature> =
                earlier.iter().filter(|other| other.collection == "shipwrecks").cloned().collect();
            wreck::features(items, &fields, world, &wreck::cited(&wrecks), provenance)
        }
        Layer::Provinces => province::features(items, &fields, world, provenance),
        _ => shape::features(layer.as_str(), items, &fields, world, gazetteer, provenance),
    };
    notebook.quarantine(id, given.file(), taken.left_out, taken.features.len());
    taken.features
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
    let mut first = None;
    for given in of(given, Layer::Lakes) {
        let id = given.dataset.id.as_str();
        let (shapes, left_out) = lake::shapes(given.rows.items(), &given.fields(), world);
        let good = shapes.len();
        notebook.quarantine(id, given.file(), left_out, good);
        if first.is_none() {
            first = Some(id.to_owned());
            all = shapes;
        } else {
            let twice = lake::join(&mut all, shapes);
            notebook.quarantine(id, given.file(), twice, good);
        }
    }
    let Some(id) = first else { return };
    let provenance = notebook.provenance(staged, "lake", &id, Certainty::Certain, lake::METHOD);
    let found = lake::stage(&staged.zones, staged.resolution, rows, &all, provenance);
    staged.lake = Sparse::from_unsorted(found);
    features.extend(lake::features(&all, &id, provenance));
}

/// Rivers with their Latin names, of every atlas that has them.
pub(super) fn named_rivers(notebook: &mut Notebook, given: &[Given<'_>]) -> Vec<river_name::Named> {
    let mut all = Vec::new();
    for given in of(given, Layer::Rivers) {
        let (mut named, left_out) = river_name::named(given.rows.items(), &given.fields());
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
    let mut eras = Vec::new();
    for given in of(given, Layer::OpenWater) {
        let (waters, left_out) = coast_change::waters(given.rows.items(), &given.fields());
        let id = given.dataset.id.as_str();
        notebook.quarantine(id, given.file(), left_out, given.rows.len());
        let method = coast_change::METHOD;
        let certainty = Certainty::Conjectured;
        let provenance = notebook.provenance(staged, "surface", id, certainty, method);
        let (zones, resolution) = (&staged.zones, staged.resolution);
        eras.extend(coast_change::stage(zones, resolution, rows, land, &waters, provenance));
    }
    staged.surface_intervals = Sparse::from_unsorted(eras);
}
