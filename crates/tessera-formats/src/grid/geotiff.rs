//! GeoTIFF: strips or tiles, one or more channels, in any coordinate system that is known.
//!
//! A chunk (strip or tile) is decoded once and kept while rows are read from it; how much is kept is bounded,
//! so a raster of 43,200 columns costs its rows and no more. A raster that does not lie on longitude and
//! latitude of WGS 84 is read through [`super::warp`].

use super::geokeys::{self, Placed};
use super::samples::{Decode, Samples};
use super::warp::Warped;
use super::{Georeference, Opened, SampleKind, Source, lattice};
use crate::error::{Code, FormatError, Note};
use std::{
    collections::VecDeque,
    fs::File,
    io::BufReader,
    ops::Range,
    path::{Path, PathBuf},
};
use tiff::decoder::{ChunkType, Decoder, DecodingSampleType, Limits};
use tiff::tags::{PlanarConfiguration, Tag};
use tiff::{ColorType, TiffError};

/// Strips or tiles of one image: a globe in rows of 10 arc seconds has 64,800.
const CHUNKS_MAX: u64 = 1 << 22;
/// Bytes of a directory entry: offsets and counts of that many chunks.
const ENTRY_BYTES_MAX: usize = 64 << 20;
/// Decoded bytes of one strip or tile.
const CHUNK_BYTES_MAX: usize = 128 << 20;
/// Decoded chunks kept: a row of tiles of the widest raster, and what a reprojection jumps about in.
const CACHE_BYTES: usize = 128 << 20;
/// Channels at most; images from satellites have dozens.
const CHANNELS_MAX: u16 = 256;

pub(super) fn open(
    path: &Path,
    georeference: Option<&Georeference>,
) -> Result<Opened, FormatError> {
    let (mut tiff, nodata) = Tiff::open(path)?;
    let (rows, columns) = (tiff.rows, tiff.columns);
    let decode = Decode { nodata: nodata.into_iter().collect(), ..Decode::PLAIN };
    let (kind, bands) = (tiff.stored.kind(), tiff.channels);
    if let Some(place) = georeference {
        let (latitudes, longitudes) = place.axes(rows, columns);
        return Ok(Opened {
            source: Box::new(tiff),
            kind,
            bands,
            latitudes,
            longitudes,
            registration: place.registration,
            decode,
            time: None,
            notes: Vec::new(),
        });
    }
    let placed = geokeys::read(path, &mut tiff.decoder)?;
    if placed.crs.is_plain() {
        let (latitudes, longitudes) = placed.axes(rows, columns);
        let notes = placed.crs.notes().to_vec();
        let registration = placed.registration;
        let source = Box::new(tiff);
        return Ok(Opened {
            source,
            kind,
            bands,
            latitudes,
            longitudes,
            registration,
            decode,
            time: None,
            notes,
        });
    }
    warped(path, tiff, placed, decode)
}

fn warped(
    path: &Path,
    tiff: Tiff,
    placed: Placed,
    mut decode: Decode,
) -> Result<Opened, FormatError> {
    let (kind, bands) = (tiff.stored.kind(), tiff.channels);
    let mut notes = placed.crs.notes().to_vec();
    notes.push(Note::new(
        "reprojected",
        format!("its values lie in {}; each cell takes the nearest of them", placed.crs.name()),
    ));
    let registration = placed.registration;
    let outside = decode.nodata.first().copied();
    let (warped, latitudes, longitudes) = Warped::new(path, tiff, placed, outside)?;
    decode.nodata.extend(warped.outside().filter(|value| Some(*value) != outside));
    Ok(Opened {
        source: Box::new(warped),
        kind,
        bands,
        latitudes,
        longitudes,
        registration,
        decode,
        time: None,
        notes,
    })
}

/// One image and the chunks of it that are decoded.
pub(super) struct Tiff {
    path: PathBuf,
    decoder: Decoder<BufReader<File>>,
    stored: Kind,
    pub(super) rows: usize,
    pub(super) columns: usize,
    channels: usize,
    chunk: (usize, usize),
    across: usize,
    /// Most recently decoded last.
    cache: VecDeque<(u32, Samples)>,
    cached_max: usize,
    bytes: Vec<u8>,
}

/// A stored type and how its bytes become samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind(DecodingSampleType);

impl Kind {
    const fn kind(self) -> SampleKind {
        match self.0 {
            DecodingSampleType::U8 => SampleKind::U8,
            DecodingSampleType::I8 | DecodingSampleType::I16 => SampleKind::I16,
            _ => SampleKind::F32,
        }
    }
}

impl Tiff {
    /// The first image of the file, and the value it names as unknown.
    fn open(path: &Path) -> Result<(Self, Option<f64>), FormatError> {
        let (file, _) = crate::input::open(path)?;
        let fail = |error: TiffError| failure(path, &error);
        let mut limits = Limits::default();
        limits.decoding_buffer_size = CHUNK_BYTES_MAX;
        limits.intermediate_buffer_size = CHUNK_BYTES_MAX;
        limits.ifd_value_size = ENTRY_BYTES_MAX;
        let mut decoder = Decoder::new(BufReader::with_capacity(256 << 10, file))
            .map_err(fail)?
            .with_limits(limits);
        let (columns, rows) = decoder.dimensions().map_err(fail)?;
        let (columns, rows) = (columns as usize, rows as usize);
        if [rows, columns].iter().any(|&side| !(2..=lattice::AXIS_MAX).contains(&side)) {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!("{columns} by {rows} pixels: each side must be 2 to {}", lattice::AXIS_MAX),
            ));
        }
        let channels = channels(path, &mut decoder)?;
        let (across, chunk) = chunks(path, &mut decoder, rows, columns, channels)?;
        let layout = decoder.image_chunk_buffer_layout(0).map_err(fail)?;
        let stored = layout.sample_type.ok_or_else(|| {
            FormatError::new(Code::Unsupported, path, "its samples are of a kind that is not read")
        })?;
        let nodata = decoder
            .find_tag(Tag::GdalNodata)
            .ok()
            .flatten()
            .and_then(|value| value.into_string().ok())
            .and_then(|text| text.trim_matches(['\0', ' ']).parse::<f64>().ok());
        let chunk_bytes = chunk.0.saturating_mul(chunk.1).saturating_mul(8).max(1);
        let tiff = Self {
            path: path.to_owned(),
            decoder,
            stored: Kind(stored),
            rows,
            columns,
            channels,
            chunk,
            across,
            cache: VecDeque::new(),
            cached_max: (CACHE_BYTES / chunk_bytes).max(across),
            bytes: Vec::new(),
        };
        Ok((tiff, nodata))
    }

    pub(super) const fn kind(&self) -> SampleKind {
        self.stored.kind()
    }

    /// Where a pixel's value is: its chunk, and its place in the samples of that chunk.
    const fn place(&self, row: usize, column: usize) -> (u32, usize) {
        let (width, height) = self.chunk;
        let index = row / height * self.across + column / width;
        let left = self.columns - column / width * width;
        let wide = if left < width { left } else { width };
        (index as u32, row % height * wide + column % width)
    }

    /// Appends one pixel.
    pub(super) fn pixel(
        &mut self,
        band: usize,
        (row, column): (usize, usize),
        into: &mut Samples,
    ) -> Result<(), FormatError> {
        let (index, place) = self.place(row, column);
        let channels = self.channels;
        into.push_from(self.chunk(index)?, place * channels + band);
        Ok(())
    }

    /// The samples of a chunk, all channels of it.
    fn chunk(&mut self, index: u32) -> Result<&Samples, FormatError> {
        if let Some(at) = self.cache.iter().rposition(|(cached, _)| *cached == index) {
            return Ok(&self.cache[at].1);
        }
        let mut samples = if self.cache.len() >= self.cached_max {
            self.cache
                .pop_front()
                .map_or_else(|| Samples::empty(self.stored.kind()), |(_, old)| old)
        } else {
            Samples::empty(self.stored.kind())
        };
        samples.clear();
        self.decode(index, &mut samples)?;
        self.cache.push_back((index, samples));
        let last = self.cache.len() - 1;
        Ok(&self.cache[last].1)
    }

    fn decode(&mut self, index: u32, into: &mut Samples) -> Result<(), FormatError> {
        let fail = |error: TiffError| failure(&self.path, &error);
        let layout = self.decoder.image_chunk_buffer_layout(index).map_err(fail)?;
        if layout.len > CHUNK_BYTES_MAX || layout.sample_type != Some(self.stored.0) {
            return Err(FormatError::new(
                Code::OverLimit,
                &self.path,
                format!(
                    "a strip or tile of it has {} bytes; {CHUNK_BYTES_MAX} are decoded",
                    layout.len
                ),
            ));
        }
        let (width, height) = self.decoder.chunk_data_dimensions(index);
        let row = width as usize * self.channels * size(self.stored.0);
        if layout.row_stride.is_some_and(|stride| stride.get() != row)
            || layout.len != row * height as usize
        {
            return Err(FormatError::new(Code::Unsupported, &self.path, "its rows are padded"));
        }
        // One row strips that are decoded one after another use the same bytes.
        if let Samples::U8(values) = into
            && self.stored.0 == DecodingSampleType::U8
        {
            values.resize(layout.len, 0);
            return self.decoder.read_chunk_bytes(index, values).map_err(fail);
        }
        self.bytes.resize(layout.len, 0);
        self.decoder.read_chunk_bytes(index, &mut self.bytes).map_err(fail)?;
        convert(&self.bytes, self.stored.0, into);
        Ok(())
    }
}

impl Source for Tiff {
    fn read(
        &mut self,
        band: usize,
        rows: Range<usize>,
        into: &mut Samples,
    ) -> Result<(), FormatError> {
        let (columns, (width, _), channels) = (self.columns, self.chunk, self.channels);
        for row in rows {
            for first in (0..columns).step_by(width) {
                let (index, place) = self.place(row, first);
                let count = width.min(columns - first);
                let samples = self.chunk(index)?;
                if channels == 1 {
                    into.append(samples, place..place + count);
                } else {
                    (place..place + count)
                        .for_each(|pixel| into.push_from(samples, pixel * channels + band));
                }
            }
        }
        Ok(())
    }
}

fn channels(path: &Path, decoder: &mut Decoder<BufReader<File>>) -> Result<usize, FormatError> {
    let fail = |error: TiffError| failure(path, &error);
    let channels: u16 = decoder.find_tag_unsigned(Tag::SamplesPerPixel).map_err(fail)?.unwrap_or(1);
    if channels == 0 || channels > CHANNELS_MAX {
        return Err(FormatError::new(Code::OverLimit, path, format!("it has {channels} channels")));
    }
    let planar: Option<u16> = decoder.find_tag_unsigned(Tag::PlanarConfiguration).map_err(fail)?;
    let planar = planar.is_some_and(|value| value == PlanarConfiguration::Planar.to_u16());
    let color = decoder.colortype().map_err(fail)?;
    let unsupported = match color {
        _ if planar && channels > 1 => Some("its channels lie apart (planar)".to_owned()),
        ColorType::YCbCr(_) | ColorType::Lab(_) => {
            Some("it is a photograph, not values".to_owned())
        }
        other if other.bit_depth() < 8 => {
            Some(format!("its samples have {} bits", other.bit_depth()))
        }
        _ => None,
    };
    match unsupported {
        Some(reason) => Err(FormatError::new(Code::Unsupported, path, reason)),
        None => Ok(usize::from(channels)),
    }
}

/// Chunks across, and width and height of one.
fn chunks(
    path: &Path,
    decoder: &mut Decoder<BufReader<File>>,
    rows: usize,
    columns: usize,
    channels: usize,
) -> Result<(usize, (usize, usize)), FormatError> {
    let fail = |error: TiffError| failure(path, &error);
    let (width, height) = decoder.chunk_dimensions();
    let (width, height) = (width as usize, height as usize);
    if width == 0 || height == 0 {
        return Err(FormatError::new(Code::FileDamaged, path, "its strips or tiles are empty"));
    }
    let (width, height) =
        (width.min(columns.next_multiple_of(16)), height.min(rows.next_multiple_of(16)));
    let (across, down) = (columns.div_ceil(width), rows.div_ceil(height));
    let needed = across as u64 * down as u64;
    let there = match decoder.get_chunk_type() {
        ChunkType::Strip => decoder
            .find_tag_unsigned_vec::<u64>(Tag::StripOffsets)
            .map_err(fail)?
            .map_or(0, |all| all.len()),
        ChunkType::Tile => decoder.tile_count().map_err(fail)? as usize,
    };
    if needed > CHUNKS_MAX
        || width.saturating_mul(height).saturating_mul(channels) > CHUNK_BYTES_MAX
    {
        return Err(FormatError::new(
            Code::OverLimit,
            path,
            format!("{needed} strips or tiles of {width} by {height} pixels"),
        ));
    }
    if (there as u64) < needed {
        return Err(FormatError::new(
            Code::FileDamaged,
            path,
            format!("it lists {there} strips or tiles where its size needs {needed}"),
        ));
    }
    Ok((across, (width.min(columns), height.min(rows))))
}

const fn size(stored: DecodingSampleType) -> usize {
    match stored {
        DecodingSampleType::U8 | DecodingSampleType::I8 => 1,
        DecodingSampleType::U16 | DecodingSampleType::I16 | DecodingSampleType::F16 => 2,
        DecodingSampleType::U32 | DecodingSampleType::I32 | DecodingSampleType::F32 => 4,
        _ => 8,
    }
}

/// The decoder writes numbers in the machine's own order.
fn convert(bytes: &[u8], stored: DecodingSampleType, into: &mut Samples) {
    macro_rules! numbers {
        ($type:ty, $into:expr, $convert:expr) => {{
            const SIZE: usize = size_of::<$type>();
            let convert: fn($type) -> _ = $convert;
            let (chunks, _) = bytes.as_chunks::<SIZE>();
            $into.extend(chunks.iter().map(|&chunk| convert(<$type>::from_ne_bytes(chunk))));
        }};
    }
    match (stored, into) {
        (DecodingSampleType::U8, Samples::U8(into)) => into.extend_from_slice(bytes),
        (DecodingSampleType::I8, Samples::I16(into)) => numbers!(i8, into, i16::from),
        (DecodingSampleType::I16, Samples::I16(into)) => numbers!(i16, into, |value| value),
        (DecodingSampleType::U16, Samples::F32(into)) => numbers!(u16, into, f32::from),
        (DecodingSampleType::U32, Samples::F32(into)) => numbers!(u32, into, |value| value as f32),
        (DecodingSampleType::I32, Samples::F32(into)) => numbers!(i32, into, |value| value as f32),
        (DecodingSampleType::U64, Samples::F32(into)) => numbers!(u64, into, |value| value as f32),
        (DecodingSampleType::I64, Samples::F32(into)) => numbers!(i64, into, |value| value as f32),
        (DecodingSampleType::F32, Samples::F32(into)) => numbers!(f32, into, |value| value),
        (DecodingSampleType::F64, Samples::F32(into)) => numbers!(f64, into, |value| value as f32),
        _ => {}
    }
}

pub(super) fn failure(path: &Path, error: &TiffError) -> FormatError {
    match error {
        TiffError::IoError(error) => FormatError::io(path, error),
        TiffError::LimitsExceeded => {
            FormatError::new(Code::OverLimit, path, "a strip, a tile or a list of it is too large")
        }
        TiffError::UnsupportedError(reason) => {
            FormatError::new(Code::Unsupported, path, reason.to_string())
        }
        TiffError::FormatError(
            tiff::TiffFormatError::TiffSignatureNotFound
            | tiff::TiffFormatError::TiffSignatureInvalid,
        ) => FormatError::new(Code::FileFormat, path, "it is no TIFF file"),
        other => FormatError::new(Code::FileDamaged, path, other.to_string()),
    }
}
