//! A release: one immutable state of the whole physical world, named by its content.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use tessera_grid::{BBox, Resolution};

/// The first 32 hexadecimal digits of the SHA-256 of the release file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseId(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a release id; it is 32 lower-case hexadecimal digits")]
pub struct ReleaseIdError(String);

/// What a release says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseInfo {
    pub title: String,
    /// The year that is played and shown by default, astronomical.
    pub epoch: i32,
    /// The years it was made for, ascending; `epoch` is one of them.
    pub epochs: Vec<i32>,
    pub resolution: Resolution,
    /// Of wind, current, weather, roses and geology, whose sources are coarser than the zones.
    pub coarse_resolution: Resolution,
    pub bbox: BBox,
    pub zones: u64,
    pub places: u64,
}

impl ReleaseInfo {
    /// The coarse resolution of a world: 5, which no source of those layers goes below, or its own.
    pub fn coarse_resolution_of(resolution: Resolution) -> Resolution {
        resolution.min(Resolution::FIVE)
    }
}

impl ReleaseId {
    const DIGITS: usize = 32;

    /// From the SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub fn from_sha256(sha256: &str) -> Result<Self, ReleaseIdError> {
        match sha256.get(..Self::DIGITS) {
            Some(head) if sha256.len() == 2 * Self::DIGITS => head.parse(),
            _ => Err(ReleaseIdError(sha256.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReleaseId {
    type Err = ReleaseIdError;
    fn from_str(text: &str) -> Result<Self, ReleaseIdError> {
        let valid = text.len() == Self::DIGITS
            && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if valid { Ok(Self(text.to_owned())) } else { Err(ReleaseIdError(text.to_owned())) }
    }
}

impl TryFrom<String> for ReleaseId {
    type Error = ReleaseIdError;
    fn try_from(text: String) -> Result<Self, ReleaseIdError> {
        text.parse()
    }
}

impl From<ReleaseId> for String {
    fn from(id: ReleaseId) -> Self {
        id.0
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_head_of_the_checksum() {
        let sha256 = "0123456789abcdef".repeat(4);
        assert_eq!(
            ReleaseId::from_sha256(&sha256).unwrap().as_str(),
            "0123456789abcdef0123456789abcdef"
        );
        assert!(ReleaseId::from_sha256("0123").is_err());
        assert!("../../../../../../../etc/passwd00".parse::<ReleaseId>().is_err());
    }
}
