//! A picture of class numbers over the whole globe, and the legend that names them.
//!
//! The picture carries no georeference: by its publisher's rule the first pixel's corner is 180 W, 90 N
//! and pixels are square, so a picture that is not twice as wide as high is refused. Read row by row:
//! the whole would be 84 MB and the box needs a tenth of it.

use super::{Broken, read_failure};
use crate::layers::climate::Legend;
use crate::raster::Raster;
use std::{collections::BTreeMap, fs::File, io::BufReader, path::Path};
use tessera_grid::BBox;
use tessera_world::KoppenError;

/// Degrees kept beyond the box, as for rasters of numbers.
const MARGIN_DEGREES: f64 = 1.0;
/// Pixels across at most: 10 arc seconds, which no class map of the globe goes below.
const WIDTH_MAX: u32 = 129_600;

pub fn read(path: &Path, bbox: BBox) -> Result<Raster<u8>, Broken> {
    let broken = |reason: String| Broken::new("file_unreadable", path, reason);
    let file = File::open(path).map_err(|error| read_failure(path, &error))?;
    let mut reader = png::Decoder::new(BufReader::new(file))
        .read_info()
        .map_err(|error| failure(path, error))?;
    let info = reader.info();
    let (width, height) = (info.width, info.height);
    if (info.color_type, info.bit_depth) != (png::ColorType::Grayscale, png::BitDepth::Eight) {
        return Err(broken("it is not an 8-bit greyscale picture".to_owned()));
    }
    if info.interlaced {
        return Err(broken("it is interlaced, and is read row by row".to_owned()));
    }
    if width != height.saturating_mul(2) || width == 0 || width > WIDTH_MAX {
        return Err(Broken::new(
            "picture_shape",
            path,
            format!("{width} by {height} pixels is not the whole globe in square pixels"),
        ));
    }
    let step = 360.0 / f64::from(width);
    let column = |longitude: f64| ((longitude + 180.0) / step).clamp(0.0, f64::from(width));
    let row = |latitude: f64| ((90.0 - latitude) / step).clamp(0.0, f64::from(height));
    let columns = column(bbox.west() - MARGIN_DEGREES).floor() as usize
        ..column(bbox.east() + MARGIN_DEGREES).ceil() as usize;
    let rows = row(bbox.north() + MARGIN_DEGREES).floor() as usize
        ..row(bbox.south() - MARGIN_DEGREES).ceil() as usize;
    let mut values = Vec::with_capacity(columns.len() * rows.len());
    for index in 0..rows.end {
        let line =
            reader.next_row().map_err(|error| failure(path, error).at_row(index as u64 + 1))?;
        let Some(line) = line else {
            return Err(
                Broken::new("file_truncated", path, "it ends early").at_row(index as u64 + 1)
            );
        };
        if index >= rows.start {
            values.extend_from_slice(line.data().get(columns.clone()).unwrap_or_default());
        }
    }
    Ok(Raster {
        west: -180.0 + (columns.start as f64 + 0.5) * step,
        north: 90.0 - (rows.start as f64 + 0.5) * step,
        step_longitude: step,
        step_latitude: step,
        columns: columns.len(),
        rows: rows.len(),
        values,
    })
}

/// The legend: two named columns of a CSV, a class name and its number.
pub fn legend(path: &Path, class: &str, number: &str, sea: &str) -> Result<Legend, Broken> {
    let schema = |reason: String| Broken::new("schema", path, reason);
    let mut reader = csv::Reader::from_path(path).map_err(|error| csv_failure(path, &error))?;
    let headers = reader.headers().map_err(|error| csv_failure(path, &error))?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header == name)
            .ok_or_else(|| schema(format!("it has no column {name:?}; it has {headers:?}")))
    };
    let (class, number) = (column(class)?, column(number)?);
    let mut classes = BTreeMap::new();
    let mut sea_number = None;
    for (index, record) in reader.records().enumerate() {
        let row = index as u64 + 1;
        let record = record.map_err(|error| csv_failure(path, &error).at_row(row))?;
        let raw = record.get(number).unwrap_or_default();
        let parsed: u8 = raw
            .parse()
            .map_err(|_not_a_number| schema(format!("{raw:?} is no class number")).at_row(row))?;
        let name = record.get(class).unwrap_or_default();
        if name == sea {
            sea_number = Some(parsed);
            continue;
        }
        let koppen =
            name.parse().map_err(|error: KoppenError| schema(error.to_string()).at_row(row))?;
        if classes.insert(parsed, koppen).is_some() {
            return Err(schema(format!("class {parsed} stands twice")).at_row(row));
        }
    }
    match sea_number {
        Some(sea) => Ok(Legend { sea, classes }),
        None => Err(schema(format!("it has no class {sea:?} for the sea"))),
    }
}

pub(super) fn csv_failure(path: &Path, error: &csv::Error) -> Broken {
    match error.kind() {
        csv::ErrorKind::Io(error) => read_failure(path, error),
        _ => Broken::new("schema", path, error.to_string()),
    }
}

fn failure(path: &Path, error: png::DecodingError) -> Broken {
    match error {
        png::DecodingError::IoError(error) => read_failure(path, &error),
        other => Broken::new("file_unreadable", path, format!("it is no PNG picture: {other}")),
    }
}
