//! NumPy archives: one array of a zip, unpacked as a stream.
//!
//! A mask of the globe at 1 km is 933 MB unpacked and 2 MB packed, so it is never held: rows come from the
//! stream in order, and going back begins the stream again. The archive's check sum is compared at its end.

use super::npy::{HEADER_BYTES_MAX, Header, MAGIC, Stored};
use super::samples::{Decode, Samples};
use super::{Georeference, Opened, Registration, Source, lattice};
use crate::error::{Code, FormatError};
use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom, Take},
    ops::Range,
    path::{Path, PathBuf},
};

/// Members of an archive looked through; NumPy writes one an array.
const MEMBERS_MAX: usize = 1_000;
/// Bytes read from the packed file at a time.
const BUFFER_BYTES: usize = 256 << 10;

pub(super) fn open(
    path: &Path,
    array: &str,
    georeference: Option<&Georeference>,
) -> Result<Opened, FormatError> {
    let (file, _) = crate::input::open(path)?;
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|error| failure(path, &error))?;
    if archive.len() > MEMBERS_MAX {
        return Err(FormatError::new(
            Code::OverLimit,
            path,
            format!("it has {} members; {MEMBERS_MAX} are looked through", archive.len()),
        ));
    }
    let member = Member::find(path, &mut archive, array)?;
    let (stream, header) = member.begin(path)?;
    let (bands, rows, columns) = match *header.shape.as_slice() {
        [rows, columns] => (1, rows, columns),
        [bands, rows, columns] => (bands, rows, columns),
        _ => {
            return Err(FormatError::new(
                Code::Schema,
                path,
                format!(
                    "{array} has the shape {:?}; (bands,) rows, columns are needed",
                    header.shape
                ),
            ));
        }
    };
    if [rows, columns].iter().any(|&side| !(2..=lattice::AXIS_MAX).contains(&side)) {
        return Err(FormatError::new(
            Code::Schema,
            path,
            format!(
                "{rows} by {columns} is no raster: each side must be 2 to {}",
                lattice::AXIS_MAX
            ),
        ));
    }
    let (latitudes, longitudes, registration) =
        axes(path, &mut archive, georeference, (rows, columns))?;
    let kind = header.stored.kind();
    let row_bytes = columns * header.stored.size();
    let source = Streamed {
        path: path.to_owned(),
        member,
        stream,
        header,
        rows,
        row_bytes,
        next_row: 0,
        last_row: bands.saturating_mul(rows),
        bytes: Vec::new(),
    };
    Ok(Opened {
        source: Box::new(source),
        kind,
        bands,
        latitudes,
        longitudes,
        registration,
        decode: Decode::PLAIN,
        time: None,
        notes: Vec::new(),
    })
}

/// Latitudes, longitudes and what they stand for: as given, or from the members `lat` and `lon`.
fn axes(
    path: &Path,
    archive: &mut Archive,
    georeference: Option<&Georeference>,
    (rows, columns): (usize, usize),
) -> Result<(Vec<f64>, Vec<f64>, Registration), FormatError> {
    if let Some(place) = georeference {
        let (latitudes, longitudes) = place.axes(rows, columns);
        return Ok((latitudes, longitudes, place.registration));
    }
    let latitudes = axis(path, archive, "lat", rows)?;
    Ok((latitudes, axis(path, archive, "lon", columns)?, Registration::Node))
}

/// Where a member's packed bytes lie.
struct Member {
    name: String,
    start: u64,
    packed_bytes: u64,
    crc32: u32,
    deflated: bool,
}

type Archive = zip::ZipArchive<BufReader<File>>;

impl Member {
    fn find(path: &Path, archive: &mut Archive, array: &str) -> Result<Self, FormatError> {
        let name = format!("{array}.npy");
        let names: Vec<String> = archive
            .file_names()
            .filter_map(Result::ok)
            .take(20)
            .map(std::borrow::Cow::into_owned)
            .collect();
        let Some(index) = archive.index_for_name(&name) else {
            return Err(FormatError::new(
                Code::Schema,
                path,
                format!("it has no array {array:?}; it has {}", names.join(", ")),
            ));
        };
        let found = archive.by_index_raw(index).map_err(|error| failure(path, &error))?;
        let deflated = match found.compression() {
            zip::CompressionMethod::Stored => false,
            zip::CompressionMethod::Deflated => true,
            other => {
                return Err(FormatError::new(
                    Code::Unsupported,
                    path,
                    format!("{name} is packed by {other:?}; DEFLATE is read"),
                ));
            }
        };
        let start = found.data_start().ok_or_else(|| {
            FormatError::new(Code::FileDamaged, path, format!("where {name} begins is not known"))
        })?;
        Ok(Self {
            name,
            start,
            packed_bytes: found.compressed_size(),
            crc32: found.crc32(),
            deflated,
        })
    }

    /// The stream at its first value, and what the header says.
    fn begin(&self, path: &Path) -> Result<(Stream, Header), FormatError> {
        let io = |error: &std::io::Error| FormatError::io(path, error);
        let mut file = File::open(path).map_err(|error| io(&error))?;
        file.seek(SeekFrom::Start(self.start)).map_err(|error| io(&error))?;
        let packed = BufReader::with_capacity(BUFFER_BYTES, file.take(self.packed_bytes));
        let unpack = if self.deflated {
            Unpack::Deflated(flate2::bufread::DeflateDecoder::new(packed))
        } else {
            Unpack::Stored(packed)
        };
        let mut stream = Stream { unpack, sum: flate2::Crc::new() };
        let damaged = |reason: String| {
            FormatError::new(Code::FileFormat, path, format!("{}: {reason}", self.name))
        };
        let mut head = [0; 8];
        stream.fill(&mut head).map_err(|error| io(&error))?;
        if !head.starts_with(MAGIC) {
            return Err(damaged("it is no NumPy array".to_owned()));
        }
        let mut length = [0; 4];
        let size = if head[6] == 1 { 2 } else { 4 };
        stream.fill(&mut length[..size]).map_err(|error| io(&error))?;
        let length = u32::from_le_bytes(length) as usize;
        if length > HEADER_BYTES_MAX {
            return Err(damaged(format!("its header has {length} bytes")));
        }
        let mut text = vec![0; length];
        stream.fill(&mut text).map_err(|error| io(&error))?;
        let header = Header::parse(&String::from_utf8_lossy(&text)).map_err(damaged)?;
        Ok((stream, header))
    }
}

enum Unpack {
    Stored(BufReader<Take<File>>),
    Deflated(flate2::bufread::DeflateDecoder<BufReader<Take<File>>>),
}

struct Stream {
    unpack: Unpack,
    sum: flate2::Crc,
}

impl Stream {
    fn fill(&mut self, into: &mut [u8]) -> std::io::Result<()> {
        match &mut self.unpack {
            Unpack::Stored(reader) => reader.read_exact(into),
            Unpack::Deflated(reader) => reader.read_exact(into),
        }?;
        self.sum.update(into);
        Ok(())
    }
}

struct Streamed {
    path: PathBuf,
    member: Member,
    stream: Stream,
    header: Header,
    rows: usize,
    row_bytes: usize,
    /// Counted over all bands.
    next_row: usize,
    last_row: usize,
    bytes: Vec<u8>,
}

impl Source for Streamed {
    fn read(
        &mut self,
        band: usize,
        rows: Range<usize>,
        into: &mut Samples,
    ) -> Result<(), FormatError> {
        let first = band * self.rows + rows.start;
        if first < self.next_row {
            (self.stream, _) = self.member.begin(&self.path)?;
            self.next_row = 0;
        }
        self.bytes.resize(self.row_bytes, 0);
        for row in self.next_row..first + rows.len() {
            self.stream
                .fill(&mut self.bytes)
                .map_err(|error| FormatError::io(&self.path, &error).at_row(row as u64 + 1))?;
            self.next_row = row + 1;
            if row >= first {
                convert(&self.bytes, self.header.stored, self.header.big_endian, into);
            }
        }
        if self.next_row == self.last_row && self.stream.sum.sum() != self.member.crc32 {
            return Err(FormatError::new(
                Code::FileDamaged,
                &self.path,
                format!("{} does not agree with its check sum", self.member.name),
            ));
        }
        Ok(())
    }
}

fn convert(bytes: &[u8], stored: Stored, big_endian: bool, into: &mut Samples) {
    macro_rules! numbers {
        ($type:ty, $into:expr, $convert:expr) => {{
            const SIZE: usize = size_of::<$type>();
            let convert: fn($type) -> _ = $convert;
            $into.extend(bytes.as_chunks::<SIZE>().0.iter().map(|&chunk| {
                convert(if big_endian {
                    <$type>::from_be_bytes(chunk)
                } else {
                    <$type>::from_le_bytes(chunk)
                })
            }));
        }};
    }
    match (stored, into) {
        (Stored::Bool | Stored::U8, Samples::U8(into)) => into.extend_from_slice(bytes),
        (Stored::I8, Samples::I16(into)) => numbers!(i8, into, i16::from),
        (Stored::I16, Samples::I16(into)) => numbers!(i16, into, |value| value),
        (Stored::U16, Samples::F32(into)) => numbers!(u16, into, f32::from),
        (Stored::U32, Samples::F32(into)) => numbers!(u32, into, |value| value as f32),
        (Stored::I32, Samples::F32(into)) => numbers!(i32, into, |value| value as f32),
        (Stored::U64, Samples::F32(into)) => numbers!(u64, into, |value| value as f32),
        (Stored::I64, Samples::F32(into)) => numbers!(i64, into, |value| value as f32),
        (Stored::F32, Samples::F32(into)) => numbers!(f32, into, |value| value),
        (Stored::F64, Samples::F32(into)) => numbers!(f64, into, |value| value as f32),
        _ => debug_assert!(false, "samples are of the stored type's kind"),
    }
}

fn axis(
    path: &Path,
    archive: &mut Archive,
    name: &str,
    length: usize,
) -> Result<Vec<f64>, FormatError> {
    let member = Member::find(path, archive, name).map_err(|mut error| {
        error.reason.push_str("; without arrays lat and lon it needs a georeference");
        error
    })?;
    let (mut stream, header) = member.begin(path)?;
    if header.shape != [length] || !matches!(header.stored, Stored::F32 | Stored::F64) {
        return Err(FormatError::new(
            Code::Schema,
            path,
            format!("{name} has the shape {:?} where {length} numbers are needed", header.shape),
        ));
    }
    let mut bytes = vec![0; length * header.stored.size()];
    stream.fill(&mut bytes).map_err(|error| FormatError::io(path, &error))?;
    let values = if header.stored == Stored::F64 {
        let (chunks, _) = bytes.as_chunks::<8>();
        chunks
            .iter()
            .map(|&chunk| {
                if header.big_endian {
                    f64::from_be_bytes(chunk)
                } else {
                    f64::from_le_bytes(chunk)
                }
            })
            .collect()
    } else {
        let (chunks, _) = bytes.as_chunks::<4>();
        chunks
            .iter()
            .map(|&chunk| {
                f64::from(if header.big_endian {
                    f32::from_be_bytes(chunk)
                } else {
                    f32::from_le_bytes(chunk)
                })
            })
            .collect()
    };
    Ok(values)
}

fn failure(path: &Path, error: &zip::result::ZipError) -> FormatError {
    match error {
        zip::result::ZipError::Io(error) => FormatError::io(path, error),
        zip::result::ZipError::UnsupportedArchive(reason) => {
            FormatError::new(Code::Unsupported, path, *reason)
        }
        other => {
            FormatError::new(Code::FileFormat, path, format!("it is no whole zip archive: {other}"))
        }
    }
}
