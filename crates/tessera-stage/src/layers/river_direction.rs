//! Which way the water of a line runs: argued from its mouth, from the area drained and from the height of its
//! ends, and for an arm from its river.

use super::{
    river::{Ground, RiverRecord, rank},
    river_arm,
};
use tessera_world::SurfaceKind;

/// Heights of a 9 km raster beside a river are this uncertain.
const HEIGHT_NOISE_M: f64 = 25.0;

/// Whether each record's water runs from its last point to its first. `area` gives what a zone of a river of some
/// rank drains.
pub(super) fn turned<A: Fn(&usize) -> Option<u32>>(
    ground: Ground<'_>,
    records: &[RiverRecord],
    traces: &[Vec<usize>],
    area: impl Fn(u8) -> A,
) -> Vec<bool> {
    let traced = records.iter().zip(traces);
    let mut turned: Vec<bool> =
        traced.map(|(record, zones)| runs_backwards(ground, area(rank(record)), zones)).collect();
    let drawn = records.iter().zip(&turned);
    let drawn: Vec<_> = drawn
        .map(|(record, turned)| river_arm::Drawn::new(&record.line, rank(record), *turned))
        .collect();
    for arm in river_arm::against(&drawn) {
        turned[arm] = !turned[arm];
    }
    turned
}

/// Whether the evidence says that a line's water runs from its last point to its first.
fn runs_backwards(
    ground: Ground<'_>,
    area: impl Fn(&usize) -> Option<u32>,
    zones: &[usize],
) -> bool {
    let (Some(first), Some(last)) = (zones.first(), zones.last()) else { return false };
    let at_sea =
        |index: usize| ground.surface.get(index).is_some_and(|s| s.kind != SurfaceKind::Land);
    let mut forwards = 0.5; // the publisher mostly draws downstream
    match (at_sea(*first), at_sea(*last)) {
        (false, true) => forwards += 2.0,
        (true, false) => forwards -= 2.0,
        _ => {}
    }
    if let (Some(a), Some(b)) = (area(first), area(last)) {
        let (a, b) = (f64::from(a), f64::from(b));
        if b > 1.2 * a {
            forwards += 2.0;
        } else if a > 1.2 * b {
            forwards -= 2.0;
        }
    }
    // Thirds of the line, because one zone's height says little; short lines must fall clearly.
    let third = zones.len().div_ceil(3);
    let noise = if zones.len() < 6 { 4.0 * HEIGHT_NOISE_M } else { HEIGHT_NOISE_M };
    let upper = mean_height(ground, &zones[..third]);
    let lower = mean_height(ground, &zones[zones.len() - third..]);
    if let (Some(upper), Some(lower)) = (upper, lower) {
        if upper - lower > noise {
            forwards += 1.5;
        } else if lower - upper > noise {
            forwards -= 1.5;
        }
    }
    forwards < 0.0
}

fn mean_height(ground: Ground<'_>, zones: &[usize]) -> Option<f64> {
    let heights: Vec<f64> = zones
        .iter()
        .filter_map(|&zone| ground.terrain.get(zone).map(|t| f64::from(t.elevation_min_m)))
        .collect();
    (!heights.is_empty()).then(|| heights.iter().sum::<f64>() / heights.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dense::Dense;
    use tessera_grid::Resolution;

    #[test]
    fn an_arm_of_which_the_ground_says_nothing_is_turned_as_its_river_runs() {
        let ground = Ground {
            zones: &[],
            resolution: Resolution::FIVE,
            surface: &Dense::empty(0),
            terrain: &Dense::empty(0),
            climate: &Dense::empty(0),
        };
        let record = |rank, points: &[(f64, f64)]| RiverRecord {
            row: 1,
            name: String::new(),
            rank: Some(rank),
            class: "River".to_owned(),
            line: points.iter().copied().collect(),
        };
        // The Danube past Troesmis and the arm of Macin, as their map draws them.
        let danube = record(2.0, &[(27.3, 44.15), (27.88, 44.75), (27.99, 45.29), (28.75, 45.23)]);
        let arm = record(9.0, &[(27.99, 45.28), (28.2, 45.15), (27.89, 44.76)]);
        let unknown = |_: u8| |_: &usize| None;
        let found = turned(ground, &[danube, arm], &[vec![], vec![]], unknown);
        assert_eq!(found, [false, true]);
    }
}
