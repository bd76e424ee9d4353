//! One raster on the zones of a box, without a world around it: for a measurement, or a look at a dataset.

use crate::dense::Dense;
use crate::layers::{climate, terrain};
use crate::reading::{Broken, grids};
use crate::scan::{Rows, sweep};
use std::path::Path;
use tessera_formats::{GridFormat, GridOptions};
use tessera_grid::{BBox, Resolution, Zone, zones_in};
use tessera_world::{ProvenanceId, Terrain};

/// Heights of a raster: the zones centred in the box, ascending, and their terrain.
pub fn terrain(
    path: &Path,
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
    resolution: Resolution,
) -> Result<(Vec<Zone>, Dense<Terrain>), Broken> {
    let raster = grids::numbers(path, format, options, bbox)?.raster;
    let heights = terrain::Heights::new(&raster);
    let (zones, rows) = (zones_in(bbox, resolution), Rows::for_resolution(resolution));
    let parts = sweep(
        &zones,
        rows,
        |_zones| Dense::empty(0),
        |part: &mut Dense<Terrain>, _zone, spans| {
            let relief = heights.relief(rows, spans);
            part.push(relief.map(|relief| relief.terrain(ProvenanceId(1))));
        },
        &|_done| {},
    );
    let mut whole = Dense::empty(0);
    for part in &parts {
        whole.extend(part);
    }
    Ok((zones, whole))
}

/// Class numbers of a raster: the zones centred in the box, ascending, and the number that covers most of
/// each; `None` where there is nothing but `nodata`.
pub fn classes(
    path: &Path,
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
    resolution: Resolution,
    nodata: u8,
) -> Result<(Vec<Zone>, Vec<Option<u8>>), Broken> {
    let raster = grids::classes(path, format, options, bbox)?.raster;
    let (zones, rows) = (zones_in(bbox, resolution), Rows::for_resolution(resolution));
    let parts = sweep(
        &zones,
        rows,
        Vec::with_capacity,
        |part: &mut Vec<Option<u8>>, _zone, spans| {
            let found = climate::dominant(&raster, rows, spans, |number| number != nodata);
            part.push(found.map(|(number, _share)| number));
        },
        &|_done| {},
    );
    Ok((zones, parts.into_iter().flatten().collect()))
}
