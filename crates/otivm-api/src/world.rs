//! The world as everyone sees it: which release, what day, what there is to trade and to sail.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorldDate {
    /// Julian calendar, `0150-03-14`.
    #[schema(example = "0150-03-14")]
    pub plain: String,
    /// `pridie Id. Mart.`
    #[schema(example = "pridie Id. Mart.")]
    pub roman: String,
    /// Years since the founding of the City (Varro).
    pub year_auc: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct World {
    pub release: ReleaseView,
    /// The year that the physical world stands for, astronomical (0 is 1 BC).
    pub epoch: i32,
    pub clock: ClockView,
    pub window: WindowView,
    pub derived: DerivedView,
    pub goods: Vec<Good>,
    pub ships: Vec<ShipKind>,
    /// Whose data the world is made of; to be shown with the map.
    pub attributions: Vec<String>,
    /// This server takes passkeys in the place of the recovery phrase.
    pub passkeys: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseView {
    pub id: String,
    pub title: String,
    /// Seconds since the store last said that this is the current release.
    pub age_seconds: i64,
    /// The store has not said so for a while: play goes on in the world as it was then.
    pub stale: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockView {
    /// Real time, RFC 3339.
    pub now: String,
    pub world_date: WorldDate,
    /// World seconds in a real second.
    pub rate: i64,
}

/// A window is how long trades count together before prices follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowView {
    pub number: i64,
    /// Real time, RFC 3339.
    pub closes_at: String,
}

/// What everyone's trade has done to prices, as the aggregation last derived it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DerivedView {
    /// The last window that it takes into account; null when nothing was derived yet.
    pub window: Option<i64>,
    /// Seconds since that window closed.
    pub age_seconds: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Good {
    pub id: String,
    pub latin: String,
    pub english: String,
    pub italian: String,
    pub unit_latin: String,
    pub unit_en: String,
    /// With what it is packed in.
    pub unit_grams: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipKind {
    pub id: String,
    pub latin: String,
    pub english: String,
    pub capacity_grams: i64,
    pub crew: i64,
    pub price_asses: i64,
}
