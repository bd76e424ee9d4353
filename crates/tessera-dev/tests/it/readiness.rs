//! What `/readyz` says is so.

use crate::scene::{FIRST, Scene, until};
use std::sync::Arc;
use theron_mesh::MeshClient;
use theron_service::{Clock, ManualClock, Running};
use theron_wire::Readiness;

async fn start(scene: &Scene) -> Running {
    let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&scene.clock);
    tessera_dev::start(scene.config(), clock).await.unwrap()
}

/// Waits until it says so.
async fn until_it_says(scene: &Scene, running: &Running, ready: bool, detail: &str) {
    let root = format!("https://{}", running.mesh_address);
    let client = MeshClient::new(&root, &scene.mesh.credentials("otivm-dev").unwrap()).unwrap();
    until(&format!("it says {ready}: {detail}"), async || {
        let answer = client.request(reqwest::Method::GET, "/readyz").send().await.unwrap();
        let Readiness { ready: is_ready, detail: said, .. } = answer.json().await.unwrap();
        (is_ready, said.as_str()) == (ready, detail)
    })
    .await;
}

#[tokio::test]
async fn while_it_catches_up_it_is_not_ready_and_says_how_far_it_is() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let running = start(&scene).await;
    until_it_says(&scene, &running, true, &format!("window {FIRST} is open")).await;
    // A round ends when it has taken the 86th window, at three steps each.
    scene.games[0].holds_from.send_replace(FIRST + 86);
    scene.pass_windows(100);
    let detail = format!("catches up: window {} of {}", FIRST + 85, FIRST + 99);
    until_it_says(&scene, &running, false, &detail).await;
    scene.games[0].holds_from.send_replace(i64::MAX);
    until_it_says(&scene, &running, true, &format!("window {} is open", FIRST + 100)).await;
    running.drain().await;
}

#[tokio::test]
async fn behind_its_own_windows_it_is_not_ready_and_says_that_the_clock_is() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let running = start(&scene).await;
    scene.pass_windows(3);
    until_it_says(&scene, &running, true, &format!("window {} is open", FIRST + 3)).await;
    scene.pass_windows(-2);
    let detail = format!(
        "the clock is behind what was derived: by it window {} is open, and {} is next; \
         set the machine's clock right, or wait until it is there",
        FIRST + 1,
        FIRST + 3
    );
    until_it_says(&scene, &running, false, &detail).await;
    running.drain().await;
}
