//! The real store, with a release of two places.

use jiff::Timestamp;
use std::{net::SocketAddr, path::Path, sync::Arc};
use tessera_release::ReleaseFile;
use tessera_store_api::{DerivedWindow, StoreClient};
use tessera_world::ReleaseId;
use theron_mesh::names;
use theron_service::{ManualClock, Running};
use theron_testkit::{TestMesh, world::SmallWorld};

pub(crate) struct Store {
    pub(crate) address: SocketAddr,
    pub(crate) release: ReleaseId,
    clock: Arc<ManualClock>,
    running: Option<Running>,
}

impl Store {
    /// A store that has the release, not promoted yet.
    pub(crate) async fn start(mesh: &TestMesh, clock: &Arc<ManualClock>) -> Self {
        let release = write_release(mesh.folder());
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let id = release.id.clone();
        let mut store = Self { address, release: id, clock: Arc::clone(clock), running: None };
        store.up(mesh).await;
        let pipeline = store.client(mesh, names::PIPELINE);
        pipeline.upload_release(&release.path, &release.sha256).await.unwrap();
        store
    }

    pub(crate) async fn promote(&self, mesh: &TestMesh) {
        self.client(mesh, names::PIPELINE).promote(&self.release).await.unwrap();
    }

    pub(crate) async fn up(&mut self, mesh: &TestMesh) {
        let mut service = mesh.base(names::STORE).unwrap();
        service.listen.mesh = self.address;
        let config = tessera_store::Config::of(service);
        let clock = Arc::<ManualClock>::clone(&self.clock);
        let running = tessera_store::start(config, clock).await.unwrap();
        self.address = running.mesh_address;
        self.running = Some(running);
    }

    pub(crate) async fn down(&mut self) {
        self.running.take().unwrap().drain().await;
    }

    pub(crate) fn client(&self, mesh: &TestMesh, name: &str) -> StoreClient {
        StoreClient::new(mesh.client(name, self.address).unwrap())
    }
}

/// A multiplier as a game reads it: what is not listed is 1000.
pub(crate) fn price(derived: &DerivedWindow, place: &str, good: &str) -> u32 {
    let found = derived.prices.iter().find(|price| price.place == place && price.good == good);
    found.map_or(1000, |price| price.multiplier_permille)
}

pub(crate) fn time(window: i64) -> Timestamp {
    Timestamp::from_second(window * crate::scene::WINDOW_SECONDS).unwrap()
}

/// Ostia and Puteoli, the larger and the smaller one.
fn write_release(folder: &Path) -> ReleaseFile {
    let mut world = SmallWorld::latium().titled("Two places");
    world.places.retain(|place| ["ostia", "puteoli"].contains(&place.id.as_str()));
    world.info.places = world.places.len() as u64;
    for (place, population) in world.places.iter_mut().zip([50_000, 40_000]) {
        place.population = Some(population);
    }
    world.write(&folder.join("release.sqlite3")).unwrap()
}
