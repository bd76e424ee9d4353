//! `tessera-pipeline` (1101): publishers' files in, one checked and immutable release of the physical world out.
//!
//! stage → check → tiles → write → assay. Each step reads what the one before it made and changes nothing
//! behind it; a world with an error-level finding is never written as a release. The service keeps runs and
//! hands what a person promotes to 1102; `run` on the command line does the same work without it.

mod api;
pub mod checkpoint;
pub mod client;
mod config;
mod datasets;
pub mod documents;
pub mod fetch;
pub mod release;
pub mod run;
mod runs;
pub mod sources;
pub mod stage;

pub use api::openapi;
pub use config::{Config, World};

use api::App;
use documents::Documents;
use runs::{InHand, LiveRelease, Promoter, Shelf, ShelfError, Worker};
use std::sync::Arc;
use tessera_store_api::StoreClient;
use theron_mesh::{MeshClient, TlsError};
use theron_service::{Clock, ReadySignal, Running, ServeError, Server, Tasks};
use tokio::runtime::Handle;
use tokio::sync::Notify;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Opens the runs, listens, and takes up what was interrupted.
pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    theron_mesh::install_tls_provider();
    let base = config.service;
    let ready = ReadySignal::waiting(&base.name, env!("CARGO_PKG_VERSION"), "opening the runs");
    let shelf = Arc::new(Shelf::open(&base.data_dir)?);
    let documents = Arc::new(Documents::open(&base.data_dir)?);
    let wake = Arc::new(Notify::new());
    let in_hand = Arc::new(InHand::default());
    let store =
        || MeshClient::new(&config.neighbours.store.base_url, &base.tls).map(StoreClient::new);
    let live = LiveRelease::new(Arc::clone(&shelf), store()?, &base.data_dir, Handle::current());
    let promoter = Arc::new(Promoter {
        shelf: Arc::clone(&shelf),
        store: store()?,
        clock: Arc::clone(&clock),
        wake: Notify::new(),
    });
    let app = Arc::new(App {
        shelf: Arc::clone(&shelf),
        worlds: config.worlds.clone(),
        documents: Arc::clone(&documents),
        checksums: Arc::default(),
        data_dir: base.data_dir.clone(),
        promoter: Arc::clone(&promoter),
        in_hand: Arc::clone(&in_hand),
        clock: Arc::clone(&clock),
        wake: Arc::clone(&wake),
    });
    let tasks = Tasks::default();
    let server = Server {
        claim: shelf.claim(),
        ready: ready.clone(),
        tasks: tasks.clone(),
        mesh: api::routes(app),
        public: None,
    };
    let running = server.start(&base).await?;
    shelf.take_up();
    let worlds = config.worlds;
    let worker = Worker { shelf, worlds, documents, clock, wake, in_hand, live, ready };
    tasks.spawn_until_stop(runs::work(Arc::new(worker)));
    tasks.spawn_until_stop(runs::promote(promoter));
    Ok(running)
}
