//! `otivm serve`, `otivm provision`, `otivm verify`, `otivm route`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use otivm::{Config, RouteOptions};
use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};
use theron_service::{SystemClock, load_config, start_logging, until_signal};

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
    /// Prove chain, ledger and replay of player databases.
    Verify {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Say how long it takes to get from one place to another, and why.
    Route(RouteOptions),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Serve { config } => serve(load_config(&config)?),
        Command::Provision { config } => {
            start_logging();
            otivm::provision(&load_config(&config)?, &SystemClock)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { files } => Ok(verify(&files)),
        Command::Route(options) => Ok(otivm::route(&options)),
    }
}

/// What still blocks after the drain is work that a next start does again, such as reading a release.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(1);

fn serve(config: Config) -> anyhow::Result<ExitCode> {
    start_logging();
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let outcome = runtime.block_on(async {
        let running = otivm::start(config, Arc::new(SystemClock)).await?;
        until_signal().await.context("waiting for a signal")?;
        running.drain().await;
        Ok(ExitCode::SUCCESS)
    });
    runtime.shutdown_timeout(LEFT_BEHIND_AFTER);
    outcome
}

#[expect(clippy::print_stdout, reason = "the result of a command goes to standard output")]
fn verify(files: &[PathBuf]) -> ExitCode {
    let mut outcome = ExitCode::SUCCESS;
    for path in files {
        let file = path.display();
        match otivm::verify(path) {
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
