//! The towns of the current release, as 1102 has them. Looked up now and then, and kept in between.

use crate::derive::{Town, Towns};
use tessera_store_api::{StoreClient, StoreError};
use tessera_world::ReleaseId;

/// A new release reaches the markets this late at most.
const FRESH_US: i64 = 60_000_000;

#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) release: ReleaseId,
    pub(crate) towns: Towns,
}

#[derive(Default)]
pub(crate) struct PlacesCache {
    held: Option<Places>,
    looked_at: Option<i64>,
}

impl PlacesCache {
    /// Places of the current release; of the last one known while 1102 is away. `None` where no
    /// release was promoted yet.
    pub(crate) async fn get(
        &mut self,
        store: &StoreClient,
        now_us: i64,
    ) -> Result<Option<&Places>, StoreError> {
        let is_fresh =
            self.looked_at.is_some_and(|at| (0..FRESH_US).contains(&now_us.saturating_sub(at)));
        if !(is_fresh && self.held.is_some()) {
            match self.look(store).await {
                Ok(()) => self.looked_at = Some(now_us),
                Err(error) if self.held.is_none() => return Err(error),
                Err(error) => tracing::warn!(%error, "the places of the last release stay in use"),
            }
        }
        Ok(self.held.as_ref())
    }

    async fn look(&mut self, store: &StoreClient) -> Result<(), StoreError> {
        let Some(release) = store.current_release().await? else { return Ok(()) };
        if self.held.as_ref().is_some_and(|held| held.release == release.id) {
            return Ok(());
        }
        let towns: Towns = store
            .places(&release.id)
            .await?
            .into_iter()
            .map(|place| (place.id, Town { rank: place.rank, population: place.population }))
            .collect();
        tracing::info!(release = %release.id, places = towns.len(), "places read");
        self.held = Some(Places { release: release.id, towns });
        Ok(())
    }
}
