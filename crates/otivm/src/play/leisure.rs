//! What a merchant keeps for his leisure, in the words of the API.

use crate::world::Scene;
use otivm_api::{OtiumOffer, OtiumView, VillaStay, VillaView};
use otivm_rules::{
    PlaceId, State,
    decide::{otium_most_permille, otium_offer, villa_offer_asses, villa_resale_asses},
    fact,
    parameters::ParameterId,
    state::{Otium, Villa},
};

pub(super) fn otium(state: &State, otium: &Otium) -> OtiumView {
    OtiumView {
        place: otium.place.to_string(),
        since: super::view::rfc3339(otium.since),
        quality: otium.quality_permille,
        most_permille: otium_most_permille(&state.parameters, otium.villa.is_some()),
        villa: otium.villa.map(stay),
    }
}

fn stay(stay: fact::VillaStay) -> VillaStay {
    let fact::VillaStay {
        place_permille,
        villa_permille,
        library_permille,
        guests,
        guests_permille,
    } = stay;
    VillaStay { place_permille, villa_permille, library_permille, guests, guests_permille }
}

/// In otium no other can begin.
pub(super) fn offer(state: &State, scene: &Scene) -> Option<OtiumOffer> {
    let offer = otium_offer(state, &scene.rules).filter(|_| state.otium.is_none())?;
    let villa_asses = villa_offer_asses(state, &scene.rules);
    let resold = |paid_asses| {
        let villa = Villa { paid_asses, ..Villa::default() };
        villa_resale_asses(&state.parameters, &villa).0
    };
    Some(OtiumOffer {
        place_permille: offer.place_permille,
        villa_permille: offer.villa_permille,
        library_permille: offer.library_permille,
        guest_permille: offer.guest_permille,
        guests_most: offer.guests_most,
        most_permille: offer.most_permille,
        day_asses: offer.day_asses,
        guest_day_asses: offer.guest_day_asses,
        villa_asses,
        villa_resale_asses: villa_asses.map(resold),
    })
}

pub(super) fn villas(state: &State) -> Vec<VillaView> {
    let view = |(place, villa): (&PlaceId, &Villa)| {
        let (resale_asses, books_resale_asses) = villa_resale_asses(&state.parameters, villa);
        VillaView {
            place: place.to_string(),
            paid_asses: villa.paid_asses,
            resale_asses,
            books: villa.books.units,
            books_most: state.parameters.get(ParameterId::LibraryRoom),
            books_cost_asses: villa.books.cost_asses,
            books_resale_asses,
        }
    };
    state.villas.iter().map(view).collect()
}
