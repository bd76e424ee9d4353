//! A game node as the mesh sees it: the internal API over mutual TLS, with contributions that a test sets.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use otivm_api::{ClosedWindows, Contribution, Snapshot};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use theron_mesh::names;
use theron_service::{
    Admitted, Claim, Clock, Json, ManualClock, Path, ReadySignal, Refusal, Running, Server, Tasks,
    admit,
};
use theron_testkit::TestMesh;
use tokio::sync::watch;
use utoipa::openapi::OpenApi;

/// What a test changes; it outlives a node that is stopped and started.
#[derive(Default)]
pub(crate) struct Play {
    pub(crate) windows: BTreeMap<i64, Vec<Contribution>>,
    /// Windows before this one are no longer kept.
    pub(crate) oldest: i64,
    /// Snapshots that were asked for and given.
    pub(crate) given: usize,
    /// The trace of the newest call.
    pub(crate) trace: String,
}

struct App {
    play: Arc<Mutex<Play>>,
    holds_from: watch::Receiver<i64>,
    clock: Arc<ManualClock>,
    window_us: i64,
}

pub(crate) struct Game {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) play: Arc<Mutex<Play>>,
    /// Windows from this one on are answered when it has moved on.
    pub(crate) holds_from: watch::Sender<i64>,
    clock: Arc<ManualClock>,
    window_us: i64,
    running: Option<Running>,
}

impl Game {
    pub(crate) async fn start(
        mesh: &TestMesh,
        clock: &Arc<ManualClock>,
        name: &'static str,
        window_us: i64,
    ) -> Self {
        let play = Arc::default();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let clock = Arc::clone(clock);
        let holds_from = watch::Sender::new(i64::MAX);
        let mut game =
            Self { name, address: any, play, holds_from, clock, window_us, running: None };
        game.up(mesh).await;
        game
    }

    /// Listens, at the same address as before.
    pub(crate) async fn up(&mut self, mesh: &TestMesh) {
        let app = App {
            play: Arc::clone(&self.play),
            holds_from: self.holds_from.subscribe(),
            clock: Arc::clone(&self.clock),
            window_us: self.window_us,
        };
        let router = Router::new()
            .route("/api/v1/windows", get(windows))
            .route("/api/v1/windows/{window}", get(snapshot))
            .route_layer(admit(&[Admitted::Named(names::AGGREGATION)]))
            .with_state(Arc::new(app));
        let mut base = mesh.base(self.name).unwrap();
        base.listen.mesh = self.address;
        let server = Server {
            claim: Claim::take(&base.data_dir).unwrap(),
            ready: ReadySignal::waiting(self.name, "0", ""),
            tasks: Tasks::default(),
            mesh: (router, OpenApi::default()).into(),
            public: None,
        };
        let running = server.start(&base).await.unwrap();
        self.address = running.mesh_address;
        self.running = Some(running);
    }

    pub(crate) async fn down(&mut self) {
        self.running.take().unwrap().drain().await;
    }

    pub(crate) fn plays(&self, window: i64, contributions: Vec<Contribution>) {
        self.play.lock().unwrap().windows.insert(window, contributions);
    }
}

async fn windows(State(app): State<Arc<App>>) -> Json<ClosedWindows> {
    let open = app.clock.now().as_microsecond() / app.window_us;
    Json(ClosedWindows { windows: Vec::new(), open, window_us: app.window_us })
}

async fn snapshot(
    State(app): State<Arc<App>>,
    Path(window): Path<i64>,
    headers: HeaderMap,
) -> Result<Json<Snapshot>, Refusal> {
    let (from, to) = (window * app.window_us, (window + 1) * app.window_us);
    if app.clock.now().as_microsecond() < to {
        return Err(Refusal::new(StatusCode::CONFLICT, "window_open", "it is open"));
    }
    let mut holds_from = app.holds_from.clone();
    holds_from.wait_for(|from| window < *from).await.unwrap();
    let mut play = app.play.lock().unwrap();
    if window < play.oldest {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "window_unknown", "it is not kept"));
    }
    play.given += 1;
    play.trace = trace_id(&headers);
    let contributions = play.windows.get(&window).cloned().unwrap_or_default();
    Ok(Json(Snapshot { window, from, to, contributions }))
}

/// Empty without a valid `traceparent`.
pub(crate) fn trace_id(headers: &HeaderMap) -> String {
    let parsed = headers
        .get("traceparent")
        .and_then(|value| value.to_str().ok()?.parse::<theron_wire::Traceparent>().ok());
    parsed.map_or_else(String::new, |trace| format!("{:032x}", trace.trace_id))
}
