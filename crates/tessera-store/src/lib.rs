//! `tessera-store` (1102): serves releases of the physical world, and what was derived from everyone's play.
//!
//! A release is a file named by its content; the one that is `current` is decided by the last row of a
//! durable table, so a promotion is one commit and a rollback another. Every answer is made from one
//! release from its first byte to its last.

mod api;
mod app;
mod blocking;
mod collections;
mod config;
mod cql;
mod derived;
mod dggs;
mod edr;
mod export;
mod geojson;
mod intersect;
mod quantities;
mod releases;
mod secret;
mod turns;
mod years;

pub use api::documents;
pub use config::{Config, Keep, Public};

use app::App;
use std::{path::PathBuf, sync::Arc, time::Duration};
use theron_service::{Claim, ClaimError, Clock, ReadySignal, Running, ServeError, Server, Tasks};

/// How long an export waits for a reader who takes nothing of it. A piece of 256 KiB in a minute comes over any line.
const STALL: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error(transparent)]
    Library(#[from] releases::LibraryError),
    #[error(transparent)]
    Derived(#[from] derived::DerivedError),
    #[error("the key that cursors are signed with, {path}")]
    Secret {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Opens the data folder, says what is wrong in it, and listens.
pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    start_within(config, clock, STALL).await
}

/// The same, with an end of patience that a test can wait for.
pub async fn start_within(
    config: Config,
    clock: Arc<dyn Clock>,
    stall: Duration,
) -> Result<Running, StartError> {
    let base = config.service.clone();
    let ready = ReadySignal::waiting(&base.name, env!("CARGO_PKG_VERSION"), "opening the releases");
    let claim = Claim::take(&base.data_dir)?;
    let app = Arc::new(App::open(&config, clock, ready.clone(), stall)?);
    let (mesh, public) = api::routes(&app);
    let server = Server { claim, ready, tasks: Tasks::default(), mesh, public: Some(public) };
    Ok(server.start_with(&base, api::shortcuts(&app)).await?)
}
