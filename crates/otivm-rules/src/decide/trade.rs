//! Buying and selling where the ship lies.

use super::{afford, in_business, ship, town};
use crate::{
    fact::{Fact, Side},
    goods::GoodId,
    hold,
    market::Quote,
    refusal::Refusal,
    ships,
    state::State,
    time::At,
    world::World,
};

/// Units in one trade: a ship of the annona holds a few thousand; more than this is a slip of the pen.
pub const UNITS_MAX: i64 = 1_000_000;

pub(super) fn decide(
    state: &State,
    world: &World,
    side: Side,
    good: GoodId,
    units: i64,
    now: At,
) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    in_bounds(units)?;
    let town = town(world, place)?;
    let quote = Quote::of(state, world, town, good, now)
        .ok_or_else(|| Refusal::NotDealt { place: place.clone(), good })?;
    let units = match side {
        Side::Buy => room(state, good, units, now).map(|()| units)?,
        Side::Sell => aboard(state, good, units, now)?,
    };
    let trade = quote.trade(state, town, side, units, now)?;
    match side {
        Side::Buy => afford(state, trade.total_asses.saturating_add(trade.toll_asses))?,
        // The toll is taken from the proceeds, or from the purse where they are a single as.
        Side::Sell => afford(state, trade.toll_asses.saturating_sub(trade.total_asses))?,
    }
    Ok(vec![Fact::Trade(trade)])
}

pub(super) fn in_bounds(units: i64) -> Result<(), Refusal> {
    if (1..=UNITS_MAX).contains(&units) {
        Ok(())
    } else {
        Err(Refusal::Units { units, most: UNITS_MAX })
    }
}

pub(super) fn room(state: &State, good: GoodId, units: i64, now: At) -> Result<(), Refusal> {
    let free = ships::hull(ship(state)?.ship).capacity_grams - hold::grams(state, now);
    let room_units = (free / good.good().unit_grams).max(0);
    if units <= room_units { Ok(()) } else { Err(Refusal::NoRoom { good, units, room_units }) }
}

/// As many of them as are sound: who means all that he saw aboard is not sent away for what has spoiled since.
pub(super) fn aboard(state: &State, good: GoodId, units: i64, now: At) -> Result<i64, Refusal> {
    let held = hold::units(state, good, now);
    if units <= state.units_aboard(good) {
        Ok(units.min(held))
    } else {
        Err(Refusal::NotAboard { good, units, held })
    }
}
