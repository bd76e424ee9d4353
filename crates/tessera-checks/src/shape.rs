//! Shapes and texts by themselves: empty, not numbers, crossing themselves; letters that got lost.

use geo_types::{Coord, Geometry, Line, LineString, Polygon};

/// A ring of more corners is not asked whether it crosses itself: a whole ocean's shore is drawn by machine.
const RING_CORNERS_MAX: usize = 200_000;

/// Every coordinate of a shape.
pub(crate) fn coordinates(geometry: &Geometry<f64>) -> Box<dyn Iterator<Item = Coord> + '_> {
    let ring = |line: &'_ LineString| line.0.clone().into_iter();
    match geometry {
        Geometry::Point(point) => Box::new(std::iter::once(point.0)),
        Geometry::Line(line) => Box::new([line.start, line.end].into_iter()),
        Geometry::LineString(line) => Box::new(ring(line)),
        Geometry::Polygon(polygon) => Box::new(rings(polygon).flat_map(ring)),
        Geometry::MultiPoint(points) => Box::new(points.iter().map(|point| point.0)),
        Geometry::MultiLineString(lines) => Box::new(lines.iter().flat_map(ring)),
        Geometry::MultiPolygon(polygons) => {
            Box::new(polygons.iter().flat_map(rings).flat_map(ring))
        }
        Geometry::GeometryCollection(all) => Box::new(all.iter().flat_map(coordinates)),
        Geometry::Rect(rect) => Box::new([rect.min(), rect.max()].into_iter()),
        Geometry::Triangle(triangle) => Box::new(triangle.to_array().into_iter()),
    }
}

fn rings(polygon: &Polygon) -> impl Iterator<Item = &LineString> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// Every open or closed line of a shape.
pub(crate) fn each_line(geometry: &Geometry<f64>, see: &mut impl FnMut(&LineString)) {
    match geometry {
        Geometry::LineString(line) => see(line),
        Geometry::MultiLineString(lines) => lines.iter().for_each(see),
        Geometry::Polygon(polygon) => rings(polygon).for_each(see),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).for_each(see),
        _ => {}
    }
}

/// What is wrong with a shape, as a sentence.
pub(crate) fn fault(geometry: &Geometry<f64>) -> Option<String> {
    let mut any = false;
    for c in coordinates(geometry) {
        any = true;
        if !c.x.is_finite() || !c.y.is_finite() {
            return Some("a coordinate is not a number".to_owned());
        }
    }
    if !any {
        return Some("its shape is empty".to_owned());
    }
    let polygons: Vec<&Polygon> = match geometry {
        Geometry::Polygon(polygon) => vec![polygon],
        Geometry::MultiPolygon(polygons) => polygons.iter().collect(),
        _ => return None,
    };
    polygons.into_iter().flat_map(rings).find_map(|ring| {
        if ring.0.len() < 4 {
            return Some(format!("a ring has {} corners", ring.0.len().saturating_sub(1)));
        }
        crossing(ring).map(|at| format!("its outline crosses itself at {:.4}, {:.4}", at.x, at.y))
    })
}

/// Where a ring crosses itself: segments swept from the west, each compared with those it overlaps.
fn crossing(ring: &LineString) -> Option<Coord> {
    if ring.0.len() > RING_CORNERS_MAX {
        return None;
    }
    let west = |line: &Line| line.start.x.min(line.end.x);
    let mut lines: Vec<Line> = ring.lines().filter(|line| line.start != line.end).collect();
    lines.sort_by(|a, b| west(a).total_cmp(&west(b)));
    let mut active: Vec<Line> = Vec::new();
    for line in lines {
        let from = west(&line);
        active.retain(|other| other.start.x.max(other.end.x) >= from);
        if let Some(at) = active.iter().find_map(|other| cross(*other, line)) {
            return Some(at);
        }
        active.push(line);
    }
    None
}

/// Where two segments cross, both running on beyond it; a touch is no crossing.
fn cross(a: Line, b: Line) -> Option<Coord> {
    let apart =
        |a0: f64, a1: f64, b0: f64, b1: f64| a0.max(a1) < b0.min(b1) || b0.max(b1) < a0.min(a1);
    if apart(a.start.y, a.end.y, b.start.y, b.end.y) {
        return None;
    }
    let side = |line: Line, c: Coord| {
        let (d, e) = (line.delta(), c - line.start);
        d.x * e.y - d.y * e.x
    };
    let (from, to) = (side(a, b.start), side(a, b.end));
    let (here, there) = (side(b, a.start), side(b, a.end));
    let crosses = from * to < 0.0 && here * there < 0.0;
    crosses.then(|| b.start + b.delta() * (from / (from - to)))
}

/// Whether a text was written in one encoding and read in another.
pub(crate) fn is_garbled(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|here| {
        // UTF-8 read as Latin-1 turns é into Ã and ©.
        let twice = matches!(before, 'Ã' | 'Â' | 'Å') && ('\u{80}'..='\u{bf}').contains(&here);
        before = here;
        twice || here == char::REPLACEMENT_CHARACTER || (here.is_control() && !here.is_whitespace())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn a_bow_tie_crosses_itself_and_a_ring_that_touches_itself_does_not() {
        let bow = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];
        assert_eq!(
            fault(&bow.into()),
            Some("its outline crosses itself at 1.0000, 1.0000".to_owned())
        );
        let touching = polygon![
            (x: 0.0, y: 0.0), (x: 1.0, y: 1.0), (x: 2.0, y: 0.0), (x: 2.0, y: 2.0), (x: 1.0, y: 1.0), (x: 0.0, y: 2.0)
        ];
        assert_eq!(fault(&touching.into()), None);
    }

    #[test]
    fn a_shape_of_nothing_or_of_no_numbers_is_a_fault() {
        let empty = LineString::new(Vec::new());
        assert_eq!(fault(&empty.into()), Some("its shape is empty".to_owned()));
        let point = geo_types::Point::new(f64::NAN, 1.0);
        assert_eq!(fault(&point.into()), Some("a coordinate is not a number".to_owned()));
    }

    #[test]
    fn letters_that_were_read_in_another_encoding_are_seen() {
        assert!(is_garbled("MÃ©rida") && is_garbled("Mrida\u{fffd}") && is_garbled("a\u{7}"));
        assert!(!is_garbled("Mérida, Ávila, Ångström, Βυζάντιον"));
    }
}
