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
    pub quarantine: Vec<Quarantined>,
}

impl Report {
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Nothing is promoted past an error.
    pub fn promotable(&self) -> bool {
        self.count(Severity::Error) == 0
    }
}
