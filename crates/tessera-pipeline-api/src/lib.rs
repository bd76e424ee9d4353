//! What crosses the wire to and from `tessera-pipeline` (1101).
//!
//! A run stages the world from its sources, checks it, and writes a release file; the operator reads
//! the assay and promotes. An import is a run whose release file was prepared elsewhere.

mod client;
mod datasets;
mod findings;
mod promotion;
mod run;

pub use client::PipelineClient;
pub use datasets::{
    BesideFile, DatasetFile, DatasetList, DatasetView, FileState, LastRead, SendDocument,
    WorldDatasets,
};
pub use findings::{Finding, FindingCounts, FindingPage, QuarantinePage, Quarantined, Severity};
pub use promotion::{Promotion, PromotionState, RolledBack};
pub use run::{
    ReleaseSummary, Run, RunKind, RunList, RunState, StartRun, Step, StepProgress, StepState,
    rows_in_quarantine,
};

/// The name in the service's certificate.
pub const SERVICE: &str = "tessera-pipeline";
