//! What is done to ships in harbour.

use super::payload::{amount, is_nothing};
use crate::{
    ids::PlaceId,
    ledger::{Account, Commodity, Posting, transfer},
};
use otivm_travel::ShipType;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    pub place: PlaceId,
    /// That is put right, millionths of the ship.
    #[serde(deserialize_with = "amount")]
    pub wear_ppm: i64,
    #[serde(deserialize_with = "amount")]
    pub cost_asses: i64,
}

/// The merchant's old ship, where there is one, goes in part payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipPurchase {
    pub place: PlaceId,
    pub ship: ShipType,
    pub ship_name: String,
    #[serde(deserialize_with = "amount")]
    pub price_asses: i64,
    /// What the yard gave for the old one.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub traded_in_asses: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipSale {
    pub place: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub price_asses: i64,
}

/// A ship that is another's: hired by the voyage, until the merchant takes the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charter {
    pub place: PlaceId,
    pub ship: ShipType,
    pub ship_name: String,
}

impl Repair {
    pub(super) fn postings(&self) -> Vec<Posting> {
        transfer(Commodity::Coin, self.cost_asses, Account::Purse, Account::Yard).to_vec()
    }
}

impl ShipPurchase {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let pays = |amount, from, to| transfer(Commodity::Coin, amount, from, to);
        [
            pays(self.traded_in_asses, Account::Yard, Account::Purse),
            pays(self.price_asses, Account::Purse, Account::Yard),
        ]
        .concat()
    }
}

impl ShipSale {
    pub(super) fn postings(&self) -> Vec<Posting> {
        transfer(Commodity::Coin, self.price_asses, Account::Yard, Account::Purse).to_vec()
    }
}
