//! Zones cut into strips of latitude, so that a raster or a coast is read along its rows.
//!
//! Every zone is a convex polygon in longitude and latitude at this size; on one row it covers one
//! interval, and the intervals of neighbours meet without gap or overlap because they come from the same
//! corners. So no position is ever looked up: the cost is zones times rows, whatever the raster's size.
//! A zone that holds a pole has no such shape; `sources.toml` keeps the world away from the poles.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tessera_grid::{Position, Resolution, Zone};

/// Rows of equal height; row r is the strip around its middle latitude.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// Degrees.
    pub step: f64,
}

/// Rows a zone should span, so that its share of land is known to about one per cent.
const ROWS_PER_ZONE: f64 = 16.0;
/// Rows come in whole fractions of this: the climate picture has 36 pixels a degree, relief 12.
const ROWS_PER_DEGREE: f64 = 36.0;
pub const KM_PER_DEGREE: f64 = 111.195;

impl Rows {
    pub fn for_resolution(resolution: Resolution) -> Self {
        let zone_degrees = resolution.spacing_km() / KM_PER_DEGREE;
        let fraction = (ROWS_PER_ZONE / (ROWS_PER_DEGREE * zone_degrees)).ceil().max(1.0);
        Self { step: 1.0 / (ROWS_PER_DEGREE * fraction) }
    }

    /// The middle latitude of a row; rows count north from the equator.
    pub fn latitude(self, row: i32) -> f64 {
        (f64::from(row) + 0.5) * self.step
    }

    /// The row whose strip holds a latitude.
    pub fn row(self, latitude: f64) -> i32 {
        (latitude / self.step).floor() as i32
    }
}

/// The part of one row that a zone covers, degrees; `east` may run past 180.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub row: i32,
    pub west: f64,
    pub east: f64,
}

/// A zone's outline with longitudes that run on across the antimeridian.
pub struct Outline {
    corners: Vec<(f64, f64)>,
}

impl Outline {
    pub fn of(zone: Zone) -> Self {
        let centre = zone.centre().longitude();
        let unwrap = |corner: Position| {
            let turn = ((corner.longitude() - centre) / 360.0).round() * 360.0;
            (corner.longitude() - turn, corner.latitude())
        };
        Self { corners: zone.boundary().into_iter().map(unwrap).collect() }
    }

    /// The rows the zone covers, from the south; at least one, however small the zone.
    pub fn spans(&self, rows: Rows) -> Vec<Span> {
        let mut spans = Vec::new();
        self.spans_into(rows, &mut spans);
        spans
    }

    /// The same into a list that is used again; what it held is forgotten.
    pub fn spans_into(&self, rows: Rows, spans: &mut Vec<Span>) {
        let latitudes = self.corners.iter().map(|corner| corner.1);
        let south = latitudes.clone().fold(f64::INFINITY, f64::min);
        let north = latitudes.fold(f64::NEG_INFINITY, f64::max);
        let (first, last) = (rows.row(south), rows.row(north));
        spans.clear();
        spans.extend((first..=last).map(|row| Span {
            row,
            west: f64::INFINITY,
            east: f64::NEG_INFINITY,
        }));
        for (low, high) in self.edges() {
            // From the lower end, so that both neighbours of an edge cut it at the same longitude.
            let slope = (high.0 - low.0) / (high.1 - low.1);
            for row in rows.row(low.1)..=rows.row(high.1) {
                let latitude = rows.latitude(row);
                if low.1 <= latitude && latitude < high.1 {
                    let cut = low.0 + (latitude - low.1) * slope;
                    let span = &mut spans[(row - first) as usize];
                    span.west = span.west.min(cut);
                    span.east = span.east.max(cut);
                }
            }
        }
        spans.retain(|span| span.west < span.east);
        if spans.is_empty() {
            let middle = f64::midpoint(south, north);
            if let Some((west, east)) = self.crossing(middle) {
                spans.push(Span { row: rows.row(middle), west, east });
            }
        }
    }

    /// Edges that are not level, each from its lower end.
    fn edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> + '_ {
        let next = |index: usize| self.corners[(index + 1) % self.corners.len()];
        let edges = self.corners.iter().enumerate().map(move |(index, &a)| (a, next(index)));
        edges
            .map(|(a, b)| if a.1 <= b.1 { (a, b) } else { (b, a) })
            .filter(|(low, high)| low.1 < high.1)
    }

    fn crossing(&self, latitude: f64) -> Option<(f64, f64)> {
        let mut west = f64::INFINITY;
        let mut east = f64::NEG_INFINITY;
        for (low, high) in self.edges().filter(|(a, b)| a.1 <= latitude && latitude < b.1) {
            let cut = low.0 + (latitude - low.1) / (high.1 - low.1) * (high.0 - low.0);
            west = west.min(cut);
            east = east.max(cut);
        }
        (west < east).then_some((west, east))
    }
}

/// Zones that a processor takes at a time: a second's work at most, so that a bar moves and none waits long.
const SHARE_ZONES: usize = 1 << 15;

/// Visits every zone with its spans, worked out once, on all processors. Each share of zones has its own
/// collection, made by `begin`; they are answered in the order of the zones. `tick` is told of done zones.
pub fn sweep<A: Send>(
    zones: &[Zone],
    rows: Rows,
    begin: impl Fn(usize) -> A + Sync,
    visit: impl Fn(&mut A, Zone, &[Span]) + Sync,
    tick: &(dyn Fn(u64) + Sync),
) -> Vec<A> {
    in_shares(zones, tick, |part| {
        let mut collection = begin(part.len());
        let mut spans = Vec::new();
        for &zone in part {
            Outline::of(zone).spans_into(rows, &mut spans);
            visit(&mut collection, zone, &spans);
        }
        collection
    })
}

/// What `fact` says of every zone, in order, worked out on all processors.
pub fn of_each<T: Send>(zones: &[Zone], fact: impl Fn(Zone) -> T + Sync) -> Vec<T> {
    let work = |part: &[Zone]| part.iter().map(|&zone| fact(zone)).collect::<Vec<T>>();
    in_shares(zones, &|_done| {}, work).into_iter().flatten().collect()
}

/// What `facts` says of every zone with its spans, in order, worked out on all processors.
pub fn of_each_zone<T: Send>(
    zones: &[Zone],
    rows: Rows,
    facts: impl Fn(Zone, &[Span]) -> T + Sync,
) -> Vec<T> {
    let visit = |part: &mut Vec<T>, zone: Zone, spans: &[Span]| part.push(facts(zone, spans));
    sweep(zones, rows, Vec::with_capacity, visit, &|_done| {}).into_iter().flatten().collect()
}

fn in_shares<A: Send>(
    zones: &[Zone],
    tick: &(dyn Fn(u64) + Sync),
    work: impl Fn(&[Zone]) -> A + Sync,
) -> Vec<A> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let shares: Vec<&[Zone]> = zones.chunks(SHARE_ZONES).collect();
    let done = AtomicU64::new(0);
    each_by(workers, &shares, |share| {
        let result = work(share);
        let zones = share.len() as u64;
        tick(done.fetch_add(zones, Ordering::Relaxed) + zones);
        result
    })
}

/// What `work` makes of every item, in order: each worker takes the next one that nobody has.
pub fn each_by<I: Sync, A: Send>(
    workers: usize,
    items: &[I],
    work: impl Fn(&I) -> A + Sync,
) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut results = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return results };
            results.push((number, work(item)));
        }
    };
    let mut results = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        handles
            .into_iter()
            .flat_map(|handle| match handle.join() {
                Ok(results) => results,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect::<Vec<_>>()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::{BBox, zones_in};

    fn zones() -> Vec<Zone> {
        zones_in(BBox::new(8.0, 40.0, 12.0, 44.0).unwrap(), Resolution::FIVE)
    }

    #[test]
    fn the_default_world_is_cut_into_rows_of_a_kilometre() {
        assert!((Rows::for_resolution(Resolution::FIVE).step * 108.0 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_position_lies_in_the_span_of_its_own_zone() {
        let rows = Rows::for_resolution(Resolution::FIVE);
        let zones = zones();
        let mut asked = 0;
        for &zone in zones.iter().step_by(7) {
            for span in Outline::of(zone).spans(rows) {
                let width = span.east - span.west;
                for share in [0.02, 0.5, 0.98] {
                    let position =
                        Position::new(rows.latitude(span.row), span.west + share * width).unwrap();
                    assert_eq!(Zone::at(position, Resolution::FIVE), zone, "{position:?}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 1000, "{asked}");
    }

    #[test]
    fn the_spans_of_all_zones_make_up_their_area() {
        let rows = Rows::for_resolution(Resolution::FIVE);
        let zones = zones();
        let km = KM_PER_DEGREE * KM_PER_DEGREE * rows.step;
        let strips: f64 = zones
            .iter()
            .flat_map(|&zone| Outline::of(zone).spans(rows))
            .map(|span| (span.east - span.west) * rows.latitude(span.row).to_radians().cos() * km)
            .sum();
        let area: f64 = zones.iter().map(|zone| zone.area_km2()).sum();
        assert!((strips / area - 1.0).abs() < 2e-3, "{strips} against {area}");
    }

    #[test]
    fn a_zone_on_the_antimeridian_has_spans_of_its_own_width() {
        let zone = Zone::at(Position::new(0.0, 179.99).unwrap(), Resolution::FIVE);
        let widest = Outline::of(zone)
            .spans(Rows::for_resolution(Resolution::FIVE))
            .into_iter()
            .map(|span| span.east - span.west)
            .fold(0.0, f64::max);
        assert!(widest < 0.3, "{widest}");
    }
}
