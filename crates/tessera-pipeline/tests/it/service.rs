//! The service on its socket: runs, assays, imports, promotion, restarts; the store is a stand-in that
//! keeps what it is sent.

use crate::small::Small;
use axum::{
    Json as AxumJson, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post, put},
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tessera_pipeline::{Config, StartError, World};
use tessera_pipeline_api::{
    Promotion, PromotionState, QuarantinePage, Run, RunKind, RunList, RunState, StartRun,
};
use theron_mesh::{CallError, MeshClient, names};
use theron_service::{Claim, Neighbour, Neighbours, ReadySignal, Refusal, Running, Server, Tasks};
use theron_testkit::TestMesh;
use theron_wire::Problem;
use utoipa::OpenApi as _;

#[derive(utoipa::OpenApi)]
struct Nothing;

/// What the stand-in store has: uploads by id, promotions in order.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) uploads: BTreeMap<String, usize>,
    pub(crate) promoted: Vec<String>,
}

pub(crate) async fn store(mesh: &TestMesh, kept: Arc<Mutex<Kept>>) -> Running {
    store_at(mesh, kept, 0).await
}

/// A stand-in for 1102 on a port of the test's choice; 0 is any.
pub(crate) async fn store_at(mesh: &TestMesh, kept: Arc<Mutex<Kept>>, port: u16) -> Running {
    let summary = |id: &str, bytes: usize| {
        AxumJson(json!({
            "id": id, "sha256": id.repeat(2), "bytes": bytes, "title": "t", "epoch": 150, "epochs": [150], "resolution": 5,
            "bbox": [24.0, 36.5, 27.0, 39.0], "zones": 1, "places": 1,
            "uploaded_at": "2026-09-21T14:13:20Z", "promoted_at": null,
        }))
    };
    let unknown = || {
        let problem = Problem::new(StatusCode::NOT_FOUND, "no_such_release", "there is none");
        Refusal::from(problem).into_response()
    };
    let held = move |State(kept): State<Arc<Mutex<Kept>>>, Path(id): Path<String>| async move {
        let bytes = kept.lock().unwrap().uploads.get(&id).copied();
        bytes.map_or_else(unknown, |bytes| summary(&id, bytes).into_response())
    };
    let current = move |State(kept): State<Arc<Mutex<Kept>>>| async move {
        let kept = kept.lock().unwrap();
        let none = Problem::new(StatusCode::NOT_FOUND, "no_release_promoted", "nothing is live");
        let live = kept.promoted.last().map(|id| summary(id, 0).into_response());
        live.unwrap_or_else(|| Refusal::from(none).into_response())
    };
    let list = move |State(kept): State<Arc<Mutex<Kept>>>| async move {
        let kept = kept.lock().unwrap();
        let releases = kept.uploads.iter().map(|(id, &bytes)| {
            let AxumJson(mut release) = summary(id, bytes);
            if kept.promoted.contains(id) {
                release["promoted_at"] = json!("2026-09-21T14:13:20Z");
            }
            release
        });
        AxumJson(
            json!({ "current": kept.promoted.last(), "releases": releases.collect::<Vec<_>>() }),
        )
    };
    let upload = move |State(kept): State<Arc<Mutex<Kept>>>,
                       Path(id): Path<String>,
                       body: Bytes| async move {
        kept.lock().unwrap().uploads.insert(id.clone(), body.len());
        (StatusCode::CREATED, summary(&id, body.len())).into_response()
    };
    let promote = move |State(kept): State<Arc<Mutex<Kept>>>, Path(id): Path<String>| async move {
        kept.lock().unwrap().promoted.push(id.clone());
        summary(&id, 0)
    };
    let router = Router::new()
        .route("/api/v1/releases", get(list))
        .route("/api/v1/releases/current", get(current))
        .route("/api/v1/releases/{id}", put(upload).get(held))
        .route("/api/v1/releases/{id}/promote", post(promote))
        .layer(DefaultBodyLimit::disable())
        .with_state(kept);
    let mut base = mesh.base(names::STORE).unwrap();
    base.listen.mesh.set_port(port);
    let server = Server {
        claim: Claim::take(&base.data_dir).unwrap(),
        ready: ReadySignal::waiting("tessera-store", "0", ""),
        tasks: Tasks::default(),
        mesh: (router, Nothing::openapi()).into(),
        public: None,
    };
    server.start(&base).await.unwrap()
}

pub(crate) fn config(mesh: &TestMesh, small: &Small, store_url: &str) -> Config {
    let world = World { sources: small.document(), source_dir: small.path("") };
    Config {
        service: mesh.base(names::PIPELINE).unwrap(),
        neighbours: Neighbours { store: Neighbour { base_url: store_url.to_owned() } },
        worlds: [("default".to_owned(), world)].into(),
    }
}

pub(crate) async fn start(
    mesh: &TestMesh,
    small: &Small,
    store_url: &str,
) -> (Running, MeshClient) {
    for _ in 0..600 {
        let config = config(mesh, small, store_url);
        match tessera_pipeline::start(config, Arc::new(theron_testkit::clock())).await {
            Ok(running) => {
                let client = mesh.client(names::OPERATOR, running.mesh_address).unwrap();
                return (running, client);
            }
            // A run that was cut off has the folder to the end of its step, where its process lives on.
            Err(StartError::Shelf(error)) if error.to_string().contains("works in") => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the folder did not come free");
}

pub(crate) async fn ended(client: &MeshClient, id: &str) -> Run {
    for _ in 0..600 {
        let run: Run = client.get(&format!("/runs/{id}")).await.unwrap();
        if run.state.is_over() {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{id} did not end");
}

pub(crate) async fn run_default(client: &MeshClient) -> Run {
    let run: Run = client.post("/runs", &StartRun::of_world("default")).await.unwrap();
    ended(client, &run.id).await
}

pub(crate) fn code<T: std::fmt::Debug>(answer: Result<T, CallError>) -> (u16, String) {
    let problem = answer.unwrap_err().problem().unwrap().clone();
    (problem.status, problem.code)
}

/// Asks for a promotion and waits for its end.
pub(crate) async fn promote(client: &MeshClient, id: &str) -> Run {
    client.post::<Promotion>(&format!("/runs/{id}/promote"), &()).await.unwrap();
    promotion_over(client, id).await
}

pub(crate) async fn promotion_over(client: &MeshClient, id: &str) -> Run {
    for _ in 0..600 {
        let run: Run = client.get(&format!("/runs/{id}")).await.unwrap();
        if run.promotion.as_ref().is_some_and(|promotion| promotion.state.is_over()) {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the promotion of {id} did not end");
}

pub(crate) const NOWHERE: &str = "https://127.0.0.1:9/api/v1";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_makes_a_release_that_is_promoted_to_the_store() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let url = format!("https://{}/api/v1", store.mesh_address);
    let (running, client) = start(&mesh, &small, &url).await;

    let run = run_default(&client).await;
    assert_eq!(
        (run.state, run.promotable, run.findings.error, run.progress_permille),
        (RunState::Finished, true, 0, 1000)
    );
    let release = run.release.clone().unwrap();

    let promoted = promote(&client, &run.id).await;
    let now = Some("2026-09-21T14:13:20Z".to_owned());
    let promotion = Promotion {
        state: PromotionState::Done,
        requested_at: "2026-09-21T14:13:20Z".to_owned(),
        finished_at: now.clone(),
        bytes: release.bytes,
        bytes_sent: release.bytes,
        attempts: 1,
        attempts_max: 35,
        next_attempt_at: None,
        problem: None,
    };
    assert_eq!(promoted, Run { promoted_at: now, promotion: Some(promotion), ..run.clone() });
    let uploads: BTreeMap<String, usize> = [(release.id.clone(), release.bytes as usize)].into();
    assert_eq!(kept.lock().unwrap().uploads, uploads);
    assert_eq!(kept.lock().unwrap().promoted, [release.id]);

    // Kept across a restart, in full.
    running.drain().await;
    let (running, client) = start(&mesh, &small, &url).await;
    let list: RunList = client.get("/runs").await.unwrap();
    assert_eq!(list.runs, [promoted]);
    running.drain().await;
    store.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_source_stops_its_dataset_and_says_file_row_and_rule() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    small.truncate("heights.cdf", 30_000);
    small.add_place("ostia,Ostia,,0,0,Achaia,none,4,,certain,x:1,,,");
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let run = run_default(&client).await;
    assert_eq!(
        (run.state, run.promotable, run.release, run.quarantined),
        (RunState::Finished, false, None, 1)
    );
    assert!(
        run.problem.unwrap().contains("rule file_truncated: dataset heights stopped: heights.cdf")
    );
    let page: QuarantinePage = client.get(&format!("/runs/{}/quarantine", run.id)).await.unwrap();
    assert_eq!((page.total, page.next), (1, None));
    let rows = page.rows;
    assert_eq!(
        (rows[0].file.as_str(), rows[0].row, rows[0].rule.as_str()),
        ("places.csv", 4, "place_position_unknown")
    );
    let refused = client.post::<Run>(&format!("/runs/{}/promote", run.id), &()).await;
    assert_eq!(code(refused), (409, "run_not_promotable".to_owned()));
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_counts_every_row_left_out_and_says_how_many_the_quarantine_keeps() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let rows = "1\n".repeat(7_000);
    let ports = format!("id,name,lat,lon\n1,Portus,38.0,24.5\n{rows}");
    std::fs::write(small.path("ports.csv"), ports).unwrap();
    let reads = "layer = \"ports\"\nformat = { kind = \"csv\" }\nfields = { namespace = \"=p\", id = \"id\", name = \"name\", latitude = \"lat\", longitude = \"lon\" }";
    small.add_dataset("ports", reads, &["ports.csv"]);
    small.add_place("ostia,Ostia,,0,0,Achaia,none,4,,certain,x:1,,,");
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let run = run_default(&client).await;
    let said: serde_json::Value = client.get(&format!("/runs/{}", run.id)).await.unwrap();
    assert_eq!((&said["quarantined"], &said["quarantine_kept"]), (&json!(7_001), &json!(5_001)));
    let page = format!("/runs/{}/quarantine?limit=1", run.id);
    let page: serde_json::Value = client.get(&page).await.unwrap();
    assert_eq!((&page["left_out"], &page["total"]), (&json!(7_001), &json!(5_001)));
    let assay: serde_json::Value =
        client.get(&format!("/runs/{}/assay?f=json", run.id)).await.unwrap();
    assert_eq!(assay["rows_left_out"], 7_001);
    assert_eq!(assay["quarantine"].as_array().unwrap().len(), 5_001);
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_assay_is_a_page_or_json_as_it_is_asked_for() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let run = run_default(&client).await;
    let get = async |query: &str, accept: &str| {
        let request = client
            .request(reqwest::Method::GET, &format!("/runs/{}/assay{query}", run.id))
            .header("accept", accept);
        let answer = client.send(request).await.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (kind, answer.text().await.unwrap())
    };
    let (kind, page) = get("", "text/html,*/*").await;
    assert_eq!(kind, "text/html; charset=utf-8");
    assert!(page.contains("A small world"));
    for (query, accept) in [("?f=json", "text/html"), ("", "application/json")] {
        let (kind, text) = get(query, accept).await;
        assert_eq!(kind, "application/json");
        assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap().is_object());
    }
    let refused = client.get::<()>(&format!("/runs/{}/assay?f=pdf", run.id)).await;
    assert_eq!(code(refused), (400, "format_unknown".to_owned()));
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_release_is_judged_and_promoted_like_one_of_ours() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, client) =
        start(&mesh, &small, &format!("https://{}/api/v1", store.mesh_address)).await;
    let made = run_default(&client).await;
    let path = mesh
        .folder()
        .join("data")
        .join(names::PIPELINE)
        .join("runs")
        .join(&made.id)
        .join("world.sqlite3");
    let bytes = std::fs::read(path).unwrap();

    let send = async |body: Vec<u8>| {
        let request = client.request(reqwest::Method::POST, "/imports").body(body);
        client.send(request).await
    };
    let run: Run = send(bytes.clone()).await.unwrap().json().await.unwrap();
    let run = ended(&client, &run.id).await;
    assert_eq!(
        (run.kind, run.world.as_str(), run.state),
        (RunKind::Import, "A small world", RunState::Finished)
    );
    assert_eq!((run.promotable, &run.release), (true, &made.release));
    promote(&client, &run.id).await;
    assert_eq!(kept.lock().unwrap().promoted, [made.release.unwrap().id]);

    // What is no release leaves no run behind.
    let runs = client.get::<RunList>("/runs").await.unwrap().runs.len();
    let mut cut = bytes;
    cut.truncate(4096);
    for body in [b"PK\x03\x04 a zip file".to_vec(), Vec::new(), cut] {
        assert_eq!(code(send(body).await), (422, "not_a_release".to_owned()));
    }
    assert_eq!(client.get::<RunList>("/runs").await.unwrap().runs.len(), runs);
    running.drain().await;
    store.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_wrongly_is_refused_with_a_code() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let unknown = client.post::<Run>("/runs", &StartRun::of_world("mars")).await;
    assert_eq!(code(unknown), (404, "world_unknown".to_owned()));
    assert_eq!(code(client.get::<Run>("/runs/run-000404").await), (404, "run_unknown".to_owned()));
    let game = mesh.client(names::GAME, running.mesh_address).unwrap();
    assert_eq!(code(game.get::<RunList>("/runs").await), (403, "not_admitted".to_owned()));
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_is_taken_up_at_the_next_start() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let run: Run = client.post("/runs", &StartRun::of_world("default")).await.unwrap();
    // Whatever the run is at now, the service goes.
    running.drain().await;
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let run = ended(&client, &run.id).await;
    assert_eq!((run.state, run.promotable), (RunState::Finished, true));
    running.drain().await;
}
