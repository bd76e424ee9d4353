//! What crosses the wire to and from `tessera-pipeline` (1101).
//!
//! A run stages the world from its sources, checks it, and writes a release file; the operator reads
//! the assay and promotes. An import is a run whose release file was prepared elsewhere.

mod types;

pub use types::{
    Finding, FindingCounts, Quarantined, ReleaseSummary, Run, RunKind, RunList, RunState, Severity,
    StartRun, Step,
};

/// The name in the service's certificate.
pub const SERVICE: &str = "tessera-pipeline";
