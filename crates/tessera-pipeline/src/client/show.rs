//! What a person reads: a line for each thing. What a program reads: JSON, and nothing else.

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::{io::Write, time::Duration};
use tessera_pipeline_api::{FileState, Finding, Run, WorldDatasets, rows_in_quarantine};

/// Where lines and values go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
}

impl Output {
    pub fn say(self, line: &str) -> anyhow::Result<()> {
        writeln!(std::io::stdout(), "{line}").context("writing to the terminal")
    }

    pub(super) fn value(self, value: &impl Serialize) -> anyhow::Result<()> {
        self.say(&serde_json::to_string_pretty(value)?)
    }

    /// A bar of thousandths on the error stream; none where a program reads.
    pub fn bar(self) -> ProgressBar {
        if self.json {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{elapsed:>4} [{bar:30}] {percent:>3} %  {msg}")
            .unwrap_or_else(|_no_template| ProgressStyle::default_bar());
        let bar = ProgressBar::new(1000).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

pub(super) fn finding(finding: &Finding) -> String {
    let at = match (finding.latitude, finding.longitude) {
        (Some(latitude), Some(longitude)) => format!(" at {latitude:.3}, {longitude:.3}"),
        _ => String::new(),
    };
    format!("{} {}{at}: {}", finding.severity.as_str(), finding.rule, finding.message)
}

pub(super) fn run(run: &Run) -> String {
    let mut parts = vec![format!("{} {} {}", run.id, run.state.as_str(), run.world)];
    if run.state.is_over() {
        let found = &run.findings;
        parts.push(format!(
            "{} errors, {} warnings, {} notes, {}",
            found.error,
            found.warning,
            found.note,
            rows_in_quarantine(run.quarantined, run.quarantine_kept)
        ));
    } else {
        parts.push(format!("{} {} %", run.step.as_str(), run.progress_permille / 10));
    }
    parts.extend(run.release.as_ref().map(|release| {
        let megabytes = release.bytes / 1_000_000;
        format!("release {} ({megabytes} MB, {} zones)", release.id, release.zones)
    }));
    match &run.promoted_at {
        Some(at) => parts.push(format!("promoted {at}")),
        None if run.promotable => parts.push("fit to promote".to_owned()),
        None => {}
    }
    parts.extend(run.problem.clone());
    parts.join("; ")
}

pub(super) fn world(world: &WorldDatasets) -> Vec<String> {
    let name = world.world.as_deref().or(world.document.as_deref()).unwrap_or_default();
    let mut lines = vec![format!("{name}: {}", world.title)];
    lines.extend(world.problem.as_ref().map(|problem| format!("  cannot be run: {problem}")));
    for dataset in &world.datasets {
        let files = dataset.files.iter().filter(|file| file.state != FileState::Here);
        let wrong: Vec<String> = files
            .map(|file| match file.state {
                FileState::Changed => format!("{} has another checksum", file.name),
                FileState::Missing | FileState::Here => format!("{} is missing", file.name),
            })
            .collect();
        let state = if wrong.is_empty() { "here".to_owned() } else { wrong.join(", ") };
        let read = match &dataset.last_read {
            Some(last) => format!("last read by {}", last.run),
            None => "not read yet".to_owned(),
        };
        lines.push(format!(
            "  {}: {} ({}; {}); {state}; {read}",
            dataset.id, dataset.title, dataset.publisher, dataset.licence
        ));
    }
    lines
}
