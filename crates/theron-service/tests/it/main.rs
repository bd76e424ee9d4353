//! The platform on real sockets: who gets in, what refusals look like, how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use axum::{Router, http::StatusCode, routing::get};
use reqwest::Method;
use std::time::Duration;
use theron_mesh::{CallError, names};
use theron_service::{Admitted, Identity, ReadySignal, Running, Server, Tasks, admit};
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
    let server = Server {
        ready: ready.clone(),
        tasks: Tasks::default(),
        mesh: (open.merge(games), OpenApi::default()).into(),
        public: Some((public, OpenApi::default()).into()),
    };
    (server.start(&mesh.base(names::STORE).unwrap()).await.unwrap(), ready)
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
    let stranger = theron_mesh::MeshClient::new(
        &format!("https://{}/api/v1", running.mesh_address),
        &stranger,
    )
    .unwrap();
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
    let client =
        theron_mesh::MeshClient::new(&root, &mesh.credentials("otivm-dev").unwrap()).unwrap();
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
