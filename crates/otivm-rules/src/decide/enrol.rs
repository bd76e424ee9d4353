//! A life begins.

use super::town;
use crate::{
    command::Enrol,
    fact::{Enrolment, Fact},
    parameters::ParameterId,
    refusal::Refusal,
    state::State,
    world::World,
};
use otivm_travel::ShipType;

/// Characters of a ship's name: it must fit a stern, and a line on the screen.
pub const SHIP_NAME_MAX: usize = 40;
const LANGUAGES: [&str; 3] = ["en", "la", "it"];

pub(super) fn decide(state: &State, enrol: &Enrol, world: &World) -> Result<Vec<Fact>, Refusal> {
    if state.merchant.is_some() {
        return Err(Refusal::AlreadyEnrolled);
    }
    let home = town(world, &enrol.home)?;
    if !home.sea_harbour {
        return Err(Refusal::NoHarbour(home.id.clone()));
    }
    if !LANGUAGES.contains(&enrol.language.as_str()) {
        return Err(Refusal::UnknownLanguage(enrol.language.chars().take(16).collect()));
    }
    let ship_name = ship_name(&enrol.ship_name)?;
    let index = state.parameters.get(ParameterId::ShipAtEnrolment);
    let ship = usize::try_from(index)
        .ok()
        .and_then(|index| ShipType::ALL.get(index).copied())
        .unwrap_or(ShipType::CorbitaMinor);
    Ok(vec![Fact::Enrolment(Enrolment {
        home: home.id.clone(),
        ship,
        ship_name,
        purse_asses: state.parameters.get(ParameterId::PurseAtEnrolment),
        language: enrol.language.clone(),
    })])
}

/// A name as it is painted on the stern.
pub(super) fn ship_name(wanted: &str) -> Result<String, Refusal> {
    let name = wanted.trim();
    let length = name.chars().count();
    if (1..=SHIP_NAME_MAX).contains(&length) {
        Ok(name.to_owned())
    } else {
        Err(Refusal::ShipName { length, most: SHIP_NAME_MAX })
    }
}
