//! Where rivers run, and how long they are, by the lines that drew them.
//!
//! A zone that a line passes has one place on it: the mean of the line's length inside the zone. Between two
//! zones of a line a boat goes the length between their places, so that a way of many zones is as long as the
//! line is, whatever zones it zigzags through. A line runs with the water: where the zones do not know which way
//! that is (two rivers in one zone, the arms of a delta), it says so.

use super::{Chart, DOWN, EDGES, NOWHERE, SLACK, UP, line::Line};
use std::collections::HashMap;
use tessera_grid::Position;

/// So far from its river a map may draw a town that lies on it: rivers move, and maps of the world smooth them. What
/// is more is a way on some other water.
const MAPS_DIFFER_KM: f32 = 15.0;

/// From a zone of a river to one that touches it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reach {
    /// Where it leads, east and north.
    pub(crate) course: (f32, f32),
    line: u32,
    /// The places of the two zones on the line.
    from_km: f32,
    to_km: f32,
    /// Points of the line in both zones: of two lines the one that is there longer counts.
    points: u32,
}

impl Reach {
    pub(crate) fn km(&self) -> f32 {
        (self.to_km - self.from_km).abs()
    }

    /// Whether the line runs that way.
    fn is_down(&self) -> bool {
        self.from_km < self.to_km
    }
}

#[derive(Default)]
pub(crate) struct Rivers {
    lines: Vec<Line>,
    reaches: HashMap<(u32, u32), Reach>,
}

impl Rivers {
    pub(crate) fn reach(&self, from: u32, to: u32) -> Option<&Reach> {
        self.reaches.get(&(from, to))
    }

    pub(crate) fn town_km(&self, town: [f32; 3], home: u32, next: u32) -> Option<f32> {
        let reach = self.reach(home, next)?;
        let (off_km, at_km) = self.lines[reach.line as usize].nearest(town)?;
        let onward_km = reach.to_km - at_km;
        let onward_km = if reach.is_down() { onward_km } else { -onward_km };
        Some(onward_km + astray_km(off_km))
    }

    /// Between two towns of one zone along its river, kilometres, and the next zone where one goes on so.
    pub(crate) fn within(
        &self,
        [from, to]: [[f32; 3]; 2],
        home: u32,
        around: impl Iterator<Item = u32>,
    ) -> Option<(f32, u32)> {
        let onward = |next: u32| {
            let reach = self.reach(home, next)?;
            let line = &self.lines[reach.line as usize];
            let (begin, end) = (line.nearest(from)?, line.nearest(to)?);
            let km = astray_km(begin.0) + (end.1 - begin.1).abs() + astray_km(end.0);
            let found = (reach.points, (km, next));
            (reach.is_down() == (begin.1 <= end.1)).then_some(found)
        };
        around.filter_map(onward).max_by_key(|(points, _)| *points).map(|(_, found)| found)
    }
}

fn astray_km(off_km: f32) -> f32 {
    (off_km - MAPS_DIFFER_KM).max(0.0)
}

/// What a line has inside a zone: the sum of the lengths to its points, and their number.
#[derive(Clone, Copy, Default)]
struct Inside {
    sum_km: f64,
    points: u32,
}

impl Inside {
    fn place_km(self) -> f32 {
        (self.sum_km / f64::from(self.points.max(1))) as f32
    }
}

pub(super) fn lay(chart: &mut Chart, lines: &[Vec<Position>]) {
    let mut longest = vec![0; chart.len()];
    for (number, positions) in lines.iter().enumerate() {
        let line = Line::along(positions);
        let mut inside: HashMap<u32, Inside> = HashMap::new();
        for (node, km) in line.nodes(chart) {
            let here = inside.entry(node).or_default();
            here.sum_km += f64::from(km);
            here.points += 1;
        }
        for (&node, here) in &inside {
            let longest = &mut longest[node as usize];
            if here.points > *longest {
                *longest = here.points;
                chart.courses[node as usize] = line.at(here.place_km());
            }
        }
        join(chart, (number as u32, &line), &inside);
        chart.rivers.lines.push(line);
    }
    direct(chart);
}

/// Where the zones of a river do not say which way it runs, its line does.
fn direct(chart: &mut Chart) {
    for (&(from, to), reach) in &chart.rivers.reaches {
        let first = from as usize * EDGES;
        let edges = chart.edges[first..first + EDGES].iter_mut();
        for edge in edges.filter(|edge| edge.to == to && edge.has(SLACK)) {
            edge.ways = edge.ways & !SLACK | if reach.is_down() { DOWN } else { UP };
        }
    }
}

/// Every two zones of a line that touch.
fn join(chart: &mut Chart, (number, line): (u32, &Line), inside: &HashMap<u32, Inside>) {
    for (&from, here) in inside {
        for slot in 0..EDGES {
            let to = chart.edges_of(from)[slot].to;
            let Some(there) = inside.get(&to).filter(|_| to != NOWHERE) else { continue };
            let (from_km, to_km) = (here.place_km(), there.place_km());
            let course = line.course(from_km, to_km);
            let points = here.points + there.points;
            let reach = Reach { course, line: number, from_km, to_km, points };
            let known = chart.rivers.reaches.entry((from, to)).or_insert(reach);
            if known.points < reach.points {
                *known = reach;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gait, Mode, Month, Navigator, Query, ShipType, Way};
    use std::sync::Arc;
    use tessera_grid::{BBox, Resolution, Zone, zones_in};
    use tessera_world::{Cell, ProvenanceId, River};

    fn chart() -> Chart {
        let zones = zones_in(BBox::new(17.0, 33.0, 21.0, 36.0).unwrap(), Resolution::FIVE);
        Chart::new(zones.into_iter().map(Cell::bare))
    }

    /// A river that winds from west to east.
    fn winding() -> Vec<Position> {
        let at = |step: i32| {
            let longitude = 17.5 + f64::from(step) * 0.02;
            Position::new(34.5 + 0.12 * (longitude * 9.0).sin(), longitude).unwrap()
        };
        (0..=150).map(at).collect()
    }

    #[test]
    fn a_way_along_a_river_is_as_long_as_its_line_whatever_zones_it_goes_through() {
        let line = winding();
        let chart = chart().with_rivers(std::slice::from_ref(&line));
        let node = |at: Position| chart.node(Zone::at(at, Resolution::FIVE)).unwrap();
        let mut nodes: Vec<u32> = line.iter().map(|at| node(*at)).collect();
        nodes.dedup();
        let gone: f32 = nodes.windows(2).map(|pair| chart.reach_km(pair[0], pair[1])).sum();
        let drawn: f64 = line.windows(2).map(|pair| pair[0].distance_km(pair[1])).sum();
        let straight = line[0].distance_km(line[line.len() - 1]);
        // Half of the first zone and half of the last are not gone.
        assert!(
            (f64::from(gone) / drawn - 1.0).abs() < 0.06,
            "{gone} of {drawn}, {straight} straight"
        );
        assert!(drawn > 1.15 * straight);
        for pair in nodes.windows(2) {
            let reach = |from, to| *chart.rivers.reach(from, to).unwrap();
            let (there, back) = (reach(pair[0], pair[1]), reach(pair[1], pair[0]));
            assert!((there.km() - back.km()).abs() < 1e-6, "{there:?} {back:?}");
            assert!(there.course.0 > 0.7 && back.course.0 < -0.7, "{there:?} {back:?}");
        }
    }

    /// Zones along a line that have a river of which nobody says where its water goes.
    fn unsaid(line: &[Position]) -> Chart {
        let zones = zones_in(BBox::new(17.0, 33.0, 21.0, 36.0).unwrap(), Resolution::FIVE);
        let on_the_line =
            |zone: Zone| line.iter().any(|at| Zone::at(*at, Resolution::FIVE) == zone);
        Chart::new(zones.into_iter().map(|zone| Cell {
            river: on_the_line(zone).then_some(River {
                latin: None,
                modern: None,
                strahler: None,
                upstream_km2: Some(20_000),
                navigable: true,
                downstream: None,
                provenance: ProvenanceId(1),
            }),
            ..Cell::bare(zone)
        }))
    }

    #[test]
    fn a_boat_goes_as_far_as_the_line_is_long_between_its_towns_and_takes_longer_upstream() {
        let line = winding();
        let chart = Arc::new(unsaid(&line).with_rivers(std::slice::from_ref(&line)));
        let winding = chart.parameters.river_winding;
        let mut boat = Navigator::new(chart);
        let mut gone = |from: usize, to: usize| {
            let (from, to) = (line[from], line[to]);
            let (mode, ship, gait) = (Mode::River, ShipType::Actuaria, Gait::Foot);
            let month = Month::JULY;
            boat.journey(&Query { from, to, mode, ship, gait, month }).unwrap()
        };
        // Some towns far from each other, some in zones that touch, some in one zone.
        for (from, to) in [(3, 140), (20, 27), (33, 34), (61, 70), (90, 92), (100, 149)] {
            let stretches = line[from..=to].windows(2);
            let drawn: f64 = stretches.map(|pair| pair[0].distance_km(pair[1])).sum();
            let (down, up) = (gone(from, to), gone(to, from));
            // The line is looked at every half kilometre.
            let close = |km: f64| (km / winding - drawn).abs() < 1.0;
            assert!(close(down.km) && close(up.km), "{from} {to}: {} {} {drawn}", down.km, up.km);
            assert!(down.days < up.days, "{from} {to}: {} {}", down.days, up.days);
            assert_eq!((down.legs[0].way, up.legs[0].way), (Way::RiverDown, Way::RiverUp));
        }
    }

    #[test]
    fn where_zones_do_not_say_which_way_a_river_runs_its_line_does() {
        let line = winding();
        let chart = unsaid(&line);
        let node = |at: Position| chart.node(Zone::at(at, Resolution::FIVE)).unwrap();
        let upper = node(line[0]);
        let lower = line.iter().map(|at| node(*at)).find(|node| *node != upper).unwrap();
        assert_eq!(chart.edge(upper, lower).unwrap().ways & (DOWN | UP | SLACK), SLACK);
        let chart = chart.with_rivers(std::slice::from_ref(&line));
        let ways = |from, to| chart.edge(from, to).unwrap().ways & (DOWN | UP | SLACK);
        assert_eq!((ways(upper, lower), ways(lower, upper)), (DOWN, UP));
    }

    #[test]
    fn without_a_line_a_river_goes_from_middle_to_middle() {
        let chart = chart();
        let zone = Zone::at(Position::new(34.5, 19.0).unwrap(), Resolution::FIVE);
        let near = zone.neighbours().next().unwrap();
        let (a, b) = (chart.node(zone).unwrap(), chart.node(near).unwrap());
        let km = f64::from(chart.reach_km(a, b));
        assert!((km - zone.centre().distance_km(near.centre())).abs() < 0.05, "{km}");
    }
}
