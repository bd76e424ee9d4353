//! From a staged world to the release file, row by row in the order of the keys.

use std::path::Path;
use tessera_release::{Error, ReleaseFile, ReleaseWriter};
use tessera_stage::staged::Staged;
use tessera_tiles::Tile;
use tessera_world::SurfaceInterval;

/// How many rows are written between two ticks.
const TICK_EVERY: usize = 10_000;

/// Writes a new release file; tiles come sorted by tileset and address.
pub fn write(
    staged: &Staged,
    tiles: &[Tile],
    path: &Path,
    tick: crate::stage::Tick<'_>,
) -> Result<ReleaseFile, Error> {
    let mut writer = ReleaseWriter::create(path, &staged.info())?;
    for source in &staged.sources {
        writer.source(source)?;
    }
    for provenance in &staged.provenances {
        writer.provenance(provenance)?;
    }
    let total = (staged.zones.len() + tiles.len()) as u64;
    for index in 0..staged.zones.len() {
        writer.cell(&staged.fine_cell(index))?;
        if index.is_multiple_of(TICK_EVERY) {
            tick(index as u64, total);
        }
    }
    for (index, era) in staged.surface_intervals.iter() {
        writer.surface_interval(&SurfaceInterval {
            zone: staged.zones[index],
            valid_from: era.valid_from,
            valid_to: era.valid_to,
            surface: era.surface,
        })?;
    }
    for at in 0..staged.coarse_zones.len() {
        writer.coarse(&staged.coarse(at))?;
    }
    for feature in &staged.features {
        writer.feature(feature)?;
    }
    for place in &staged.places {
        writer.place(place)?;
    }
    for tile in tiles {
        writer.tile(tile.tileset, tile.at, &tile.data)?;
    }
    tick(total, total);
    writer.finish()
}
