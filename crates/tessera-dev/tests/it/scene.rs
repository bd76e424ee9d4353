//! A mesh with a store, game nodes, and an aggregation that is stepped by hand or runs by itself.

use crate::{
    game::Game,
    store::{Store, price},
};
use jiff::SignedDuration;
use otivm_api::Contribution;
use std::{sync::Arc, time::Duration};
use tessera_dev::{Aggregator, Config, GameNode, Step};
use tessera_store_api::DerivedWindow;
use theron_mesh::names;
use theron_service::{Clock, ManualClock, Neighbour, Neighbours};
use theron_testkit::TestMesh;

pub(crate) const WINDOW_SECONDS: i64 = 300;
pub(crate) const WINDOW_US: i64 = WINDOW_SECONDS * 1_000_000;
/// The window that is open when a scene begins.
pub(crate) const FIRST: i64 = theron_testkit::TEST_EPOCH_SECONDS / WINDOW_SECONDS;
pub(crate) const PATIENCE: u32 = 3;

pub(crate) struct Scene {
    pub(crate) mesh: TestMesh,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    pub(crate) games: Vec<Game>,
}

impl Scene {
    pub(crate) async fn with(names: &[&'static str]) -> Self {
        Self::make(names, true).await
    }

    /// The store has a release and serves none yet.
    pub(crate) async fn before_promotion(names: &[&'static str]) -> Self {
        Self::make(names, false).await
    }

    async fn make(names: &[&'static str], is_promoted: bool) -> Self {
        let mesh = TestMesh::new().unwrap();
        let clock = Arc::new(theron_testkit::clock());
        let store = Store::start(&mesh, &clock).await;
        if is_promoted {
            store.promote(&mesh).await;
        }
        let mut games = Vec::new();
        for name in names {
            games.push(Game::start(&mesh, &clock, name, WINDOW_US).await);
        }
        Self { mesh, clock, store, games }
    }

    pub(crate) fn config(&self) -> Config {
        let base_url = |address| format!("https://{address}/api/v1");
        let game =
            |game: &Game| GameNode { name: game.name.to_owned(), base_url: base_url(game.address) };
        Config {
            service: self.mesh.base(names::AGGREGATION).unwrap(),
            neighbours: Neighbours { store: Neighbour { base_url: base_url(self.store.address) } },
            games: self.games.iter().map(game).collect(),
            window_seconds: WINDOW_SECONDS as f64,
            poll_millis: 20,
            patience_windows: PATIENCE,
        }
    }

    /// A process that starts on whatever its database holds.
    pub(crate) fn open(&self) -> Aggregator {
        tessera_dev::open(&self.config(), &*self.clock).unwrap()
    }

    /// What 1102 has of a window.
    pub(crate) async fn written(&self, window: i64) -> Option<DerivedWindow> {
        let reader = self.store.client(&self.mesh, names::GAME);
        reader.derived_window(window.cast_unsigned()).await.unwrap()
    }

    /// What 1102 has, from the first window on, until one is missing.
    pub(crate) async fn all_written(&self) -> Vec<DerivedWindow> {
        let mut all = Vec::new();
        while let Some(derived) = self.written(FIRST + all.len() as i64).await {
            all.push(derived);
        }
        all
    }

    pub(crate) async fn price(&self, window: i64, place: &str, good: &str) -> u32 {
        price(&self.written(window).await.expect("the window was written"), place, good)
    }

    pub(crate) fn pass_windows(&self, windows: i64) {
        self.clock.advance(SignedDuration::from_secs(windows * WINDOW_SECONDS));
    }

    /// Steps until there is nothing more to do for now; all of them.
    pub(crate) async fn work(&self, aggregator: &mut Aggregator) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            let step = aggregator.step(self.clock.now()).await.unwrap();
            let is_pause = matches!(step, Step::Idle { .. } | Step::Waiting(_));
            steps.push(step);
            if is_pause {
                return steps;
            }
        }
    }
}

pub(crate) fn took(window: i64, node: &str) -> Step {
    Step::Took { window, node: node.to_owned() }
}

pub(crate) fn sold(place: &str, good: &str, grams: i64) -> Contribution {
    Contribution::Trade {
        place: place.to_owned(),
        good: good.to_owned(),
        net_grams: -grams,
        depth_grams: 0,
    }
}

pub(crate) fn departure(from: &str, to: &str) -> Contribution {
    Contribution::Departure { from: from.to_owned(), to: to.to_owned() }
}

/// Waits for what a running service does by itself.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _attempt in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("in ten seconds it did not come about that {what}");
}
