//! What a life looks like in intervals, derived from its moments and stored nowhere.

use crate::WorldDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    /// In the order in which they began.
    pub labels: Vec<Label>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Label {
    /// `voyage`, `otium`, `sojourn`, `journal`, `season`, `chapter`, …
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
