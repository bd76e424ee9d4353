//! Relief against the coast, against itself, and against heights that everybody knows.

use super::{Found, Spot};
use tessera_stage::layers::surface::LandRows;
use tessera_stage::raster::Raster;
use tessera_stage::staged::Staged;
use tessera_grid::Position;
use tessera_world::SurfaceKind;

/// Land lower than this has a name: the Caspian shore, the Dead Sea, Qattara. Metres.
const LOW_LAND_M: i32 = -20;
/// Zones whose sign disagrees with the coast, at most.
const SIGN_SHARE_MAX: f64 = 0.1;
/// Nodes whose sign disagrees, from which it is said.
const SIGN_NODES_SHARE: f64 = 0.01;

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

pub(super) fn check(staged: &Staged, land: &LandRows, found: &mut Found) {
    zones(staged, found);
    nodes(staged, land, found);
    tile_edges(&staged.elevation, found);
    spikes(&staged.elevation, found);
    benchmarks(&staged.elevation, found);
}

fn zones(staged: &Staged, found: &mut Found) {
    let mut spots = Vec::new();
    let mut asked = 0_usize;
    for (index, &zone) in staged.zones.iter().enumerate() {
        let (Some(terrain), Some(surface)) = (staged.terrain[index], staged.surface[index]) else {
            continue;
        };
        let mean = terrain.elevation_mean_m;
        let wrong = match surface.kind {
            SurfaceKind::Sea => mean > 0,
            SurfaceKind::Land => mean < LOW_LAND_M,
            SurfaceKind::Coast => continue,
        };
        asked += 1;
        if wrong {
            let message = format!(
                "{} by the coast's source, {mean} m by the height's",
                surface.kind.as_str()
            );
            spots.push(Spot::zone(zone, f64::from(mean.abs()), message));
        }
    }
    if spots.len() as f64 > SIGN_SHARE_MAX * asked as f64 {
        let message =
            format!("{} of {asked} zones are on the wrong side of the sea's level", spots.len());
        found.say("terrain_sign_share", message);
    }
    found.spots("terrain_sign", spots);
}

fn nodes(staged: &Staged, land: &LandRows, found: &mut Found) {
    let raster = &staged.elevation;
    let (mut asked, mut wrong) = (0_u64, 0_u64);
    for row in 0..raster.rows {
        for column in 0..raster.columns {
            let (longitude, latitude) = raster.node(row, column);
            let height = raster.values[row * raster.columns + column];
            let inside =
                Position::new(latitude, longitude).is_ok_and(|at| staged.bbox.contains(at));
            if height.is_nan() || height == 0.0 || !inside {
                continue;
            }
            asked += 1;
            wrong += u64::from((height > 0.0) != land.holds(longitude, latitude));
        }
    }
    if wrong as f64 > SIGN_NODES_SHARE * asked as f64 {
        let share = 100.0 * wrong as f64 / asked as f64;
        let message = format!(
            "{wrong} of {asked} nodes ({share:.1} %) are above 0 at sea or below 0 on land, by the coast's source"
        );
        found.say("terrain_sign_nodes", message);
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

fn benchmarks(raster: &Raster, found: &mut Found) {
    const REACH: f64 = 0.1;
    let mut spots = Vec::new();
    for mark in BENCHMARKS {
        let at = |longitude, latitude| raster.bilinear(longitude, latitude);
        let shown = if mark.summit {
            let steps = [-REACH, -REACH / 2.0, 0.0, REACH / 2.0, REACH];
            steps
                .iter()
                .flat_map(|dx| {
                    steps.iter().map(move |dy| (mark.longitude + dx, mark.latitude + dy))
                })
                .filter_map(|(longitude, latitude)| at(longitude, latitude))
                .max_by(f32::total_cmp)
        } else {
            at(mark.longitude, mark.latitude)
        };
        let Some(shown) = shown.filter(|height| height.is_finite()) else { continue };
        if shown < mark.low_m || shown > mark.high_m {
            let message = format!(
                "{} is {} m high, the raster shows {shown:.0} m",
                mark.name, mark.published_m
            );
            let off = f64::from((shown - mark.published_m as f32).abs());
            spots.push(Spot::position(
                Position::new(mark.latitude, mark.longitude).ok(),
                off,
                message,
            ));
        }
    }
    found.spots("terrain_benchmark", spots);
}
