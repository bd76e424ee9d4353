//! Text tables as they come: with a mark at the beginning, with bare carriage returns, with columns unnamed.

use super::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Row, columns};
use crate::error::{BadRow, Code, Entry, FormatError, Note};
use crate::input;
use serde_json::{Map, Value};
use std::path::Path;

/// Bytes of one row: a quote that is never closed must not swallow the file unseen.
const ROW_BYTES_MAX: usize = 4 << 20;

pub(super) fn read(
    path: &Path,
    delimiter: Option<char>,
    take: &mut dyn FnMut(Entry<Row>),
) -> Result<Vec<Note>, FormatError> {
    let bytes = input::bytes(path, input::TEXT_BYTES_MAX)?;
    let text = input::without_bom(&bytes);
    if text.contains(&0) {
        return Err(FormatError::new(Code::FileFormat, path, "it holds zero bytes and is no text"));
    }
    let delimiter = match delimiter.map(u8::try_from) {
        Some(Ok(byte)) if byte.is_ascii() => byte,
        Some(_) => {
            return Err(FormatError::new(
                Code::Schema,
                path,
                "its delimiter is not one byte of ASCII",
            ));
        }
        None => guess(text),
    };
    let mut notes = Vec::new();
    let latin1 = std::str::from_utf8(text).is_err();
    if latin1 {
        notes.push(Note::new("latin1", "it is not UTF-8 and is read as Latin-1"));
    }
    // The crate ends a record at \r, \n or \r\n alike.
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
    let fail = |error: &::csv::Error| FormatError::new(Code::FileDamaged, path, error.to_string());
    let names: Vec<String> = reader
        .byte_headers()
        .map_err(|error| fail(&error))?
        .iter()
        .map(|cell| decode(cell, latin1))
        .collect();
    if names.iter().all(|name| name.trim().is_empty()) {
        return Err(FormatError::new(Code::FileFormat, path, "its first row names no column"));
    }
    if names.len() > COLUMNS_MAX {
        let reason = format!("it has {} columns", names.len());
        return Err(FormatError::new(Code::OverLimit, path, reason));
    }
    let names = columns(names, &mut notes);
    let mut record = ::csv::ByteRecord::new();
    let (mut row, mut cells, mut begin) = (0, 0, 0);
    while reader.read_byte_record(&mut record).map_err(|error| fail(&error).at_row(row + 1))? {
        row += 1;
        begin = record.position().map_or(0, |position| position.byte() as usize);
        cells += record.len() as u64;
        let over = |most, what| {
            let reason = format!("it has more than {most} {what}");
            FormatError::new(Code::OverLimit, path, reason)
        };
        if cells > CELLS_MAX {
            return Err(over(CELLS_MAX, "cells"));
        }
        if row > ROWS_MAX {
            return Err(over(ROWS_MAX, "rows"));
        }
        take(entry(row, &record, &names, latin1));
    }
    // Only the last record can hold a quote that nothing closes: it goes on to the end of the file.
    if text.get(begin..).is_some_and(|last| ends_in_a_quote(last, delimiter)) {
        let reason = format!("the quote that opens in row {row} is never closed");
        return Err(FormatError::new(Code::FileDamaged, path, reason).at_row(row));
    }
    Ok(notes)
}

/// Whether a quote that opens in these whole records is open at their end. A quote opens at the beginning of a
/// cell only; two in a quoted cell stand for one.
pub fn ends_in_a_quote(records: &[u8], delimiter: u8) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Begin,
        Plain,
        Quoted,
        AfterQuote,
    }
    let end = records.iter().fold(At::Begin, |at, &byte| match (at, byte) {
        (At::Quoted, b'"') => At::AfterQuote,
        (At::Quoted, _) | (At::Begin | At::AfterQuote, b'"') => At::Quoted,
        (_, byte) if byte == delimiter || matches!(byte, b'\r' | b'\n') => At::Begin,
        _ => At::Plain,
    });
    end == At::Quoted
}

fn entry(row: u64, record: &::csv::ByteRecord, names: &[String], latin1: bool) -> Entry<Row> {
    if record.as_slice().len() > ROW_BYTES_MAX {
        let sentence =
            format!("the row has {} bytes; a quote may be open", record.as_slice().len());
        return Entry::Bad(BadRow::new(row, "record_too_large", sentence));
    }
    if record.len() != names.len() {
        let sentence =
            format!("{} cells where the table has {} columns", record.len(), names.len());
        return Entry::Bad(BadRow::new(row, "row_shape", sentence));
    }
    let mut cells = Map::new();
    for (name, cell) in names.iter().zip(record) {
        let text = decode(cell, latin1);
        let value = if text.trim().is_empty() { Value::Null } else { Value::String(text) };
        cells.insert(name.clone(), value);
    }
    Entry::Good(Row { row, cells })
}

fn decode(cell: &[u8], latin1: bool) -> String {
    if latin1 {
        return cell.iter().map(|&byte| char::from(byte)).collect();
    }
    String::from_utf8_lossy(cell).into_owned()
}

/// The delimiter that stands most often in the first line, outside quotes.
fn guess(text: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts
                .iter_mut()
                .filter(|(known, _)| *known == byte)
                .for_each(|(_, count)| *count += 1),
        }
    }
    // The first of equals, so that a table of one column is one of commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}
