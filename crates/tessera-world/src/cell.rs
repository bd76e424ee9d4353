//! One zone with what each layer says of it.

use crate::{
    Climate, Conflict, Current, Geology, Lake, LandCover, ProvenanceId, River, Weather, Wind,
};
use serde::{Deserialize, Serialize};
use tessera_grid::Zone;

/// A zone and the facts on it. A layer that has nothing to say of a zone is `None`.
///
/// Wind, current, weather and geology come from sources coarser than the zones: they are those of the
/// zone's ancestor at the release's coarse resolution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub zone: Zone,
    pub terrain: Option<Terrain>,
    pub surface: Option<Surface>,
    pub bathymetry: Option<Bathymetry>,
    pub river: Option<River>,
    pub lake: Option<Lake>,
    pub climate: Option<Climate>,
    pub land_cover: Option<LandCover>,
    pub wind: Option<Wind>,
    pub current: Option<Current>,
    pub weather: Option<Weather>,
    pub geology: Option<Geology>,
    /// Where sources disagreed here; by layer, then by the source that was not chosen.
    pub conflicts: Vec<Conflict>,
}

/// Height of the ground, of the sea floor under water, metres against mean sea level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terrain {
    pub elevation_mean_m: i32,
    pub elevation_min_m: i32,
    pub elevation_max_m: i32,
    /// Mean rise over run, thousandths.
    pub slope_permille: u32,
    /// Standard deviation of the samples, metres.
    pub ruggedness_m: u32,
    pub provenance: ProvenanceId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SurfaceKind {
    Sea,
    /// Holds both land and sea: a ship may be here, and a cart.
    Coast,
    Land,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    pub kind: SurfaceKind,
    /// Share of the zone that is land, thousandths.
    pub land_permille: u16,
    pub provenance: ProvenanceId,
}

/// A surface that held from one year to another, both among them, in place of the zone's base one: a gulf
/// that has silted up since. Intervals of one zone do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurfaceInterval {
    pub zone: Zone,
    pub valid_from: i32,
    pub valid_to: i32,
    pub surface: Surface,
}

/// Depth of the water in a zone that has any, metres below mean sea level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bathymetry {
    pub depth_mean_m: u32,
    pub depth_max_m: u32,
    pub provenance: ProvenanceId,
}

impl Cell {
    /// A zone of which nothing is known.
    pub fn bare(zone: Zone) -> Self {
        Self {
            zone,
            terrain: None,
            surface: None,
            bathymetry: None,
            river: None,
            lake: None,
            climate: None,
            land_cover: None,
            wind: None,
            current: None,
            weather: None,
            geology: None,
            conflicts: Vec::new(),
        }
    }
}

impl SurfaceKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sea => "sea",
            Self::Coast => "coast",
            Self::Land => "land",
        }
    }
}
