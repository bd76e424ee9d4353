//! A run, from its place in the queue to the release it made.

use crate::{FindingCounts, Promotion};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /runs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum StartRun {
    World {
        /// A world of the service's configuration.
        #[schema(example = "default")]
        world: String,
    },
    Document {
        /// A document that was sent to `POST /datasets`.
        document: String,
    },
}

impl StartRun {
    /// Of a world that the service is configured with.
    pub fn of_world(world: impl Into<String>) -> Self {
        Self::World { world: world.into() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// From the sources of a world.
    Pipeline,
    /// From a release file that was prepared elsewhere.
    Import,
}

/// What a run does, in order. An import goes through `check` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Every source is read and put on the zones.
    Stage,
    /// Every rule looks at the whole world.
    Check,
    /// Map tiles are drawn.
    Tiles,
    /// The release file is written.
    Write,
    /// The report for people is written.
    Assay,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Stage, Self::Check, Self::Tiles, Self::Write, Self::Assay];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Check => "check",
            Self::Tiles => "tiles",
            Self::Write => "write",
            Self::Assay => "assay",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Accepted, not begun.
    Queued,
    Running,
    /// Its release file and assay are there; see `promotable`.
    Finished,
    /// It stopped; `problem` says why.
    Failed,
    /// Somebody called it off.
    Cancelled,
}

impl RunState {
    /// Nothing more will happen to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Waiting,
    Running,
    Done,
    /// Done before the service stopped; what it left on the disk was whole, and was used.
    TakenUp,
    /// A finding is an error, so that no release is made.
    LeftOut,
}

/// How far one step of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepProgress {
    pub step: Step,
    pub state: StepState,
    /// Parts done of `total`; what a part is differs by step.
    pub done: u64,
    pub total: u64,
    /// How long it took, once it is done; for a step that was taken up, how long the reading took.
    pub milliseconds: u64,
}

impl StepProgress {
    /// All steps of a run that has not begun.
    pub fn none() -> Vec<Self> {
        let waiting =
            |step| Self { step, state: StepState::Waiting, done: 0, total: 0, milliseconds: 0 };
        Step::ALL.map(waiting).to_vec()
    }
}

/// The release file a run made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseSummary {
    /// First 32 hexadecimal digits of `sha256`.
    pub id: String,
    pub sha256: String,
    pub bytes: u64,
    pub zones: u64,
    pub places: u64,
}

/// One run, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    #[schema(example = "run-000007")]
    pub id: String,
    pub kind: RunKind,
    /// The world of a pipeline run; the title of the world for a document that was sent, and for an import.
    pub world: String,
    /// It is made from a document that was sent, not from a world of the configuration.
    #[serde(default)]
    pub sent: bool,
    pub state: RunState,
    /// The step it is at, or stopped at.
    pub step: Step,
    /// Of the whole run, thousandths.
    pub progress_permille: u16,
    /// Each step, in order.
    #[serde(default)]
    pub steps: Vec<StepProgress>,
    /// SHA-256 of the `sources.toml` it was made from; absent for an import, and before it is read.
    #[serde(default)]
    pub document: Option<String>,
    /// RFC 3339, UTC.
    pub created_at: String,
    pub finished_at: Option<String>,
    /// How often it was taken up again after the service stopped under it.
    pub restarts: u32,
    pub findings: FindingCounts,
    /// Rows left out of the world, all of them.
    pub quarantined: u64,
    /// Of these, the rows that the quarantine keeps to be read: the first 5,000 of each dataset.
    #[serde(default)]
    pub quarantine_kept: u64,
    pub release: Option<ReleaseSummary>,
    /// It is finished, and no finding is an error.
    pub promotable: bool,
    pub promoted_at: Option<String>,
    /// The newest promotion that was asked for.
    #[serde(default)]
    pub promotion: Option<Promotion>,
    /// One sentence, where the run failed.
    pub problem: Option<String>,
}

/// How many rows were left out, in words: `7001 rows in quarantine, 5001 of them kept`.
pub fn rows_in_quarantine(left_out: u64, kept: u64) -> String {
    let all = format!("{left_out} rows in quarantine");
    if kept == left_out { all } else { format!("{all}, {kept} of them kept") }
}

/// A page of the runs that are kept, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunList {
    pub runs: Vec<Run>,
    /// `before` of the next page; absent on the last.
    #[serde(default)]
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarantine_that_does_not_keep_every_row_says_how_many_it_keeps() {
        assert_eq!(rows_in_quarantine(12, 12), "12 rows in quarantine");
        assert_eq!(rows_in_quarantine(7_001, 5_001), "7001 rows in quarantine, 5001 of them kept");
    }
}
