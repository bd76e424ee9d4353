//! Who is waited for, how long, and by whose clock.

use crate::{
    game::Game,
    scene::{FIRST, PATIENCE, Scene, WINDOW_SECONDS, WINDOW_US, took},
};
use jiff::SignedDuration;
use std::sync::Arc;
use tessera_dev::{Aggregator, Awaited, Step};

/// Longer than the scene's pause between two questions in vain.
const RETRY: SignedDuration = SignedDuration::from_secs(1);

/// The node and the window that are waited for in the end.
async fn waits_for(scene: &Scene, aggregator: &mut Aggregator) -> (String, i64) {
    let steps = scene.work(aggregator).await;
    match &steps[..] {
        [.., Step::Waiting(Awaited::Node { node, window, .. })] => (node.clone(), *window),
        other => panic!("{other:?}"),
    }
}

async fn nodes_of_all_windows(scene: &Scene) -> Vec<Vec<String>> {
    scene.all_written().await.into_iter().map(|derived| derived.nodes).collect()
}

fn node_of(window: i64) -> (String, i64) {
    ("otivm-dev".to_owned(), window)
}

#[tokio::test]
async fn after_a_long_absence_of_the_store_one_missed_question_costs_no_window() {
    let mut scene = Scene::with(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    scene.work(&mut aggregator).await;
    scene.store.down().await;
    let away = i64::from(PATIENCE) + 4;
    scene.pass_windows(away);
    let steps = scene.work(&mut aggregator).await;
    assert!(matches!(steps.last(), Some(Step::Waiting(Awaited::Store { .. }))), "{steps:?}");

    scene.store.up(&scene.mesh).await;
    scene.games[0].down().await;
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST + 2));
    scene.games[0].up(&scene.mesh).await;
    scene.clock.advance(RETRY);
    scene.work(&mut aggregator).await;
    assert_eq!(nodes_of_all_windows(&scene).await, vec![["otivm-dev"]; 1 + away as usize]);
}

#[tokio::test]
async fn patience_begins_at_the_first_question_in_vain_and_anew_after_an_answer() {
    let mut scene = Scene::with(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(20);
    scene.games[0].down().await;
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST));
    scene.pass_windows(i64::from(PATIENCE) - 1);
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST));

    scene.games[0].up(&scene.mesh).await;
    scene.clock.advance(RETRY);
    assert_eq!(aggregator.step(now(&scene)).await.unwrap(), took(FIRST, "otivm-dev"));
    scene.games[0].down().await;
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST + 1));
    scene.pass_windows(i64::from(PATIENCE) - 1);
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST + 1));
    scene.pass_windows(1);
    let left_out = Step::LeftOut { window: FIRST + 1, node: "otivm-dev".to_owned() };
    assert_eq!(aggregator.step(now(&scene)).await.unwrap(), left_out);
}

#[tokio::test]
async fn an_old_failure_leaves_nobody_out() {
    let mut scene = Scene::with(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    scene.games[0].down().await;
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST));
    // The last question before patience runs out, and the time at which it has, lie closer than two questions.
    let patience = SignedDuration::from_secs(i64::from(PATIENCE) * WINDOW_SECONDS);
    scene.clock.advance(patience - SignedDuration::from_millis(5));
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST));
    scene.games[0].up(&scene.mesh).await;
    scene.clock.advance(SignedDuration::from_millis(5));
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST));
    scene.clock.advance(RETRY);
    assert_eq!(aggregator.step(now(&scene)).await.unwrap(), took(FIRST, "otivm-dev"));
}

#[tokio::test]
async fn a_clock_an_hour_ahead_of_a_game_waits_and_loses_no_window() {
    let mut scene = Scene::with(&[]).await;
    let steady = Arc::new(theron_testkit::clock());
    scene.games.push(Game::start(&scene.mesh, &steady, "otivm-dev", WINDOW_US).await);
    let mut aggregator = scene.open();
    let hour = SignedDuration::from_hours(1);
    scene.clock.advance(hour);
    let expected = Awaited::Node {
        node: "otivm-dev".to_owned(),
        window: FIRST,
        reason: format!(
            "by its clock it is still open: https://{}/api/v1/windows/{FIRST} refused: \
             409 (window_open): it is open",
            scene.games[0].address
        ),
    };
    assert_eq!(scene.work(&mut aggregator).await, [Step::Waiting(expected.clone())]);
    scene.pass_windows(i64::from(PATIENCE) + 1);
    assert_eq!(scene.work(&mut aggregator).await, [Step::Waiting(expected)]);
    // What it answered until now was no silence.
    scene.games[0].down().await;
    scene.clock.advance(RETRY);
    assert_eq!(waits_for(&scene, &mut aggregator).await, node_of(FIRST));
    scene.games[0].up(&scene.mesh).await;

    scene.clock.advance(-RETRY - hour);
    scene.pass_windows(-i64::from(PATIENCE) - 1);
    scene.pass_windows(2);
    steady.advance(SignedDuration::from_secs(2 * WINDOW_SECONDS));
    scene.work(&mut aggregator).await;
    assert_eq!(nodes_of_all_windows(&scene).await, [["otivm-dev"]; 2]);
}

#[tokio::test]
async fn a_clock_before_the_next_window_is_waited_for() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(3);
    scene.work(&mut aggregator).await;
    scene.pass_windows(-2);
    let behind = Awaited::Clock { open: FIRST + 1, next: FIRST + 3 };
    assert_eq!(scene.work(&mut aggregator).await, [Step::Waiting(behind)]);
    scene.pass_windows(2);
    assert_eq!(scene.work(&mut aggregator).await, [Step::Idle { open: FIRST + 3 }]);
}

fn now(scene: &Scene) -> jiff::Timestamp {
    theron_service::Clock::now(&*scene.clock)
}
