//! From a list of states to a route that explains itself.

use crate::{
    Chart, Leg, Mode, Month, Query, Reason, Route, Way,
    chart::{DOWN, Edge, OPEN, SLACK, UP},
    daylight,
    door::End,
    freight::{self, HANDLING},
    pace::COAST_RINGS,
    search::Search,
    sphere::{position, unit_vector},
    ways::{DAY_S, TRANSSHIPMENT_DAYS, Traveller, is_afloat, node_of},
    weather::{deviation_m_s, gale_chance},
};
use std::ops::AddAssign;
use tessera_grid::Position;

/// A current that makes a kilometre or two a day is no reason.
const DRIFT_TOLD_M_S: f64 = 0.02;
/// A wind from less than this off the bow is ahead: a square rig cannot lay the course.
const AHEAD_DEGREES: f64 = 70.0;

/// Losses of ships, thousandths a day at sea. Few wrecks are dated, so these are orders of
/// magnitude: with them one voyage in a hundred from Alexandria to Rome is lost in summer, several
/// in winter (Beresford, *The Ancient Sailing Season*, 2013; Parker 1992 for the wrecks).
const LOSS_PERMILLE_DAY: f64 = 0.3;
/// More for every thousandth of a day's hours that blow a gale.
const LOSS_PERMILLE_GALE: f64 = 0.08;
/// Fog, cloud and short days, which hide stars and marks, while the sea is closed.
const LOSS_PERMILLE_CLOSED: f64 = 0.9;
/// On a lee shore more ships are lost than in the open.
const COAST_FACTOR: f64 = 1.3;

/// A state passed, where, and how many seconds after the start.
#[derive(Clone, Copy, Debug)]
struct Station {
    state: u32,
    /// The middle of its zone where there is none.
    door: Option<Position>,
    middle: Position,
    at_s: u32,
    /// What is known of the stretch that ends here better than from the places: by which way, where both towns
    /// lie in one zone, and how far it is along a river, before its winding.
    way: Option<Way>,
    river_km: Option<f32>,
}

/// What a search found, door to door.
#[derive(Clone, Debug)]
pub(crate) struct Trip(Vec<Station>);

impl Trip {
    pub(crate) fn of(
        chart: &Chart,
        search: &Search,
        goal: u32,
        ends: Option<(&[End], &[End], &Query)>,
    ) -> Self {
        let by_river = ends.is_some_and(|(_, _, query)| query.mode == Mode::River);
        let station = |state| Station {
            state,
            door: None,
            middle: middle(chart, node_of(state), by_river),
            at_s: search.elapsed(state).unwrap_or(0),
            way: None,
            river_km: None,
        };
        let mut stations: Vec<Station> = search.states_to(goal).into_iter().map(station).collect();
        if let (true, Some((_, _, query))) = (by_river, ends) {
            return Self(between_quays(chart, stations, query));
        }
        if let (Some((_, goals, query)), Some(first), Some(last)) =
            (ends, stations.first().copied(), stations.last().copied())
        {
            let last_stretch = goals.iter().find(|end| end.door.state == goal);
            let at_s = last.at_s + last_stretch.map_or(0, |end| end.door.seconds);
            let begin = Station { door: Some(query.from), at_s: 0, ..first };
            stations.insert(0, begin);
            stations.push(Station { door: Some(query.to), at_s, ..last });
        }
        Self(stations)
    }

    /// From door to door.
    pub(crate) fn straight(from: u32, to: u32, seconds: u32, query: &Query) -> Self {
        let station = |state, at, at_s| {
            let (door, way, river_km) = (Some(at), None, None);
            Station { state, door, middle: at, at_s, way, river_km }
        };
        Self(vec![station(from, query.from, 0), station(to, query.to, seconds)])
    }

    /// Within a zone, along a river of so many kilometres.
    pub(crate) fn on_river(state: u32, way: Way, km: f32, seconds: u32, query: &Query) -> Self {
        let mut trip = Self::straight(state, state, seconds, query);
        if let Some(last) = trip.0.last_mut() {
            (last.way, last.river_km) = (Some(way), Some(km));
        }
        trip
    }
}

fn middle(chart: &Chart, node: u32, by_river: bool) -> Position {
    let centre = chart.zones[node as usize].centre();
    let course = by_river.then(|| position(chart.courses[node as usize])).flatten();
    course.unwrap_or(centre)
}

/// A town lies somewhere on its river: the first and the last stretch are as long as the river is between the
/// town and the next zone's place, at the pace of the whole stretch.
fn between_quays(chart: &Chart, mut stations: Vec<Station>, query: &Query) -> Vec<Station> {
    let last = stations.len().saturating_sub(1);
    if last == 0 {
        return stations;
    }
    let nodes: Vec<u32> = stations.iter().map(|station| node_of(station.state)).collect();
    let times: Vec<f32> = stations.iter().map(|station| station.at_s as f32).collect();
    let mut along_km = vec![0.0];
    for pair in nodes.windows(2) {
        along_km.push(along_km[along_km.len() - 1] + chart.reach_km(pair[0], pair[1]));
    }
    // What a town is farther than its zone's place, and how long that takes.
    let farther = |town: Position, home: usize, next: usize| {
        let reach_km = (along_km[next] - along_km[home]).abs();
        let km = chart.town_km(unit_vector(town), nodes[home], nodes[next]) - reach_km;
        (km, km * (times[next] - times[home]).abs() / reach_km.max(0.01))
    };
    let (begin, end) = (farther(query.from, 0, 1), farther(query.to, last, last - 1));
    let whole_km = (along_km[last] + begin.0 + end.0).max(0.0);
    let whole_s = (times[last] + begin.1 + end.1).max(0.0);
    let mut gone_km = 0.0;
    for (index, station) in stations.iter_mut().enumerate() {
        let (km, at_s) = match index {
            0 => (0.0, 0.0),
            _ if index == last => (whole_km, whole_s),
            // A town may lie beyond the next zone's place.
            _ => (
                (along_km[index] + begin.0).clamp(0.0, whole_km),
                (times[index] + begin.1).clamp(0.0, whole_s),
            ),
        };
        station.river_km = Some(km - gone_km);
        station.at_s = at_s as u32;
        gone_km = km;
    }
    stations[0].door = Some(query.from);
    stations[last].door = Some(query.to);
    stations
}

/// Of a stretch, a leg or the whole way.
#[derive(Clone, Copy, Default)]
struct Sums {
    wind: f64,
    following: f64,
    drift: f64,
    sea_km: f64,
    sea_days: f64,
    ahead_km: f64,
    gale_days: f64,
    closed_days: f64,
    night_hours: f64,
    climb_m: f64,
    country_km: f64,
    loading_days: f64,
    risk_permille: f64,
    milliasses_tonne: f64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, more: Self) {
        self.wind += more.wind;
        self.following += more.following;
        self.drift += more.drift;
        self.sea_km += more.sea_km;
        self.sea_days += more.sea_days;
        self.ahead_km += more.ahead_km;
        self.gale_days += more.gale_days;
        self.closed_days += more.closed_days;
        self.night_hours += more.night_hours;
        self.climb_m += more.climb_m;
        self.country_km += more.country_km;
        self.loading_days += more.loading_days;
        self.risk_permille += more.risk_permille;
        self.milliasses_tonne += more.milliasses_tonne;
    }
}

/// A stretch between two stations.
struct Stretch {
    way: Way,
    nodes: (u32, u32),
    ends: (Position, Position),
    /// Of a way over land: time on this ground over time on a road.
    roughness: f64,
    km: f64,
    days: f64,
    day: f64,
}

pub(crate) fn route(traveller: &Traveller<'_>, trip: &Trip) -> Route {
    let chart = traveller.chart;
    let mut whole = Sums::default();
    let mut legs: Vec<(Leg, Sums)> = Vec::new();
    let mut loading_days = 0.0;
    for pair in trip.0.windows(2) {
        if pair[0].state != pair[1].state && node_of(pair[0].state) == node_of(pair[1].state) {
            loading_days += f64::from(TRANSSHIPMENT_DAYS);
            continue;
        }
        let stretch = stretch(traveller, pair[0], pair[1]);
        let fresh = loading_days > 0.0 || legs.last().is_none_or(|(leg, _)| leg.way != stretch.way);
        if fresh {
            let (from, to) = stretch.ends;
            let leg = Leg {
                way: stretch.way,
                from,
                to,
                days: loading_days,
                km: 0.0,
                reasons: Vec::new(),
            };
            legs.push((leg, Sums { loading_days, ..Sums::default() }));
            whole.loading_days += loading_days;
            whole.milliasses_tonne += if loading_days > 0.0 { f64::from(HANDLING) } else { 0.0 };
            loading_days = 0.0;
        }
        let of_stretch = Sums::of(traveller, &stretch);
        whole += of_stretch;
        if let Some((leg, sums)) = legs.last_mut() {
            leg.to = stretch.ends.1;
            leg.km += stretch.km;
            leg.days += stretch.days;
            *sums += of_stretch;
        }
    }
    let mut zones: Vec<_> =
        trip.0.iter().map(|station| chart.zones[node_of(station.state) as usize]).collect();
    zones.dedup();
    Route {
        month: traveller.month,
        days: trip.0.last().map_or(0.0, |last| f64::from(last.at_s) / f64::from(DAY_S)),
        km: legs.iter().map(|(leg, _)| leg.km).sum(),
        risk_permille: (1.0 - (-whole.risk_permille / 1000.0).exp()) * 1000.0,
        milliasses_tonne: whole.milliasses_tonne.round() as u64,
        zones,
        reasons: whole.reasons(),
        legs: legs.into_iter().map(|(leg, sums)| Leg { reasons: sums.reasons(), ..leg }).collect(),
    }
}

fn stretch(traveller: &Traveller<'_>, from: Station, to: Station) -> Stretch {
    let chart = traveller.chart;
    let nodes = (node_of(from.state), node_of(to.state));
    let centre = |station: Station| station.door.unwrap_or(station.middle);
    let ends = (centre(from), centre(to));
    let edge = chart.edge(nodes.0, nodes.1);
    let way = to.way.unwrap_or_else(|| way(traveller, from.state, nodes, edge));
    let between_doors = from.door.is_some() || to.door.is_some();
    let on_river = matches!(way, Way::RiverUp | Way::RiverDown);
    let straight = match to.river_km {
        Some(km) => km,
        _ if between_doors => ends.0.distance_km(ends.1) as f32,
        _ if on_river => chart.reach_km(nodes.0, nodes.1),
        _ => chart.distance_km(nodes.0, nodes.1),
    };
    let km = match way {
        Way::Coast | Way::OpenSea => chart.sailed_km(nodes.0, nodes.1, straight),
        Way::RiverDown | Way::RiverUp => straight * chart.parameters.river_winding as f32,
        Way::Land => chart.walked_km(straight),
    };
    let days = f64::from(to.at_s - from.at_s) / f64::from(DAY_S);
    let (roughness, km) =
        (f64::from(edge.map_or(1.0, |edge| chart.roughness(edge))), f64::from(km));
    Stretch { way, nodes, ends, roughness, km, days, day: traveller.day(from.at_s) }
}

fn way(traveller: &Traveller<'_>, state: u32, nodes: (u32, u32), edge: Option<Edge>) -> Way {
    let chart = traveller.chart;
    if !is_afloat(state) {
        return Way::Land;
    }
    let sails =
        traveller.mode.by_sea() && edge.map_or(chart.floats(nodes.0), |edge| edge.has(OPEN));
    if sails {
        return if chart.rings[nodes.1 as usize] <= COAST_RINGS {
            Way::Coast
        } else {
            Way::OpenSea
        };
    }
    match edge {
        Some(edge) if edge.has(UP | SLACK) && !edge.has(DOWN) => Way::RiverUp,
        _ => Way::RiverDown,
    }
}

impl Sums {
    fn of(traveller: &Traveller<'_>, stretch: &Stretch) -> Self {
        let chart = traveller.chart;
        let nodes = stretch.nodes;
        let milliasses_tonne = match stretch.way {
            Way::Coast | Way::OpenSea => freight::sea_milliasses(stretch.days),
            Way::RiverDown => freight::river_milliasses(stretch.km, true),
            Way::RiverUp => freight::river_milliasses(stretch.km, false),
            Way::Land => {
                let steepness = chart.steepness(nodes.0, nodes.1);
                freight::land_milliasses(stretch.km, steepness) * stretch.roughness
            }
        };
        let sums = Self { milliasses_tonne, ..Self::default() };
        match stretch.way {
            Way::Coast | Way::OpenSea => sums.under_sail(traveller, stretch),
            Way::Land => {
                let height = |node: u32| f64::from(chart.elevations[node as usize]);
                let country_km = if stretch.roughness > 1.0 { stretch.km } else { 0.0 };
                let climb_m = (height(nodes.1) - height(nodes.0)).max(0.0);
                Self { climb_m, country_km, ..sums }
            }
            Way::RiverDown | Way::RiverUp => sums,
        }
    }

    fn under_sail(self, traveller: &Traveller<'_>, stretch: &Stretch) -> Self {
        let chart = traveller.chart;
        let month = Month::holding(stretch.day);
        let (here, there) = stretch.ends;
        let course = here.bearing_degrees(there).to_radians();
        let along = |(u, v): (f32, f32)| f64::from(u) * course.sin() + f64::from(v) * course.cos();
        let (from, to) = stretch.nodes;
        let wind = chart.wind(from, to, month.index());
        let speed = f64::from(wind.0.hypot(wind.1));
        let drift = along(chart.current(from, to, month.index()));
        let along = along(wind);
        let (km, days) = (stretch.km, stretch.days);
        let gale = gale_chance(speed, deviation_m_s(here.latitude(), month.index()));
        let closed = sea_is_closed(stretch.day);
        let coast = stretch.way == Way::Coast;
        let by_day = coast && traveller.ship.rig().coasting;
        let night_hours = || (24.0 - daylight::hours(here.latitude(), month)) * days;
        let ahead = -along > speed * AHEAD_DEGREES.to_radians().cos();
        let a_day = LOSS_PERMILLE_DAY
            + LOSS_PERMILLE_GALE * gale * 1000.0
            + if closed { LOSS_PERMILLE_CLOSED } else { 0.0 };
        Self {
            sea_km: km,
            sea_days: days,
            wind: speed * km,
            following: along * km,
            drift: drift * km,
            ahead_km: if ahead { km } else { 0.0 },
            gale_days: gale * days,
            closed_days: if closed { days } else { 0.0 },
            night_hours: if by_day { night_hours() } else { 0.0 },
            risk_permille: a_day * days * if coast { COAST_FACTOR } else { 1.0 },
            ..self
        }
    }

    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let (km, days) = (self.sea_km, self.sea_days);
        if km > 0.0 && days > 0.0 {
            reasons.push(Reason::Wind {
                mean_m_s: self.wind / km,
                following_m_s: self.following / km,
            });
            let share_permille = (self.ahead_km / km * 1000.0).round() as u32;
            if share_permille > 0 {
                reasons.push(Reason::Headwind { share_permille });
            }
            let following_m_s = self.drift / km;
            if following_m_s.abs() >= DRIFT_TOLD_M_S {
                reasons.push(Reason::Current { following_m_s });
            }
            if self.night_hours > 0.0 {
                reasons.push(Reason::NightStops { hours: self.night_hours / days });
            }
            if self.closed_days > 0.0 {
                reasons.push(Reason::ClosedSea { days: self.closed_days });
            }
            reasons.push(Reason::Gales { permille_per_day: self.gale_days / days * 1000.0 });
        }
        if self.climb_m >= 1.0 {
            reasons.push(Reason::Climb { metres: self.climb_m.round() as u32 });
        }
        if self.country_km >= 1.0 {
            reasons.push(Reason::OpenCountry { km: self.country_km });
        }
        if self.loading_days > 0.0 {
            reasons.push(Reason::Transshipment { days: self.loading_days });
        }
        reasons
    }
}

/// 11 November to 10 March (Vegetius 4.39), by day of the year.
fn sea_is_closed(day: f64) -> bool {
    let day = day.rem_euclid(365.25);
    !(69.0..314.0).contains(&day)
}
