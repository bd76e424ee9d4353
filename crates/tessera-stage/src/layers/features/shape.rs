//! Things drawn as they lie: roads, canals, aqueducts, provinces, urban areas, shores, monuments.
//!
//! The shape is the publisher's, untouched. A road of unknown course is conjectured, never certain.

use super::gazetteer::citation;
use super::{
    Fields, Item, LeftOut, Setting, Taken, bare, doubtful, kept, period, plain_name, weaker,
};
use geo_types::Geometry;
use tessera_world::{Certainty, Feature, Shapes};

pub const METHOD: &str = "The publisher's shape, in WGS 84; years from the columns or the period named; a \
     name or a course that the publisher doubts is conjectured.";

/// Left behind by a publisher's editing where a name should be.
const NO_NAMES: [&str; 1] = ["delete_name"];

/// Any shape. Roles: `id`, `name`, `latin`, `modern`, `from`, `to`, `period`, `built`, `certain`, `class`,
/// `pleiades`, `dare`, `kind`, `keep.*`.
pub fn features<'a>(
    collection: &str,
    items: impl IntoIterator<Item = Item<'a>>,
    setting: Setting<'_>,
) -> Taken {
    Taken::of(items, |item| feature(collection, item, setting))
}

pub(super) fn feature(
    collection: &str,
    item: &Item<'_>,
    setting: Setting<'_>,
) -> Result<Feature, LeftOut> {
    let Setting { fields, world, gazetteer, provenance } = setting;
    let geometry = match item.geometry {
        Some(geometry) if !matches!(geometry, Geometry::Point(_)) => geometry.clone(),
        _ => Geometry::Point(item.point(fields)?),
    };
    world.meets(item.row, &geometry)?;
    let zone = match &geometry {
        Geometry::Point(point) => Some(world.zone(item.row, *point)?),
        _ => None,
    };
    let (id, own) = fields.id(item);
    let (valid_from, valid_to) = years(item, fields)?;
    let named = fields.text(item, "name").filter(|name| !NO_NAMES.contains(&name.as_str()));
    let latin = fields.text(item, "latin");
    let modern = fields.text(item, "modern");
    let certainty = certainty(item, fields, [named.as_deref(), latin.as_deref()]);
    let collection = collection_of(collection, &geometry);
    let kind = fields.text(item, "kind").unwrap_or_else(|| singular(collection).to_owned());
    let mut feature = bare(collection, id, item, provenance);
    feature.properties = kept(item, fields);
    feature.properties.insert("kind".to_owned(), kind.clone().into());
    if let Some(class) = class(item, fields) {
        feature.properties.insert("class".to_owned(), class.into());
    }
    if let Some(group) = fields.text(item, "built") {
        feature.properties.insert("built".to_owned(), group.into());
    }
    if let Some(modern) = &modern {
        feature.properties.insert("modern".to_owned(), modern.clone().into());
    }
    let names = [&named, &latin, &modern].map(|name| name.as_deref().unwrap_or_default());
    let linked = match &geometry {
        Geometry::Point(point) => gazetteer.same(names, *point),
        _ => Vec::new(),
    };
    feature.citation = citation(own, links(item, fields).into_iter().chain(linked));
    feature.latin = latin.as_deref().and_then(plain_name);
    feature.title = named
        .as_deref()
        .or(feature.latin.as_deref())
        .or(modern.as_deref())
        .and_then(plain_name)
        .unwrap_or(kind);
    Ok(Feature { geometry, zone, certainty, valid_from, valid_to, ..feature })
}

/// From the columns of years; where they say nothing, from the period or the group of buildings.
fn years(item: &Item<'_>, fields: &Fields) -> Result<(Option<i32>, Option<i32>), LeftOut> {
    let (from, to) = fields.years(item)?;
    if from.is_some() || to.is_some() {
        return Ok((from, to));
    }
    let period = fields.text(item, "period").and_then(|text| period::years(&text));
    if let Some((from, to)) = period {
        return Ok((Some(from), Some(to)));
    }
    // What was built in a period stood on: its end is not known.
    let built = fields.text(item, "built").and_then(|group| period::built(&group));
    Ok((built.map(|(from, _)| from), None))
}

fn certainty(item: &Item<'_>, fields: &Fields, names: [Option<&str>; 2]) -> Certainty {
    let mut certainty = match fields.text(item, "certain").as_deref() {
        _ if !fields.has("certain") => Certainty::Certain,
        Some("1" | "Yes" | "YES" | "yes" | "certain") => Certainty::Certain,
        Some("hypothetical") => Certainty::Hypothetical,
        _ => Certainty::Conjectured,
    };
    if names.into_iter().flatten().any(doubtful)
        || fields.text(item, "period").is_some_and(|period| period.contains('?'))
    {
        certainty = weaker(certainty, Certainty::Conjectured);
    }
    certainty
}

fn class(item: &Item<'_>, fields: &Fields) -> Option<String> {
    let class = fields.text(item, "class")?;
    Some(match class.as_str() {
        "1" | "Major Road" => "major".to_owned(),
        "0" | "Minor Road" => "minor".to_owned(),
        other => other.to_lowercase(),
    })
}

/// Ids of other gazetteers that the row names, as an address or a number.
fn links(item: &Item<'_>, fields: &Fields) -> Vec<String> {
    ["pleiades", "dare"]
        .into_iter()
        .filter_map(|gazetteer| {
            let link = fields.text(item, gazetteer)?;
            let number: String = link.rsplit('/').find(|part| !part.is_empty())?.chars().collect();
            (number.bytes().all(|b| b.is_ascii_digit()) && number != "0")
                .then(|| format!("{gazetteer}:{number}"))
        })
        .collect()
}

/// Where the shapes of a layer go: a collection has one kind of them.
fn collection_of<'a>(layer: &'a str, geometry: &Geometry<f64>) -> &'a str {
    match (layer, Shapes::of(geometry)) {
        ("settlements", Some(Shapes::Areas)) => "urban_areas",
        ("provinces", Some(Shapes::Lines)) => "borders",
        _ => layer,
    }
}

fn singular(collection: &str) -> &str {
    match collection {
        "urban_areas" => "urban area",
        "cities" => "city",
        "provinces" => "province",
        "open_water" => "open water",
        "coast" => "coast",
        "plate_boundaries" => "plate boundary",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::Gazetteer;
    use crate::layers::features::item::tests::{mediterranean, row};
    use geo_types::{LineString, Point, polygon};
    use serde_json::json;
    use tessera_world::ProvenanceId;

    fn roads(rows: &[serde_json::Value]) -> Taken {
        let maps: Vec<_> = rows.iter().cloned().map(row).collect();
        let line = Geometry::LineString(LineString::from(vec![(12.5, 41.9), (13.0, 41.5)]));
        let items = maps.iter().enumerate().map(|(index, fields)| Item {
            row: index as u64 + 1,
            id: None,
            geometry: Some(&line),
            fields,
        });
        let fields = Fields::new(&[
            ("namespace", "=dare"),
            ("name", "Name"),
            ("certain", "Known"),
            ("class", "Major"),
            ("from", "=-311"),
        ]);
        features(
            "roads",
            items,
            Setting {
                fields: &fields,
                world: mediterranean(),
                gazetteer: &Gazetteer::default(),
                provenance: ProvenanceId(4),
            },
        )
    }

    #[test]
    fn a_road_of_known_course_is_certain_and_any_other_is_conjectured() {
        let taken = roads(&[
            json!({"Name": "Via_Appia", "Known": "1", "Major": "1"}),
            json!({"Name": "Via Campana?", "Known": "1", "Major": "0"}),
            json!({"Name": "delete_name", "Known": null, "Major": null}),
        ]);
        let seen: Vec<_> = taken
            .features
            .iter()
            .map(|f| {
                (f.title.as_str(), f.certainty, f.properties.get("class").cloned(), f.valid_from)
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("Via Appia", Certainty::Certain, Some(json!("major")), Some(-311)),
                ("Via Campana", Certainty::Conjectured, Some(json!("minor")), Some(-311)),
                ("road", Certainty::Conjectured, None, Some(-311)),
            ]
        );
    }

    #[test]
    fn a_building_stands_from_its_group_on_and_links_to_its_place() {
        let map = row(json!({
            "title": "Amphitheater at Arles", "latintoponym": "Arelate", "chronogroup": "flavian",
            "pleiades": "https://pleiades.stoa.org/places/148217"
        }));
        let point = Geometry::Point((4.63, 43.68).into());
        let items =
            [Item { row: 1, id: Some("arlesAmphitheater"), geometry: Some(&point), fields: &map }];
        let fields = Fields::new(&[
            ("namespace", "=heath"),
            ("name", "title"),
            ("latin", "latintoponym"),
            ("built", "chronogroup"),
            ("pleiades", "pleiades"),
            ("kind", "=amphitheatre"),
        ]);
        let taken = features(
            "monuments",
            items,
            Setting {
                fields: &fields,
                world: mediterranean(),
                gazetteer: &Gazetteer::default(),
                provenance: ProvenanceId(1),
            },
        );
        let arles = &taken.features[0];
        assert_eq!(
            (arles.id.as_str(), arles.citation.as_str(), arles.valid_from, arles.valid_to),
            ("heath-arlesamphitheater", "heath:arlesAmphitheater; pleiades:148217", Some(69), None)
        );
        assert!(arles.zone.is_some());
    }

    #[test]
    fn urban_areas_and_borders_stand_in_collections_of_their_own() {
        let area: Geometry<f64> =
            polygon![(x: 12.0, y: 41.0), (x: 13.0, y: 41.0), (x: 13.0, y: 42.0)].into();
        let line: Geometry<f64> = LineString::from(vec![(12.5, 41.9), (13.0, 41.5)]).into();
        let point: Geometry<f64> = Point::new(12.5, 41.9).into();
        let map = row(json!({}));
        let none = Gazetteer::default();
        for (layer, geometry, collection, kind) in [
            ("settlements", &area, "urban_areas", "urban area"),
            ("settlements", &point, "settlements", "settlement"),
            ("provinces", &line, "borders", "border"),
            ("provinces", &area, "provinces", "province"),
            ("roads", &line, "roads", "road"),
        ] {
            let items = [Item { row: 1, id: None, geometry: Some(geometry), fields: &map }];
            let taken = features(
                layer,
                items,
                Setting {
                    fields: &Fields::default(),
                    world: mediterranean(),
                    gazetteer: &none,
                    provenance: ProvenanceId(1),
                },
            );
            let [feature] = taken.features.as_slice() else { panic!("{:?}", taken.left_out) };
            assert_eq!((feature.collection.as_str(), feature.title.as_str()), (collection, kind));
        }
    }

    #[test]
    fn an_empty_line_is_left_out_with_its_reason() {
        let empty = Geometry::LineString(LineString::new(Vec::new()));
        let map = row(json!({}));
        let items = [Item { row: 1, id: None, geometry: Some(&empty), fields: &map }];
        let none = Gazetteer::default();
        let taken = features(
            "provinces",
            items,
            Setting {
                fields: &Fields::default(),
                world: mediterranean(),
                gazetteer: &none,
                provenance: ProvenanceId(1),
            },
        );
        assert_eq!(taken.left_out, [(1, "feature_geometry", "its shape is empty".to_owned())]);
    }
}
