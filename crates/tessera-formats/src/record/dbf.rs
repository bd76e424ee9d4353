//! The `.dbf` part: a table of fixed-width text, read record by record.

use serde_json::{Map, Number, Value};

/// Columns of one table; dBASE itself allows 255.
const FIELDS_MAX: usize = 2_048;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    kind: u8,
    width: usize,
}

/// A table whose records are still bytes.
#[derive(Clone, Debug)]
pub(super) struct Table<'b> {
    fields: Vec<Field>,
    records: &'b [u8],
    record_bytes: usize,
    utf8: bool,
}

impl<'b> Table<'b> {
    /// `code_page` is what a `.cpg` beside the table says.
    pub(super) fn parse(bytes: &'b [u8], code_page: Option<&str>) -> Result<Self, String> {
        let head = bytes.get(..32).ok_or("its header is cut")?;
        let header_bytes = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let record_bytes = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let described = bytes.get(32..header_bytes).ok_or("its list of columns is cut")?;
        if record_bytes == 0 {
            return Err("its records have no bytes".to_owned());
        }
        let mut fields = Vec::new();
        for field in described.as_chunks::<32>().0.iter().take(FIELDS_MAX) {
            if field[0] == 0x0d {
                break;
            }
            let name = field[..11].split(|&byte| byte == 0).next().unwrap_or_default();
            fields.push(Field {
                name: String::from_utf8_lossy(name).trim().to_owned(),
                kind: field[11],
                width: usize::from(field[16]),
            });
        }
        let width: usize = fields.iter().map(|field| field.width).sum();
        if fields.is_empty() || width + 1 > record_bytes {
            return Err(format!(
                "its columns take {width} bytes and its records have {record_bytes}"
            ));
        }
        let utf8 = code_page.is_some_and(|page| page.trim().to_ascii_uppercase().contains("UTF"));
        Ok(Self { fields, records: &bytes[header_bytes..], record_bytes, utf8 })
    }

    /// Records that are there whole.
    pub(super) const fn len(&self) -> usize {
        self.records.len() / self.record_bytes
    }

    /// Whether the table marks a record as deleted: it is still there and no longer meant.
    pub(super) fn is_deleted(&self, index: usize) -> bool {
        self.records.get(index.saturating_mul(self.record_bytes)) == Some(&b'*')
    }

    /// A record's values; `None` beyond the end. A number that is none stays the text it is.
    pub(super) fn record(&self, index: usize) -> Option<Map<String, Value>> {
        let start = index.checked_mul(self.record_bytes)?;
        let record = self.records.get(start..start.checked_add(self.record_bytes)?)?;
        let mut values = Map::new();
        let mut at = 1;
        for field in &self.fields {
            let bytes = record.get(at..at + field.width)?;
            at += field.width;
            values.insert(field.name.clone(), self.value(field.kind, bytes));
        }
        Some(values)
    }

    fn value(&self, kind: u8, bytes: &[u8]) -> Value {
        let text = self.text(bytes);
        let text = text.trim_matches([' ', '\0']);
        if text.is_empty() {
            return Value::Null;
        }
        match kind {
            b'N' | b'F' => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
            b'L' => match text {
                "T" | "t" | "Y" | "y" => Value::Bool(true),
                "F" | "f" | "N" | "n" => Value::Bool(false),
                _ => Value::Null,
            },
            _ => Value::String(text.to_owned()),
        }
    }

    /// UTF-8 where it is said or where it fits, else Latin-1, which always does.
    fn text(&self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_not_utf8) if self.utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Err(_not_utf8) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        }
    }
}

fn number(text: &str) -> Option<Value> {
    // Stars stand for a number that did not fit its column.
    if text.starts_with('*') {
        return Some(Value::Null);
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Number(whole.into()));
    }
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(table) = Table::parse(&bytes, None) {
                for index in 0..table.len().min(50) + 2 {
                    drop(table.record(index));
                }
            }
        }
    }
}
