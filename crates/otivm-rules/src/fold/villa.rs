//! Villas, and the books that go into and out of their libraries.

use super::{hold, moved};
use crate::{
    fact::{Shelving, VillaPurchase, VillaSale, Way},
    goods::GoodId,
    state::{State, Villa},
    time::At,
};

pub(super) fn bought(state: &mut State, purchase: &VillaPurchase) {
    let villa = Villa { paid_asses: purchase.price_asses, ..Villa::default() };
    state.villas.insert(purchase.place.clone(), villa);
}

pub(super) fn sold(state: &mut State, sale: &VillaSale) {
    state.villas.remove(&sale.place);
}

/// Of a villa that is none the ledger alone knows.
pub(super) fn shelved(state: &mut State, at: At, shelving: &Shelving) {
    let Some(mut villa) = state.villas.get(&shelving.place).copied() else { return };
    hold::age(state, at, GoodId::Books, shelving.aboard);
    let aboard = state.cargo.remove(&GoodId::Books).unwrap_or_default();
    let (books, aboard, shelved_ppm) = match shelving.way {
        Way::In => {
            let (aboard, books) = moved(aboard, villa.books, shelving.units);
            (books, aboard, shelving.moved_ppm)
        }
        Way::Out => {
            let (books, aboard) = moved(villa.books, aboard, shelving.units);
            (books, aboard, -shelving.moved_ppm)
        }
    };
    villa.books = books;
    villa.carried_ppm = villa.carried_ppm.saturating_add(shelved_ppm).max(0);
    state.villas.insert(shelving.place.clone(), villa);
    state.cargo.insert(GoodId::Books, aboard);
    hold::goes_along(state, GoodId::Books, -shelved_ppm);
    hold::clear(state, GoodId::Books);
}
