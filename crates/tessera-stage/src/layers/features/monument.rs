//! Amphitheatres: what the shape says, with the year of building and of the last use where they are known.

use super::item::astronomical;
use super::{Fields, Item, LeftOut, Setting, Taken, shape};
use tessera_world::{Certainty, Feature};

pub const METHOD: &str = "The publisher's point; it stands from the year it was built, else from the first \
     year of its group of buildings, to its last use where that is known.";

/// Roles as of a shape, and `created` and `last_use` (a year, or an object with a `date`), `size`.
pub fn features<'a>(items: impl IntoIterator<Item = Item<'a>>, setting: Setting<'_>) -> Taken {
    let fields = setting.fields;
    Taken::of(items, |item| {
        let mut feature = shape::feature("monuments", item, setting)?;
        if let Some(created) = date(item, fields, "created") {
            feature.valid_from = Some(created);
        }
        feature.valid_to = feature.valid_to.or(date(item, fields, "last_use"));
        capacity(item, fields, &mut feature);
        if fields.text(item, "doubt").is_some() {
            feature.certainty = Certainty::Conjectured;
        }
        check(item, feature)
    })
}

fn check(item: &Item<'_>, feature: Feature) -> Result<Feature, LeftOut> {
    match (feature.valid_from, feature.valid_to) {
        (Some(from), Some(to)) if from > to => Err((
            item.row,
            "feature_years",
            format!("it was last used in {to} and built in {from}"),
        )),
        _ => Ok(feature),
    }
}

/// A year as a number, as text, or as the `date` of an object.
fn date(item: &Item<'_>, fields: &Fields, role: &str) -> Option<i32> {
    let value = item.fields.get(fields.column(role)?)?;
    let value = value.get("date").unwrap_or(value);
    let year = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    i32::try_from(year).ok().map(astronomical)
}

fn capacity(item: &Item<'_>, fields: &Fields, feature: &mut Feature) {
    let column = fields.column("capacity").and_then(|column| item.fields.get(column));
    if let Some(seats) = column.and_then(|value| value.get("quantity")).filter(|v| v.is_number()) {
        feature.properties.insert("capacity".to_owned(), seats.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::Gazetteer;
    use crate::layers::features::item::tests::{mediterranean, row};
    use serde_json::json;
    use tessera_world::ProvenanceId;

    #[test]
    fn a_year_of_building_is_better_than_a_group_and_the_last_use_ends_it() {
        let map = row(json!({
            "title": "Amphitheater at Pompeii", "chronogroup": "republican", "created": -80,
            "lastuse": {"date": 79, "comment": "Vesuvius"}, "capacity": {"quantity": 22000}
        }));
        let point = geo_types::Geometry::Point((14.495, 40.751).into());
        let item = Item { row: 1, id: Some("pompeii"), geometry: Some(&point), fields: &map };
        let fields = Fields::new(&[
            ("namespace", "=heath"),
            ("name", "title"),
            ("built", "chronogroup"),
            ("created", "created"),
            ("last_use", "lastuse"),
            ("capacity", "capacity"),
        ]);
        let none = Gazetteer::default();
        let taken = features(
            [item],
            Setting {
                fields: &fields,
                world: mediterranean(),
                gazetteer: &none,
                provenance: ProvenanceId(1),
            },
        );
        let pompeii = &taken.features[0];
        assert_eq!((pompeii.valid_from, pompeii.valid_to), (Some(-79), Some(79)));
        assert_eq!(pompeii.properties.get("capacity"), Some(&json!(22000)));
    }
}
