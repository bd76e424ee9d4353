//! What moves over the sea, month by month: winds, their roses, currents.

use crate::ProvenanceId;
use serde::{Deserialize, Serialize};

/// Monthly mean wind, January first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wind {
    pub months: [FlowVector; 12],
    pub provenance: ProvenanceId,
}

/// Monthly mean current of the surface, January first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    pub months: [FlowVector; 12],
    pub provenance: ProvenanceId,
}

/// Where the air or the water goes to, cm/s: `u` to the east, `v` to the north.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowVector {
    pub u_cm_s: i16,
    pub v_cm_s: i16,
}

/// How often and how hard it blows from each of eight directions, January first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindRose {
    pub months: [RoseMonth; 12],
    pub provenance: ProvenanceId,
}

/// Direction `k` is wind from `45 k` degrees: 0 is a north wind, 2 an east wind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoseMonth {
    /// Of all hours, thousandths; with `calm_permille` they come to about 1000.
    pub shares_permille: [u16; 8],
    /// Mean speed of the wind from there, tenths of a metre per second.
    pub speeds_dm_s: [u16; 8],
    pub calm_permille: u16,
    pub gale_permille: u16,
}

impl FlowVector {
    /// Speed, metres per second.
    pub fn speed_m_s(self) -> f64 {
        f64::from(self.u_cm_s).hypot(f64::from(self.v_cm_s)) / 100.0
    }

    /// Where it comes from, degrees clockwise from north, 0..360: how winds are named.
    pub fn from_degrees(self) -> f64 {
        (-f64::from(self.u_cm_s)).atan2(-f64::from(self.v_cm_s)).to_degrees().rem_euclid(360.0)
    }

    /// Where it goes to, degrees clockwise from north, 0..360: how currents are named.
    pub fn to_degrees(self) -> f64 {
        f64::from(self.u_cm_s).atan2(f64::from(self.v_cm_s)).to_degrees().rem_euclid(360.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wind_is_named_by_where_it_comes_from_and_a_current_by_where_it_goes_to() {
        let etesian = FlowVector { u_cm_s: 0, v_cm_s: -500 };
        assert_eq!((etesian.from_degrees(), etesian.speed_m_s()), (0.0, 5.0));
        let zephyr = FlowVector { u_cm_s: 300, v_cm_s: 0 };
        assert!((zephyr.from_degrees() - 270.0).abs() < 1e-9);
        assert!((zephyr.to_degrees() - 90.0).abs() < 1e-9);
    }
}
