//! The rules a world must pass: one table, which also makes docs/architecture/pipeline-rules.md.

mod table;

use crate::adapters::picture::{Classes, Legend};
use crate::finding::{Finding, Report};
use crate::staged::Staged;
use tessera_grid::Position;

pub use table::{Rule, TABLE};

/// An axis whose drift is below this part of its step is a rounding of its publisher.
pub const DRIFT_STEP_SHARE: f64 = 0.01;
/// More rows than this in quarantine are no longer single mistakes.
pub const QUARANTINE_SHARE_MAX: f64 = 0.02;

/// Every rule that looks at the whole world.
pub fn check(_staged: &Staged, _report: &mut Report) {}

pub fn rule(code: &str) -> Option<&'static Rule> {
    TABLE.iter().find(|rule| rule.code == code)
}

/// A finding of a rule, with the rule's severity and layer, nowhere in particular.
pub fn finding(code: &str, message: String) -> Finding {
    let known = rule(code);
    debug_assert!(known.is_some(), "the table has no rule {code}");
    Finding {
        rule: code.to_owned(),
        severity: known.map_or(crate::finding::Severity::Error, |rule| rule.severity),
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
