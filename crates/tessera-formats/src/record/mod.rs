//! Features: a geometry in longitude and latitude of WGS 84 and what is said about it.

mod collection;
mod dbf;
mod geometry;
mod lines;
mod rings;
mod shapefile;
mod shp;

use crate::error::{Batch, Entry, FormatError, Note};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Features of one file at most: the largest known has 595,470.
pub(crate) const RECORDS_MAX: u64 = 20_000_000;

/// Which format a file of features has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum RecordFormat {
    /// A FeatureCollection, one Feature or one geometry; also gzip. A `crs` member is followed.
    GeoJson,
    /// A line a feature, or a line a FeatureCollection (a place with its locations: its geometry is that of the
    /// first feature that has one, and `features` stays among the properties); also gzip.
    NdJson,
    /// `.shp` with `.dbf` and `.prj` beside it.
    Shapefile,
}

/// One feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// As the file counts: 1 is its first feature or line.
    pub row: u64,
    /// What the file itself calls it (GeoJSON `id`).
    pub id: Option<String>,
    /// Longitude, latitude; lines have two points or more, rings four or more and are closed.
    pub geometry: geo_types::Geometry<f64>,
    pub properties: Map<String, Value>,
}

/// Hands every row to `take` in the file's order; what a person should know about the file comes back.
pub fn read_records(
    path: &Path,
    format: RecordFormat,
    take: &mut dyn FnMut(Entry<Record>),
) -> Result<Vec<Note>, FormatError> {
    match format {
        RecordFormat::GeoJson => collection::read(path, take),
        RecordFormat::NdJson => lines::read(path, take),
        RecordFormat::Shapefile => shapefile::read(path, take),
    }
}

/// All rows at once.
pub fn records(path: &Path, format: RecordFormat) -> Result<Batch<Record>, FormatError> {
    let mut batch = Batch::new();
    let notes = read_records(path, format, &mut |entry| batch.take(entry))?;
    batch.notes = notes;
    Ok(batch)
}
