//! All evidence of a world: every dataset's rows become features, and places of several gazetteers cite each
//! other.
//!
//! Datasets go in the order of the sources document: of one thing in two catalogues the first is kept.
//! Gazetteers are read before anything cites them, so the order of datasets does not change a citation.

use super::features::{
    Fields, Gazetteer, Item, Setting, Taken, World, city, monument, owned, plate, pleiades, port,
    province, settlement, shape, water, wreck,
};
use std::collections::{BTreeSet, HashSet};
use tessera_world::ProvenanceId;

/// The rows of one dataset and what the sources document says of them.
pub struct Dataset<'a> {
    /// The layer it is read for, which is the collection's name: `roads`.
    pub layer: &'a str,
    pub fields: &'a Fields,
    pub items: Vec<Item<'a>>,
    pub provenance: ProvenanceId,
}

/// Layers whose rows become features here.
pub const LAYERS: [&str; 12] = [
    "settlements",
    "cities",
    "ports",
    "roads",
    "mines",
    "monuments",
    "shipwrecks",
    "provinces",
    "open_water",
    "canals",
    "aqueducts",
    "plate_boundaries",
];

/// Which of the gazetteers' shapes a dataset has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Places with a list of their locations.
    Located,
    /// Points with a code for their type.
    Typed,
    /// Anything else.
    Plain,
}

impl Shape {
    fn of(fields: &Fields) -> Self {
        if fields.has("parts") {
            Self::Located
        } else if fields.has("type") {
            Self::Typed
        } else {
            Self::Plain
        }
    }
}

/// What each dataset gave, in their order.
pub fn gather(datasets: &[Dataset<'_>], world: World) -> Vec<Taken> {
    let gazetteer = gazetteer(datasets);
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut wrecks: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::with_capacity(datasets.len());
    for dataset in datasets {
        let mut taken = take(dataset, world, &gazetteer, &wrecks);
        if dataset.layer == "shipwrecks" {
            wrecks.append(&mut wreck::cited(&taken.features));
        }
        let Taken { features, rows, left_out } = &mut taken;
        features.retain(|feature| {
            let key = owned(feature.key());
            let row = rows.get(&key).copied().unwrap_or_default();
            let first = seen.insert(key);
            if !first {
                let reason = format!("{} stands in an earlier dataset", feature.id);
                left_out.push((row, "feature_duplicate", reason));
            }
            first
        });
        all.push(taken);
    }
    water::once(&mut all);
    all
}

/// Every settlement dataset's places under all their names.
fn gazetteer(datasets: &[Dataset<'_>]) -> Gazetteer {
    let mut gazetteer = Gazetteer::default();
    for dataset in datasets.iter().filter(|dataset| dataset.layer == "settlements") {
        let items = dataset.items.iter().copied();
        match Shape::of(dataset.fields) {
            Shape::Located => pleiades::enlist(&mut gazetteer, items, dataset.fields),
            Shape::Typed => settlement::enlist(&mut gazetteer, items, dataset.fields),
            Shape::Plain => {}
        }
    }
    gazetteer
}

fn take(
    dataset: &Dataset<'_>,
    world: World,
    gazetteer: &Gazetteer,
    wrecks: &BTreeSet<String>,
) -> Taken {
    let items = dataset.items.iter().copied();
    let (fields, provenance) = (dataset.fields, dataset.provenance);
    let setting = Setting { fields, world, gazetteer, provenance };
    match (dataset.layer, Shape::of(fields)) {
        (_, Shape::Located) => pleiades::features(items, setting),
        (_, Shape::Typed) => settlement::features(items, setting),
        ("cities", _) => city::features(items, setting),
        ("ports", _) => port::features(items, setting),
        ("monuments", _) => monument::features(items, setting),
        ("plate_boundaries", _) => plate::features(items, setting),
        ("provinces", _) => province::features(items, fields, world, provenance),
        ("shipwrecks", _) => wreck::features(items, fields, world, wrecks, provenance),
        (layer, _) => shape::features(layer, items, setting),
    }
}

/// How the rows of a layer were read: for its provenance.
pub fn method(layer: &str, fields: &Fields) -> &'static str {
    match (layer, Shape::of(fields)) {
        (_, Shape::Located) => pleiades::METHOD,
        (_, Shape::Typed) => settlement::METHOD,
        ("cities", _) => city::METHOD,
        ("ports", _) => port::METHOD,
        ("monuments", _) => monument::METHOD,
        ("plate_boundaries", _) => plate::METHOD,
        ("provinces", _) => province::METHOD,
        ("shipwrecks", _) => wreck::METHOD,
        _ => shape::METHOD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{mediterranean, row};
    use geo_types::Geometry;
    use serde_json::json;

    #[test]
    fn gazetteers_cite_each_other_whatever_the_order_of_datasets_and_one_thing_stands_once() {
        let dare =
            row(json!({"id": "29", "latin": "Ephesus", "type": "11", "start": -550, "end": 640}));
        let star = row(json!({"id": "599612", "title": "Ephesos", "features": [
            {"geometry": {"type": "Point"}, "properties": {"location_precision": "precise"}}]}));
        let wreck = row(json!({"id": "7", "name": "Krava", "lat": 43.0, "lon": 16.2}));
        let point = Geometry::Point((27.34, 37.94).into());
        let item = |fields| Item { row: 1, id: None, geometry: Some(&point), fields };
        let dare_roles = Fields::new(&[
            ("namespace", "=dare"),
            ("id", "id"),
            ("latin", "latin"),
            ("type", "type"),
        ]);
        let star_roles = Fields::new(&[
            ("namespace", "=pleiades"),
            ("id", "id"),
            ("title", "title"),
            ("parts", "features"),
            ("precision", "location_precision"),
        ]);
        let wreck_roles = Fields::new(&[
            ("namespace", "=oxrep"),
            ("id", "id"),
            ("name", "name"),
            ("latitude", "lat"),
            ("longitude", "lon"),
        ]);
        let of = |layer, fields, item| Dataset {
            layer,
            fields,
            items: vec![item],
            provenance: ProvenanceId(1),
        };
        let flat = Item { row: 1, id: None, geometry: None, fields: &wreck };
        let datasets = [
            of("settlements", &dare_roles, item(&dare)),
            of("settlements", &star_roles, item(&star)),
            of("shipwrecks", &wreck_roles, flat),
            of("shipwrecks", &wreck_roles, Item { row: 7, ..flat }),
        ];
        let all = gather(&datasets, mediterranean());
        assert_eq!(all[0].features[0].citation, "dare:29; pleiades:599612");
        let kept: Vec<usize> = all.iter().map(|taken| taken.features.len()).collect();
        assert_eq!(kept, [1, 0, 1, 0]);
        assert_eq!(all[1].left_out[0].1, "feature_duplicate");
        let again = (all[3].left_out[0].0, all[3].left_out[0].1);
        assert_eq!(again, (7, "feature_duplicate"));
    }
}
