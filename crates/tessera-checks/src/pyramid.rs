//! Tiles: a pyramid without a gap.

use crate::finding::{Report, finding};
use std::collections::{BTreeMap, BTreeSet};

/// Zoom, row and column of a tile, rows from the north.
pub type Address = (u8, u32, u32);

/// What is missing from the tiles of a run: a tile above one that is there, or a tileset without any.
pub fn tiles<'a>(
    tilesets: &[&'a str],
    tiles: impl IntoIterator<Item = (&'a str, Address)>,
    report: &mut Report,
) {
    let mut sets: BTreeMap<&str, BTreeSet<Address>> =
        tilesets.iter().map(|name| (*name, BTreeSet::new())).collect();
    for (tileset, address) in tiles {
        sets.entry(tileset).or_default().insert(address);
    }
    for (name, set) in sets {
        let orphans: Vec<Address> = set
            .iter()
            .copied()
            .filter(|&(z, row, col)| z > 0 && !set.contains(&(z - 1, row / 2, col / 2)))
            .collect();
        if let Some((z, row, col)) = orphans.first() {
            let message = format!(
                "{} tiles of {name} have none above them, the first is {z}/{row}/{col}",
                orphans.len()
            );
            report.findings.push(finding("tile_missing", message));
        } else if set.is_empty() {
            report.findings.push(finding("tile_missing", format!("{name} has no tile at all")));
        }
    }
    report.sort();
}
