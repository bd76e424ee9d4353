//! From a list of nodes to a route that explains itself.

use crate::{
    Chart, Leg, Month, Passage, Reason, Route, Way, daylight,
    sail::COAST_RINGS,
    weather::{deviation_m_s, gale_chance},
};

const DAY_S: f64 = 86_400.0;
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

#[derive(Default)]
struct Sums {
    wind: f64,
    following: f64,
    ahead_km: f64,
    gale_days: f64,
    closed_days: f64,
    night_hours: f64,
    risk_permille: f64,
}

pub(crate) fn voyage(chart: &Chart, passage: Passage, nodes: &[u32], elapsed: &[u32]) -> Route {
    let days_at = |node: u32| f64::from(elapsed[node as usize]) / DAY_S;
    let mut sums = Sums::default();
    let mut legs: Vec<Leg> = Vec::new();
    let mut km_all = 0.0;
    for pair in nodes.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let km = f64::from(chart.sailed_km(from, to, chart.distance_km(from, to)));
        let days = days_at(to) - days_at(from);
        km_all += km;
        let day = passage.month.middle() + days_at(from);
        sums.add(chart, passage, (from, to), (km, days), day);
        extend(chart, &mut legs, (from, to), (km, days));
    }
    let days = nodes.last().map_or(0.0, |&node| days_at(node));
    Route {
        month: passage.month,
        days,
        km: km_all,
        risk_permille: (1.0 - (-sums.risk_permille / 1000.0).exp()) * 1000.0,
        zones: nodes.iter().map(|&node| chart.zones[node as usize]).collect(),
        legs,
        reasons: sums.reasons(km_all, days),
    }
}

fn on_coast(chart: &Chart, node: u32) -> bool {
    chart.rings[node as usize] <= COAST_RINGS
}

fn extend(chart: &Chart, legs: &mut Vec<Leg>, (from, to): (u32, u32), (km, days): (f64, f64)) {
    let way = if on_coast(chart, to) { Way::Coast } else { Way::OpenSea };
    let end = chart.zones[to as usize].centre();
    match legs.last_mut() {
        Some(leg) if leg.way == way => {
            leg.to = end;
            leg.km += km;
            leg.days += days;
        }
        _ => legs.push(Leg { way, from: chart.zones[from as usize].centre(), to: end, days, km }),
    }
}

impl Sums {
    fn add(
        &mut self,
        chart: &Chart,
        passage: Passage,
        (from, to): (u32, u32),
        (km, days): (f64, f64),
        day: f64,
    ) {
        let month = Month::holding(day);
        let (u, v) = chart.wind(from, to, month.index());
        let speed = f64::from(u.hypot(v));
        let (here, there) =
            (chart.zones[from as usize].centre(), chart.zones[to as usize].centre());
        let course = here.bearing_degrees(there).to_radians();
        let along = f64::from(u) * course.sin() + f64::from(v) * course.cos();
        self.wind += speed * km;
        self.following += along * km;
        if -along > speed * AHEAD_DEGREES.to_radians().cos() {
            self.ahead_km += km;
        }
        let gale = gale_chance(speed, deviation_m_s(here.latitude(), month.index()));
        self.gale_days += gale * days;
        let closed = sea_is_closed(day);
        self.closed_days += if closed { days } else { 0.0 };
        let coast = on_coast(chart, to);
        if coast && passage.ship.rig().coasting {
            self.night_hours += (24.0 - daylight::hours(here.latitude(), month)) * days;
        }
        let a_day = LOSS_PERMILLE_DAY
            + LOSS_PERMILLE_GALE * gale * 1000.0
            + if closed { LOSS_PERMILLE_CLOSED } else { 0.0 };
        self.risk_permille += a_day * days * if coast { COAST_FACTOR } else { 1.0 };
    }

    fn reasons(&self, km: f64, days: f64) -> Vec<Reason> {
        if km <= 0.0 || days <= 0.0 {
            return Vec::new();
        }
        let mut reasons =
            vec![Reason::Wind { mean_m_s: self.wind / km, following_m_s: self.following / km }];
        let share_permille = (self.ahead_km / km * 1000.0).round() as u32;
        if share_permille > 0 {
            reasons.push(Reason::Headwind { share_permille });
        }
        if self.night_hours > 0.0 {
            reasons.push(Reason::NightStops { hours: self.night_hours / days });
        }
        if self.closed_days > 0.0 {
            reasons.push(Reason::ClosedSea { days: self.closed_days });
        }
        reasons.push(Reason::Gales { permille_per_day: self.gale_days / days * 1000.0 });
        reasons
    }
}

/// 11 November to 10 March (Vegetius 4.39), by day of the year.
fn sea_is_closed(day: f64) -> bool {
    let day = day.rem_euclid(365.25);
    !(69.0..314.0).contains(&day)
}
