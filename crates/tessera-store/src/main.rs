use clap::{Parser, Subcommand};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use theron_service::{SystemClock, ended, load_config, start_logging, until_signal};

/// The store of the physical world.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until SIGTERM.
    Serve {
        #[arg(long)]
        config: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve { config } = Arguments::parse().command;
    start_logging();
    theron_mesh::install_tls_provider();
    ended(serve(&config).await)
}

async fn serve(config: &Path) -> anyhow::Result<()> {
    let running = tessera_store::start(load_config(config)?, Arc::new(SystemClock)).await?;
    until_signal().await?;
    running.drain().await;
    Ok(())
}
