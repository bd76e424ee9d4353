//! Shapes as GeoJSON (RFC 7946): longitude first, no more digits than a centimetre has.

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

fn rings(polygon: &Polygon<f64>) -> Vec<Vec<[f64; 2]>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, Point, polygon};

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
}
