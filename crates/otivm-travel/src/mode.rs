//! By what one travels.

use serde::{Deserialize, Serialize};

/// Which grounds a way may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Over any water of the sea.
    Sea,
    /// By sea, but from cape to cape: open water only where it saves much.
    Coast,
    /// Along rivers where boats ply.
    River,
    /// Over land, on roads where they are known.
    Road,
    /// All of them, with a day lost at each change between land and water.
    Any,
}

/// How one travels over land.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gait {
    #[default]
    Foot,
    Mule,
    Wagon,
}

impl Mode {
    pub const ALL: [Self; 5] = [Self::Sea, Self::Coast, Self::River, Self::Road, Self::Any];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sea => "sea",
            Self::Coast => "coast",
            Self::River => "river",
            Self::Road => "road",
            Self::Any => "any",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == id)
    }

    pub(crate) const fn by_sea(self) -> bool {
        matches!(self, Self::Sea | Self::Coast | Self::Any)
    }

    pub(crate) const fn by_river(self) -> bool {
        matches!(self, Self::River | Self::Any)
    }

    pub(crate) const fn by_land(self) -> bool {
        matches!(self, Self::Road | Self::Any)
    }
}

impl Gait {
    pub const ALL: [Self; 3] = [Self::Foot, Self::Mule, Self::Wagon];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Foot => "foot",
            Self::Mule => "mule",
            Self::Wagon => "wagon",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gait| gait.as_str() == id)
    }

    /// On a level road, kilometres: ORBIS's walker, its fully loaded mule, its ox cart (Scheidel 2015).
    pub const fn km_day(self) -> f64 {
        match self {
            Self::Foot => 30.0,
            Self::Mule => 20.0,
            Self::Wagon => 12.0,
        }
    }
}
