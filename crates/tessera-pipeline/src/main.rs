//! The command line: `fetch` brings the sources, `serve` is the service, and all else asks the service;
//! `run --local` does the same work in this process.

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};
use tessera_checks::finding::Severity;
use tessera_pipeline::{
    client::{self, Connection, Output},
    fetch::{self, Means},
    run,
    sources::Sources,
};
use tessera_pipeline_api::{Step, rows_in_quarantine};
use theron_service::{SystemClock, load_config, start_logging, until_signal};

#[derive(Parser)]
#[command(name = "tessera-pipeline", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the sources of a world, those with the right checksum excepted.
    Fetch {
        /// The world's sources.toml.
        #[arg(long)]
        sources: PathBuf,
        /// The folder they are kept in.
        #[arg(long)]
        into: PathBuf,
        /// A folder with files brought by hand: looked through before the network is asked.
        #[arg(long)]
        inbox: Option<PathBuf>,
        /// Where `github` recipes are fetched from, for instance a mirror.
        #[arg(long, default_value = fetch::GITHUB)]
        github: String,
    },
    /// Serve the API until SIGTERM.
    Serve {
        #[arg(long)]
        config: PathBuf,
    },
    /// Run a world by its name, or a sources.toml: on the service, or here with --local.
    Run {
        /// The name of a world of the service, or a sources.toml; one that the service has not is sent to it.
        what: PathBuf,
        /// Do the work in this process, without a service.
        #[arg(long, requires_all = ["from", "into"])]
        local: bool,
        /// With --local: the folder that `fetch` filled.
        #[arg(long, requires = "local")]
        from: Option<PathBuf>,
        /// With --local: where world.sqlite3, assay.html and assay.json go.
        #[arg(long, requires = "local")]
        into: Option<PathBuf>,
    },
    /// Save the assay of a run and print its verdict and findings.
    Assay {
        run: String,
        /// Where the page goes; RUN.html unless said.
        #[arg(long)]
        save: Option<PathBuf>,
    },
    /// Make the release of a run the one that everybody reads.
    Promote { run: String },
    /// Make a release current again that was so before.
    Rollback { release: String },
    /// Call a run off that waits or goes on.
    Cancel { run: String },
    /// The runs that are kept.
    Runs,
    /// The datasets of each world, and whether their files are there.
    Datasets,
}

fn main() -> ExitCode {
    run_command().unwrap_or_else(|error| {
        complain(&error);
        ExitCode::FAILURE
    })
}

#[expect(clippy::print_stderr, reason = "an operator reads this on a terminal")]
fn complain(error: &anyhow::Error) {
    eprintln!("tessera-pipeline: {error:#}");
}

fn run_command() -> Result<ExitCode> {
    let Arguments { command, connection } = Arguments::parse();
    match command {
        Command::Fetch { sources, into, inbox, github } => {
            fetch_sources(&sources, &into, &Means { inbox, github })
        }
        Command::Serve { config } => serve(&config),
        Command::Run { what, local: true, from, into } => {
            let (from, into) = from.zip(into).context("--local needs --from and --into")?;
            run_here(&what, &from, &into)
        }
        command => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("starting the runtime")?
            .block_on(call(command, &connection)),
    }
}

/// What the service does; the exit code says whether it went well.
async fn call(command: Command, connection: &Connection) -> Result<ExitCode> {
    let output = Output { json: connection.json };
    let pipeline = connection.client()?;
    let good = match command {
        Command::Run { what, .. } => {
            let started = client::start_run(&pipeline, &what, &output).await?;
            let run = client::follow(&pipeline, &started.run.id, &output).await?;
            client::verdict(&pipeline, &run, &output).await?
        }
        Command::Assay { run, save } => {
            let save = save.unwrap_or_else(|| PathBuf::from(format!("{run}.html")));
            let run = pipeline.run(&run).await.map_err(client::explain)?;
            client::save_assay(&pipeline, &run.id, &save, &output).await?;
            client::verdict(&pipeline, &run, &output).await?
        }
        Command::Promote { run } => client::promote(&pipeline, &run, &output).await?,
        Command::Rollback { release } => {
            client::roll_back(&pipeline, &release, &output).await.map(|()| true)?
        }
        Command::Cancel { run } => client::cancel(&pipeline, &run, &output).await.map(|()| true)?,
        Command::Datasets => client::datasets(&pipeline, &output).await.map(|()| true)?,
        Command::Runs | Command::Fetch { .. } | Command::Serve { .. } => {
            client::runs(&pipeline, &output).await.map(|()| true)?
        }
    };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn fetch_sources(document: &Path, into: &Path, means: &Means) -> Result<ExitCode> {
    let sources = Sources::load(document)?;
    let bar = bar("things");
    let begun = Instant::now();
    let fetched = fetch::fetch(&sources, into, means, |done, total, what| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
    })?;
    bar.finish_and_clear();
    say(&format!(
        "sources are complete in {}: {} files kept, {} taken from the inbox, {} brought from {} places, {:.1} s",
        into.display(),
        fetched.kept,
        fetched.taken,
        fetched.brought,
        fetched.packages,
        begun.elapsed().as_secs_f64()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn serve(config: &Path) -> Result<ExitCode> {
    start_logging();
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    runtime.block_on(async {
        let running = tessera_pipeline::start(load_config(config)?, Arc::new(SystemClock)).await?;
        until_signal().await?;
        running.drain().await;
        Ok(ExitCode::SUCCESS)
    })
}

fn run_here(document: &Path, from: &Path, into: &Path) -> Result<ExitCode> {
    let sources = Sources::load(document)?;
    if !from.is_dir() {
        bail!(
            "{} is no folder; run `tessera-pipeline fetch --sources {} --into {}` first",
            from.display(),
            document.display(),
            from.display()
        );
    }
    let bar = bar("permille");
    bar.set_length(1000);
    let begun = Instant::now();
    let progress = |step: Step, done: u64, total: u64| {
        bar.set_message(step.as_str());
        bar.set_position(run::permille(step, done, total).into());
    };
    let live = || run::Live::Unknown("a run in this process asks no store".to_owned());
    let stop = AtomicBool::new(false);
    let around = run::Around { progress: &progress, stop: &stop, live: &live, kept: None };
    let finished = run::run(&sources, from, into, &around)?;
    bar.finish_and_clear();
    let report = &finished.report;
    for finding in report.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        say(&format!("error {}: {}", finding.rule, finding.message))?;
    }
    say(&format!(
        "{} zones, {} places; {} errors, {} warnings, {} notes; {}",
        finished.zones,
        finished.places,
        report.count(Severity::Error),
        report.count(Severity::Warning),
        report.count(Severity::Note),
        rows_in_quarantine(report.left_out(), report.quarantine.len() as u64)
    ))?;
    say(&format!(
        "{:.1} s, peak memory {} MiB",
        begun.elapsed().as_secs_f64(),
        peak_memory_mib()?
    ))?;
    let Some(release) = &finished.release else {
        say(&format!("no release was written; see {}", into.join(run::ASSAY_HTML).display()))?;
        return Ok(ExitCode::FAILURE);
    };
    say(&format!("release {} ({} bytes) in {}", release.id, release.bytes, into.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn bar(unit: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!(
        "{{elapsed:>4}} [{{bar:30}}] {{pos}}/{{len}} {unit}  {{msg}}"
    ))
    .unwrap_or_else(|_no_template| ProgressStyle::default_bar());
    let bar = ProgressBar::new(1).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("writing to the terminal")
}

/// The most memory this process has had, as the kernel counts it.
fn peak_memory_mib() -> Result<u64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("asking the kernel for memory")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .context("the kernel counts no peak")?;
    let kib: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib / 1024)
}
