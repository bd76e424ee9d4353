//! From a publisher's file, as `tessera-formats` reads it, to what a layer asks for. Nothing is repaired:
//! a file that cannot be used stops its dataset ([`Broken`]), a row that cannot is left out by name.

pub mod grids;
pub mod places;
pub mod shapes;

use std::{fmt, path::Path};
use tessera_formats::{BadRow, Code, FormatError};

/// Rows left out: row, rule, reason.
pub type BadRows = Vec<(u64, &'static str, String)>;

/// Why a dataset stopped: file, row and rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub rule: &'static str,
    pub file: String,
    /// As the file counts, 1 is the first; `None` where the whole file is meant.
    pub row: Option<u64>,
    pub reason: String,
}

impl Broken {
    pub fn new(rule: &'static str, path: &Path, reason: impl Into<String>) -> Self {
        Self { rule, file: file_name(path), row: None, reason: reason.into() }
    }

    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{}, row {row}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

impl std::error::Error for Broken {}

impl From<FormatError> for Broken {
    fn from(error: FormatError) -> Self {
        let rule = match error.code {
            Code::FileMissing => "file_missing",
            Code::FileTruncated => "file_truncated",
            Code::Schema => "schema",
            Code::AxisIrregular => "axis_irregular",
            Code::CrsUnknown => "projection",
            Code::FileUnreadable
            | Code::FileFormat
            | Code::FileDamaged
            | Code::OverLimit
            | Code::Unsupported => "file_unreadable",
        };
        let reason = format!("{}; {}", error.reason, error.code.remedy());
        Self { rule, file: error.file, row: error.row, reason }
    }
}

pub fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// A file that ends before its header says it should is named for that; any other failure is unreadable.
pub fn read_failure(path: &Path, error: &std::io::Error) -> Broken {
    let rule = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "file_truncated",
        std::io::ErrorKind::NotFound => "file_missing",
        _ => "file_unreadable",
    };
    Broken::new(rule, path, error.to_string())
}

/// The rows a reader left out, under the rules of the table.
pub fn bad_rows(bad: Vec<BadRow>) -> BadRows {
    let rule = |row: &BadRow| match row.reason_code {
        "geometry_missing" | "geometry_broken" => "geometry",
        "position_range" => "position_range",
        _ => "row_broken",
    };
    bad.into_iter().map(|row| (row.row, rule(&row), row.sentence)).collect()
}
