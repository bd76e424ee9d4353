//! What a search answers: days, distance, the way, its legs and why it takes so long.

use crate::Month;
use serde::{Deserialize, Serialize};
use tessera_grid::{Position, Zone};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    pub month: Month,
    pub days: f64,
    pub km: f64,
    /// Chance to lose the ship on the way.
    pub risk_permille: f64,
    /// Both ends included.
    pub zones: Vec<Zone>,
    pub legs: Vec<Leg>,
    pub reasons: Vec<Reason>,
}

/// A stretch of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    pub way: Way,
    pub from: Position,
    pub to: Position,
    pub days: f64,
    pub km: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Out of reach of the shore, day and night.
    OpenSea,
    /// Within sight of the shore.
    Coast,
    RiverDown,
    RiverUp,
    Land,
}

/// Why the days are what they are; numbers only, the words are the reader's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// Mean wind along the way; `following_m_s` is negative where it is foul.
    Wind { mean_m_s: f64, following_m_s: f64 },
    /// Share of the distance that the mean wind comes from ahead (less than 70 degrees off the bow).
    Headwind { share_permille: u32 },
    /// Nights at anchor, hours of every day.
    NightStops { hours: f64 },
    /// Part of the way is sailed while the sea is closed (11 November to 10 March, Vegetius 4.39).
    ClosedSea { days: f64 },
    /// Chance of a gale (17 m/s and more) on a day of this voyage.
    Gales { permille_per_day: f64 },
    /// Metres climbed on the way.
    Climb { metres: u32 },
}

impl Route {
    /// The way as positions: its ends and the centres of the zones between.
    pub fn line(&self) -> Vec<Position> {
        self.zones.iter().map(|zone| zone.centre()).collect()
    }
}
