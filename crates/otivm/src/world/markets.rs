//! The markets of a release: worked out once, then kept beside it.

use super::files::Files;
use crate::json_file::{read_json, write_json};
use otivm_rules::{
    market::{self, BuildError, Transport},
    world::Town,
};
use otivm_travel::{Chart, NoRoute};
use serde::{Deserialize, Serialize};
use std::{io, num::NonZeroUsize, sync::Arc, thread, time::Instant};
use tessera_world::{Cell, Place, ReleaseId};

#[derive(Debug, thiserror::Error)]
pub(crate) enum MarketsError {
    #[error("a place of the release lies off its chart")]
    Route(#[from] NoRoute),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("writing the markets to the cache")]
    Io(#[from] io::Error),
}

/// As it lies in the cache.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Of the rules that worked them out.
    edition: u32,
    towns: Vec<Town>,
}

/// From the cache, where the same rules worked them out.
pub(super) fn kept(files: &Files, id: &ReleaseId) -> Option<Vec<Town>> {
    let path = files.markets(id);
    match read_json::<Kept>(&path) {
        Ok(kept) => kept.filter(|kept| kept.edition == market::EDITION).map(|kept| kept.towns),
        Err(error) => {
            let path = path.display();
            tracing::warn!(%path, %error, "kept markets cannot be read and are worked out anew");
            None
        }
    }
}

/// Works them out and keeps them. Blocks for seconds.
pub(super) fn work_out(
    files: &Files,
    id: &ReleaseId,
    places: &[Place],
    cells: &[Cell],
    chart: &Arc<Chart>,
) -> Result<Vec<Town>, MarketsError> {
    let started = Instant::now();
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let transport = Transport::over(chart, places, threads)?;
    let towns = market::towns(places, cells, &transport, threads)?;
    let kept = Kept { edition: market::EDITION, towns };
    write_json(&files.markets(id), &kept)?;
    let millis = started.elapsed().as_millis() as u64;
    tracing::info!(release = %id, towns = kept.towns.len(), millis, "markets were worked out");
    Ok(kept.towns)
}
