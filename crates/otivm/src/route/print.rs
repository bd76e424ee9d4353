//! Answers as people and programs read them.

use super::{RouteError, RouteOptions, gazetteer::Spot};
use otivm_travel::{Leg, Reason, Route};
use serde::Serialize;
use std::io::Write;
use tessera_grid::Position;

/// Freight is stated for a tonne.
const LOAD_KG: u32 = 1000;

#[derive(Serialize)]
struct SpotView<'a> {
    name: &'a str,
    lat: f64,
    lon: f64,
}

#[derive(Serialize)]
struct LegView<'a> {
    mode: &'static str,
    /// Latitude, longitude.
    from: [f64; 2],
    to: [f64; 2],
    km: f64,
    days: f64,
    reasons: &'a [Reason],
}

/// The figures that every answer has.
#[derive(Serialize)]
pub(super) struct Figures {
    pub(super) days: f64,
    pub(super) km: f64,
    /// Of a tonne, for hire.
    pub(super) cost_asses: f64,
    /// Chance to lose the ship, 0 to 1.
    pub(super) risk: f64,
}

#[derive(Serialize)]
struct RouteView<'a> {
    month: u8,
    #[serde(flatten)]
    figures: Figures,
    legs: Vec<LegView<'a>>,
    reasons: &'a [Reason],
}

#[derive(Serialize)]
struct Answer<'a, T: Serialize> {
    from: SpotView<'a>,
    to: SpotView<'a>,
    mode: &'static str,
    ship: &'static str,
    gait: &'static str,
    load_kg: u32,
    #[serde(flatten)]
    rest: T,
}

#[derive(Serialize)]
struct YearView<'a> {
    months: Vec<RouteView<'a>>,
}

pub(super) fn figures(route: &Route) -> Figures {
    Figures {
        days: rounded(route.days, 1000.0),
        km: rounded(route.km, 10.0),
        cost_asses: rounded(route.milliasses_tonne as f64 / 1000.0, 10.0),
        risk: rounded(route.risk_permille / 1000.0, 100_000.0),
    }
}

pub(super) fn one(
    ends: (&Spot, &Spot),
    options: &RouteOptions,
    route: &Route,
) -> Result<(), RouteError> {
    if options.json {
        return json(ends, options, route_view(route));
    }
    let mut out = std::io::stdout().lock();
    heading(&mut out, ends, options)?;
    let figures = figures(route);
    writeln!(
        out,
        "{:.1} days, {:.0} km, {:.0} asses a tonne, risk {:.2} %\n",
        figures.days,
        figures.km,
        figures.cost_asses,
        figures.risk * 100.0
    )?;
    for leg in &route.legs {
        writeln!(
            out,
            "{:<10} {:>8.1} km {:>7.2} d   {} -> {}",
            leg.way.as_str(),
            leg.km,
            leg.days,
            place(leg.from),
            place(leg.to)
        )?;
        for reason in &leg.reasons {
            writeln!(out, "{:>12} {}", "", sentence(*reason))?;
        }
    }
    Ok(())
}

pub(super) fn year(
    ends: (&Spot, &Spot),
    options: &RouteOptions,
    year: &[Route],
) -> Result<(), RouteError> {
    if options.json {
        let months = year.iter().map(route_view).collect();
        return json(ends, options, YearView { months });
    }
    let mut out = std::io::stdout().lock();
    heading(&mut out, ends, options)?;
    writeln!(
        out,
        "{:>5} {:>8} {:>8} {:>14} {:>8}",
        "month", "days", "km", "asses a tonne", "risk %"
    )?;
    for route in year {
        let month = u8::from(route.month);
        let Figures { days, km, cost_asses, risk } = figures(route);
        let risk = risk * 100.0;
        writeln!(out, "{month:>5} {days:>8.1} {km:>8.0} {cost_asses:>14.0} {risk:>8.2}")?;
    }
    Ok(())
}

fn json(
    (from, to): (&Spot, &Spot),
    options: &RouteOptions,
    rest: impl Serialize,
) -> Result<(), RouteError> {
    let spot = |spot: &Spot| (spot.position.latitude(), spot.position.longitude());
    let view = |name, (lat, lon)| SpotView { name, lat, lon };
    let answer = Answer {
        from: view(&from.name, spot(from)),
        to: view(&to.name, spot(to)),
        mode: options.mode.as_str(),
        ship: options.ship.as_str(),
        gait: options.gait.as_str(),
        load_kg: LOAD_KG,
        rest,
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answer)?;
    Ok(writeln!(out)?)
}

fn route_view(route: &Route) -> RouteView<'_> {
    RouteView {
        month: route.month.into(),
        figures: figures(route),
        legs: route.legs.iter().map(leg_view).collect(),
        reasons: &route.reasons,
    }
}

fn leg_view(leg: &Leg) -> LegView<'_> {
    let point = |at: Position| [rounded(at.latitude(), 1e4), rounded(at.longitude(), 1e4)];
    LegView {
        mode: leg.way.as_str(),
        from: point(leg.from),
        to: point(leg.to),
        km: rounded(leg.km, 10.0),
        days: rounded(leg.days, 1000.0),
        reasons: &leg.reasons,
    }
}

fn heading(
    out: &mut impl Write,
    ends: (&Spot, &Spot),
    options: &RouteOptions,
) -> std::io::Result<()> {
    let (from, to) = (&ends.0.name, &ends.1.name);
    let (mode, ship, gait) = (options.mode.as_str(), options.ship.as_str(), options.gait.as_str());
    writeln!(out, "{from} to {to}, by {mode} ({ship}, {gait})")
}

fn sentence(reason: Reason) -> String {
    match reason {
        Reason::Wind { mean_m_s, following_m_s } => {
            format!("wind {mean_m_s:.1} m/s in the mean, {following_m_s:+.1} m/s from astern")
        }
        Reason::Headwind { share_permille } => {
            format!("foul wind on {:.0} % of the way", f64::from(share_permille) / 10.0)
        }
        Reason::Current { following_m_s } => {
            format!("current {following_m_s:+.2} m/s from astern")
        }
        Reason::NightStops { hours } => format!("at anchor {hours:.1} hours a day"),
        Reason::ClosedSea { days } => format!("{days:.1} days while the sea is closed"),
        Reason::Gales { permille_per_day } => {
            format!("gale on {:.1} % of the days", permille_per_day / 10.0)
        }
        Reason::Climb { metres } => format!("{metres} m to climb"),
        Reason::OpenCountry { km } => format!("{km:.0} km off the roads"),
        Reason::Transshipment { days } => {
            format!("{days:.1} days to change between land and water")
        }
    }
}

fn place(at: Position) -> String {
    format!("{:.2},{:.2}", at.latitude(), at.longitude())
}

fn rounded(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}
