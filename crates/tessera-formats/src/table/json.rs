//! JSON tables: a list of objects.

use super::{ROWS_MAX, Row};
use crate::error::{BadRow, Code, Entry, FormatError, Note};
use crate::input;
use serde_json::Value;
use std::path::Path;

pub(super) fn read(
    path: &Path,
    take: &mut dyn FnMut(Entry<Row>),
) -> Result<Vec<Note>, FormatError> {
    /// Held in memory as a tree, which takes some ten times the text.
    const BYTES_MAX: u64 = 64 << 20;
    let bytes = input::bytes(path, BYTES_MAX)?;
    let value: Value = serde_json::from_slice(input::without_bom(&bytes)).map_err(|error| {
        let code = if error.is_eof() { Code::FileTruncated } else { Code::FileDamaged };
        FormatError::new(code, path, format!("its JSON breaks off: {error}"))
    })?;
    let rows = rows(value).ok_or_else(|| {
        FormatError::new(
            Code::Schema,
            path,
            "it is neither a list of objects nor an object with one list",
        )
    })?;
    if rows.len() as u64 > ROWS_MAX {
        return Err(FormatError::new(Code::OverLimit, path, format!("it has {} rows", rows.len())));
    }
    for (index, value) in rows.into_iter().enumerate() {
        let row = index as u64 + 1;
        take(match value {
            Value::Object(cells) => Entry::Good(Row { row, cells }),
            _ => Entry::Bad(BadRow::new(row, "row_shape", "the row is no object")),
        });
    }
    Ok(Vec::new())
}

fn rows(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(rows) => Some(rows),
        Value::Object(members) => {
            let mut lists = members.into_iter().filter_map(|(_, value)| match value {
                Value::Array(rows) => Some(rows),
                _ => None,
            });
            let first = lists.next()?;
            lists.next().is_none().then_some(first)
        }
        _ => None,
    }
}
