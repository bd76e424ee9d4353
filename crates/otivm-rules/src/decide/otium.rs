//! Leisure: begun where one is, paid for and rewarded when it ends.

use super::{ashore, in_business, town};
use crate::{
    fact::{AMOUNT_MAX, Fact, OtiumBegin, OtiumEnd, ceil_div, narrow},
    parameters::ParameterId,
    refusal::Refusal,
    state::State,
    time::{At, DAY_US},
    world::{World, rank_permille},
};

pub(super) fn begin(state: &State, world: &World) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let quality_permille = town(world, place)?.otium_quality_permille.clamp(0, AMOUNT_MAX);
    Ok(vec![Fact::OtiumBegin(OtiumBegin { place: place.clone(), quality_permille })])
}

/// A purse that runs out ends the reward with the expense: leisure is kept up by business.
pub(super) fn end(state: &State, world: &World, now: At) -> Result<Vec<Fact>, Refusal> {
    ashore(state)?;
    let otium = state.otium.as_ref().ok_or(Refusal::NotInOtium)?;
    let clock = state.parameters.clock();
    let spent = clock.world_time(now).0.saturating_sub(clock.world_time(otium.since).0);
    let days_us = spent.clamp(0, AMOUNT_MAX);
    // A place that a later release has lost is kept at the ordinary rate.
    let rank = world.town(&otium.place).map_or(3, |town| town.rank);
    let a_day = i128::from(state.parameters.get(ParameterId::OtiumCost))
        * i128::from(rank_permille(rank))
        / 1000;
    // An as that has begun is owed: a moment's leisure is not free.
    let cost =
        ceil_div(a_day * i128::from(days_us), i128::from(DAY_US)).min(i128::from(AMOUNT_MAX));
    let affordable = i128::from(state.purse().clamp(0, AMOUNT_MAX));
    let paid = cost.min(affordable);
    let rewarded_us =
        if paid < cost { i128::from(days_us) * paid / cost } else { i128::from(days_us) };
    let gravitas = gravitas_milli(state, rewarded_us, otium.quality_permille);
    Ok(vec![Fact::OtiumEnd(OtiumEnd {
        place: otium.place.clone(),
        days_us,
        cost_asses: narrow(paid),
        gravitas_milli: narrow(gravitas),
    })])
}

/// Full yield up to `otium_fatigue` days, half of it after that.
fn gravitas_milli(state: &State, rewarded_us: i128, quality_permille: i64) -> i128 {
    let fresh_us = i128::from(state.parameters.get(ParameterId::OtiumFatigue)) * i128::from(DAY_US);
    let counted_us = rewarded_us.min(fresh_us) + (rewarded_us - fresh_us).max(0) / 2;
    let a_day = i128::from(state.parameters.get(ParameterId::GravitasDay));
    counted_us * a_day / i128::from(DAY_US) * i128::from(quality_permille) / 1000
}
