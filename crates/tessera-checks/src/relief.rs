//! Relief against itself, and against heights that everybody knows.

use crate::found::{Found, Spot};
use tessera_grid::{BBox, Position};
use tessera_stage::raster::Raster;
use tessera_stage::staged::Staged;

/// A seam: so many rows on end (half a degree of ETOPO5) that all drop the same way between two columns …
const EDGE_ROWS_MIN: usize = 7;
/// … by this much on average …
const EDGE_DROP_MEAN_M: f32 = 250.0;
/// … and this many times more than the ground on both sides falls in one column.
const EDGE_CONTRAST: f32 = 4.0;
/// A row that drops less ends the seam: level ground shows none …
const EDGE_DROP_MIN_M: f32 = 20.0;
/// … and so does one that drops no more than this many times the ground beside it: a slope is no seam.
const EDGE_ROW_CONTRAST: f32 = 2.0;

/// No summit of the Earth stands this far above all ground 9 km around it, as a raster's mean shows it.
const SPIKE_M: f32 = 2_500.0;

/// A metre is 3.28 feet; known summits as many times too high, or nearly, are in feet.
const FEET_FROM: f32 = 2.0;

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    let raster = &staged.elevation;
    unknown(raster, found);
    tile_edges(raster, found);
    spikes(raster, found);
    benchmarks(raster, staged.bbox, found);
}

fn unknown(raster: &Raster, found: &mut Found) {
    let count = raster.values.iter().filter(|value| value.is_nan()).count();
    if let Some(at) = raster.values.iter().position(|value| value.is_nan()) {
        let columns = raster.columns.max(1);
        let position = raster.position(at / columns, at % columns);
        let message = format!("{count} nodes of the raster have no height");
        found.spots("terrain_unknown", vec![Spot::position(position, 1.0, message)]);
    }
}

/// Walks down each pair of columns and looks for a run of drops that only a seam explains.
fn tile_edges(raster: &Raster, found: &mut Found) {
    let mut spots = Vec::new();
    for column in 1..raster.columns.saturating_sub(2) {
        let mut run = Run::default();
        for row in 0..=raster.rows {
            let drop = |from: usize| {
                (row < raster.rows).then(|| {
                    let start = row * raster.columns;
                    raster.values[start + from] - raster.values[start + from + 1]
                })
            };
            let row_of_seam = match (drop(column - 1), drop(column), drop(column + 1)) {
                (Some(before), Some(step), Some(after)) => {
                    let around = f32::midpoint(before.abs(), after.abs());
                    (step.abs() >= EDGE_DROP_MIN_M.max(EDGE_ROW_CONTRAST * around))
                        .then_some((step, around))
                }
                _ => None,
            };
            let goes_on = row_of_seam
                .is_some_and(|(step, _)| run.rows == 0 || step.signum() == run.sum.signum());
            if !goes_on {
                run.close(raster, row, column, &mut spots);
                run = Run::default();
            }
            if let Some((step, around)) = row_of_seam {
                run.rows += 1;
                run.sum += step;
                run.around += around;
            }
        }
    }
    found.spots("terrain_tile_edge", spots);
}

/// Rows on end that drop the same way.
#[derive(Default)]
struct Run {
    rows: usize,
    sum: f32,
    /// What the ground beside the pair of columns falls, summed over the rows.
    around: f32,
}

impl Run {
    fn close(&self, raster: &Raster, end: usize, column: usize, spots: &mut Vec<Spot>) {
        let mean = self.sum.abs() / self.rows.max(1) as f32;
        if self.rows < EDGE_ROWS_MIN
            || mean < EDGE_DROP_MEAN_M
            || self.sum.abs() < EDGE_CONTRAST * self.around
        {
            return;
        }
        let (west, south) = raster.node(end - 1, column);
        let (_, north) = raster.node(end - self.rows, column);
        let message = format!(
            "between {south:.2} and {north:.2} N all {} rows drop across {:.2} E, by {mean:.0} m on average: a tile of the raster ends there",
            self.rows,
            west + raster.step_longitude
        );
        let position = raster.position(end - 1 - self.rows / 2, column + 1);
        spots.push(Spot::position(position, f64::from(mean), message));
    }
}

fn spikes(raster: &Raster, found: &mut Found) {
    let mut spots = Vec::new();
    for row in 1..raster.rows.saturating_sub(1) {
        for column in 1..raster.columns.saturating_sub(1) {
            let height = raster.values[row * raster.columns + column];
            let around = (row - 1..=row + 1)
                .flat_map(|r| (column - 1..=column + 1).map(move |c| (r, c)))
                .filter(|&at| at != (row, column))
                .map(|(r, c)| raster.values[r * raster.columns + c]);
            let above = around.clone().map(|other| height - other).fold(f32::INFINITY, f32::min);
            let below = around.map(|other| other - height).fold(f32::INFINITY, f32::min);
            let spike = above.max(below);
            if spike.is_finite() && spike > SPIKE_M {
                let message =
                    format!("a node of {height:.0} m stands {spike:.0} m off all its neighbours");
                spots.push(Spot::position(raster.position(row, column), f64::from(spike), message));
            }
        }
    }
    found.spots("terrain_spike", spots);
}

/// A place of known height: what the raster must show at it, metres.
struct Benchmark {
    name: &'static str,
    latitude: f64,
    longitude: f64,
    published_m: i32,
    /// Highest node within a tenth of a degree, or the height at the point itself.
    summit: bool,
    low_m: f32,
    high_m: f32,
}

const fn summit(name: &'static str, latitude: f64, longitude: f64, published_m: i32) -> Benchmark {
    // A mean over 9 km keeps at least half of a mountain.
    let (low_m, high_m) = (published_m as f32 * 0.5, published_m as f32 + 300.0);
    Benchmark { name, latitude, longitude, published_m, summit: true, low_m, high_m }
}

const fn ground(
    name: &'static str,
    latitude: f64,
    longitude: f64,
    published_m: i32,
    low_m: f32,
    high_m: f32,
) -> Benchmark {
    Benchmark { name, latitude, longitude, published_m, summit: false, low_m, high_m }
}

/// Published heights from national surveys; ground within what 9 km around it span.
const BENCHMARKS: &[Benchmark] = &[
    summit("Etna", 37.751, 14.993, 3357),
    summit("Mont Blanc", 45.833, 6.865, 4806),
    summit("Olympus", 40.086, 22.359, 2917),
    summit("Ararat", 39.702, 44.299, 5137),
    summit("Erciyes (Argaeus)", 38.531, 35.447, 3917),
    summit("Elbrus", 43.353, 42.439, 5642),
    summit("Damavand", 35.955, 52.110, 5610),
    summit("Toubkal", 31.060, -7.915, 4167),
    summit("Mulhacen", 37.053, -3.312, 3479),
    summit("Ida of Crete", 35.226, 24.771, 2456),
    summit("Ras Dashen", 13.236, 38.373, 4550),
    ground("the Dead Sea", 31.5, 35.5, -430, -800.0, -300.0),
    ground("Jerusalem", 31.777, 35.232, 754, 500.0, 1000.0),
    ground("Madrid", 40.417, -3.703, 655, 500.0, 900.0),
    ground("Ancyra", 39.944, 32.858, 890, 750.0, 1400.0),
    ground("Alexandria", 31.200, 29.917, 5, 0.5, 60.0),
    ground("Delos", 37.396, 25.268, 30, 0.5, 250.0),
    ground("Babylon", 32.536, 44.421, 30, 5.0, 80.0),
    ground("the Calypso Deep", 36.567, 21.133, -5109, -5400.0, -3800.0),
    ground("the Black Sea's middle", 43.0, 34.0, -2200, -2400.0, -1900.0),
];

fn benchmarks(raster: &Raster, bbox: BBox, found: &mut Found) {
    let (mut spots, mut times) = (Vec::new(), Vec::new());
    for mark in BENCHMARKS {
        let position = Position::new(mark.latitude, mark.longitude).ok();
        // Beyond the box the raster is only a margin.
        if !position.is_some_and(|position| bbox.contains(position)) {
            continue;
        }
        let Some(shown) = mark.shown(raster) else { continue };
        if mark.summit {
            times.push(shown / mark.published_m as f32);
        }
        if shown < mark.low_m || shown > mark.high_m {
            let message = format!(
                "{} is {} m high, the raster shows {shown:.0} m",
                mark.name, mark.published_m
            );
            let off = f64::from((shown - mark.published_m as f32).abs());
            spots.push(Spot::position(position, off, message));
        }
    }
    times.sort_by(f32::total_cmp);
    if let Some(&middle) = times.get(times.len() / 2).filter(|times| **times > FEET_FROM) {
        let message = format!(
            "known summits stand {middle:.2} times as high as they are: the raster is in feet"
        );
        found.say("terrain_units", message);
    }
    found.spots("terrain_benchmark", spots);
}

impl Benchmark {
    /// What the raster shows: the highest within a tenth of a degree of a summit, else at the point itself.
    fn shown(&self, raster: &Raster) -> Option<f32> {
        const REACH: f64 = 0.1;
        let at = |longitude, latitude| raster.bilinear(longitude, latitude);
        let shown = if self.summit {
            let steps = [-REACH, -REACH / 2.0, 0.0, REACH / 2.0, REACH];
            let around = |dx: &f64| steps.map(|dy| (self.longitude + dx, self.latitude + dy));
            steps
                .iter()
                .flat_map(around)
                .filter_map(|(longitude, latitude)| at(longitude, latitude))
                .max_by(f32::total_cmp)
        } else {
            at(self.longitude, self.latitude)
        };
        shown.filter(|height| height.is_finite())
    }
}
