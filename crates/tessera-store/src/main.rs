use clap::{Parser, Subcommand};
use std::{path::PathBuf, sync::Arc};
use theron_service::{SystemClock, load_config, start_logging, until_signal};

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
async fn main() -> anyhow::Result<()> {
    let Command::Serve { config } = Arguments::parse().command;
    start_logging();
    theron_mesh::install_tls_provider();
    let running = tessera_store::start(load_config(&config)?, Arc::new(SystemClock)).await?;
    until_signal().await?;
    running.drain().await;
    Ok(())
}
