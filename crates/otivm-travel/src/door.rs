//! Between a traveller's own door and the middle of the zones about it.
//!
//! A zone is as wide as a day's walk. A search may begin and end in any suitable zone that touches the
//! one of the position, and counts the stretch from the position to its middle.

use crate::{
    Chart, Mode, NoRoute, Query, Way,
    chart::{DOWN, DRY, EDGES, OPEN, SLACK, UP},
    report::Trip,
    search::Door,
    sphere::{arc_km, unit_vector},
    ways::{DAY_S, Traveller, state},
};
use tessera_grid::{Position, Zone};

/// Rings of zones searched about a position for one where a journey may begin or end: some 50 km.
pub(crate) const RINGS: u32 = 3;

/// A zone where a way may begin or end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    pub(crate) door: Door,
    pub(crate) node: u32,
    /// Between the position and the middle of the zone.
    pub(crate) km: f32,
}

/// The suitable zones about a position.
pub(crate) fn near(traveller: &Traveller<'_>, at: Position) -> Result<Vec<End>, NoRoute> {
    let chart = traveller.chart;
    let resolution = chart.zones.first().map(|zone| zone.resolution());
    let home = resolution.map(|resolution| Zone::at(at, resolution));
    let home = home.filter(|zone| zone.disk(1).iter().any(|zone| chart.contains(*zone)));
    let home = home.ok_or(NoRoute::OffTheMap)?;
    let point = unit_vector(at);
    let mut found: Vec<(f32, u32)> = home
        .disk(RINGS)
        .into_iter()
        .filter_map(|zone| chart.node(zone))
        .filter(|node| suits(traveller, *node))
        .map(|node| (arc_km(place(traveller, node), point) + detour_km(traveller, node), node))
        .collect();
    found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let nearest = found.first().ok_or(NoRoute::NoneNear { mode: traveller.mode })?.1;
    if traveller.mode == Mode::River {
        return Ok(vec![End {
            door: Door { state: state(nearest, true), seconds: 0 },
            node: nearest,
            km: 0.0,
        }]);
    }
    let beside = |node: u32| {
        let edges = &chart.edges_of(nearest)[..EDGES / 2];
        edges.iter().any(|edge| edge.to == node && edge.has(ways(traveller.mode)))
    };
    let ends = found.into_iter().filter(|(_, node)| *node == nearest || beside(*node));
    Ok(ends.flat_map(|(km, node)| sides(traveller, km, node)).collect())
}

/// Where one is met in a zone: a boat on its river, all others in the middle.
fn place(traveller: &Traveller<'_>, node: u32) -> [f32; 3] {
    let chart = traveller.chart;
    let places = if traveller.mode == Mode::River { &chart.courses } else { &chart.points };
    places[node as usize]
}

/// How much farther a large river may be than a small one and still be the one that is meant, kilometres.
const LARGE_RIVER_KM: f32 = 8.0;

fn detour_km(traveller: &Traveller<'_>, node: u32) -> f32 {
    let small = traveller.mode == Mode::River && !traveller.chart.river[node as usize];
    if small { LARGE_RIVER_KM } else { 0.0 }
}

const fn ways(mode: Mode) -> u8 {
    match mode {
        Mode::Sea | Mode::Coast => OPEN,
        Mode::River => DOWN | UP | SLACK,
        Mode::Road => DRY,
        Mode::Any => OPEN | DRY,
    }
}

fn suits(traveller: &Traveller<'_>, node: u32) -> bool {
    let chart = traveller.chart;
    let (floats, walks) = (chart.floats(node), chart.walks(node));
    match traveller.mode {
        Mode::Sea | Mode::Coast => floats,
        Mode::River => chart.stream[node as usize],
        Mode::Road => walks,
        Mode::Any => floats || walks,
    }
}

fn sides(traveller: &Traveller<'_>, km: f32, node: u32) -> Vec<End> {
    let chart = traveller.chart;
    let end = |afloat: bool, seconds: f32| End {
        door: Door { state: state(node, afloat), seconds: seconds as u32 },
        node,
        km,
    };
    let mut ends = Vec::new();
    if chart.walks(node) && traveller.mode.by_land() {
        let days = chart.walked_km(km) * chart.effort(node, node) / traveller.gait.km_day() as f32;
        ends.push(end(false, days * DAY_S));
    }
    if chart.floats(node) && traveller.mode.by_sea() {
        let metres = chart.sailed_km(node, node, km) * 1000.0;
        ends.push(end(true, metres / ROADSTEAD_M_S + harbour_s(chart)));
    } else if chart.stream[node as usize] && traveller.mode.by_river() {
        // A town on a river is on it, wherever the middle of its zone is.
        ends.push(End { km: 0.0, ..end(true, 0.0) });
    }
    ends
}

/// Into and out of harbour, m/s: what ships make good at the mean of the published coastal legs.
pub(crate) const ROADSTEAD_M_S: f32 = 1.7;

/// At one end of a voyage.
fn harbour_s(chart: &Chart) -> f32 {
    (chart.parameters.harbour_hours * 1800.0) as f32
}

/// Two positions in the same zone, or in two that touch: straight from door to door.
pub(crate) fn next_door(
    traveller: &Traveller<'_>,
    starts: &[End],
    goals: &[End],
    query: &Query,
) -> Option<Trip> {
    let (start, goal) = (starts.first()?, goals.first()?);
    let chart = traveller.chart;
    if query.mode == Mode::River {
        return (start.node == goal.node).then(|| along_the_river(traveller, start, query));
    }
    let mut edges = chart.edges_of(start.node).iter().enumerate();
    let edge = edges.find(|(_, edge)| edge.to == goal.node);
    let open = edge.is_some_and(|(_, edge)| edge.has(ways(query.mode)));
    if start.node != goal.node && !open {
        return None;
    }
    let afloat = start.door.state % 2 == 1;
    if afloat != (goal.door.state % 2 == 1) {
        return None;
    }
    let km = arc_km(unit_vector(query.from), unit_vector(query.to));
    let seconds = |end: &End| end.door.seconds as f32;
    let doors_km = start.km + goal.km;
    let between = match edge {
        Some((slot, edge)) if afloat && edge.has(OPEN) => {
            let pace = traveller.pace(0).seconds(start.node, slot);
            pace * km / edge.km().max(0.01) + 2.0 * harbour_s(chart)
        }
        Some((_, edge)) if afloat => {
            let days = traveller.river_days(start.node, *edge, traveller.month);
            days * DAY_S * km / edge.km().max(0.01)
        }
        Some((slot, edge)) => {
            traveller.land_days(start.node, slot) * DAY_S * km / edge.km().max(0.01)
        }
        None if afloat => {
            chart.sailed_km(start.node, start.node, km) * 1000.0 / ROADSTEAD_M_S
                + 2.0 * harbour_s(chart)
        }
        None if doors_km > 0.0 => (seconds(start) + seconds(goal)) * km / doors_km,
        None => chart.walked_km(km) / 30.0 * DAY_S,
    };
    Some(Trip::straight(start.door.state, goal.door.state, between as u32, query))
}

/// Two positions in one zone of a river.
fn along_the_river(traveller: &Traveller<'_>, end: &End, query: &Query) -> Trip {
    let chart = traveller.chart;
    let towns = [query.from, query.to].map(unit_vector);
    let joined = chart.edges_of(end.node).iter().filter(|edge| edge.has(DOWN | UP));
    let on_line = chart.rivers.within(towns, end.node, joined.map(|edge| edge.to));
    let on_line = on_line.and_then(|(km, next)| {
        let edge = chart.edge(end.node, next)?;
        let days = traveller.river_days(end.node, edge, traveller.month);
        let way = if edge.has(DOWN) { Way::RiverDown } else { Way::RiverUp };
        Some((way, km, days * km / chart.reach_km(end.node, next).max(0.01)))
    });
    let (way, km, days) = on_line.unwrap_or_else(|| {
        let km = arc_km(towns[0], towns[1]);
        (Way::RiverDown, km, traveller.slack_days(km))
    });
    Trip::on_river(end.door.state, way, km, (days * DAY_S) as u32, query)
}
