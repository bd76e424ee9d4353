//! From a staged world to the release file, row by row in the order of the keys.

use std::path::Path;
use tessera_grid::Resolution;
use tessera_release::{Error, ReleaseFile, ReleaseWriter};
use tessera_stage::staged::Staged;
use tessera_tiles::Tile;
use tessera_world::{Cell, Coarse};

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
    let coarse_resolution = staged.info().coarse_resolution;
    for index in 0..staged.zones.len() {
        let cell = cell(staged, index);
        writer.cell(&cell)?;
        coarse(&mut writer, &cell, coarse_resolution)?;
        if index.is_multiple_of(TICK_EVERY) {
            tick(index as u64, total);
        }
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

fn cell(staged: &Staged, index: usize) -> Cell {
    Cell {
        terrain: staged.terrain[index],
        surface: staged.surface[index],
        river: staged.river[index].clone(),
        climate: staged.climate[index],
        wind: staged.wind[index],
        ..Cell::bare(staged.zones[index])
    }
}

/// The coarse layers of a coarse zone are those of its first descendant, which lies in its middle.
fn coarse(writer: &mut ReleaseWriter, cell: &Cell, resolution: Resolution) -> Result<(), Error> {
    let Some(zone) = cell.zone.ancestor(resolution) else { return Ok(()) };
    if zone.descendants(cell.zone.resolution()).next() == Some(cell.zone) {
        writer.coarse(&Coarse { zone, ..Coarse::of_cell(cell) })?;
    }
    Ok(())
}
