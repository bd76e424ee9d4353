//! Friends: whom a merchant asks who can do nothing else.

use super::{in_business, town, villa::villas_asses, yard::resale_asses};
use crate::{
    fact::{Ceded, Fact, Relief},
    goods::GoodId,
    hold,
    ids::PlaceId,
    parameters::ParameterId,
    refusal::Refusal,
    state::State,
    time::{At, DAY_US},
    world::{Town, World},
};

/// What friends would give here and now, asses; nothing to whom can help himself.
pub fn relief_asses(state: &State, world: &World, now: At) -> i64 {
    match decide(state, world, now).as_deref() {
        Ok([Fact::Relief(relief)]) => relief.given_asses,
        _ => 0,
    }
}

pub(super) fn decide(state: &State, world: &World, now: At) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let get = |id| state.parameters.get(id);
    if let Some(then) = state.relieved_at {
        let past_us = state.world_time(now).0.saturating_sub(state.world_time(then).0);
        let wait_us = get(ParameterId::ReliefDays).saturating_mul(DAY_US).saturating_sub(past_us);
        if wait_us > 0 {
            return Err(Refusal::AskedLately { days: wait_us / DAY_US + 1 });
        }
    }
    let enough_asses = get(ParameterId::ReliefAsses);
    let worth_asses = worth_asses(state, town(world, place)?, now);
    if worth_asses >= enough_asses {
        return Err(Refusal::NotInNeed { worth_asses, enough_asses });
    }
    Ok(vec![Fact::Relief(Relief {
        place: place.clone(),
        given_asses: enough_asses - worth_asses,
        gravitas_milli: get(ParameterId::ReliefGravitas).min(state.gravitas_milli.max(0)),
        ceded: if state.loan.is_some() { lying_elsewhere(state, place) } else { Vec::new() },
    })])
}

/// Or riches could be borrowed, laid into a warehouse, and kept when the debt is forgiven.
fn lying_elsewhere(state: &State, here: &PlaceId) -> Vec<Ceded> {
    let elsewhere = state.stores.iter().filter(|((place, _), _)| place != here);
    let ceded = elsewhere.map(|((place, good), stock)| Ceded {
        place: place.clone(),
        good: *good,
        units: stock.lot.units,
    });
    ceded.collect()
}

/// What could be turned to coin in this town: cargo that is dealt in, at its cost, a ship whose hold can be
/// emptied, and what lies in its warehouses. A villa is sold from anywhere.
fn worth_asses(state: &State, town: &Town, now: At) -> i64 {
    let sells = |good: GoodId| town.stalls[good.index()].base_milliasses > 0;
    let cargo = hold::lots(state, now)
        .iter()
        .filter(|(good, _)| sells(**good))
        .fold(0, |sum: i64, (_, lot)| sum.saturating_add(lot.cost_asses));
    let ship = state
        .ship
        .as_ref()
        .filter(|_| state.cargo.keys().all(|good| sells(*good)))
        .map_or(0, |ship| resale_asses(&state.parameters, ship));
    let stored = state
        .stores
        .iter()
        .filter(|((place, good), _)| *place == town.id && sells(*good))
        .fold(0, |sum: i64, (_, stock)| sum.saturating_add(stock.lot.cost_asses));
    let villas = villas_asses(state);
    [cargo, stored, ship, villas].into_iter().fold(state.purse().max(0), i64::saturating_add)
}
