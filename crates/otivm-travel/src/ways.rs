//! The ground of a search: a node has two sides, afloat and ashore, and edges on each.

use crate::{
    Chart, Gait, Mode, Month, ShipType,
    chart::{DOWN, DRY, EDGES, Edge, NOWHERE, OPEN, ROAD, SLACK, UP},
    pace::{COAST_RINGS, Calendar, Pace, courses},
    search::{Door, Ground},
    sphere::chord_km,
    survey::Outlook,
};

pub(crate) const DAY_S: f32 = 86_400.0;
/// Rings beyond which a coaster is out of sight of most land (some 50 km).
const OFFING_RINGS: u8 = COAST_RINGS + 1;
/// A day to find a ship or a carter, and to load.
pub(crate) const TRANSSHIPMENT_DAYS: f32 = 1.0;
/// Across country where the chart knows roads and there is none (Soule and Goldman 1972: brush, ploughed land).
const OFF_ROAD: f32 = 1.5;
/// How much longer a way by a known stream a boatman takes than across slack water from one zone to another, of
/// which the map does not say how they are joined; and than by water where only small boats ply.
const SLACK_AVERSION: f32 = 10.0;
const SMALL_AVERSION: f32 = 1.2;
/// Wind in which a river boat begins to sail against the stream, and from which she does so all day, m/s: a
/// gentle breeze and a moderate one (Beaufort 3 and 4); below them she is towed.
const SAILING_FROM_M_S: f32 = 3.0;
const SAILING_ALL_DAY_M_S: f32 = 4.5;
/// Cosines of the angle between her course and where the wind blows to: up to 70 degrees (a broad reach) a
/// square sail draws in full, beyond 100 (close-hauled) not at all.
const SAIL_DRAWS: f32 = 0.34;
const SAIL_SHAKES: f32 = -0.17;

/// The side of a node on which one is.
pub(crate) const fn state(node: u32, afloat: bool) -> u32 {
    node * 2 + afloat as u32
}

pub(crate) const fn node_of(state: u32) -> u32 {
    state / 2
}

pub(crate) const fn is_afloat(state: u32) -> bool {
    state % 2 == 1
}

/// How someone travels, and when.
pub(crate) struct Traveller<'a> {
    pub(crate) chart: &'a Chart,
    pub(crate) mode: Mode,
    pub(crate) ship: ShipType,
    pub(crate) gait: Gait,
    /// Leaves in its middle.
    pub(crate) month: Month,
    pub(crate) calendar: Calendar,
    /// Where the way ends, as far as it is one place, and kilometres of play about it.
    pub(crate) target: Option<([f32; 3], f32)>,
    /// What landmarks say of the way that is left, by sea alone.
    pub(crate) outlook: Option<Outlook<'a>>,
    /// Nobody is faster in this mode, metres a second.
    fastest_m_s: f32,
    coasting: bool,
    courses: [(f32, f32); 256],
}

impl<'a> Traveller<'a> {
    pub(crate) fn new(
        chart: &'a Chart,
        mode: Mode,
        ship: ShipType,
        gait: Gait,
        month: Month,
    ) -> Self {
        let parameters = &chart.parameters;
        let metres_a_second = |km_day: f64| (km_day * 1000.0 / f64::from(DAY_S)) as f32;
        let mut fastest_m_s = 0.0_f32;
        if mode.by_sea() {
            fastest_m_s = fastest_m_s.max(chart.fastest_m_s(ship));
        }
        if mode.by_river() {
            let down = parameters.river_down_km_day + parameters.river_night_km_day;
            let most = down.max(parameters.river_sail_km_day);
            fastest_m_s = fastest_m_s.max(metres_a_second(most));
        }
        if mode.by_land() {
            fastest_m_s = fastest_m_s.max(metres_a_second(gait.km_day()));
        }
        // The winding that lengthens a way may be fitted below 1.
        let shortest = parameters
            .coast_winding
            .min(parameters.sea_winding)
            .min(parameters.river_winding)
            .min(parameters.road_winding)
            .min(1.0);
        let fastest_m_s = fastest_m_s / shortest as f32;
        let coasting = mode == Mode::Coast || ship.rig().coasting;
        let courses = courses();
        Self {
            chart,
            mode,
            ship,
            gait,
            month,
            calendar: Calendar::from(month.middle()),
            target: None,
            outlook: None,
            fastest_m_s,
            coasting,
            courses,
        }
    }

    /// Whether there may be a way at all, as far as the chart knows without a search.
    pub(crate) fn may_reach(&self, starts: &[Door], goals: &[Door]) -> bool {
        let parts = match self.mode {
            Mode::Sea | Mode::Coast => &self.chart.seas,
            Mode::Road => &self.chart.lands,
            Mode::River | Mode::Any => return true,
        };
        let part = |door: &Door| parts[node_of(door.state) as usize];
        starts.iter().any(|start| goals.iter().any(|goal| part(start) == part(goal)))
    }

    /// Looks ahead to the goals, where the chart has been surveyed for such ways.
    pub(crate) fn look_ahead(&mut self, goals: &[Door]) {
        let survey = self.chart.surveys.known(self);
        let nodes = goals.iter().map(|goal| node_of(goal.state));
        self.outlook = survey.map(|survey| survey.outlook(nodes));
    }

    /// Of her ship, so many seconds after the start.
    pub(crate) fn pace(&self, elapsed_s: u32) -> Pace<'_> {
        self.chart.pace(self.ship, &self.calendar, self.month.middle(), elapsed_s)
    }

    pub(crate) fn day(&self, elapsed_s: u32) -> f64 {
        self.month.middle() + f64::from(elapsed_s) / f64::from(DAY_S)
    }

    /// Days along an edge of dry land, which is at a slot of a node.
    pub(crate) fn land_days(&self, node: u32, slot: usize) -> f32 {
        self.chart.level_km()[node as usize * EDGES + slot] / self.gait.km_day() as f32
    }

    /// Days for a length of slack water.
    pub(crate) fn slack_days(&self, km: f32) -> f32 {
        let parameters = &self.chart.parameters;
        let mean = f64::midpoint(parameters.river_down_km_day, parameters.river_up_km_day);
        km * (parameters.river_winding / mean) as f32
    }

    /// Days along an edge that boats ply, in the winds of a month, and how a boatman counts them.
    pub(crate) fn boat_step(&self, node: u32, edge: Edge, month: Month) -> Option<(f32, f32)> {
        let plies = |node: u32| self.chart.river[node as usize];
        if !edge.has(DOWN | UP | SLACK) {
            return None;
        }
        let small = !plies(node) || !plies(edge.to);
        let weight = match (edge.has(SLACK), small) {
            (_, true) if self.mode == Mode::Any => return None,
            (true, _) => SLACK_AVERSION,
            (false, true) => SMALL_AVERSION,
            (false, false) => 1.0,
        };
        Some((self.river_days(node, edge, month), weight))
    }

    /// Days along an edge of a river.
    pub(crate) fn river_days(&self, node: u32, edge: Edge, month: Month) -> f32 {
        let parameters = &self.chart.parameters;
        let km = self.chart.reach_km(node, edge.to) * parameters.river_winding as f32;
        // Of slack water nobody says where it runs: to the sea, in a delta and at a mouth.
        let inland = |node: u32| self.chart.inland[node as usize];
        let (here, there) = (inland(node), inland(edge.to));
        if edge.has(DOWN) || edge.has(SLACK) && there < here {
            let night =
                if self.chart.desert[node as usize] { parameters.river_night_km_day } else { 0.0 };
            return km / (parameters.river_down_km_day + night) as f32;
        }
        if edge.has(SLACK) && there == here {
            return self.slack_days(self.chart.reach_km(node, edge.to));
        }
        let (u, v) = self.chart.wind(node, edge.to, month.index());
        let reach = self.chart.rivers.reach(node, edge.to);
        let course = reach.map_or(self.courses[usize::from(edge.bearing)], |reach| reach.course);
        let towed = parameters.river_up_km_day as f32;
        km / (towed + sailing((u, v), course) * (parameters.river_sail_km_day as f32 - towed))
    }

    /// How much longer a step seems than it is.
    pub(crate) fn weight(&self, node: u32) -> f32 {
        let far = self.coasting && self.chart.rings[node as usize] > OFFING_RINGS;
        if far { self.chart.parameters.offing_aversion as f32 } else { 1.0 }
    }

    /// Whether one may go from water to land or back in a node.
    fn has_quay(&self, node: u32) -> bool {
        let chart = self.chart;
        chart.walks(node) && (chart.floats(node) || chart.river[node as usize])
    }
}

/// The share of a day that a river boat sails against the stream.
fn sailing((u, v): (f32, f32), (east, north): (f32, f32)) -> f32 {
    let wind = u.hypot(v);
    let astern = (u * east + v * north) / wind.max(f32::MIN_POSITIVE);
    let drawing = ((astern - SAIL_SHAKES) / (SAIL_DRAWS - SAIL_SHAKES)).clamp(0.0, 1.0);
    let breeze = (wind - SAILING_FROM_M_S) / (SAILING_ALL_DAY_M_S - SAILING_FROM_M_S);
    (drawing * breeze).clamp(0.0, 1.0)
}

impl Ground for Traveller<'_> {
    fn states(&self) -> usize {
        self.chart.len() * 2
    }

    fn steps(&self, from: u32, elapsed_s: u32, each: &mut impl FnMut(u32, f32, f32)) {
        let (node, afloat) = (node_of(from), is_afloat(from));
        let edges = self.chart.edges_of(node);
        if self.mode == Mode::Any && self.has_quay(node) {
            each(state(node, !afloat), TRANSSHIPMENT_DAYS * DAY_S, 1.0);
        }
        if !afloat {
            for (slot, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.has(DRY)) {
                each(state(edge.to, false), self.land_days(node, slot) * DAY_S, 1.0);
            }
            return;
        }
        if self.mode.by_sea() && self.chart.floats(node) {
            let pace = self.pace(elapsed_s);
            for (slot, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.has(OPEN)) {
                each(state(edge.to, true), pace.seconds(node, slot), self.weight(edge.to));
            }
        }
        if self.mode.by_river() {
            let month = Month::holding(self.day(elapsed_s));
            for edge in edges {
                if let Some((days, weight)) = self.boat_step(node, *edge, month) {
                    each(state(edge.to, true), days * DAY_S, weight);
                }
            }
        }
    }

    fn at_least(&self, state: u32) -> u32 {
        if let Some(outlook) = &self.outlook {
            return outlook.at_least(node_of(state));
        }
        let Some((target, play_km)) = self.target else { return 0 };
        let km = chord_km(self.chart.points[node_of(state) as usize], target) - play_km;
        (km.max(0.0) * 995.0 / self.fastest_m_s) as u32
    }

    fn foreseen_s(&self) -> u32 {
        self.outlook.as_ref().map_or(u32::MAX, |outlook| outlook.until_s)
    }
}

impl Chart {
    pub(crate) fn walked_km(&self, km: f32) -> f32 {
        km * self.parameters.road_winding as f32
    }

    /// Time on the ground between two nodes over time on the level (Tobler 1993: e^(-3.5 |slope + 0.05|), the mean of both directions).
    pub(crate) fn effort(&self, a: u32, b: u32) -> f32 {
        let slope = |node: u32| f32::from(self.slopes[node as usize]) / 1000.0;
        let grade = f32::midpoint(slope(a), slope(b)) * self.parameters.road_grade as f32;
        (3.5 * grade).exp()
    }

    /// Time along an edge of dry land over time on a road.
    pub(crate) fn roughness(&self, edge: Edge) -> f32 {
        if self.has_roads && !edge.has(ROAD) { OFF_ROAD } else { 1.0 }
    }

    /// Of each edge as many kilometres of level road as take as long to walk.
    pub(crate) fn level_km(&self) -> &[f32] {
        self.level_km.get_or_init(|| {
            let edges = self.edges.iter().enumerate();
            let level_km = edges.map(|(index, edge)| {
                if !edge.has(DRY) {
                    return f32::INFINITY;
                }
                let effort = self.effort((index / EDGES) as u32, edge.to);
                self.walked_km(edge.km()) * effort * self.roughness(*edge)
            });
            level_km.collect()
        })
    }

    pub(crate) fn fastest_m_s(&self, ship: ShipType) -> f32 {
        self.speeds(ship).fastest_m_s + self.swiftest_m_s
    }

    /// The edge from one node to another.
    pub(crate) fn edge(&self, from: u32, to: u32) -> Option<Edge> {
        self.edges_of(from).iter().copied().find(|edge| edge.to == to && to != NOWHERE)
    }
}
