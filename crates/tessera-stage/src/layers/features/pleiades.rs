//! Pleiades: a place is a point only if a location of it is precise.
//!
//! A rough location is a rectangle of the Barrington map; up to a degree it is kept as that rectangle and
//! conjectured; so is the point of a place none of whose locations this edition lists. What is wider, or has no location at all, is left out and named. There are neither types nor
//! years in these files: a place that another gazetteer knows is left to it and cited there.

use super::gazetteer::{Gazetteer, citation};
use super::{Fields, Item, LeftOut, Setting, Taken, bare};
use crate::layers::areas;
use geo_types::{Coord, Geometry, Point, Rect, coord};
use serde_json::Value;
use tessera_world::{Certainty, Feature};

pub const METHOD: &str = "The gazetteer's representative point where a location of the place is precise; a \
     rough one stays the rectangle it is, conjectured, up to one degree; without years and types.";

/// A wider rectangle is a map sheet, not a place.
const EXTENT_MAX_DEGREES: f64 = 1.0;

/// What is known of where a place lies.
enum Location {
    Precise(Point),
    /// This edition lists no location of it, only its representative point.
    Unlisted(Point),
    /// West, south, east, north.
    Rough([f64; 4]),
}

/// Roles: `id`, `title`, `names` (a list), `parts` (the list of its locations), `precision`. Places that
/// `known` cites by the same name nearby are left to it.
pub fn features<'a>(items: impl IntoIterator<Item = Item<'a>>, setting: Setting<'_>) -> Taken {
    Taken::of(items, |item| feature(item, setting))
}

/// Makes the precise places known to a gazetteer under all their names.
pub fn enlist<'a>(
    gazetteer: &mut Gazetteer,
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
) {
    for item in items {
        if let (Ok(Location::Precise(point) | Location::Unlisted(point)), Some(citation)) =
            (location(&item, fields), fields.id(&item).1)
        {
            let names = names(&item, fields);
            gazetteer.add(names.iter().map(String::as_str), point, &citation);
        }
    }
}

fn feature(item: &Item<'_>, setting: Setting<'_>) -> Result<Feature, LeftOut> {
    let Setting { fields, world, gazetteer: known, provenance } = setting;
    let (id, own) = fields.id(item);
    let mut feature = bare("settlements", id, item, provenance);
    let names = names(item, fields);
    feature.title = names
        .first()
        .cloned()
        .ok_or_else(|| (item.row, "feature_kind", "it has no name".to_owned()))?;
    feature.properties.insert("kind".to_owned(), "place".into());
    if names.len() > 1 {
        feature.properties.insert("names".to_owned(), names[1..].join("; ").into());
    }
    match location(item, fields)? {
        located @ (Location::Precise(point) | Location::Unlisted(point)) => {
            if matches!(located, Location::Unlisted(_)) {
                feature.certainty = Certainty::Conjectured;
            }
            let others = known.same(names.iter().map(String::as_str), point);
            if let Some(other) = others.iter().find(|other| !other.starts_with("pleiades:")) {
                let reason = format!("{other} is the same place, and cites it");
                return Err((item.row, "feature_duplicate", reason));
            }
            feature.zone = Some(world.zone(item.row, point)?);
            feature.geometry = Geometry::Point(point);
        }
        Location::Rough([west, south, east, north]) => {
            let wide = (east - west).max(north - south);
            if wide > EXTENT_MAX_DEGREES {
                let reason = format!("it is located to {wide:.1} degrees only");
                return Err((item.row, "feature_extent", reason));
            }
            let corner = |x, y| coord! { x: x, y: y };
            feature.geometry =
                Geometry::Polygon(Rect::new(corner(west, south), corner(east, north)).to_polygon());
            "settlement_extents".clone_into(&mut feature.collection);
            feature.certainty = Certainty::Conjectured;
            world.meets(item.row, &feature.geometry)?;
        }
    }
    feature.citation = citation(own, []);
    Ok(feature)
}

fn names(item: &Item<'_>, fields: &Fields) -> Vec<String> {
    let listed = fields.column("names").and_then(|column| item.fields.get(column)?.as_array());
    let mut names: Vec<String> = fields.text(item, "title").into_iter().collect();
    for name in listed.into_iter().flatten().filter_map(Value::as_str) {
        if !name.trim().is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The item's own geometry is its representative point; the parts say how well it is known.
fn location(item: &Item<'_>, fields: &Fields) -> Result<Location, LeftOut> {
    let parts = fields
        .column("parts")
        .and_then(|column| item.fields.get(column)?.as_array())
        .map_or(&[][..], Vec::as_slice);
    let precision = |part: &Value| {
        let column = fields.column("precision")?;
        part.pointer(&format!("/properties/{column}"))?.as_str().map(str::to_owned)
    };
    let kind =
        |part: &Value| part.pointer("/geometry/type").and_then(Value::as_str).map(str::to_owned);
    let precise: Vec<&Value> =
        parts.iter().filter(|part| precision(part).as_deref() == Some("precise")).collect();
    let is_line = |part: &&Value| kind(part).is_some_and(|kind| kind.contains("Line"));
    if !precise.is_empty() && precise.iter().all(is_line) {
        return Err((
            item.row,
            "feature_kind",
            "it is a line: a road, a river or a wall".to_owned(),
        ));
    }
    if !precise.is_empty() {
        return Ok(Location::Precise(item.point(fields)?));
    }
    let unlisted = parts.iter().all(|part| precision(part).is_none());
    if unlisted && parts.iter().all(|part| kind(part).as_deref() == Some("Point")) {
        return Ok(Location::Unlisted(item.point(fields)?));
    }
    let rough = parts.iter().find(|part| precision(part).as_deref() == Some("rough"));
    match rough.and_then(|part| edges(part.pointer("/geometry/coordinates")?)) {
        Some(edges) => Ok(Location::Rough(edges)),
        None => Err((item.row, "feature_unlocated", "nobody knows where it lies".to_owned())),
    }
}

/// West, south, east, north of nested lists of positions.
fn edges(coordinates: &Value) -> Option<[f64; 4]> {
    let mut corners: Vec<Coord> = Vec::new();
    collect(coordinates, &mut corners);
    areas::bounds(&Geometry::LineString(corners.into()))
}

fn collect(value: &Value, into: &mut Vec<Coord>) {
    let Some(list) = value.as_array() else { return };
    match (list.first().and_then(Value::as_f64), list.get(1).and_then(Value::as_f64)) {
        (Some(x), Some(y)) => into.push(coord! { x: x, y: y }),
        _ => list.iter().for_each(|inner| collect(inner, into)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{mediterranean, row};
    use serde_json::{Map, json};
    use tessera_world::ProvenanceId;

    fn fields() -> Fields {
        Fields::new(&[
            ("namespace", "=pleiades"),
            ("id", "id"),
            ("title", "title"),
            ("names", "names"),
            ("parts", "features"),
            ("precision", "location_precision"),
        ])
    }

    fn place(id: &str, title: &str, precision: &str, geometry: &Value) -> Map<String, Value> {
        row(json!({"id": id, "title": title, "names": [title, "Other"], "features": [
            {"geometry": {"type": "Point", "coordinates": [22.5, 42.5]}, "properties": {}},
            {"geometry": geometry, "properties": {"location_precision": precision}}
        ]}))
    }

    fn square(size: f64) -> Value {
        json!({"type": "Polygon", "coordinates": [[[22.0, 42.0], [22.0, 42.0 + size],
            [22.0 + size, 42.0 + size], [22.0 + size, 42.0], [22.0, 42.0]]]})
    }

    fn taken(places: &[Map<String, Value>], known: &Gazetteer) -> Taken {
        let point = Geometry::Point((22.5, 42.5).into());
        let items = places.iter().enumerate().map(|(index, fields)| Item {
            row: index as u64 + 1,
            id: None,
            geometry: Some(&point),
            fields,
        });
        features(
            items,
            Setting {
                fields: &fields(),
                world: mediterranean(),
                gazetteer: known,
                provenance: ProvenanceId(1),
            },
        )
    }

    #[test]
    fn only_a_precise_place_is_a_point_and_a_rough_one_is_its_rectangle() {
        let point = json!({"type": "Point", "coordinates": [22.5, 42.5]});
        let line = json!({"type": "LineString", "coordinates": [[22.0, 42.0], [23.0, 42.0]]});
        let places = [
            place("1", "Precise", "precise", &point),
            place("2", "Rough", "rough", &square(0.5)),
            place("3", "Sheet", "rough", &square(5.0)),
            place("4", "Lost", "unlocated", &Value::Null),
            place("5", "Road", "precise", &line),
        ];
        let taken = taken(&places, &Gazetteer::default());
        let seen: Vec<_> = taken
            .features
            .iter()
            .map(|f| (f.title.as_str(), f.certainty, f.collection.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("Rough", Certainty::Conjectured, "settlement_extents"),
                ("Precise", Certainty::Certain, "settlements"),
            ]
        );
        let rules: Vec<_> = taken.left_out.iter().map(|(row, rule, _)| (*row, *rule)).collect();
        assert_eq!(rules, [(3, "feature_extent"), (4, "feature_unlocated"), (5, "feature_kind")]);
    }

    #[test]
    fn a_place_that_another_gazetteer_has_stands_there() {
        let mut known = Gazetteer::default();
        known.add(["Precise"], (22.5, 42.51).into(), "dare:7");
        let point = json!({"type": "Point", "coordinates": [22.5, 42.5]});
        let taken = taken(&[place("1", "Precise", "precise", &point)], &known);
        assert_eq!(taken.left_out[0].1, "feature_duplicate");
    }
}
