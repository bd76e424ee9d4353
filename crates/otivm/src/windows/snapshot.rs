//! What everyone did in one window, with nothing in it that tells them apart.
//!
//! Each player's share is bounded and rounded by the rules; all shares are then sorted by content, so
//! that neither order nor time says whose they are. Journals, sessions and tokens never come near.

use crate::{
    players::{Busy, Desk, DeskError, House},
    world::Scene,
};
use otivm_api::Snapshot;
use otivm_rules::{
    At, Fact, World,
    contribution::{Contribution, contributions},
    time::{Window, WorldClock},
};
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub(crate) enum SnapshotError {
    #[error("a player's database could not be read; the window is tried again")]
    Desk(#[from] DeskError),
    #[error("the work was given up")]
    GivenUp(#[from] Busy),
    #[error("the snapshot cannot be written down")]
    Json(#[from] serde_json::Error),
}

pub(super) async fn take(
    house: &House,
    scene: Option<Arc<Scene>>,
    clock: WorldClock,
    window: Window,
) -> Result<Vec<u8>, SnapshotError> {
    let to = clock.window_end(window);
    let from = clock.window_end(Window(window.0 - 1));
    let mut all = Vec::new();
    for seat in house.taken() {
        let scene = scene.clone();
        let share = move |desk: &mut Desk| share_of(desk, scene.as_deref(), from, to);
        let share = seat.at_desk_patiently(share).await?;
        match share {
            Ok(share) => all.extend(share.into_iter().map(on_the_wire)),
            // One broken life must not stop everyone's prices; it is named, and has no share.
            Err(error @ DeskError::Broken { .. }) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "a life is left out of a window");
            }
            Err(error) => return Err(error.into()),
        }
    }
    all.sort_unstable();
    let snapshot = Snapshot { window: window.0, from: from.0, to: to.0, contributions: all };
    Ok(serde_json::to_vec(&snapshot)?)
}

fn share_of(
    desk: &mut Desk,
    scene: Option<&Scene>,
    from: At,
    to: At,
) -> Result<Vec<Contribution>, DeskError> {
    let actions = desk.db().actions(from, to)?;
    if actions.is_empty() {
        return Ok(Vec::new());
    }
    let state = desk.life()?.state();
    // Nobody can prove where its riches come from: it plays by everyone's prices and moves none (decision 30).
    if state.imports > 0 {
        return Ok(Vec::new());
    }
    // The life was folded, so every moment in it is understood.
    let facts: Vec<Fact> = actions.iter().filter_map(|moment| moment.fact().ok()).collect();
    let nowhere = World::default();
    let world = scene.map_or(&nowhere, |scene| &scene.rules);
    Ok(contributions(&facts, &state.parameters, world))
}

fn on_the_wire(contribution: Contribution) -> otivm_api::Contribution {
    match contribution {
        Contribution::Trade { place, good, net_grams, depth_grams } => {
            let (place, good) = (place.into(), good.as_str().to_owned());
            otivm_api::Contribution::Trade { place, good, net_grams, depth_grams }
        }
        Contribution::Departure { from, to } => {
            otivm_api::Contribution::Departure { from: from.into(), to: to.into() }
        }
    }
}
