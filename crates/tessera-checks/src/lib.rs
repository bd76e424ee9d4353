//! The rules a world must pass: one table, which also makes docs/architecture/pipeline-rules.md.
//!
//! A rule looks and says; it never changes the world. What an adapter or a layer noticed on the way is
//! reported under the same codes, so that one table explains every line of an assay.

pub mod finding;
mod flow;
mod grid;
mod places;
mod relief;
mod table;
mod weather;

use tessera_stage::adapters::picture::{Classes, Legend};
use crate::finding::{Finding, Report};
use tessera_stage::layers::surface::LandRows;
use tessera_stage::scan::Rows;
use tessera_stage::staged::Staged;
use std::fmt::Write;
use tessera_grid::{Position, Zone};

pub use table::{Rule, TABLE};

/// An axis whose drift is below this part of its step is a rounding of its publisher.
pub const DRIFT_STEP_SHARE: f64 = 0.01;
/// More rows than this in quarantine are no longer single mistakes.
pub const QUARANTINE_SHARE_MAX: f64 = 0.02;
/// Findings of one rule that are listed one by one; a person reads no more, the rest are counted.
const LISTED_MAX: usize = 50;

/// Every rule that looks at the whole world.
pub fn check(staged: &Staged, report: &mut Report) {
    let land = LandRows::cut(&staged.land, Rows::for_resolution(staged.resolution), staged.bbox);
    let mut found = Found { findings: Vec::new() };
    grid::check(staged, &mut found);
    relief::check(staged, &land, &mut found);
    flow::check(staged, &mut found);
    weather::check(staged, &mut found);
    places::check(staged, &mut found);
    report.findings.append(&mut found.findings);
    report.findings.sort_by_key(|finding| finding.severity);
}

/// One place on the map where a rule is broken; the heavier, the earlier it is listed.
struct Spot {
    weight: f64,
    message: String,
    position: Option<Position>,
    zone: Option<Zone>,
}

impl Spot {
    fn zone(zone: Zone, weight: f64, message: String) -> Self {
        Self { weight, message, position: Some(zone.centre()), zone: Some(zone) }
    }

    const fn position(position: Option<Position>, weight: f64, message: String) -> Self {
        Self { weight, message, position, zone: None }
    }
}

/// The findings of one check.
struct Found {
    findings: Vec<Finding>,
}

impl Found {
    fn say(&mut self, code: &str, message: String) {
        self.findings.push(finding(code, message));
    }

    /// Lists the heaviest spots and counts the rest.
    fn spots(&mut self, code: &str, mut spots: Vec<Spot>) {
        spots.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let rest = spots.len().saturating_sub(LISTED_MAX);
        for spot in spots.into_iter().take(LISTED_MAX) {
            self.findings.push(Finding {
                position: spot.position,
                zone: spot.zone,
                ..finding(code, spot.message)
            });
        }
        if rest > 0 {
            self.say(code, format!("and {rest} more, less marked"));
        }
    }

    /// One finding for all zones that break a rule, with the first of them on the map.
    fn zones(&mut self, code: &str, zones: &[Zone], message: &str) {
        if let Some(&first) = zones.first() {
            self.findings.push(Finding {
                position: Some(first.centre()),
                zone: Some(first),
                ..finding(code, format!("{} zones, the first {first}: {message}", zones.len()))
            });
        }
    }
}

pub fn rule(code: &str) -> Option<&'static Rule> {
    TABLE.iter().find(|rule| rule.code == code)
}

/// A finding of a rule, with the rule's severity and layer, nowhere in particular.
pub fn finding(code: &str, message: String) -> Finding {
    let known = rule(code);
    debug_assert!(known.is_some(), "the table has no rule {code}");
    Finding {
        rule: code.to_owned(),
        severity: known.map_or(finding::Severity::Error, |rule| rule.severity),
        layer: known.map_or("", |rule| rule.layer).to_owned(),
        message,
        position: None,
        zone: None,
    }
}

/// Class numbers of the picture that its legend does not name: how many pixels, and where the first is.
pub fn unknown_classes(classes: &Classes, legend: &Legend) -> Vec<(String, Option<Position>)> {
    let mut seen = [(0_u64, 0_usize); 256];
    for (index, &value) in classes.values.iter().enumerate() {
        let entry = &mut seen[usize::from(value)];
        if entry.0 == 0 {
            entry.1 = index;
        }
        entry.0 += 1;
    }
    (0..=u8::MAX)
        .filter(|number| seen[usize::from(*number)].0 > 0 && !legend.names.contains_key(number))
        .map(|number| {
            let (count, first) = seen[usize::from(number)];
            let longitude = classes.west + ((first % classes.columns) as f64 + 0.5) * classes.step;
            let latitude = classes.north - ((first / classes.columns) as f64 + 0.5) * classes.step;
            let message = format!("class {number} stands in {count} pixels and not in the legend");
            (message, Position::new(latitude, longitude).ok())
        })
        .collect()
}

/// The table as a page of the documentation.
pub fn page() -> String {
    let mut page = String::from(
        "# Rules of the pipeline\n\nGenerated from `crates/tessera-checks/src/table.rs`; a test compares. \
         An error keeps a world from being written\nas a release, a warning is for a person to judge, a note is for the record.\n\n\
         | code | severity | layer | what holds | why |\n|---|---|---|---|---|\n",
    );
    for rule in TABLE {
        let Rule { code, severity, layer, sentence, why } = rule;
        // Writing to a String cannot fail.
        _ = writeln!(page, "| `{code}` | {} | {layer} | {sentence} | {why} |", severity.as_str());
    }
    page
}
