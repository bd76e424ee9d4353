//! A life as its player sees it.

use crate::{ChapterView, Position, WorldDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    pub purse_asses: i64,
    /// The place where the merchant is; null at sea.
    pub place: Option<String>,
    pub position: Option<Position>,
    pub ship: ShipView,
    pub cargo: Vec<CargoLine>,
    pub voyage: Option<VoyageView>,
    pub otium: Option<OtiumView>,
    /// Whole points.
    pub gravitas: i64,
    /// Null when all twelve are told.
    pub chapter: Option<ChapterView>,
    pub world_date: WorldDate,
    /// `at` of the last moment that this view takes into account.
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipView {
    /// Id of a ship of `/world`.
    #[serde(rename = "type")]
    pub kind: String,
    pub name: String,
    pub capacity_grams: i64,
    /// 1,000 is a hulk.
    pub wear_permille: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CargoLine {
    pub good: String,
    pub units: i64,
    /// Paid for them, tolls included.
    pub cost_asses: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VoyageView {
    pub from: String,
    pub to: String,
    /// Real time, RFC 3339.
    pub departed_at: String,
    /// Real time, RFC 3339.
    pub arrives_at: String,
    /// World days under way, all in all.
    pub days: f64,
    /// Longitude and latitude, degrees.
    pub path: Vec<[f64; 2]>,
    /// Share of the way that is done, 0 to 1.
    pub progress: f64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OtiumView {
    pub place: String,
    /// Real time, RFC 3339.
    pub since: String,
    /// How well leisure is spent here, thousandths.
    pub quality: i64,
}
