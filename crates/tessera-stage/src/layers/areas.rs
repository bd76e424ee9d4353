//! Areas on zones: polygons cut along rows of latitude, so that a zone's share of them is a sum of strips.
//!
//! Overlapping polygons count once. Holes are left out.

use crate::cuts::{crossings, merged};
use crate::scan::{KM_PER_DEGREE, Outline, Rows, Span};
use geo_types::{Coord, Geometry, Polygon};
use std::collections::BTreeMap;
use tessera_grid::{BBox, Resolution, Zone, zones_in};

/// Where areas lie on each row: disjoint intervals of longitude, ascending.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    intervals: BTreeMap<i32, Vec<(f64, f64)>>,
}

impl Areas {
    pub fn cut<'a>(polygons: impl IntoIterator<Item = &'a Polygon>, rows: Rows) -> Self {
        let mut intervals: BTreeMap<i32, Vec<(f64, f64)>> = BTreeMap::new();
        for polygon in polygons {
            let mut cuts: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
            crossings(polygon, rows, i32::MIN..=i32::MAX, |row, longitude| {
                cuts.entry(row).or_default().push(longitude);
            });
            for (row, mut cuts) in cuts {
                cuts.sort_by(f64::total_cmp);
                let pairs = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1]));
                intervals.entry(row).or_default().extend(pairs);
            }
        }
        for row in intervals.values_mut() {
            *row = merged(std::mem::take(row));
        }
        Self { intervals }
    }

    /// The parts of a span that are in the areas, degrees of longitude.
    pub fn within(&self, span: Span) -> impl Iterator<Item = (f64, f64)> + '_ {
        let row = self.intervals.get(&span.row).map_or(&[][..], Vec::as_slice);
        let first = row.partition_point(|interval| interval.1 <= span.west);
        row[first..]
            .iter()
            .take_while(move |interval| interval.0 < span.east)
            .map(move |interval| (interval.0.max(span.west), interval.1.min(span.east)))
    }

    /// Degrees of longitude of the span that are in the areas.
    pub fn degrees_in(&self, span: Span) -> f64 {
        self.within(span).map(|(west, east)| east - west).sum()
    }

    pub fn holds(&self, rows: Rows, longitude: f64, latitude: f64) -> bool {
        let span = Span { row: rows.row(latitude), west: longitude, east: longitude + 1e-9 };
        self.within(span).next().is_some()
    }
}

/// Rows through an area that is compared with another: a share is known to about one per cent.
const ROWS_COMPARED: f64 = 256.0;

/// What share of the smaller of two areas lies in the other, from 0 to 1.
pub fn shared(a: &[Polygon], b: &[Polygon]) -> f64 {
    let edges = |area: &[Polygon]| bounds(&Geometry::MultiPolygon(area.to_vec().into()));
    let (Some(a_edges), Some(b_edges)) = (edges(a), edges(b)) else { return 0.0 };
    let apart =
        |low: usize, high: usize| a_edges[low] >= b_edges[high] || b_edges[low] >= a_edges[high];
    if apart(0, 2) || apart(1, 3) {
        return 0.0;
    }
    let height = (a_edges[3] - a_edges[1]).min(b_edges[3] - b_edges[1]);
    let rows = Rows { step: height / ROWS_COMPARED };
    let (a, b) = (Areas::cut(a, rows), Areas::cut(b, rows));
    let spans = |areas: &Areas| -> Vec<Span> {
        let rows = areas.intervals.iter();
        rows.flat_map(|(&row, all)| all.iter().map(move |&(west, east)| Span { row, west, east }))
            .collect()
    };
    let degrees = |spans: &[Span]| spans.iter().map(|span| span.east - span.west).sum::<f64>();
    let (a_spans, b_spans) = (spans(&a), spans(&b));
    let both: f64 = a_spans.iter().map(|&span| b.degrees_in(span)).sum();
    let smaller = degrees(&a_spans).min(degrees(&b_spans));
    if smaller > 0.0 { both / smaller } else { 0.0 }
}

/// What part of a zone spans lie in the areas, thousandths.
pub fn share_permille(areas: &Areas, spans: &[Span]) -> u16 {
    let all: f64 = spans.iter().map(|span| span.east - span.west).sum();
    let within: f64 = spans.iter().map(|&span| areas.degrees_in(span)).sum();
    if all > 0.0 { (1000.0 * within / all).round().clamp(0.0, 1000.0) as u16 } else { 0 }
}

/// The zones of the world that a box may touch: index and spans.
pub fn zones_about(
    zones: &[Zone],
    resolution: Resolution,
    rows: Rows,
    [west, south, east, north]: [f64; 4],
) -> Vec<(usize, Vec<Span>)> {
    let margin = resolution.spacing_km() / KM_PER_DEGREE;
    let wide = margin / f64::midpoint(south, north).to_radians().cos().max(COS_LEAST);
    let bbox = BBox::new(
        (west - wide).max(-180.0),
        (south - margin).max(-90.0),
        (east + wide).min(180.0),
        (north + margin).min(90.0),
    );
    let Ok(bbox) = bbox else { return Vec::new() };
    zones_in(bbox, resolution)
        .into_iter()
        .filter_map(|zone| Some((zones.binary_search(&zone).ok()?, Outline::of(zone).spans(rows))))
        .collect()
}

/// At 84 degrees; nearer to a pole a margin in degrees of longitude means little.
const COS_LEAST: f64 = 0.1;

/// The polygons of a shape; none where it has no area.
pub fn polygons(geometry: &Geometry<f64>) -> &[Polygon] {
    match geometry {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => &[],
    }
}

/// West, south, east, north of a shape; `None` where it has no points.
pub fn bounds(geometry: &Geometry<f64>) -> Option<[f64; 4]> {
    let mut edges = NO_EDGES;
    each_coord(geometry, &mut |at| edges = widened(edges, at));
    edges.iter().all(|edge| edge.is_finite()).then_some(edges)
}

/// West, south, east, north of nothing.
pub(super) const NO_EDGES: [f64; 4] =
    [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];

/// Edges that hold a point too.
pub(super) fn widened([west, south, east, north]: [f64; 4], at: Coord) -> [f64; 4] {
    [west.min(at.x), south.min(at.y), east.max(at.x), north.max(at.y)]
}

fn each_coord(geometry: &Geometry<f64>, visit: &mut dyn FnMut(Coord)) {
    match geometry {
        Geometry::Point(point) => visit(point.0),
        Geometry::MultiPoint(points) => points.iter().for_each(|point| visit(point.0)),
        Geometry::Line(line) => [line.start, line.end].into_iter().for_each(visit),
        Geometry::LineString(line) => line.coords().copied().for_each(visit),
        Geometry::MultiLineString(lines) => {
            lines.iter().flat_map(|line| line.coords().copied()).for_each(visit);
        }
        Geometry::Polygon(polygon) => polygon.exterior().coords().copied().for_each(visit),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().flat_map(|p| p.exterior().coords().copied()).for_each(visit);
        }
        Geometry::Rect(rect) => [rect.min(), rect.max()].into_iter().for_each(visit),
        Geometry::Triangle(triangle) => triangle.to_array().into_iter().for_each(visit),
        Geometry::GeometryCollection(all) => {
            for one in all {
                each_coord(one, visit);
            }
        }
    }
}

/// Whether a point lies in polygons: by crossings of the meridian through it.
pub fn contains(polygons: &[Polygon], at: Coord) -> bool {
    polygons.iter().any(|polygon| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).fold(false, |odd, ring| {
            ring.lines().fold(odd, |odd, line| {
                let (a, b) = (line.start, line.end);
                let crosses = (a.y > at.y) != (b.y > at.y)
                    && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x);
                odd != crosses
            })
        })
    })
}

/// The mean of a shape's corners: good enough to ask which of two drawings of a lake is which.
pub fn middle(polygons: &[Polygon]) -> Option<Coord> {
    let mut sum = Coord { x: 0.0, y: 0.0 };
    let mut count = 0.0;
    for at in polygons.iter().flat_map(|polygon| polygon.exterior().coords()) {
        sum = sum + *at;
        count += 1.0;
    }
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use tessera_grid::Position;

    fn square(west: f64, south: f64, size: f64) -> Polygon {
        polygon![
            (x: west, y: south), (x: west + size, y: south),
            (x: west + size, y: south + size), (x: west, y: south + size)
        ]
    }

    #[test]
    fn the_shares_of_all_zones_make_up_the_area_once_however_often_it_is_drawn() {
        let rows = Rows::for_resolution(Resolution::FIVE);
        let bbox = BBox::new(9.0, 41.0, 13.0, 45.0).unwrap();
        let zones = zones_in(bbox, Resolution::FIVE);
        let drawn = [square(10.0, 42.0, 1.0), square(10.2, 42.2, 0.5), square(10.5, 42.0, 0.5)];
        let areas = Areas::cut(&drawn, rows);
        let km2: f64 = zones_about(&zones, Resolution::FIVE, rows, [10.0, 42.0, 11.0, 43.0])
            .iter()
            .map(|(index, spans)| {
                f64::from(share_permille(&areas, spans)) / 1000.0 * zones[*index].area_km2()
            })
            .sum();
        let expected = KM_PER_DEGREE * KM_PER_DEGREE * 42.5_f64.to_radians().cos();
        assert!((km2 / expected - 1.0).abs() < 0.01, "{km2} against {expected}");
    }

    #[test]
    fn a_hole_is_no_part_of_an_area() {
        let rows = Rows::for_resolution(Resolution::FIVE);
        let hole = square(10.4, 42.4, 0.2);
        let ring =
            Polygon::new(square(10.0, 42.0, 1.0).exterior().clone(), vec![hole.exterior().clone()]);
        let areas = Areas::cut([&ring], rows);
        assert!(areas.holds(rows, 10.2, 42.5) && !areas.holds(rows, 10.5, 42.5));
        assert!(contains(std::slice::from_ref(&ring), Coord { x: 10.2, y: 42.5 }));
        assert!(!contains(&[ring], Coord { x: 10.5, y: 42.5 }));
    }

    #[test]
    fn what_two_areas_share_is_measured_by_the_smaller() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.01, "{found}");
        let great = [square(10.0, 42.0, 1.0)];
        near(shared(&great, &[square(10.9, 42.9, 0.2)]), 0.25);
        near(shared(&[square(10.9, 42.5, 0.2)], &great), 0.5);
        near(shared(&great, &[square(10.2, 42.2, 0.5), square(20.0, 42.0, 0.5)]), 0.5);
        near(shared(&great, &great), 1.0);
        near(shared(&great, &[square(11.0, 42.0, 1.0)]), 0.0);
        near(shared(&great, &[]), 0.0);
    }

    #[test]
    fn a_small_area_is_found_by_the_zone_it_lies_in() {
        let rows = Rows::for_resolution(Resolution::FIVE);
        let bbox = BBox::new(26.0, 36.0, 29.0, 39.0).unwrap();
        let zones = zones_in(bbox, Resolution::FIVE);
        let own = Zone::at(Position::new(37.94, 27.34).unwrap(), Resolution::FIVE);
        let about = zones_about(&zones, Resolution::FIVE, rows, [27.33, 37.93, 27.35, 37.95]);
        assert!(about.iter().any(|(index, _)| zones[*index] == own));
    }
}
