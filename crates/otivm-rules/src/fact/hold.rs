//! What time does to goods aboard, told by whatever touches them.

use super::{
    mishap::Loss,
    payload::{amount, is_nothing},
};
use crate::{
    goods::GoodId,
    ledger::{Account, Commodity, Posting, transfer},
};
use serde::{Deserialize, Serialize};

/// One good aboard, reckoned up before anything else is done with it. A life from before goods aged in harbour
/// says nothing of it, and neither does a good that keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aged {
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub spoiled_units: i64,
    /// Of a unit that has begun to spoil, millionths: carried on, so that looking often saves nothing.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub carried_ppm: i64,
}

/// As [`Aged::carried_ppm`], where several goods are reckoned up at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    pub good: GoodId,
    #[serde(deserialize_with = "amount")]
    pub ppm: i64,
}

impl Aged {
    pub(super) fn postings(self, good: GoodId) -> [Posting; 2] {
        transfer(Commodity::Good(good), self.spoiled_units, Account::Hold, Account::Decay)
    }

    pub(crate) fn loss(self, good: GoodId) -> Option<Loss> {
        (self.spoiled_units > 0).then_some(Loss { good, units: self.spoiled_units })
    }
}
