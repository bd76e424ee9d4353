//! Shipwrecks: a wreck holds in the years in which the ship may have sunk, for it is evidence of those.

use super::gazetteer::citation;
use super::{Fields, Item, LeftOut, Taken, World, bare, kept};
use geo_types::Geometry;
use std::collections::BTreeSet;
use tessera_world::{Certainty, Feature, ProvenanceId};

pub const METHOD: &str = "The publisher's point; valid in the years in which the ship may have sunk; a \
     position or a date that the publisher doubts is conjectured.";

/// Roles: `id`, `name`, `latitude`, `longitude`, `from`, `to`, `position_doubt`, `date_doubt`, `cargo`,
/// `same` (the id another catalogue gives it) with `same_namespace`, `keep.*`. A wreck that an earlier
/// catalogue cites (`known`) is left out.
pub fn features<'a>(
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
    world: World,
    known: &BTreeSet<String>,
    provenance: ProvenanceId,
) -> Taken {
    Taken::of(items, |item| {
        let wreck = feature(item, fields, world, provenance)?;
        match wreck.citation.split("; ").find(|id| known.contains(*id)) {
            Some(id) => {
                Err((item.row, "feature_duplicate", format!("{id} stands in an earlier catalogue")))
            }
            None => Ok(wreck),
        }
    })
}

/// What wrecks cite, for a later catalogue.
pub fn cited(wrecks: &[Feature]) -> BTreeSet<String> {
    wrecks.iter().flat_map(|wreck| wreck.citation.split("; ").map(str::to_owned)).collect()
}

fn feature(
    item: &Item<'_>,
    fields: &Fields,
    world: World,
    provenance: ProvenanceId,
) -> Result<Feature, LeftOut> {
    let point = item.point(fields)?;
    let zone = world.zone(item.row, point)?;
    let (valid_from, valid_to) = fields.years(item)?;
    let (id, own) = fields.id(item);
    let mut feature = bare("shipwrecks", id, item, provenance);
    feature.properties = kept(item, fields);
    if let Some(cargo) = fields.text(item, "cargo") {
        feature.properties.insert("cargo".to_owned(), one_spelling(&cargo).into());
    }
    let doubts = ["position_doubt", "date_doubt"];
    if doubts.iter().any(|role| fields.text(item, role).is_some()) {
        feature.certainty = Certainty::Conjectured;
    }
    let same = fields
        .text(item, "same")
        .map(|id| format!("{}:{id}", fields.text(item, "same_namespace").unwrap_or_default()));
    feature.citation = citation(own, same);
    feature.title = fields.text(item, "name").unwrap_or_else(|| "wreck".to_owned());
    Ok(Feature {
        geometry: Geometry::Point(point),
        zone: Some(zone),
        valid_from,
        valid_to,
        ..feature
    })
}

/// Publishers write `amphoras`, `Amphoras`, `ceramic`, `Ceramics`.
fn one_spelling(cargo: &str) -> String {
    let lower = cargo.trim().to_lowercase();
    match lower.as_str() {
        "amphora" | "amphorae" => "amphoras".to_owned(),
        "ceramic" => "ceramics".to_owned(),
        "metals" => "metal".to_owned(),
        "tile" => "tiles".to_owned(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{item, mediterranean, row};
    use serde_json::json;

    fn taken(known: &BTreeSet<String>) -> Taken {
        let maps = [
            row(json!({"id": "406", "NAME": "Diano Marina 1", "lat": "43.88", "lon": "8.1",
                "start": "50", "end": "50", "Geo_Q": " ", "Date_Q": "ca", "Cargo_1": "Amphoras", "ox": "7782"})),
            row(
                json!({"id": "7", "NAME": "Null", "lat": "0", "lon": "0", "start": " ", "end": " ",
                "Geo_Q": "", "Date_Q": "", "Cargo_1": "", "ox": ""}),
            ),
            row(
                json!({"id": "8", "NAME": "Two points", "lat": "43.1", "lon": "7.867799.", "start": "0",
                "end": "0", "Geo_Q": "", "Date_Q": "", "Cargo_1": "", "ox": ""}),
            ),
        ];
        let items = maps.iter().enumerate().map(|(index, map)| item(index as u64 + 1, map));
        let fields = Fields::new(&[
            ("namespace", "=darmc"),
            ("id", "id"),
            ("name", "NAME"),
            ("latitude", "lat"),
            ("longitude", "lon"),
            ("from", "start"),
            ("to", "end"),
            ("position_doubt", "Geo_Q"),
            ("date_doubt", "Date_Q"),
            ("cargo", "Cargo_1"),
            ("same", "ox"),
            ("same_namespace", "=oxrep"),
        ]);
        features(items, &fields, mediterranean(), known, ProvenanceId(1))
    }

    #[test]
    fn a_wreck_at_null_island_or_with_two_points_in_a_number_is_left_out() {
        let rules: Vec<_> =
            taken(&BTreeSet::new()).left_out.iter().map(|(row, rule, _)| (*row, *rule)).collect();
        assert_eq!(rules, [(2, "feature_position_unknown"), (3, "feature_number")]);
    }

    #[test]
    fn a_wreck_holds_in_the_years_it_may_have_sunk_and_cites_both_catalogues() {
        let wreck = &taken(&BTreeSet::new()).features[0];
        assert_eq!((wreck.valid_from, wreck.valid_to), (Some(50), Some(50)));
        assert_eq!(wreck.certainty, Certainty::Conjectured);
        assert_eq!(wreck.citation, "darmc:406; oxrep:7782");
        assert_eq!(wreck.properties.get("cargo"), Some(&json!("amphoras")));
    }

    #[test]
    fn a_wreck_of_two_catalogues_stands_once() {
        let known = cited(&taken(&BTreeSet::new()).features);
        let again = taken(&known);
        assert!(again.features.is_empty());
        assert_eq!((again.left_out[0].0, again.left_out[0].1), (1, "feature_duplicate"));
    }
}
