//! A store under test, and small releases to put in it.

use geo_types::{Geometry, line_string, point, polygon};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_release::{ReleaseFile, ReleaseWriter, TileAddress, Tileset};
use tessera_store::Config;
use tessera_store_api::StoreClient;
use tessera_world::{
    Cell, Certainty, Climate, Coarse, Feature, FlowVector, Harbour, Place, Provenance,
    ProvenanceId, ReleaseInfo, River, Source, Surface, SurfaceInterval, SurfaceKind, Terrain, Wind,
};
use theron_mesh::{MeshClient, names};
use theron_service::{Base, ManualClock, Running};
use theron_testkit::TestMesh;

pub(crate) const WORLD_TILE: &[u8] =
    &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

pub(crate) struct Store {
    pub(crate) mesh: TestMesh,
    pub(crate) base: Base,
    /// What the next start goes by, beside the base.
    pub(crate) config: Config,
    /// Stands still until a test advances it.
    pub(crate) clock: Arc<ManualClock>,
    running: Option<Running>,
}

impl Store {
    pub(crate) async fn start() -> Self {
        let mesh = TestMesh::new().unwrap();
        let base = mesh.base(names::STORE).unwrap();
        let config = Config::of(base.clone());
        let clock = Arc::new(theron_testkit::clock());
        let mut store = Self { mesh, base, config, clock, running: None };
        store.restart().await;
        store
    }

    /// Stops and starts on the same data folder.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        let config = Config { service: self.base.clone(), ..self.config.clone() };
        let clock = Arc::clone(&self.clock);
        self.running = Some(tessera_store::start(config, clock).await.unwrap());
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

pub(crate) fn latium() -> BBox {
    BBox::new(11.5, 40.5, 14.5, 42.5).unwrap()
}

pub(crate) fn cells() -> Vec<Cell> {
    let provenance = ProvenanceId(1);
    let cell = |(i, zone): (usize, Zone)| Cell {
        terrain: Some(Terrain {
            elevation_mean_m: i as i32 - 3,
            elevation_min_m: -10,
            elevation_max_m: 900,
            slope_permille: 12,
            ruggedness_m: 30,
            provenance,
        }),
        surface: Some(Surface { kind: SurfaceKind::Coast, land_permille: 400, provenance }),
        river: (i % 2 == 0).then(|| River {
            latin: (i % 4 == 0).then(|| "Tiberis".to_owned()),
            modern: None,
            strahler: None,
            upstream_km2: Some(17_000),
            navigable: true,
            downstream: zone.neighbours().next(),
            provenance,
        }),
        climate: (i % 3 == 0).then(|| Climate { koppen: "Csa".parse().unwrap(), provenance }),
        wind: (i % 5 == 0)
            .then_some(Wind { months: [FlowVector { u_cm_s: 120, v_cm_s: -340 }; 12], provenance }),
        ..Cell::bare(zone)
    };
    zones_in(latium(), Resolution::FIVE).into_iter().enumerate().map(cell).collect()
}

pub(crate) fn places() -> Vec<Place> {
    let place = |(id, latitude, longitude, valid_from): (&str, f64, f64, i32)| {
        let position = Position::new(latitude, longitude).unwrap();
        let zone = Zone::at(position, Resolution::FIVE);
        Place {
            id: id.to_owned(),
            latin: format!("{id} <&> \"Latina\""),
            modern: "Ostia Antica".to_owned(),
            position,
            zone,
            water_zone: Some(zone),
            province: "Italia".to_owned(),
            harbour: Harbour::Sea,
            rank: 2,
            population: Some(50_000),
            certainty: Certainty::Certain,
            citation: "pleiades:422995".to_owned(),
            valid_from: Some(valid_from),
            valid_to: None,
            note: String::new(),
            provenance: ProvenanceId(1),
        }
    };
    [
        ("antium", 41.4500, 12.6200, -500),
        ("ostia", 41.7556, 12.2917, -400),
        ("portus", 41.7797, 12.2667, 64),
        ("puteoli", 40.8253, 14.1236, -194),
        ("terracina", 41.2890, 13.2480, -406),
    ]
    .map(place)
    .into()
}

/// A road as a line, a province as an area, mines as points with what their publisher says of them.
pub(crate) fn features() -> Vec<Feature> {
    let feature = |collection: &str, id: &str, title: &str, geometry: Geometry<f64>| Feature {
        collection: collection.to_owned(),
        id: id.to_owned(),
        title: title.to_owned(),
        latin: None,
        geometry,
        zone: None,
        properties: serde_json::Map::new(),
        certainty: Certainty::Conjectured,
        citation: String::new(),
        valid_from: None,
        valid_to: None,
        provenance: ProvenanceId(1),
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
    let (cells, mut places) = (cells(), places());
    for place in &mut places {
        title.clone_into(&mut place.note);
    }
    let info = ReleaseInfo {
        title: title.to_owned(),
        epoch: 150,
        epochs: vec![-200, 150],
        resolution: Resolution::FIVE,
        coarse_resolution: ReleaseInfo::coarse_resolution_of(Resolution::FIVE),
        bbox: latium(),
        zones: cells.len() as u64,
        places: places.len() as u64,
    };
    let mut writer =
        ReleaseWriter::create(&folder.join(format!("{title}.sqlite3")), &info).unwrap();
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
            layer: "terrain".to_owned(),
            source: "made".to_owned(),
            licence: "CC0-1.0".to_owned(),
            certainty: Certainty::Conjectured,
            method: "counted".to_owned(),
            valid_from: None,
            valid_to: Some(2000),
        })
        .unwrap();
    for cell in &cells {
        writer.cell(cell).unwrap();
        writer.coarse(&Coarse::of_cell(cell)).unwrap();
    }
    // Until 100 BC the first zone was sea.
    writer
        .surface_interval(&SurfaceInterval {
            zone: cells[0].zone,
            valid_from: -1000,
            valid_to: -100,
            surface: Surface {
                kind: SurfaceKind::Sea,
                land_permille: 0,
                provenance: ProvenanceId(1),
            },
        })
        .unwrap();
    for place in &places {
        writer.place(place).unwrap();
    }
    for feature in features() {
        writer.feature(&feature).unwrap();
    }
    writer.tile(Tileset::Relief, TileAddress { z: 0, row: 0, col: 0 }, b"\x89PNG").unwrap();
    writer.tile(Tileset::World, TileAddress { z: 1, row: 0, col: 1 }, WORLD_TILE).unwrap();
    writer.finish().unwrap()
}
