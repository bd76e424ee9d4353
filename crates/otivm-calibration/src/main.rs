//! Compares the engine of travel with published legs and attested voyages, and fits its named parameters.
//!
//! The legs are read from a folder that is not ours and stays where it is; what is written are figures.

mod fit;
mod legs;
mod measure;
mod page;
mod plot;
mod speed;

use anyhow::Context;
use clap::Parser;
use fit::Bench;
use measure::Measured;
use otivm_travel::{Draft, Month, Parameters};
use std::{path::PathBuf, sync::Arc};
use tessera_release::Release;

#[derive(Parser)]
#[command(about = "Compare the engine of travel with published legs and attested voyages")]
struct Options {
    /// A release file
    #[arg(long)]
    release: PathBuf,
    /// The folder with nodes.csv, edges-calibration-half.csv and attested-voyages-calibration-half.csv
    #[arg(long, default_value = "../shared/data/orbis-calibration")]
    data: PathBuf,
    /// Where calibration.md and calibration.svg are written
    #[arg(long, default_value = "docs")]
    docs: PathBuf,
    /// Fit the parameters anew first, with five folds of pairs of places left out in turn
    #[arg(long)]
    fit: bool,
    /// Time single routes and the table of all ports, too
    #[arg(long)]
    speed: bool,
    /// Show the legs that are farthest off, so many of each kind
    #[arg(long, default_value_t = 0)]
    worst: usize,
}

/// No season is stated with the legs; they fit this month best.
const MONTH: Month = Month::JULY;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let release = Release::open(&options.release).context("opening the release")?;
    let mut draft = Draft::default();
    release.for_each_cell(|cell| draft.add(&cell))?;
    let chart = draft.chart().with_lines(|collection| release.lines(collection))?;
    if options.speed {
        return speed::measure(&Arc::new(chart), &release.places()?);
    }
    let legs = legs::read(&options.data)?;
    let voyages = legs::voyages(&options.data)?;
    let mut bench = Bench::new(chart, MONTH);
    let folds = if options.fit { Some(folds(&mut bench, &legs)) } else { None };
    let measured = bench.measure(Parameters::default(), &legs);
    let sailed = bench.sail(&voyages)?;
    let page = page::Page { title: &release.info().title, measured: &measured, sailed: &sailed };
    say(&page.tables());
    if let Some(folds) = &folds {
        say(folds);
    }
    if options.worst > 0 {
        say(&page::worst(&measured, options.worst));
    }
    let path = options.docs.join("calibration.md");
    let kept = page::kept_folds(&std::fs::read_to_string(&path).unwrap_or_default());
    std::fs::write(&path, page.document(&folds.or(kept).unwrap_or_default()))?;
    std::fs::write(options.docs.join("calibration.svg"), plot::svg(&measured))?;
    Ok(())
}

/// The section about legs that were left out of a fit.
fn folds(bench: &mut Bench, legs: &[legs::Leg]) -> String {
    let mut rows = page::FOLD_HEADING.to_owned();
    let mut best = Parameters::default();
    for group in &fit::GROUPS {
        let of: Vec<legs::Leg> =
            legs.iter().filter(|leg| group.kinds.contains(&leg.kind)).cloned().collect();
        best = fit::fit(bench, group, &of, best);
        let within = bench.measure(best, &of);
        let without: Vec<Measured> = fit::out_of_fold(bench, group, &of, best);
        rows.push_str(&page::fold_row(group.name, &within, &without));
    }
    rows + &page::fitted(best)
}

#[expect(clippy::print_stdout, reason = "the tables are what the program is for")]
fn say(text: &str) {
    println!("{text}");
}
