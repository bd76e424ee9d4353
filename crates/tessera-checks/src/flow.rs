//! Rivers: water goes next door, downhill, and never in a circle.

use super::{Found, Spot};
use tessera_grid::Zone;
use tessera_stage::staged::Staged;

/// Lowest heights of neighbouring zones differ by this much in a gorge on a 9 km raster, metres.
const CLIMB_M: i32 = 150;
/// More uphill zones than this, and the rivers run backwards.
const UPHILL_SHARE_MAX: f64 = 0.05;

pub(super) fn check(staged: &Staged, found: &mut Found) {
    downstream(staged, found);
    loops(staged, found);
    uphill(staged, found);
}

fn downstream(staged: &Staged, found: &mut Found) {
    let jumps: Vec<Zone> = staged
        .zones
        .iter()
        .zip(&staged.river)
        .filter(|(zone, river)| {
            river.as_ref().and_then(|river| river.downstream).is_some_and(|next| {
                staged.index_of(next).is_none()
                    || zone.neighbours().all(|neighbour| neighbour != next)
            })
        })
        .map(|(&zone, _)| zone)
        .collect();
    found.zones(
        "river_downstream",
        &jumps,
        "its water goes to a zone that is no neighbour in the world",
    );
}

fn loops(staged: &Staged, found: &mut Found) {
    // 0: not seen, 1: on the path that is followed now, 2: known to end.
    let mut state = vec![0_u8; staged.zones.len()];
    let mut circles = Vec::new();
    for start in 0..staged.zones.len() {
        let mut path = Vec::new();
        let mut here = Some(start);
        while let Some(index) = here {
            match state[index] {
                0 => state[index] = 1,
                1 => {
                    circles.push(staged.zones[index]);
                    break;
                }
                _ => break,
            }
            path.push(index);
            here = staged.river[index]
                .as_ref()
                .and_then(|river| river.downstream)
                .and_then(|zone| staged.index_of(zone));
        }
        for index in path {
            state[index] = 2;
        }
    }
    found.zones("river_loop", &circles, "its water comes back to it");
}

fn uphill(staged: &Staged, found: &mut Found) {
    let mut spots = Vec::new();
    let mut links = 0_usize;
    for (index, river) in staged.river.iter().enumerate() {
        let Some(next) = river.as_ref().and_then(|river| river.downstream) else { continue };
        let Some(below) = staged.index_of(next) else { continue };
        let (Some(here), Some(there)) = (staged.terrain[index], staged.terrain[below]) else {
            continue;
        };
        links += 1;
        let climb = there.elevation_min_m - here.elevation_min_m;
        if climb > CLIMB_M {
            let name =
                river.as_ref().and_then(|river| river.modern.as_deref()).unwrap_or("a river");
            let message = format!("{name} climbs {climb} m to {next}");
            spots.push(Spot::zone(staged.zones[index], f64::from(climb), message));
        }
    }
    if spots.len() as f64 > UPHILL_SHARE_MAX * links as f64 {
        found.say(
            "river_uphill_share",
            format!("{} of {links} river zones run uphill", spots.len()),
        );
    }
    found.spots("river_uphill", spots);
}
