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
