//! Figures of the release build, each beside the machine's own ceiling in the same run.
//!
//! Nothing here asserts: machines are shared and noisy. Every figure is printed with the load before it.

mod cells;
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
    /// The programs we are measured beside, as `cargo xtask bench` installs them
    #[arg(long)]
    peers: Option<PathBuf>,
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

    say(&machine::describe());
    say("\n| what | figure | beside it |\n|---|---|---|");
    let release = pipeline::measure(&options.programs, &options.sources, &options.data_dir).await?;
    let stack =
        stack::Stack::start(&options.programs, &options.data_dir.join("stack"), &release).await?;
    stack.report_first_start();
    stack.report_idle_memory().await?;
    store::measure(&stack, &release, each).await?;
    match &options.peers {
        Some(peers) => {
            cells::measure(&options.sources, peers, &options.data_dir)?;
            martin::measure(&stack, &release, peers, &options.data_dir, each).await?;
        }
        None => say("| peers | not measured: they are not installed | |"),
    }
    game::measure(&stack, &options.data_dir, each).await?;
    stack.report_memory_after_load()?;
    stack.measure_second_start().await
}
