//! Findings on disk, gravest first, and pages of what a run left in its folder.

use crate::run::{QUARANTINE_JSON, RunError};
use std::path::{Path, PathBuf};
use tessera_checks::finding::Report;
use tessera_pipeline_api::{Finding, FindingPage, QuarantinePage, Quarantined, Severity};

const FINDINGS_JSON: &str = "findings.json";

/// Writes the findings of a run.
pub(super) fn write(folder: &Path, report: &Report) -> Result<(), RunError> {
    let mut findings: Vec<Finding> = report
        .findings
        .iter()
        .map(|finding| Finding {
            rule: finding.rule.clone(),
            severity: finding.severity,
            layer: finding.layer.clone(),
            message: finding.message.clone(),
            latitude: finding.position.map(tessera_grid::Position::latitude),
            longitude: finding.position.map(tessera_grid::Position::longitude),
            zone: finding.zone.map(|zone| zone.to_string()),
        })
        .collect();
    findings.sort_by_key(|finding| finding.severity);
    let path = folder.join(FINDINGS_JSON);
    let json = serde_json::to_vec(&findings)?;
    std::fs::write(&path, json).map_err(|source| RunError::Io { path, source })
}

/// Why there is no page.
pub(crate) enum NoPage {
    /// The run has not come so far.
    NotThere,
    Io(PathBuf, std::io::Error),
}

pub(crate) fn findings(
    folder: &Path,
    severity: Option<Severity>,
    after: u64,
    limit: usize,
) -> Result<FindingPage, NoPage> {
    let mut findings: Vec<Finding> = read(&folder.join(FINDINGS_JSON))?;
    findings.retain(|finding| severity.is_none_or(|severity| severity == finding.severity));
    let (findings, total, next) = page(findings, after, limit);
    Ok(FindingPage { findings, total, next })
}

pub(crate) fn quarantine(
    folder: &Path,
    left_out: u64,
    after: u64,
    limit: usize,
) -> Result<QuarantinePage, NoPage> {
    let rows: Vec<Quarantined> = read(&folder.join(QUARANTINE_JSON))?;
    let (rows, total, next) = page(rows, after, limit);
    Ok(QuarantinePage { rows, total, left_out: left_out.max(total), next })
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, NoPage> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => NoPage::NotThere,
        _ => NoPage::Io(path.to_owned(), error),
    })?;
    serde_json::from_slice(&bytes).map_err(|error| NoPage::Io(path.to_owned(), error.into()))
}

fn page<T>(all: Vec<T>, after: u64, limit: usize) -> (Vec<T>, u64, Option<u64>) {
    let total = all.len() as u64;
    let end = after.saturating_add(limit as u64);
    let skip = usize::try_from(after).unwrap_or(usize::MAX);
    (all.into_iter().skip(skip).take(limit).collect(), total, (end < total).then_some(end))
}
