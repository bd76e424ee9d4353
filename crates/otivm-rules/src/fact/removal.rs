//! What becomes of who and what is in a place that its world has lost.

use super::{
    mishap::Loss,
    payload::{amount, is_nothing},
    villa::BOOKS,
};
use crate::{
    ids::PlaceId,
    ledger::{Account, Commodity, Posting, transfer},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The world that is played in has no such place.
    PlaceLost,
}

/// From here on `from` is counted to its neighbour: the merchant goes there with ship and hold, if he was in it, and
/// what lay in its warehouses lies in those of the neighbour. A villa there is no more: what it had cost is given back,
/// and its books lie in the warehouses of the neighbour too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    pub from: PlaceId,
    pub to: PlaceId,
    pub reason: Why,
    /// All that lay in its warehouses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Loss>,
    /// What the villa there had cost.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub villa_asses: i64,
    /// Units that its library held.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub books: i64,
}

impl Removal {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let (from, to) = (Account::Horreum(self.from.clone()), Account::Horreum(self.to.clone()));
        let moved = |Loss { good, units }: &Loss| {
            transfer(Commodity::Good(*good), *units, from.clone(), to.clone())
        };
        let villa = || Account::Villa(self.from.clone());
        let of_the_villa = [
            transfer(Commodity::Coin, self.villa_asses, villa(), Account::Purse),
            transfer(BOOKS, self.books, villa(), to.clone()),
        ];
        self.moved.iter().flat_map(moved).chain(of_the_villa.concat()).collect()
    }
}
