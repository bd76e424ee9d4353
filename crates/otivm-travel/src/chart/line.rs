//! A line as a release draws it, looked at so often that no zone it passes is missed.

use super::Chart;
use crate::sphere::{Frame, arc_km, position, unit_vector};
use tessera_grid::{Position, Zone};

/// Five times and more in the smallest zones that are played.
const STEP_KM: f32 = 0.5;
/// A river's course is what it is over this length either way: bends do not turn the wind.
const COURSE_KM: f32 = 40.0;

/// Points, each with its length from the begin.
pub(super) struct Line {
    points: Vec<([f32; 3], f32)>,
}

impl Line {
    pub(super) fn along(positions: &[Position]) -> Self {
        let mut points: Vec<([f32; 3], f32)> = Vec::new();
        for at in positions {
            let next = unit_vector(*at);
            let Some(&(last, begun_km)) = points.last() else {
                points.push((next, 0.0));
                continue;
            };
            let km = arc_km(last, next);
            let steps = (km / STEP_KM).ceil().max(1.0) as u32;
            for step in 1..=steps {
                let share = step as f32 / steps as f32;
                let between = [0, 1, 2].map(|part| last[part] + (next[part] - last[part]) * share);
                points.push((unit(between), begun_km + km * share));
            }
        }
        points.shrink_to_fit();
        Self { points }
    }

    /// Of each point on the chart the node that it is in, and its length from the begin.
    pub(super) fn nodes(&self, chart: &Chart) -> impl Iterator<Item = (u32, f32)> {
        let resolution = chart.zones.first().map(|zone| zone.resolution());
        self.points.iter().filter_map(move |(point, km)| {
            let zone = Zone::at(position(*point)?, resolution?);
            Some((chart.node(zone)?, *km))
        })
    }

    /// The point so far from the begin; the nearest end beyond the line.
    pub(super) fn at(&self, km: f32) -> [f32; 3] {
        let index = self.points.partition_point(|(_, here_km)| *here_km < km);
        self.points[index.min(self.points.len() - 1)].0
    }

    /// How far off it is, and where along it is nearest, kilometres.
    pub(super) fn nearest(&self, point: [f32; 3]) -> Option<(f32, f32)> {
        let away = self.points.iter().map(|(here, here_km)| (arc_km(point, *here), *here_km));
        away.min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Where it leads between two places, east and north.
    pub(super) fn course(&self, from_km: f32, to_km: f32) -> (f32, f32) {
        let onward = if to_km < from_km { -COURSE_KM } else { COURSE_KM };
        let (begin, end) = (self.at(from_km - onward), self.at(to_km + onward));
        Frame::at(begin).towards(end)
    }
}

fn unit(vector: [f32; 3]) -> [f32; 3] {
    let length = vector.iter().map(|part| part * part).sum::<f32>().sqrt();
    vector.map(|part| part / length)
}
