//! Places against the rest of the world.

use crate::found::{Found, Spot};
use tessera_grid::Zone;
use tessera_stage::staged::Staged;
use tessera_world::{Harbour, Place, SurfaceKind};

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    if staged.places.is_empty() {
        found.say("place_none", "the world has no place".to_owned());
    }
    let mut links = Vec::new();
    let mut wet = Vec::new();
    for place in &staged.places {
        if let Some(fault) = fault_of_links(staged, place) {
            links.push(Spot::position(Some(place.position), 1.0, format!("{} {fault}", place.id)));
        }
        let all_sea = kind(staged, place.zone) == Some(SurfaceKind::Sea);
        if all_sea && place.harbour != Harbour::Sea {
            let message = format!("{} lies in a zone that is all sea", place.id);
            wet.push(Spot::position(Some(place.position), 1.0, message));
        }
    }
    found.spots("place_link", links);
    found.spots("place_in_sea", wet);
}

fn kind(staged: &Staged, zone: Zone) -> Option<SurfaceKind> {
    staged.index_of(zone).and_then(|index| staged.surface.get(index)).map(|surface| surface.kind)
}

fn fault_of_links(staged: &Staged, place: &Place) -> Option<&'static str> {
    if place.zone != Zone::at(place.position, staged.resolution) {
        return Some("is not in its zone");
    }
    match (place.harbour, place.water_zone) {
        (Harbour::Sea, None) => Some("is a sea harbour without water"),
        (Harbour::River | Harbour::None, Some(_)) => Some("has ships' water and no sea harbour"),
        (_, Some(water)) if matches!(kind(staged, water), None | Some(SurfaceKind::Land)) => {
            Some("has its ships in a zone without sea")
        }
        _ => None,
    }
}
