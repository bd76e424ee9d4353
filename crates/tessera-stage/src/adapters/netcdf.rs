//! netCDF classic: one variable on regular axes of latitude and longitude, perhaps with time before them.
//!
//! A longitude axis that goes round the globe (`n · step ≈ 360`) is exact at 360/n, whatever rounding its
//! publisher left in it; by how much the file's own axis drifts from that is reported, not hidden.

use super::{Broken, read_failure};
use crate::raster::Raster;
use netcdf3::{DataVector, FileReader, ReadError};
use std::path::Path;
use tessera_grid::BBox;

/// Nodes kept beyond the box on each side, so that every zone of the box lies inside.
const MARGIN_NODES: f64 = 3.0;
/// Degrees kept beyond the box at least: zones of resolution 3 reach that far.
const MARGIN_DEGREES: f64 = 1.0;
/// An axis further off than this part of its step is not regular.
const IRREGULAR_STEP_SHARE: f64 = 0.25;

/// A whole variable as the file has it.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Seconds are not needed: what stands before latitude and longitude, 1 where nothing does.
    pub layers: usize,
    pub latitudes: Vec<f64>,
    pub longitudes: Vec<f64>,
    /// NaN where the file has its fill value.
    pub values: Vec<f32>,
    /// Units of the leading axis, such as `hour since 1980-01-14 14:00:00`, and its values.
    pub time: Option<(String, Vec<f64>)>,
    /// How far the file's axes stray from regular ones, degrees.
    pub drift_degrees: f64,
}

pub fn read(path: &Path, variable: &str) -> Result<Grid, Broken> {
    let broken = |rule, reason: String| Broken::new(rule, path, reason);
    let mut reader = FileReader::open(path).map_err(|error| failure(path, error))?;
    let dims = match reader.data_set().get_var(variable) {
        Some(found) => found.dim_names(),
        None => {
            return Err(broken("schema", format!("it has no variable {variable:?}")));
        }
    };
    let (time_name, latitude_name, longitude_name) = match dims.as_slice() {
        [latitude, longitude] => (None, latitude, longitude),
        [time, latitude, longitude] => (Some(time), latitude, longitude),
        _ => {
            return Err(broken(
                "schema",
                format!(
                    "{variable} has the dimensions {dims:?}; (time,) latitude, longitude are needed"
                ),
            ));
        }
    };
    check_length(path, &reader, variable)?;
    let latitudes = axis(path, &mut reader, latitude_name)?;
    let longitudes = axis(path, &mut reader, longitude_name)?;
    let time = match time_name {
        Some(name) => {
            let units = reader.data_set().get_var_attr_as_string(name, "units").unwrap_or_default();
            Some((units, axis(path, &mut reader, name)?))
        }
        None => None,
    };
    let fill = fill_values(&reader, variable);
    let mut values = numbers(reader.read_var(variable).map_err(|error| failure(path, error))?);
    for value in &mut values {
        if fill.contains(value) || !value.is_finite() {
            *value = f32::NAN;
        }
    }
    let layers = time.as_ref().map_or(1, |(_, steps)| steps.len());
    if values.len() != layers * latitudes.len() * longitudes.len() {
        return Err(broken(
            "schema",
            format!(
                "{variable} holds {} values, its axes ask for {}",
                values.len(),
                layers * latitudes.len() * longitudes.len()
            ),
        ));
    }
    let mut grid = Grid { layers, latitudes, longitudes, values, time, drift_degrees: 0.0 };
    grid.straighten().map_err(|reason| broken("axis_irregular", reason))?;
    Ok(grid)
}

impl Grid {
    /// Makes the axes regular and notes by how much they were not.
    fn straighten(&mut self) -> Result<(), String> {
        let latitude_drift = straighten(&mut self.latitudes, "latitude", false)?;
        let longitude_drift = straighten(&mut self.longitudes, "longitude", true)?;
        if self.latitudes.iter().any(|latitude| latitude.abs() > 90.0 + 1e-6) {
            return Err("a latitude lies beyond the pole; the axes may be swapped".to_owned());
        }
        self.drift_degrees = latitude_drift.max(longitude_drift);
        Ok(())
    }

    /// The part of one layer that the box needs, north up, longitudes running on from the box's west.
    pub fn window(&self, layer: usize, bbox: BBox) -> Option<Raster> {
        let (step_x, step_y) = (step(&self.longitudes), step(&self.latitudes));
        let (size_x, size_y) = (step_x.abs(), step_y.abs());
        let margin_x = (MARGIN_NODES * size_x).max(MARGIN_DEGREES);
        let margin_y = (MARGIN_NODES * size_y).max(MARGIN_DEGREES);
        let around = (self.longitudes.len() as f64 * size_x - 360.0).abs() < size_x / 2.0;
        let first = self.longitudes.first().copied()?;
        let mut from = ((bbox.west() - margin_x - first) / step_x).floor() as i64;
        let mut to = ((bbox.east() + margin_x - first) / step_x).ceil() as i64;
        let count = self.longitudes.len() as i64;
        if !around {
            (from, to) = (from.max(0), to.min(count - 1));
        } else if to - from >= count {
            to = from + count - 1;
        }
        let south = bbox.south() - margin_y;
        let north = bbox.north() + margin_y;
        let mut rows: Vec<usize> = (0..self.latitudes.len())
            .filter(|&row| (south..=north).contains(&self.latitudes[row]))
            .collect();
        rows.sort_by(|&a, &b| self.latitudes[b].total_cmp(&self.latitudes[a]));
        if from > to || rows.is_empty() {
            return None;
        }
        let columns = (to - from + 1) as usize;
        let plane = self.latitudes.len() * self.longitudes.len();
        let mut values = Vec::with_capacity(rows.len() * columns);
        for &row in &rows {
            let start = layer * plane + row * self.longitudes.len();
            for column in from..=to {
                values.push(self.values[start + column.rem_euclid(count) as usize]);
            }
        }
        Some(Raster {
            west: first + from as f64 * step_x,
            north: self.latitudes[*rows.first()?],
            step_longitude: size_x,
            step_latitude: size_y,
            columns,
            rows: rows.len(),
            values,
        })
    }
}

fn step(axis: &[f64]) -> f64 {
    match (axis.first(), axis.last()) {
        (Some(first), Some(last)) if axis.len() > 1 => (last - first) / (axis.len() - 1) as f64,
        _ => 1.0,
    }
}

/// Replaces an axis by the regular one it stands for; answers the largest difference, degrees.
fn straighten(axis: &mut [f64], name: &str, round_the_globe: bool) -> Result<f64, String> {
    if axis.len() < 2 || axis.iter().any(|value| !value.is_finite()) {
        return Err(format!("the {name} axis has fewer than two numbers"));
    }
    let mut regular = step(axis);
    let count = axis.len() as f64;
    if round_the_globe && (regular.abs() * count - 360.0).abs() < regular.abs() / 2.0 {
        regular = (360.0 / count).copysign(regular);
    }
    if regular == 0.0 || (round_the_globe && regular < 0.0) {
        return Err(format!("the {name} axis does not ascend"));
    }
    let first = axis[0];
    let mut drift: f64 = 0.0;
    for (index, value) in axis.iter_mut().enumerate() {
        let exact = first + index as f64 * regular;
        drift = drift.max((*value - exact).abs());
        *value = exact;
    }
    if drift > IRREGULAR_STEP_SHARE * regular.abs() {
        return Err(format!(
            "the {name} axis strays {drift:.4} degrees from a regular one of step {regular:.5}"
        ));
    }
    Ok(drift)
}

fn axis(path: &Path, reader: &mut FileReader, name: &str) -> Result<Vec<f64>, Broken> {
    check_length(path, reader, name)?;
    Ok(match reader.read_var(name).map_err(|error| failure(path, error))? {
        DataVector::F64(values) => values,
        other => numbers(other).into_iter().map(f64::from).collect(),
    })
}

/// A header may promise more than there is memory for; a file cannot hold more than its length.
fn check_length(path: &Path, reader: &FileReader, variable: &str) -> Result<(), Broken> {
    let Some(found) = reader.data_set().get_var(variable) else {
        return Err(Broken::new("schema", path, format!("it has no variable {variable:?}")));
    };
    let promised = found.len().saturating_mul(found.data_type().size_of()) as u64;
    let length = std::fs::metadata(path).map_err(|error| read_failure(path, &error))?.len();
    if promised > length {
        return Err(Broken::new(
            "file_truncated",
            path,
            format!("{variable} needs {promised} bytes and the file has {length}"),
        ));
    }
    Ok(())
}

fn fill_values(reader: &FileReader, variable: &str) -> Vec<f32> {
    ["_FillValue", "missing_value"]
        .into_iter()
        .filter_map(|name| {
            let set = reader.data_set();
            let single = set.get_var_attr_f32(variable, name).and_then(|v| v.first().copied());
            let double =
                set.get_var_attr_f64(variable, name).and_then(|v| v.first().map(|&x| x as f32));
            let short =
                set.get_var_attr_i16(variable, name).and_then(|v| v.first().map(|&x| f32::from(x)));
            single.or(double).or(short)
        })
        .collect()
}

fn numbers(data: DataVector) -> Vec<f32> {
    match data {
        DataVector::I8(values) => values.into_iter().map(f32::from).collect(),
        DataVector::U8(values) => values.into_iter().map(f32::from).collect(),
        DataVector::I16(values) => values.into_iter().map(f32::from).collect(),
        DataVector::I32(values) => values.into_iter().map(|value| value as f32).collect(),
        DataVector::F32(values) => values,
        DataVector::F64(values) => values.into_iter().map(|value| value as f32).collect(),
    }
}

fn failure(path: &Path, error: ReadError) -> Broken {
    match error {
        ReadError::IOErrorKind(kind) => read_failure(path, &kind.into()),
        other if other.header_is_incomplete() => {
            Broken::new("file_truncated", path, "it ends within its header")
        }
        other => {
            Broken::new("file_unreadable", path, format!("it is no netCDF classic file: {other:?}"))
        }
    }
}
