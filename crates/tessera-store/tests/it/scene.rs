//! A store under test, and small releases to put in it.

use geo_types::{Geometry, line_string, point, polygon};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tessera_release::ReleaseFile;
use tessera_store::Config;
use tessera_store_api::StoreClient;
use tessera_world::{
    Cell, Certainty, Coarse, Feature, FlowVector, Place, River, Surface, SurfaceInterval,
    SurfaceKind, Wind,
};
use theron_mesh::{MeshClient, names};
use theron_service::{Base, ManualClock, Running};
use theron_testkit::{
    TestMesh,
    world::{MADE, SmallWorld},
};

pub(crate) struct Store {
    pub(crate) mesh: TestMesh,
    pub(crate) base: Base,
    /// What the next start goes by, beside the base.
    pub(crate) config: Config,
    /// Stands still until a test advances it.
    pub(crate) clock: Arc<ManualClock>,
    /// How long an export waits for its reader; as long as ever unless a test says so.
    pub(crate) stall: Option<Duration>,
    running: Option<Running>,
}

impl Store {
    pub(crate) async fn start() -> Self {
        let mesh = TestMesh::new().unwrap();
        let base = mesh.base(names::STORE).unwrap();
        let config = Config::of(base.clone());
        let clock = Arc::new(theron_testkit::clock());
        let mut store = Self { mesh, base, config, clock, stall: None, running: None };
        store.restart().await;
        store
    }

    /// Stops and starts on the same data folder.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        let config = Config { service: self.base.clone(), ..self.config.clone() };
        let clock = Arc::clone(&self.clock);
        let started = match self.stall {
            Some(stall) => tessera_store::start_within(config, clock, stall).await,
            None => tessera_store::start(config, clock).await,
        };
        self.running = Some(started.unwrap());
    }

    pub(crate) async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.drain().await;
        }
    }

    /// The status and the code of a refused call of the public listener.
    pub(crate) async fn refusal(&self, path: &str) -> (u16, String) {
        let response = self.get(path).await;
        let status = response.status().as_u16();
        let problem: serde_json::Value = response.json().await.unwrap();
        (status, problem["code"].as_str().unwrap().to_owned())
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub(crate) fn as_identity(&self, name: &str) -> MeshClient {
        self.mesh.client(name, self.running().mesh_address).unwrap()
    }

    pub(crate) fn client(&self, name: &str) -> StoreClient {
        StoreClient::new(self.as_identity(name))
    }

    pub(crate) fn public_url(&self) -> String {
        format!("http://{}/api/v1", self.running().public_address.unwrap())
    }

    /// A plain GET on the public listener.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(path).send().await.unwrap()
    }

    pub(crate) fn request(&self, path: &str) -> RequestBuilder {
        let client = reqwest::Client::builder().no_gzip().build().unwrap();
        client.request(Method::GET, format!("{}{path}", self.public_url()))
    }

    pub(crate) async fn json(&self, path: &str) -> serde_json::Value {
        let response = self.get(path).await;
        let status = response.status();
        let value = response.json().await.unwrap();
        assert!(status.is_success(), "{path}: {value}");
        value
    }

    pub(crate) async fn readiness(&self) -> theron_wire::Readiness {
        let root = self.public_url().replace("/api/v1", "/readyz");
        reqwest::get(root).await.unwrap().json().await.unwrap()
    }

    /// Uploads and promotes.
    pub(crate) async fn publish(&self, release: &ReleaseFile) {
        let pipeline = self.client(names::PIPELINE);
        pipeline.upload_release(&release.path, &release.sha256).await.unwrap();
        pipeline.promote(&release.id).await.unwrap();
    }

    pub(crate) fn path_of(&self, release: &ReleaseFile) -> PathBuf {
        self.base.data_dir.join("releases").join(format!("{}.sqlite3", release.id))
    }
}

/// Without what few tests ask for: every layer that is left differs from zone to zone.
pub(crate) fn cells() -> Vec<Cell> {
    let bare = |(i, cell): (usize, Cell)| Cell {
        terrain: cell.terrain,
        surface: cell.surface,
        river: cell.river.map(|river| River { modern: None, strahler: None, ..river }),
        climate: cell.climate,
        wind: (i % 5 == 0).then_some(Wind {
            months: [FlowVector { u_cm_s: 120, v_cm_s: -340 }; 12],
            provenance: MADE,
        }),
        ..Cell::bare(cell.zone)
    };
    SmallWorld::latium().cells.into_iter().enumerate().map(bare).collect()
}

pub(crate) fn places() -> Vec<Place> {
    SmallWorld::latium().places
}

/// A road as a line, a province as an area, mines as points with what their publisher says of them.
pub(crate) fn features() -> Vec<Feature> {
    let feature = |collection: &str, id: &str, title: &str, geometry: Geometry<f64>| Feature {
        title: title.to_owned(),
        certainty: Certainty::Conjectured,
        ..Feature::new(collection, id.to_owned(), geometry, MADE)
    };
    let mine = |(id, x, y, metal, depth_m): (&str, f64, f64, &str, i64)| {
        let mut mine = feature("mines", id, &format!("Mine {id}"), point!(x: x, y: y).into());
        let said = json!({"metal": metal, "depth_m": depth_m, "worked": depth_m > 5, "title": "x"});
        mine.properties.clone_from(said.as_object().unwrap());
        (mine.valid_from, mine.valid_to) = (Some(-150), Some(100));
        mine
    };
    let appia = line_string![(x: 12.5, y: 41.85), (x: 12.9, y: 41.5), (x: 13.25, y: 41.29)];
    let latium = polygon![
        (x: 12.0, y: 41.0), (x: 14.0, y: 41.0), (x: 14.0, y: 42.4), (x: 12.0, y: 42.4)
    ];
    let mut all: Vec<Feature> = [
        ("m1", 12.1, 42.1, "iron", 3),
        ("m2", 12.2, 42.2, "alum", 8),
        ("m3", 13.9, 40.8, "iron", 12),
    ]
    .map(mine)
    .into();
    all.push(feature("provinces", "latium et campania", "Latium", latium.into()));
    all.push(feature("roads", "appia", "Via Appia", appia.into()));
    all
}

/// Releases of different titles have different ids; the notes of the places say which it is.
pub(crate) fn write(folder: &Path, title: &str) -> ReleaseFile {
    let mut world = SmallWorld::latium().titled(title);
    world.info.epochs = vec![-200, 150];
    world.sources.truncate(1);
    world.provenances.truncate(1);
    world.cells = cells();
    world.coarse = world.cells.iter().map(Coarse::of_cell).collect();
    world.features = features();
    for place in &mut world.places {
        title.clone_into(&mut place.note);
    }
    // Until 100 BC the first zone was sea.
    let surface = Surface { kind: SurfaceKind::Sea, land_permille: 0, provenance: MADE };
    let zone = world.cells[0].zone;
    world.intervals = vec![SurfaceInterval { zone, valid_from: -1000, valid_to: -100, surface }];
    world.write(&folder.join(format!("{title}.sqlite3"))).unwrap()
}
