//! Pictures of class numbers: 8-bit PNG, read row by row.
//!
//! A PNG says nothing about where it lies, so its georeference is an argument; the whole globe at 100 arc
//! seconds would be 84 MB, so it is never held.

use super::samples::{Decode, Samples};
use super::{Georeference, Opened, SampleKind, Source, lattice};
use crate::error::{Code, FormatError};
use png::{BitDepth, ColorType};
use std::{
    fs::File,
    io::BufReader,
    ops::Range,
    path::{Path, PathBuf},
};

/// What the decoder may hold: a row, its predecessor and text chunks; a row is at most `AXIS_MAX` bytes.
const DECODER_BYTES_MAX: usize = 8 << 20;

type Reader = png::Reader<BufReader<File>>;

pub(super) fn open(
    path: &Path,
    georeference: Option<&Georeference>,
) -> Result<Opened, FormatError> {
    let Some(place) = georeference else {
        return Err(FormatError::new(
            Code::Schema,
            path,
            "a picture does not say where it lies; give a georeference",
        ));
    };
    let reader = begin(path)?;
    let info = reader.info();
    let unsupported = |reason: &str| Err(FormatError::new(Code::Unsupported, path, reason));
    if !matches!(
        (info.color_type, info.bit_depth),
        (ColorType::Grayscale | ColorType::Indexed, BitDepth::Eight)
    ) {
        return unsupported("it is not an 8-bit greyscale or indexed picture");
    }
    if info.interlaced {
        return unsupported("it is interlaced, and is read row by row");
    }
    let (columns, rows) = (info.width as usize, info.height as usize);
    if [rows, columns].iter().any(|&side| !(2..=lattice::AXIS_MAX).contains(&side)) {
        return Err(FormatError::new(
            Code::OverLimit,
            path,
            format!("{columns} by {rows} pixels: each side must be 2 to {}", lattice::AXIS_MAX),
        ));
    }
    let (latitudes, longitudes) = place.axes(rows, columns);
    Ok(Opened {
        source: Box::new(Pixels { path: path.to_owned(), reader, columns, next_row: 0 }),
        kind: SampleKind::U8,
        bands: 1,
        latitudes,
        longitudes,
        registration: place.registration,
        decode: Decode::PLAIN,
        time: None,
        notes: Vec::new(),
    })
}

fn begin(path: &Path) -> Result<Reader, FormatError> {
    let (file, _) = crate::input::open(path)?;
    let limits = png::Limits { bytes: DECODER_BYTES_MAX };
    png::Decoder::new_with_limits(BufReader::with_capacity(256 << 10, file), limits)
        .read_info()
        .map_err(|error| failure(path, &error))
}

struct Pixels {
    path: PathBuf,
    reader: Reader,
    columns: usize,
    next_row: usize,
}

impl Source for Pixels {
    fn read(
        &mut self,
        _band: usize,
        rows: Range<usize>,
        into: &mut Samples,
    ) -> Result<(), FormatError> {
        if rows.start < self.next_row {
            self.reader = begin(&self.path)?;
            self.next_row = 0;
        }
        let Samples::U8(into) = into else {
            return Ok(());
        };
        for row in self.next_row..rows.end {
            let line = match self.reader.next_row() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    let reason = format!("it has only {row} rows");
                    return Err(FormatError::new(Code::FileTruncated, &self.path, reason));
                }
                Err(error) => return Err(failure(&self.path, &error).at_row(row as u64 + 1)),
            };
            if row >= rows.start {
                into.extend_from_slice(line.data().get(..self.columns).unwrap_or_default());
            }
            self.next_row = row + 1;
        }
        Ok(())
    }
}

fn failure(path: &Path, error: &png::DecodingError) -> FormatError {
    match error {
        png::DecodingError::IoError(error) => FormatError::io(path, error),
        png::DecodingError::LimitsExceeded => {
            FormatError::new(Code::OverLimit, path, "a row or a text of it is too large")
        }
        other => FormatError::new(
            Code::FileDamaged,
            path,
            format!("it is no whole PNG picture: {other}"),
        ),
    }
}
