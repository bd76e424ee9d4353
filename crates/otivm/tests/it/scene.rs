//! A running house with its clock, and players who call it.

use crate::{store::FakeStore, world};
use otivm::{Config, Limits};
use otivm_api::{Done, Enrolled, Me};
use otivm_rules::Chance;
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    num::NonZeroU32,
    path::PathBuf,
    sync::Arc,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use theron_mesh::names;
use theron_service::{Clock, ManualClock, Neighbour, Neighbours, Proxy, Running};
use theron_testkit::TestMesh;
use theron_wire::{Problem, Readiness};

/// Nobody listens there.
pub(crate) const NOBODY: &str = "https://127.0.0.1:9/api/v1";

/// Where browsers open the game.
pub(crate) const ORIGIN: &str = "https://otivm.example.org";

/// Always the same fall of the dice, with which no voyage of these tests meets a mishap.
pub(crate) struct FairWeather;

impl otivm::Dice for FairWeather {
    fn draw(&self) -> Result<Chance, getrandom::Error> {
        Ok(Chance { seed: [7; 16] })
    }
}

pub(crate) struct House {
    pub(crate) mesh: Arc<TestMesh>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) running: Running,
    pub(crate) config: Config,
}

pub(crate) fn many() -> NonZeroU32 {
    NonZeroU32::new(100_000).unwrap()
}

/// Four seats, no store, and limits that do not bite.
pub(crate) fn config(mesh: &TestMesh) -> Config {
    Config {
        service: mesh.base(names::GAME).unwrap(),
        neighbours: Neighbours { store: Neighbour { base_url: NOBODY.to_owned() } },
        seats: 4,
        unplayed_hours: NonZeroU32::new(336).unwrap(),
        rate: NonZeroU32::new(288).unwrap(),
        web_dir: None,
        behind_proxy: Proxy::None,
        other_servers: vec!["https://otivm.example.org".to_owned()],
        limits: Limits {
            arrivals_per_minute: many(),
            calls_per_minute: many(),
            commands_per_second: many(),
            reads_per_second: many(),
        },
        passkeys: Some(otivm::Passkeys { origin: ORIGIN.to_owned(), rp_id: None }),
        simulation: None,
    }
}

/// Puts a release into the cache of the game node, as an earlier start would have.
pub(crate) fn cache_world(config: &Config, title: &str) -> tessera_world::ReleaseId {
    let folder = config.service.data_dir.join("world");
    std::fs::create_dir_all(&folder).unwrap();
    let made = world::write(&folder.join("made.tmp"), title);
    std::fs::rename(&made.path, folder.join(format!("{}.sqlite3", made.id))).unwrap();
    made.id
}

impl House {
    /// With the small world in its cache, and no store.
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| ()).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let mesh = Arc::new(TestMesh::new().unwrap());
        let mut config = config(&mesh);
        cache_world(&config, "Mare");
        change(&mut config);
        Self::start(mesh, Arc::new(theron_testkit::clock()), config).await
    }

    pub(crate) async fn start(
        mesh: Arc<TestMesh>,
        clock: Arc<ManualClock>,
        config: Config,
    ) -> Self {
        let play = Arc::<ManualClock>::clone(&clock);
        Self::start_by(Arc::new(FairWeather), mesh, clock, play, config).await
    }

    /// In other weather.
    pub(crate) async fn open_in(weather: Arc<dyn otivm::Dice>) -> Self {
        let mesh = Arc::new(TestMesh::new().unwrap());
        let (config, clock) = (config(&mesh), Arc::new(theron_testkit::clock()));
        cache_world(&config, "Mare");
        let play = Arc::<ManualClock>::clone(&clock);
        Self::start_by(weather, mesh, clock, play, config).await
    }

    /// By a clock of its own: `clock` is what [`Self::advance`] moves.
    pub(crate) async fn start_by(
        weather: Arc<dyn otivm::Dice>,
        mesh: Arc<TestMesh>,
        clock: Arc<ManualClock>,
        play: Arc<dyn Clock>,
        config: Config,
    ) -> Self {
        let running = otivm::start(config.clone(), play, weather).await.unwrap();
        let house = Self { mesh, clock, running, config };
        house.until_ready().await;
        house
    }

    /// With a store that offers the small world.
    pub(crate) async fn open_with_store(title: &str) -> (Self, FakeStore) {
        let mesh = Arc::new(TestMesh::new().unwrap());
        let made = world::write(&mesh.folder().join("release.sqlite3"), title);
        let store = FakeStore::start(&mesh, Some(made)).await;
        let mut config = config(&mesh);
        config.neighbours.store.base_url = store.base_url.clone();
        (Self::start(mesh, Arc::new(theron_testkit::clock()), config).await, store)
    }

    pub(crate) async fn restart(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { mesh, clock, running, mut config } = self;
        running.drain().await;
        change(&mut config);
        Self::start(mesh, clock, config).await
    }

    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.running.public_address.unwrap())
    }

    pub(crate) async fn readiness(&self) -> Readiness {
        let url = format!("{}/readyz", self.root());
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    async fn until_ready(&self) {
        until("the house is ready", async || self.readiness().await.ready.then_some(())).await;
    }

    pub(crate) fn visitor(&self) -> Player {
        Player {
            root: self.root(),
            http: reqwest::Client::builder().gzip(false).build().unwrap(),
            cookie: None,
            token: String::new(),
            phrase: String::new(),
        }
    }

    pub(crate) async fn enrol(&self) -> Player {
        let mut player = self.visitor();
        let response = player.command(Method::POST, "/players", &json!({})).send().await.unwrap();
        assert_eq!(response.status(), 201, "{response:?}");
        player.cookie = Some(cookie_of(&response));
        let enrolled: Enrolled = response.json().await.unwrap();
        player.token = enrolled.player.token;
        player.phrase = enrolled.recovery_phrase;
        player
    }

    pub(crate) fn database(&self, token: &str) -> PathBuf {
        self.config.service.data_dir.join("data/players").join(format!("{token}.sqlite3"))
    }

    /// As the aggregation calls.
    pub(crate) fn node(&self) -> otivm_api::GameNodeClient {
        self.mesh.client(names::AGGREGATION, self.running.mesh_address).unwrap().into()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
    }
}

/// Waits for something that the server does on its own.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("30 s went by and not: {what}");
}

pub(crate) fn cookie_of(response: &Response) -> String {
    let header = response.headers()["set-cookie"].to_str().unwrap();
    header.split(';').next().unwrap().to_owned()
}

#[derive(Clone)]
pub(crate) struct Player {
    pub(crate) root: String,
    pub(crate) http: reqwest::Client,
    pub(crate) cookie: Option<String>,
    pub(crate) token: String,
    pub(crate) phrase: String,
}

impl Player {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.root));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn me(&self) -> Me {
        self.get("/me").await
    }

    pub(crate) fn command(&self, method: Method, path: &str, body: &Value) -> RequestBuilder {
        self.keyed(method, path).json(body)
    }

    /// A call under a key of no other call, without a body.
    pub(crate) fn keyed(&self, method: Method, path: &str) -> RequestBuilder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let key = format!("a-key-of-no-other-call-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.request(method, path).header("idempotency-key", key)
    }

    pub(crate) fn command_with(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: &Value,
    ) -> RequestBuilder {
        self.request(method, path).header("idempotency-key", key).json(body)
    }

    /// A command that is done.
    pub(crate) async fn act(&self, method: Method, path: &str, body: Value) -> Done {
        let response = self.command(method, path, &body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 201, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn write(&self, text: &str) -> Done {
        self.act(Method::POST, "/journal", json!({ "text": text })).await
    }
}

/// Status and code of a refusal.
pub(crate) async fn refusal(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(kind, theron_wire::PROBLEM_JSON);
    let problem: Problem = response.json().await.unwrap();
    assert_eq!(problem.status, status);
    (status, problem.code)
}
