//! Figures of the release build, each beside the machine's own ceiling in the same run.
//!
//! Nothing here asserts: machines are shared and noisy. Every figure is printed with the load before it.

mod cells;
mod full;
mod game;
mod load;
mod lone;
mod machine;
mod martin;
mod oha;
mod pipeline;
mod stack;
mod store;

use clap::Parser;
use machine::say;
use std::{path::PathBuf, time::Duration};

#[derive(Parser)]
#[command(about = "Measure TheRON")]
struct Options {
    #[command(subcommand)]
    part: Option<Part>,
    /// Where the bench keeps its stack; emptied at the start
    #[arg(long, default_value = "var/bench")]
    data_dir: PathBuf,
    /// Seconds for each load
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Folder of the release build's programs
    #[arg(long, default_value = "target/release")]
    programs: PathBuf,
    /// Publishers' files, as `cargo xtask fetch` brings them
    #[arg(long, default_value = "var/sources")]
    sources: PathBuf,
    /// The files of worlds/full, as `tessera-pipeline fetch` brings them
    #[arg(long, default_value = "var/full")]
    full_sources: PathBuf,
    /// The programs we are measured beside, as `cargo xtask bench` installs them
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Measure these only, such as `cells,peers`
    #[arg(long, value_delimiter = ',', value_enum)]
    only: Vec<What>,
}

/// What can be measured by itself; the default world and the stack are made where they are needed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Rasters on cells, beside raster2dggs
    Cells,
    /// The full world, run and promoted, and a store that serves it, beside martin
    Full,
    /// The store of the running stack
    Store,
    /// The game of the running stack, its starts and its memory
    Game,
}

/// What the bench runs in a process of its own.
#[derive(clap::Subcommand)]
enum Part {
    /// Put one raster on cells and say what it cost
    Cells(cells::Task),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    theron_mesh::install_tls_provider();
    let options = Options::parse();
    if let Some(Part::Cells(task)) = &options.part {
        return cells::perform(task);
    }
    if options.data_dir.exists() {
        std::fs::remove_dir_all(&options.data_dir)?;
    }
    std::fs::create_dir_all(&options.data_dir)?;
    let each = Duration::from_secs(options.seconds);

    let asked = |what| options.only.is_empty() || options.only.contains(&what);
    say(&machine::describe());
    say("\n| what | figure | beside it |\n|---|---|---|");
    match &options.peers {
        Some(peers) if asked(What::Cells) => {
            cells::measure(&options.sources, peers, &options.data_dir)?;
        }
        None if asked(What::Cells) => say("| peers | not measured: they are not installed | |"),
        _ => {}
    }
    if ![What::Full, What::Store, What::Game].into_iter().any(asked) {
        return Ok(());
    }
    let world = pipeline::World {
        what: "pipeline, default world",
        document: "worlds/default/sources.toml",
        sources: &options.sources,
        aim: "aim 60 s, 1,024 MiB",
    };
    let run = world.measure(&options.programs, &options.data_dir.join("run")).await?;
    let stack =
        stack::Stack::start(&options.programs, &options.data_dir.join("stack"), &run.release)
            .await?;
    if asked(What::Store) {
        store::measure(&stack, &run.release, each).await?;
    }
    if asked(What::Full) {
        full::measure(&options, &stack, &run, each).await?;
    }
    if !asked(What::Game) {
        return Ok(());
    }
    stack.report_first_start();
    stack.report_idle_memory().await?;
    game::measure(&stack, &options.data_dir, each).await?;
    stack.report_memory_after_load()?;
    stack.measure_second_start().await
}
