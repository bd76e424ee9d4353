//! A villa: bought where one is, sold from any harbour, and the library in it.
//!
//! What is given for it is a share of what was paid, so nothing that is done with a villa makes money.

use super::{
    afford, in_business, storage, town,
    trade::{aboard, in_bounds, room},
};
use crate::{
    fact::{Fact, Shelving, VillaPurchase, VillaSale, Way, narrow},
    goods::GoodId,
    hold,
    ids::PlaceId,
    market::leisure::QUALITY_MOST,
    parameters::{ParameterId, Parameters},
    refusal::Refusal,
    state::{State, Villa},
    time::At,
    world::{Town, World, rank_permille},
};

/// What a villa with its land costs in a town, asses.
pub fn villa_price_asses(parameters: &Parameters, town: &Town) -> i64 {
    priced(parameters, town.rank, town.otium_quality_permille)
}

/// Nowhere is one had for less.
pub(crate) fn least_price_asses(parameters: &Parameters) -> i64 {
    priced(parameters, u8::MAX, 0)
}

fn priced(parameters: &Parameters, rank: u8, quality_permille: i64) -> i64 {
    let get = |id| i128::from(parameters.get(id));
    let quality = i128::from(quality_permille.clamp(0, QUALITY_MOST));
    let site_ppm = 1_000_000 + get(ParameterId::VillaSite) * quality;
    let price = get(ParameterId::VillaPrice) * i128::from(rank_permille(rank)) / 1000;
    narrow(price * site_ppm / 1_000_000)
}

/// What is given for a villa, and for the books in it where they are sold with it, asses.
pub fn villa_resale_asses(parameters: &Parameters, villa: &Villa) -> (i64, i64) {
    let share = i128::from(parameters.get(ParameterId::VillaResale));
    let of = |paid_asses: i64| narrow(i128::from(paid_asses) * share / 1000);
    (of(villa.paid_asses), of(villa.books.cost_asses))
}

/// What all villas of a merchant could be turned to, asses: he need not be there.
pub(crate) fn villas_asses(state: &State) -> i64 {
    let worth = |villa| {
        let (house, books) = villa_resale_asses(&state.parameters, villa);
        house.saturating_add(books)
    };
    state.villas.values().map(worth).fold(0, i64::saturating_add)
}

/// What a villa would cost where the merchant is; none to whom has one there, or has as many as anybody may.
pub fn villa_offer_asses(state: &State, world: &World) -> Option<i64> {
    let town = world.town(state.place()?)?;
    may_have(state, &town.id).ok()?;
    Some(villa_price_asses(&state.parameters, town))
}

pub(super) fn buy(state: &State, world: &World) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let town = town(world, place)?;
    may_have(state, place)?;
    let price_asses = villa_price_asses(&state.parameters, town);
    afford(state, price_asses)?;
    Ok(vec![Fact::VillaPurchase(VillaPurchase { place: place.clone(), price_asses })])
}

fn may_have(state: &State, place: &PlaceId) -> Result<(), Refusal> {
    if state.villas.contains_key(place) {
        return Err(Refusal::HasVilla(place.clone()));
    }
    let most = state.parameters.get(ParameterId::VillasMost);
    if i64::try_from(state.villas.len()).unwrap_or(i64::MAX) >= most {
        return Err(Refusal::VillasMost { most });
    }
    Ok(())
}

/// Who is there takes his books first; who sells by letter sells them with the house.
pub(super) fn sell(state: &State, place: &PlaceId) -> Result<Vec<Fact>, Refusal> {
    let here = in_business(state)?;
    let villa = villa(state, place)?;
    if here == place && villa.books.units > 0 {
        return Err(Refusal::LibraryNotEmpty { units: villa.books.units });
    }
    let (price_asses, books_asses) = villa_resale_asses(&state.parameters, villa);
    let (place, books) = (place.clone(), villa.books.units);
    Ok(vec![Fact::VillaSale(VillaSale { place, price_asses, books, books_asses })])
}

pub(super) fn shelve(state: &State, way: Way, units: i64, now: At) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    in_bounds(units)?;
    let villa = villa(state, place)?;
    let held = villa.books.units;
    let told = hold::told(state, GoodId::Books, now);
    let (units, moved_ppm) = match way {
        Way::In => {
            let units = aboard(state, GoodId::Books, units, now)?;
            let free = (state.parameters.get(ParameterId::LibraryRoom) - held).max(0);
            if units > free {
                return Err(Refusal::LibraryFull { units, free });
            }
            let begun_ppm = told.unwrap_or_default().carried_ppm;
            (units, storage::along(begun_ppm, units, hold::units(state, GoodId::Books, now)))
        }
        Way::Out => {
            if units > held {
                return Err(Refusal::NotShelved { units, held });
            }
            room(state, GoodId::Books, units, now)?;
            (units, storage::along(villa.carried_ppm, units, held))
        }
    };
    let place = place.clone();
    Ok(vec![Fact::Shelving(Shelving { way, units, place, moved_ppm, aboard: told })])
}

fn villa<'state>(state: &'state State, place: &PlaceId) -> Result<&'state Villa, Refusal> {
    state.villas.get(place).ok_or_else(|| Refusal::NoVilla(place.clone()))
}
