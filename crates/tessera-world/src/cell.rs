//! One zone with what each layer says of it.

use crate::ProvenanceId;
use serde::{Deserialize, Serialize};
use tessera_grid::Zone;

/// A zone and the facts on it. A layer that has nothing to say of a zone is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub zone: Zone,
    pub terrain: Option<Terrain>,
    pub surface: Option<Surface>,
    pub river: Option<River>,
    pub climate: Option<Climate>,
    pub wind: Option<Wind>,
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct River {
    pub name: Option<String>,
    /// Area drained through this zone, km²; `None` where the source gives no size.
    pub upstream_km2: Option<u32>,
    pub navigable: bool,
    /// The neighbouring zone the water goes to; `None` at a mouth, or unknown.
    pub downstream: Option<Zone>,
    pub provenance: ProvenanceId,
}

/// Köppen-Geiger class, such as `Csa`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climate {
    pub koppen: String,
    pub provenance: ProvenanceId,
}

/// Monthly mean wind, January first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wind {
    pub months: [WindVector; 12],
    pub provenance: ProvenanceId,
}

/// Where the air goes to, cm/s: `u` to the east, `v` to the north.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindVector {
    pub u_cm_s: i16,
    pub v_cm_s: i16,
}

impl WindVector {
    /// Speed, metres per second.
    pub fn speed_m_s(self) -> f64 {
        f64::from(self.u_cm_s).hypot(f64::from(self.v_cm_s)) / 100.0
    }

    /// Where the wind blows from, degrees clockwise from north, 0..360.
    pub fn from_degrees(self) -> f64 {
        (-f64::from(self.u_cm_s)).atan2(-f64::from(self.v_cm_s)).to_degrees().rem_euclid(360.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wind_is_named_by_where_it_comes_from() {
        let etesian = WindVector { u_cm_s: 0, v_cm_s: -500 };
        assert_eq!((etesian.from_degrees(), etesian.speed_m_s()), (0.0, 5.0));
        let zephyr = WindVector { u_cm_s: 300, v_cm_s: 0 };
        assert!((zephyr.from_degrees() - 270.0).abs() < 1e-9);
    }
}
