//! The values of moments, field by field, as they stand in the database.

use super::{
    hold::{Aged, Carried},
    mishap::{Loss, Peril, lost},
    villa::VillaStay,
};
use crate::{
    goods::GoodId,
    ids::PlaceId,
    ledger::{Account, Commodity, Posting, transfer},
    time::{At, Window},
};
use otivm_travel::ShipType;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// Ten thousand times the revenue of the empire in a year: nothing real is larger.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// As much of it as a moment may hold.
pub(crate) fn narrow(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(AMOUNT_MAX).clamp(0, AMOUNT_MAX)
}

/// What is begun counts whole: amounts are rounded against who is to pay or lose them. `divisor` is above 0.
pub(crate) fn ceil_div(dividend: i128, divisor: i128) -> i128 {
    dividend.div_euclid(divisor) + i128::from(dividend.rem_euclid(divisor) != 0)
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    pub home: PlaceId,
    pub ship: ShipType,
    pub ship_name: String,
    #[serde(deserialize_with = "amount")]
    pub purse_asses: i64,
    /// `en`, `la` or `it`.
    pub language: String,
}

/// The rules keep the hash and never read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionOpened {
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionClosed {
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverySet {
    pub hash: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Buy,
    Sell,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    pub side: Side,
    pub good: GoodId,
    #[serde(deserialize_with = "amount")]
    pub units: i64,
    pub place: PlaceId,
    /// Between merchant and dealers, without the toll.
    #[serde(deserialize_with = "amount")]
    pub total_asses: i64,
    /// The toll, paid by the merchant either way.
    #[serde(deserialize_with = "amount")]
    pub toll_asses: i64,
    /// What the price was made of, for whoever asks later.
    #[serde(deserialize_with = "amount")]
    pub base_milliasses: i64,
    #[serde(deserialize_with = "amount")]
    pub multiplier_permille: i64,
    #[serde(deserialize_with = "amount")]
    pub season_permille: i64,
    /// The market's window that it counts in.
    pub window: Window,
    /// What lay aboard of it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aboard: Option<Aged>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    pub from: PlaceId,
    pub to: PlaceId,
    pub ship: ShipType,
    /// As planned, world time.
    #[serde(deserialize_with = "amount")]
    pub planned_us: i64,
    /// As drawn: 1,000 is the plan.
    #[serde(deserialize_with = "amount")]
    pub pace_permille: i64,
    pub arrives_at: At,
    #[serde(deserialize_with = "amount")]
    pub distance_m: i64,
    #[serde(deserialize_with = "amount")]
    pub risk_permille: i64,
    #[serde(deserialize_with = "amount")]
    pub dues_asses: i64,
    #[serde(deserialize_with = "amount")]
    pub wages_asses: i64,
    #[serde(deserialize_with = "amount")]
    pub upkeep_asses: i64,
    /// For a ship that is another's.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub hire_asses: i64,
    /// Of the time until she is in: off the harbour, until there is a berth. World time.
    #[serde(default, deserialize_with = "amount", skip_serializing_if = "is_nothing")]
    pub waiting_us: i64,
    /// The way, longitude and latitude in thousandths of a degree.
    pub path: Vec<[i32; 2]>,
    /// What the voyage's chances are drawn from, hexadecimal.
    pub seed: String,
    /// Drawn from it; those of a life from before there were any are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perils: Vec<Peril>,
    /// Of the cargo, while the ship lay in harbour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoiled: Vec<Loss>,
    /// Of every good aboard that does not keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    pub place: PlaceId,
    /// Of the ship, millionths, by this voyage.
    #[serde(deserialize_with = "amount")]
    pub wear_ppm: i64,
    /// Of the cargo, under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoiled: Vec<Loss>,
    /// Of every good aboard that does not keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtiumBegin {
    pub place: PlaceId,
    #[serde(deserialize_with = "amount")]
    pub quality_permille: i64,
    /// What a day costs here. A life from before it was agreed on at the beginning is asked at the end.
    #[serde(default, deserialize_with = "told_amount", skip_serializing_if = "Option::is_none")]
    pub day_asses: Option<i64>,
    /// Leisure before this that no voyage has made up for, world time. An otium that tells it is counted by its own
    /// days, one of an older build by the day on which it began.
    #[serde(default, deserialize_with = "told_amount", skip_serializing_if = "Option::is_none")]
    pub tired_us: Option<i64>,
    /// Where the merchant had a villa of his own: what the quality is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub villa: Option<VillaStay>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtiumEnd {
    pub place: PlaceId,
    /// World time spent.
    #[serde(deserialize_with = "amount")]
    pub days_us: i64,
    #[serde(deserialize_with = "amount")]
    pub cost_asses: i64,
    #[serde(deserialize_with = "amount")]
    pub gravitas_milli: i64,
    /// World time that was paid for: only that was otium. A life from before this was told counts all of it.
    #[serde(default, deserialize_with = "told_amount", skip_serializing_if = "Option::is_none")]
    pub paid_us: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalEntry {
    pub text: String,
}

/// Support took the life back to an earlier moment, in a branch of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rewind {
    /// Hash of the last moment of the history that was left, hexadecimal.
    pub left: String,
    /// How many moments of it were not taken over.
    #[serde(deserialize_with = "amount")]
    pub moments: i64,
    pub reason: String,
}

/// A history that another server kept was taken over: everything before this moment is what a file said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Hash of its last moment, hexadecimal.
    pub head: String,
    #[serde(deserialize_with = "amount")]
    pub moments: i64,
    /// Hash of the state that it amounts to, hexadecimal.
    pub state: String,
}

/// The player left for good, and the life was archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {}

/// A chapter is done, and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// The one that begins, from 2; 13 when all are told.
    #[serde(deserialize_with = "amount")]
    pub chapter: i64,
}

impl Enrolment {
    pub(super) fn postings(&self) -> Vec<Posting> {
        transfer(Commodity::Coin, self.purse_asses, Account::Patrimony, Account::Purse).to_vec()
    }
}

impl Trade {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let dealers = || Account::Market(self.place.clone());
        let (coin_from, coin_to, good_from, good_to) = match self.side {
            Side::Buy => (Account::Purse, dealers(), dealers(), Account::Hold),
            Side::Sell => (dealers(), Account::Purse, Account::Hold, dealers()),
        };
        [
            self.aboard.unwrap_or_default().postings(self.good),
            transfer(Commodity::Coin, self.total_asses, coin_from, coin_to),
            transfer(Commodity::Coin, self.toll_asses, Account::Purse, Account::Fisc),
            transfer(Commodity::Good(self.good), self.units, good_from, good_to),
        ]
        .concat()
    }
}

impl Departure {
    pub(super) fn postings(&self) -> Vec<Posting> {
        let pay = |amount, to| transfer(Commodity::Coin, amount, Account::Purse, to);
        let mut postings = [
            pay(self.dues_asses, Account::Harbour(self.from.clone())),
            pay(self.wages_asses, Account::Crew),
            pay(self.upkeep_asses, Account::Yard),
            pay(self.hire_asses, Account::Shipowners),
        ]
        .concat();
        postings.extend(lost(&self.spoiled, &Account::Decay));
        postings
    }
}

impl Arrival {
    pub(super) fn postings(&self) -> Vec<Posting> {
        lost(&self.spoiled, &Account::Decay)
    }
}

impl OtiumEnd {
    pub(super) fn postings(&self) -> Vec<Posting> {
        transfer(Commodity::Coin, self.cost_asses, Account::Purse, Account::Household).to_vec()
    }
}

pub(super) fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let amount = i64::deserialize(deserializer)?;
    if (0..=AMOUNT_MAX).contains(&amount) {
        Ok(amount)
    } else {
        Err(D::Error::custom(format!("an amount is 0 to {AMOUNT_MAX}, not {amount}")))
    }
}

/// Where it is told at all.
fn told_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    amount(deserializer).map(Some)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn is_nothing(amount: &i64) -> bool {
    *amount == 0
}
