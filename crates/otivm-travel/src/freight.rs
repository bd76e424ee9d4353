//! What it costs to move goods: the cheapest way over sea, river and land, for everyone, not one ship.
//!
//! Costs are those of carriers for hire, in milliasses a tonne. The sea is priced by the days of a
//! sea-going merchantman in the open season (April to October), so that a dear way is a slow way; land
//! and river by the kilometre. Ratios follow the Edict on Prices and the papyri: sea 1, river 5 to 10,
//! road 40 to 60 (Duncan-Jones, *The Economy of the Roman Empire*, 1982, 366-369).

use crate::{
    Chart, Month, NoRoute, ShipType,
    chart::{DOWN, EDGES, Edge, NOWHERE, OPEN, SLACK, UP},
    pace::courses,
    queue::Queue,
};
use std::sync::Arc;
use tessera_grid::Zone;

/// Freight by sea, asses a tonne and day: the Edict's Alexandria to Rome, a sixth of the wheat's worth
/// in some twenty days.
const SEA_ASSES_DAY: f64 = 18.0;
/// By river, asses a tonne and kilometre; five times the sea downstream, ten times up.
const RIVER_DOWN_ASSES_KM: f64 = 0.7;
const RIVER_UP_ASSES_KM: f64 = 1.4;
/// By wagon on a level road: the Edict's 20 denarii a mile for 1,200 pounds (17.3).
const LAND_ASSES_KM: f64 = 9.0;
/// Every 10 thousandths of slope add so much to it, as to a walker's time (Tobler 1993).
const LAND_SLOPE_SHARE: f64 = 0.12;
/// A road is longer than the line through its zones, which is itself a tenth longer than the crow's.
const LAND_WINDING: f64 = 1.1;
/// A road goes from zone to neighbouring zone: its winding hides the corners.
const ROAD_EDGES: usize = 6;
/// Kilometres a day: a barge down and up (ORBIS 65 and 15), a wagon.
const RIVER_DOWN_KM_DAY: f64 = 65.0;
const RIVER_UP_KM_DAY: f64 = 15.0;
const LAND_KM_DAY: f64 = 20.0;
/// Dearer carriage than this is not looked for, milliasses a tonne: 700 km of road, three times the worth
/// of wheat. What goes farther is sold on the way.
const DEAREST: u32 = 8_000_000;
/// Putting goods aboard or ashore, milliasses a tonne.
pub(crate) const HANDLING: u32 = 30_000;
/// April to October.
const OPEN_SEASON: std::ops::RangeInclusive<u8> = 4..=10;

const UNREACHED: u32 = u32::MAX;
const SHUT: u32 = u32::MAX;

/// Costs of every edge, worked out once; search with [`Freight::row`].
pub struct Freight {
    chart: Arc<Chart>,
    /// By water or river: milliasses a tonne; `SHUT` where there is none.
    afloat: Vec<u32>,
    afloat_hours: Vec<u16>,
    ashore: Vec<u32>,
    ashore_hours: Vec<u16>,
}

/// What it takes to bring a tonne to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carriage {
    pub milliasses_tonne: u32,
    pub hours: u32,
}

/// Where goods are sent from and to. Between a town and its own harbour nothing is charged, also where the shore
/// lies in another zone than the town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub town: Zone,
    /// The zone of sea or coast that its ships lie in.
    pub harbour: Option<Zone>,
}

/// Scratch space of one search; one for each thread.
#[derive(Default)]
pub struct Porter {
    cost: Vec<u32>,
    hours: Vec<u32>,
    queue: Queue,
}

impl Freight {
    pub fn new(chart: Arc<Chart>) -> Self {
        let mut freight = Self {
            afloat: vec![SHUT; chart.edges.len()],
            afloat_hours: vec![0; chart.edges.len()],
            ashore: vec![SHUT; chart.edges.len()],
            ashore_hours: vec![0; chart.edges.len()],
            chart,
        };
        let chart = Arc::clone(&freight.chart);
        let courses = courses();
        for (index, edge) in chart.edges.iter().enumerate().filter(|(_, edge)| edge.to != NOWHERE) {
            let node = (index / EDGES) as u32;
            if let Some((cost, days)) = by_water(&chart, &courses, node, *edge) {
                freight.afloat[index] = cost;
                freight.afloat_hours[index] = hours(days);
            }
            let road = index % EDGES < ROAD_EDGES;
            if let Some((cost, days)) = by_land(&chart, node, *edge).filter(|_| road) {
                freight.ashore[index] = cost;
                freight.ashore_hours[index] = hours(days);
            }
        }
        freight
    }

    /// The cheapest carriage from one stop to each of many; `None` where nothing gets through at any price that
    /// is paid.
    ///
    /// A node has two sides, afloat and ashore; to change costs handling. Goods begin and end ashore.
    pub fn row(
        &self,
        porter: &mut Porter,
        from: Stop,
        targets: &[Stop],
    ) -> Result<Vec<Option<Carriage>>, NoRoute> {
        porter.begin(self.chart.len());
        if self.nodes(from).next().is_none() {
            return Err(NoRoute::OffChart(from.town));
        }
        for node in self.nodes(from) {
            porter.reach(node * 2, 0, 0);
        }
        let mut wanted = vec![false; self.chart.len()];
        let mut left = 0;
        for node in targets.iter().flat_map(|stop| self.nodes(*stop)) {
            left += usize::from(!std::mem::replace(&mut wanted[node as usize], true));
        }
        while let Some((cost, side)) = porter.queue.pop() {
            if cost > porter.cost[side as usize] {
                continue;
            }
            if side % 2 == 0 && wanted[(side / 2) as usize] {
                left -= 1;
                if left == 0 {
                    break;
                }
            }
            self.expand(porter, side, cost);
        }
        let found = |stop: &Stop| {
            let slots = self.nodes(*stop).map(|node| node as usize * 2);
            let slot = slots.min_by_key(|slot| porter.cost[*slot])?;
            let (milliasses_tonne, hours) = (porter.cost[slot], porter.hours[slot]);
            (milliasses_tonne != UNREACHED).then_some(Carriage { milliasses_tonne, hours })
        };
        Ok(targets.iter().map(found).collect())
    }

    /// The nodes that goods of a stop lie in.
    fn nodes(&self, stop: Stop) -> impl Iterator<Item = u32> + '_ {
        let harbour = stop.harbour.filter(|harbour| *harbour != stop.town);
        [Some(stop.town), harbour].into_iter().flatten().filter_map(|zone| self.chart.node(zone))
    }

    fn expand(&self, porter: &mut Porter, side: u32, cost: u32) {
        let (node, afloat) = (side / 2, side % 2 == 1);
        let hours = porter.hours[side as usize];
        if afloat || self.chart.floats(node) || self.chart.river[node as usize] {
            porter.reach(node * 2 + u32::from(!afloat), cost.saturating_add(HANDLING), hours);
        }
        let (costs, edge_hours) = if afloat {
            (&self.afloat, &self.afloat_hours)
        } else {
            (&self.ashore, &self.ashore_hours)
        };
        let first = node as usize * EDGES;
        for (offset, edge) in self.chart.edges_of(node).iter().enumerate() {
            let step = costs[first + offset];
            if step != SHUT {
                let to = edge.to * 2 + u32::from(afloat);
                let hours = hours + u32::from(edge_hours[first + offset]);
                porter.reach(to, cost.saturating_add(step), hours);
            }
        }
    }
}

impl Porter {
    fn begin(&mut self, nodes: usize) {
        self.cost.clear();
        self.cost.resize(nodes * 2, UNREACHED);
        self.hours.clear();
        self.hours.resize(nodes * 2, 0);
        self.queue.clear();
    }

    fn reach(&mut self, side: u32, cost: u32, hours: u32) {
        let slot = side as usize;
        if cost < self.cost[slot] && cost <= DEAREST {
            self.cost[slot] = cost;
            self.hours[slot] = hours;
            self.queue.push(cost, side);
        }
    }
}

/// Milliasses a tonne and days along an edge, by ship or barge.
fn by_water(
    chart: &Chart,
    courses: &[(f32, f32); 256],
    node: u32,
    edge: Edge,
) -> Option<(u32, f64)> {
    let km = f64::from(edge.length_dam) / 100.0;
    if edge.has(OPEN) {
        let km = chart.sailed_km(node, edge.to, km as f32);
        let days = open_season_days(chart, courses, node, edge, km);
        return Some((milliasses(SEA_ASSES_DAY * days), days));
    }
    // A barge plies between zones of boats that water joins, and in and out of a mouth.
    let plies = |node: u32| chart.river[node as usize];
    let joined = (plies(node) && (plies(edge.to) || chart.floats(edge.to)))
        || (plies(edge.to) && chart.floats(node));
    if !joined || !edge.has(DOWN | UP | SLACK) {
        return None;
    }
    // Where neither is known to be below the other (an arm of a delta, a mouth) it is slow both ways.
    if edge.has(DOWN) {
        Some((milliasses(RIVER_DOWN_ASSES_KM * km), km / RIVER_DOWN_KM_DAY))
    } else {
        Some((milliasses(RIVER_UP_ASSES_KM * km), km / RIVER_UP_KM_DAY))
    }
}

fn open_season_days(
    chart: &Chart,
    courses: &[(f32, f32); 256],
    node: u32,
    edge: Edge,
    km: f32,
) -> f64 {
    let months = Month::all().filter(|month| OPEN_SEASON.contains(&u8::from(*month)));
    let mut days = 0.0;
    let mut counted = 0.0;
    for month in months {
        let speed = chart.made_good_m_s(ShipType::CorbitaMaior, courses, node, edge, month);
        days += f64::from(km) * 1000.0 / f64::from(speed) / 86_400.0;
        counted += 1.0;
    }
    days / counted
}

/// Milliasses a tonne and days along an edge, by wagon.
fn by_land(chart: &Chart, node: u32, edge: Edge) -> Option<(u32, f64)> {
    if !(chart.walks(node) && chart.walks(edge.to)) {
        return None;
    }
    let km = f64::from(edge.length_dam) / 100.0 * LAND_WINDING;
    let effort = effort(chart.steepness(node, edge.to)) * f64::from(chart.roughness(edge));
    Some((milliasses(LAND_ASSES_KM * km * effort), km * effort / LAND_KM_DAY))
}

fn effort(steepness: f64) -> f64 {
    1.0 + steepness / 10.0 * LAND_SLOPE_SHARE
}

/// Freight of a tonne, milliasses.
pub(crate) fn sea_milliasses(days: f64) -> f64 {
    SEA_ASSES_DAY * days * 1000.0
}

pub(crate) fn river_milliasses(km: f64, down: bool) -> f64 {
    km * 1000.0 * if down { RIVER_DOWN_ASSES_KM } else { RIVER_UP_ASSES_KM }
}

/// By wagon, on ground of so many thousandths of slope.
pub(crate) fn land_milliasses(km: f64, steepness: f64) -> f64 {
    km * 1000.0 * LAND_ASSES_KM * effort(steepness)
}

impl Chart {
    /// Mean slope of the ground of two nodes, thousandths.
    pub(crate) fn steepness(&self, a: u32, b: u32) -> f64 {
        let slope = |node: u32| f64::from(self.slopes[node as usize]);
        f64::midpoint(slope(a), slope(b))
    }
}

fn milliasses(asses: f64) -> u32 {
    (asses * 1000.0).round().max(1.0) as u32
}

fn hours(days: f64) -> u16 {
    (days * 24.0).round().clamp(0.0, f64::from(u16::MAX)) as u16
}
