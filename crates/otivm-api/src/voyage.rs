//! A voyage before it is made.

use crate::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    pub from: String,
    pub to: String,
    /// The month it is planned for, 1 to 12.
    pub month: u8,
    /// World days under way.
    pub days: f64,
    /// World days off the harbour until there is a berth, as crowded as the route is now.
    pub waiting_days: f64,
    pub km: f64,
    /// Longitude and latitude, degrees.
    pub path: Vec<[f64; 2]>,
    /// Harbour dues on leaving.
    pub dues_asses: i64,
    pub wages_asses: i64,
    pub upkeep_asses: i64,
    /// Of a chartered ship, whose upkeep is her owner's; less where many sail.
    pub hire_asses: i64,
    /// All that is paid on leaving.
    pub total_asses: i64,
    pub risk_permille: i64,
    /// What a lender here gives for this voyage if it begins now; null where nobody does, or to whom owes already.
    pub loan: Option<LoanOffer>,
    pub legs: Vec<Leg>,
    pub reasons: Vec<Reason>,
    /// January first.
    pub months: Vec<MonthPlan>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanOffer {
    /// By what the ship sells for and the cargo has cost.
    pub most_asses: i64,
    /// Owed beside what was lent once the ship has come in, thousandths of it.
    pub premium_permille: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Leg {
    /// `open_sea`, `coast`, `river_down`, `river_up` or `land`.
    pub way: String,
    /// Longitude and latitude, degrees.
    pub from: [f64; 2],
    /// Longitude and latitude, degrees.
    pub to: [f64; 2],
    pub days: f64,
    pub km: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MonthPlan {
    pub month: u8,
    /// Null where there is no such voyage in this month.
    pub days: Option<f64>,
    pub risk_permille: Option<i64>,
}
