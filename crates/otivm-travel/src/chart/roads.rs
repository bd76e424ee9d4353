//! Where roads run, by the lines that drew them: an edge has a road where a line passes both its zones, one after
//! the other or with one between, of which it may only cut a corner.

use super::{Chart, DRY, EDGES, ROAD, line::Line};
use tessera_grid::Position;

pub(super) fn lay(chart: &mut Chart, lines: &[Vec<Position>]) {
    for positions in lines {
        let mut passed: Vec<u32> =
            Line::along(positions).nodes(chart).map(|(node, _)| node).collect();
        passed.dedup();
        for (index, &here) in passed.iter().enumerate() {
            for &near in passed.iter().skip(index + 1).take(2) {
                pave(chart, here, near);
                pave(chart, near, here);
            }
        }
    }
}

fn pave(chart: &mut Chart, from: u32, to: u32) {
    let first = from as usize * EDGES;
    let edges = chart.edges[first..first + EDGES].iter_mut();
    for edge in edges.filter(|edge| edge.to == to && edge.has(DRY)) {
        edge.ways |= ROAD;
        chart.has_roads = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gait, Mode, Month, Navigator, Query, Reason, Route, ShipType};
    use std::sync::Arc;
    use tessera_grid::{BBox, Resolution, zones_in};
    use tessera_world::Cell;

    fn country() -> Chart {
        let zones = zones_in(BBox::new(17.0, 33.0, 21.0, 36.0).unwrap(), Resolution::FIVE);
        Chart::new(zones.into_iter().map(Cell::bare))
    }

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    /// A road that bows north between two towns.
    fn bow() -> Vec<Position> {
        (0..=60)
            .map(|step| {
                let share = f64::from(step) / 60.0;
                at(34.0 + 0.6 * (share * std::f64::consts::PI).sin(), 17.5 + 3.0 * share)
            })
            .collect()
    }

    fn way(chart: Chart, from: Position, to: Position) -> Route {
        let (mode, ship, gait) = (Mode::Road, ShipType::Actuaria, Gait::Foot);
        let query = Query { from, to, mode, ship, gait, month: Month::JULY };
        Navigator::new(Arc::new(chart)).journey(&query).unwrap()
    }

    fn off_road_km(route: &Route) -> u32 {
        let country = route.reasons.iter().find_map(|reason| match reason {
            Reason::OpenCountry { km } => Some(km.round() as u32),
            _ => None,
        });
        country.unwrap_or(0)
    }

    #[test]
    fn who_leaves_the_roads_is_slower_and_a_country_without_roads_is_all_road() {
        let road = bow();
        let (from, to) = (road[0], road[60]);
        let known = || country().with_roads(std::slice::from_ref(&road));
        let (on_it, unknown) = (way(known(), from, to), way(country(), from, to));
        // The bow is an eighth longer than the straight way, of which nobody knows that it is no road where none is known.
        let longer = on_it.days / unknown.days;
        assert!((1.1..1.16).contains(&longer), "{longer}");
        assert_eq!((off_road_km(&on_it), off_road_km(&unknown)), (0, 0));
        let (from, to) = (at(33.2, 17.6), at(33.2, 20.4));
        let (across, unknown) = (way(known(), from, to), way(country(), from, to));
        // Of a way beside the road it may take a zone or two.
        let (longer, off_road) =
            (across.days / unknown.days, f64::from(off_road_km(&across)) / across.km);
        assert!((1.4..=1.5).contains(&longer) && off_road > 0.8, "{longer} {off_road}");
        let dearer = across.milliasses_tonne as f64 / unknown.milliasses_tonne as f64;
        assert!((1.4..=1.5).contains(&dearer), "{dearer}");
    }

    #[test]
    fn a_road_leads_both_ways_and_nowhere_beside_it() {
        let road = bow();
        let chart = country().with_roads(std::slice::from_ref(&road));
        let paved = |node: u32| chart.edges_of(node).iter().filter(|edge| edge.has(ROAD)).count();
        let on_it: Vec<u32> = Line::along(&road).nodes(&chart).map(|(node, _)| node).collect();
        for node in 0..chart.len() as u32 {
            assert_eq!(paved(node) > 0, on_it.contains(&node), "node {node}");
            for edge in chart.edges_of(node).iter().filter(|edge| edge.has(ROAD)) {
                assert!(chart.edge(edge.to, node).unwrap().has(ROAD));
            }
        }
    }
}
