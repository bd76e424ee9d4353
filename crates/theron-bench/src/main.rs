//! Figures of the release build, each beside the machine's own ceiling in the same run.
//!
//! Nothing here asserts: machines are shared and noisy. Every figure is printed with the load before it.

mod cells;
mod dear;
mod floor;
mod full;
mod game;
mod house;
mod kills;
mod lives;
mod load;
mod lone;
mod machine;
mod martin;
mod oha;
mod pipeline;
mod simulation;
mod stack;
mod store;
mod wire;

use clap::Parser;
use machine::say;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

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
    /// A prepared release for the game by itself; the default world where it is not given
    #[arg(long)]
    world: Option<PathBuf>,
    /// How often the game is killed
    #[arg(long, default_value_t = 2_000)]
    kills: u64,
    /// What the instants of the kills follow from
    #[arg(long, default_value_t = 2_026)]
    seed: u64,
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
    /// The running stack, its starts and its memory
    Stack,
    /// The game by itself: durable actions beside a bare loop
    Game,
    /// The game by itself, as a simulation owns it
    Simulation,
    /// The game by itself: start, memory and fold with lives of years
    Lives,
    /// The game by itself: SIGKILL under load, and what is there afterwards
    Kills,
}

/// What the bench runs in a process of its own.
#[derive(clap::Subcommand)]
enum Part {
    /// Put one raster on cells and say what it cost
    Cells(cells::Task),
    /// Answer every request with the same bytes
    Floor(floor::Task),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    theron_mesh::install_tls_provider();
    let options = Options::parse();
    match &options.part {
        Some(Part::Cells(task)) => return cells::perform(task),
        Some(Part::Floor(task)) => return floor::perform(task),
        None => {}
    }
    if options.data_dir.exists() {
        std::fs::remove_dir_all(&options.data_dir)?;
    }
    std::fs::create_dir_all(&options.data_dir)?;
    let asked = |what| options.asks(what);
    say(&machine::describe());
    say("\n| what | figure | beside it |\n|---|---|---|");
    match &options.peers {
        Some(peers) if asked(What::Cells) => {
            cells::measure(&options.sources, peers, &options.data_dir)?;
        }
        None if asked(What::Cells) => say("| peers | not measured: they are not installed | |"),
        _ => {}
    }
    let on_stack = [What::Full, What::Store, What::Stack].into_iter().any(asked);
    let by_itself = [What::Game, What::Simulation, What::Lives, What::Kills].into_iter().any(asked);
    let run = match &options.world {
        Some(_) if !on_stack => None,
        _ if !on_stack && !by_itself => None,
        _ => Some(default_world(&options).await?),
    };
    let made = run.as_ref().map(|run| &run.release);
    if let (true, Some(release)) = (by_itself, options.world.as_ref().or(made)) {
        game_by_itself(&options, release).await?;
    }
    match &run {
        Some(run) if on_stack => whole_stack(&options, run).await,
        _ => Ok(()),
    }
}

async fn default_world(options: &Options) -> anyhow::Result<pipeline::Run> {
    let world = pipeline::World {
        what: "pipeline, default world",
        document: "worlds/default/sources.toml",
        sources: &options.sources,
        aim: "aim 60 s, 1,024 MiB",
    };
    world.measure(&options.programs, &options.data_dir.join("run")).await
}

/// Parts that need no service but the game's.
async fn game_by_itself(options: &Options, release: &Path) -> anyhow::Result<()> {
    let place = game::Place {
        programs: &options.programs,
        release,
        folder: &options.data_dir,
        each: options.each(),
    };
    if options.asks(What::Game) {
        game::measure(&place).await?;
    }
    if options.asks(What::Simulation) {
        simulation::measure(&place).await?;
    }
    if options.asks(What::Lives) {
        lives::measure(&place).await?;
    }
    if options.asks(What::Kills) {
        kills::measure(&place, options.kills, options.seed).await?;
    }
    Ok(())
}

async fn whole_stack(options: &Options, run: &pipeline::Run) -> anyhow::Result<()> {
    let folder = options.data_dir.join("stack");
    let stack = stack::Stack::start(&options.programs, &folder, &run.release).await?;
    if options.asks(What::Store) {
        store::measure(&stack, &run.release, options.each()).await?;
    }
    if options.asks(What::Full) {
        full::measure(options, &stack, run, options.each()).await?;
    }
    if !options.asks(What::Stack) {
        return Ok(());
    }
    stack.report_first_start();
    stack.report_idle_memory().await?;
    stack.measure_second_start().await
}

impl Options {
    const fn each(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn asks(&self, what: What) -> bool {
        self.only.is_empty() || self.only.contains(&what)
    }
}
