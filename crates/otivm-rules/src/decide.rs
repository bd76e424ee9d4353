//! `decide(state, command, world, now, chance) -> facts or a refusal`: it may refuse and changes nothing.
//!
//! `now` is the moment at which the facts will be written, so what is due has been settled before.

mod enrol;
mod journal;
mod loan;
mod otium;
mod perils;
mod relief;
mod removal;
mod season;
mod stay;
mod storage;
mod trade;
mod villa;
mod voyage;
mod yard;

pub use enrol::SHIP_NAME_MAX;
pub use journal::JOURNAL_TEXT_MAX;
pub use loan::{LoanOffer, loan_offer};
pub use otium::otium_day_asses;
pub(crate) use otium::{SATED_PERMILLE, TIRED_PERMILLE, bill, day_asses, gravitas_milli};
pub(crate) use perils::{BEFALLS_AFTER, LIGHTENED_BEYOND, ODDS_MOST, WORN_RISK_PERMILLE};
pub use relief::relief_asses;
pub use removal::lost_places;
pub use season::sea_is_closed;
pub(crate) use season::{CLOSED, closed_us};
pub use stay::{OtiumOffer, otium_most_permille, otium_offer};
pub(crate) use stay::{guest_day_asses, stay, villa_day_asses};
pub use storage::{Reckoning, reckoned};
pub use trade::UNITS_MAX;
pub(crate) use villa::{least_price_asses, villas_asses};
pub use villa::{villa_offer_asses, villa_price_asses, villa_resale_asses};
pub use voyage::{VoyageCosts, voyage_costs};
pub use yard::{charter_asses, repair_asses, resale_asses};

use crate::{
    chance::Chance,
    command::Command,
    fact::Fact,
    ids::PlaceId,
    refusal::Refusal,
    state::{Location, Ship, State},
    time::At,
    world::{Town, World},
};

pub fn decide(
    state: &State,
    command: &Command,
    world: &World,
    now: At,
    chance: Chance,
) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::Enrol(enrol) => enrol::decide(state, enrol, world),
        Command::Trade { side, good, units } => {
            trade::decide(state, world, *side, *good, *units, now)
        }
        Command::Depart(plan) => voyage::decide(state, plan, world, now, chance),
        Command::BeginOtium { guests } => otium::begin(state, world, *guests),
        Command::EndOtium => otium::end(state, world, now),
        Command::WriteJournal { text } => journal::decide(state, text),
        Command::Store { way, good, units } => {
            storage::decide(state, world, *way, *good, *units, now)
        }
        Command::Repair { wear_permille } => yard::repair(state, *wear_permille),
        Command::BuyShip { ship, name } => yard::buy(state, world, *ship, name),
        Command::SellShip => yard::sell(state),
        Command::Charter { ship } => yard::charter(state, world, *ship, chance),
        Command::Borrow { principal_asses, plan } => {
            loan::borrow(state, plan, world, *principal_asses, now)
        }
        Command::Repay => loan::repay(state, now),
        Command::AskFriends => relief::decide(state, world, now),
        Command::MoveOn { refuges } => removal::decide(state, world, refuges),
        Command::BuyVilla => villa::buy(state, world),
        Command::SellVilla { place } => villa::sell(state, place),
        Command::Shelve { way, units } => villa::shelve(state, *way, *units, now),
    }
}

/// Where the merchant stands, if it is on land.
fn ashore(state: &State) -> Result<&PlaceId, Refusal> {
    match &state.location {
        Location::Nowhere => Err(Refusal::NotEnrolled),
        Location::AtSea(voyage) => Err(Refusal::AtSea { to: voyage.to.clone() }),
        Location::Ashore { place, .. } => Ok(place),
    }
}

/// On land, and not at leisure.
fn in_business(state: &State) -> Result<&PlaceId, Refusal> {
    let place = ashore(state)?;
    if state.otium.is_some() { Err(Refusal::InOtium) } else { Ok(place) }
}

fn town<'world>(world: &'world World, place: &PlaceId) -> Result<&'world Town, Refusal> {
    world.town(place).ok_or_else(|| Refusal::UnknownPlace(place.clone()))
}

/// The ship that the merchant has in hand.
fn ship(state: &State) -> Result<&Ship, Refusal> {
    let none = if state.merchant.is_some() { Refusal::NoShip } else { Refusal::NotEnrolled };
    state.ship.as_ref().ok_or(none)
}

fn afford(state: &State, needed_asses: i64) -> Result<(), Refusal> {
    let held_asses = state.purse();
    if needed_asses <= held_asses {
        Ok(())
    } else {
        Err(Refusal::TooPoor { needed_asses, held_asses })
    }
}
