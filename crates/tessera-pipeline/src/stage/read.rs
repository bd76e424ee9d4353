//! Reading: each dataset's files through its adapter, two datasets at a time, in the order of the document.

use tessera_stage::adapters::{
    Broken, netcdf,
    picture,
    places::{self as place_table, PlaceTable},
    read_failure,
    vectors::{self, DrainageLink, RiverRecord},
};
use tessera_stage::layers::climate::Legend;
use tessera_stage::layers::{river, wind};
use tessera_stage::raster::Raster;
use crate::sources::{Adapter, Dataset, Sources};
use geo_types::Polygon;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tessera_grid::BBox;

/// Datasets that are read at a time: each may hold a file in memory, the largest 37 MB.
const READERS: usize = 2;

/// What an adapter gave.
pub(super) enum Reading {
    Elevation { raster: Raster, drift_degrees: f64 },
    Wind(wind::Months),
    Land(Vec<Polygon>),
    Rivers(Vec<RiverRecord>),
    Drainage(Vec<DrainageLink>),
    Climate(Raster<u8>, Legend),
    Places(PlaceTable),
}

/// A dataset that was read: what it gave, the rows it left out, the file's checksum.
pub(super) struct ReadDataset {
    pub(super) reading: Reading,
    pub(super) bad: Vec<(u64, &'static str, String)>,
    pub(super) sha256: String,
}

pub(super) fn read_all(
    sources: &Sources,
    into: &Path,
    tick: &(dyn Fn(u64) + Sync),
) -> Vec<Result<ReadDataset, Broken>> {
    let done = AtomicU64::new(0);
    let next = AtomicU64::new(0);
    let read = |dataset: &Dataset| {
        let result = read_dataset(dataset, sources, into);
        tick(done.fetch_add(1, Ordering::Relaxed) + 1);
        result
    };
    let worker = || {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed) as usize;
            let Some(dataset) = sources.dataset.get(index) else { return results };
            results.push((index, read(dataset)));
        }
    };
    let mut results = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..READERS).map(|_| scope.spawn(worker)).collect();
        handles
            .into_iter()
            .flat_map(|handle| match handle.join() {
                Ok(results) => results,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect::<Vec<_>>()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn read_dataset(dataset: &Dataset, sources: &Sources, into: &Path) -> Result<ReadDataset, Broken> {
    let paths: Vec<PathBuf> =
        dataset.file.iter().map(|file| dataset.path(file, &sources.folder, into)).collect();
    let mut first_sum = None;
    for (file, path) in dataset.file.iter().zip(&paths) {
        let (found, _bytes) =
            tessera_release::checksum(path).map_err(|error| read_failure(path, &error))?;
        if let Some(expected) = &file.sha256
            && *expected != found
        {
            let reason =
                format!("its sha256 is {found}, sources.toml says {expected}; fetch it again");
            return Err(Broken::new("checksum", path, reason));
        }
        first_sum.get_or_insert(found);
    }
    let bbox = sources.world.bbox;
    // A reader of a publisher's format may panic on a file nobody foresaw; its dataset stops, the run does not.
    let (reading, bad) = catch_unwind(AssertUnwindSafe(|| adapt(dataset, &paths, bbox)))
        .unwrap_or_else(|_panic| {
            Err(Broken::new(
                "file_unreadable",
                &paths[0],
                "the reader of this format gave up on it",
            ))
        })?;
    Ok(ReadDataset { reading, bad, sha256: first_sum.unwrap_or_default() })
}

type Adapted = (Reading, Vec<(u64, &'static str, String)>);

fn adapt(dataset: &Dataset, paths: &[PathBuf], bbox: BBox) -> Result<Adapted, Broken> {
    let path = &paths[0];
    let none = Vec::new();
    Ok(match &dataset.adapter {
        Adapter::ElevationNetcdf { variable } => {
            let grid = netcdf::read(path, variable)?;
            let raster = grid.window(0, bbox).ok_or_else(|| {
                Broken::new("coverage_source", path, "it does not reach the world's box")
            })?;
            (Reading::Elevation { raster, drift_degrees: grid.drift_degrees }, none)
        }
        Adapter::WindNetcdf { eastward, northward } => {
            let (u, v) = (netcdf::read(path, eastward)?, netcdf::read(path, northward)?);
            (Reading::Wind(wind::Months::mean(path, &u, &v, bbox)?), none)
        }
        Adapter::LandShapefile => {
            let land = vectors::land(path, bbox)?;
            (Reading::Land(land.records), land.bad)
        }
        Adapter::RiverShapefile { name, rank, class } => {
            let rivers = vectors::rivers(path, bbox, (name, rank, class))?;
            (Reading::Rivers(rivers.records), rivers.bad)
        }
        Adapter::DrainageShapefile { upstream_km2 } => {
            let links = vectors::drainage(path, bbox, upstream_km2, river::LINK_LEAST_KM2)?;
            (Reading::Drainage(links.records), links.bad)
        }
        Adapter::ClimatePng { legend_class, legend_number, sea } => {
            let second = paths.get(1).ok_or_else(|| {
                Broken::new("file_missing", path, "the dataset lists no legend beside the picture")
            })?;
            let legend = picture::legend(second, legend_class, legend_number, sea)?;
            (Reading::Climate(picture::read(path, bbox)?, legend), none)
        }
        Adapter::PlaceCsv => (Reading::Places(place_table::read(path)?), none),
    })
}
