//! Places and what they trade in.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// WGS 84, degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    pub lat: f64,
    pub lon: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Stable for ever: `ostia`.
    pub id: String,
    pub latin: String,
    pub modern: String,
    pub latitude: f64,
    pub longitude: f64,
    pub province: String,
    /// `sea`, `river` or `none`. Ships sail between places with a sea harbour.
    pub harbour: String,
    /// 1 (Rome, Alexandria) to 5 (a small port).
    pub rank: u8,
    /// `certain`, `conjectured` or `hypothetical`.
    pub certainty: String,
    /// Where the location is argued: `pleiades:422995`.
    pub citation: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Market {
    /// The place's id.
    pub place: String,
    /// Real time of the quotes, RFC 3339.
    pub at: String,
    /// One for each good that is dealt in here.
    pub quotes: Vec<Quote>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    pub good: String,
    /// What one unit costs now, toll included.
    pub buy_asses: i64,
    /// What one unit brings now, toll taken off.
    pub sell_asses: i64,
    /// The middle price that the map alone gives.
    pub base_asses: i64,
    /// What everyone's trade has done to it, thousandths.
    pub multiplier_permille: i64,
    /// Units still to be bought in this window.
    pub available: i64,
    /// Units still wanted in this window.
    pub wanted: i64,
    /// Buying so many units doubles the price; the price moves in a straight line with each unit.
    pub depth_units: i64,
    pub reasons: Vec<Reason>,
}

/// Why a figure is what it is: a code that the reader puts into words, and its numbers.
///
/// Of a price: `made_here` and `imported` (`local_permille`: share of what is used that is made near
/// it), `season`, `collective`, `slippage`, `spread`, `toll` (`permille`). Of a voyage: `wind`
/// (`mean_m_s`, `following_m_s`), `headwind` (`share_permille`), `current` (`following_m_s`), `night_stops`
/// (`hours`), `closed_sea` (`days`), `gales` (`permille_per_day`), `climb` (`metres`), `saturation` (`permille`, `days`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    pub code: String,
    pub figures: BTreeMap<String, f64>,
}
