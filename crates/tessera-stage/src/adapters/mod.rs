//! One file per publisher's format. An adapter reads and never repairs: what it cannot read stops the
//! dataset ([`Broken`]), a row it must leave out goes to quarantine, a quirk it works around is a finding.

pub mod netcdf;
pub mod picture;
pub mod places;
pub mod vectors;

use std::{fmt, path::Path};

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
