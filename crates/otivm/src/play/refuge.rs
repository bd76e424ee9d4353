//! The nearest harbour to a place that the world has lost.

use crate::world::Scene;
use otivm_rules::{PlaceId, Refuge, State, decide::lost_places, world::Town};
use tessera_grid::Position;

/// One for each place where this life is or has something and that is no more. As far as the ends of its own voyages
/// tell where that was; whoever never sailed from there is counted to where lives begin.
pub(super) fn refuges(state: &State, scene: &Scene) -> Vec<(PlaceId, Option<PlaceId>)> {
    let lost = lost_places(state, &scene.rules);
    lost.into_iter()
        .map(|from| {
            let to = nearest(state, scene, &from).or_else(|| scene.home());
            (from, to)
        })
        .collect()
}

pub(super) fn known(state: &State, scene: &Scene) -> Vec<Refuge> {
    let refuge = |(from, to): (PlaceId, Option<PlaceId>)| Some(Refuge { from, to: to? });
    refuges(state, scene).into_iter().filter_map(refuge).collect()
}

fn nearest(state: &State, scene: &Scene, lost: &PlaceId) -> Option<PlaceId> {
    let [longitude, latitude] = state.charted.get(lost)?.map(|part| f64::from(part) / 1000.0);
    let there = Position::new(latitude, longitude).ok()?;
    let away = |town: &Town| {
        // To the metre, so that no rounding of another machine decides.
        let km = scene.place(&town.id)?.position.distance_km(there);
        Some(((km * 1000.0).round() as i64, town.id.clone()))
    };
    let harbours = scene.rules.towns().filter(|town| town.sea_harbour);
    harbours.filter_map(away).min().map(|(_, id)| id)
}
