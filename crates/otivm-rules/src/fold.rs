//! A fact takes a state to the next: total, the same everywhere, the only way a state ever changes.
//!
//! It cannot refuse: what is on the timeline has happened. A fact that makes no sense where it stands
//! (an arrival without a voyage) moves the ledger and nothing else; `decide` is where sense is made.

mod doors;
mod hold;
mod loan;
mod otium;
mod removal;
mod villa;

use crate::{
    fact::{
        Ceded, Charter, Departure, Enrolment, Fact, Mishap, PerilKind, Relief, ShipPurchase, Side,
        Storage, Trade, Way,
    },
    state::{Location, Lot, Merchant, Ship, State, Stock, Voyage},
    time::At,
};
use otivm_travel::ShipType;

/// Millionths in a whole.
const WHOLE_PPM: i64 = 1_000_000;

pub fn fold(state: &mut State, at: At, fact: &Fact) {
    let mut deeds = std::mem::take(&mut state.deeds);
    deeds.note(state, at, fact);
    state.deeds = deeds;
    state.ledger.post(&fact.postings());
    match fact {
        Fact::Parameter(id, value) => {
            // A parsed value is within its bounds; one that is not leaves the old in force.
            state.was_set(*id);
            if state.parameters.set(*id, *value).is_err() {
                debug_assert!(false, "a parameter out of bounds reached the fold");
            }
        }
        Fact::Text(id, text) => {
            state.texts.insert(*id, text.clone());
        }
        Fact::Enrolment(enrolment) => enrol(state, at, enrolment),
        Fact::SessionOpened(session) => doors::opened(state, at, session),
        Fact::SessionClosed(session) => doors::closed(state, session),
        Fact::RecoverySet(recovery) => state.recovery = Some(recovery.hash.clone()),
        Fact::PasskeySet(passkey) => doors::set(state, at, passkey),
        Fact::PasskeyRemoved(passkey) => doors::removed(state, passkey),
        Fact::Trade(trade) => deal(state, at, trade),
        Fact::Departure(departure) => sail(state, at, departure),
        Fact::Arrival(arrival) => {
            otium::is_made_up_for(state);
            state.location = Location::Ashore { place: arrival.place.clone(), since: at };
            wear(state, arrival.wear_ppm);
            hold::lose(state, &arrival.spoiled);
            hold::date(state, at, &arrival.carried);
            loan::comes_in(state, at);
        }
        Fact::Mishap(mishap) => befall(state, mishap),
        Fact::Repair(repair) => wear(state, -repair.wear_ppm),
        Fact::ShipPurchase(ShipPurchase { ship, ship_name, .. }) => {
            state.ship = Some(new_ship(*ship, ship_name));
        }
        Fact::Charter(Charter { ship, ship_name, .. }) => {
            state.ship = Some(Ship { chartered: true, ..new_ship(*ship, ship_name) });
        }
        Fact::ShipSale(_) => state.ship = None,
        Fact::SeaLoan(lent) => loan::lent(state, at, lent),
        Fact::Relief(relief) => relieve(state, at, relief),
        Fact::Repayment(paid) | Fact::Collection(paid) => loan::paid(state, at, paid),
        Fact::OtiumBegin(begin) => otium::begins(state, at, begin),
        Fact::OtiumEnd(end) => otium::ends(state, end),
        Fact::Journal(_) => state.journal_entries += 1,
        Fact::Rewind(_) => state.rewinds += 1,
        Fact::Import(_) => {
            state.imports += 1;
            state.left = false;
        }
        Fact::Leave(_) => state.left = true,
        Fact::Advance(advance) => state.chapter = advance.chapter,
        Fact::Storage(storage) => stow(state, at, storage),
        Fact::Removal(removal) => removal::moves_on(state, at, removal),
        Fact::VillaPurchase(purchase) => villa::bought(state, purchase),
        Fact::VillaSale(sale) => villa::sold(state, sale),
        Fact::Shelving(shelving) => villa::shelved(state, at, shelving),
    }
    state.last_at = Some(at);
    state.moments += 1;
}

fn enrol(state: &mut State, at: At, enrolment: &Enrolment) {
    let Enrolment { home, ship, ship_name, language, purse_asses: _ } = enrolment;
    state.chapter = 1;
    state.merchant = Some(Merchant { since: at, home: home.clone(), language: language.clone() });
    state.ship = Some(new_ship(*ship, ship_name));
    state.location = Location::Ashore { place: home.clone(), since: at };
}

fn new_ship(ship: ShipType, name: &str) -> Ship {
    Ship { ship, name: name.to_owned(), wear_ppm: 0, chartered: false }
}

fn relieve(state: &mut State, at: At, relief: &Relief) {
    state.loan = None;
    for Ceded { place, good, units } in &relief.ceded {
        let place = (place.clone(), *good);
        if let Some(stock) = state.stores.get_mut(&place) {
            stock.lot = remaining(stock.lot, *units);
            if stock.lot.units == 0 {
                state.stores.remove(&place);
            }
        }
    }
    state.relieved_at = Some(at);
    state.gravitas_milli = state.gravitas_milli.saturating_sub(relief.gravitas_milli);
}

fn befall(state: &mut State, mishap: &Mishap) {
    wear(state, mishap.wear_ppm);
    hold::lose(state, &mishap.lost);
    if mishap.kind == PerilKind::Wreck {
        state.ship = None;
        loan::goes_down(state);
    }
    if let Location::AtSea(voyage) = &mut state.location
        && !voyage.perils.is_empty()
    {
        voyage.perils.remove(0);
    }
}

fn wear(state: &mut State, by_ppm: i64) {
    if let Some(ship) = &mut state.ship {
        ship.wear_ppm = ship.wear_ppm.saturating_add(by_ppm).clamp(0, WHOLE_PPM);
    }
}

fn sail(state: &mut State, at: At, departure: &Departure) {
    removal::chart(state, departure);
    state.location = Location::AtSea(voyage(state, at, departure));
    hold::lose(state, &departure.spoiled);
    hold::date(state, at, &departure.carried);
    loan::sails(state);
}

fn deal(state: &mut State, at: At, trade: &Trade) {
    hold::age(state, at, trade.good, trade.aboard);
    let dealings = &mut state.dealings;
    if dealings.window != trade.window {
        dealings.window = trade.window;
        dealings.net_units.clear();
    }
    let net = dealings.net_units.entry((trade.place.clone(), trade.good)).or_default();
    let lot = state.cargo.entry(trade.good).or_default();
    match trade.side {
        Side::Buy => {
            *net = net.saturating_add(trade.units);
            let cost = trade.total_asses.saturating_add(trade.toll_asses);
            lot.units = lot.units.saturating_add(trade.units);
            lot.cost_asses = lot.cost_asses.saturating_add(cost);
        }
        Side::Sell => {
            *net = net.saturating_sub(trade.units);
            *lot = remaining(*lot, trade.units);
        }
    }
    hold::clear(state, trade.good);
}

fn stow(state: &mut State, at: At, storage: &Storage) {
    hold::age(state, at, storage.good, storage.aboard);
    let place = (storage.place.clone(), storage.good);
    let lying = state.stores.remove(&place).map(|stock| stock.lot).unwrap_or_default();
    let gone = storage.spoiled_units.saturating_add(storage.pledged_units);
    let lying = remaining(lying, gone);
    let aboard = state.cargo.remove(&storage.good).unwrap_or_default();
    let (lying, aboard, ashore_ppm) = match storage.way {
        Way::In => {
            let (aboard, lying) = moved(aboard, lying, storage.units);
            (lying, aboard, storage.moved_ppm)
        }
        Way::Out => {
            let (lying, aboard) = moved(lying, aboard, storage.units);
            (lying, aboard, -storage.moved_ppm)
        }
    };
    if lying.units != 0 {
        let carried_ppm = storage.carried_ppm.saturating_add(ashore_ppm).max(0);
        state.stores.insert(place, Stock { lot: lying, since: at, carried_ppm });
    }
    state.cargo.insert(storage.good, aboard);
    hold::goes_along(state, storage.good, -ashore_ppm);
    hold::clear(state, storage.good);
}

/// Both lots after units went from one to the other with what they have cost.
fn moved(from: Lot, to: Lot, units: i64) -> (Lot, Lot) {
    let left = remaining(from, units);
    let cost_asses = from.cost_asses.saturating_sub(left.cost_asses);
    let grown = Lot {
        units: to.units.saturating_add(units),
        cost_asses: to.cost_asses.saturating_add(cost_asses),
    };
    (left, grown)
}

/// What is left of a lot; the cost leaves it in proportion.
pub(crate) fn remaining(lot: Lot, sold: i64) -> Lot {
    let units = lot.units.saturating_sub(sold);
    if lot.units <= 0 || units <= 0 {
        return Lot { units, cost_asses: 0 };
    }
    let cost = i128::from(lot.cost_asses) * i128::from(units) / i128::from(lot.units);
    // At most what it was, as `units` is at most `lot.units`.
    Lot { units, cost_asses: i64::try_from(cost).unwrap_or(lot.cost_asses) }
}

fn voyage(state: &State, at: At, departure: &Departure) -> Voyage {
    let clock = state.parameters.clock();
    let arrives_at = departure.arrives_at;
    let anchors_at = arrives_at.plus(-clock.real_duration(departure.waiting_us)).max(at);
    Voyage {
        from: departure.from.clone(),
        to: departure.to.clone(),
        departed_at: at,
        anchors_at,
        arrives_at,
        duration_us: clock.world_time(anchors_at).0.saturating_sub(clock.world_time(at).0),
        distance_m: departure.distance_m,
        risk_permille: departure.risk_permille,
        path: departure.path.clone(),
        perils: departure.perils.clone(),
    }
}
