//! Leisure: begun where one is, paid for and rewarded when it ends.

use super::{
    ashore, in_business,
    stay::{offer, otium_offer, stay},
    town,
};
use crate::{
    fact::{AMOUNT_MAX, Fact, OtiumBegin, OtiumEnd, ceil_div, narrow},
    parameters::ParameterId,
    refusal::Refusal,
    state::{Otium, State},
    time::{At, DAY_US},
    world::{World, rank_permille},
};

pub(super) fn begin(state: &State, world: &World, guests: i64) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let offer = offer(state, town(world, place)?);
    let villa = state.villas.get(place);
    if guests != 0 && villa.is_none() {
        return Err(Refusal::NoVilla(place.clone()));
    }
    if !(0..=offer.guests_most).contains(&guests) {
        return Err(Refusal::Guests { guests, most: offer.guests_most });
    }
    Ok(vec![Fact::OtiumBegin(OtiumBegin {
        place: place.clone(),
        quality_permille: offer.quality_permille(guests),
        day_asses: Some(offer.day_asses(guests)),
        tired_us: Some(state.tired_us),
        villa: villa.map(|villa| stay(state, villa, offer.place_permille, guests)),
    })])
}

/// A purse that runs out ends the reward with the expense: leisure is kept up by business.
pub(super) fn end(state: &State, world: &World, now: At) -> Result<Vec<Fact>, Refusal> {
    ashore(state)?;
    let otium = state.otium.as_ref().ok_or(Refusal::NotInOtium)?;
    let bill = bill(state, otium, agreed(state, world, otium), now);
    let gravitas_milli = gravitas_milli(state, otium, bill.paid_us);
    Ok(vec![Fact::OtiumEnd(OtiumEnd {
        place: otium.place.clone(),
        days_us: bill.days_us,
        cost_asses: bill.paid_asses,
        gravitas_milli,
        paid_us: Some(bill.paid_us),
    })])
}

/// What a day of leisure costs: in otium as it was agreed on, else as it is asked where the merchant is, without guests.
/// None at sea.
pub fn otium_day_asses(state: &State, world: &World) -> Option<i64> {
    match &state.otium {
        Some(otium) => Some(agreed(state, world, otium)),
        None => Some(otium_offer(state, world)?.day_asses),
    }
}

/// An otium that an older build began is asked the price at its end; a place that a later release has lost, the
/// ordinary one.
fn agreed(state: &State, world: &World, otium: &Otium) -> i64 {
    let asked = || day_asses(state, world.town(&otium.place).map_or(3, |town| town.rank));
    otium.day_asses.unwrap_or_else(asked)
}

/// What an otium comes to.
pub(crate) struct Bill {
    /// World time spent.
    pub(crate) days_us: i64,
    pub(crate) paid_asses: i64,
    /// As much of it as the purse was good for.
    pub(crate) paid_us: i64,
}

pub(crate) fn bill(state: &State, otium: &Otium, day_asses: i64, now: At) -> Bill {
    let spent = state.world_time(now).0.saturating_sub(state.world_time(otium.since).0);
    let days_us = i128::from(spent.clamp(0, AMOUNT_MAX));
    // An as that has begun is owed: a moment's leisure is not free.
    let cost = ceil_div(i128::from(day_asses) * days_us, i128::from(DAY_US));
    let cost = cost.min(i128::from(AMOUNT_MAX));
    let paid = cost.min(i128::from(state.purse().clamp(0, AMOUNT_MAX)));
    let paid_us = if paid < cost { days_us * paid / cost } else { days_us };
    Bill { days_us: narrow(days_us), paid_asses: narrow(paid), paid_us: narrow(paid_us) }
}

pub(crate) fn day_asses(state: &State, rank: u8) -> i64 {
    state.parameters.get(ParameterId::OtiumCost) * rank_permille(rank) / 1000
}

/// What a day yields to whom leisure has tired, thousandths of what it yields to whom it has not: beyond
/// `otium_fatigue` days.
pub(crate) const TIRED_PERMILLE: i64 = 500;
/// And beyond `otium_satiety` days.
pub(crate) const SATED_PERMILLE: i64 = 250;

/// Leisure that was paid for is added to what no voyage has made up for: beginning anew is worth nothing.
pub(crate) fn gravitas_milli(state: &State, otium: &Otium, paid_us: i64) -> i64 {
    let days = |id| i128::from(state.parameters.get(id)) * i128::from(DAY_US);
    let fatigue_us = days(ParameterId::OtiumFatigue);
    let satiety_us = days(ParameterId::OtiumSatiety).max(fatigue_us);
    let from_us = i128::from(otium.tired_us.unwrap_or(0));
    let to_us = from_us + i128::from(paid_us);
    let within =
        |least_us: i128, most_us: i128| (to_us.min(most_us) - from_us.max(least_us)).max(0);
    let counted_us = within(0, fatigue_us)
        + within(fatigue_us, satiety_us) * i128::from(TIRED_PERMILLE) / 1000
        + within(satiety_us, i128::MAX) * i128::from(SATED_PERMILLE) / 1000;
    let a_day = i128::from(state.parameters.get(ParameterId::GravitasDay));
    let gravitas = counted_us * a_day / i128::from(DAY_US) * i128::from(otium.quality_permille);
    narrow(gravitas / 1000)
}
