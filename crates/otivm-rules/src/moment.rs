//! One record of a player's database: when, what kind, which name, which value, and the chain's link.

use crate::{
    canonical::CanonicalError,
    fact::{Fact, FactError},
    hash::Hash,
    time::At,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Parameter,
    Action,
    Event,
}

/// As it stands in the database. `value` is canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: At,
    pub kind: Kind,
    pub name: String,
    pub value: String,
    /// Of the command it belongs to.
    pub key: Option<String>,
    pub prev: Hash,
    pub hash: Hash,
}

impl Moment {
    /// Whether the life came in from elsewhere with it.
    pub fn is_import(&self) -> bool {
        self.kind == Kind::Event && self.name == "import"
    }

    /// Writes a fact down after the moment whose hash is `prev`.
    pub fn seal(
        prev: Hash,
        at: At,
        fact: &Fact,
        key: Option<&str>,
    ) -> Result<Self, CanonicalError> {
        let mut moment = Self {
            at,
            kind: fact.kind(),
            name: fact.name().to_owned(),
            value: fact.value()?,
            key: key.map(str::to_owned),
            prev,
            hash: Hash::ZERO,
        };
        moment.hash = moment.computed_hash();
        Ok(moment)
    }

    /// SHA-256 of prev, `at` as 8 bytes big-endian, kind, 0, name, 0, value, 0, key or nothing.
    pub fn computed_hash(&self) -> Hash {
        let mut digest = Sha256::new();
        digest.update(self.prev.as_bytes());
        digest.update(self.at.0.to_be_bytes());
        for part in [self.kind.as_str(), &self.name, &self.value] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.update(self.key.as_deref().unwrap_or_default().as_bytes());
        Hash::from(<[u8; 32]>::from(digest.finalize()))
    }

    pub fn fact(&self) -> Result<Fact, FactError> {
        Fact::parse(self.kind, &self.name, &self.value)
    }
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Action => "action",
            Self::Event => "event",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Parameter, Self::Action, Self::Event].into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::ParameterId;

    #[test]
    fn the_hash_is_that_of_the_documented_bytes() {
        let fact = Fact::Parameter(ParameterId::Rate, 288);
        let moment = Moment::seal(Hash::ZERO, At(1), &fact, Some("k")).unwrap();
        let mut bytes = vec![0; 32];
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.extend(b"parameter\0rate\0{\"value\":288}\0k");
        assert_eq!(moment.hash.as_bytes(), Sha256::digest(&bytes).as_slice());
        assert_eq!(moment.fact().unwrap(), fact);
    }
}
