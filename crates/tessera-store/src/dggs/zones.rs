//! Which zones of a level have data, found by leaping from one to the next.

use crate::{
    collections::Layer,
    intersect::{about_zones, grown, touches},
    releases::{ReadError, Wanted},
};
use tessera_grid::{BBox, Resolution, Zone, zone_ranges_in};
use tessera_release::Release;

/// Cells below so much coarser a zone, 117,649 of them, are looked through in one step: some tens of milliseconds.
const STEP_COARSER: u8 = 6;

pub(crate) struct ZoneQuery {
    /// Only zones that it speaks of; all without one.
    pub(crate) layer: Option<&'static Layer>,
    /// In which it speaks of them.
    pub(crate) year: i32,
    /// Empty: everywhere.
    pub(crate) boxes: Vec<BBox>,
    pub(crate) parent: Option<Zone>,
    /// No finer than the world; `None` for the finest that fits the limit.
    pub(crate) level: Option<Resolution>,
    pub(crate) limit: usize,
    pub(crate) compact: bool,
    /// The zone of the level that the page before ended with.
    pub(crate) after: Option<Zone>,
}

pub(crate) struct Found {
    pub(crate) zones: Vec<Zone>,
    /// Where the next page goes on, if there is more.
    pub(crate) next: Option<Zone>,
}

/// Zones that have data, of the level or, where a whole one is there, of a coarser; ascending.
pub(crate) fn zones(
    file: &Release,
    query: &ZoneQuery,
    wanted: &Wanted,
) -> Result<Found, ReadError> {
    let level = match query.level {
        Some(level) => level,
        None => finest(file, query),
    };
    let resolution = file.info().resolution;
    let mut zones = Vec::new();
    // One more than asked for tells whether there is a next page.
    for (mut from, last) in spans(file, query, level) {
        if let Some(after) = query.after {
            from = from.max(after.descendant_ends(resolution).1);
        }
        let mut cell = spoken_of(file, query, (file.first_zone(from, last)?, last), wanted)?;
        while zones.len() <= query.limit
            && let Some(zone) = cell.and_then(|cell| cell.ancestor(level))
        {
            wanted.go_on()?;
            let passed = query.after.is_some_and(|after| zone <= after);
            let asked =
                query.boxes.is_empty() || query.boxes.iter().any(|part| touches(zone, *part));
            if asked && !passed {
                zones.push(zone);
            }
            let end = zone.descendant_ends(resolution).1;
            let next = file.first_zone_after(end, last)?;
            cell = spoken_of(file, query, (next, last), wanted)?;
        }
    }
    let more = zones.len() > query.limit;
    zones.truncate(query.limit);
    let next = zones.last().copied().filter(|_| more);
    Ok(Found { zones: if query.compact { compacted(zones) } else { zones }, next })
}

/// The first cell from one on that the layer speaks of, looked for step by step.
fn spoken_of(
    file: &Release,
    query: &ZoneQuery,
    (mut cell, last): (Option<Zone>, Zone),
    wanted: &Wanted,
) -> Result<Option<Zone>, ReadError> {
    let Some(layer) = query.layer else { return Ok(cell) };
    let resolution = file.info().resolution;
    let step = u8::from(resolution).saturating_sub(STEP_COARSER);
    let step = Resolution::try_from(step).unwrap_or(resolution);
    while let Some(at) = cell {
        wanted.go_on()?;
        let end = at.ancestor(step).unwrap_or(at).descendant_ends(resolution).1.min(last);
        let found = layer.first_zone(file, query.year, (at, end))?;
        if found.is_some() {
            return Ok(found);
        }
        cell = file.first_zone_after(end, last)?;
    }
    Ok(None)
}

/// Ranges of cells, whole zones of the level each, that hold everything asked for: ascending and disjoint, because
/// a page ends before what is beyond it.
fn spans(file: &Release, query: &ZoneQuery, level: Resolution) -> Vec<(Zone, Zone)> {
    let resolution = file.info().resolution;
    if let Some(parent) = query.parent {
        return vec![parent.descendant_ends(resolution)];
    }
    let globe = BBox::new(-180.0, -90.0, 180.0, 90.0).into_iter();
    let parts: Vec<BBox> = if query.boxes.is_empty() {
        globe.collect()
    } else {
        query.boxes.iter().flat_map(|part| grown(*part, level)).collect()
    };
    let ranges = parts.into_iter().flat_map(|part| zone_ranges_in(part, level, resolution));
    ascending(ranges.map(|range| (range.first, range.last)).collect())
}

fn ascending(mut spans: Vec<(Zone, Zone)>) -> Vec<(Zone, Zone)> {
    spans.sort_unstable();
    let mut apart: Vec<(Zone, Zone)> = Vec::with_capacity(spans.len());
    for (first, last) in spans {
        match apart.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => apart.push((first, last)),
        }
    }
    apart
}

/// The finest level of which about so many zones are there as are asked for at most.
fn finest(file: &Release, query: &ZoneQuery) -> Resolution {
    let info = file.info();
    let least = query.parent.map_or(0, |parent| parent.resolution().into());
    let zones_of = |level: Resolution| {
        let steps = i32::from(u8::from(info.resolution)) - i32::from(u8::from(level));
        let all = info.zones as f64 / 7f64.powi(steps);
        let inside = match query.parent {
            Some(parent) => {
                7f64.powi(i32::from(u8::from(level)) - i32::from(u8::from(parent.resolution())))
            }
            None if query.boxes.is_empty() => all,
            None => query.boxes.iter().map(|part| about_zones(*part, level)).sum(),
        };
        inside.min(all)
    };
    let levels = (least..=u8::from(info.resolution)).rev();
    let mut levels = levels.filter_map(|raw| Resolution::try_from(raw).ok());
    let fits = levels.find(|level| zones_of(*level) <= query.limit as f64);
    fits.or_else(|| Resolution::try_from(least).ok()).unwrap_or(info.resolution)
}

/// In place of all the children of a zone, the zone.
fn compacted(mut zones: Vec<Zone>) -> Vec<Zone> {
    loop {
        let mut coarser: Vec<Zone> = Vec::with_capacity(zones.len());
        let mut merged = false;
        let mut rest = zones.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            if let Some((parent, children)) = whole_parent(*first, rest) {
                coarser.push(parent);
                rest = rest.get(children..).unwrap_or_default();
                merged = true;
            } else {
                coarser.push(*first);
                rest = tail;
            }
        }
        zones = coarser;
        if !merged {
            zones.sort_unstable();
            return zones;
        }
    }
}

/// The parent of the first zone, where all its children begin the list.
fn whole_parent(first: Zone, rest: &[Zone]) -> Option<(Zone, usize)> {
    let coarser = u8::from(first.resolution()).checked_sub(1)?;
    let parent = first.ancestor(Resolution::try_from(coarser).ok()?)?;
    let mut children = 0;
    for child in parent.descendants(first.resolution()) {
        if rest.get(children) != Some(&child) {
            return None;
        }
        children += 1;
    }
    Some((parent, children))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::Position;

    #[test]
    fn all_the_children_of_a_zone_become_the_zone_level_by_level() {
        let three = Resolution::try_from(3).unwrap();
        let zone = Zone::at(Position::new(41.9, 12.5).unwrap(), three);
        let five: Vec<Zone> = zone.descendants(Resolution::FIVE).collect();
        assert_eq!(five.len(), 49);
        assert_eq!(compacted(five.clone()), [zone]);
        let gap = compacted(five.iter().copied().skip(1).collect());
        assert_eq!(gap.len(), 6 + 6);
        assert!(gap.iter().all(|part| part.ancestor(three) == Some(zone)));
    }
}
