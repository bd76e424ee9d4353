//! Where the water goes once the rivers lie on zones: never in a circle, and larger by every confluence.

use super::river::Ground;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use tessera_grid::Zone;
use tessera_world::River;

/// Follows the water from every zone; where it comes back, the lowest zone of the circle keeps it.
pub(super) fn cut_loops(ground: Ground<'_>, facts: &mut BTreeMap<usize, River>) -> Vec<Zone> {
    let mut done: HashSet<usize> = HashSet::new();
    let mut cut = Vec::new();
    let starts: Vec<usize> = facts.keys().copied().collect();
    for start in starts {
        let mut path = Vec::new();
        let mut on_path = HashMap::new();
        let mut here = Some(start);
        while let Some(index) = here.filter(|index| !done.contains(index)) {
            let Some(river) = facts.get(&index) else { break };
            if let Some(&from) = on_path.get(&index) {
                let low = |&index: &usize| {
                    ground.terrain.get(index).map_or(0, |terrain| terrain.elevation_min_m)
                };
                let circle: &[usize] = &path[from..];
                if let Some(&lowest) = circle.iter().min_by_key(|index| (low(index), **index))
                    && let Some(river) = facts.get_mut(&lowest)
                {
                    river.downstream = None;
                    cut.push(ground.zones[lowest]);
                }
                break;
            }
            on_path.insert(index, path.len());
            path.push(index);
            here = below(ground, river);
        }
        done.extend(path);
    }
    cut
}

/// Where the water of a zone goes, as an index.
fn below(ground: Ground<'_>, river: &River) -> Option<usize> {
    river.downstream.and_then(|zone| ground.zones.binary_search(&zone).ok())
}

/// Strahler's order, from the springs down: a zone that takes in two of the highest order that comes to it
/// has the next. The water must not run in circles any more.
/// Where `known` has an order for a zone it holds, unless more has come down to it.
pub(super) fn order(
    ground: Ground<'_>,
    facts: &mut BTreeMap<usize, River>,
    known: impl Fn(usize, &River) -> Option<u8>,
) {
    let mut waiting: HashMap<usize, u32> = HashMap::new();
    for river in facts.values() {
        if let Some(next) = below(ground, river) {
            *waiting.entry(next).or_default() += 1;
        }
    }
    let mut ready: Vec<usize> =
        facts.keys().copied().filter(|index| !waiting.contains_key(index)).collect();
    // The highest order that came to a zone, and how many brought it.
    let mut arrived: HashMap<usize, (u8, u32)> = HashMap::new();
    while let Some(index) = ready.pop() {
        let Some(river) = facts.get_mut(&index) else { continue };
        let counted = match arrived.get(&index) {
            None => 1,
            Some(&(highest, 1)) => highest,
            Some(&(highest, _)) => highest.saturating_add(1),
        };
        let above = arrived.get(&index).map_or(1, |&(highest, _)| highest);
        let strahler = known(index, river).map_or(counted, |order| order.max(above));
        river.strahler = Some(strahler);
        let Some(next) = below(ground, river) else { continue };
        let highest = arrived.entry(next).or_insert((0, 0));
        match strahler.cmp(&highest.0) {
            Ordering::Greater => *highest = (strahler, 1),
            Ordering::Equal => highest.1 += 1,
            Ordering::Less => {}
        }
        if let Some(count) = waiting.get_mut(&next) {
            *count -= 1;
            if *count == 0 {
                ready.push(next);
            }
        }
    }
}
