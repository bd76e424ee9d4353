//! Shapes as GeoJSON (RFC 7946): longitude first, no more digits than a centimetre has.

use geo::{Winding, winding_order::WindingOrder};
use geo_types::{Coord, Geometry, LineString, Polygon};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// A ten-millionth of a degree is a centimetre; more digits only make answers longer.
const DEGREES_DENOMINATOR: f64 = 1e7;

pub(crate) struct GeoJson<'a>(pub(crate) &'a Geometry<f64>);

#[derive(Serialize)]
#[serde(untagged)]
enum Coordinates {
    One([f64; 2]),
    Line(Vec<[f64; 2]>),
    Rings(Vec<Vec<[f64; 2]>>),
    Polygons(Vec<Vec<Vec<[f64; 2]>>>),
}

impl Serialize for GeoJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use Coordinates::{Line, One, Polygons, Rings};
        let (kind, coordinates) = match self.0 {
            Geometry::Point(point) => ("Point", One(position(&point.0))),
            Geometry::Line(line) => {
                ("LineString", Line(vec![position(&line.start), position(&line.end)]))
            }
            Geometry::LineString(line) => ("LineString", Line(positions(line))),
            Geometry::Polygon(polygon) => ("Polygon", Rings(rings(polygon))),
            Geometry::Rect(rect) => ("Polygon", Rings(rings(&rect.to_polygon()))),
            Geometry::Triangle(three) => ("Polygon", Rings(rings(&three.to_polygon()))),
            Geometry::MultiPoint(points) => {
                ("MultiPoint", Line(points.iter().map(|point| position(&point.0)).collect()))
            }
            Geometry::MultiLineString(lines) => {
                ("MultiLineString", Rings(lines.iter().map(positions).collect()))
            }
            Geometry::MultiPolygon(many) => {
                ("MultiPolygon", Polygons(many.iter().map(rings).collect()))
            }
            Geometry::GeometryCollection(parts) => {
                let parts: Vec<GeoJson<'_>> = parts.iter().map(GeoJson).collect();
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("type", "GeometryCollection")?;
                map.serialize_entry("geometries", &parts)?;
                return map.end();
            }
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", kind)?;
        map.serialize_entry("coordinates", &coordinates)?;
        map.end()
    }
}

fn position(at: &Coord<f64>) -> [f64; 2] {
    [at.x, at.y].map(|degrees| (degrees * DEGREES_DENOMINATOR).round() / DEGREES_DENOMINATOR)
}

fn positions(line: &LineString<f64>) -> Vec<[f64; 2]> {
    line.coords().map(position).collect()
}

/// The outer ring runs counter-clockwise and the others clockwise, whichever way their publisher drew them.
fn rings(polygon: &Polygon<f64>) -> Vec<Vec<[f64; 2]>> {
    let outer = (polygon.exterior(), WindingOrder::CounterClockwise);
    let inner = polygon.interiors().iter().map(|ring| (ring, WindingOrder::Clockwise));
    std::iter::once(outer).chain(inner).map(|(ring, order)| wound(ring, order)).collect()
}

fn wound(ring: &LineString<f64>, order: WindingOrder) -> Vec<[f64; 2]> {
    let mut positions = positions(ring);
    if ring.winding_order().is_some_and(|drawn| drawn != order) {
        positions.reverse();
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, Point, polygon};
    use serde_json::json;

    #[test]
    fn shapes_are_written_longitude_first_and_to_the_centimetre() {
        let write = |shape: Geometry<f64>| serde_json::to_string(&GeoJson(&shape)).unwrap();
        let point = Point::new(12.291_700_01, 41.7556).into();
        assert_eq!(write(point), r#"{"type":"Point","coordinates":[12.2917,41.7556]}"#);
        let triangle = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)];
        let ring = "[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,0.0]]";
        assert_eq!(
            write(MultiPolygon(vec![triangle]).into()),
            format!(r#"{{"type":"MultiPolygon","coordinates":[[{ring}]]}}"#)
        );
    }
    #[test]
    fn rings_run_as_rfc_7946_has_them_whichever_way_they_are_drawn() {
        let outer = vec![(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)];
        let hole = vec![(5.0, 3.0), (6.0, 4.0), (6.0, 3.0), (5.0, 3.0)];
        let back = |ring: &[(f64, f64)]| ring.iter().rev().copied().collect::<Vec<_>>();
        for (outside, inside) in [
            (outer.clone(), hole.clone()),
            (back(&outer), hole.clone()),
            (outer.clone(), back(&hole)),
        ] {
            let polygon = Polygon::new(outside.into(), vec![inside.into()]);
            let right = json!({"type": "Polygon", "coordinates": [outer, hole]});
            assert_eq!(json!(GeoJson(&polygon.into())), right);
        }
    }
}
