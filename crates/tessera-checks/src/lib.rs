//! The rules a world must pass: one table, which also makes docs/architecture/pipeline-rules.md.
//!
//! A rule looks and says; it never changes the world. What an adapter or a layer noticed on the way is
//! reported under the same codes, so that one table explains every line of an assay. Zones are walked once
//! for all rules that need no more than a zone's own facts, and no set of all zones is ever built: a world of
//! ten million zones is checked in the memory it is staged in.

mod climate;
mod coverage;
pub mod difference;
pub mod doubt;
mod features;
pub mod finding;
mod flow;
mod found;
mod ground;
pub mod licence;
mod orientation;
mod places;
pub mod provinces;
pub mod pyramid;
mod record;
mod relief;
mod shape;
mod table;
mod walk;
mod water;

use crate::doubt::Doubts;
use crate::finding::Report;
use crate::found::Found;
use crate::walk::{Look, View};
use std::fmt::Write;
use tessera_grid::{Position, Resolution};
use tessera_stage::layers::climate::Legend;
use tessera_stage::layers::surface::LandRows;
use tessera_stage::raster::Raster;
use tessera_stage::scan::Rows;
use tessera_stage::staged::Staged;

pub use finding::finding;
pub use found::LISTED_MAX;
pub use table::{Rule, TABLE};

/// An axis whose drift is below this part of its step is a rounding of its publisher.
pub const DRIFT_STEP_SHARE: f64 = 0.01;
/// More rows than this in quarantine are no longer single mistakes.
pub const QUARANTINE_SHARE_MAX: f64 = 0.02;

/// Every rule that looks at the whole world; what warnings touch is given back, to be marked.
pub fn check(staged: &Staged, report: &mut Report) -> Doubts {
    let mut found = Found::default();
    std::thread::scope(|scope| {
        let raster = scope.spawn(|| {
            let mut found = Found::default();
            // The coast is asked at the raster's nodes, kilometres apart: finer rows would say no more.
            let rows = Rows::for_resolution(staged.resolution.min(Resolution::FIVE));
            let land = LandRows::cut(&staged.land, rows, staged.bbox);
            orientation::check(staged, &land, &mut found);
            relief::check(staged, &mut found);
            found
        });
        coverage::check(staged, &mut found);
        water::check(staged, &mut found);
        flow::check(staged, &mut found);
        climate::check(staged, &mut found);
        places::check(staged, &mut found);
        features::check(staged, &mut found);
        provinces::check(staged, &mut found);
        record::conflicts(staged, &mut found);
        match raster.join() {
            Ok(raster) => found.join(raster),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    let known = record::known(staged);
    let all = walk::walk(staged, || All {
        layers: coverage::Layers::default(),
        ground: ground::Ground::default(),
        classes: climate::Classes::new(staged),
        named: record::Named::new(&known),
    });
    all.layers.say(&mut found);
    all.ground.say(staged, &mut found);
    all.classes.say(&mut found);
    all.named.say(staged, &mut found);
    report.findings.append(&mut found.findings);
    report.sort();
    Doubts { zones: found.doubted }
}

/// What looks at every zone.
struct All<'a> {
    layers: coverage::Layers,
    ground: ground::Ground,
    classes: climate::Classes<'a>,
    named: record::Named<'a>,
}

impl Look for All<'_> {
    fn look(&mut self, view: &View) {
        self.layers.look(view);
        self.ground.look(view);
        self.classes.look(view);
        self.named.look(view);
    }

    fn join(&mut self, later: Self) {
        self.layers.join(later.layers);
        self.ground.join(later.ground);
        self.classes.join(later.classes);
        self.named.join(later.named);
    }
}

pub fn rule(code: &str) -> Option<&'static Rule> {
    TABLE.iter().find(|rule| rule.code == code)
}

/// Class numbers of the picture that its legend does not name: how many pixels, and where the first is.
pub fn unknown_classes(classes: &Raster<u8>, legend: &Legend) -> Vec<(String, Option<Position>)> {
    let mut seen = [(0_u64, 0_usize); 256];
    for (index, &value) in classes.values.iter().enumerate() {
        let entry = &mut seen[usize::from(value)];
        if entry.0 == 0 {
            entry.1 = index;
        }
        entry.0 += 1;
    }
    (0..=u8::MAX)
        .filter(|number| seen[usize::from(*number)].0 > 0 && !legend.knows(*number))
        .map(|number| {
            let (count, first) = seen[usize::from(number)];
            let message = format!("class {number} stands in {count} pixels and not in the legend");
            (message, classes.position(first / classes.columns, first % classes.columns))
        })
        .collect()
}

/// The table as a page of the documentation.
pub fn page() -> String {
    let mut page = String::from(
        "# Rules of the pipeline\n\nGenerated from `crates/tessera-checks/src/table/`; a test compares. \
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
