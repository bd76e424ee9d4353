//! The assay: what a run made and what was found in it, for a person to judge in a minute.
//!
//! One HTML page that asks nobody for anything (styles, pictures and drawings are inside it), and the same
//! as JSON. Equal worlds and reports give equal pages; everything that came from a file is escaped.

mod canvas;
mod change;
mod chart;
mod covers;
mod evidence;
mod facts;
mod maps;
mod overlay;
mod page;
mod palette;
mod sections;
mod skies;
mod sources;
mod text;

use facts::Facts;
use tessera_checks::difference::Comparison;
use tessera_checks::finding::Report;
use tessera_pipeline_api::ReleaseSummary;
use tessera_stage::staged::Staged;

/// What an assay is written of.
#[derive(Clone, Copy)]
pub struct Assay<'a> {
    pub staged: &'a Staged,
    pub report: &'a Report,
    pub comparison: &'a Comparison,
    /// `None` where no release was written.
    pub release: Option<&'a ReleaseSummary>,
}

impl Assay<'_> {
    pub fn html(&self) -> String {
        page::page(self.staged, &Facts::gather(*self))
    }

    /// The same without the pictures.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(Facts::gather(*self))
            .expect("every key is a field's name, which is all that a JSON value can refuse")
    }
}

#[cfg(test)]
mod tests;
