//! Polygons cut along rows of latitude: where their rings cross the middle of each row, and the intervals
//! that lie between.

use crate::scan::Rows;
use geo_types::Polygon;
use std::ops::RangeInclusive;

/// Says where the rings of a polygon cross the middle of each row `within`, an even number on every row, in no
/// order; answers the first and the last row they may touch.
pub(crate) fn crossings(
    polygon: &Polygon,
    rows: Rows,
    within: RangeInclusive<i32>,
    mut cross: impl FnMut(i32, f64),
) -> Option<(i32, i32)> {
    let (mut lowest, mut highest) = (i32::MAX, i32::MIN);
    for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
        for line in ring.lines() {
            let (a, b) = if line.start.y <= line.end.y {
                (line.start, line.end)
            } else {
                (line.end, line.start)
            };
            // Half open, so that a corner on the middle of a row counts once.
            let first = rows.row(a.y).max(*within.start());
            let last = rows.row(b.y).min(*within.end());
            for row in first..=last {
                let latitude = rows.latitude(row);
                if a.y <= latitude && latitude < b.y {
                    cross(row, a.x + (latitude - a.y) / (b.y - a.y) * (b.x - a.x));
                }
            }
            (lowest, highest) = (lowest.min(first), highest.max(last));
        }
    }
    (lowest <= highest).then_some((lowest, highest))
}

/// The same stretches without overlaps, ascending.
pub(crate) fn merged(mut intervals: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
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
