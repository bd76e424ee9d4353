//! GeoJSON geometries, checked: finite positions on the globe, lines of two points, closed rings of four.

use crate::crs::Crs;
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde_json::Value;

/// Points of one geometry at most: the coast of Canada at 1:10m has 40,000.
pub(super) const VERTICES_MAX: usize = 5_000_000;
/// Geometry collections within geometry collections.
const DEPTH_MAX: usize = 4;
/// Rounding at the date line and the poles that is cut, degrees.
const ROUNDING_DEGREES: f64 = 1e-6;

/// Why a geometry is none: reason code and sentence.
pub(super) type Fault = (&'static str, String);

/// `Ok(None)` for the JSON null.
pub(super) fn geometry(value: &Value, crs: &Crs) -> Result<Option<Geometry<f64>>, Fault> {
    if value.is_null() {
        return Ok(None);
    }
    let mut vertices = 0;
    Parser { crs, vertices: &mut vertices }.geometry(value, 0).map(Some)
}

fn broken(sentence: impl Into<String>) -> Fault {
    ("geometry_broken", sentence.into())
}

struct Parser<'a> {
    crs: &'a Crs,
    vertices: &'a mut usize,
}

impl Parser<'_> {
    fn geometry(&mut self, value: &Value, depth: usize) -> Result<Geometry<f64>, Fault> {
        let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
        if kind == "GeometryCollection" {
            if depth >= DEPTH_MAX {
                return Err(broken("its geometries are nested too deep"));
            }
            let parts = list(value.get("geometries"))?;
            let parts = parts.iter().map(|part| self.geometry(part, depth + 1));
            return Ok(Geometry::GeometryCollection(GeometryCollection(
                parts.collect::<Result<_, _>>()?,
            )));
        }
        let coordinates = value.get("coordinates").unwrap_or(&Value::Null);
        Ok(match kind {
            "Point" => Geometry::Point(Point(self.position(coordinates)?)),
            "MultiPoint" => Geometry::MultiPoint(MultiPoint(
                self.positions(coordinates)?.into_iter().map(Point).collect(),
            )),
            "LineString" => Geometry::LineString(self.line(coordinates)?),
            "MultiLineString" => {
                let parts = full(coordinates)?;
                let lines =
                    parts.into_iter().map(|part| self.line(part)).collect::<Result<Vec<_>, _>>()?;
                Geometry::MultiLineString(MultiLineString(some(lines)?))
            }
            "Polygon" => Geometry::Polygon(self.polygon(coordinates)?),
            "MultiPolygon" => {
                let parts = full(coordinates)?;
                let parts = parts
                    .into_iter()
                    .map(|part| self.polygon(part))
                    .collect::<Result<Vec<_>, _>>()?;
                Geometry::MultiPolygon(MultiPolygon(some(parts)?))
            }
            other => return Err(broken(format!("{other:?} is no type of geometry"))),
        })
    }

    fn polygon(&mut self, value: &Value) -> Result<Polygon<f64>, Fault> {
        let mut rings =
            list(Some(value))?.iter().map(|ring| self.ring(ring)).collect::<Result<Vec<_>, _>>()?;
        if rings.is_empty() {
            return Err(broken("a polygon has no ring"));
        }
        let outer = rings.remove(0);
        Ok(Polygon::new(outer, rings))
    }

    fn ring(&mut self, value: &Value) -> Result<LineString<f64>, Fault> {
        checked_ring(self.positions(value)?)
    }

    fn line(&mut self, value: &Value) -> Result<LineString<f64>, Fault> {
        checked_line(self.positions(value)?)
    }

    fn positions(&mut self, value: &Value) -> Result<Vec<Coord<f64>>, Fault> {
        list(Some(value))?.iter().map(|position| self.position(position)).collect()
    }

    fn position(&mut self, value: &Value) -> Result<Coord<f64>, Fault> {
        *self.vertices += 1;
        if *self.vertices > VERTICES_MAX {
            return Err(("record_too_large", format!("it has more than {VERTICES_MAX} points")));
        }
        let numbers = list(Some(value))?;
        match (numbers.first().and_then(Value::as_f64), numbers.get(1).and_then(Value::as_f64)) {
            (Some(x), Some(y)) => {
                let mut points = [(x, y)];
                self.crs.to_wgs84(&mut points);
                on_the_globe(points[0])
            }
            _ => Err(broken("a position is not two numbers")),
        }
    }
}

fn list(value: Option<&Value>) -> Result<&Vec<Value>, Fault> {
    value
        .and_then(Value::as_array)
        .ok_or_else(|| broken("its coordinates are not a list of the right depth"))
}

/// Parts that are not empty: an empty one says nothing and is left by editors that split lines.
fn full(value: &Value) -> Result<Vec<&Value>, Fault> {
    let empty = |part: &&Value| part.as_array().is_some_and(Vec::is_empty);
    Ok(list(Some(value))?.iter().filter(|part| !empty(part)).collect())
}

fn some<T>(parts: Vec<T>) -> Result<Vec<T>, Fault> {
    if parts.is_empty() {
        return Err(("geometry_missing", "its geometry is empty".to_owned()));
    }
    Ok(parts)
}

pub(super) fn checked_line(points: Vec<Coord<f64>>) -> Result<LineString<f64>, Fault> {
    if points.is_empty() {
        return Err(("geometry_missing", "its geometry is empty".to_owned()));
    }
    if points.len() < 2 {
        return Err(broken(format!("a line has {} points", points.len())));
    }
    Ok(LineString(points))
}

pub(super) fn checked_ring(mut points: Vec<Coord<f64>>) -> Result<LineString<f64>, Fault> {
    if let (Some(&first), Some(&last)) = (points.first(), points.last())
        && first != last
    {
        let (dx, dy) = (first.x - last.x, first.y - last.y);
        if dx.abs().max(dy.abs()) > ROUNDING_DEGREES {
            return Err(broken("a ring is not closed"));
        }
        points.push(first);
    }
    if points.len() < 4 {
        return Err(broken(format!("a ring has {} points", points.len())));
    }
    Ok(LineString(points))
}

/// A position on the globe; rounding beyond its edge is cut.
pub(super) fn on_the_globe((x, y): (f64, f64)) -> Result<Coord<f64>, Fault> {
    let inside = |value: f64, edge: f64| value.abs() <= edge + ROUNDING_DEGREES;
    if !inside(x, 180.0) || !inside(y, 90.0) {
        return Err(("position_range", format!("longitude {x}, latitude {y} is not on the globe")));
    }
    Ok(Coord { x: x.clamp(-180.0, 180.0), y: y.clamp(-90.0, 90.0) })
}
