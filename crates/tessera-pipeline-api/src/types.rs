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

/// Body of `POST /runs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRun {
    /// A world of the service's configuration.
    #[schema(example = "default")]
    pub world: String,
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
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FindingCounts {
    pub error: u64,
    pub warning: u64,
    pub note: u64,
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
    /// The world of a pipeline run; the title of the release for an import.
    pub world: String,
    pub state: RunState,
    /// The step it is at, or stopped at.
    pub step: Step,
    /// Of the whole run, thousandths.
    pub progress_permille: u16,
    /// RFC 3339, UTC.
    pub created_at: String,
    pub finished_at: Option<String>,
    /// How often it was taken up again after the service stopped under it.
    pub restarts: u32,
    pub findings: FindingCounts,
    /// Rows left out of the world.
    pub quarantined: u64,
    pub release: Option<ReleaseSummary>,
    /// It is finished, and no finding is an error.
    pub promotable: bool,
    pub promoted_at: Option<String>,
    /// One sentence, where the run failed.
    pub problem: Option<String>,
}

/// The runs that are kept, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunList {
    pub runs: Vec<Run>,
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
