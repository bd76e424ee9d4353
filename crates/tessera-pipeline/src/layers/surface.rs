//! Surface: the share of each zone that is land, from land polygons cut along rows of latitude.
//!
//! Along a row the share is exact; across rows it is a sum of strips a sixteenth of a zone high.

use crate::scan::{Rows, Span, of_each_zone};
use geo_types::Polygon;
use std::collections::BTreeMap;
use tessera_grid::{BBox, Zone};
use tessera_world::{ProvenanceId, Surface, SurfaceKind};

pub const METHOD: &str = "Share of the zone inside the land polygons, by strips of latitude; sea below \
     5 permille, land above 995, coast between.";

/// Less land than this is a skerry: the zone is sea.
pub const SEA_BELOW_PERMILLE: u16 = 5;
/// Less water than this is a nick in the coast: the zone is land.
pub const LAND_ABOVE_PERMILLE: u16 = 995;

/// Where the land is on each row: disjoint intervals of longitude, ascending.
pub struct LandRows {
    rows: Rows,
    intervals: BTreeMap<i32, Vec<(f64, f64)>>,
}

impl LandRows {
    pub fn cut(land: &[Polygon], rows: Rows, bbox: BBox) -> Self {
        let (south, north) = (rows.row(bbox.south() - 1.0), rows.row(bbox.north() + 1.0));
        let mut intervals: BTreeMap<i32, Vec<(f64, f64)>> = BTreeMap::new();
        for polygon in land {
            for (row, mut cuts) in crossings(polygon, rows, south, north) {
                cuts.sort_by(f64::total_cmp);
                let pairs = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1]));
                intervals.entry(row).or_default().extend(pairs);
            }
        }
        for row in intervals.values_mut() {
            *row = merged(std::mem::take(row));
        }
        Self { rows, intervals }
    }

    /// Degrees of longitude of the span that are land.
    pub fn land_in(&self, span: Span) -> f64 {
        let Some(row) = self.intervals.get(&span.row) else { return 0.0 };
        let first = row.partition_point(|interval| interval.1 <= span.west);
        row[first..]
            .iter()
            .take_while(|interval| interval.0 < span.east)
            .map(|interval| interval.1.min(span.east) - interval.0.max(span.west))
            .sum()
    }

    /// Whether a position is on land.
    pub fn holds(&self, longitude: f64, latitude: f64) -> bool {
        self.intervals.get(&self.rows.row(latitude)).is_some_and(|row| {
            let first = row.partition_point(|interval| interval.1 < longitude);
            row.get(first).is_some_and(|interval| interval.0 <= longitude)
        })
    }
}

pub fn stage(
    zones: &[Zone],
    rows: Rows,
    land: &LandRows,
    provenance: ProvenanceId,
) -> Vec<Surface> {
    of_each_zone(zones, rows, |_zone, spans| {
        let all: f64 = spans.iter().map(|span| span.east - span.west).sum();
        let dry: f64 = spans.iter().map(|&span| land.land_in(span)).sum();
        let land_permille = (1000.0 * dry / all).round().clamp(0.0, 1000.0) as u16;
        Surface { kind: kind(land_permille), land_permille, provenance }
    })
}

pub const fn kind(land_permille: u16) -> SurfaceKind {
    if land_permille < SEA_BELOW_PERMILLE {
        SurfaceKind::Sea
    } else if land_permille > LAND_ABOVE_PERMILLE {
        SurfaceKind::Land
    } else {
        SurfaceKind::Coast
    }
}

/// Where the rings of a polygon cross the middle of each row. An even number on every row.
fn crossings(polygon: &Polygon, rows: Rows, south: i32, north: i32) -> BTreeMap<i32, Vec<f64>> {
    let mut cuts: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
        for line in ring.lines() {
            let (a, b) = if line.start.y <= line.end.y {
                (line.start, line.end)
            } else {
                (line.end, line.start)
            };
            // Half open, so that a corner on the middle of a row counts once.
            let first = rows.row(a.y).max(south);
            let last = rows.row(b.y).min(north);
            for row in first..=last {
                let latitude = rows.latitude(row);
                if a.y <= latitude && latitude < b.y {
                    let cut = a.x + (latitude - a.y) / (b.y - a.y) * (b.x - a.x);
                    cuts.entry(row).or_default().push(cut);
                }
            }
        }
    }
    cuts
}

fn merged(mut intervals: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    intervals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::with_capacity(intervals.len());
    for (west, east) in intervals {
        match merged.last_mut() {
            Some(last) if west <= last.1 => last.1 = last.1.max(east),
            _ => merged.push((west, east)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use tessera_grid::{Resolution, zones_in};

    fn land_rows(land: &[Polygon]) -> (Vec<Zone>, Rows, LandRows) {
        let bbox = BBox::new(9.0, 41.0, 12.0, 44.0).unwrap();
        let rows = Rows::for_resolution(Resolution::FIVE);
        (zones_in(bbox, Resolution::FIVE), rows, LandRows::cut(land, rows, bbox))
    }

    #[test]
    fn a_coast_along_a_meridian_parts_sea_coast_and_land() {
        let east_of_ten: Polygon =
            polygon![(x: 10.0, y: 0.0), (x: 60.0, y: 0.0), (x: 60.0, y: 60.0), (x: 10.0, y: 60.0)];
        let (zones, rows, land) = land_rows(&[east_of_ten]);
        for (zone, surface) in zones.iter().zip(stage(&zones, rows, &land, ProvenanceId(1))) {
            let corners: Vec<f64> =
                zone.boundary().iter().map(|corner| corner.longitude()).collect();
            let expected = if corners.iter().all(|&x| x < 9.999) {
                SurfaceKind::Sea
            } else if corners.iter().all(|&x| x > 10.001) {
                SurfaceKind::Land
            } else {
                continue;
            };
            assert_eq!(surface.kind, expected, "{zone}: {surface:?}");
        }
    }

    #[test]
    fn land_drawn_twice_or_in_two_halves_counts_once() {
        let square = |west: f64, east: f64| -> Polygon {
            polygon![(x: west, y: 42.0), (x: east, y: 42.0), (x: east, y: 43.0), (x: west, y: 43.0)]
        };
        let share = |land: &[Polygon]| {
            let (zones, rows, land) = land_rows(land);
            let surface = stage(&zones, rows, &land, ProvenanceId(1));
            surface.iter().map(|surface| u32::from(surface.land_permille)).sum::<u32>()
        };
        let whole = share(&[square(10.0, 11.0)]);
        assert!(whole > 0);
        assert_eq!(share(&[square(10.0, 10.5), square(10.5, 11.0)]), whole);
        assert_eq!(share(&[square(10.0, 11.0), square(10.2, 10.8)]), whole);
    }

    #[test]
    fn a_hole_in_the_land_is_water() {
        let lake = geo_types::LineString::from(vec![
            (10.2, 42.2), (10.8, 42.2), (10.8, 42.8), (10.2, 42.8), (10.2, 42.2),
        ]);
        let shore = geo_types::LineString::from(vec![
            (10.0, 42.0), (11.0, 42.0), (11.0, 43.0), (10.0, 43.0), (10.0, 42.0),
        ]);
        let (_, _, land) = land_rows(&[Polygon::new(shore, vec![lake])]);
        assert!(land.holds(10.1, 42.5));
        assert!(!land.holds(10.5, 42.5));
        assert!(!land.holds(11.5, 42.5));
    }
}
