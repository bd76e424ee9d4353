//! 1103: closed windows of play in, collective prices and crowded routes out.
//!
//! On a schedule it takes each closed window from every configured game node, derives from it what all
//! players together did to prices and routes, and writes that to 1102, once. It has no players and no
//! rules of the game, and never learns who did what: a snapshot carries no person.

mod api;
mod config;
mod derive;
mod derived;
mod rounds;
mod storage;

pub use api::openapi;
pub use config::{Config, GameNode, SettingError};
pub use rounds::{Aggregator, Awaited, Step, StepError};
pub use storage::StorageError;

use api::App;
use otivm_api::GameNodeClient;
use rounds::{Failures, Node, PlacesCache, Span};
use std::{sync::Arc, time::Duration};
use storage::{Database, Origin, Storage};
use tessera_store_api::StoreClient;
use theron_mesh::{MeshClient, TlsError};
use theron_service::{Claim, ClaimError, Clock, ReadySignal, Running, ServeError, Server, Tasks};

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error("the configuration cannot be used")]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Starts the service: it answers from then on, and takes up its rounds where they were left.
pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    let claim = Claim::take(&config.service.data_dir)?;
    let aggregator = open(&config, &*clock)?;
    let ready =
        ReadySignal::waiting(&config.service.name, env!("CARGO_PKG_VERSION"), "the first round");
    let tasks = Tasks::default();
    let app = Arc::new(App {
        storage: aggregator.storage.clone(),
        games: config.games.clone(),
        span: aggregator.span,
        patience_windows: config.patience_windows,
        failures: aggregator.failures.clone(),
    });
    let server = Server {
        claim,
        ready: ready.clone(),
        tasks: tasks.clone(),
        mesh: api::routes(app),
        public: None,
    };
    let running = server.start(&config.service).await?;
    let pause = Duration::from_millis(config.poll_millis);
    tasks.spawn(rounds::run(aggregator, clock, ready, tasks.clone(), pause));
    Ok(running)
}

/// Opens the database and the ways to the neighbours; nothing is asked of them yet. The first window of
/// a new database is the one that is open now.
pub fn open(config: &Config, clock: &dyn Clock) -> Result<Aggregator, StartError> {
    theron_mesh::install_tls_provider();
    config.check()?;
    let configured = Span { window_us: config.window_us() };
    let now_us = clock.now().as_microsecond();
    let origin = Origin { window_us: configured.window_us, first_window: configured.at(now_us) };
    let database = Database::open(&config.service.data_dir.join("aggregation.sqlite3"), origin)?;
    let span = Span { window_us: database.origin()?.window_us };
    if span != configured {
        tracing::warn!(
            kept_us = span.window_us,
            configured_us = configured.window_us,
            "this data directory has windows of another length; they keep it"
        );
    }
    let credentials = &config.service.tls;
    let nodes = config.games.iter().map(|game| {
        let client = GameNodeClient::new(&game.base_url, credentials)?;
        Ok(Node { name: game.name.clone(), client })
    });
    Ok(Aggregator {
        storage: Storage::new(database),
        store: StoreClient::new(MeshClient::new(&config.neighbours.store.base_url, credentials)?),
        nodes: nodes.collect::<Result<_, TlsError>>()?,
        span,
        patience_us: i64::from(config.patience_windows).saturating_mul(span.window_us),
        // `check` has seen that it is a minute at most.
        retry_us: i64::try_from(config.poll_millis).unwrap_or(1_000).saturating_mul(1_000),
        failures: Failures::default(),
        places: PlacesCache::default(),
    })
}
