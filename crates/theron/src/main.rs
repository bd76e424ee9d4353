//! The operator's command: run the stack on this machine, look at it, front the package cache.

mod apt_cache;
mod layout;
mod status;
mod up;

use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

#[derive(Parser)]
#[command(version, about = "Run and look at a TheRON world")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start all five services on this machine and keep them running until Ctrl-C
    Up(up::Options),
    /// Say for each service whether it is ready, and what it waits for
    Status(status::Options),
    /// Serve the package cache (container 1104); `up` starts this itself
    AptCache {
        #[arg(long)]
        config: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    theron_mesh::install_tls_provider();
    let outcome = match Arguments::parse().command {
        Command::Up(options) => up::run(options).await,
        Command::Status(options) => status::run(options).await,
        Command::AptCache { config } => return apt_cache::run(&config).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "an operator reads this on a terminal")]
fn complain(error: &anyhow::Error) {
    eprintln!("theron: {error:#}");
}
