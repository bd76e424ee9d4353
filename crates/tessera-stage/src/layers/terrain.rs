//! Terrain: heights of a raster on zones, each node weighted by the part of the zone it stands for.

use crate::raster::Raster;
use crate::scan::{Rows, Span, of_each_zone};
use tessera_grid::Zone;
use tessera_world::{ProvenanceId, Terrain};

pub const METHOD: &str = "Mean, extremes, deviation and slope of the raster's nodes, each weighted by \
     the part of the zone nearer to it than to another; zones smaller than one and a half nodes are interpolated.";

/// A zone as large as fewer nodes than this is interpolated between them.
const NODES_MIN: f64 = 1.5;
/// A node that stands for less of the zone than this does not set its extremes.
const EXTREME_SHARE: f64 = 0.05;
const METRES_PER_DEGREE: f64 = 111_195.0;

/// The terrain of every zone; `None` where the raster says nothing.
pub fn stage(
    zones: &[Zone],
    rows: Rows,
    elevation: &Raster,
    provenance: ProvenanceId,
) -> Vec<Option<Terrain>> {
    let slope = slopes(elevation);
    of_each_zone(zones, rows, |_zone, spans| {
        let mut nodes = nodes_under(elevation, rows, spans);
        let worth = nodes.iter().map(|node| node.weight).sum::<f64>() * rows.step;
        if worth < NODES_MIN * elevation.step_latitude {
            nodes = interpolated(elevation, rows, spans);
        }
        summarise(elevation, &slope, &nodes, provenance)
    })
}

/// A height with its weight, and the node it belongs to (for the slope).
struct Sample {
    node: usize,
    weight: f64,
    height: f32,
}

fn nodes_under(raster: &Raster, rows: Rows, spans: &[Span]) -> Vec<Sample> {
    let mut nodes: Vec<Sample> = Vec::with_capacity(16);
    for span in spans {
        let row = ((raster.north - rows.latitude(span.row)) / raster.step_latitude).round();
        if row < 0.0 || row >= raster.rows as f64 {
            continue;
        }
        // Columns counted so that node c stands for c - 0.5 .. c + 0.5.
        let west = (span.west - raster.west) / raster.step_longitude;
        let east = (span.east - raster.west) / raster.step_longitude;
        let first = (west.round().max(0.0)) as usize;
        let last = (east.round().min(raster.columns as f64 - 1.0)).max(0.0) as usize;
        for column in first..=last {
            let middle = column as f64;
            let weight = east.min(middle + 0.5) - west.max(middle - 0.5);
            if weight <= 0.0 {
                continue;
            }
            let node = row as usize * raster.columns + column;
            match nodes.iter_mut().find(|sample| sample.node == node) {
                Some(sample) => sample.weight += weight,
                None => nodes.push(Sample { node, weight, height: raster.values[node] }),
            }
        }
    }
    nodes
}

fn interpolated(raster: &Raster, rows: Rows, spans: &[Span]) -> Vec<Sample> {
    let mut samples = Vec::with_capacity(spans.len() * 3);
    for span in spans {
        let latitude = rows.latitude(span.row);
        for share in [1.0 / 6.0, 0.5, 5.0 / 6.0] {
            let longitude = span.west + share * (span.east - span.west);
            let Some(height) = raster.bilinear(longitude, latitude) else { continue };
            let row = ((raster.north - latitude) / raster.step_latitude).round() as usize;
            let column = ((longitude - raster.west) / raster.step_longitude).round() as usize;
            let node = row.min(raster.rows - 1) * raster.columns + column.min(raster.columns - 1);
            samples.push(Sample { node, weight: span.east - span.west, height });
        }
    }
    samples
}

fn summarise(
    raster: &Raster,
    slope: &[f32],
    samples: &[Sample],
    provenance: ProvenanceId,
) -> Option<Terrain> {
    let known = || samples.iter().filter(|sample| !sample.height.is_nan());
    let total: f64 = known().map(|sample| sample.weight).sum();
    if total <= 0.0 || raster.is_empty() {
        return None;
    }
    let mean = known().map(|sample| sample.weight * f64::from(sample.height)).sum::<f64>() / total;
    let variance = known()
        .map(|sample| sample.weight * (f64::from(sample.height) - mean).powi(2))
        .sum::<f64>()
        / total;
    let steepness =
        known().map(|sample| sample.weight * f64::from(slope[sample.node])).sum::<f64>() / total;
    let heaviest = known().map(|sample| sample.weight).fold(0.0, f64::max);
    let least = (EXTREME_SHARE * total).min(heaviest);
    let extremes = known().filter(|sample| sample.weight >= least).map(|sample| sample.height);
    let low = extremes.clone().fold(f32::INFINITY, f32::min);
    let high = extremes.fold(f32::NEG_INFINITY, f32::max);
    // The weighted mean lies within the extremes of the samples that weigh; rounding keeps it there.
    let mean = (mean.round() as i32).clamp(low.round() as i32, high.round() as i32);
    Some(Terrain {
        elevation_mean_m: mean,
        elevation_min_m: low.round() as i32,
        elevation_max_m: high.round() as i32,
        slope_permille: (steepness * 1000.0).round() as u32,
        ruggedness_m: variance.sqrt().round() as u32,
        provenance,
    })
}

/// Rise over run at every node, from its neighbours on both sides; 0 where one is unknown.
fn slopes(raster: &Raster) -> Vec<f32> {
    let mut slopes = vec![0.0; raster.values.len()];
    for row in 1..raster.rows.saturating_sub(1) {
        let (_, latitude) = raster.node(row, 0);
        let east_m = 2.0 * raster.step_longitude * METRES_PER_DEGREE * latitude.to_radians().cos();
        let north_m = 2.0 * raster.step_latitude * METRES_PER_DEGREE;
        for column in 1..raster.columns.saturating_sub(1) {
            let at = |r: usize, c: usize| f64::from(raster.values[r * raster.columns + c]);
            let east = (at(row, column + 1) - at(row, column - 1)) / east_m;
            let north = (at(row - 1, column) - at(row + 1, column)) / north_m;
            let slope = east.hypot(north);
            if slope.is_finite() {
                slopes[row * raster.columns + column] = slope as f32;
            }
        }
    }
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::{BBox, Resolution, zones_in};

    /// A plane that rises 100 m with each degree east and 1000 m with each degree north.
    fn plane(step: f64) -> Raster {
        let count = (6.0 / step) as usize + 1;
        let mut raster = Raster {
            west: 8.0,
            north: 46.0,
            step_longitude: step,
            step_latitude: step,
            columns: count,
            rows: count,
            values: Vec::new(),
        };
        for row in 0..count {
            for column in 0..count {
                let (longitude, latitude) = raster.node(row, column);
                raster.values.push((100.0 * longitude + 1000.0 * latitude) as f32);
            }
        }
        raster
    }

    fn staged(resolution: u8, step: f64) -> Vec<(Zone, Terrain)> {
        let resolution = Resolution::try_from(resolution).unwrap();
        let zones = zones_in(BBox::new(10.0, 42.0, 11.0, 43.0).unwrap(), resolution);
        let rows = Rows::for_resolution(resolution);
        let terrain = stage(&zones, rows, &plane(step), ProvenanceId(1));
        zones.into_iter().zip(terrain.into_iter().flatten()).collect()
    }

    #[test]
    fn a_plane_has_in_each_zone_the_height_of_its_centre() {
        for (resolution, step) in [(5, 1.0 / 12.0), (7, 1.0 / 12.0), (4, 1.0 / 12.0)] {
            let zones = staged(resolution, step);
            assert!(!zones.is_empty());
            // A weighted node is off by at most half the raster's step, and much less on average.
            let tolerance = 1000.0 * step / 4.0;
            for (zone, terrain) in zones {
                let centre = zone.centre();
                let exact = 100.0 * centre.longitude() + 1000.0 * centre.latitude();
                let off = (f64::from(terrain.elevation_mean_m) - exact).abs();
                assert!(off < tolerance, "resolution {resolution}: {off} m");
                assert!(terrain.elevation_min_m <= terrain.elevation_mean_m);
                assert!(terrain.elevation_mean_m <= terrain.elevation_max_m);
            }
        }
    }

    #[test]
    fn the_slope_of_a_plane_is_its_slope() {
        // 1000 m a degree of latitude and 100 m a degree of longitude at 42.5 north.
        let east = 100.0 / (METRES_PER_DEGREE * 42.5f64.to_radians().cos());
        let exact = (1000.0 / METRES_PER_DEGREE).hypot(east) * 1000.0;
        let slopes: Vec<u32> =
            staged(5, 1.0 / 12.0).iter().map(|(_, terrain)| terrain.slope_permille).collect();
        assert!(slopes.iter().all(|&slope| slope == exact.round() as u32), "{slopes:?} {exact}");
    }

    #[test]
    fn a_zone_without_a_known_height_has_no_terrain() {
        let zones = zones_in(BBox::new(10.0, 42.0, 11.0, 43.0).unwrap(), Resolution::FIVE);
        let mut raster = plane(1.0 / 12.0);
        raster.values.fill(f32::NAN);
        let terrain =
            stage(&zones, Rows::for_resolution(Resolution::FIVE), &raster, ProvenanceId(1));
        assert!(terrain.iter().all(Option::is_none));
    }
}
