//! Spreadsheets: one sheet, read cell by cell.
//!
//! Cells come one after another and rows are put together here, because a sheet with one cell at its far end
//! would otherwise claim room for every cell before it. What the archive unpacks to is counted first.

use super::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Row, columns};
use crate::error::{BadRow, Code, Entry, FormatError, Note};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use serde_json::{Map, Number, Value};
use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

/// All members of an archive unpacked; the largest known has 2 MB.
const UNPACKED_BYTES_MAX: u64 = 256 << 20;
const MEMBERS_MAX: usize = 2_000;

pub(super) fn read(
    path: &Path,
    sheet: Option<&str>,
    take: &mut dyn FnMut(Entry<Row>),
) -> Result<Vec<Note>, FormatError> {
    let (file, _) = crate::input::open(path)?;
    let mut reader = BufReader::new(file);
    count_unpacked(path, &mut reader)?;
    reader.rewind().map_err(|error| FormatError::io(path, &error))?;
    let mut book: Xlsx<BufReader<File>> =
        calamine::open_workbook_from_rs(reader).map_err(|error| failure(path, &error))?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(name) if names.iter().any(|known| known == name) => name.to_owned(),
        Some(name) => {
            let reason = format!("it has no sheet {name:?}; it has {}", names.join(", "));
            return Err(FormatError::new(Code::Schema, path, reason));
        }
        None => names
            .first()
            .cloned()
            .ok_or_else(|| FormatError::new(Code::Schema, path, "it has no sheet"))?,
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| failure(path, &error))?;
    let mut sheet = Sheet {
        header: None,
        header_row: 0,
        row: 0,
        rows: 0,
        cells: Vec::new(),
        notes: Vec::new(),
    };
    while let Some(cell) = cells.next_cell().map_err(|error| failure(path, &error))? {
        let (row, column) = cell.get_position();
        if u64::from(row) > ROWS_MAX || column as usize >= COLUMNS_MAX {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!("it has a cell in row {row}, column {column}"),
            ));
        }
        let wide = sheet.header.as_ref().map_or(1, Vec::len) as u64;
        if sheet.rows.saturating_mul(wide) > CELLS_MAX {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!("it has more than {CELLS_MAX} cells"),
            ));
        }
        sheet.put(row, column as usize, cell.get_value(), take);
    }
    sheet.close(take);
    if sheet.header.is_none() {
        return Err(FormatError::new(Code::Schema, path, format!("the sheet {name:?} is empty")));
    }
    Ok(sheet.notes)
}

/// Unpacks every member into nothing: what an archive says about its sizes may be a lie.
fn count_unpacked(path: &Path, reader: &mut BufReader<File>) -> Result<(), FormatError> {
    let broken = |reason: String| {
        FormatError::new(Code::FileFormat, path, format!("it is no whole workbook: {reason}"))
    };
    let mut archive = zip::ZipArchive::new(reader).map_err(|error| broken(error.to_string()))?;
    if archive.len() > MEMBERS_MAX {
        return Err(FormatError::new(
            Code::OverLimit,
            path,
            format!("it has {} parts", archive.len()),
        ));
    }
    let mut left = UNPACKED_BYTES_MAX + 1;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
        let unpacked = std::io::copy(&mut member.take(left), &mut std::io::sink())
            .map_err(|error| broken(error.to_string()))?;
        left -= unpacked;
        if left == 0 {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!("it unpacks to more than {UNPACKED_BYTES_MAX} bytes"),
            ));
        }
    }
    Ok(())
}

struct Sheet {
    header: Option<Vec<String>>,
    header_row: u32,
    row: u32,
    /// Rows put together so far.
    rows: u64,
    /// Column, and value or what went wrong in the sheet.
    cells: Vec<(usize, Result<Value, String>)>,
    notes: Vec<Note>,
}

impl Sheet {
    fn put(
        &mut self,
        row: u32,
        column: usize,
        value: &DataRef<'_>,
        take: &mut dyn FnMut(Entry<Row>),
    ) {
        let value = match value {
            DataRef::Empty => return,
            DataRef::SharedString(text) => Ok(text_value(text)),
            DataRef::Int(number) => Ok(Value::Number((*number).into())),
            DataRef::Float(number) => {
                Ok(Number::from_f64(*number).map_or(Value::Null, Value::Number))
            }
            DataRef::Bool(flag) => Ok(Value::Bool(*flag)),
            DataRef::Error(error) => Err(error.to_string()),
            DataRef::DateTime(date) => {
                Ok(Number::from_f64(date.as_f64()).map_or(Value::Null, Value::Number))
            }
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Ok(text_value(text))
            }
        };
        if row != self.row {
            self.close(take);
            self.row = row;
        }
        self.cells.push((column, value));
    }

    /// The row is whole.
    fn close(&mut self, take: &mut dyn FnMut(Entry<Row>)) {
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return;
        }
        self.rows += 1;
        let Some(header) = &self.header else {
            let width = cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
            let mut names = vec![String::new(); width];
            for (column, value) in cells {
                names[column] = match value {
                    Ok(Value::String(text)) => text,
                    Ok(Value::Null) | Err(_) => String::new(),
                    Ok(other) => other.to_string(),
                };
            }
            self.header = Some(columns(names, &mut self.notes));
            self.header_row = self.row;
            return;
        };
        let row = u64::from(self.row.saturating_sub(self.header_row));
        let mut named: Map<String, Value> =
            header.iter().map(|name| (name.clone(), Value::Null)).collect();
        for (column, value) in cells {
            match (header.get(column), value) {
                (Some(name), Ok(value)) => {
                    named.insert(name.clone(), value);
                }
                (Some(name), Err(error)) => {
                    let sentence = format!("the cell in {name:?} is the error {error}");
                    take(Entry::Bad(BadRow::new(row, "cell_error", sentence)));
                    return;
                }
                (None, Ok(Value::Null)) => {}
                (None, _) => {
                    let sentence =
                        format!("it has a cell in column {}, which has no name", column + 1);
                    take(Entry::Bad(BadRow::new(row, "row_shape", sentence)));
                    return;
                }
            }
        }
        take(Entry::Good(Row { row, cells: named }));
    }
}

fn text_value(text: &str) -> Value {
    if text.trim().is_empty() { Value::Null } else { Value::String(text.to_owned()) }
}

fn failure(path: &Path, error: &XlsxError) -> FormatError {
    match error {
        XlsxError::Io(error) => FormatError::io(path, error),
        other => {
            FormatError::new(Code::FileDamaged, path, format!("it is no whole workbook: {other}"))
        }
    }
}
