//! The full world: staged, checked, drawn, written, sent, verified and promoted; then served beside martin.

use crate::{
    Options, dear,
    lone::LoneStore,
    machine::{row, say},
    martin,
    pipeline::{Run, World},
    stack::Stack,
};
use std::time::Duration;

/// Runs it where its files are; the store is measured on it, or else on the default world.
pub(crate) async fn measure(
    options: &Options,
    stack: &Stack,
    default: &Run,
    each: Duration,
) -> anyhow::Result<()> {
    let full = if options.full_sources.is_dir() {
        let world = World {
            what: "pipeline, full world at resolution 7, every layer",
            document: "worlds/full/sources.toml",
            sources: &options.full_sources,
            aim: "aim 300 s with its promotion, 3,072 MiB",
        };
        Some(world.measure(&options.programs, &options.data_dir.join("full")).await?)
    } else {
        let folder = options.full_sources.display();
        say(&format!("| full world | not measured: {folder} is not there | |"));
        None
    };
    let run = full.as_ref().unwrap_or(default);
    let store = LoneStore::start(stack, &run.release, &options.data_dir.join("lone")).await?;
    row(
        "the same, and promoted",
        &format!("{:.1} s", run.seconds + store.promoted_s),
        "from the files to the release that everybody reads",
    );
    if let Some(peers) = &options.peers {
        martin::measure(stack, &store, &run.release, peers, &options.data_dir, each).await?;
        dear::measure(&store, &run.release, peers, &options.data_dir, each).await?;
    }
    store.report_memory()
}
