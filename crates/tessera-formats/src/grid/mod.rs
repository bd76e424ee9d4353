//! Rasters, read by rows or windows and never whole.
//!
//! [`Grid`] is one raster on a regular [`Lattice`] of WGS 84, row 0 in the north, whatever its file does. Values
//! come as `f32` (scaled, NaN where unknown) from any raster, or as stored `u8` or `i16`. Memory is bounded by
//! the rows asked for plus one block of the file.

pub(crate) mod climatology;
mod geokeys;
mod geotiff;
mod lattice;
mod netcdf;
mod npy;
mod npz;
mod picture;
mod samples;
mod warp;

use crate::error::{Code, FormatError, Note};
use lattice::Layout;
pub use lattice::{Bounds, FirstRow, Georeference, Lattice, Registration};
use samples::{Decode, Samples, Stored};
pub use samples::{Sample, SampleKind};
use serde::Deserialize;
use std::{
    ops::Range,
    path::{Path, PathBuf},
};

/// Values a window may hold: 1 GiB of `f32`, the whole globe at 40 arc seconds.
const WINDOW_VALUES_MAX: usize = 1 << 28;
/// Stored values read at a time where rows are walked, so that a decoder is called seldom and a cache holds them.
const BLOCK_VALUES: usize = 1 << 19;
/// Months, years, channels of one raster at most.
const BANDS_MAX: usize = 10_000;

/// Which format a raster's file has, and what of it is wanted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum GridFormat {
    /// netCDF classic or netCDF-4, told apart by the file itself: `(time,) latitude, longitude`.
    NetCdf { variable: String },
    /// HDF5 without dimension scales; needs a georeference. The dataset's name may hold `/`.
    Hdf5 { dataset: String },
    /// Strips or tiles; none, DEFLATE or LZW; several channels are bands.
    GeoTiff,
    /// NumPy: `(bands,) rows, columns`. Without a georeference the members `lat` and `lon` are the axes.
    Npz { array: String },
    /// 8-bit greyscale or indexed, not interlaced; needs a georeference.
    Png,
}

/// What the file does not say, or says wrongly.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridOptions {
    pub georeference: Option<Georeference>,
    /// Stored value that stands for "unknown", beside those the file names.
    pub nodata: Option<f64>,
    /// Measured = stored · scale + offset, in place of what the file says.
    pub scale: Option<f64>,
    pub offset: Option<f64>,
}

/// The leading axis of a raster that has one.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeAxis {
    /// As the file has it, such as `hour since 1980-01-14 14:00:00`.
    pub units: String,
    /// As the file names it, such as `noleap`; empty where it says nothing.
    pub calendar: String,
    pub values: Vec<f64>,
}

/// A part of a raster, in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Window<T> {
    /// Its west may lie below -180 and its east beyond 180, where the window crosses the date line.
    pub lattice: Lattice,
    /// Row by row from the north, each from the west.
    pub values: Vec<T>,
}

impl<T: Copy> Window<T> {
    pub fn get(&self, row: usize, column: usize) -> Option<T> {
        (column < self.lattice.columns)
            .then(|| self.values.get(row * self.lattice.columns + column).copied())?
    }

    /// The value that stands nearest to a position.
    pub fn at(&self, longitude: f64, latitude: f64) -> Option<T> {
        self.get(self.lattice.row_of(latitude)?, self.lattice.column_of(longitude)?)
    }
}

/// Rows of a file in the file's own order; one implementation a format.
trait Source: Send {
    /// Appends the stored values of `rows`, each row in full.
    fn read(
        &mut self,
        band: usize,
        rows: Range<usize>,
        into: &mut Samples,
    ) -> Result<(), FormatError>;
}

/// What a format's reader finds when it opens a file.
struct Opened {
    source: Box<dyn Source>,
    kind: SampleKind,
    bands: usize,
    latitudes: Vec<f64>,
    longitudes: Vec<f64>,
    registration: Registration,
    decode: Decode,
    time: Option<TimeAxis>,
    notes: Vec<Note>,
}

/// A raster, opened.
pub struct Grid {
    path: PathBuf,
    source: Box<dyn Source>,
    kind: SampleKind,
    bands: usize,
    lattice: Lattice,
    layout: Layout,
    decode: Decode,
    bytes: [f32; 256],
    time: Option<TimeAxis>,
    notes: Vec<Note>,
    drift_degrees: f64,
    scratch: Samples,
}

impl std::fmt::Debug for Grid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grid")
            .field("path", &self.path)
            .field("kind", &self.kind)
            .field("bands", &self.bands)
            .field("lattice", &self.lattice)
            .finish_non_exhaustive()
    }
}

impl Grid {
    /// Reads a file's header; values are read later.
    pub fn open(
        path: &Path,
        format: &GridFormat,
        options: &GridOptions,
    ) -> Result<Self, FormatError> {
        let georeference = options.georeference.as_ref();
        let opened = match format {
            GridFormat::NetCdf { variable } | GridFormat::Hdf5 { dataset: variable } => {
                netcdf::open(path, variable, georeference)
            }
            GridFormat::GeoTiff => geotiff::open(path, georeference),
            GridFormat::Npz { array } => npz::open(path, array, georeference),
            GridFormat::Png => picture::open(path, georeference),
        }?;
        Self::assemble(path, opened, options)
    }

    fn assemble(path: &Path, opened: Opened, options: &GridOptions) -> Result<Self, FormatError> {
        if opened.bands == 0 || opened.bands > BANDS_MAX {
            return Err(FormatError::new(
                Code::Schema,
                path,
                format!("it has {} bands; 1 to {BANDS_MAX} are read", opened.bands),
            ));
        }
        let (lattice, layout, drift_degrees) =
            lattice::lattice(&opened.latitudes, &opened.longitudes, opened.registration)
                .map_err(|reason| FormatError::new(Code::AxisIrregular, path, reason))?;
        let mut decode = opened.decode;
        decode.nodata.extend(options.nodata);
        decode.scale = options.scale.unwrap_or(decode.scale);
        decode.offset = options.offset.unwrap_or(decode.offset);
        let mut notes = opened.notes;
        if drift_degrees > lattice.step_longitude.min(lattice.step_latitude) / 100.0 {
            notes.push(Note::new(
                "axis_drift",
                format!("its axes stray up to {drift_degrees:.4} degrees from the regular ones read here"),
            ));
        }
        Ok(Self {
            path: path.to_owned(),
            source: opened.source,
            kind: opened.kind,
            bands: opened.bands,
            lattice,
            layout,
            bytes: decode.bytes(),
            decode,
            time: opened.time,
            notes,
            drift_degrees,
            scratch: Samples::empty(opened.kind),
        })
    }

    pub const fn lattice(&self) -> &Lattice {
        &self.lattice
    }

    /// How values are stored, as far as it matters here.
    pub const fn kind(&self) -> SampleKind {
        self.kind
    }

    /// Rasters of the same lattice in this file: months, channels. At least 1.
    pub const fn bands(&self) -> usize {
        self.bands
    }

    pub const fn time(&self) -> Option<&TimeAxis> {
        self.time.as_ref()
    }

    /// Stored values that stand for "unknown"; reading as `f32` turns them into NaN.
    pub fn nodata(&self) -> &[f64] {
        &self.decode.nodata
    }

    /// What a person should know: a datum taken as WGS 84, axes that drift, a raster reprojected.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How far the file's axes stray from the lattice, degrees.
    pub const fn drift_degrees(&self) -> f64 {
        self.drift_degrees
    }

    /// Reads whole rows, counted from the north, into `into` (`rows.len() · columns` values).
    ///
    /// Cheap in any order for netCDF and GeoTIFF. PNG and NPZ are streams: reading on is cheap, going back
    /// begins again; [`Self::for_each_row`] goes in the file's order.
    pub fn rows<T: Sample>(
        &mut self,
        band: usize,
        rows: Range<usize>,
        into: &mut [T],
    ) -> Result<(), FormatError> {
        self.check::<T>(band, &rows)?;
        let columns = self.lattice.columns;
        if into.len() != rows.len() * columns {
            return Err(self.schema(format!(
                "{} values of room were given for {} rows of {columns}",
                into.len(),
                rows.len()
            )));
        }
        self.load(band, &rows)?;
        for index in 0..rows.len() {
            self.unpack(index, rows.len(), 0..columns, &mut into[index * columns..][..columns]);
        }
        Ok(())
    }

    /// Walks rows in the file's order (which may be from the south) without ever holding more than a block.
    /// `visit` gets the row, counted from the north, and its values from the west.
    pub fn for_each_row<T: Sample>(
        &mut self,
        band: usize,
        rows: Range<usize>,
        mut visit: impl FnMut(usize, &[T]),
    ) -> Result<(), FormatError> {
        self.check::<T>(band, &rows)?;
        let mut row = vec![T::default(); self.lattice.columns];
        for block in self.blocks(&rows) {
            self.load(band, &block)?;
            let count = block.len();
            let mut one = |index: usize| {
                self.unpack(index, count, 0..self.lattice.columns, &mut row);
                visit(block.start + index, &row);
            };
            if self.layout.south_first {
                (0..count).rev().for_each(&mut one);
            } else {
                (0..count).for_each(&mut one);
            }
        }
        Ok(())
    }

    /// The part that lies in a box, `margin` values wider on each side; `None` where they do not meet.
    pub fn window<T: Sample>(
        &mut self,
        band: usize,
        bounds: Bounds,
        margin: usize,
    ) -> Result<Option<Window<T>>, FormatError> {
        let Some((rows, first, columns)) = self.lattice.part(bounds, margin) else {
            return Ok(None);
        };
        self.check::<T>(band, &rows)?;
        let size = rows.len().saturating_mul(columns);
        if size > WINDOW_VALUES_MAX {
            return Err(FormatError::new(
                Code::OverLimit,
                &self.path,
                format!(
                    "the part asked for has {size} values; {WINDOW_VALUES_MAX} are read at most"
                ),
            ));
        }
        let mut values = vec![T::default(); size];
        for block in self.blocks(&rows) {
            self.load(band, &block)?;
            for index in 0..block.len() {
                let at = (block.start - rows.start + index) * columns;
                self.unpack_round(index, block.len(), first, &mut values[at..at + columns]);
            }
        }
        let lattice = Lattice {
            west: self.lattice.west + first as f64 * self.lattice.step_longitude,
            north: self.lattice.latitude(rows.start),
            columns,
            rows: rows.len(),
            ..self.lattice
        };
        Ok(Some(Window { lattice, values }))
    }

    fn check<T: Sample>(&self, band: usize, rows: &Range<usize>) -> Result<(), FormatError> {
        if band >= self.bands {
            return Err(
                self.schema(format!("it has {} bands, and band {band} was asked for", self.bands))
            );
        }
        if rows.start > rows.end || rows.end > self.lattice.rows {
            return Err(self.schema(format!(
                "it has {} rows, and {rows:?} were asked for",
                self.lattice.rows
            )));
        }
        if !T::reads(self.kind) {
            return Err(self.schema(format!(
                "its values are stored as {:?} and cannot be read as {}",
                self.kind,
                std::any::type_name::<T>()
            )));
        }
        Ok(())
    }

    fn schema(&self, reason: String) -> FormatError {
        FormatError::new(Code::Schema, &self.path, reason)
    }

    /// Rows in blocks, in the file's order.
    fn blocks(&self, rows: &Range<usize>) -> Vec<Range<usize>> {
        let each = (BLOCK_VALUES / self.layout.file_columns).max(1);
        let mut blocks: Vec<_> =
            rows.clone().step_by(each).map(|start| start..(start + each).min(rows.end)).collect();
        if self.layout.south_first {
            blocks.reverse();
        }
        blocks
    }

    /// Brings rows, counted from the north, into `scratch`, in the file's order.
    fn load(&mut self, band: usize, rows: &Range<usize>) -> Result<(), FormatError> {
        let Layout { first_row, south_first, file_columns, .. } = self.layout;
        let in_file = if south_first {
            let last = first_row + self.lattice.rows;
            last - rows.end..last - rows.start
        } else {
            first_row + rows.start..first_row + rows.end
        };
        self.scratch.clear();
        self.source.read(band, in_file, &mut self.scratch)?;
        if self.scratch.len() != rows.len() * file_columns {
            return Err(FormatError::new(
                Code::FileDamaged,
                &self.path,
                format!(
                    "{} values were read where {} belong",
                    self.scratch.len(),
                    rows.len() * file_columns
                ),
            ));
        }
        Ok(())
    }

    /// Columns of one loaded row, counted from the north of the block, into `into`.
    fn unpack<T: Sample>(&self, index: usize, count: usize, columns: Range<usize>, into: &mut [T]) {
        let Layout { south_first, file_columns, shift, .. } = self.layout;
        let row = if south_first { count - 1 - index } else { index };
        let stored = Stored { samples: &self.scratch, decode: &self.decode, bytes: &self.bytes };
        let start = row * file_columns;
        let turn = self.lattice.columns - shift;
        let before = columns.start.min(turn)..columns.end.min(turn);
        let after = columns.start.max(turn)..columns.end.max(turn);
        let (left, right) = into.split_at_mut(before.len());
        if !before.is_empty() {
            T::copy(&stored, start + shift + before.start..start + shift + before.end, left);
        }
        if !after.is_empty() {
            T::copy(&stored, start + after.start - turn..start + after.end - turn, right);
        }
    }

    /// As `unpack`, but beginning at a column that may lie before 0 and running round the globe.
    fn unpack_round<T: Sample>(&self, index: usize, count: usize, first: i64, into: &mut [T]) {
        let columns = self.lattice.columns;
        let mut from = first.rem_euclid(columns as i64) as usize;
        let mut done = 0;
        while done < into.len() {
            let length = (columns - from).min(into.len() - done);
            self.unpack(index, count, from..from + length, &mut into[done..done + length]);
            done += length;
            from = 0;
        }
    }
}

impl Lattice {
    /// Rows, first column (which may lie before 0 or past the end where the lattice goes round) and how many.
    fn part(&self, bounds: Bounds, margin: usize) -> Option<(Range<usize>, i64, usize)> {
        let Bounds { west, south, east, north } = bounds;
        if ![west, south, east, north].iter().all(|edge| edge.is_finite())
            || west > east
            || south > north
        {
            return None;
        }
        let margin = margin as f64;
        let to_row = |latitude: f64| (self.north - latitude) / self.step_latitude;
        let first = (to_row(north).floor() - margin).max(0.0);
        let last = (to_row(south).ceil() + margin).min(self.rows as f64 - 1.0);
        let to_column = |longitude: f64| (longitude - self.west) / self.step_longitude;
        let (from, to) = (to_column(west).floor() - margin, to_column(east).ceil() + margin);
        let count = self.columns as f64;
        let (from, to) = if self.goes_round() {
            (from, to.min(from + count - 1.0))
        } else {
            (from.max(0.0), to.min(count - 1.0))
        };
        if first > last || from > to {
            return None;
        }
        Some((first as usize..last as usize + 1, from as i64, (to - from) as usize + 1))
    }
}
