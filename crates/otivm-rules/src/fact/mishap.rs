//! What may befall a ship: drawn and sealed when she sails, an event with its cause when it happens.

use super::payload::{amount, is_nothing};
use crate::{
    goods::GoodId,
    ledger::{Account, Commodity, Posting, transfer},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerilKind {
    /// No wind, or the wrong one: days are lost.
    Delay,
    Storm,
    /// Cargo goes overboard to save the ship.
    Jettison,
    Piracy,
    /// The ship is lost with all that is aboard; the merchant is carried on by another.
    Wreck,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Calm,
    Gale,
    /// A gale while the sea is closed.
    WinterGale,
    /// The ship laboured too heavily in a gale.
    LadenShip,
    Pirates,
    /// A ship that was not worn would have borne it.
    WornShip,
}

/// Sealed in the departure: what will happen, and how bad it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peril {
    pub kind: PerilKind,
    pub cause: Cause,
    /// World time after the departure.
    #[serde(deserialize_with = "amount")]
    pub after_us: i64,
    /// World time that it costs; the arrival counts it already.
    #[serde(deserialize_with = "amount")]
    pub delay_us: i64,
    /// 1,000 is the worst.
    #[serde(deserialize_with = "amount")]
    pub severity_permille: i64,
}

/// It happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mishap {
    pub kind: PerilKind,
    pub cause: Cause,
    /// Of the voyage's path the point that is near: longitude and latitude in thousandths of a degree.
    pub near: Option<[i32; 2]>,
    #[serde(deserialize_with = "amount")]
    pub delay_us: i64,
    /// Of the ship, millionths.
    #[serde(deserialize_with = "amount")]
    pub wear_ppm: i64,
    pub lost: Vec<Loss>,
    /// Coin that pirates took, or that went down with the ship.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub taken_asses: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    pub good: GoodId,
    #[serde(deserialize_with = "amount")]
    pub units: i64,
}

impl Mishap {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let taker = if self.kind == PerilKind::Piracy { Account::Pirates } else { Account::Sea };
        let mut postings = lost(&self.lost, &taker);
        postings.extend(transfer(Commodity::Coin, self.taken_asses, Account::Purse, taker));
        postings
    }
}

pub(super) fn lost(losses: &[Loss], to: &Account) -> Vec<Posting> {
    let moved =
        |loss: &Loss| transfer(Commodity::Good(loss.good), loss.units, Account::Hold, to.clone());
    losses.iter().flat_map(moved).collect()
}
