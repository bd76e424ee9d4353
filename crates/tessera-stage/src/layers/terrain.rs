//! Terrain and depth: heights of a raster on zones, each node weighted by the part of the zone it stands for.

use crate::layers::doubt::{Verdict, Weighed};
use crate::raster::Raster;
use crate::scan::{Rows, Span};
use tessera_world::{Bathymetry, ProvenanceId, Surface, SurfaceKind, Terrain};

pub const METHOD: &str = "Mean, extremes, deviation and slope of the raster's nodes, each weighted by \
     the part of the zone nearer to it than to another; zones smaller than one and a half nodes are interpolated.";
pub const METHOD_DEPTH: &str =
    "Mean and greatest depth of the nodes below mean sea level, in zones with sea.";

/// A zone as large as fewer nodes than this is interpolated between them.
const NODES_MIN: f64 = 1.5;
/// A node that stands for less of the zone than this does not set its extremes.
const EXTREME_SHARE: f64 = 0.05;
/// Strips of a zone that are interpolated: a zone smaller than a node has no more to tell.
const STRIPS_INTERPOLATED: usize = 5;
const METRES_PER_DEGREE: f64 = 111_195.0;

/// Heights that were weighed against each other, ready to be asked zone by zone.
pub struct Heights<'a> {
    weighed: &'a Weighed<'a>,
    /// Rise over run at every node.
    slopes: Vec<f32>,
}

/// What the heights under one zone come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// Without a provenance yet: whose it is depends on what was disputed.
    terrain: Terrain,
    /// Mean and greatest depth, metres, and none where all is above the sea.
    depth: Option<(u32, u32)>,
    pub dispute: Option<Dispute>,
}

/// What the sources say of the nodes under a zone, where they contradict each other at one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispute {
    /// That of a stand-in before one that only doubts, and that of most weight.
    pub verdict: Verdict,
    /// Mean heights, metres.
    pub base_m: i32,
    pub checks_m: Vec<Option<i32>>,
}

impl Relief {
    pub const fn mean_m(&self) -> i32 {
        self.terrain.elevation_mean_m
    }

    pub const fn terrain(&self, provenance: ProvenanceId) -> Terrain {
        Terrain { provenance, ..self.terrain }
    }

    /// The depth of the zone's water, where it has any sea.
    pub fn bathymetry(&self, surface: Surface, provenance: ProvenanceId) -> Option<Bathymetry> {
        let (depth_mean_m, depth_max_m) =
            self.depth.filter(|_| surface.kind != SurfaceKind::Land)?;
        Some(Bathymetry { depth_mean_m, depth_max_m, provenance })
    }
}

impl<'a> Heights<'a> {
    pub fn new(weighed: &'a Weighed<'a>) -> Self {
        Self { weighed, slopes: slopes(&weighed.heights) }
    }

    /// The heights under a zone; `None` where the raster says nothing.
    pub fn relief(&self, rows: Rows, spans: &[Span]) -> Option<Relief> {
        let mut samples = self.nodes_under(rows, spans);
        let worth = samples.iter().map(|sample| sample.weight).sum::<f64>() * rows.step;
        if worth < NODES_MIN * self.weighed.heights.step_latitude {
            self.interpolate(rows, spans, &mut samples);
        }
        let (terrain, depth) = summarise(&samples)?;
        Some(Relief { terrain, depth, dispute: self.dispute(&samples) })
    }

    fn dispute(&self, samples: &[Sample]) -> Option<Dispute> {
        let verdict = |sample: &Sample| {
            let verdict = self.weighed.verdicts.get(sample.node).copied();
            verdict.filter(|verdict| *verdict != Verdict::Holds)
        };
        let disputed: Vec<(Verdict, f64)> =
            samples.iter().filter_map(|sample| Some((verdict(sample)?, sample.weight))).collect();
        let weight = |of: Verdict| -> f64 {
            disputed.iter().filter(|(verdict, _)| *verdict == of).map(|(_, weight)| weight).sum()
        };
        let (verdict, _) = disputed.iter().copied().max_by(|(a, _), (b, _)| {
            let stands_in = |verdict: &Verdict| verdict.stand_in().is_some();
            stands_in(a).cmp(&stands_in(b)).then(weight(*a).total_cmp(&weight(*b)))
        })?;
        let checks_m = self.weighed.checks.iter().map(|check| mean_at(check, samples)).collect();
        let base_m = mean_at(&self.weighed.base.values, samples)?;
        Some(Dispute { verdict, base_m, checks_m })
    }

    fn nodes_under(&self, rows: Rows, spans: &[Span]) -> Vec<Sample> {
        let mut samples: Vec<Sample> = Vec::with_capacity(16);
        // Strips come from the south on, so that a node met before was met in the row that is under way.
        let (mut row, mut begin) = (usize::MAX, 0);
        let raster = &self.weighed.heights;
        raster.under(rows, spans, |node| {
            if node.index / raster.columns != row {
                row = node.index / raster.columns;
                begin = samples.len();
            }
            match samples[begin..].iter_mut().find(|sample| sample.node == node.index) {
                Some(sample) => sample.weight += node.weight,
                None => samples.push(Sample {
                    node: node.index,
                    weight: node.weight,
                    height: node.value,
                    slope: self.slopes[node.index],
                }),
            }
        });
        samples
    }

    fn interpolate(&self, rows: Rows, spans: &[Span], samples: &mut Vec<Sample>) {
        let raster = &self.weighed.heights;
        samples.clear();
        let stride = spans.len().div_ceil(STRIPS_INTERPOLATED).max(1);
        for span in spans.iter().skip(stride / 2).step_by(stride) {
            let latitude = rows.latitude(span.row);
            for share in [1.0 / 6.0, 0.5, 5.0 / 6.0] {
                let longitude = span.west + share * (span.east - span.west);
                let Some(height) = raster.bilinear(longitude, latitude) else { continue };
                let row = ((raster.north - latitude) / raster.step_latitude).round() as usize;
                let column = ((longitude - raster.west) / raster.step_longitude).round() as usize;
                let node =
                    row.min(raster.rows - 1) * raster.columns + column.min(raster.columns - 1);
                let weight = span.east - span.west;
                samples.push(Sample { node, weight, height, slope: self.slopes[node] });
            }
        }
    }
}

/// A height with its weight, and the slope at the node it belongs to.
struct Sample {
    node: usize,
    weight: f64,
    height: f32,
    slope: f32,
}

/// The mean of a source's heights at the nodes of the samples, metres; `None` where it knows none of them.
fn mean_at(source: &[f32], samples: &[Sample]) -> Option<i32> {
    let (mut sum, mut known) = (0.0, 0.0);
    for sample in samples {
        let metres = source[sample.node];
        if !metres.is_nan() {
            sum += sample.weight * f64::from(metres);
            known += sample.weight;
        }
    }
    (known > 0.0).then(|| (sum / known).round() as i32)
}

/// The terrain without a provenance, and mean and greatest depth where anything lies below the sea.
fn summarise(samples: &[Sample]) -> Option<(Terrain, Option<(u32, u32)>)> {
    let known = || samples.iter().filter(|sample| !sample.height.is_nan());
    let sum = |of: &dyn Fn(&Sample) -> f64| known().map(|s| s.weight * of(s)).sum::<f64>();
    let total = sum(&|_| 1.0);
    if total <= 0.0 {
        return None;
    }
    let mean = sum(&|s| f64::from(s.height)) / total;
    let variance = sum(&|s| (f64::from(s.height) - mean).powi(2)) / total;
    let steepness = sum(&|s| f64::from(s.slope)) / total;
    let heaviest = known().map(|sample| sample.weight).fold(0.0, f64::max);
    let least = (EXTREME_SHARE * total).min(heaviest);
    let extremes = known().filter(|sample| sample.weight >= least).map(|sample| sample.height);
    let low = extremes.clone().fold(f32::INFINITY, f32::min);
    let high = extremes.fold(f32::NEG_INFINITY, f32::max);
    // The weighted mean lies within the extremes of the samples that weigh; rounding keeps it there.
    let mean = (mean.round() as i32).clamp(low.round() as i32, high.round() as i32);
    let wet = sum(&|s| if s.height < 0.0 { 1.0 } else { 0.0 });
    let depth = sum(&|s| f64::from(s.height.min(0.0)));
    let depth_max_m = (-low).round().max(0.0) as u32;
    let terrain = Terrain {
        elevation_mean_m: mean,
        elevation_min_m: low.round() as i32,
        elevation_max_m: high.round() as i32,
        slope_permille: (steepness * 1000.0).round() as u32,
        ruggedness_m: variance.sqrt().round() as u32,
        provenance: ProvenanceId(0),
    };
    let mean_depth = || ((-depth / wet).round().max(0.0) as u32).min(depth_max_m);
    Some((terrain, (wet > 0.0).then(|| (mean_depth(), depth_max_m))))
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
    use crate::scan::of_each_zone;
    use tessera_grid::{BBox, Resolution, Zone, zones_in};

    fn stage(zones: &[Zone], rows: Rows, raster: &Raster) -> Vec<Option<Terrain>> {
        let weighed = Weighed::new(raster, &[], |_, _| true);
        let heights = Heights::new(&weighed);
        of_each_zone(zones, rows, |_zone, spans| {
            Some(heights.relief(rows, spans)?.terrain(ProvenanceId(1)))
        })
    }

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
        let terrain = stage(&zones, rows, &plane(step));
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
        let terrain = stage(&zones, Rows::for_resolution(Resolution::FIVE), &raster);
        assert!(terrain.iter().all(Option::is_none));
    }

    #[test]
    fn a_zone_over_a_node_that_was_disputed_tells_what_all_sources_say() {
        // Squeezed ground west of 10.5 E, where a check has 600 m; east of it both have 600 m.
        let step = 1.0 / 12.0;
        let mut base = plane(step);
        for node in 0..base.values.len() {
            let east = base.node(node / base.columns, node % base.columns).0 > 10.5;
            base.values[node] = if east { 600.0 } else { 10.0 };
        }
        let check = Raster { values: vec![600.0; base.values.len()], ..base.clone() };
        let weighed = Weighed::new(&base, &[&check], |_, _| true);
        let heights = Heights::new(&weighed);
        let zones = zones_in(BBox::new(10.0, 42.0, 11.0, 43.0).unwrap(), Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        let reliefs =
            of_each_zone(&zones, rows, |_zone, spans| heights.relief(rows, spans).unwrap());
        let (mut west, mut east) = (0, 0);
        for (zone, relief) in zones.iter().zip(reliefs) {
            let terrain = relief.terrain(ProvenanceId(1));
            assert_eq!((terrain.elevation_mean_m, terrain.slope_permille), (600, 0), "{zone:?}");
            let longitude = zone.centre().longitude();
            if longitude < 10.3 {
                west += 1;
                let verdict = Verdict::Risen(0);
                let dispute = Dispute { verdict, base_m: 10, checks_m: vec![Some(600)] };
                assert_eq!(relief.dispute, Some(dispute));
            } else if longitude > 10.7 {
                east += 1;
                assert_eq!(relief.dispute, None);
            }
        }
        assert!(west > 5 && east > 5, "{west} and {east} zones");
    }

    #[test]
    fn one_node_that_a_check_stands_in_for_outweighs_many_that_are_only_doubted() {
        let base = plane(1.0 / 12.0);
        let check = base.clone();
        let mut weighed = Weighed::new(&base, &[&check], |_, _| true);
        weighed.verdicts.fill(Verdict::Doubted);
        let resolution = Resolution::try_from(4).unwrap();
        let zone = zones_in(BBox::new(10.0, 42.0, 11.0, 43.0).unwrap(), resolution)[0];
        let rows = Rows::for_resolution(resolution);
        let verdict = |weighed: &Weighed<'_>| {
            let heights = Heights::new(weighed);
            let found = of_each_zone(&[zone], rows, |_zone, spans| heights.relief(rows, spans));
            found[0].clone().and_then(|relief| relief.dispute).map(|dispute| dispute.verdict)
        };
        assert_eq!(verdict(&weighed), Some(Verdict::Doubted));
        let (longitude, latitude) = (zone.centre().longitude(), zone.centre().latitude());
        let column = ((longitude - base.west) / base.step_longitude).round() as usize;
        let row = ((base.north - latitude) / base.step_latitude).round() as usize;
        weighed.verdicts[row * base.columns + column] = Verdict::Replaced(0);
        assert_eq!(verdict(&weighed), Some(Verdict::Replaced(0)));
    }

    #[test]
    fn the_depth_is_that_of_the_water_alone() {
        let mut raster = plane(1.0 / 12.0);
        // A shore along 10.5 E: 200 m of hills in the east, 60 m of water in the west.
        for row in 0..raster.rows {
            for column in 0..raster.columns {
                let east = raster.node(row, column).0 > 10.5;
                raster.values[row * raster.columns + column] = if east { 200.0 } else { -60.0 };
            }
        }
        let zones = zones_in(BBox::new(10.0, 42.0, 11.0, 43.0).unwrap(), Resolution::FIVE);
        let rows = Rows::for_resolution(Resolution::FIVE);
        let weighed = Weighed::new(&raster, &[], |_, _| true);
        let heights = Heights::new(&weighed);
        let surface = |kind| Surface { kind, land_permille: 500, provenance: ProvenanceId(1) };
        let reliefs =
            of_each_zone(&zones, rows, |_zone, spans| heights.relief(rows, spans).unwrap());
        let provenance = ProvenanceId(2);
        for (zone, relief) in zones.iter().zip(reliefs) {
            let depth = relief.bathymetry(surface(SurfaceKind::Coast), provenance);
            let expected = Bathymetry { depth_mean_m: 60, depth_max_m: 60, provenance };
            let longitude = zone.centre().longitude();
            if longitude < 10.35 {
                assert_eq!(depth, Some(expected));
                assert_eq!(relief.bathymetry(surface(SurfaceKind::Land), provenance), None);
            } else if longitude > 10.65 {
                assert_eq!(depth, None);
            }
        }
    }
}
