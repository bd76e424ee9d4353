//! What a harbour offers beside its market: a yard, ships, lenders, friends.

use super::PlayError;
use crate::{players::Desk, world::Scene};
use otivm_api::{Harbour, ShipOffer};
use otivm_rules::{
    At,
    decide::{charter_asses, relief_asses, repair_asses, resale_asses},
    parameters::{ParameterId, Parameters},
    refusal::Refusal,
    ships::{HULLS, Hull},
};

pub(crate) fn harbour(desk: &mut Desk, scene: &Scene, now: At) -> Result<Harbour, PlayError> {
    let at = desk.present(now)?;
    let state = desk.life()?.state();
    if let Some(voyage) = state.voyage() {
        return Err(Refusal::AtSea { to: voyage.to.clone() }.into());
    }
    let here = state.place().ok_or(Refusal::NotEnrolled)?;
    let town = scene.rules.town(here).ok_or_else(|| PlayError::PlaceUnknown(here.to_string()))?;
    let parameters = &state.parameters;
    let own = state.ship.as_ref().filter(|ship| !ship.chartered);
    let offer = |hull: &Hull| ship_offer(hull, town.rank, parameters);
    Ok(Harbour {
        place: here.to_string(),
        repair_asses: own.map_or(0, |ship| repair_asses(parameters, ship, ship.wear_ppm / 1000)),
        resale_asses: own.map_or(0, |ship| resale_asses(parameters, ship)),
        ships: HULLS.iter().map(offer).collect(),
        lenders: i64::from(town.rank) <= parameters.get(ParameterId::LenderRank),
        relief_asses: relief_asses(state, &scene.rules, at),
    })
}

fn ship_offer(hull: &Hull, rank: u8, parameters: &Parameters) -> ShipOffer {
    ShipOffer {
        kind: hull.ship.as_str().to_owned(),
        here: rank <= hull.harbour_rank,
        price_asses: hull.price_asses,
        hire_asses: charter_asses(parameters, hull),
    }
}
