//! From a configuration to a server that plays.

use crate::{
    api,
    app::App,
    budgets::Budgets,
    config::{Config, Simulation},
    dice::Dice,
    passkeys::{Passkeys, PasskeysError},
    play::{Bells, Flights, Transit, keep_up, mind_the_disk},
    players::{
        self, Disk, Doorkeeper, House, HouseError, ProvisionError, Provisioned, Renewal, Rules,
        Scribes,
    },
    windows::{Book, close_windows},
    world::{Keeper, follow_derived, follow_releases},
};
use otivm_rules::At;
use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tessera_store_api::StoreClient;
use theron_mesh::{MeshClient, TlsError};
use theron_service::{Claim, ClaimError, Clock, ReadySignal, Running, ServeError, Server, Tasks};

const HOUR_US: i64 = 3_600_000_000;
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error("making the player databases")]
    Provision(#[from] ProvisionError),
    #[error("starting the threads that write")]
    Scribes(#[source] io::Error),
    #[error(transparent)]
    House(Box<dyn std::error::Error + Send + Sync>),
    #[error("{path}")]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Passkeys(#[from] PasskeysError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Serve(#[from] ServeError),
}

impl From<HouseError> for StartError {
    fn from(error: HouseError) -> Self {
        Self::House(error.into())
    }
}

/// Makes the seats that are missing. Refused while players are served.
pub fn provision(config: &Config, clock: &dyn Clock) -> Result<Provisioned, StartError> {
    let _claim = Claim::take(&config.service.data_dir)?;
    make_seats(config, clock)
}

fn make_seats(config: &Config, clock: &dyn Clock) -> Result<Provisioned, StartError> {
    let data_dir = &config.service.data_dir;
    let release = keeper(config)?.likely_release();
    let now = At(clock.now().as_microsecond());
    let rate = i64::from(config.rate.get());
    let folder = players::folder(data_dir);
    let release = release.as_ref().map(tessera_world::ReleaseId::as_str);
    let provisioned = players::provision(&folder, config.seats, rate, now, release)?;
    if provisioned.made > 0 {
        tracing::info!(
            made = provisioned.made,
            found = provisioned.found,
            "seats were made ahead of time"
        );
    }
    Ok(provisioned)
}

/// Opens the house, listens, and follows 1102 in the background.
pub async fn start(
    config: Config,
    clock: Arc<dyn Clock>,
    dice: Arc<dyn Dice>,
) -> Result<Running, StartError> {
    theron_mesh::install_tls_provider();
    let passkeys = config.passkeys.as_ref().map(Passkeys::open).transpose()?;
    let claim = Claim::take(&config.service.data_dir)?;
    make_seats(&config, &*clock)?;
    let tasks = Tasks::default();
    let app = Arc::new(open(config, passkeys, clock, dice, tasks.clone())?);
    let service = &app.config.service;
    let server = Server {
        claim,
        ready: app.ready.clone(),
        tasks: tasks.clone(),
        mesh: api::mesh(&app),
        public: Some(api::public(&app)),
    };
    let store = MeshClient::new(&app.config.neighbours.store.base_url, &service.tls)?;
    let running = server.start(service).await?;
    let store = StoreClient::new(store);
    tasks.spawn_until_stop(follow_releases(Arc::clone(&app), store.clone()));
    tasks.spawn_until_stop(follow_derived(Arc::clone(&app), store));
    tasks.spawn_until_stop(close_windows(Arc::clone(&app)));
    tasks.spawn_until_stop(mind_the_disk(Arc::clone(&app)));
    if let Some(Simulation { answers_ahead_ms }) = app.config.simulation {
        tasks.spawn(keep_up(Arc::clone(&app), Duration::from_millis(answers_ahead_ms)));
    }
    Ok(running)
}

fn open(
    config: Config,
    passkeys: Option<Passkeys>,
    clock: Arc<dyn Clock>,
    dice: Arc<dyn Dice>,
    tasks: Tasks,
) -> Result<App, StartError> {
    let data_dir = config.service.data_dir.clone();
    let started = Instant::now();
    let world = keeper(&config)?;
    let house = open_house(&config, &world, At(clock.now().as_microsecond()))?;
    if let Some(Simulation { answers_ahead_ms }) = config.simulation {
        tracing::warn!(
            answers_ahead_ms,
            "a simulation: answers are given before they are on the disk"
        );
    }
    tracing::info!(
        seats = house.len(),
        free = house.free(),
        millis = started.elapsed().as_millis() as u64,
        "the house is open"
    );
    for damaged in house.damaged() {
        let path = damaged.path.display();
        tracing::error!(%path, why = damaged.why, "a player database is not used; restore it from a backup");
    }
    let world_clock = house.clock();
    if world_clock.rate != i64::from(config.rate.get()) {
        tracing::warn!(
            played = world_clock.rate,
            configured = config.rate.get(),
            "the seats were made for another rate, and keep it"
        );
    }
    let windows = Book::open(&data_dir, world_clock)
        .map_err(|source| StartError::Folder { path: data_dir.join("windows"), source })?;
    let doorkeeper = Doorkeeper::open(&data_dir)
        .map_err(|source| StartError::Folder { path: data_dir.clone(), source })?;
    let transit = Transit::open(&data_dir)
        .map_err(|source| StartError::Folder { path: data_dir.join("transit"), source })?;
    Ok(App {
        clock,
        dice,
        house: Arc::new(house),
        keeper: doorkeeper,
        flights: Flights::default(),
        bells: Bells::default(),
        transit,
        tasks,
        world,
        windows,
        budgets: Budgets::new(config.limits),
        ready: ReadySignal::waiting(
            &config.service.name,
            VERSION,
            "no world yet: reading the cache",
        ),
        store: Mutex::default(),
        passkeys,
        config,
    })
}

fn open_house(config: &Config, world: &Keeper, now: At) -> Result<House, StartError> {
    let scribes = Arc::new(Scribes::new().map_err(StartError::Scribes)?);
    let answers_ahead = Arc::new(config.simulation.is_some().into());
    let folder = players::folder(&config.service.data_dir);
    let disk = Arc::new(Disk::under(&folder));
    let release = world.likely_release();
    let renewal = Renewal {
        now,
        after_us: i64::from(config.unplayed_hours.get()) * HOUR_US,
        release: release.as_ref().map(tessera_world::ReleaseId::as_str),
    };
    Ok(House::open(&folder, Rules { scribes, answers_ahead, disk }, &renewal)?)
}

fn keeper(config: &Config) -> Result<Keeper, StartError> {
    let data_dir = &config.service.data_dir;
    Keeper::new(data_dir)
        .map_err(|source| StartError::Folder { path: data_dir.join("world"), source })
}

/// The two API documents: for players, and internal.
pub fn openapi() -> [utoipa::openapi::OpenApi; 2] {
    api::documents()
}
