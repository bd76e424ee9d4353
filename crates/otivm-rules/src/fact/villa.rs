//! A villa: bought, lived in, its library filled and emptied, and sold.

use super::{
    hold::Aged,
    payload::{amount, is_nothing},
    storage::Way,
};
use crate::{
    goods::GoodId,
    ids::PlaceId,
    ledger::{Account, Commodity, Posting, transfer},
};
use serde::{Deserialize, Serialize};

pub(super) const BOOKS: Commodity = Commodity::Good(GoodId::Books);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VillaPurchase {
    pub place: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub price_asses: i64,
}

/// By word of mouth, or by letter from another harbour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VillaSale {
    pub place: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub price_asses: i64,
    /// Units of books that were sold with it: whoever writes a letter cannot fetch them.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub books: i64,
    /// What was given for them.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub books_asses: i64,
}

/// Books between the hold and the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shelving {
    /// In: from the hold onto the shelves.
    pub way: Way,
    #[serde(deserialize_with = "amount")]
    pub units: i64,
    pub place: PlaceId,
    /// As much of what has begun to spoil as goes along with the units, millionths.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub moved_ppm: i64,
    /// What was in the hold of them before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aboard: Option<Aged>,
}

/// What an otium in one's own villa is made of, thousandths of quality; together they are its quality, up to
/// `otium_most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VillaStay {
    /// Of the place alone.
    #[serde(deserialize_with = "amount")]
    pub place_permille: i64,
    #[serde(deserialize_with = "amount")]
    pub villa_permille: i64,
    #[serde(deserialize_with = "amount")]
    pub library_permille: i64,
    /// People.
    #[serde(deserialize_with = "amount")]
    pub guests: i64,
    #[serde(deserialize_with = "amount")]
    pub guests_permille: i64,
}

impl VillaStay {
    /// Of the parts, before any limit.
    pub fn sum_permille(&self) -> i64 {
        let Self { place_permille, villa_permille, library_permille, guests_permille, .. } = *self;
        place_permille
            .saturating_add(villa_permille)
            .saturating_add(library_permille)
            .saturating_add(guests_permille)
    }
}

impl VillaPurchase {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let villa = Account::Villa(self.place.clone());
        transfer(Commodity::Coin, self.price_asses, Account::Purse, villa).to_vec()
    }
}

impl VillaSale {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let villa = || Account::Villa(self.place.clone());
        let dealers = || Account::Market(self.place.clone());
        [
            transfer(Commodity::Coin, self.price_asses, villa(), Account::Purse),
            transfer(Commodity::Coin, self.books_asses, dealers(), Account::Purse),
            transfer(BOOKS, self.books, villa(), dealers()),
        ]
        .concat()
    }
}

impl Shelving {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let library = Account::Villa(self.place.clone());
        let (from, to) = match self.way {
            Way::In => (Account::Hold, library),
            Way::Out => (library, Account::Hold),
        };
        let spoiled = self.aboard.unwrap_or_default().postings(GoodId::Books);
        [spoiled, transfer(BOOKS, self.units, from, to)].concat()
    }
}
