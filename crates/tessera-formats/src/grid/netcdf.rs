//! netCDF classic, netCDF-4 and plain HDF5: one variable on axes of latitude and longitude, perhaps with time.
//!
//! `netcdf-reader` decodes all three in pure Rust and reads slices, so nothing but the rows asked for is
//! unpacked. Sizes come from the header and are held against limits and the file's length before any reading.

use super::samples::{Decode, Samples};
use super::{Georeference, Opened, Registration, SampleKind, Source, TimeAxis, lattice};
use crate::error::{Code, FormatError};
use netcdf_reader::{
    NcAttrValue, NcFile, NcFormat, NcOpenOptions, NcSliceInfo, NcSliceInfoElem, NcType, NcVariable,
};
use std::{
    ops::Range,
    path::{Path, PathBuf},
};

/// Decoded bytes of one chunk: a publisher's chunk is a few rows or tiles, and a row must fit.
const CHUNK_BYTES_MAX: usize = 64 << 20;
/// Decoded bytes of one read; blocks of rows ask for 4 MiB.
const READ_BYTES_MAX: usize = 256 << 20;
/// Decoded chunks kept, so that rows read one after another decode each chunk once.
const CACHE_BYTES: usize = 128 << 20;

pub(super) fn open(
    path: &Path,
    variable: &str,
    georeference: Option<&Georeference>,
) -> Result<Opened, FormatError> {
    let (_, length) = crate::input::open(path)?;
    let options = NcOpenOptions {
        chunk_cache_bytes: CACHE_BYTES,
        max_chunk_bytes: CHUNK_BYTES_MAX,
        max_read_bytes: READ_BYTES_MAX,
        ..NcOpenOptions::default()
    };
    let file = NcFile::open_with_options(path, options).map_err(|error| failure(path, &error))?;
    let found = find(path, &file, variable)?;
    let shape = found.shape();
    let (bands, rows, columns) = match *shape.as_slice() {
        [rows, columns] => (1, rows, columns),
        [bands, rows, columns] => (bands, rows, columns),
        _ => {
            return Err(FormatError::new(
                Code::Schema,
                path,
                format!(
                    "{variable} has the shape {shape:?}; (time,) latitude, longitude are needed"
                ),
            ));
        }
    };
    let (kind, read) = reading(found.dtype()).ok_or_else(|| {
        FormatError::new(
            Code::Schema,
            path,
            format!("{variable} holds no numbers but {:?}", found.dtype()),
        )
    })?;
    check_size(path, &file, found, [bands, rows, columns], length)?;
    let names: Vec<String> =
        found.dimensions().iter().map(|dimension| dimension.name.clone()).collect();
    check_order(path, &file, variable, &names)?;
    let (latitudes, longitudes) = match georeference {
        Some(place) => place.axes(rows as usize, columns as usize),
        None => (
            axis(path, &file, &names[names.len() - 2], rows)?,
            axis(path, &file, &names[names.len() - 1], columns)?,
        ),
    };
    let time = match names.as_slice() {
        [name, _, _] => time_axis(path, &file, name, bands)?,
        _ => None,
    };
    let registration = georeference.map_or_else(|| registered(&file), |place| place.registration);
    let (decode, ranks) = (decode(found), shape.len());
    let source = Slices { path: path.to_owned(), file, variable: variable.to_owned(), ranks, read };
    Ok(Opened {
        source: Box::new(source),
        kind,
        bands: bands as usize,
        latitudes,
        longitudes,
        registration,
        decode,
        time,
        notes: Vec::new(),
    })
}

/// Rows are latitudes, whatever they are called.
fn check_order(
    path: &Path,
    file: &NcFile,
    variable: &str,
    names: &[String],
) -> Result<(), FormatError> {
    match names {
        [.., rows, _] if file.variable(rows).is_ok_and(is_longitude) => {
            let order = names.join(", ");
            let reason = format!(
                "the dimensions of {variable} are {order}; (time,) latitude, longitude are needed in that order"
            );
            Err(FormatError::new(Code::Schema, path, reason))
        }
        _ => Ok(()),
    }
}

fn find<'f>(path: &Path, file: &'f NcFile, variable: &str) -> Result<&'f NcVariable, FormatError> {
    file.variable(variable).map_err(|_not_there| {
        let names: Vec<&str> = file
            .variables()
            .map(|all| all.iter().take(20).map(NcVariable::name).collect())
            .unwrap_or_default();
        FormatError::new(
            Code::Schema,
            path,
            format!("it has no variable {variable:?}; it has {}", names.join(", ")),
        )
    })
}

/// By its units or its standard name; an axis may be called anything.
fn is_longitude(axis: &NcVariable) -> bool {
    let east = text(axis, "units").is_some_and(|units| {
        let units = units.trim().to_lowercase().replace(['_', ' '], "");
        ["degreeseast", "degreeeast", "degreese", "degreee"].contains(&units.as_str())
    });
    east || text(axis, "standard_name").is_some_and(|name| name.trim() == "longitude")
        || ["lon", "longitude"].contains(&axis.name().to_lowercase().as_str())
}

/// A header may promise more than there is memory for.
fn check_size(
    path: &Path,
    file: &NcFile,
    found: &NcVariable,
    shape: [u64; 3],
    length: u64,
) -> Result<(), FormatError> {
    if shape[1..].iter().any(|&side| side < 2 || side > lattice::AXIS_MAX as u64) {
        return Err(FormatError::new(
            Code::Schema,
            path,
            format!("{shape:?} is no raster: each side must be 2 to {}", lattice::AXIS_MAX),
        ));
    }
    let classic = !matches!(file.format(), NcFormat::Nc4 | NcFormat::Nc4Classic);
    let size = found.dtype().size().unwrap_or(1) as u64;
    let promised = shape.iter().fold(size, |product, &side| product.saturating_mul(side));
    if classic && promised > length {
        return Err(FormatError::new(
            Code::FileTruncated,
            path,
            format!("{} needs {promised} bytes and the file has {length}", found.name()),
        ));
    }
    Ok(())
}

fn axis(path: &Path, file: &NcFile, name: &str, length: u64) -> Result<Vec<f64>, FormatError> {
    let schema = |reason: String| FormatError::new(Code::Schema, path, reason);
    let about = file.variable(name).map_err(|_not_there| {
        schema(format!("the axis {name:?} has no values; give a georeference"))
    })?;
    if about.shape() != [length] || length > lattice::AXIS_MAX as u64 {
        return Err(schema(format!("the axis {name:?} has the shape {:?}", about.shape())));
    }
    let values = file.read_variable_as_f64(name).map_err(|error| failure(path, &error))?;
    if values.len() as u64 != length {
        return Err(schema(format!("the axis {name:?} holds {} values", values.len())));
    }
    Ok(values.iter().copied().collect())
}

/// The leading axis, where it is described.
fn time_axis(
    path: &Path,
    file: &NcFile,
    name: &str,
    steps: u64,
) -> Result<Option<TimeAxis>, FormatError> {
    let Ok(about) = file.variable(name) else { return Ok(None) };
    let says = |attribute| text(about, attribute).unwrap_or_default();
    let (units, calendar) = (says("units"), says("calendar"));
    Ok(Some(TimeAxis { units, calendar, values: axis(path, file, name, steps)? }))
}

fn text(variable: &NcVariable, name: &str) -> Option<String> {
    variable.attribute(name).and_then(|found| found.value.as_string())
}

/// GMT writes `node_offset` = 1 for cells; others say nothing and mean nodes.
fn registered(file: &NcFile) -> Registration {
    match file.global_attribute("node_offset").ok().and_then(|found| found.value.as_f64()) {
        Some(1.0) => Registration::Cell,
        _ => Registration::Node,
    }
}

fn decode(variable: &NcVariable) -> Decode {
    let number = |name: &str| variable.attribute(name).and_then(|found| found.value.as_f64());
    let many = |name: &str| {
        variable
            .attribute(name)
            .and_then(|found: _| NcAttrValue::as_f64_vec(&found.value))
            .unwrap_or_default()
    };
    let mut nodata = many("_FillValue");
    nodata.extend(many("missing_value"));
    nodata.dedup();
    Decode {
        nodata,
        scale: number("scale_factor").unwrap_or(1.0),
        offset: number("add_offset").unwrap_or(0.0),
    }
}

type Read = fn(&NcFile, &str, &NcSliceInfo, &mut Samples) -> netcdf_reader::Result<()>;

macro_rules! reads {
    ($stored:ty => $kind:ident, $convert:expr) => {{
        let read: Read = |file, name, slice, into| {
            let values = file.read_variable_slice::<$stored>(name, slice)?;
            if let Samples::$kind(into) = into {
                let convert: fn($stored) -> _ = $convert;
                match values.as_slice() {
                    Some(values) => into.extend(values.iter().map(|&value| convert(value))),
                    None => into.extend(values.iter().map(|&value| convert(value))),
                }
            }
            Ok(())
        };
        Some((SampleKind::$kind, read))
    }};
}

/// How values of a type are read, and what they become.
fn reading(dtype: &NcType) -> Option<(SampleKind, Read)> {
    match dtype {
        NcType::UByte => reads!(u8 => U8, |value| value),
        NcType::Byte => reads!(i8 => I16, i16::from),
        NcType::Short => reads!(i16 => I16, |value| value),
        NcType::UShort => reads!(u16 => F32, f32::from),
        NcType::Int => reads!(i32 => F32, |value| value as f32),
        NcType::UInt => reads!(u32 => F32, |value| value as f32),
        NcType::Int64 => reads!(i64 => F32, |value| value as f32),
        NcType::UInt64 => reads!(u64 => F32, |value| value as f32),
        NcType::Float => reads!(f32 => F32, |value| value),
        NcType::Double => reads!(f64 => F32, |value| value as f32),
        _ => None,
    }
}

struct Slices {
    path: PathBuf,
    file: NcFile,
    variable: String,
    ranks: usize,
    read: Read,
}

impl Source for Slices {
    fn read(
        &mut self,
        band: usize,
        rows: Range<usize>,
        into: &mut Samples,
    ) -> Result<(), FormatError> {
        let all = NcSliceInfoElem::Slice { start: 0, end: u64::MAX, step: 1 };
        let rows =
            NcSliceInfoElem::Slice { start: rows.start as u64, end: rows.end as u64, step: 1 };
        let mut selections = vec![rows, all];
        if self.ranks == 3 {
            selections.insert(0, NcSliceInfoElem::Index(band as u64));
        }
        (self.read)(&self.file, &self.variable, &NcSliceInfo { selections }, into)
            .map_err(|error| failure(&self.path, &error))
    }
}

fn failure(path: &Path, error: &netcdf_reader::Error) -> FormatError {
    use netcdf_reader::Error;
    match error {
        Error::Io(error) => FormatError::io(path, error),
        Error::InvalidMagic => {
            FormatError::new(Code::FileFormat, path, "it is no netCDF and no HDF5 file")
        }
        Error::UnexpectedEof { offset, needed, available } => FormatError::new(
            Code::FileTruncated,
            path,
            format!("at byte {offset} it needs {needed} bytes and has {available}"),
        ),
        Error::UnsupportedFeature(_) | Error::UnsupportedVersion(_) => {
            FormatError::new(Code::Unsupported, path, error.to_string())
        }
        other => {
            let sentence = other.to_string();
            let truncated = sentence.contains("end of file") || sentence.contains("EOF");
            let code = if truncated { Code::FileTruncated } else { Code::FileDamaged };
            FormatError::new(code, path, sentence)
        }
    }
}
