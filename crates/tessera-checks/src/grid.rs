//! The grid itself: no hole, no zone twice, none outside, and a provenance behind every fact.

use super::{Found, Spot};
use tessera_stage::layers::surface::kind;
use tessera_stage::staged::Staged;
use std::collections::BTreeSet;
use tessera_grid::{Zone, zones_in};
use tessera_world::{ProvenanceId, SurfaceKind};

/// Heights beyond these are not on this planet, metres.
const HEIGHT_RANGE_M: std::ops::RangeInclusive<i32> = -11_100..=8_900;
/// A world of fewer zones may well be all sea.
const ZONES_OF_A_LARGE_WORLD: usize = 10_000;
/// Share of land that a large world has at least, and that it leaves to the sea.
const LAND_SHARE: std::ops::RangeInclusive<f64> = 0.1..=0.9;

pub(super) fn check(staged: &Staged, found: &mut Found) {
    zones(staged, found);
    layers(staged, found);
    provenance(staged, found);
    terrain(staged, found);
    surface(staged, found);
}

fn zones(staged: &Staged, found: &mut Found) {
    let twice: Vec<Zone> =
        staged.zones.windows(2).filter(|pair| pair[0] >= pair[1]).map(|pair| pair[1]).collect();
    found.zones("coverage_duplicate", &twice, "stands twice or out of order");
    let outside: Vec<Zone> = staged
        .zones
        .iter()
        .copied()
        .filter(|zone| {
            !staged.bbox.contains(zone.centre()) || zone.resolution() != staged.resolution
        })
        .collect();
    found.zones(
        "coverage_outside",
        &outside,
        "is not centred in the box, or of another resolution",
    );
    let there: BTreeSet<Zone> = staged.zones.iter().copied().collect();
    let missing: Vec<Zone> = zones_in(staged.bbox, staged.resolution)
        .into_iter()
        .filter(|zone| !there.contains(zone))
        .collect();
    found.zones("coverage_hole", &missing, "is missing from the grid");
}

fn layers(staged: &Staged, found: &mut Found) {
    let without = |says: &dyn Fn(usize) -> bool| -> Vec<Zone> {
        (0..staged.zones.len())
            .filter(|&index| !says(index))
            .map(|index| staged.zones[index])
            .collect()
    };
    let terrain = without(&|index| staged.terrain[index].is_some());
    found.zones("coverage_hole", &terrain, "has no terrain");
    let surface = without(&|index| staged.surface[index].is_some());
    found.zones("coverage_hole", &surface, "has no surface");
    let wind = without(&|index| staged.wind[index].is_some());
    found.zones("coverage_hole", &wind, "has no wind");
    let climate = without(&|index| {
        staged.climate[index].is_some()
            || staged.surface[index].is_none_or(|surface| surface.kind != SurfaceKind::Land)
    });
    found.zones("coverage_hole", &climate, "is land without a climate");
}

fn provenance(staged: &Staged, found: &mut Found) {
    let known: BTreeSet<ProvenanceId> = staged
        .provenances
        .iter()
        .filter(|provenance| {
            !provenance.licence.trim().is_empty()
                && staged.sources.iter().any(|source| source.id == provenance.source)
        })
        .map(|provenance| provenance.id)
        .collect();
    let orphans: Vec<Zone> = (0..staged.zones.len())
        .filter(|&index| {
            let facts = [
                staged.terrain[index].map(|fact| fact.provenance),
                staged.surface[index].map(|fact| fact.provenance),
                staged.river[index].as_ref().map(|fact| fact.provenance),
                staged.climate[index].as_ref().map(|fact| fact.provenance),
                staged.wind[index].map(|fact| fact.provenance),
            ];
            facts.into_iter().flatten().any(|id| !known.contains(&id))
        })
        .map(|index| staged.zones[index])
        .collect();
    found.zones(
        "provenance_missing",
        &orphans,
        "has a fact without a provenance, a source or a licence",
    );
    for place in staged.places.iter().filter(|place| !known.contains(&place.provenance)) {
        found.say(
            "provenance_missing",
            format!("{} has no provenance, source or licence", place.id),
        );
    }
}

fn terrain(staged: &Staged, found: &mut Found) {
    let mut spots = Vec::new();
    for (&zone, terrain) in staged.zones.iter().zip(&staged.terrain) {
        let Some(t) = terrain else { continue };
        let (low, mean, high) = (t.elevation_min_m, t.elevation_mean_m, t.elevation_max_m);
        if !HEIGHT_RANGE_M.contains(&low)
            || !HEIGHT_RANGE_M.contains(&high)
            || low > mean
            || mean > high
        {
            spots.push(Spot::zone(
                zone,
                1.0,
                format!("heights {low}, {mean}, {high} m (lowest, mean, highest)"),
            ));
        }
    }
    found.spots("terrain_range", spots);
    let unknown = staged.elevation.values.iter().filter(|value| value.is_nan()).count();
    if unknown > 0 {
        let at =
            staged.elevation.values.iter().position(|value| value.is_nan()).unwrap_or_default();
        let columns = staged.elevation.columns.max(1);
        let position = staged.elevation.position(at / columns, at % columns);
        let message = format!("{unknown} nodes of the raster have no height");
        found.spots("terrain_unknown", vec![Spot::position(position, 1.0, message)]);
    }
}

fn surface(staged: &Staged, found: &mut Found) {
    let wrong: Vec<Zone> = staged
        .zones
        .iter()
        .zip(&staged.surface)
        .filter(|(_, surface)| {
            surface.is_some_and(|s| s.land_permille > 1000 || s.kind != kind(s.land_permille))
        })
        .map(|(&zone, _)| zone)
        .collect();
    found.zones("surface_kind", &wrong, "its kind does not follow from its share of land");
    let known: Vec<f64> =
        staged.surface.iter().flatten().map(|s| f64::from(s.land_permille) / 1000.0).collect();
    let share = known.iter().sum::<f64>() / known.len().max(1) as f64;
    if known.len() >= ZONES_OF_A_LARGE_WORLD && !LAND_SHARE.contains(&share) {
        found.say("surface_share", format!("{:.1} % of the world is land", 100.0 * share));
    }
}
