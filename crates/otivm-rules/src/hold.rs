//! What goods aboard amount to at a moment: they age by the time that passes, in harbour as at sea (decision 75).
//!
//! What is aboard of one good is one lot with one date. Whatever touches it reckons it up first: a trade, the way in
//! or out of a warehouse, a departure, an arrival. A lot from before goods aged in harbour has no date until then.

use crate::{
    fact::{Aged, Carried, Loss, ceil_div, narrow},
    fold::remaining,
    goods::GoodId,
    parameters::ParameterId,
    state::{Aging, Lot, State},
    time::{At, DAY_US},
};
use std::collections::BTreeMap;

/// A whole unit that has spoiled.
pub(crate) const UNIT_PPM: i64 = 1_000_000;

/// What time has done to a good aboard since it was last reckoned up.
pub fn aged(state: &State, good: GoodId, now: At) -> Aged {
    match state.aging.get(&good) {
        Some(aging) => aged_by(state, good, *aging, now),
        None => Aged::default(),
    }
}

/// As it is written down: nothing of a good that keeps.
pub(crate) fn told(state: &State, good: GoodId, now: At) -> Option<Aged> {
    let ages = good.good().spoils_ppm_per_day > 0 || state.aging.contains_key(&good);
    ages.then(|| aged(state, good, now))
}

/// The lots aboard as they are now.
pub fn lots(state: &State, now: At) -> BTreeMap<GoodId, Lot> {
    let lot = |(good, lot): (&GoodId, &Lot)| {
        (*good, remaining(*lot, aged(state, *good, now).spoiled_units))
    };
    state.cargo.iter().map(lot).collect()
}

pub(crate) fn units(state: &State, good: GoodId, now: At) -> i64 {
    state.units_aboard(good).saturating_sub(aged(state, good, now).spoiled_units)
}

pub(crate) fn grams(state: &State, now: At) -> i64 {
    lots(state, now).into_iter().fold(0, |sum: i64, (good, lot)| {
        sum.saturating_add(lot.units.saturating_mul(good.good().unit_grams))
    })
}

/// The whole hold, reckoned up. What has no date has aged since `dateless`.
pub(crate) fn reckoned(state: &State, now: At, dateless: At) -> (Vec<Loss>, Vec<Carried>) {
    let (mut spoiled, mut carried) = (Vec::new(), Vec::new());
    for good in state.cargo.keys().copied() {
        let dated = state.aging.get(&good).copied();
        if good.good().spoils_ppm_per_day == 0 && dated.is_none() {
            continue;
        }
        let aging = dated.unwrap_or(Aging { since: dateless, carried_ppm: 0 });
        let aged = aged_by(state, good, aging, now);
        spoiled.extend(aged.loss(good));
        carried.push(Carried { good, ppm: aged.carried_ppm });
    }
    (spoiled, carried)
}

/// World time that counts against goods which lie since then, afloat or ashore: a year of it at most.
pub(crate) fn lain_us(state: &State, since: At, now: At) -> i128 {
    let most_us = i128::from(state.parameters.get(ParameterId::HorreumYear)) * i128::from(DAY_US);
    let past_us = i128::from(state.world_time(now).0) - i128::from(state.world_time(since).0);
    past_us.clamp(0, most_us)
}

/// The last unit of a lot never spoils whole: nobody is left with a hold that is neither empty nor sold.
fn aged_by(state: &State, good: GoodId, aging: Aging, now: At) -> Aged {
    let unit_ppm = i128::from(UNIT_PPM);
    let held = i128::from(state.units_aboard(good).max(0));
    let lain_us = lain_us(state, aging.since, now);
    let ppm_us = held * i128::from(good.good().spoils_ppm_per_day) * lain_us;
    let spoiling_ppm = ceil_div(ppm_us, i128::from(DAY_US)) + i128::from(aging.carried_ppm);
    let whole = spoiling_ppm / unit_ppm;
    let spoiled = whole.min(held - 1).max(0);
    let carried_ppm = if spoiled < whole { unit_ppm - 1 } else { spoiling_ppm % unit_ppm };
    Aged { spoiled_units: narrow(spoiled), carried_ppm: narrow(carried_ppm) }
}
