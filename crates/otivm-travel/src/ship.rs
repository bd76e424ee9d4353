//! The four ship types: how fast each sails at which angle to the true wind, and how it is handled.
//!
//! Speeds follow what is known of square-rigged Mediterranean merchantmen: 4 to 6 knots before a fair
//! wind, under 2 knots made good against a foul one (Casson, *Ships and Seamanship in the Ancient
//! World*, 1995, pp. 281-291); no closer than about 7 points to the wind with leeway, and a velocity
//! made good to windward near 1 to 2 knots (Whitewright, *IJNA* 40.1, 2011, pp. 2-17). Hulls and
//! tonnages: Casson 1995, pp. 159-173 and 183-200; grain ships of Alexandria, pp. 186-188.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShipType {
    /// Sail and oars, light, close to the shore by day.
    Actuaria,
    /// The small round ship of every coast.
    CorbitaMinor,
    /// The sea-going merchantman.
    CorbitaMaior,
    /// The great grain ship of the annona.
    Alexandrina,
}

/// Metres a second in a knot.
pub const KNOT_M_S: f64 = 0.514_444;

/// How one type sails. Angles are between the course and where the wind comes from: 0 is dead ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rig {
    /// Share of the wind's speed that becomes the ship's, by true wind angle, every 15 degrees 0..=180.
    pub polar_permille: [u16; 13],
    /// What the hull does at most, m/s.
    pub hull_m_s: f64,
    /// Under oars or sweeps when that is faster, m/s.
    pub oars_m_s: f64,
    /// Above this wind she shortens sail and then lies to, m/s.
    pub reef_m_s: f64,
    /// Keeps the shore and lies at anchor by night.
    pub coasting: bool,
}

impl ShipType {
    pub const ALL: [Self; 4] =
        [Self::Actuaria, Self::CorbitaMinor, Self::CorbitaMaior, Self::Alexandrina];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Actuaria => "actuaria",
            Self::CorbitaMinor => "corbita_minor",
            Self::CorbitaMaior => "corbita_maior",
            Self::Alexandrina => "alexandrina",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ship| ship.as_str() == id)
    }

    pub const fn rig(self) -> Rig {
        match self {
            Self::Actuaria => Rig {
                polar_permille: [0, 0, 0, 70, 180, 300, 380, 430, 460, 470, 470, 460, 440],
                hull_m_s: 3.4,
                oars_m_s: 1.0,
                reef_m_s: 10.0,
                coasting: true,
            },
            Self::CorbitaMinor => Rig {
                polar_permille: [0, 0, 0, 40, 150, 290, 380, 430, 460, 470, 470, 460, 440],
                hull_m_s: 3.2,
                oars_m_s: 0.4,
                reef_m_s: 11.0,
                coasting: true,
            },
            Self::CorbitaMaior => Rig {
                polar_permille: [0, 0, 0, 40, 150, 300, 400, 460, 490, 500, 500, 490, 470],
                hull_m_s: 3.6,
                oars_m_s: 0.3,
                reef_m_s: 13.0,
                coasting: false,
            },
            Self::Alexandrina => Rig {
                polar_permille: [0, 0, 0, 20, 130, 290, 390, 440, 470, 480, 480, 470, 450],
                hull_m_s: 3.9,
                oars_m_s: 0.1,
                reef_m_s: 14.0,
                coasting: false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ship_is_found_by_its_id() {
        for ship in ShipType::ALL {
            assert_eq!(ShipType::from_id(ship.as_str()), Some(ship));
            assert_eq!(serde_json::to_string(&ship).unwrap(), format!("\"{}\"", ship.as_str()));
        }
        assert_eq!(ShipType::from_id("trireme"), None);
    }
}
