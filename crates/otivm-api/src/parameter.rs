//! The numbers that the game is played with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A row of the registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Parameter {
    /// `rules`, `fixed`, `goods`, `ships` or `travel`.
    pub part: String,
    /// `portorium`, `goods.wheat.cost`, `travel.windward`.
    pub id: String,
    /// `integer` or `number`: of its bounds and its default.
    #[serde(rename = "type")]
    pub kind: String,
    pub unit: String,
    /// What stands fast has its value for bounds. Of moments and world times bounds may be beyond 2^53.
    #[schema(value_type = f64)]
    pub least: Figure,
    #[schema(value_type = f64)]
    pub most: Figure,
    #[schema(value_type = f64)]
    pub default: Figure,
    pub meaning: String,
    /// Where the number comes from.
    pub source: String,
    /// Whether each life has its own value, at the head of its moments.
    pub recorded: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    Whole(i64),
    Fraction(f64),
}
