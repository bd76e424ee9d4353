//! Step by step, with processes that stop and neighbours that go away.

use crate::{
    scene::{FIRST, PATIENCE, Scene, departure, sold, took},
    store::time,
};
use proptest::prelude::*;
use tessera_dev::{Awaited, Step};
use tessera_store_api::{DerivedWindow, PriceMultiplier, RouteSaturation};

const TONNE: i64 = 1_000_000;

#[tokio::test]
async fn a_closed_window_flows_from_the_node_to_the_store() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let game = &scene.games[0];
    game.plays(FIRST, vec![departure("ostia", "puteoli"), sold("puteoli", "wine", 60 * TONNE)]);
    let mut aggregator = scene.open();
    assert_eq!(scene.work(&mut aggregator).await, [Step::Idle { open: FIRST }]);

    scene.pass_windows(1);
    let expected = [
        took(FIRST, "otivm-dev"),
        Step::Derived { window: FIRST },
        Step::Written { window: FIRST },
        Step::Idle { open: FIRST + 1 },
    ];
    assert_eq!(scene.work(&mut aggregator).await, expected);
    let written = DerivedWindow {
        window: FIRST.try_into().unwrap(),
        nodes: vec!["otivm-dev".to_owned()],
        from: time(FIRST),
        to: time(FIRST + 1),
        prices: vec![PriceMultiplier {
            place: "puteoli".to_owned(),
            good: "wine".to_owned(),
            multiplier_permille: 948,
        }],
        routes: vec![RouteSaturation {
            from: "ostia".to_owned(),
            to: "puteoli".to_owned(),
            saturation_permille: 1020,
        }],
        release: scene.store.release.clone(),
    };
    assert_eq!(scene.all_written().await, [written]);
}

#[tokio::test]
async fn a_flood_of_wine_at_puteoli_lowers_the_next_price_and_it_recovers() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let flood = vec![sold("puteoli", "wine", 60 * TONNE); 5];
    scene.games[0].plays(FIRST + 1, flood);
    let mut aggregator = scene.open();
    scene.pass_windows(80);
    scene.work(&mut aggregator).await;
    let mut wine = Vec::new();
    for window in [0, 1, 2, 8, 20, 79] {
        wine.push(scene.price(FIRST + window, "puteoli", "wine").await);
    }
    assert_eq!(wine, [1000, 766, 787, 880, 965, 1000]);
    assert_eq!(scene.price(FIRST + 1, "ostia", "wine").await, 1000);
    assert_eq!(scene.price(FIRST + 1, "puteoli", "oil").await, 1000);
}

#[tokio::test]
async fn a_window_in_which_nothing_happened_is_written_too() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(2);
    scene.work(&mut aggregator).await;
    let written: Vec<_> = scene
        .all_written()
        .await
        .into_iter()
        .map(|derived| (derived.window.cast_signed(), derived.prices.len(), derived.routes.len()))
        .collect();
    assert_eq!(written, [(FIRST, 0, 0), (FIRST + 1, 0, 0)]);
}

#[tokio::test]
async fn two_nodes_move_the_same_price() {
    let scene = Scene::with(&["otivm-dev", "otivm-gades"]).await;
    for game in &scene.games {
        game.plays(FIRST, vec![sold("puteoli", "wine", 60 * TONNE)]);
    }
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    scene.work(&mut aggregator).await;
    assert_eq!(scene.price(FIRST, "puteoli", "wine").await, 899);
    assert_eq!(scene.written(FIRST).await.unwrap().nodes, ["otivm-dev", "otivm-gades"]);
}

#[tokio::test]
async fn a_silent_node_delays_then_is_left_out_and_comes_back() {
    let mut scene = Scene::with(&["otivm-dev", "otivm-gades"]).await;
    scene.games[1].down().await;
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    let steps = scene.work(&mut aggregator).await;
    assert_eq!(steps[0], took(FIRST, "otivm-dev"));
    let [_, Step::Waiting(Awaited::Node { node, window, .. })] = &steps[..] else {
        panic!("{steps:?}")
    };
    assert_eq!((node.as_str(), *window), ("otivm-gades", FIRST));

    scene.pass_windows(i64::from(PATIENCE));
    let left_out = |window| Step::LeftOut { window, node: "otivm-gades".to_owned() };
    let steps = scene.work(&mut aggregator).await;
    // Patience ran out at the first; the others no longer wait.
    let outs: Vec<_> = steps.iter().filter(|step| matches!(step, Step::LeftOut { .. })).collect();
    assert_eq!(
        outs,
        [&left_out(FIRST), &left_out(FIRST + 1), &left_out(FIRST + 2), &left_out(FIRST + 3)]
    );
    assert_eq!(steps.last(), Some(&Step::Idle { open: FIRST + 4 }));
    assert_eq!(scene.written(FIRST).await.unwrap().nodes, ["otivm-dev"]);

    scene.games[1].up(&scene.mesh).await;
    scene.pass_windows(1);
    scene.work(&mut aggregator).await;
    assert_eq!(scene.written(FIRST + 4).await.unwrap().nodes, ["otivm-dev", "otivm-gades"]);
}

#[tokio::test]
async fn a_node_that_comes_back_in_time_is_not_left_out() {
    let mut scene = Scene::with(&["otivm-dev"]).await;
    scene.games[0].plays(FIRST, vec![sold("puteoli", "wine", 60 * TONNE)]);
    scene.games[0].down().await;
    let mut aggregator = scene.open();
    scene.pass_windows(2);
    assert!(matches!(scene.work(&mut aggregator).await[..], [Step::Waiting(Awaited::Node { .. })]));
    scene.games[0].up(&scene.mesh).await;
    scene.pass_windows(1);
    scene.work(&mut aggregator).await;
    let nodes: Vec<_> =
        scene.all_written().await.into_iter().map(|derived| derived.nodes).collect();
    assert_eq!(nodes, [["otivm-dev"]; 3]);
    assert_eq!(scene.price(FIRST, "puteoli", "wine").await, 948);
}

#[tokio::test]
async fn a_node_younger_than_a_window_is_not_waited_for() {
    let scene = Scene::with(&["otivm-dev"]).await;
    scene.games[0].play.lock().unwrap().oldest = FIRST + 1;
    let mut aggregator = scene.open();
    scene.pass_windows(2);
    let steps = scene.work(&mut aggregator).await;
    assert_eq!(steps[0], Step::LeftOut { window: FIRST, node: "otivm-dev".to_owned() });
    let nodes: Vec<_> =
        scene.all_written().await.into_iter().map(|derived| derived.nodes).collect();
    assert_eq!(nodes, [vec![], vec!["otivm-dev".to_owned()]]);
}

#[tokio::test]
async fn while_the_store_is_away_nothing_is_lost() {
    let mut scene = Scene::with(&["otivm-dev"]).await;
    scene.games[0].plays(FIRST + 1, vec![sold("puteoli", "wine", 60 * TONNE)]);
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    scene.work(&mut aggregator).await;
    scene.store.down().await;
    scene.pass_windows(3);
    let steps = scene.work(&mut aggregator).await;
    assert!(matches!(steps.last(), Some(Step::Waiting(Awaited::Store { .. }))), "{steps:?}");
    scene.store.up(&scene.mesh).await;
    scene.work(&mut aggregator).await;
    assert_eq!(scene.all_written().await.len(), 4);
    assert_eq!(scene.price(FIRST + 1, "puteoli", "wine").await, 948);
}

#[tokio::test]
async fn without_a_promoted_release_it_waits() {
    let scene = Scene::before_promotion(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    assert_eq!(scene.work(&mut aggregator).await, [Step::Waiting(Awaited::Release)]);
    scene.store.promote(&scene.mesh).await;
    scene.work(&mut aggregator).await;
    assert_eq!(scene.all_written().await.len(), 1);
}

#[tokio::test]
async fn a_window_that_the_store_has_with_other_content_stands() {
    let scene = Scene::with(&["otivm-dev"]).await;
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    scene.work(&mut aggregator).await;
    let before = scene.all_written().await;
    // As after the loss of its disk: the same window again, from other contributions.
    let folder = scene.config().service.data_dir;
    drop(aggregator);
    std::fs::remove_file(folder.join("aggregation.sqlite3")).unwrap();
    scene.games[0].plays(FIRST, vec![sold("puteoli", "wine", 60 * TONNE)]);
    scene.clock.advance(jiff::SignedDuration::from_secs(-300));
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    let steps = scene.work(&mut aggregator).await;
    assert!(steps.contains(&Step::Superseded { window: FIRST }), "{steps:?}");
    assert_eq!(scene.all_written().await, before);
}

#[tokio::test]
async fn windows_of_another_length_are_refused_with_the_reason() {
    let mut scene = Scene::with(&[]).await;
    let other = crate::game::Game::start(&scene.mesh, &scene.clock, "otivm-dev", 5_000_000).await;
    scene.games.push(other);
    scene.games[0].play.lock().unwrap().oldest = i64::MAX;
    let mut aggregator = scene.open();
    scene.pass_windows(1);
    let steps = scene.work(&mut aggregator).await;
    let [Step::Waiting(Awaited::Node { reason, .. })] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!(
        reason,
        "it counts windows of 5000000 microseconds, this service those of 300000000: give both the same rate"
    );
}

/// What happens to the process around one step.
#[derive(Clone, Copy, Debug)]
enum Fate {
    GoesOn,
    /// It stops when the step is on its disk.
    StopsAfter,
    /// It stops when the neighbours have seen the step and its own disk has not.
    StopsBeforeTheDisk,
}

const WINDOWS: i64 = 3;

async fn played() -> Scene {
    let scene = Scene::with(&["otivm-dev", "otivm-gades"]).await;
    scene.games[0].plays(FIRST, vec![sold("puteoli", "wine", 40 * TONNE)]);
    scene.games[1]
        .plays(FIRST + 1, vec![sold("ostia", "oil", 60 * TONNE), departure("puteoli", "ostia")]);
    scene
}

/// Works through three windows under a list of fates; what the store has in the end.
async fn work_under(fates: &[Fate]) -> Vec<DerivedWindow> {
    let scene = played().await;
    let path = scene.config().service.data_dir.join("aggregation.sqlite3");
    let saved = path.with_extension("saved");
    let mut process = Some(scene.open());
    scene.pass_windows(WINDOWS);
    let mut fates = fates.iter().copied();
    loop {
        let fate = fates.next().unwrap_or(Fate::GoesOn);
        if matches!(fate, Fate::StopsBeforeTheDisk) {
            // Closed, the database is one file.
            drop(process.take());
            std::fs::copy(&path, &saved).unwrap();
        }
        let aggregator = process.get_or_insert_with(|| scene.open());
        let step = aggregator.step(theron_service::Clock::now(&*scene.clock)).await.unwrap();
        if matches!(step, Step::Idle { .. }) {
            assert_eq!(step, Step::Idle { open: FIRST + WINDOWS });
            return scene.all_written().await;
        }
        assert!(!matches!(step, Step::Superseded { .. } | Step::Waiting(_)), "{step:?}");
        if !matches!(fate, Fate::GoesOn) {
            drop(process.take());
        }
        if matches!(fate, Fate::StopsBeforeTheDisk) {
            std::fs::copy(&saved, &path).unwrap();
        }
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 32, ..ProptestConfig::default() })]
    #[test]
    fn wherever_it_is_stopped_each_window_is_derived_once_and_written_once(
        fates in prop::collection::vec(
            prop_oneof![Just(Fate::GoesOn), Just(Fate::StopsAfter), Just(Fate::StopsBeforeTheDisk)], 0..24,
        ),
    ) {
        let undisturbed = block_on(work_under(&[]));
        prop_assert_eq!(undisturbed.len(), WINDOWS as usize);
        prop_assert_eq!(block_on(work_under(&fates)), undisturbed);
    }
}
