//! What goes wrong with a file, and with a row of it.
//!
//! A file is broken as a whole or it is not; a row that is bad never stops the rows after it. Codes are stable:
//! programs decide by them. Sentences are for the person who has to get a better file.

use std::{fmt, path::Path};

/// Why a file could not be read. A variant for each thing one would do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// There is no such file.
    FileMissing,
    /// The system refused to read it.
    FileUnreadable,
    /// It is not of the format it should be of.
    FileFormat,
    /// It ends before what it promises.
    FileTruncated,
    /// It contradicts itself or its check sum.
    FileDamaged,
    /// It is larger than a limit of this crate.
    OverLimit,
    /// It uses a part of its format that is not read here.
    Unsupported,
    /// What was asked for is not in it, or not in the shape asked for.
    Schema,
    /// Its axes are not regular, or not on the globe.
    AxisIrregular,
    /// Its coordinate system cannot be brought to WGS 84.
    CrsUnknown,
}

impl Code {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FileMissing => "file_missing",
            Self::FileUnreadable => "file_unreadable",
            Self::FileFormat => "file_format",
            Self::FileTruncated => "file_truncated",
            Self::FileDamaged => "file_damaged",
            Self::OverLimit => "over_limit",
            Self::Unsupported => "unsupported",
            Self::Schema => "schema",
            Self::AxisIrregular => "axis_irregular",
            Self::CrsUnknown => "crs_unknown",
        }
    }

    /// What a person can do about it, one sentence.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::FileMissing => "Fetch it, or correct its name",
            Self::FileUnreadable => "Check the file's rights and its disk",
            Self::FileFormat => {
                "Check that it is the publisher's file and that its format is named rightly"
            }
            Self::FileTruncated => "Fetch it again: it is shorter than it says",
            Self::FileDamaged => "Fetch it again and compare its check sum with the publisher's",
            Self::OverLimit => {
                "Cut it to the area that is needed, or ask for the limit to be raised"
            }
            Self::Unsupported => {
                "Convert it (gdal_translate, ogr2ogr) to a plain form of its format"
            }
            Self::Schema => "Compare the names in the sources file with what the file holds",
            Self::AxisIrregular => {
                "Resample it to a regular grid of latitude and longitude (gdalwarp)"
            }
            Self::CrsUnknown => {
                "Reproject it to EPSG:4326 (gdalwarp, ogr2ogr), or correct its .prj"
            }
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}. {}.", code.remedy())]
pub struct FormatError {
    pub code: Code,
    /// Its name without its folder.
    pub file: String,
    /// What is wrong, without a full stop.
    pub reason: String,
    /// The row where reading ended, as the file counts, where rows are counted.
    pub row: Option<u64>,
}

impl FormatError {
    pub(crate) fn new(code: Code, path: &Path, reason: impl Into<String>) -> Self {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self { code, file, reason: reason.into(), row: None }
    }

    pub(crate) fn at_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// A failure of the system; an end of file that nobody expected is the file's fault.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        let (code, reason) = match error.kind() {
            std::io::ErrorKind::NotFound => (Code::FileMissing, "it is not there".to_owned()),
            std::io::ErrorKind::UnexpectedEof => {
                (Code::FileTruncated, "it ends in the middle of its data".to_owned())
            }
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => {
                (Code::FileDamaged, format!("its data cannot be decoded: {error}"))
            }
            _ => (Code::FileUnreadable, format!("it cannot be read: {error}")),
        };
        Self::new(code, path, reason)
    }
}

/// A row that could not be used; it goes to quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// As the file counts: 1 is its first feature, line or row of data.
    pub row: u64,
    /// Stable: `geometry_missing`, `geometry_broken`, `position_range`, `json_broken`, `row_broken`,
    /// `row_deleted`, `row_shape`, `cell_error`, `record_too_large`.
    pub reason_code: &'static str,
    pub sentence: String,
}

impl BadRow {
    pub(crate) fn new(row: u64, reason_code: &'static str, sentence: impl Into<String>) -> Self {
        Self { row, reason_code, sentence: sentence.into() }
    }
}

/// Something a person should know about a file that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable: `prj_missing`, `datum_unknown`, `axis_drift`, `reprojected`, `column_unnamed`, `table_missing`.
    pub code: &'static str,
    pub sentence: String,
}

impl Note {
    pub(crate) fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

/// What a reader hands to its caller, row after row.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<T> {
    Good(T),
    Bad(BadRow),
}

/// Bad rows of a file that are kept: nobody reads more, and a file may hold millions.
pub const BAD_ROWS_MAX: usize = 5_000;

/// A file's rows, all of them that are good.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<T> {
    pub items: Vec<T>,
    /// The first [`BAD_ROWS_MAX`].
    pub bad: Vec<BadRow>,
    /// How many bad rows came after those.
    pub bad_more: u64,
    pub notes: Vec<Note>,
}

impl<T> Batch<T> {
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new(), bad: Vec::new(), bad_more: 0, notes: Vec::new() }
    }

    pub(crate) fn take(&mut self, entry: Entry<T>) {
        match entry {
            Entry::Good(item) => self.items.push(item),
            Entry::Bad(row) if self.bad.len() < BAD_ROWS_MAX => self.bad.push(row),
            Entry::Bad(_) => self.bad_more += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_sentence_that_names_the_file_and_says_what_to_do() {
        let error =
            FormatError::new(Code::FileTruncated, Path::new("/in/box/a.tif"), "it ends at row 7");
        assert_eq!(
            error.to_string(),
            "a.tif: it ends at row 7. Fetch it again: it is shorter than it says."
        );
        assert_eq!(error.code.to_string(), "file_truncated");
    }
}
