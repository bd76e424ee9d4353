//! The real store, with a release of two places.

use jiff::Timestamp;
use std::{net::SocketAddr, path::Path, sync::Arc};
use tessera_grid::{BBox, Position, Resolution, Zone};
use tessera_release::{ReleaseFile, ReleaseWriter};
use tessera_store_api::{DerivedWindow, StoreClient};
use tessera_world::{
    Certainty, Harbour, Place, Provenance, ProvenanceId, ReleaseId, ReleaseInfo, Source,
};
use theron_mesh::names;
use theron_service::{ManualClock, Running};
use theron_testkit::TestMesh;

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

fn write_release(folder: &Path) -> ReleaseFile {
    let info = ReleaseInfo {
        title: "Two places".to_owned(),
        epoch: 150,
        epochs: vec![150],
        resolution: Resolution::FIVE,
        coarse_resolution: ReleaseInfo::coarse_resolution_of(Resolution::FIVE),
        bbox: BBox::new(11.5, 40.5, 14.5, 42.5).unwrap(),
        zones: 0,
        places: 2,
    };
    let mut writer = ReleaseWriter::create(&folder.join("release.sqlite3"), &info).unwrap();
    writer
        .source(&Source {
            id: "made".to_owned(),
            title: "Made for this test".to_owned(),
            publisher: "us".to_owned(),
            licence: "CC0-1.0".to_owned(),
            attribution: "none".to_owned(),
            edition: "1".to_owned(),
            sha256: "0".repeat(64),
            url: String::new(),
        })
        .unwrap();
    writer
        .provenance(&Provenance {
            id: ProvenanceId(1),
            layer: "places".to_owned(),
            source: "made".to_owned(),
            licence: "CC0-1.0".to_owned(),
            certainty: Certainty::Certain,
            method: "authored".to_owned(),
            valid_from: None,
            valid_to: None,
        })
        .unwrap();
    for (id, latitude, longitude, population) in
        [("ostia", 41.756, 12.288, 50_000), ("puteoli", 40.824, 14.119, 40_000)]
    {
        let position = Position::new(latitude, longitude).unwrap();
        let zone = Zone::at(position, Resolution::FIVE);
        writer
            .place(&Place {
                id: id.to_owned(),
                latin: id.to_owned(),
                modern: id.to_owned(),
                position,
                zone,
                water_zone: Some(zone),
                province: "Italia".to_owned(),
                harbour: Harbour::Sea,
                rank: 2,
                population: Some(population),
                certainty: Certainty::Certain,
                citation: "pleiades:1".to_owned(),
                valid_from: None,
                valid_to: None,
                note: String::new(),
                provenance: ProvenanceId(1),
            })
            .unwrap();
    }
    writer.finish().unwrap()
}
