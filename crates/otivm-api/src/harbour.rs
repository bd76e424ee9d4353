//! What a harbour offers beside its market.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of the harbour where the merchant is, for this merchant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Harbour {
    /// The place's id.
    pub place: String,
    /// What it costs to put all of the ship's wear right, to the thousandth; 0 where nothing is to be done.
    pub repair_asses: i64,
    /// What the ship is sold for as she is, or goes for in part payment; 0 without a ship of one's own.
    pub resale_asses: i64,
    /// All types of ships.
    pub ships: Vec<ShipOffer>,
    /// Whether anybody here lends on ships; a plan says how much, and at what price.
    pub lenders: bool,
    /// What friends would give here and now; 0 to whom can help himself.
    pub relief_asses: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipOffer {
    /// Id of a ship of `/world`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether one lies here, for sale or hire.
    pub here: bool,
    pub price_asses: i64,
    /// For a day at sea, as a chartered ship; wages and dues come to it.
    pub hire_asses: i64,
}
