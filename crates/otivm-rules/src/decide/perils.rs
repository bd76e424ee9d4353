//! What will befall a voyage, drawn from its sealed chance by the risk of its route in its month.

use super::sea_is_closed;
use crate::{
    chance::Chance,
    command::VoyagePlan,
    fact::{AMOUNT_MAX, Cause, Peril, PerilKind},
    parameters::ParameterId,
    state::State,
    time::At,
};

/// However dangerous the route, one voyage in ten meets none of a kind; millionths.
pub(crate) const ODDS_MOST: i64 = 900_000;
/// A storm beyond this severity costs cargo; thousandths.
pub(crate) const LIGHTENED_BEYOND: i64 = 500;
/// What a hulk adds to the risk of a route, a less worn ship in proportion; thousandths.
pub(crate) const WORN_RISK_PERMILLE: i64 = 1000;
/// Part of the way after which something befalls, at least and at most; thousandths.
pub(crate) const BEFALLS_AFTER: [i64; 2] = [100, 900];

/// In the order in which they will happen, at most one of each kind.
pub(super) fn draw(
    state: &State,
    plan: &VoyagePlan,
    now: At,
    duration_us: i64,
    chance: Chance,
) -> Vec<Peril> {
    let drawn = Drawn { state, risk_ppm: risk_ppm(state, plan), duration_us, chance };
    let gale = if sea_is_closed(state.world_time(now)) { Cause::WinterGale } else { Cause::Gale };
    let mut perils = Vec::new();
    if drawn.befalls("delay", ParameterId::CalmOdds) {
        let most = state.parameters.get(ParameterId::CalmDelay);
        perils.push(drawn.peril("delay", PerilKind::Delay, Cause::Calm, most));
    }
    if drawn.befalls("storm", ParameterId::StormOdds) {
        let most = state.parameters.get(ParameterId::StormDelay);
        let storm = drawn.peril("storm", PerilKind::Storm, gale, most);
        let beyond = storm.severity_permille - LIGHTENED_BEYOND;
        let lightened = Peril {
            kind: PerilKind::Jettison,
            cause: Cause::LadenShip,
            delay_us: 0,
            severity_permille: (beyond * 1000 / (1000 - LIGHTENED_BEYOND)).clamp(0, 1000),
            ..storm
        };
        perils.push(storm);
        if beyond > 0 {
            perils.push(lightened);
        }
    }
    if drawn.befalls("piracy", ParameterId::PiracyOdds) {
        perils.push(drawn.peril("piracy", PerilKind::Piracy, Cause::Pirates, 0));
    }
    if let Some(cause) = drawn.wreck(plan, gale) {
        let most = state.parameters.get(ParameterId::WreckDelay);
        perils.push(drawn.peril("wreck", PerilKind::Wreck, cause, most));
    }
    // Stable: cargo goes overboard after the storm of its own hour has begun.
    perils.sort_by_key(|peril| peril.after_us);
    if let Some(wreck) = perils.iter().position(|peril| peril.kind == PerilKind::Wreck) {
        // Nothing befalls a ship that is lost.
        perils.truncate(wreck + 1);
    }
    perils
}

/// The route's risk, up to doubled by a worn ship; millionths.
pub(super) fn risk_ppm(state: &State, plan: &VoyagePlan) -> i64 {
    let wear_permille = state.ship.as_ref().map_or(0, |ship| ship.wear_ppm / 1000).clamp(0, 1000);
    sound_risk_ppm(plan) * (1000 + WORN_RISK_PERMILLE * wear_permille / 1000) / 1000
}

fn sound_risk_ppm(plan: &VoyagePlan) -> i64 {
    plan.risk_permille.clamp(0, 1000) * 1000
}

struct Drawn<'a> {
    state: &'a State,
    risk_ppm: i64,
    duration_us: i64,
    chance: Chance,
}

impl Drawn<'_> {
    fn befalls(&self, what: &str, odds: ParameterId) -> bool {
        self.below(&format!("{what}/befalls"), 1_000_000) < self.odds(self.risk_ppm, odds)
    }

    /// Why she is lost, if she is.
    fn wreck(&self, plan: &VoyagePlan, gale: Cause) -> Option<Cause> {
        let odds = |risk_ppm| self.odds(risk_ppm, ParameterId::WreckOdds);
        let drawn = self.below("wreck/befalls", 1_000_000);
        let cause = if drawn < odds(sound_risk_ppm(plan)) { gale } else { Cause::WornShip };
        (drawn < odds(self.risk_ppm)).then_some(cause)
    }

    fn odds(&self, risk_ppm: i64, of_the_risk: ParameterId) -> i64 {
        (risk_ppm * self.state.parameters.get(of_the_risk) / 1000).clamp(0, ODDS_MOST)
    }

    fn peril(&self, what: &str, kind: PerilKind, cause: Cause, delay_most: i64) -> Peril {
        let severity_permille = 1 + self.below(&format!("{what}/severity"), 1000);
        let [least, most] = BEFALLS_AFTER;
        let hours = (most - least).unsigned_abs() + 1;
        let after_permille = least + self.below(&format!("{what}/after"), hours);
        Peril {
            kind,
            cause,
            after_us: self.share(after_permille * 1000),
            delay_us: self.share(delay_most * severity_permille),
            severity_permille,
        }
    }

    fn below(&self, question: &str, bound: u64) -> i64 {
        self.chance.draw(question, bound).cast_signed()
    }

    /// Of the duration, millionths.
    fn share(&self, ppm: i64) -> i64 {
        let share = i128::from(self.duration_us) * i128::from(ppm) / 1_000_000;
        i64::try_from(share).unwrap_or(AMOUNT_MAX).clamp(0, AMOUNT_MAX)
    }
}
