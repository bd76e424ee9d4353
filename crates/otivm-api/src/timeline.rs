//! What a life looks like in intervals, derived from its moments and stored nowhere.

use crate::WorldDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    /// What lasts first, then what ended last.
    pub labels: Vec<Label>,
    /// Ask again with `before` set to this; null at the beginning of the life. What lies behind it never changes.
    pub earlier: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Label {
    /// `voyage`, `sojourn`, `otium`, `journal`, `season`, `chapter`, `ship` or `loan`.
    pub label: String,
    /// Short, in Latin names and English words: `Ostia – Alexandria`.
    pub title: String,
    /// Real time, RFC 3339 with microseconds.
    pub from: String,
    /// Null while it lasts.
    pub to: Option<String>,
    pub world_from: WorldDate,
    pub world_to: Option<WorldDate>,
    /// `at` of the moments that it was read from.
    pub evidence: Vec<i64>,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// Double entry: what left one account entered another. All balances of one commodity add up to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ledger {
    /// In the order of accounts; those whose balance is nothing are left out.
    pub lines: Vec<LedgerLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerLine {
    /// `purse`, `hold`, `patrimony`, `market`, `fisc`, `harbour`, `crew`, `yard`, `household`, `sea`, `pirates`, `decay`, `horreum`, `shipowners`, `friends`, `lenders` or `villa`.
    pub account: String,
    /// Of a market, a harbour, a warehouse (`horreum`), its lenders or a villa.
    pub place: Option<String>,
    /// Null is coin.
    pub good: Option<String>,
    /// Asses, or units of the good. What the merchant paid out is positive in the account that was paid.
    pub balance: i64,
}
