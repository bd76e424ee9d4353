//! What a run found, and what it left out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much a finding weighs. Nothing is promoted past an error.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FindingCounts {
    pub error: u64,
    pub warning: u64,
    pub note: u64,
}

/// One thing a rule found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The rule's code; docs/architecture/pipeline-rules.md says what each means.
    #[schema(example = "terrain_tile_edge")]
    pub rule: String,
    pub severity: Severity,
    pub layer: String,
    pub message: String,
    /// Degrees.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub zone: Option<String>,
}

/// One row that was left out of the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quarantined {
    pub dataset: String,
    pub file: String,
    /// As the file counts: 1 is the first record after any header.
    pub row: u64,
    pub rule: String,
    pub reason: String,
}

/// A page of findings, the gravest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FindingPage {
    pub findings: Vec<Finding>,
    /// How many there are, of the severity that was asked for.
    pub total: u64,
    /// `after` of the next page; absent on the last.
    pub next: Option<u64>,
}

/// A page of the rows that were left out, in the order of the datasets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuarantinePage {
    pub rows: Vec<Quarantined>,
    /// Rows that are kept: the pages have them all.
    pub total: u64,
    /// Rows that were left out, kept or only counted.
    #[serde(default)]
    pub left_out: u64,
    /// `after` of the next page; absent on the last.
    pub next: Option<u64>,
}
