//! What a check found: never a silent correction, always a rule, a sentence and, where there is one, a position.

use serde::{Deserialize, Serialize};
use tessera_grid::{Position, Zone};

pub use tessera_pipeline_api::Severity;

/// One thing a rule found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's code; see the table in [`crate::TABLE`].
    pub rule: String,
    pub severity: Severity,
    pub layer: String,
    /// A sentence with the numbers in it.
    pub message: String,
    /// Where on the map, if anywhere.
    pub position: Option<Position>,
    pub zone: Option<Zone>,
    /// The dataset it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// Its row, as the file counts: 1 is the first record after any header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
}

/// A finding of a rule, with the rule's severity and layer, nowhere in particular.
pub fn finding(code: &str, message: String) -> Finding {
    let known = crate::rule(code);
    debug_assert!(known.is_some(), "the table has no rule {code}");
    Finding {
        rule: code.to_owned(),
        severity: known.map_or(Severity::Error, |rule| rule.severity),
        layer: known.map_or("", |rule| rule.layer).to_owned(),
        message,
        position: None,
        zone: None,
        dataset: None,
        row: None,
    }
}

/// One row that was left out of the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    pub dataset: String,
    pub file: String,
    /// As the file counts: 1 is the first record after any header.
    pub row: u64,
    pub rule: String,
    pub reason: String,
}

/// What a run says of the world it staged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// The rows that are kept to be read: the first of each dataset.
    pub quarantine: Vec<Quarantined>,
    /// Rows that were left out as well and are only counted.
    pub only_counted: u64,
}

impl Report {
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// All rows that were left out of the world.
    pub fn left_out(&self) -> u64 {
        self.quarantine.len() as u64 + self.only_counted
    }

    /// Nothing is promoted past an error.
    pub fn promotable(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// Errors first; of one severity in the order in which they were found.
    pub fn sort(&mut self) {
        self.findings.sort_by_key(|finding| finding.severity);
    }
}
