//! A voyage as it would be: days, way, bill and risk, and the same in every month.

use super::{
    PlayError,
    look::reason_view,
    view::{days, degrees},
};
use crate::{players::Desk, world::Scene};
use otivm_api::{Leg, LoanOffer, MonthPlan, Plan, Reason};
use otivm_rules::{
    At, PlaceId, State, VoyagePlan,
    calendar::Date,
    command::{duration_us, risk_permille},
    decide::{loan_offer, voyage_costs},
    parameters::ParameterId,
    refusal::Refusal,
};
use otivm_travel::{Month, Route, ShipType};
use tessera_grid::Position;
use tessera_world::Place;

/// A voyage that could begin now: from here to there, by the ship that lies here.
pub(super) struct Prospect<'a> {
    from: &'a Place,
    to: &'a Place,
    ends: (PlaceId, PlaceId),
    ship: ShipType,
    month: Month,
}

impl<'a> Prospect<'a> {
    pub(super) fn of(
        state: &State,
        scene: &'a Scene,
        at: At,
        to: &PlaceId,
    ) -> Result<Self, PlayError> {
        if let Some(voyage) = state.voyage() {
            return Err(Refusal::AtSea { to: voyage.to.clone() }.into());
        }
        let here = state.place().ok_or(Refusal::NotEnrolled)?;
        if here == to {
            return Err(Refusal::AlreadyThere(to.clone()).into());
        }
        let place =
            |id: &PlaceId| scene.place(id).ok_or_else(|| PlayError::PlaceUnknown(id.to_string()));
        let ship = state.ship.as_ref().ok_or(Refusal::NoShip)?.ship;
        let month = month(Date::of(state.world_time(at)).month)?;
        Ok(Self {
            from: place(here)?,
            to: place(to)?,
            ends: (here.clone(), to.clone()),
            ship,
            month,
        })
    }

    /// In the month that it is now.
    pub(super) fn voyage(&self, scene: &Scene) -> Result<VoyagePlan, PlayError> {
        let (from, to) = &self.ends;
        let route = scene.release.passages.route(from, to, self.ship, self.month)?;
        self.along(&route)
    }

    fn along(&self, route: &Route) -> Result<VoyagePlan, PlayError> {
        VoyagePlan::from_route(self.from, self.to, self.ship, route)
            .map_err(|error| PlayError::PlaceUnknown(error.to_string()))
    }
}

pub(crate) fn plan(
    desk: &mut Desk,
    scene: &Scene,
    now: At,
    to: &PlaceId,
    wanted: Option<u8>,
) -> Result<Plan, PlayError> {
    let at = desk.present(now)?;
    let state = desk.life()?.state();
    let prospect = Prospect::of(state, scene, at, to)?;
    let month = wanted.map_or(Ok(prospect.month), month)?;
    let (from, to) = &prospect.ends;
    let year = scene.release.passages.year(from, to, prospect.ship)?;
    let route = &year[month.index()];
    let voyage = prospect.along(route)?;
    let costs = voyage_costs(state, &scene.rules, &voyage);
    Ok(Plan {
        from: from.to_string(),
        to: to.to_string(),
        month: month.into(),
        days: days(voyage.duration_us),
        waiting_days: days(costs.waiting_us),
        km: (route.km * 10.0).round() / 10.0,
        path: degrees(&voyage.path),
        dues_asses: costs.dues_asses,
        wages_asses: costs.wages_asses,
        upkeep_asses: costs.upkeep_asses,
        hire_asses: costs.hire_asses,
        total_asses: costs.total_asses(),
        risk_permille: voyage.risk_permille,
        loan: loan(state, scene, from, &prospect.along(&year[prospect.month.index()])?, at),
        legs: legs(route),
        reasons: reasons(state, scene, &prospect.ends, route),
        months: Month::all().zip(year.iter()).map(month_plan).collect(),
    })
}

/// Whatever month the rest of the plan is for: nobody lends for a voyage of another month.
fn loan(
    state: &State,
    scene: &Scene,
    from: &PlaceId,
    voyage: &VoyagePlan,
    at: At,
) -> Option<LoanOffer> {
    let rank = i64::from(scene.rules.town(from)?.rank);
    if state.loan.is_some() || rank > state.parameters.get(ParameterId::LenderRank) {
        return None;
    }
    let offer = loan_offer(state, voyage, at);
    let (most_asses, premium_permille) = (offer.most_asses, offer.premium_permille);
    (most_asses > 0).then_some(LoanOffer { most_asses, premium_permille })
}

fn month(raw: u8) -> Result<Month, PlayError> {
    Month::try_from(raw).map_err(|_refused| PlayError::Month(raw))
}

fn legs(route: &Route) -> Vec<Leg> {
    let point = |position: Position| [position.longitude(), position.latitude()];
    let leg = |leg: &otivm_travel::Leg| Leg {
        way: leg.way.as_str().to_owned(),
        from: point(leg.from),
        to: point(leg.to),
        days: leg.days,
        km: leg.km,
    };
    route.legs.iter().map(leg).collect()
}

fn reasons(
    state: &State,
    scene: &Scene,
    (from, to): &(PlaceId, PlaceId),
    route: &Route,
) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = route.reasons.iter().filter_map(reason_view).collect();
    let permille = scene.rules.saturation_permille(from, to);
    if permille != 1000 {
        let wait_us = scene.rules.berth_wait_us(&state.parameters, from, to);
        let figures = [("permille", permille as f64), ("days", days(wait_us))];
        let figures = figures.map(|(name, figure)| (name.to_owned(), figure)).into();
        reasons.push(Reason { code: "saturation".to_owned(), figures });
    }
    reasons
}

fn month_plan((month, route): (Month, &Route)) -> MonthPlan {
    MonthPlan {
        month: month.into(),
        days: Some(days(duration_us(route))),
        risk_permille: Some(risk_permille(route)),
    }
}
