//! What is done in a harbour beside trade, and when it could be.

use super::{COMMAND_US, Possible, hold::reckoned_up, possible, villa};
use crate::{
    decide::{UNITS_MAX, villas_asses},
    fact::{Ceded, Departure, Fact, Loss, Relief, Removal, Way},
    ids::PlaceId,
    moment::Kind,
    parameters::ParameterId,
    settle::loan_due,
    ships,
    state::{Course, Loan, Ship, State},
    time::{At, DAY_US},
};
use otivm_travel::ShipType;

/// What is due is paid before anything else is done.
pub(super) fn nothing_was_left_due(state: &State, at: At, fact: &Fact) -> Possible {
    let due_at = loan_due(state).map(|(due_at, _)| due_at);
    let late = due_at.is_some_and(|due_at| at.0 > due_at.0.saturating_add(COMMAND_US));
    possible(fact.kind() != Kind::Action || !late, "a loan had been due, and was not collected")
}

pub(super) fn could_happen(state: &State, at: At, fact: &Fact) -> Possible {
    match fact {
        Fact::Storage(storage) => {
            in_business(state, &storage.place)?;
            possible((1..=UNITS_MAX).contains(&storage.units), "nobody moves that many units")?;
            reckoned_up(state, storage.good, storage.aboard)?;
            let counted = storage.carried_ppm < 1_000_000;
            possible(counted, "a whole unit had spoiled and was not counted")?;
            let begun_ppm = match storage.way {
                Way::In => storage.aboard.unwrap_or_default().carried_ppm,
                Way::Out => storage.carried_ppm,
            };
            let had = storage.moved_ppm <= begun_ppm;
            possible(had, "more went along than had begun to spoil")
        }
        Fact::Repair(repair) => {
            in_business(state, &repair.place)?;
            let wear_ppm = own_ship(state).map_or(0, |ship| ship.wear_ppm);
            possible(repair.wear_ppm <= wear_ppm, "the ship was not worn that much")
        }
        Fact::ShipPurchase(purchase) => {
            in_business(state, &purchase.place)?;
            let had = own_ship(state).is_some() || purchase.traded_in_asses == 0;
            possible(had, "the merchant had no ship to trade in")?;
            possible(takes(state, purchase.ship), "the cargo did not go into that ship")
        }
        Fact::ShipSale(sale) => {
            in_business(state, &sale.place)?;
            possible(own_ship(state).is_some(), "the merchant had no ship to sell")?;
            possible(state.cargo_grams() <= 0, "there was cargo aboard")
        }
        Fact::Charter(charter) => {
            in_business(state, &charter.place)?;
            possible(own_ship(state).is_none(), "the merchant had a ship of his own")?;
            possible(takes(state, charter.ship), "the cargo did not go into that ship")
        }
        Fact::SeaLoan(loan) => {
            in_business(state, &loan.place)?;
            possible(state.ship.is_some(), "nobody lends on no ship")?;
            possible(state.loan.is_none(), "a loan was owed already")
        }
        Fact::Repayment(paid) => {
            let loan = state.loan.as_ref().ok_or("nothing was owed")?;
            possible(state.place().is_some(), "nobody pays at sea")?;
            let owed = loan.owed_asses(at, &state.parameters);
            let (lender, told) = (&paid.lender, (paid.paid_asses, paid.left_asses));
            possible(*lender == loan.lender && told == (owed, 0), "that was not what was owed")
        }
        Fact::Collection(_) => {
            let (due_at, due) = loan_due(state).ok_or("nothing was due")?;
            possible(at == due_at, "the loan was not due then")?;
            possible(*fact == due, "that was not what was owed")
        }
        Fact::Relief(relief) => relieved(state, at, relief),
        Fact::Removal(removal) => moved_on(state, removal),
        _ => villa::could_happen(state, fact),
    }
}

pub(super) fn in_business(state: &State, place: &PlaceId) -> Possible {
    possible(state.place() == Some(place), "the merchant was not in that harbour")?;
    possible(state.otium.is_none(), "one does no business in otium")
}

fn takes(state: &State, ship: ShipType) -> bool {
    state.cargo_grams() <= ships::hull(ship).capacity_grams
}

fn own_ship(state: &State) -> Option<&Ship> {
    state.ship.as_ref().filter(|ship| !ship.chartered)
}

fn relieved(state: &State, at: At, relief: &Relief) -> Possible {
    in_business(state, &relief.place)?;
    let get = |id| state.parameters.get(id);
    let wait_us = get(ParameterId::ReliefDays).saturating_mul(DAY_US);
    let past_us = |then| state.world_time(at).0.saturating_sub(state.world_time(then).0);
    let lately = state.relieved_at.is_some_and(|then| past_us(then) < wait_us);
    possible(!lately, "friends had helped shortly before")?;
    let left_asses = state.purse().max(0).saturating_add(villas_asses(state));
    let has_asses = left_asses.saturating_add(relief.given_asses);
    possible(has_asses <= get(ParameterId::ReliefAsses), "friends do not make rich")?;
    let gravitas_milli = get(ParameterId::ReliefGravitas).min(state.gravitas_milli.max(0));
    possible(relief.gravitas_milli == gravitas_milli, "friends are not had for less")?;
    let lies = |ceded: &Ceded| {
        let stock = state.stores.get(&(ceded.place.clone(), ceded.good));
        stock.is_some_and(|stock| (1..=stock.lot.units).contains(&ceded.units))
    };
    possible(relief.ceded.iter().all(lies), "so much of that good did not lie there")
}

/// Which places a world had lost only that world could tell.
fn moved_on(state: &State, removal: &Removal) -> Possible {
    let Removal { from, to, moved, .. } = removal;
    possible(state.place().is_some() && state.otium.is_none(), "one moves on from a harbour")?;
    possible(from != to, "that is the same place")?;
    let there = state.stores.iter().filter(|((place, _), _)| place == from);
    let lying: Vec<Loss> =
        there.map(|((_, good), stock)| Loss { good: *good, units: stock.lot.units }).collect();
    possible(lying == *moved, "that was not what lay there")?;
    villa::left_behind(state, removal)?;
    let had = state.place() == Some(from) || state.villas.contains_key(from);
    possible(had || !moved.is_empty(), "nothing of this life was there")
}

/// No longer than the fullest route keeps a ship waiting, and no longer than she was away.
pub(super) fn lay_off(state: &State, at: At, departure: &Departure) -> Possible {
    let away_us = state.world_time(departure.arrives_at).0.saturating_sub(state.world_time(at).0);
    let fullest_us = state.parameters.get(ParameterId::BerthWait).saturating_mul(DAY_US);
    let most_us = fullest_us.min(away_us);
    possible(departure.waiting_us <= most_us, "no harbour keeps a ship waiting that long")
}

/// For the voyage that was lent for; and another's ship only for hire.
pub(super) fn lender_let_go(state: &State, departure: &Departure) -> Possible {
    let elsewhere =
        |loan: &Loan| matches!(loan.course, Course::Lent { .. }) && loan.to != departure.to;
    let bound = state.loan.as_ref().is_some_and(elsewhere);
    possible(!bound, "the lender had lent for another voyage")?;
    let hired = departure.hire_asses > 0;
    let chartered = state.ship.as_ref().is_some_and(|ship| ship.chartered);
    let hire = state.parameters.get(ParameterId::CharterHire);
    possible(hired == (chartered && hire > 0), "the hire was not that of the ship")
}
