//! Reading: each dataset's files through `tessera-formats`, two datasets at a time, in the order of the
//! document.

use super::notebook::LeftOut;
use crate::sources::{Dataset, Format, Layer, Recipe, Sources, Use, sea_number};
use geo_types::{Geometry, Polygon};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tessera_formats::{
    CurrentField, GridFormat, GridOptions, Record, RoseField, Row, read_currents, read_wind_roses,
    records, table,
};
use tessera_grid::BBox;
use tessera_stage::layers::climate::Legend;
use tessera_stage::layers::features::{Fields, Item};
use tessera_stage::layers::river::{self, DrainageLink, RiverRecord};
use tessera_stage::layers::wind;
use tessera_stage::raster::Raster;
use tessera_stage::reading::{
    Broken, bad_rows, grids,
    places::{self as place_table, PlaceTable},
    read_failure, shapes,
};
use tessera_stage::scan::each_by;

/// Datasets that are read at a time: each may hold a window of a raster in memory, the largest 80 MB.
const READERS: usize = 2;

/// Columns of a row that are named where one is missing.
const COLUMNS_NAMED_MAX: usize = 30;

/// What a dataset gave.
pub(super) enum Reading {
    Elevation {
        raster: Raster,
        drift_degrees: f64,
    },
    /// Where a mask says sea: the raster and the number that says it.
    LandMask {
        raster: Raster<u8>,
        sea: u8,
    },
    Wind(wind::Months),
    Land(Vec<Polygon>),
    Rivers(Vec<RiverRecord>),
    Drainage(Vec<DrainageLink>),
    Climate(Raster<u8>, Legend),
    LandCover(Raster<u8>),
    Rain(Vec<Raster>),
    Temperature(Vec<Raster>),
    WindRoses(Vec<RoseField>),
    Currents(Vec<CurrentField>),
    Crust(Raster<u8>, BTreeMap<u8, String>),
    Orogens(Vec<(String, Geometry<f64>)>),
    Places(PlaceTable),
    Evidence(Evidence),
}

impl Reading {
    /// Of a table or a drawing; none of a raster.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Land(records) => records.len(),
            Self::Rivers(records) => records.len(),
            Self::Drainage(records) => records.len(),
            Self::Orogens(records) => records.len(),
            Self::Evidence(rows) => rows.len(),
            _ => 0,
        }
    }
}

/// Rows or records as they came.
pub(super) enum Evidence {
    Records(Vec<Record>),
    Rows(Vec<Row>),
}

impl Evidence {
    pub(super) fn items(&self) -> Box<dyn Iterator<Item = Item<'_>> + '_> {
        match self {
            Self::Records(records) => Box::new(records.iter().map(Item::of_record)),
            Self::Rows(rows) => Box::new(rows.iter().map(Item::of_row)),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Records(records) => records.len(),
            Self::Rows(rows) => rows.len(),
        }
    }
}

/// A dataset that was read: what it gave, the rows it left out, the file's checksum.
pub(super) struct ReadDataset {
    pub(super) reading: Reading,
    pub(super) bad: LeftOut,
    pub(super) notes: Vec<String>,
    pub(super) sha256: String,
}

/// `None` where a dataset is not `wanted`.
pub(super) fn read_all(
    sources: &Sources,
    into: &Path,
    wanted: &(dyn Fn(&Dataset) -> bool + Sync),
    tick: &(dyn Fn(u64) + Sync),
) -> Vec<Option<Result<ReadDataset, Broken>>> {
    let done = AtomicU64::new(0);
    each_by(READERS, &sources.dataset, |dataset| {
        let result = wanted(dataset).then(|| read_dataset(dataset, sources, into));
        tick(done.fetch_add(1, Ordering::Relaxed) + 1);
        result
    })
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
            let remedy = match &file.recipe {
                Recipe::File { .. } => "correct the line, or put the file back",
                _ => "fetch it again",
            };
            let reason = format!("its sha256 is {found}, sources.toml says {expected}; {remedy}");
            return Err(Broken::new("checksum", path, reason));
        }
        first_sum.get_or_insert(found);
    }
    let bbox = sources.world.bbox;
    // A reader of a publisher's format may panic on a file nobody foresaw; its dataset stops, the run does not.
    let read = catch_unwind(AssertUnwindSafe(|| read_layer(dataset, &paths, bbox)))
        .unwrap_or_else(|_panic| {
            Err(Broken::new(
                "file_unreadable",
                &paths[0],
                "the reader of this format gave up on it",
            ))
        })?;
    if let Reading::Evidence(rows) = &read.reading {
        has_columns(dataset, rows, &paths[0])?;
    }
    Ok(ReadDataset { sha256: first_sum.unwrap_or_default(), ..read })
}

/// Every column that the document names stands in a row at least: a name mistyped would lose its facts unseen.
fn has_columns(dataset: &Dataset, rows: &Evidence, path: &Path) -> Result<(), Broken> {
    let roles = dataset.fields.iter().map(|(role, column)| (role.clone(), column.clone()));
    let fields: Fields = roles.collect();
    let Some((role, column)) = fields.missing(rows.items()) else { return Ok(()) };
    let first = rows.items().next().into_iter().flat_map(|item| item.fields.keys());
    let has: Vec<&str> = first.take(COLUMNS_NAMED_MAX).map(String::as_str).collect();
    let has = has.join(", ");
    let reason =
        format!("no row has the column {column:?} of the role {role:?}; the first has {has}");
    Err(Broken::new("schema", path, reason))
}

fn of(reading: Reading, bad: impl Into<LeftOut>, notes: Vec<String>) -> ReadDataset {
    ReadDataset { reading, bad: bad.into(), notes, sha256: String::new() }
}

fn read_layer(dataset: &Dataset, paths: &[PathBuf], bbox: BBox) -> Result<ReadDataset, Broken> {
    let path = &paths[0];
    let field = |role: &str| dataset.fields.get(role).map_or("", String::as_str);
    match &dataset.format {
        Format::Grid(format, options) => read_grid(dataset, paths, format, options, bbox),
        Format::Climatology => {
            let none = LeftOut::default();
            Ok(if dataset.layer == Layer::Currents {
                let months = paths.iter().map(|path| read_currents(path));
                of(Reading::Currents(months.collect::<Result<_, _>>()?), none, Vec::new())
            } else {
                let months = paths.iter().map(|path| read_wind_roses(path));
                of(Reading::WindRoses(months.collect::<Result<_, _>>()?), none, Vec::new())
            })
        }
        Format::Table(format) => {
            if dataset.layer == Layer::Places {
                let places = place_table::read(path)?;
                return Ok(of(Reading::Places(places), Vec::new(), Vec::new()));
            }
            let batch = table(path, format)?;
            let notes = batch.notes.into_iter().map(|note| note.sentence).collect();
            let rows = Evidence::Rows(batch.items);
            Ok(of(Reading::Evidence(rows), (bad_rows(batch.bad), batch.bad_more), notes))
        }
        Format::Records(format) => Ok(match dataset.layer {
            Layer::Land => {
                let land = shapes::land(path, *format, bbox)?;
                of(Reading::Land(land.records), (land.bad, land.bad_more), land.notes)
            }
            Layer::Rivers if !dataset.fields.contains_key("latin") => {
                let roles = (field("name"), field("rank"), field("class"));
                let rivers = shapes::rivers(path, *format, bbox, roles)?;
                of(Reading::Rivers(rivers.records), (rivers.bad, rivers.bad_more), rivers.notes)
            }
            Layer::Drainage => {
                let least = river::LINK_LEAST_KM2;
                let links = shapes::drainage(path, *format, bbox, field("upstream_km2"), least)?;
                of(Reading::Drainage(links.records), (links.bad, links.bad_more), links.notes)
            }
            Layer::Orogens => {
                let batch = records(path, *format)?;
                let named = batch.items.into_iter().map(|record| {
                    let name = tessera_formats::text_of(&record.properties, field("name"));
                    (name.unwrap_or_default(), record.geometry)
                });
                of(
                    Reading::Orogens(named.collect()),
                    (bad_rows(batch.bad), batch.bad_more),
                    Vec::new(),
                )
            }
            _ => {
                let batch = records(path, *format)?;
                let notes = batch.notes.into_iter().map(|note| note.sentence).collect();
                let rows = Evidence::Records(batch.items);
                of(Reading::Evidence(rows), (bad_rows(batch.bad), batch.bad_more), notes)
            }
        }),
    }
}

fn read_grid(
    dataset: &Dataset,
    paths: &[PathBuf],
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
) -> Result<ReadDataset, Broken> {
    let path = &paths[0];
    let field = |role: &str| dataset.fields.get(role).map_or("", String::as_str);
    let all: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let second = || {
        let missing = "the dataset lists no legend beside the raster";
        paths.get(1).ok_or_else(|| Broken::new("file_missing", path, missing))
    };
    let none = LeftOut::default();
    Ok(match dataset.layer {
        Layer::Elevation => {
            let read = grids::numbers(path, format, options, bbox)?;
            let (raster, drift_degrees) = (read.raster, read.drift_degrees);
            of(Reading::Elevation { raster, drift_degrees }, none, read.notes)
        }
        Layer::Land => {
            let read = grids::classes(path, format, options, bbox)?;
            let no_sea = || Broken::new("schema", path, "no number of it is said to be sea");
            let sea = sea_number(field("sea")).ok_or_else(no_sea)?;
            of(Reading::LandMask { raster: read.raster, sea }, none, read.notes)
        }
        Layer::Wind => {
            let component = |variable: &str| {
                let format = GridFormat::NetCdf { variable: variable.to_owned() };
                grids::series(path, &format, options, bbox)
            };
            let (u, v) = (component(field("eastward"))?, component(field("northward"))?);
            of(Reading::Wind(wind::Months::mean(path, &u, &v)?), none, Vec::new())
        }
        Layer::Climate => {
            let legend = shapes::legend(second()?, field("class"), field("number"), field("sea"))?;
            let read = grids::classes(path, format, options, bbox)?;
            let (across, down) = (read.raster.step_longitude, read.raster.step_latitude);
            if (across - down).abs() > 1e-9 {
                let reason = format!("its pixels are {across:.6} by {down:.6} degrees, not square");
                return Err(Broken::new("picture_shape", path, reason));
            }
            of(Reading::Climate(read.raster, legend), none, read.notes)
        }
        Layer::Crust => {
            let rows = shapes::numbered(second()?, field("class"), field("number"))?;
            let legend = rows.into_iter().map(|(_, number, name)| (number, name)).collect();
            let read = grids::classes(path, format, options, bbox)?;
            of(Reading::Crust(read.raster, legend), none, read.notes)
        }
        Layer::Rain => {
            of(Reading::Rain(grids::months(&all, format, options, bbox)?), none, Vec::new())
        }
        Layer::Temperature => {
            of(Reading::Temperature(grids::months(&all, format, options, bbox)?), none, Vec::new())
        }
        _ => {
            let read = grids::classes(path, format, options, bbox)?;
            of(Reading::LandCover(read.raster), none, read.notes)
        }
    })
}

/// Whether a dataset only questions another.
pub(super) fn is_check(dataset: &Dataset) -> bool {
    dataset.usage == Use::Check
}
