//! The store as the mesh sees it, with two places: windows are taken once and in order, as 1102 takes them.

use crate::game::trace_id;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, put},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tessera_grid::{Position, Resolution, Zone};
use tessera_store_api::{
    DerivedWindow, PlaceList, PlaceView, Point, ProvenanceView, ReleaseSummary,
};
use tessera_world::{Certainty, Harbour};
use theron_mesh::names;
use theron_service::{Admitted, Json, ReadySignal, Refusal, Running, Server, Tasks, admit};
use theron_testkit::TestMesh;
use utoipa::openapi::OpenApi;

pub(crate) const RELEASE: &str = "0123456789abcdef0123456789abcdef";

#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) windows: BTreeMap<u64, DerivedWindow>,
    /// Every PUT that was taken, repetitions included.
    pub(crate) puts: Vec<u64>,
    pub(crate) is_promoted: bool,
    /// The trace of the newest PUT.
    pub(crate) trace: String,
}

pub(crate) struct Store {
    pub(crate) address: SocketAddr,
    pub(crate) shelf: Arc<Mutex<Shelf>>,
    running: Option<Running>,
}

impl Store {
    pub(crate) async fn start(mesh: &TestMesh) -> Self {
        let shelf = Arc::new(Mutex::new(Shelf { is_promoted: true, ..Shelf::default() }));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut store = Self { address: any, shelf, running: None };
        store.up(mesh).await;
        store
    }

    pub(crate) async fn up(&mut self, mesh: &TestMesh) {
        let readers = Router::new()
            .route("/api/v1/releases/current", get(current))
            .route("/api/v1/releases/{id}/places", get(places));
        let writers = Router::new()
            .route("/api/v1/derived/windows/{window}", put(keep))
            .route_layer(admit(&[Admitted::Named(names::AGGREGATION)]));
        let mut base = mesh.base(names::STORE).unwrap();
        base.listen.mesh = self.address;
        let server = Server {
            ready: ReadySignal::waiting(names::STORE, "0", ""),
            tasks: Tasks::default(),
            mesh: (readers.merge(writers).with_state(Arc::clone(&self.shelf)), OpenApi::default())
                .into(),
            public: None,
        };
        let running = server.start(&base).await.unwrap();
        self.address = running.mesh_address;
        self.running = Some(running);
    }

    pub(crate) async fn down(&mut self) {
        self.running.take().unwrap().drain().await;
    }

    pub(crate) fn window(&self, window: i64) -> Option<DerivedWindow> {
        self.shelf.lock().unwrap().windows.get(&window.try_into().unwrap()).cloned()
    }

    pub(crate) fn windows(&self) -> Vec<DerivedWindow> {
        self.shelf.lock().unwrap().windows.values().cloned().collect()
    }

    /// A multiplier as a game reads it: what is not listed is 1000.
    pub(crate) fn price(&self, window: i64, place: &str, good: &str) -> u32 {
        let derived = self.window(window).expect("the window was written");
        let found = derived.prices.iter().find(|price| price.place == place && price.good == good);
        found.map_or(1000, |price| price.multiplier_permille)
    }
}

async fn keep(
    State(shelf): State<Arc<Mutex<Shelf>>>,
    headers: HeaderMap,
    Json(derived): Json<DerivedWindow>,
) -> Result<Json<DerivedWindow>, Refusal> {
    let mut shelf = shelf.lock().unwrap();
    let newest = shelf.windows.keys().next_back().copied();
    match shelf.windows.get(&derived.window) {
        Some(kept) if *kept == derived => {}
        Some(_other) => {
            return Err(Refusal::new(StatusCode::CONFLICT, "window_already_written", "it is"));
        }
        None if newest.is_some_and(|newest| derived.window <= newest) => {
            return Err(Refusal::new(StatusCode::CONFLICT, "window_out_of_order", "it is"));
        }
        None => {}
    }
    shelf.windows.insert(derived.window, derived.clone());
    shelf.puts.push(derived.window);
    shelf.trace = trace_id(&headers);
    Ok(Json(derived))
}

async fn current(State(shelf): State<Arc<Mutex<Shelf>>>) -> Result<Json<ReleaseSummary>, Refusal> {
    if !shelf.lock().unwrap().is_promoted {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "no_release_promoted", "none"));
    }
    Ok(Json(ReleaseSummary {
        id: RELEASE.parse().unwrap(),
        sha256: RELEASE.repeat(2),
        bytes: 1,
        title: "Two places".to_owned(),
        epoch: 150,
        resolution: 5,
        bbox: [-12.0, 4.0, 82.0, 60.0],
        zones: 0,
        places: 2,
        uploaded_at: jiff::Timestamp::UNIX_EPOCH,
        promoted_at: None,
    }))
}

async fn places() -> Json<PlaceList> {
    let place = |id: &str, rank, population| PlaceView {
        id: id.to_owned(),
        latin: id.to_owned(),
        modern: id.to_owned(),
        position: Point { latitude: 41.0, longitude: 12.0 },
        zone: Zone::at(Position::new(41.0, 12.0).unwrap(), Resolution::FIVE),
        water_zone: None,
        province: "Italia".to_owned(),
        harbour: Harbour::Sea,
        rank,
        population: Some(population),
        certainty: Certainty::Certain,
        citation: "pleiades:1".to_owned(),
        valid_from: None,
        valid_to: None,
        note: String::new(),
        provenance: ProvenanceView {
            source: "places".to_owned(),
            licence: "CC0-1.0".to_owned(),
            certainty: Certainty::Certain,
            method: "authored".to_owned(),
            valid_from: None,
            valid_to: None,
        },
    };
    Json(PlaceList {
        release: RELEASE.parse().unwrap(),
        places: vec![place("ostia", 2, 50_000), place("puteoli", 2, 40_000)],
    })
}
