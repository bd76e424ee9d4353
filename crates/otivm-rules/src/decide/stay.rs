//! What leisure is made of and what its day costs, before it is begun: the place, and what the merchant keeps there.

use super::otium::day_asses;
use crate::{
    fact::VillaStay,
    market::leisure::QUALITY_MOST,
    parameters::{ParameterId, Parameters},
    state::{State, Villa},
    world::{Town, World, rank_permille},
};

/// An otium as it could begin where the merchant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtiumOffer {
    /// Thousandths of quality, as all that is added to it.
    pub place_permille: i64,
    pub villa_permille: i64,
    pub library_permille: i64,
    /// For each of them.
    pub guest_permille: i64,
    /// Nobody has guests without a villa.
    pub guests_most: i64,
    /// What all of it together may come to.
    pub most_permille: i64,
    /// Without guests.
    pub day_asses: i64,
    /// For each guest.
    pub guest_day_asses: i64,
}

impl OtiumOffer {
    /// With so many guests.
    pub fn quality_permille(&self, guests: i64) -> i64 {
        let kept = self.villa_permille.saturating_add(self.library_permille);
        let guests = self.guest_permille.saturating_mul(guests);
        let sum = self.place_permille.saturating_add(kept).saturating_add(guests);
        sum.min(self.most_permille)
    }

    pub fn day_asses(&self, guests: i64) -> i64 {
        self.day_asses.saturating_add(self.guest_day_asses.saturating_mul(guests))
    }
}

/// The quality that no otium is beyond, in a villa of one's own or without one.
pub fn otium_most_permille(parameters: &Parameters, in_villa: bool) -> i64 {
    if in_villa { parameters.get(ParameterId::OtiumMost) } else { QUALITY_MOST }
}

/// None at sea, and in a place that its world has lost.
pub fn otium_offer(state: &State, world: &World) -> Option<OtiumOffer> {
    Some(offer(state, world.town(state.place()?)?))
}

pub(super) fn offer(state: &State, town: &Town) -> OtiumOffer {
    let get = |id| state.parameters.get(id);
    let villa = state.villas.get(&town.id);
    let place_permille = town.otium_quality_permille.clamp(0, QUALITY_MOST);
    let day = day_asses(state, town.rank);
    match villa {
        None => OtiumOffer {
            place_permille,
            villa_permille: 0,
            library_permille: 0,
            guest_permille: 0,
            guests_most: 0,
            most_permille: otium_most_permille(&state.parameters, false),
            day_asses: day,
            guest_day_asses: 0,
        },
        Some(villa) => OtiumOffer {
            place_permille,
            villa_permille: get(ParameterId::VillaQuality),
            library_permille: library_permille(state, villa),
            guest_permille: get(ParameterId::GuestQuality),
            guests_most: get(ParameterId::GuestsMost),
            most_permille: otium_most_permille(&state.parameters, true),
            day_asses: day.saturating_add(villa_day_asses(state, town.rank)),
            guest_day_asses: guest_day_asses(state, town.rank),
        },
    }
}

pub(crate) fn villa_day_asses(state: &State, rank: u8) -> i64 {
    state.parameters.get(ParameterId::VillaUpkeep) * rank_permille(rank) / 1000
}

pub(crate) fn guest_day_asses(state: &State, rank: u8) -> i64 {
    state.parameters.get(ParameterId::GuestCost) * rank_permille(rank) / 1000
}

fn library_permille(state: &State, villa: &Villa) -> i64 {
    villa.books.units.saturating_mul(state.parameters.get(ParameterId::LibraryCase))
}

/// In a villa, as its owner's history tells it: what follows from it, and the place's own.
pub(crate) fn stay(state: &State, villa: &Villa, place_permille: i64, guests: i64) -> VillaStay {
    VillaStay {
        place_permille,
        villa_permille: state.parameters.get(ParameterId::VillaQuality),
        library_permille: library_permille(state, villa),
        guests,
        guests_permille: state.parameters.get(ParameterId::GuestQuality).saturating_mul(guests),
    }
}
