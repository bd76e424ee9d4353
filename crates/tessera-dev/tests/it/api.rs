//! The running service: its rounds by itself, and what the mesh may read of them.

use crate::scene::{FIRST, PATIENCE, Scene, departure, sold, until};
use std::sync::Arc;
use tessera_dev_api::{
    NodeList, NodeState, NodeStatus, PriceMoved, RejectedRow, RouteMoved, Share, ShareOutcome,
    WindowDetail, WindowList, WindowState,
};
use theron_mesh::{CallError, MeshClient, names};
use theron_service::{Clock, Running};
use theron_wire::Readiness;

async fn start(scene: &Scene) -> (Running, MeshClient) {
    let clock: Arc<dyn Clock> = Arc::<theron_service::ManualClock>::clone(&scene.clock);
    let running = tessera_dev::start(scene.config(), clock).await.unwrap();
    let operator = scene.mesh.client(names::OPERATOR, running.mesh_address).unwrap();
    (running, operator)
}

async fn readiness(scene: &Scene, running: &Running) -> Readiness {
    let root = format!("https://{}", running.mesh_address);
    let client = MeshClient::new(&root, &scene.mesh.credentials("otivm-dev").unwrap()).unwrap();
    client.request(reqwest::Method::GET, "/readyz").send().await.unwrap().json().await.unwrap()
}

fn code(error: &CallError) -> (u16, String) {
    let problem = error.problem().unwrap();
    (problem.status, problem.code.clone())
}

#[tokio::test]
async fn it_runs_by_itself_and_tells_how_a_window_came_to_be() {
    let scene = Scene::with(&["otivm-dev"]).await;
    scene.games[0].plays(
        FIRST,
        vec![
            departure("ostia", "puteoli"),
            departure("ostia", "atlantis"),
            sold("puteoli", "wine", 60_000_000),
        ],
    );
    let (running, operator) = start(&scene).await;
    scene.pass_windows(2);
    until("both windows are written", async || scene.all_written().await.len() == 2).await;
    until("it rests", async || readiness(&scene, &running).await.ready).await;

    let list: WindowList = operator.get("/windows?limit=1").await.unwrap();
    assert_eq!((list.windows[0].window, list.next), (FIRST + 1, Some(FIRST + 1)));
    let list: WindowList = operator.get(&format!("/windows?before={}", FIRST + 1)).await.unwrap();
    let detail: WindowDetail = operator.get(&format!("/windows/{FIRST}")).await.unwrap();
    assert_eq!((list.windows, list.next), (vec![detail.window.clone()], None));

    assert_eq!(detail.window.state, WindowState::Written);
    let sha256 = detail.window.nodes[0].sha256.clone();
    assert_eq!(sha256.as_ref().map(String::len), Some(64));
    let share = Share {
        node: "otivm-dev".to_owned(),
        outcome: ShareOutcome::Counted,
        contributions: 3,
        rejected: 1,
        sha256,
        reason: None,
    };
    assert_eq!(detail.window.nodes, [share]);
    let price = PriceMoved {
        place: "puteoli".to_owned(),
        good: "wine".to_owned(),
        multiplier_permille: 948,
    };
    let route = RouteMoved {
        from: "ostia".to_owned(),
        to: "puteoli".to_owned(),
        saturation_permille: 1020,
    };
    assert_eq!((detail.prices, detail.routes), (vec![price], vec![route]));
    let rejected = RejectedRow {
        node: "otivm-dev".to_owned(),
        rule: "unknown_place".to_owned(),
        what: r#"Departure { from: "ostia", to: "atlantis" }"#.to_owned(),
    };
    assert_eq!(detail.rejected_rows, [rejected]);
    running.drain().await;
}

#[tokio::test]
async fn readiness_and_nodes_name_who_is_waited_for() {
    let mut scene = Scene::with(&["otivm-dev"]).await;
    let base_url = format!("https://{}/api/v1", scene.games[0].address);
    scene.games[0].down().await;
    let (running, operator) = start(&scene).await;
    scene.pass_windows(1);
    until("it waits", async || !readiness(&scene, &running).await.ready).await;
    let start_of = format!(
        "waits for otivm-dev at window {FIRST}: {base_url}/windows/{FIRST} does not answer"
    );
    until("it says for whom", async || {
        readiness(&scene, &running).await.detail.starts_with(&start_of)
    })
    .await;
    let nodes: NodeList = operator.get("/nodes").await.unwrap();
    let problem = nodes.nodes[0].problem.clone();
    assert!(problem.as_ref().unwrap().contains("does not answer"), "{problem:?}");
    let expected = NodeStatus {
        name: "otivm-dev".to_owned(),
        base_url,
        state: NodeState::Awaited,
        last_window: None,
        problem,
    };
    let (window_us, patience_windows) = (300_000_000, PATIENCE);
    let list = NodeList { window_us, next_window: FIRST, patience_windows, nodes: vec![expected] };
    assert_eq!(nodes, list);

    scene.pass_windows(i64::from(PATIENCE));
    until("it goes on without", async || scene.all_written().await.len() == 4).await;
    let nodes: NodeList = operator.get("/nodes").await.unwrap();
    assert_eq!(nodes.nodes[0].state, NodeState::LeftOut);
    scene.games[0].up(&scene.mesh).await;
    scene.pass_windows(1);
    until("it is back", async || {
        let nodes: NodeList = operator.get("/nodes").await.unwrap();
        (nodes.nodes[0].state, nodes.nodes[0].last_window) == (NodeState::Answers, Some(FIRST + 4))
    })
    .await;

    scene.store.down().await;
    scene.pass_windows(1);
    until("it waits for the store", async || {
        readiness(&scene, &running).await.detail.starts_with("waits for tessera-store: https://")
    })
    .await;
    running.drain().await;
}

#[tokio::test]
async fn a_node_is_asked_within_a_trace_once_and_a_restart_goes_on_where_it_was() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let (running, _operator) = start(&scene).await;
    scene.pass_windows(1);
    until("the first is written", async || scene.all_written().await.len() == 1).await;
    running.drain().await;
    let trace = scene.games[0].play.lock().unwrap().trace.clone();
    assert_eq!(trace.len(), 32);
    scene.pass_windows(4);
    let (running, _operator) = start(&scene).await;
    until("the rest is written", async || scene.all_written().await.len() == 5).await;
    running.drain().await;
    assert_eq!(scene.games[0].play.lock().unwrap().given, 5);
}

#[tokio::test]
async fn readers_are_the_operator_and_the_games_and_refusals_say_what_to_do() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let (running, operator) = start(&scene).await;
    let client = |name| scene.mesh.client(name, running.mesh_address).unwrap();
    assert!(client("otivm-dev").get::<NodeList>("/nodes").await.is_ok());
    let pipeline = client(names::PIPELINE);
    let refusals = [
        (pipeline.get::<NodeList>("/nodes").await.unwrap_err(), 403, "not_admitted"),
        (pipeline.get::<WindowList>("/windows").await.unwrap_err(), 403, "not_admitted"),
        (operator.get::<WindowDetail>("/windows/1").await.unwrap_err(), 404, "window_unknown"),
        (operator.get::<WindowDetail>("/windows/x").await.unwrap_err(), 400, "path_not_understood"),
        (operator.get::<WindowList>("/windows?limit=0").await.unwrap_err(), 400, "limit_not_valid"),
        (
            operator.get::<WindowList>("/windows?x=1").await.unwrap_err(),
            400,
            "query_not_understood",
        ),
    ];
    for (error, status, expected) in &refusals {
        assert_eq!(code(error), (*status, (*expected).to_owned()));
    }
    running.drain().await;
}

#[test]
fn the_openapi_document_is_the_one_checked_in() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/tessera-dev.json");
    let served = theron_service::pretty_openapi(&tessera_dev::openapi());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &served).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(checked_in, served, "run this test with UPDATE_OPENAPI=1 and commit the file");
}
