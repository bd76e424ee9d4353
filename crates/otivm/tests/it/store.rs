//! A store for the server under test: the routes of 1102 that a game node calls, on a real socket.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::{Arc, Mutex};
use tessera_release::ReleaseFile;
use tessera_store_api::{DerivedWindow, ReleaseSummary};
use theron_mesh::names;
use theron_service::{Admitted, Claim, ReadySignal, Refusal, Running, Server, Tasks, admit};
use theron_testkit::TestMesh;

#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) release: Option<ReleaseFile>,
    pub(crate) derived: Option<DerivedWindow>,
    /// Its zones are finer than those that the game is played on.
    pub(crate) is_fine: bool,
}

pub(crate) struct FakeStore {
    pub(crate) shelf: Arc<Mutex<Shelf>>,
    pub(crate) base_url: String,
    running: Running,
}

impl FakeStore {
    pub(crate) async fn start(mesh: &TestMesh, release: Option<ReleaseFile>) -> Self {
        let shelf = Arc::new(Mutex::new(Shelf { release, ..Shelf::default() }));
        let router = Router::new()
            .route("/api/v1/releases/current", get(current))
            .route("/api/v1/releases/{id}", get(by_id))
            .route("/api/v1/releases/{id}/file", get(file))
            .route("/api/v1/derived/current", get(derived))
            .route_layer(admit(&[Admitted::Games]))
            .with_state(Arc::clone(&shelf));
        let base = mesh.base(names::STORE).unwrap();
        let server = Server {
            claim: Claim::take(&base.data_dir).unwrap(),
            ready: ReadySignal::waiting(names::STORE, "0", ""),
            tasks: Tasks::default(),
            mesh: (router, utoipa::openapi::OpenApi::default()).into(),
            public: None,
        };
        let running = server.start(&base).await.unwrap();
        let base_url = format!("https://{}/api/v1", running.mesh_address);
        Self { shelf, base_url, running }
    }

    pub(crate) async fn stop(self) {
        self.running.drain().await;
    }
}

type Shared = State<Arc<Mutex<Shelf>>>;

fn summary(shelf: &Shelf) -> Option<ReleaseSummary> {
    let file = shelf.release.as_ref()?;
    let epoch = jiff::Timestamp::UNIX_EPOCH;
    let value = serde_json::json!({
        "id": file.id, "sha256": file.sha256, "bytes": file.bytes, "title": "test", "epoch": 150, "epochs": [150],
        "resolution": if shelf.is_fine { 7 } else { 5 }, "bbox": [10.0, 38.5, 13.5, 41.6], "zones": 1, "places": 4,
        "uploaded_at": epoch, "promoted_at": epoch, "current": true,
    });
    Some(serde_json::from_value(value).unwrap())
}

async fn current(State(shelf): Shared) -> Result<Json<ReleaseSummary>, Refusal> {
    let none = || Refusal::new(StatusCode::NOT_FOUND, "no_release_promoted", "nothing yet");
    summary(&shelf.lock().unwrap()).map(Json).ok_or_else(none)
}

async fn by_id(state: Shared, Path(_id): Path<String>) -> Result<Json<ReleaseSummary>, Refusal> {
    current(state).await
}

async fn file(State(shelf): Shared, Path(_id): Path<String>) -> Vec<u8> {
    let path = shelf.lock().unwrap().release.as_ref().unwrap().path.clone();
    std::fs::read(path).unwrap()
}

async fn derived(State(shelf): Shared, headers: HeaderMap) -> Response {
    let Some(window) = shelf.lock().unwrap().derived.clone() else {
        return Refusal::new(StatusCode::NOT_FOUND, "no_window_written", "none").into_response();
    };
    let etag = format!("\"{}\"", window.window);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, etag)], Json(window)).into_response()
}
