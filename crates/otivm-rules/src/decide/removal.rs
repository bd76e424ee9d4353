//! A way out of places that a new world has lost (decision 77).

use super::{in_business, town};
use crate::{
    command::Refuge,
    fact::{Fact, Loss, Removal, Why},
    ids::PlaceId,
    refusal::Refusal,
    state::State,
    world::World,
};
use std::collections::BTreeSet;

/// Where this life is or has something, and its world knows no such place.
pub fn lost_places(state: &State, world: &World) -> BTreeSet<PlaceId> {
    let stored = state.stores.keys().map(|(place, _)| place);
    let had = state.place().into_iter().chain(stored).chain(state.villas.keys());
    had.filter(|id| world.town(id).is_none()).cloned().collect()
}

pub(super) fn decide(
    state: &State,
    world: &World,
    refuges: &[Refuge],
) -> Result<Vec<Fact>, Refusal> {
    in_business(state)?;
    let lost = lost_places(state, world);
    if lost.is_empty() {
        return Err(Refusal::NothingLost);
    }
    let removal = |from: PlaceId| {
        let refuge = refuges.iter().find(|refuge| refuge.from == from);
        let refuge = refuge.ok_or_else(|| Refusal::UnknownPlace(from.clone()))?;
        if !town(world, &refuge.to)?.sea_harbour {
            return Err(Refusal::NoHarbour(refuge.to.clone()));
        }
        let there = state.stores.iter().filter(|((place, _), _)| *place == from);
        let moved =
            there.map(|((_, good), stock)| Loss { good: *good, units: stock.lot.units }).collect();
        let villa = state.villas.get(&from);
        Ok(Fact::Removal(Removal {
            to: refuge.to.clone(),
            reason: Why::PlaceLost,
            moved,
            villa_asses: villa.map_or(0, |villa| villa.paid_asses),
            books: villa.map_or(0, |villa| villa.books.units),
            from,
        }))
    };
    lost.into_iter().map(removal).collect()
}
