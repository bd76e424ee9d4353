//! The platform on real sockets: who gets in, what refusals look like, how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod limits;

use axum::{Router, http::StatusCode, routing::get};
use bytes::Bytes;
use reqwest::Method;
use std::time::Duration;
use theron_mesh::{CallError, MeshClient, Patience, names};
use theron_service::{
    Admitted, Claim, Identity, ReadySignal, Running, Server, Tasks, admit, unhurried,
};
use theron_testkit::TestMesh;
use theron_wire::{Problem, Readiness};
use utoipa::openapi::OpenApi;

async fn start(mesh: &TestMesh) -> (Running, ReadySignal) {
    let open = Router::new()
        .route(
            "/api/v1/name",
            get(|Identity(name): Identity| async move { axum::Json(name.to_string()) }),
        )
        .route("/api/v1/panic", get(panicking))
        .route_layer(admit(&[Admitted::Anyone]));
    let games = Router::new()
        .route("/api/v1/games", get(|| async { axum::Json(1) }))
        .route_layer(admit(&[Admitted::Games, Admitted::Named(names::OPERATOR)]));
    let ready = ReadySignal::waiting("tessera-store", "1.2.3", "a release");
    let public = Router::new().route("/api/v1/public", get(|| async { "hello" }));
    let base = mesh.base(names::STORE).unwrap();
    let server = Server {
        claim: Claim::take(&base.data_dir).unwrap(),
        ready: ready.clone(),
        tasks: Tasks::default(),
        mesh: (open.merge(games), OpenApi::default()).into(),
        public: Some((public, OpenApi::default()).into()),
    };
    (server.start(&base).await.unwrap(), ready)
}

#[expect(clippy::panic, reason = "what a handler must never do is what this test needs")]
async fn panicking() {
    panic!("a secret");
}

fn problem(error: &CallError) -> (u16, &str) {
    let Problem { status, code, .. } = error.problem().unwrap();
    (*status, code)
}

#[tokio::test]
async fn the_certificate_s_name_is_the_identity_and_routes_admit_by_it() {
    let mesh = TestMesh::new().unwrap();
    let (running, _ready) = start(&mesh).await;
    let game = mesh.client("otivm-dev", running.mesh_address).unwrap();
    let pipeline = mesh.client(names::PIPELINE, running.mesh_address).unwrap();
    assert_eq!(game.get::<String>("/name").await.unwrap(), "otivm-dev");
    assert_eq!(game.get::<i32>("/games").await.unwrap(), 1);
    let refusal = pipeline.get::<i32>("/games").await.unwrap_err();
    assert_eq!(problem(&refusal), (403, "not_admitted"));
    running.drain().await;
}

#[tokio::test]
async fn without_a_certificate_or_with_another_authority_s_there_is_no_handshake() {
    let (mesh, strangers) = (TestMesh::new().unwrap(), TestMesh::new().unwrap());
    let (running, _ready) = start(&mesh).await;
    let url = format!("https://{}/livez", running.mesh_address);
    let ca = std::fs::read(mesh.credentials(names::OPERATOR).unwrap().ca).unwrap();
    let nobody = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&ca).unwrap()])
        .build()
        .unwrap();
    assert!(nobody.get(&url).send().await.is_err());
    let mut stranger = strangers.credentials(names::OPERATOR).unwrap();
    stranger.ca = mesh.credentials(names::OPERATOR).unwrap().ca;
    let stranger =
        MeshClient::new(&format!("https://{}/api/v1", running.mesh_address), &stranger).unwrap();
    assert!(matches!(stranger.get::<i32>("/games").await, Err(CallError::Unreachable { .. })));
    running.drain().await;
}

#[tokio::test]
async fn what_is_refused_says_so_in_a_problem_document() {
    let mesh = TestMesh::new().unwrap();
    let (running, _ready) = start(&mesh).await;
    let client = mesh.client(names::OPERATOR, running.mesh_address).unwrap();
    let codes = [
        (client.get::<i32>("/nothing").await.unwrap_err(), (404, "no_such_route")),
        (client.post::<i32>("/games", &()).await.unwrap_err(), (405, "no_such_method")),
        (client.get::<i32>("/panic").await.unwrap_err(), (500, "internal")),
    ];
    for (error, expected) in &codes {
        assert_eq!(problem(error), *expected);
    }
    assert!(!codes[2].0.to_string().contains("secret"));
    running.drain().await;
}

#[tokio::test]
async fn readiness_metrics_and_trace_are_there_for_any_member() {
    let mesh = TestMesh::new().unwrap();
    let (running, ready) = start(&mesh).await;
    let root = format!("https://{}", running.mesh_address);
    let client = MeshClient::new(&root, &mesh.credentials("otivm-dev").unwrap()).unwrap();
    let not_ready = client.request(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(not_ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        not_ready.json::<Readiness>().await.unwrap(),
        Readiness {
            service: "tessera-store".to_owned(),
            version: "1.2.3".to_owned(),
            ready: false,
            detail: "a release".to_owned()
        }
    );
    ready.set(true, "");
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let now_ready =
        client.request(Method::GET, "/readyz").header("traceparent", trace).send().await.unwrap();
    assert_eq!(now_ready.status(), StatusCode::OK);
    let answered = now_ready.headers()["traceparent"].to_str().unwrap().to_owned();
    assert!(answered.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{answered}");
    let metrics =
        client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains(r#"route="/readyz",status="503""#), "{metrics}");
    let api: serde_json::Value = client.get("/api/v1/openapi.json").await.unwrap();
    assert_eq!(api["openapi"], "3.1.0");
    running.drain().await;
}

#[tokio::test]
async fn a_public_listener_needs_no_certificate_and_has_only_its_own_routes() {
    let mesh = TestMesh::new().unwrap();
    let (running, _ready) = start(&mesh).await;
    let root = format!("http://{}", running.public_address.unwrap());
    let get =
        async |path: &str| reqwest::get(format!("{root}{path}")).await.unwrap().status().as_u16();
    assert_eq!(
        [get("/api/v1/public").await, get("/livez").await, get("/api/v1/games").await],
        [200, 200, 404]
    );
    running.drain().await;
}

#[tokio::test]
async fn a_drain_ends_background_work_and_frees_the_port() {
    let mesh = TestMesh::new().unwrap();
    let (running, _ready) = start(&mesh).await;
    let address = running.mesh_address;
    tokio::time::timeout(Duration::from_secs(15), running.drain()).await.unwrap();
    std::net::TcpListener::bind(address).unwrap();
}

/// A neighbour that takes a file and answers after a pause with how long it was.
async fn taker(mesh: &TestMesh, pause: Duration) -> Running {
    let take = move |body: Bytes| async move {
        tokio::time::sleep(pause).await;
        axum::Json(body.len())
    };
    let files = Router::new()
        .route("/api/v1/file", axum::routing::put(take).get(take))
        .route_layer(unhurried());
    let base = mesh.base(names::STORE).unwrap();
    let server = Server {
        claim: Claim::take(&base.data_dir).unwrap(),
        ready: ReadySignal::waiting("tessera-store", "1.2.3", ""),
        tasks: Tasks::default(),
        mesh: (files, OpenApi::default()).into(),
        public: None,
    };
    server.start(&base).await.unwrap()
}

fn impatient(mesh: &TestMesh, running: &Running) -> MeshClient {
    let url = format!("https://{}/api/v1", running.mesh_address);
    let [read, send] = [Duration::from_millis(300); 2];
    let patience = Patience { read, send, file_answer: Duration::from_secs(3) };
    MeshClient::with_patience(&url, &mesh.credentials(names::PIPELINE).unwrap(), patience).unwrap()
}

/// `chunks` of a byte, each after a pause.
fn trickle(chunks: u32, pause: Duration) -> impl futures::Stream<Item = std::io::Result<Bytes>> {
    futures::stream::unfold(0, move |sent| async move {
        tokio::time::sleep(pause).await;
        (sent < chunks).then_some((Ok(Bytes::from_static(b"x")), sent + 1))
    })
}

#[tokio::test]
async fn a_file_over_a_slow_link_and_a_slow_answer_to_it_are_waited_for() {
    let mesh = TestMesh::new().unwrap();
    let running = taker(&mesh, Duration::from_millis(700)).await;
    let client = impatient(&mesh, &running);
    let request = client.request(Method::PUT, "/file");
    let slow = trickle(10, Duration::from_millis(100));
    let answer = client.send_file(request, slow).await.unwrap();
    assert_eq!(answer.json::<usize>().await.unwrap(), 10);
    let in_a_hurry = client.get::<usize>("/file").await.unwrap_err();
    assert!(matches!(in_a_hurry, CallError::Unreachable { .. }), "{in_a_hurry}");
    running.drain().await;
}

#[tokio::test]
async fn a_file_that_does_not_move_and_an_answer_that_never_comes_end_the_call() {
    let mesh = TestMesh::new().unwrap();
    let running = taker(&mesh, Duration::from_secs(60)).await;
    let client = impatient(&mesh, &running);
    let still = trickle(2, Duration::from_secs(60));
    let stuck = client.send_file(client.request(Method::PUT, "/file"), still).await.unwrap_err();
    let send = Duration::from_millis(300);
    assert!(matches!(stuck, CallError::Silent { waited, .. } if waited == send), "{stuck}");
    let whole = trickle(2, Duration::ZERO);
    let silent = client.send_file(client.request(Method::PUT, "/file"), whole).await.unwrap_err();
    let answer = Duration::from_secs(3);
    assert!(matches!(silent, CallError::Silent { waited, .. } if waited == answer), "{silent}");
    running.drain().await;
}
