//! A raster of another coordinate system, read as if it lay on longitude and latitude.
//!
//! Each cell of the lattice looks up the pixel that holds its centre (inverse look-up, nearest value): no value
//! is made up, and a class stays a class. The lattice has the size of the raster's own pixels at its middle.

use super::geokeys::Placed;
use super::geotiff::Tiff;
use super::samples::Samples;
use super::{SampleKind, Source, lattice};
use crate::error::{Code, FormatError};
use std::{ops::Range, path::Path};

/// Points along each side of the raster that say how far it reaches on the globe.
const PROBES: usize = 33;

pub(super) struct Warped {
    tiff: Tiff,
    placed: Placed,
    west: f64,
    north: f64,
    step: (f64, f64),
    columns: usize,
    /// Stored where the raster does not reach.
    outside: Samples,
    outside_value: f64,
    points: Vec<(f64, f64)>,
}

impl Warped {
    /// The raster and the axes it is read on. `nodata` is what stands where it does not reach.
    pub(super) fn new(
        path: &Path,
        tiff: Tiff,
        placed: Placed,
        nodata: Option<f64>,
    ) -> Result<(Self, Vec<f64>, Vec<f64>), FormatError> {
        let unknown = |reason: String| FormatError::new(Code::CrsUnknown, path, reason);
        let (rows, columns) = (tiff.rows as f64, tiff.columns as f64);
        let to_globe = |points: &mut Vec<(f64, f64)>| {
            for point in points.iter_mut() {
                *point = (placed.x + point.0 * placed.step_x, placed.y + point.1 * placed.step_y);
            }
            placed.crs.to_wgs84(points);
        };
        let along = |count: f64, probe: usize| -0.5 + count * probe as f64 / (PROBES - 1) as f64;
        let mut probes: Vec<(f64, f64)> = (0..PROBES * PROBES)
            .map(|index| (along(columns, index % PROBES), along(rows, index / PROBES)))
            .collect();
        to_globe(&mut probes);
        probes.retain(|point| point.0.is_finite() && point.1.is_finite());
        let middle = (columns / 2.0, rows / 2.0);
        let mut steps = vec![middle, (middle.0 + 1.0, middle.1), (middle.0, middle.1 + 1.0)];
        to_globe(&mut steps);
        let step = (
            (steps[1].0 - steps[0].0).abs().max((steps[2].0 - steps[0].0).abs()),
            (steps[1].1 - steps[0].1).abs().max((steps[2].1 - steps[0].1).abs()),
        );
        if probes.is_empty() || !(step.0 > 0.0 && step.1 > 0.0 && step.0 < 45.0 && step.1 < 45.0) {
            return Err(unknown("its pixels do not lie on the globe".to_owned()));
        }
        let fold = |of: fn(&(f64, f64)) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
            probes.iter().map(of).fold(start, pick)
        };
        let (west, east) = (fold(|p| p.0, f64::min, 180.0), fold(|p| p.0, f64::max, -180.0));
        let (south, north) = (fold(|p| p.1, f64::min, 90.0), fold(|p| p.1, f64::max, -90.0));
        let count = |from: f64, to: f64, step: f64| (((to - from) / step).ceil() as usize).max(2);
        let (out_columns, out_rows) = (count(west, east, step.0), count(south, north, step.1));
        if out_columns.max(out_rows) > lattice::AXIS_MAX {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!(
                    "it would have {out_columns} columns and {out_rows} rows of longitude and latitude"
                ),
            ));
        }
        let (west, north) = (west + step.0 / 2.0, north - step.1 / 2.0);
        let latitudes = (0..out_rows).map(|row| north - row as f64 * step.1).collect();
        let longitudes = (0..out_columns).map(|column| west + column as f64 * step.0).collect();
        let (outside, outside_value) = outside(tiff.kind(), nodata);
        let warped = Self {
            tiff,
            placed,
            west,
            north,
            step,
            columns: out_columns,
            outside,
            outside_value,
            points: Vec::new(),
        };
        Ok((warped, latitudes, longitudes))
    }

    /// The stored value where the raster does not reach.
    pub(super) fn outside(&self) -> impl Iterator<Item = f64> + use<> {
        std::iter::once(self.outside_value).filter(|value| value.is_finite())
    }
}

fn outside(kind: SampleKind, nodata: Option<f64>) -> (Samples, f64) {
    match kind {
        SampleKind::U8 => {
            let value = nodata.filter(|value| (0.0..=255.0).contains(value)).unwrap_or(255.0);
            (Samples::U8(vec![value as u8]), value)
        }
        SampleKind::I16 => {
            let value =
                nodata.filter(|value| (-32768.0..=32767.0).contains(value)).unwrap_or(-32768.0);
            (Samples::I16(vec![value as i16]), value)
        }
        SampleKind::F32 => (Samples::F32(vec![f32::NAN]), f64::NAN),
    }
}

impl Source for Warped {
    fn read(
        &mut self,
        band: usize,
        rows: Range<usize>,
        into: &mut Samples,
    ) -> Result<(), FormatError> {
        for row in rows {
            let latitude = self.north - row as f64 * self.step.1;
            self.points.clear();
            self.points.extend(
                (0..self.columns).map(|column| (self.west + column as f64 * self.step.0, latitude)),
            );
            self.placed.crs.from_wgs84(&mut self.points);
            for index in 0..self.columns {
                let (x, y) = self.points[index];
                let column = ((x - self.placed.x) / self.placed.step_x).round();
                let line = ((y - self.placed.y) / self.placed.step_y).round();
                let inside = column >= 0.0
                    && line >= 0.0
                    && column < self.tiff.columns as f64
                    && line < self.tiff.rows as f64;
                if inside {
                    self.tiff.pixel(band, (line as usize, column as usize), into)?;
                } else {
                    into.push_from(&self.outside, 0);
                }
            }
        }
        Ok(())
    }
}
