//! `otivm serve`, `provision`, `verify`, `export`, `import`, `replay`, `rewind`, `route`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use otivm::{Config, ExportOptions, ReplayOptions, RouteOptions};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use theron_service::{SystemClock, ended, load_config, start_logging, until_signal};

#[derive(Parser)]
#[command(version, about = "The game server of OTIVM (1105)")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve players, and windows to the aggregation.
    Serve {
        #[arg(long)]
        config: PathBuf,
    },
    /// Make the seats that are missing, and stop.
    Provision {
        #[arg(long)]
        config: PathBuf,
    },
    /// Prove file, chain, ledger and replay of player databases and exports.
    Verify {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What the last moment's hash must be, from an answer, an export or a backup: finds a tail that
        /// was cut off.
        #[arg(long)]
        head: Option<String>,
    },
    /// Write a life as a file that can be carried away.
    Export(ExportOptions),
    /// Put a life from a file into a free seat of a server that does not run.
    Import {
        file: PathBuf,
        #[arg(long)]
        config: PathBuf,
    },
    /// Show a life as it was at any moment.
    Replay(ReplayOptions),
    /// Make a branch of a life that ends earlier, with the reason on record; the file itself stays as it is.
    Rewind {
        file: PathBuf,
        /// The last moment that the branch keeps: microseconds since 1970, or RFC 3339.
        #[arg(long, value_parser = otivm::parse_moment)]
        to: otivm_rules::At,
        /// Why, for whoever reads the history later.
        #[arg(long)]
        reason: String,
        /// The branch; in the current folder where it is not given.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Say how long it takes to get from one place to another, and why.
    Route(RouteOptions),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Serve { config } => {
            start_logging();
            Ok(ended(serve(&config)))
        }
        Command::Provision { config } => {
            start_logging();
            otivm::provision(&load_config(&config)?, &SystemClock)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { files, head } => Ok(verify(&files, head.as_deref())),
        Command::Export(options) => Ok(otivm::export_command(&options)),
        Command::Import { file, config } => {
            Ok(otivm::import_command(&file, &load_config(&config)?, &SystemClock))
        }
        Command::Replay(options) => Ok(otivm::replay_command(&options)),
        Command::Rewind { file, to, reason, out } => {
            Ok(otivm::rewind_command(&file, to, &reason, out, &SystemClock))
        }
        Command::Route(options) => Ok(otivm::route(&options)),
    }
}

/// What still blocks after the drain is work that a next start does again, such as reading a release.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(1);

fn serve(config: &Path) -> anyhow::Result<()> {
    let config: Config = load_config(config)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let outcome = runtime.block_on(async {
        let clock = Arc::new(theron_service::SteadyClock::default());
        let running = otivm::start(config, clock, Arc::new(otivm::SystemDice)).await?;
        until_signal().await.context("waiting for a signal")?;
        running.drain().await;
        Ok(())
    });
    runtime.shutdown_timeout(LEFT_BEHIND_AFTER);
    outcome
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
fn verify(files: &[PathBuf], head: Option<&str>) -> ExitCode {
    let mut outcome = ExitCode::SUCCESS;
    for path in files {
        let file = path.display();
        match otivm::verify(path) {
            Ok(whole) if head.is_some_and(|head| head != whole.head) => {
                println!(
                    "{file}: whole, but its last moment is not the one expected: head {}; a tail is lost, or it \
                    is another branch",
                    whole.head
                );
                outcome = ExitCode::FAILURE;
            }
            Ok(whole) => println!(
                "{file}: whole, {} moments, head {}, state {}",
                whole.moments, whole.head, whole.state
            ),
            Err(error) => {
                println!("{file}: {:#}", anyhow::Error::new(error));
                outcome = ExitCode::FAILURE;
            }
        }
    }
    outcome
}
