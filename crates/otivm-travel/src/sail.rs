//! By ship: the quickest way over water, as the wind of each month lets it.
//!
//! The wind is that of the month in which the ship passes; she does not wait for another month. Time
//! is counted in seconds, so that a sum of any thousand edges is exact.

use crate::{
    Chart, Month, NoRoute, Route, ShipType,
    chart::{Edge, NOWHERE},
    daylight,
    queue::Queue,
    report,
    weather::Speeds,
};
use std::sync::Arc;
use tessera_grid::Zone;

/// Rings of zones within which a ship is on the coast: she can lie at anchor, and does by night if
/// she is a coaster.
pub(crate) const COAST_RINGS: u8 = 2;
/// Beyond so many rings (some 65 km) a coaster is out of sight of most land, and will not go if she can help it.
const COASTER_RINGS: u8 = 4;
/// How much longer a way a coaster takes rather than that.
const COASTER_AVERSION: f32 = 3.0;
/// A coast is longer than the line through the centres of its zones: capes are rounded, bays kept
/// out of. The coastal legs of ORBIS are longer than ours by this much at the median.
pub(crate) const COAST_WINDING: f32 = 1.15;
/// Rings within which it is the coast that is followed.
const COAST_FOLLOWED_RINGS: u8 = 1;
/// Slowest that any ship is in the long run, m/s: 1 km an hour, drifting and waiting.
const SLOWEST_M_S: f32 = 0.1;
const DAY_S: f32 = 86_400.0;
const UNREACHED: u32 = u32::MAX;

/// Searches a chart; keeps its scratch space between searches. One for each thread.
pub struct Navigator {
    chart: Arc<Chart>,
    /// Seconds as the search counts them, with aversion.
    cost: Vec<u32>,
    /// Seconds under way.
    elapsed: Vec<u32>,
    came_from: Vec<u32>,
    queue: Queue,
}

/// A passage asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    pub from: Zone,
    pub to: Zone,
    pub ship: ShipType,
    /// Sails on the 15th.
    pub month: Month,
}

/// Courses of 256ths of a circle as vectors east and north.
pub(crate) fn courses() -> [(f32, f32); 256] {
    std::array::from_fn(|step| {
        let angle = step as f32 / 256.0 * std::f32::consts::TAU;
        angle.sin_cos()
    })
}

struct Leaving<'a> {
    speeds: &'a Speeds,
    coasting: bool,
    start_day: f64,
    courses: [(f32, f32); 256],
}

impl Navigator {
    pub fn new(chart: Arc<Chart>) -> Self {
        Self {
            chart,
            cost: Vec::new(),
            elapsed: Vec::new(),
            came_from: Vec::new(),
            queue: Queue::default(),
        }
    }

    /// The quickest way by ship.
    pub fn sail(&mut self, passage: Passage) -> Result<Route, NoRoute> {
        let from = self.water(passage.from)?;
        let to = self.water(passage.to)?;
        self.search(from, Some(to), passage.ship, passage.month);
        if self.cost[to as usize] == UNREACHED {
            return Err(NoRoute::NoWater { from: passage.from, to: passage.to });
        }
        let nodes = self.nodes_to(to);
        Ok(report::voyage(&self.chart, passage, &nodes, &self.elapsed))
    }

    /// The same passage in every month, January first.
    pub fn months(&mut self, from: Zone, to: Zone, ship: ShipType) -> Result<[Route; 12], NoRoute> {
        let mut routes = Vec::with_capacity(12);
        for month in Month::all() {
            routes.push(self.sail(Passage { from, to, ship, month })?);
        }
        // Twelve months were pushed.
        routes.try_into().map_err(|_incomplete| NoRoute::NoWater { from, to })
    }

    /// Days from one zone to each of many; `None` where no ship gets.
    pub fn days_to(
        &mut self,
        from: Zone,
        targets: &[Zone],
        ship: ShipType,
        month: Month,
    ) -> Result<Vec<Option<f64>>, NoRoute> {
        let from = self.water(from)?;
        self.search(from, None, ship, month);
        let days = |zone: &Zone| {
            let node = self.chart.node(*zone)? as usize;
            let reached = self.cost[node] != UNREACHED;
            reached.then(|| f64::from(self.elapsed[node]) / f64::from(DAY_S))
        };
        Ok(targets.iter().map(days).collect())
    }

    fn water(&self, zone: Zone) -> Result<u32, NoRoute> {
        let node = self.chart.node(zone).ok_or(NoRoute::OffChart(zone))?;
        if self.chart.floats(node) { Ok(node) } else { Err(NoRoute::Dry(zone)) }
    }

    fn search(&mut self, from: u32, to: Option<u32>, ship: ShipType, month: Month) {
        let chart = Arc::clone(&self.chart);
        let speeds = chart.speeds(ship);
        let leaving = Leaving {
            speeds,
            coasting: ship.rig().coasting,
            start_day: month.middle(),
            courses: courses(),
        };
        self.reset();
        self.reach(from, 0, 0, NOWHERE);
        self.queue.push(0, from);
        let nearest = |node: u32| match to {
            // Never more than what is left: the straight line at the greatest speed.
            Some(to) => {
                let metres = chart.distance_km(node, to) * 995.0;
                (metres / speeds.fastest_m_s) as u32
            }
            None => 0,
        };
        while let Some((key, node)) = self.queue.pop() {
            let cost = self.cost[node as usize];
            if Some(node) == to {
                return;
            }
            if key > cost.saturating_add(nearest(node)) {
                continue;
            }
            let elapsed = self.elapsed[node as usize];
            let day = leaving.start_day + f64::from(elapsed) / f64::from(DAY_S);
            for edge in chart.edges_of(node).iter().filter(|edge| edge.open) {
                let seconds = leaving.seconds(&chart, node, *edge, day);
                let averse = leaving.aversion(&chart, edge.to);
                let next = cost.saturating_add((seconds * averse) as u32);
                if next < self.cost[edge.to as usize] {
                    let key = next.saturating_add(nearest(edge.to));
                    let slot = edge.to as usize;
                    self.cost[slot] = next;
                    self.elapsed[slot] = elapsed.saturating_add(seconds as u32);
                    self.came_from[slot] = node;
                    self.queue.push(key, edge.to);
                }
            }
        }
    }

    fn reset(&mut self) {
        let nodes = self.chart.len();
        self.cost.clear();
        self.cost.resize(nodes, UNREACHED);
        self.elapsed.clear();
        self.elapsed.resize(nodes, UNREACHED);
        self.came_from.clear();
        self.came_from.resize(nodes, NOWHERE);
        self.queue.clear();
    }

    fn reach(&mut self, node: u32, cost: u32, elapsed: u32, came_from: u32) {
        let slot = node as usize;
        self.cost[slot] = cost;
        self.elapsed[slot] = elapsed;
        self.came_from[slot] = came_from;
    }

    fn nodes_to(&self, to: u32) -> Vec<u32> {
        let mut nodes = vec![to];
        let mut node = to;
        while self.came_from[node as usize] != NOWHERE {
            node = self.came_from[node as usize];
            nodes.push(node);
        }
        nodes.reverse();
        nodes
    }
}

/// What a ship makes good along an edge in a month's winds.
pub(crate) fn made_good_m_s(
    chart: &Chart,
    speeds: &Speeds,
    courses: &[(f32, f32); 256],
    from: u32,
    edge: Edge,
    month: Month,
) -> f32 {
    let (u, v) = chart.wind(from, edge.to, month.index());
    let (east, north) = courses[usize::from(edge.bearing)];
    let along = u * east + v * north;
    let across = u * north - v * east;
    let latitude = chart.latitudes[from as usize];
    speeds.made_good(latitude, month.index(), along, across).max(SLOWEST_M_S)
}

impl Leaving<'_> {
    /// Along one edge on a day of the year.
    fn seconds(&self, chart: &Chart, from: u32, edge: Edge, day: f64) -> f32 {
        let month = Month::holding(day);
        let speed = made_good_m_s(chart, self.speeds, &self.courses, from, edge, month);
        let latitude = chart.latitudes[from as usize];
        let metres = chart.sailed_km(from, edge.to, f32::from(edge.length_dam) / 100.0) * 1000.0;
        let under_way = metres / speed;
        if self.coasting && chart.rings[edge.to as usize] <= COAST_RINGS {
            under_way / daylight::share(latitude, month) as f32
        } else {
            under_way
        }
    }

    fn aversion(&self, chart: &Chart, node: u32) -> f32 {
        let far = self.coasting && chart.rings[node as usize] > COASTER_RINGS;
        if far { COASTER_AVERSION } else { 1.0 }
    }
}

impl Chart {
    /// What is sailed for a straight length between two zones.
    pub(crate) fn sailed_km(&self, a: u32, b: u32, km: f32) -> f32 {
        let along_shore = self.rings[a as usize].max(self.rings[b as usize]);
        if along_shore <= COAST_FOLLOWED_RINGS { km * COAST_WINDING } else { km }
    }
}
