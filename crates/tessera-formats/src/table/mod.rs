//! Tables: rows of named cells.
//!
//! Cells are JSON values: a CSV's are texts (numbers are read from them strictly, by [`crate::number_of`]), a
//! spreadsheet's and a JSON file's have their own types. Blank text is missing and comes as null.

mod csv;
mod json;
mod xlsx;

pub use csv::ends_in_a_quote;

use crate::error::{Batch, Entry, FormatError, Note};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Rows of one table at most.
pub(crate) const ROWS_MAX: u64 = 20_000_000;
/// Columns of one table at most; spreadsheets allow 16,384.
pub(crate) const COLUMNS_MAX: usize = 16_384;

/// Cells of one table at most, empty ones too: a file of commas alone must not become a hundred times its size.
pub(crate) const CELLS_MAX: u64 = 10_000_000;

/// Which format a table has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum TableFormat {
    /// UTF-8, or Latin-1 where it is not; any line ends; also gzip. The delimiter is told from the first line
    /// (comma, semicolon, tab or bar) unless it is given.
    Csv {
        #[serde(default)]
        delimiter: Option<char>,
    },
    /// One sheet, the first unless it is named; its first row names the columns.
    Xlsx {
        #[serde(default)]
        sheet: Option<String>,
    },
    /// A list of objects, or an object with one member that is such a list.
    Json,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// 1 is the first row after the names of the columns.
    pub row: u64,
    /// By column. A column without a name is `column 1`, counted from the left; one whose name was there before
    /// gets its number behind it.
    pub cells: Map<String, Value>,
}

/// Hands every row to `take`; what a person should know about the file comes back.
pub fn read_table(
    path: &Path,
    format: &TableFormat,
    take: &mut dyn FnMut(Entry<Row>),
) -> Result<Vec<Note>, FormatError> {
    match format {
        TableFormat::Csv { delimiter } => csv::read(path, *delimiter, take),
        TableFormat::Xlsx { sheet } => xlsx::read(path, sheet.as_deref(), take),
        TableFormat::Json => json::read(path, take),
    }
}

/// All rows at once.
pub fn table(path: &Path, format: &TableFormat) -> Result<Batch<Row>, FormatError> {
    let mut batch = Batch::new();
    let notes = read_table(path, format, &mut |entry| batch.take(entry))?;
    batch.notes = notes;
    Ok(batch)
}

/// Names for all columns, and a note where the file has none for some.
fn columns(names: Vec<String>, notes: &mut Vec<Note>) -> Vec<String> {
    let mut named: Vec<String> = Vec::with_capacity(names.len());
    let mut without = 0;
    for (index, name) in names.into_iter().enumerate() {
        let name = name.trim();
        let name = if name.is_empty() {
            without += 1;
            format!("column {}", index + 1)
        } else if named.iter().any(|before| before == name) {
            format!("{name} {}", index + 1)
        } else {
            name.to_owned()
        };
        named.push(name);
    }
    if without > 0 {
        notes.push(Note::new("column_unnamed", format!("{without} of its columns have no name")));
    }
    named
}
