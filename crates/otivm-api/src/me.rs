//! A life as its player sees it.

use crate::{ChapterView, OtiumOffer, Position, VillaStay, VillaView, WorldDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    pub purse_asses: i64,
    /// The place where the merchant is; null at sea.
    pub place: Option<String>,
    pub position: Option<Position>,
    /// Null after a sale or a wreck; under way it means that another ship carries the merchant on.
    pub ship: Option<ShipView>,
    pub cargo: Vec<CargoLine>,
    /// What lies in warehouses, place by place.
    pub stores: Vec<StoreLine>,
    /// Wherever the merchant is, he may sell them.
    pub villas: Vec<VillaView>,
    /// Places that this world no longer has, and the merchant, goods or a villa of his are there: `POST /removals` leads out.
    pub lost: Vec<LostPlace>,
    /// What is owed to a lender.
    pub loan: Option<LoanView>,
    pub voyage: Option<VoyageView>,
    pub otium: Option<OtiumView>,
    /// Null at sea, in otium, and in a place that this world no longer has.
    pub otium_offer: Option<OtiumOffer>,
    /// What a day of otium costs: where the merchant is, without guests, or as it was agreed on. Null at sea. Days that
    /// the purse does not pay for are no otium.
    pub otium_day_asses: Option<i64>,
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
    /// Another's, hired by the voyage.
    pub chartered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CargoLine {
    pub good: String,
    /// Sound, without what has spoiled.
    pub units: i64,
    /// Paid for them, tolls included.
    pub cost_asses: i64,
    /// Of this lot since it was last reckoned up: by the last trade, departure or arrival, or the way from or to a
    /// warehouse. The next of them writes it off.
    pub spoiled_units: i64,
}

/// A place of an earlier release that the one in play has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LostPlace {
    pub place: String,
    /// The nearest harbour: where a removal leads. Null where the world has none.
    pub to: Option<String>,
}

/// As the keeper would reckon it up now; it is paid for when something is moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreLine {
    pub place: String,
    pub good: String,
    /// Left, without what has spoiled.
    pub units: i64,
    /// Paid for what was laid in and has not gone, tolls included.
    pub cost_asses: i64,
    pub rent_due_asses: i64,
    pub spoiled_units: i64,
}

/// Lent for one voyage. If the ship is lost on it nothing is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanView {
    /// The place where the lender sits.
    pub lender: String,
    /// Where the ship is bound for.
    pub to: String,
    pub principal_asses: i64,
    /// Owed beside the principal once she has come in.
    pub premium_asses: i64,
    /// What would be paid now.
    pub owed_asses: i64,
    pub state: Debt,
    /// Real time, RFC 3339; null where it is not known yet, or past.
    pub due_at: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Debt {
    /// The ship has not sailed. If she never does, it is due as a loan on land.
    Lent,
    /// At the lender's risk.
    AtSea,
    /// She has come in; it is taken from the purse on the day.
    Due,
    /// It was not paid in full: whatever comes into the purse is the lender's first.
    Overdue,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VoyageView {
    pub from: String,
    pub to: String,
    /// Real time, RFC 3339.
    pub departed_at: String,
    /// Real time, RFC 3339: when she lies off the harbour. She is in when there is a berth.
    pub anchors_at: String,
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
    /// That it could be at most.
    pub most_permille: i64,
    /// Of one in a villa of the merchant's own, what its quality is made of.
    pub villa: Option<VillaStay>,
}
