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

/// Begins the last sentence of a method whose facts have their names from other sources (decision 0074).
const NAMED_BY: &str = " Named by ";

impl Provenance {
    /// The same facts under names that other sources gave; its licence must be that of them all.
    pub fn named_by(&self, namers: &[String]) -> Self {
        Self { method: format!("{}{NAMED_BY}{}.", self.method, namers.join(", ")), ..self.clone() }
    }

    /// The sources that gave the names.
    pub fn namers(&self) -> impl Iterator<Item = &str> {
        let last = self.method.rsplit_once(NAMED_BY).map(|(_, last)| last);
        last.into_iter().flat_map(|last| last.trim_end_matches('.').split(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gave_the_names_is_read_from_the_method_again() {
        let map = Provenance {
            id: ProvenanceId(1),
            layer: "river".to_owned(),
            source: "map".to_owned(),
            licence: "CC0-1.0".to_owned(),
            certainty: Certainty::Certain,
            method: "As drawn.".to_owned(),
            valid_from: None,
            valid_to: None,
        };
        assert_eq!(map.namers().count(), 0);
        let named = map.named_by(&["atlas".to_owned(), "other".to_owned()]);
        assert_eq!(named.method, "As drawn. Named by atlas, other.");
        assert_eq!(named.namers().collect::<Vec<_>>(), ["atlas", "other"]);
    }
}
