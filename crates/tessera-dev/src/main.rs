//! `tessera-dev serve --config FILE`.

use anyhow::Context;
use clap::Parser;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use theron_service::{SteadyClock, ended, load_config, start_logging, until_signal};

/// TheRON 1103: derives collective prices and crowded routes from closed windows of play.
#[derive(Parser)]
#[command(name = "tessera-dev", version, about)]
enum Arguments {
    /// Run the service until SIGTERM or SIGINT.
    Serve {
        /// The configuration, TOML; see config.example.toml.
        #[arg(long)]
        config: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments::Serve { config } = Arguments::parse();
    start_logging();
    theron_mesh::install_tls_provider();
    ended(serve(&config).await)
}

async fn serve(config: &Path) -> anyhow::Result<()> {
    let config = load_config(config)?;
    let running = tessera_dev::start(config, Arc::new(SteadyClock::default())).await?;
    until_signal().await.context("waiting for a signal")?;
    running.drain().await;
    Ok(())
}
