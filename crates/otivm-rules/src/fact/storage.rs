//! Goods laid into a warehouse and fetched from it, with what the keeper was owed until then.

use super::{
    hold::Aged,
    payload::{amount, is_nothing},
};
use crate::{
    goods::GoodId,
    ids::PlaceId,
    ledger::{Account, Commodity, Posting, transfer},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// From the hold into the warehouse.
    In,
    /// From the warehouse into the hold.
    Out,
}

/// What lay there of this good is reckoned up first: spoiled, paid for, and only then moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    pub way: Way,
    pub good: GoodId,
    #[serde(deserialize_with = "amount")]
    pub units: i64,
    pub place: PlaceId,
    /// Rent for all that lay there since it was last reckoned up.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub rent_asses: i64,
    /// Units that the keeper kept for rent that the purse did not hold.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub pledged_units: i64,
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub spoiled_units: i64,
    /// Of a unit that has begun to spoil, millionths: carried on, so that looking often saves nothing.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub carried_ppm: i64,
    /// As much of what has begun to spoil as goes along with the units, millionths. Older builds left it behind.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub moved_ppm: i64,
    /// What was in the hold of it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aboard: Option<Aged>,
}

impl Storage {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let warehouse = || Account::Horreum(self.place.clone());
        let good = Commodity::Good(self.good);
        let (from, to) = match self.way {
            Way::In => (Account::Hold, warehouse()),
            Way::Out => (warehouse(), Account::Hold),
        };
        [
            self.aboard.unwrap_or_default().postings(self.good),
            transfer(Commodity::Coin, self.rent_asses, Account::Purse, warehouse()),
            transfer(good, self.spoiled_units, warehouse(), Account::Decay),
            // The keeper has no use for goods: he sells a pledge to the dealers.
            transfer(good, self.pledged_units, warehouse(), Account::Market(self.place.clone())),
            transfer(good, self.units, from, to),
        ]
        .concat()
    }
}
