//! How files are opened and held against their limits.

use crate::error::{Code, FormatError};
use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

/// Text formats are read into memory whole, unpacked; the largest known is 15 MB.
pub(crate) const TEXT_BYTES_MAX: u64 = 256 << 20;
/// What a packed file may grow to for each of its bytes. DEFLATE cannot do more than 1032; JSON packs to a tenth.
const GROWTH_MAX: u64 = 200;
/// Below this a packed file may grow as it likes: it does no harm.
const GROWTH_FREE_BYTES: u64 = 16 << 20;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

pub(crate) fn open(path: &Path) -> Result<(File, u64), FormatError> {
    let file = File::open(path).map_err(|error| FormatError::io(path, &error))?;
    let about = file.metadata().map_err(|error| FormatError::io(path, &error))?;
    if !about.is_file() {
        return Err(FormatError::new(Code::FileFormat, path, "it is not a file"));
    }
    Ok((file, about.len()))
}

/// The whole of a file, unpacked if it is gzip.
pub(crate) fn bytes(path: &Path, bytes_max: u64) -> Result<Vec<u8>, FormatError> {
    let (file, length) = open(path)?;
    let over = |size: u64| {
        FormatError::new(
            Code::OverLimit,
            path,
            format!("it holds {size} bytes or more; {bytes_max} are read at most"),
        )
    };
    if length > bytes_max {
        return Err(over(length));
    }
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut head = [0; 2];
    let packed = match std::io::BufRead::fill_buf(&mut reader) {
        Ok(start) if start.len() >= 2 => {
            head.copy_from_slice(&start[..2]);
            head == GZIP_MAGIC
        }
        Ok(_) => false,
        Err(error) => return Err(FormatError::io(path, &error)),
    };
    if !packed {
        let mut all = Vec::with_capacity(length as usize);
        reader
            .take(bytes_max)
            .read_to_end(&mut all)
            .map_err(|error| FormatError::io(path, &error))?;
        return Ok(all);
    }
    let unpacked_max = bytes_max.min(length.saturating_mul(GROWTH_MAX).max(GROWTH_FREE_BYTES));
    let mut all = Vec::new();
    flate2::bufread::MultiGzDecoder::new(reader)
        .take(unpacked_max + 1)
        .read_to_end(&mut all)
        .map_err(|error| FormatError::io(path, &error))?;
    if all.len() as u64 > unpacked_max {
        return Err(FormatError::new(
            Code::OverLimit,
            path,
            format!("its {length} bytes unpack to more than {unpacked_max}"),
        ));
    }
    Ok(all)
}

/// UTF-8 without its mark at the beginning.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
