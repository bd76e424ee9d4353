//! What is lent on a ship, and how it comes back; what friends give to whom nobody lends.

use super::payload::{amount, is_nothing};
use crate::{
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

/// Friends come to terms with the lender, if there is one, and fill the purse a little.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relief {
    pub place: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub given_asses: i64,
    /// That it takes away.
    #[serde(deserialize_with = "amount")]
    pub gravitas_milli: i64,
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
        transfer(Commodity::Coin, self.given_asses, Account::Friends, Account::Purse).to_vec()
    }
}
