//! Fresh water: rivers run next door, downhill, grow, and end in water; lakes are level and lie on land.

use crate::found::{Count, Found, Heaviest};
use tessera_grid::Zone;
use tessera_stage::staged::Staged;
use tessera_world::{River, SurfaceKind};

/// Lowest heights of neighbouring zones differ by this much in a gorge on a 9 km raster, metres.
const CLIMB_M: i32 = 150;
/// More uphill zones than this, and the rivers run backwards.
const UPHILL_SHARE_MAX: f64 = 0.05;
/// A zone that is given to a greater river makes the lesser one seem to shrink; not by this much.
const SHRINK_SHARE: f64 = 0.5;
/// Smaller rivers end in a marsh or a field without anyone wondering, km².
const ENDS_FROM_KM2: u32 = 5_000;
/// The Amazon drains 6.1 million.
const DRAINED_MAX_KM2: u32 = 7_000_000;
/// A world's largest river drains more than this; less, and the area is a share or in other units.
const DRAINED_LEAST_KM2: u32 = 100;
/// The Amazon's order is 12.
const STRAHLER_MAX: u8 = 12;
/// A lake's zone with shores this much higher than its lowest ground is a fjord at most, metres.
const LAKE_SPAN_M: i32 = 2_000;
/// A zone that is so much lake has no shores to speak of.
const ALL_LAKE_PERMILLE: u16 = 950;
const LAKE_SHORE_M: i32 = 600;

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    links(staged, found);
    loops(staged, found);
    sizes(staged, found);
    ends(staged, found);
    lakes(staged, found);
}

fn name(river: &River) -> &str {
    river.latin.as_deref().or(river.modern.as_deref()).unwrap_or("a river")
}

fn kind(staged: &Staged, index: usize) -> Option<SurfaceKind> {
    staged.surface.get(index).map(|surface| surface.kind)
}

/// From each river zone to the next.
fn links(staged: &Staged, found: &mut Found) {
    let (mut jumps, mut uphill, mut shrinks, mut order) =
        (Count::default(), Heaviest::default(), Heaviest::default(), Heaviest::default());
    let mut links = 0_u64;
    for (index, river) in staged.river.iter() {
        let Some(next) = river.downstream else { continue };
        let zone = staged.zones[index];
        let below = staged.index_of(next);
        jumps.add_if(below.is_none() || zone.neighbours().all(|other| other != next), zone);
        let Some(below) = below else { continue };
        if let (Some(here), Some(there)) = (staged.terrain.get(index), staged.terrain.get(below)) {
            links += 1;
            let climb = there.elevation_min_m - here.elevation_min_m;
            if climb > CLIMB_M {
                uphill.zone(index, zone, f64::from(climb), || {
                    format!("{} climbs {climb} m to {next}", name(river))
                });
            }
        }
        let Some(after) = staged.river.get(below) else { continue };
        if let (Some(here), Some(there)) = (river.upstream_km2, after.upstream_km2)
            && f64::from(there) < SHRINK_SHARE * f64::from(here)
        {
            shrinks.zone(index, zone, f64::from(here - there), || {
                format!("{} drains {here} km2, and {there} km2 further down", name(river))
            });
        }
        if let (Some(here), Some(there)) = (river.strahler, after.strahler)
            && there < here
        {
            order.zone(index, zone, f64::from(here - there), || {
                format!("{} has order {here}, and {there} further down", name(river))
            });
        }
    }
    found.zones(
        "river_downstream",
        jumps,
        "its water goes to a zone that is no neighbour in the world",
    );
    if uphill.count as f64 > UPHILL_SHARE_MAX * links as f64 {
        let message = format!("{} of {links} river zones run uphill", uphill.count);
        found.say("river_uphill_share", message);
    }
    found.heaviest("river_uphill", uphill);
    found.heaviest("river_shrinks", shrinks);
    found.heaviest("river_order_falls", order);
}

fn loops(staged: &Staged, found: &mut Found) {
    // The river zones only, by their number among them. 0: not seen, 1: on the path followed now, 2: known to end.
    let indices: Vec<usize> = staged.river.iter().map(|(index, _)| index).collect();
    let next: Vec<Option<usize>> = staged
        .river
        .iter()
        .map(|(_, river)| {
            let below = staged.index_of(river.downstream?)?;
            indices.binary_search(&below).ok()
        })
        .collect();
    let mut state = vec![0_u8; indices.len()];
    let mut circles = Count::default();
    let mut path = Vec::new();
    for start in 0..indices.len() {
        let mut here = Some(start);
        while let Some(number) = here {
            match state[number] {
                0 => state[number] = 1,
                1 => {
                    circles.add(staged.zones[indices[number]]);
                    break;
                }
                _ => break,
            }
            path.push(number);
            here = next[number];
        }
        for number in path.drain(..) {
            state[number] = 2;
        }
    }
    found.zones("river_loop", circles, "its water comes back to it");
}

fn sizes(staged: &Staged, found: &mut Found) {
    let largest = staged.river.iter().filter_map(|(_, river)| river.upstream_km2).max();
    if let Some(largest) = largest
        && !(DRAINED_LEAST_KM2..=DRAINED_MAX_KM2).contains(&largest)
    {
        found.say(
            "river_size",
            format!("the largest river drains {largest} km2: are these square kilometres?"),
        );
    }
    let (mut orders, mut at_sea) = (Count::default(), Heaviest::default());
    for (index, river) in staged.river.iter() {
        let Some(&zone) = staged.zones.get(index) else { continue };
        orders.add_if(river.strahler.is_some_and(|o| !(1..=STRAHLER_MAX).contains(&o)), zone);
        if kind(staged, index) == Some(SurfaceKind::Sea) {
            let weight = f64::from(river.upstream_km2.unwrap_or(0));
            at_sea.zone(index, zone, weight, || format!("{} runs through open sea", name(river)));
        }
    }
    found.zones("river_order", orders, "its order is none of 1 to 12");
    found.heaviest("river_at_sea", at_sea);
}

/// A large river ends at the sea, in a lake, in another river, or where the world does.
fn ends(staged: &Staged, found: &mut Found) {
    let mut inland = Heaviest::default();
    for (index, river) in staged.river.iter() {
        let size = river.upstream_km2.unwrap_or(0);
        if river.downstream.is_some() || size < ENDS_FROM_KM2 {
            continue;
        }
        let zone = staged.zones[index];
        let ends_well = |near: Zone| match staged.index_of(near) {
            None => true,
            Some(at) => {
                kind(staged, at) != Some(SurfaceKind::Land)
                    || staged.lake.get(at).is_some()
                    || (at != index
                        && staged
                            .river
                            .get(at)
                            .is_some_and(|r| r.upstream_km2 > river.upstream_km2))
            }
        };
        if !zone.disk(1).into_iter().any(ends_well) {
            inland.zone(index, zone, f64::from(size), || {
                format!("{} drains {size} km2 and ends on dry land", name(river))
            });
        }
    }
    found.heaviest("river_ends_inland", inland);
}

fn lakes(staged: &Staged, found: &mut Found) {
    let (mut share, mut at_sea, mut tilted) =
        (Count::default(), Count::default(), Heaviest::default());
    for (index, lake) in staged.lake.iter() {
        let Some(&zone) = staged.zones.get(index) else { continue };
        share.add_if(!(1..=1000).contains(&lake.water_permille), zone);
        at_sea.add_if(kind(staged, index) == Some(SurfaceKind::Sea), zone);
        let Some(terrain) = staged.terrain.get(index) else { continue };
        let span = terrain.elevation_max_m - terrain.elevation_min_m;
        let all_lake = lake.water_permille >= ALL_LAKE_PERMILLE;
        if span > if all_lake { LAKE_SHORE_M } else { LAKE_SPAN_M } {
            tilted.zone(index, zone, f64::from(span), || {
                let name = lake.latin.as_deref().or(lake.modern.as_deref()).unwrap_or("a lake");
                format!(
                    "{name} covers {} in 1000 of ground that spans {span} m",
                    lake.water_permille
                )
            });
        }
    }
    found.zones("lake_share", share, "the lake's share of it is none of 1 to 1000");
    found.zones("lake_at_sea", at_sea, "a lake where the coast's source has open sea");
    found.heaviest("lake_tilted", tilted);
}
