//! An ancient port or city.

use crate::{Certainty, ProvenanceId};
use serde::{Deserialize, Serialize};
use tessera_grid::{Position, Zone};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Harbour {
    Sea,
    River,
    None,
}

impl Harbour {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sea => "sea",
            Self::River => "river",
            Self::None => "none",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Stable for ever, lower-case ASCII: `ostia`.
    pub id: String,
    pub latin: String,
    pub modern: String,
    pub position: Position,
    /// The zone that holds the position.
    pub zone: Zone,
    /// The sea or coast zone its ships lie in; `None` without a sea harbour.
    pub water_zone: Option<Zone>,
    pub province: String,
    pub harbour: Harbour,
    /// 1 (Rome, Alexandria) to 5 (a small port).
    pub rank: u8,
    /// People, about AD 150.
    pub population: Option<u32>,
    pub certainty: Certainty,
    /// Where the location is argued: `pleiades:422995`.
    pub citation: String,
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
    pub note: String,
    pub provenance: ProvenanceId,
}

impl Place {
    /// Whether it was inhabited in an astronomical year, as far as its bounds are known.
    pub fn held_in(&self, year: i32) -> bool {
        crate::held_in(self.valid_from, self.valid_to, year)
    }
}
