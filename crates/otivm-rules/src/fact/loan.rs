//! What is lent on a ship, and how it comes back; what friends give to whom nobody lends.

use super::payload::{amount, is_nothing};
use crate::{
    goods::GoodId,
    ids::PlaceId,
    ledger::{Account, Commodity, Posting, transfer},
};
use serde::{Deserialize, Serialize};

/// Lent for one voyage; owed only if she comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeaLoan {
    /// Where the lender sits.
    pub place: PlaceId,
    /// Where the ship is bound for.
    pub to: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub principal_asses: i64,
    /// Owed beside the principal when she has come in.
    #[serde(deserialize_with = "amount")]
    pub premium_asses: i64,
}

/// By the merchant, or taken from the purse when it fell due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repayment {
    /// Where the lender sits.
    pub lender: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub paid_asses: i64,
    /// Still owed.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub left_asses: i64,
}

/// Friends come to terms with the lender, if there is one, and fill the purse a little. Whom a debt is forgiven gives
/// up what it could have been paid from (cessio bonorum: Gaius 3.78).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relief {
    pub place: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub given_asses: i64,
    /// That it takes away.
    #[serde(deserialize_with = "amount")]
    pub gravitas_milli: i64,
    /// What the lender gets: all that lies in warehouses of other places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ceded: Vec<Ceded>,
}

/// Of one good in the warehouse of one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceded {
    pub place: PlaceId,
    pub good: GoodId,
    #[serde(deserialize_with = "amount")]
    pub units: i64,
}

impl SeaLoan {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let lenders = Account::Lenders(self.place.clone());
        transfer(Commodity::Coin, self.principal_asses, lenders, Account::Purse).to_vec()
    }
}

impl Repayment {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let lenders = Account::Lenders(self.lender.clone());
        transfer(Commodity::Coin, self.paid_asses, Account::Purse, lenders).to_vec()
    }
}

impl Relief {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let given = transfer(Commodity::Coin, self.given_asses, Account::Friends, Account::Purse);
        // The lender has no use for goods: he sells them to the dealers where they lie.
        let sold = |Ceded { place, good, units }: &Ceded| {
            let (warehouse, dealers) =
                (Account::Horreum(place.clone()), Account::Market(place.clone()));
            transfer(Commodity::Good(*good), *units, warehouse, dealers)
        };
        given.into_iter().chain(self.ceded.iter().flat_map(sold)).collect()
    }
}
