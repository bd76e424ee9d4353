//! What is noted while a world is staged: findings, quarantine, and whose facts are whose.

use std::collections::{BTreeMap, BTreeSet};
use tessera_checks::finding::{Finding, Quarantined, Report, Severity};
use tessera_formats::BAD_ROWS_MAX;
use tessera_grid::Zone;
use tessera_stage::reading::BadRows;
use tessera_stage::staged::Staged;
use tessera_world::{Certainty, Provenance, ProvenanceId};

/// Rows of one rule and dataset that are listed one by one as findings; the quarantine lists them all.
const LISTED_MAX: usize = 20;

/// Rows of a dataset that the quarantine lists at most: nobody reads more, and a file may hold millions.
const QUARANTINED_MAX: usize = BAD_ROWS_MAX;

/// Rows that were left out, and how many more there are of which only the number is known.
#[derive(Default)]
pub(super) struct LeftOut {
    rows: BadRows,
    more: u64,
}

impl From<BadRows> for LeftOut {
    fn from(rows: BadRows) -> Self {
        Self { rows, more: 0 }
    }
}

impl From<(BadRows, u64)> for LeftOut {
    fn from((rows, more): (BadRows, u64)) -> Self {
        Self { rows, more }
    }
}

#[derive(Default)]
pub(super) struct Notebook {
    pub(super) report: Report,
    /// Rows that the quarantine lists, by dataset.
    listed: BTreeMap<String, usize>,
    /// Datasets of evidence: a gazetteer lists much that nobody has located, which is no sign of damage.
    pub(super) evidence: BTreeSet<String>,
}

impl Notebook {
    pub(super) fn find(&mut self, rule: &str, dataset: &str, message: String) {
        let found = finding(rule, message);
        self.report.findings.push(Finding {
            layer: dataset.to_owned(),
            dataset: Some(dataset.to_owned()),
            ..found
        });
    }

    /// What is only for the record, whatever its rule weighs elsewhere.
    pub(super) fn note(&mut self, rule: &str, dataset: &str, message: String) {
        self.find(rule, dataset, message);
        if let Some(last) = self.report.findings.last_mut() {
            last.severity = Severity::Note;
        }
    }

    pub(super) fn find_at(&mut self, rule: &str, zone: Zone, message: String) {
        self.report.findings.push(Finding {
            position: Some(zone.centre()),
            zone: Some(zone),
            ..finding(rule, message)
        });
    }

    /// The licences of several sources as one expression of SPDX, each once: what holds for a fact made of them all.
    fn licences<'a>(staged: &Staged, of: impl Iterator<Item = &'a str>) -> String {
        let mut all: Vec<&str> = Vec::new();
        for id in of {
            let source = staged.sources.iter().find(|known| known.id == id);
            let licence = source.map(|source| source.licence.as_str());
            if let Some(licence) = licence.filter(|licence| !all.contains(licence)) {
                all.push(licence);
            }
        }
        all.join(" AND ")
    }

    /// A new provenance; its licence is its source's, which was taken in before.
    pub(super) fn provenance(
        staged: &mut Staged,
        layer: &str,
        source: &str,
        certainty: Certainty,
        method: &str,
    ) -> ProvenanceId {
        let id = next(staged);
        staged.provenances.push(Provenance {
            id,
            layer: layer.to_owned(),
            source: source.to_owned(),
            licence: Self::licences(staged, std::iter::once(source)),
            certainty,
            method: method.to_owned(),
            valid_from: None,
            valid_to: None,
        });
        id
    }

    /// Rows left out; too many of them that are wrong, not merely elsewhere, are a finding of their own.
    pub(super) fn quarantine(
        &mut self,
        dataset: &str,
        file: &str,
        bad: impl Into<LeftOut>,
        good: usize,
    ) {
        let LeftOut { rows: bad, mut more } = bad.into();
        let wrong = |rule: &str| {
            tessera_checks::rule(rule).is_some_and(|known| known.severity != Severity::Note)
        };
        // What only its number is known of was wrong in itself: a reader could not read it.
        let count = bad.iter().filter(|(_, rule, _)| wrong(rule)).count() + more as usize;
        let total = bad.len() + more as usize + good;
        let mut listed: Vec<(&'static str, usize)> = Vec::new();
        for (row, rule, reason) in bad {
            match listed.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => listed.push((rule, 1)),
            }
            if listed.iter().any(|(known, count)| *known == rule && *count <= LISTED_MAX) {
                let message = format!("{file}, row {row}: {reason}");
                let found = finding(rule, message);
                self.report.findings.push(Finding {
                    layer: dataset.to_owned(),
                    dataset: Some(dataset.to_owned()),
                    row: Some(row),
                    ..found
                });
            }
            let kept = self.listed.entry(dataset.to_owned()).or_default();
            if *kept == QUARANTINED_MAX {
                more += 1;
                continue;
            }
            *kept += 1;
            self.report.quarantine.push(Quarantined {
                dataset: dataset.to_owned(),
                file: file.to_owned(),
                row,
                rule: rule.to_owned(),
                reason,
            });
        }
        self.report.only_counted += more;
        if more > 0 {
            let message =
                format!("the quarantine lists {QUARANTINED_MAX} rows of {file}, not {more} more");
            self.note("quarantine_cut", dataset, message);
        }
        for (rule, count) in listed.into_iter().filter(|(_, count)| *count > LISTED_MAX) {
            let rest = count - LISTED_MAX;
            self.find(rule, dataset, format!("and {rest} more rows of {file}; see the quarantine"));
        }
        if count as f64 > tessera_checks::QUARANTINE_SHARE_MAX * total as f64 {
            let message = format!("{count} of {total} rows of {file} are in quarantine");
            if self.evidence.contains(dataset) {
                self.note("quarantine_share", dataset, message);
            } else {
                self.find("quarantine_share", dataset, message);
            }
        }
    }
}

fn next(staged: &Staged) -> ProvenanceId {
    ProvenanceId(staged.provenances.len() as u32 + 1)
}

/// Provenances of facts whose names are other sources' than the facts: each is the first source's, says who named
/// them, and bears the licences of all (decision 0074).
#[derive(Default)]
pub(super) struct Shared {
    made: BTreeMap<(ProvenanceId, Vec<String>), ProvenanceId>,
}

impl Shared {
    pub(super) fn named_by(
        &mut self,
        staged: &mut Staged,
        of: ProvenanceId,
        namers: &[String],
    ) -> ProvenanceId {
        *self.made.entry((of, namers.to_vec())).or_insert_with(|| {
            let alone = staged.provenances.iter().find(|known| known.id == of);
            let Some(named) = alone.map(|alone| alone.named_by(namers)) else { return of };
            let all = std::iter::once(named.source.as_str());
            let all = all.chain(namers.iter().map(String::as_str));
            let (id, licence) = (next(staged), Notebook::licences(staged, all));
            staged.provenances.push(Provenance { id, licence, ..named });
            id
        })
    }
}

/// A finding of a rule; of a code that has no rule in the table yet, a warning under that code.
fn finding(rule: &str, message: String) -> Finding {
    if tessera_checks::rule(rule).is_some() {
        return tessera_checks::finding(rule, message);
    }
    let severity = if rule == "source_note" { Severity::Note } else { Severity::Warning };
    Finding { rule: rule.to_owned(), severity, ..tessera_checks::finding("schema", message) }
}
