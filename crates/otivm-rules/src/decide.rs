//! `decide(state, command, world, now, chance) -> facts or a refusal`: it may refuse and changes nothing.
//!
//! `now` is the moment at which the facts will be written, so what is due has been settled before.

mod enrol;
mod journal;
mod otium;
mod perils;
mod trade;
mod voyage;

pub use enrol::SHIP_NAME_MAX;
pub use journal::JOURNAL_TEXT_MAX;
pub use trade::UNITS_MAX;
pub use voyage::{VoyageCosts, sea_is_closed, voyage_costs};

use crate::{
    chance::Chance,
    command::Command,
    fact::Fact,
    ids::PlaceId,
    refusal::Refusal,
    state::{Location, State},
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
        Command::BeginOtium => otium::begin(state, world),
        Command::EndOtium => otium::end(state, world, now),
        Command::WriteJournal { text } => journal::decide(state, text),
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

fn afford(state: &State, needed_asses: i64) -> Result<(), Refusal> {
    let held_asses = state.purse();
    if needed_asses <= held_asses {
        Ok(())
    } else {
        Err(Refusal::TooPoor { needed_asses, held_asses })
    }
}
