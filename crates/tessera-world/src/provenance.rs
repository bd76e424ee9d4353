//! Who says so: the source, licence, certainty and method behind every fact.

use serde::{Deserialize, Serialize};

/// Row in the release's provenance table; facts share rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProvenanceId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    Certain,
    Conjectured,
    Hypothetical,
}

impl Certainty {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Conjectured => "conjectured",
            Self::Hypothetical => "hypothetical",
        }
    }
}

/// A dataset as its publisher ships it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub licence: String,
    pub attribution: String,
    pub edition: String,
    /// Of the file as read, lower-case hexadecimal.
    pub sha256: String,
    /// Where a person finds it; empty where it has no page of its own.
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub id: ProvenanceId,
    pub layer: String,
    pub source: String,
    pub licence: String,
    pub certainty: Certainty,
    /// One sentence: how the fact was put on the zone.
    pub method: String,
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
}
