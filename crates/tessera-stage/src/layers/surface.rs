//! Surface: the share of each zone that is land, from land polygons cut along rows of latitude.
//!
//! Along a row the share is exact; across rows it is a sum of strips a sixteenth of a zone high. Water that
//! has no way to a sea is a lake and counts as land: no ship gets there.

use crate::cuts::{crossings, merged};
use crate::scan::{KM_PER_DEGREE, Rows, Span};
use geo_types::Polygon;
use tessera_grid::BBox;
use tessera_world::{ProvenanceId, Surface, SurfaceKind};

pub const METHOD: &str = "Share of the zone inside the land polygons, by strips of latitude; sea below \
     5 permille, land above 995, coast between; lakes count as land.";

/// Less land than this is a skerry: the zone is sea.
pub const SEA_BELOW_PERMILLE: u16 = 5;
/// Less water than this is a nick in the coast: the zone is land.
pub const LAND_ABOVE_PERMILLE: u16 = 995;

/// Water that is smaller and does not reach beyond the world is a lake: above the Aral Sea (68,000 km²),
/// below the Caspian (371,000 km²), which ships have always sailed.
pub const SEA_FROM_KM2: f64 = 100_000.0;
/// Degrees around the box that are looked at, so that Ladoga is seen whole and known for a lake.
pub const LAKE_MARGIN_DEGREES: f64 = 4.0;
/// Degrees by which two strips of water on neighbouring rows may miss each other and still be one strait:
/// the Bosporus is drawn 700 m wide and the rows are 1 km apart.
const STRAIT_GAP_DEGREES: f64 = 0.01;

/// Where the land is on each row: disjoint intervals of longitude, ascending.
pub struct LandRows {
    rows: Rows,
    /// The row that stands first in `intervals`.
    south: i32,
    intervals: Vec<Vec<(f64, f64)>>,
}

impl LandRows {
    /// Cuts the land over the box and its margin; lakes are filled.
    pub fn cut(land: &[Polygon], rows: Rows, bbox: BBox) -> Self {
        let edge = |degrees: f64| rows.row(degrees.clamp(-90.0, 90.0));
        let south = edge(bbox.south() - LAKE_MARGIN_DEGREES);
        let north = edge(bbox.north() + LAKE_MARGIN_DEGREES);
        let mut cuts: Vec<Vec<f64>> = vec![Vec::new(); (north - south + 1).max(0) as usize];
        let mut intervals: Vec<Vec<(f64, f64)>> = vec![Vec::new(); cuts.len()];
        for polygon in land {
            let cross = |row: i32, longitude: f64| cuts[(row - south) as usize].push(longitude);
            let Some((first, last)) = crossings(polygon, rows, south..=north, cross) else {
                continue;
            };
            for row in (first - south) as usize..=(last - south) as usize {
                let here = &mut cuts[row];
                here.sort_by(f64::total_cmp);
                intervals[row].extend(here.chunks_exact(2).map(|pair| (pair[0], pair[1])));
                here.clear();
            }
        }
        for row in &mut intervals {
            *row = merged(std::mem::take(row));
        }
        let mut cut = Self { rows, south, intervals };
        let west = bbox.west() - LAKE_MARGIN_DEGREES;
        let east = bbox.east() + LAKE_MARGIN_DEGREES;
        for (row, lake) in cut.lakes(west, east) {
            cut.intervals[row].push(lake);
        }
        for row in &mut cut.intervals {
            *row = merged(std::mem::take(row));
        }
        cut
    }

    /// Strips of water that hang together with no sea: place in `intervals`, and interval.
    fn lakes(&self, west: f64, east: f64) -> Vec<(usize, (f64, f64))> {
        let mut strips: Vec<(usize, (f64, f64))> = Vec::new();
        let mut waters = Waters::default();
        let mut below = 0..0;
        for (row, land) in self.intervals.iter().enumerate() {
            let begin = strips.len();
            let latitude = self.rows.latitude(self.south + row as i32);
            for water in gaps(land, west, east) {
                let km = (water.1 - water.0) * latitude.to_radians().cos();
                let edge = row == 0 || row + 1 == self.intervals.len();
                let open = edge || water.0 <= west || water.1 >= east;
                waters.add(km * self.rows.step * KM_PER_DEGREE * KM_PER_DEGREE, open);
                strips.push((row, water));
            }
            let mut first = below.start;
            for here in begin..strips.len() {
                let (from, to) = strips[here].1;
                while first < below.end && strips[first].1.1 + STRAIT_GAP_DEGREES < from {
                    first += 1;
                }
                let reaches = |other: &usize| strips[*other].1.0 <= to + STRAIT_GAP_DEGREES;
                for other in (first..below.end).take_while(reaches) {
                    waters.join(here, other);
                }
            }
            below = begin..strips.len();
        }
        (0..strips.len())
            .filter(|&strip| waters.is_lake(strip))
            .map(|strip| strips[strip])
            .collect()
    }

    fn row(&self, row: i32) -> Option<&[(f64, f64)]> {
        let place = usize::try_from(row.checked_sub(self.south)?).ok()?;
        self.intervals.get(place).map(Vec::as_slice)
    }

    /// Degrees of longitude of the span that are land.
    pub fn land_in(&self, span: Span) -> f64 {
        let Some(row) = self.row(span.row) else { return 0.0 };
        let first = row.partition_point(|interval| interval.1 <= span.west);
        row[first..]
            .iter()
            .take_while(|interval| interval.0 < span.east)
            .map(|interval| interval.1.min(span.east) - interval.0.max(span.west))
            .sum()
    }

    /// Whether a position is on land.
    pub fn holds(&self, longitude: f64, latitude: f64) -> bool {
        self.row(self.rows.row(latitude)).is_some_and(|row| {
            let first = row.partition_point(|interval| interval.1 < longitude);
            row.get(first).is_some_and(|interval| interval.0 <= longitude)
        })
    }
}

/// Strips of water joined to bodies of water (union by root, with path halving).
#[derive(Default)]
struct Waters {
    parents: Vec<usize>,
    km2: Vec<f64>,
    /// Reaches beyond what is looked at.
    open: Vec<bool>,
}

impl Waters {
    fn add(&mut self, km2: f64, open: bool) {
        self.parents.push(self.parents.len());
        self.km2.push(km2);
        self.open.push(open);
    }

    fn root(&mut self, mut strip: usize) -> usize {
        while self.parents[strip] != strip {
            self.parents[strip] = self.parents[self.parents[strip]];
            strip = self.parents[strip];
        }
        strip
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parents[a] = b;
            self.km2[b] += self.km2[a];
            self.open[b] |= self.open[a];
        }
    }

    fn is_lake(&mut self, strip: usize) -> bool {
        let root = self.root(strip);
        !self.open[root] && self.km2[root] < SEA_FROM_KM2
    }
}

/// What lies between intervals that ascend and are disjoint.
fn gaps(intervals: &[(f64, f64)], west: f64, east: f64) -> Vec<(f64, f64)> {
    let mut gaps = Vec::with_capacity(intervals.len() + 1);
    let mut from = west;
    for &(start, end) in intervals {
        if start > from {
            gaps.push((from, start.min(east)));
        }
        from = from.max(end);
        if from >= east {
            return gaps;
        }
    }
    gaps.push((from, east));
    gaps
}

/// The land, ready to be asked zone by zone.
#[derive(Clone, Copy)]
pub struct Shore<'a> {
    pub land: &'a LandRows,
    pub provenance: ProvenanceId,
}

impl Shore<'_> {
    /// The share of a zone that is land.
    pub fn fact(&self, spans: &[Span]) -> Surface {
        let all: f64 = spans.iter().map(|span| span.east - span.west).sum();
        let dry: f64 = spans.iter().map(|&span| self.land.land_in(span)).sum();
        let land_permille = (1000.0 * dry / all).round().clamp(0.0, 1000.0) as u16;
        Surface { kind: kind(land_permille), land_permille, provenance: self.provenance }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::of_each_zone;
    use geo_types::polygon;
    use tessera_grid::{Resolution, Zone, zones_in};

    fn stage(zones: &[Zone], rows: Rows, land: &LandRows) -> Vec<Surface> {
        let shore = Shore { land, provenance: ProvenanceId(1) };
        of_each_zone(zones, rows, |_zone, spans| shore.fact(spans))
    }

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
        for (zone, surface) in zones.iter().zip(stage(&zones, rows, &land)) {
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
            let surface = stage(&zones, rows, &land);
            surface.iter().map(|surface| u32::from(surface.land_permille)).sum::<u32>()
        };
        let whole = share(&[square(10.0, 11.0)]);
        assert!(whole > 0);
        assert_eq!(share(&[square(10.0, 10.5), square(10.5, 11.0)]), whole);
        assert_eq!(share(&[square(10.0, 11.0), square(10.2, 10.8)]), whole);
    }

    fn ring(corners: &[(f64, f64)]) -> geo_types::LineString {
        corners.iter().copied().collect()
    }

    #[test]
    fn a_lake_counts_as_land_and_a_bay_with_a_strait_as_sea() {
        let shore = [(9.5, 41.5), (11.5, 41.5), (11.5, 43.5), (9.5, 43.5), (9.5, 41.5)];
        let hole = [(10.2, 42.2), (10.8, 42.2), (10.8, 42.8), (10.2, 42.8), (10.2, 42.2)];
        let (_, _, lake) = land_rows(&[Polygon::new(ring(&shore), vec![ring(&hole)])]);
        assert!(lake.holds(10.0, 42.5));
        assert!(lake.holds(10.5, 42.5));
        assert!(!lake.holds(12.5, 42.5));

        // The same water with a channel 800 m wide that runs to the sea at a slant.
        let bay = [
            (9.5, 41.5),
            (11.5, 41.5),
            (11.5, 42.395),
            (10.8, 42.695),
            (10.8, 42.2),
            (10.2, 42.2),
            (10.2, 42.8),
            (10.8, 42.8),
            (10.8, 42.703),
            (11.5, 42.403),
            (11.5, 43.5),
            (9.5, 43.5),
            (9.5, 41.5),
        ];
        let (_, _, sea) = land_rows(&[Polygon::new(ring(&bay), vec![])]);
        assert!(!sea.holds(10.5, 42.5));
        assert!(sea.holds(10.0, 42.5));
    }

    #[test]
    fn a_sea_without_an_outlet_stays_a_sea_if_it_is_large() {
        let shore = [(-20.0, 20.0), (40.0, 20.0), (40.0, 70.0), (-20.0, 70.0), (-20.0, 20.0)];
        let hole = |size: f64| {
            let (west, east, south, north) = (10.5 - size, 10.5 + size, 42.5 - size, 42.5 + size);
            [(west, south), (east, south), (east, north), (west, north), (west, south)]
        };
        let land = |size: f64| land_rows(&[Polygon::new(ring(&shore), vec![ring(&hole(size))])]).2;
        assert!(land(1.5).holds(10.5, 42.5)); // 82,000 km2
        assert!(!land(1.9).holds(10.5, 42.5)); // 131,000 km2
    }
}
