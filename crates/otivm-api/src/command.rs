//! What a player may ask for, and what came of it.

use crate::Me;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Buy,
    Sell,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"side": "buy", "good": "wheat", "units": 12}))]
pub struct TradeRequest {
    pub side: Side,
    /// Id of a good of `/world`.
    pub good: String,
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub units: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// From the hold into the warehouse, or the library.
    In,
    /// From there into the hold.
    Out,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"way": "in", "good": "wheat", "units": 12}))]
pub struct StorageRequest {
    pub way: Way,
    /// Id of a good of `/world`.
    pub good: String,
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub units: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "puteoli"}))]
pub struct VoyageRequest {
    /// Id of a place with a sea harbour.
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Hodie nihil nisi mare."}))]
pub struct JournalRequest {
    /// 1 to 4,000 characters. It never leaves this server in any snapshot.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"wear_permille": 12}))]
pub struct RepairRequest {
    /// How much of the ship's wear is put right, thousandths of the ship; at most `wear_permille` of `/me`.
    #[schema(minimum = 1, maximum = 1000)]
    pub wear_permille: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "actuaria", "name": "Isis"}))]
pub struct ShipRequest {
    /// Id of a ship of `/world`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is painted on her stern.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "actuaria"}))]
pub struct CharterRequest {
    /// Id of a ship of `/world`.
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "puteoli", "principal_asses": 8000}))]
pub struct LoanRequest {
    /// Id of the place that the voyage is to go to.
    pub to: String,
    /// At most `most_asses` of the plan's `loan`.
    #[schema(minimum = 1)]
    pub principal_asses: i64,
}

/// One record of the player's timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Moment {
    /// Microseconds since 1970, UTC; strictly increasing within one life.
    pub at: i64,
    /// `parameter`, `action` or `event`.
    pub kind: String,
    pub name: String,
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
    /// A part of the value is kept back until it has happened: of a departure what will befall the voyage, and
    /// when it will really end. `/me` says when the ship is expected.
    #[serde(default)]
    pub sealed: bool,
}

/// The answer to a command. The same key gets the same answer, for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// The moments that the command led to; they are on the disk.
    pub moments: Vec<Moment>,
    /// The life right after them.
    pub me: Me,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Moments {
    pub moments: Vec<Moment>,
    /// Ask again with `after` set to this; null at the end.
    pub next: Option<i64>,
}
