//! Following 1102: which release is current, and what was derived last. Its absence is only noted.

use super::loaded::playable;
use crate::app::App;
use std::{sync::Arc, time::Duration};
use tessera_store_api::{Derived, StoreClient, StoreError};
use tessera_world::ReleaseId;

/// How soon a promoted release is noticed.
const RELEASE_POLL: Duration = Duration::from_secs(5);
/// How soon derived prices are noticed; windows are 5 s and longer.
const DERIVED_POLL: Duration = Duration::from_secs(1);
/// A store that is away is asked less and less often, but at least this often.
const BACKOFF_MOST: Duration = Duration::from_secs(15);

/// Waits between calls: doubled with every failure, short again after a success.
struct Pace {
    usual: Duration,
    failures: u32,
}

impl Pace {
    const fn new(usual: Duration) -> Self {
        Self { usual, failures: 0 }
    }

    async fn wait(&mut self, succeeded: bool) {
        self.failures = if succeeded { 0 } else { self.failures.saturating_add(1) };
        let factor = 2_u32.saturating_pow(self.failures.min(8));
        tokio::time::sleep(self.usual.saturating_mul(factor).min(BACKOFF_MOST.max(self.usual)))
            .await;
    }

    /// Whether this failure is worth a line: the first of a row is.
    const fn is_news(&self) -> bool {
        self.failures == 0
    }
}

#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the release that was fetched cannot be used")]
    Load(#[from] super::LoadError),
    #[error("writing to the cache")]
    Io(#[from] std::io::Error),
    #[error("the work was given up")]
    GivenUp(#[from] tokio::task::JoinError),
}

impl FollowError {
    /// For whoever asks how this server is.
    const fn remark(&self) -> &'static str {
        match self {
            Self::Store(_) => "1102 has not answered",
            Self::Load(_) => "what 1102 has promoted cannot be played; the log says why",
            Self::Io(_) | Self::GivenUp(_) => {
                "what 1102 has promoted could not be kept; the log says why"
            }
        }
    }
}

/// For ever: the current release is in play, or on its way.
pub(crate) async fn follow_releases(app: Arc<App>, store: StoreClient) {
    // A panic in there was logged by the runtime; the store's release then comes by network.
    let keeper = Arc::clone(&app);
    drop(tokio::task::spawn_blocking(move || keeper.world.open_cached()).await);
    app.tell_readiness(None);
    if let Some(scene) = app.world.scene() {
        // It holds the scene alone: a server that stops meanwhile lets go of its house.
        drop(tokio::task::spawn_blocking(move || scene.release.draw_chart()).await);
    }
    let mut pace = Pace::new(RELEASE_POLL);
    loop {
        let outcome = follow_release(&app, &store).await;
        let succeeded = outcome.is_ok();
        match outcome {
            Ok(true) => app.tell_readiness(None),
            Ok(false) => app.tell_readiness(Some("1102 has promoted no release yet")),
            Err(error) => {
                if pace.is_news() {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, "1102 cannot be followed; play goes on from the cache");
                }
                app.tell_readiness(Some(error.remark()));
            }
        }
        pace.wait(succeeded).await;
    }
}

/// `false` while the store has nothing promoted.
async fn follow_release(app: &Arc<App>, store: &StoreClient) -> Result<bool, FollowError> {
    let Some(current) = store.current_release().await? else { return Ok(false) };
    let id: ReleaseId = current.id;
    let in_play = app.world.scene().is_some_and(|scene| scene.release.id == id);
    if !in_play {
        playable(current.resolution)?;
        let path = app.world.files().release(&id);
        if !path.exists() {
            tracing::info!(release = %id, bytes = current.bytes, "fetching a release");
            store.download_release(&id, &path).await?;
        }
        let (opener, wanted) = (Arc::clone(app), id.clone());
        tokio::task::spawn_blocking(move || opener.world.open_fetched(&wanted)).await??;
    }
    let (noter, now) = (Arc::clone(app), app.clock.now());
    tokio::task::spawn_blocking(move || noter.world.confirm(&id, now)).await??;
    Ok(true)
}

/// For ever: prices follow the newest derived window.
pub(crate) async fn follow_derived(app: Arc<App>, store: StoreClient) {
    let mut pace = Pace::new(DERIVED_POLL);
    let mut etag: Option<String> = None;
    loop {
        let outcome = follow_window(&app, &store, &mut etag).await;
        if let Err(error) = &outcome
            && pace.is_news()
        {
            let error: &dyn std::error::Error = error;
            tracing::warn!(error, "derived prices cannot be followed; the last known stay");
        }
        pace.wait(outcome.is_ok()).await;
    }
}

async fn follow_window(
    app: &Arc<App>,
    store: &StoreClient,
    etag: &mut Option<String>,
) -> Result<(), FollowError> {
    let Derived::Modified { etag: new_etag, window } =
        store.get_derived_current(etag.as_deref()).await?
    else {
        return Ok(());
    };
    if !app.world.has_derived(window.window) {
        tracing::info!(
            window = window.window,
            prices = window.prices.len(),
            "prices follow a new window"
        );
        let keeper = Arc::clone(app);
        tokio::task::spawn_blocking(move || keeper.world.set_derived(*window)).await??;
    }
    *etag = Some(new_etag);
    Ok(())
}
