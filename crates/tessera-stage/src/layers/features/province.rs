//! Provinces: borders as a map of one state of the empire draws them, valid while that state lasted.

use super::{Fields, Gazetteer, Item, Setting, Taken, World, shape};
use tessera_world::ProvenanceId;

pub const METHOD: &str = "The publisher's border; it holds in the years in which the drawn state of the \
     empire lasted, as the sources document says, and no longer.";

/// Provinces that lasted shorter than the map they are drawn on: Trajan's, given up by Hadrian.
const SHORT_LIVED: [(&str, i32, i32); 1] = [("Armenia Mesopotamia", 114, 117)];

/// Augustus's regions of Italy, which maps write as bare numerals.
const REGIONS: [(&str, &str); 11] = [
    ("I", "Latium et Campania"),
    ("II", "Apulia et Calabria"),
    ("III", "Lucania et Bruttium"),
    ("IV", "Samnium"),
    ("V", "Picenum"),
    ("VI", "Umbria"),
    ("VII", "Etruria"),
    ("VIII", "Aemilia"),
    ("IX", "Liguria"),
    ("X", "Venetia et Histria"),
    ("XI", "Transpadana"),
];

/// Roles as of a shape; `from` and `to` are mostly values the document says.
pub fn features<'a>(
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
    world: World,
    provenance: ProvenanceId,
) -> Taken {
    let gazetteer = &Gazetteer::default();
    let setting = Setting { fields, world, gazetteer, provenance };
    Taken::of(items, |item| {
        let mut feature = shape::feature("provinces", item, setting)?;
        if let Some((numeral, name)) = REGIONS.iter().find(|(numeral, _)| *numeral == feature.title)
        {
            feature.title = format!("Italia, regio {numeral} ({name})");
            feature.latin = Some((*name).to_owned());
        } else if fields.column("name").is_some() {
            feature.latin = Some(feature.title.clone());
        }
        if let Some(&(_, from, to)) = SHORT_LIVED.iter().find(|(name, _, _)| *name == feature.title)
        {
            (feature.valid_from, feature.valid_to) = (Some(from), Some(to));
        }
        Ok(feature)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{mediterranean, row};
    use geo_types::{Geometry, polygon};
    use serde_json::json;

    #[test]
    fn a_region_gets_its_name_and_a_short_lived_province_its_years() {
        let maps = [row(json!({"name": "XI"})), row(json!({"name": "Armenia Mesopotamia"}))];
        let shape =
            Geometry::Polygon(polygon![(x: 8.0, y: 45.0), (x: 9.0, y: 45.0), (x: 9.0, y: 46.0)]);
        let items = maps.iter().enumerate().map(|(index, fields)| Item {
            row: index as u64 + 1,
            id: None,
            geometry: Some(&shape),
            fields,
        });
        let fields = Fields::new(&[("name", "name"), ("from", "=106"), ("to", "=193")]);
        let taken = features(items, &fields, mediterranean(), ProvenanceId(1));
        let seen: Vec<_> =
            taken.features.iter().map(|f| (f.title.as_str(), f.valid_from, f.valid_to)).collect();
        assert_eq!(
            seen,
            [
                ("Italia, regio XI (Transpadana)", Some(106), Some(193)),
                ("Armenia Mesopotamia", Some(114), Some(117)),
            ]
        );
    }
}
