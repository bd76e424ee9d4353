//! Climate: its class, and rain and temperature month by month.

use crate::ProvenanceId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Köppen-Geiger class, such as `Csa`: one byte, and only a class there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Koppen(u8);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a Koeppen-Geiger class; write for instance Csa, BWh or ET")]
pub struct KoppenError(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climate {
    pub koppen: Koppen,
    pub provenance: ProvenanceId,
}

/// Rain and temperature; each may be missing without the other, as their sources differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weather {
    pub rain: Option<Rain>,
    pub temperature: Option<Temperature>,
}

/// Monthly sum, January first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rain {
    pub months_mm: [u16; 12],
    pub provenance: ProvenanceId,
}

/// Monthly mean of the air two metres above the ground, January first, tenths of a degree Celsius.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Temperature {
    pub months_tenths_c: [i16; 12],
    pub provenance: ProvenanceId,
}

impl Koppen {
    /// Every class, in the order of the letters' meaning: tropical to polar.
    pub const ALL: [&'static str; 31] = [
        "Af", "Am", "As", "Aw", "BWh", "BWk", "BSh", "BSk", "Csa", "Csb", "Csc", "Cwa", "Cwb",
        "Cwc", "Cfa", "Cfb", "Cfc", "Dsa", "Dsb", "Dsc", "Dsd", "Dwa", "Dwb", "Dwc", "Dwd", "Dfa",
        "Dfb", "Dfc", "Dfd", "ET", "EF",
    ];

    pub const fn as_str(self) -> &'static str {
        Self::ALL[self.0 as usize]
    }
}

impl FromStr for Koppen {
    type Err = KoppenError;
    fn from_str(text: &str) -> Result<Self, KoppenError> {
        let found = Self::ALL.iter().position(|known| *known == text);
        found.map(|index| Self(index as u8)).ok_or_else(|| KoppenError(text.to_owned()))
    }
}

impl TryFrom<String> for Koppen {
    type Error = KoppenError;
    fn try_from(text: String) -> Result<Self, KoppenError> {
        text.parse()
    }
}

impl From<Koppen> for String {
    fn from(class: Koppen) -> Self {
        class.as_str().to_owned()
    }
}

impl fmt::Display for Koppen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_read_as_it_is_written_and_nothing_else_is_one() {
        for name in Koppen::ALL {
            assert_eq!(name.parse::<Koppen>().map(Koppen::as_str), Ok(name));
        }
        assert_eq!("Cs".parse::<Koppen>(), Err(KoppenError("Cs".to_owned())));
        assert_eq!(size_of::<Option<Climate>>(), 12);
    }
}
