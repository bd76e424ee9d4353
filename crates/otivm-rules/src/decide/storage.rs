//! Warehouses: goods lie ashore for rent, keep better than aboard, and wait for a better price.
//!
//! What lies of one good in one place is one stock. Whenever it is touched it is reckoned up first: what
//! spoiled is gone, the rent for all of it is paid, and only then units are moved.

use super::{
    in_business, town,
    trade::{aboard, in_bounds, room},
};
use crate::{
    fact::{Fact, Storage, Way, ceil_div, narrow},
    goods::GoodId,
    hold,
    ids::PlaceId,
    parameters::ParameterId,
    refusal::Refusal,
    state::State,
    time::{At, DAY_US},
    world::{Town, World, rank_permille},
};

/// What a stock amounts to at a moment, before anything is moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reckoning {
    /// Owed, whether or not the purse holds it.
    pub rent_asses: i64,
    pub spoiled_units: i64,
    /// Left when the spoiled is gone.
    pub units: i64,
    pub(crate) carried_ppm: i64,
}

/// What lies of a good in the warehouse of a place, as its keeper would reckon it up `now`. A place that a later
/// release has lost keeps at the ordinary rate.
pub fn reckoned(
    state: &State,
    town: Option<&Town>,
    place: &PlaceId,
    good: GoodId,
    now: At,
) -> Reckoning {
    let Some(stock) = state.stores.get(&(place.clone(), good)) else {
        return Reckoning::default();
    };
    let get = |id| i128::from(state.parameters.get(id));
    let lain_us = hold::lain_us(state, stock.since, now);
    let held = i128::from(stock.lot.units.max(0));
    let day = i128::from(DAY_US);

    let ppm_a_day = i128::from(good.good().spoils_ppm_per_day) * get(ParameterId::HorreumSpoil);
    let spoiling_ppm =
        ceil_div(held * ppm_a_day * lain_us, day * 1000) + i128::from(stock.carried_ppm);
    let spoiled = (spoiling_ppm / 1_000_000).min(held);

    let rank = i128::from(rank_permille(town.map_or(3, |town| town.rank)));
    let milliasses_a_tonne = get(ParameterId::HorreumRent) * rank / 1000 * lain_us / day;
    let grams = held * i128::from(good.good().unit_grams);
    let rent = ceil_div(grams * milliasses_a_tonne, 1_000_000 * 1000);
    Reckoning {
        rent_asses: narrow(rent),
        spoiled_units: narrow(spoiled),
        units: narrow(held - spoiled),
        carried_ppm: narrow(spoiling_ppm % 1_000_000),
    }
}

pub(super) fn decide(
    state: &State,
    world: &World,
    way: Way,
    good: GoodId,
    units: i64,
    now: At,
) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    in_bounds(units)?;
    let town = town(world, place)?;
    let due = reckoned(state, Some(town), place, good, now);
    let rent_asses = due.rent_asses.min(state.purse().max(0));
    let pledged_units = pledge(state, town, good, due.rent_asses - rent_asses).min(due.units);
    let held = due.units - pledged_units;
    let units = match way {
        Way::In => {
            let units = aboard(state, good, units, now)?;
            free(state, town, good, held, units)?;
            units
        }
        Way::Out => {
            if units > held {
                return Err(Refusal::NotStored { place: place.clone(), good, units, held });
            }
            room(state, good, units, now)?;
            units
        }
    };
    let told = hold::told(state, good, now);
    let moved_ppm = match way {
        Way::In => {
            let begun_ppm = told.unwrap_or_default().carried_ppm;
            along(begun_ppm, units, hold::units(state, good, now))
        }
        Way::Out => along(due.carried_ppm, units, held),
    };
    Ok(vec![Fact::Storage(Storage {
        way,
        good,
        units,
        place: place.clone(),
        rent_asses,
        pledged_units,
        spoiled_units: due.spoiled_units,
        carried_ppm: due.carried_ppm,
        moved_ppm,
        aboard: told,
    })])
}

/// Of what has begun to spoil of a lot, the share of the units that leave it.
pub(super) fn along(begun_ppm: i64, units: i64, held: i64) -> i64 {
    narrow(ceil_div(i128::from(begun_ppm) * i128::from(units), i128::from(held.max(1))))
}

/// Units that make up for rent which is not paid, at the pledge's share of the price here.
fn pledge(state: &State, town: &Town, good: GoodId, unpaid_asses: i64) -> i64 {
    let base = town.stalls[good.index()].base_milliasses;
    let price = if base > 0 { base } else { good.good().cost_asses.saturating_mul(1000) };
    let worth = i128::from(price) * i128::from(state.parameters.get(ParameterId::HorreumPledge));
    narrow(ceil_div(i128::from(unpaid_asses.max(0)) * 1_000_000, worth.max(1)))
}

/// Room for more of a good, beside all that is stored here.
fn free(state: &State, town: &Town, good: GoodId, held: i64, units: i64) -> Result<(), Refusal> {
    let tonnes = i128::from(state.parameters.get(ParameterId::HorreumRoom));
    let room_grams = tonnes * i128::from(rank_permille(town.rank)) * 1000;
    let weight = |good: GoodId, units: i64| i128::from(units) * i128::from(good.good().unit_grams);
    let others =
        state.stores.iter().filter(|((place, other), _)| *place == town.id && *other != good);
    let taken: i128 = others.map(|((_, other), stock)| weight(*other, stock.lot.units)).sum();
    let left = room_grams - taken - weight(good, held);
    let room_units = narrow(left / i128::from(good.good().unit_grams));
    if units <= room_units {
        Ok(())
    } else {
        Err(Refusal::WarehouseFull { place: town.id.clone(), good, units, room_units })
    }
}
