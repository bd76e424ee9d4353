//! What the ground is made of and what grows on it.

use crate::ProvenanceId;
use serde::{Deserialize, Serialize};

/// Class of the IGBP legend, 0 (water) to 16 (barren).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Igbp(u8);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an IGBP land cover class; they are 0 to 16")]
pub struct IgbpError(u8);

/// What covers most of a zone today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandCover {
    pub igbp: Igbp,
    pub provenance: ProvenanceId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Geology {
    /// Kind of the crust, as CRUST1.0 names it.
    pub crust: Option<Region>,
    /// The belt of mountain building the zone lies in.
    pub orogen: Option<Region>,
}

/// That a zone lies in something that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub name: String,
    pub provenance: ProvenanceId,
}

impl Igbp {
    const NAMES: [&'static str; 17] = [
        "water",
        "evergreen needleleaf forest",
        "evergreen broadleaf forest",
        "deciduous needleleaf forest",
        "deciduous broadleaf forest",
        "mixed forest",
        "closed shrubland",
        "open shrubland",
        "woody savanna",
        "savanna",
        "grassland",
        "permanent wetland",
        "cropland",
        "urban and built-up",
        "cropland and natural vegetation mosaic",
        "snow and ice",
        "barren or sparsely vegetated",
    ];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self.0 as usize]
    }
}

impl TryFrom<u8> for Igbp {
    type Error = IgbpError;
    fn try_from(raw: u8) -> Result<Self, IgbpError> {
        if usize::from(raw) < Self::NAMES.len() { Ok(Self(raw)) } else { Err(IgbpError(raw)) }
    }
}

impl From<Igbp> for u8 {
    fn from(class: Igbp) -> Self {
        class.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_land_cover_is_one_of_seventeen() {
        assert_eq!(Igbp::try_from(12).map(Igbp::name), Ok("cropland"));
        assert_eq!(Igbp::try_from(16).map(Igbp::name), Ok("barren or sparsely vegetated"));
        assert_eq!(Igbp::try_from(17), Err(IgbpError(17)));
    }
}
