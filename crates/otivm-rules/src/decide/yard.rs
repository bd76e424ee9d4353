//! What a yard does for coin.

use super::{afford, enrol::ship_name, in_business, ship, town, voyage::scaled};
use crate::{
    chance::Chance,
    fact::{Charter, Fact, Repair, ShipPurchase, ShipSale},
    parameters::{ParameterId, Parameters},
    refusal::Refusal,
    ships::{self, Hull},
    state::{Ship, State},
    world::World,
};
use otivm_travel::ShipType;

const MILLION: i128 = 1_000_000;

/// What a yard asks to put so much wear right, asses.
pub fn repair_asses(parameters: &Parameters, ship: &Ship, wear_permille: i64) -> i64 {
    let price = i128::from(ships::hull(ship.ship).price_asses);
    let share = i128::from(parameters.get(ParameterId::RepairPrice));
    let milli = price * share * i128::from(wear_permille.clamp(0, 1000));
    // At most the price of a ship, rounded up.
    i64::try_from((milli + MILLION - 1) / MILLION).unwrap_or(i64::MAX)
}

/// What a yard gives for a ship as she is, asses; for another's nothing.
pub fn resale_asses(parameters: &Parameters, ship: &Ship) -> i64 {
    if ship.chartered {
        return 0;
    }
    let price = i128::from(ships::hull(ship.ship).price_asses);
    let share = i128::from(parameters.get(ParameterId::ShipResale));
    let sound_ppm = MILLION - i128::from(ship.wear_ppm.clamp(0, 1_000_000));
    i64::try_from(price * share * sound_ppm / 1000 / MILLION).unwrap_or(0)
}

/// What the owner of a chartered ship asks for a day at sea, asses.
pub fn charter_asses(parameters: &Parameters, hull: &Hull) -> i64 {
    scaled(hull.price_asses, parameters.get(ParameterId::CharterHire), 1_000_000)
}

pub(super) fn repair(state: &State, wear_permille: i64) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let ship = own_ship(state)?;
    let most = ship.wear_ppm / 1000;
    if !(1..=most).contains(&wear_permille) {
        return Err(Refusal::Wear { wear_permille, most });
    }
    let cost_asses = repair_asses(&state.parameters, ship, wear_permille);
    afford(state, cost_asses)?;
    let wear_ppm = wear_permille * 1000;
    Ok(vec![Fact::Repair(Repair { place: place.clone(), wear_ppm, cost_asses })])
}

pub(super) fn buy(
    state: &State,
    world: &World,
    kind: ShipType,
    name: &str,
) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let ship_name = ship_name(name)?;
    to_be_had(state, world, kind)?;
    let price_asses = ships::hull(kind).price_asses;
    let traded_in_asses =
        state.ship.as_ref().map_or(0, |ship| resale_asses(&state.parameters, ship));
    afford(state, price_asses.saturating_sub(traded_in_asses))?;
    Ok(vec![Fact::ShipPurchase(ShipPurchase {
        place: place.clone(),
        ship: kind,
        ship_name,
        price_asses,
        traded_in_asses,
    })])
}

pub(super) fn sell(state: &State) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    let ship = own_ship(state)?;
    if state.cargo_grams() > 0 {
        return Err(Refusal::HoldNotEmpty);
    }
    let price_asses = resale_asses(&state.parameters, ship);
    Ok(vec![Fact::ShipSale(ShipSale { place: place.clone(), price_asses })])
}

/// What is aboard goes along. A ship that was chartered before goes back to her owner.
pub(super) fn charter(
    state: &State,
    world: &World,
    kind: ShipType,
    chance: Chance,
) -> Result<Vec<Fact>, Refusal> {
    let place = in_business(state)?;
    if state.ship.as_ref().is_some_and(|ship| !ship.chartered) {
        return Err(Refusal::HasShip);
    }
    to_be_had(state, world, kind)?;
    let drawn = chance.draw("charter/name", ships::NAMES.len() as u64);
    let name = usize::try_from(drawn).ok().and_then(|drawn| ships::NAMES.get(drawn));
    let ship_name = name.copied().unwrap_or(ships::NAMES[0]).to_owned();
    Ok(vec![Fact::Charter(Charter { place: place.clone(), ship: kind, ship_name })])
}

fn own_ship(state: &State) -> Result<&Ship, Refusal> {
    let ship = ship(state)?;
    if ship.chartered { Err(Refusal::NotYourShip) } else { Ok(ship) }
}

/// Such a ship lies here, and takes what the merchant has aboard.
fn to_be_had(state: &State, world: &World, kind: ShipType) -> Result<(), Refusal> {
    let place = in_business(state)?;
    let (hull, cargo_grams) = (ships::hull(kind), state.cargo_grams());
    if town(world, place)?.rank > hull.harbour_rank {
        return Err(Refusal::NoSuchShipHere { ship: kind, place: place.clone() });
    }
    if cargo_grams > hull.capacity_grams {
        return Err(Refusal::CargoTooLarge { ship: kind });
    }
    Ok(())
}
