//! Newline-delimited GeoJSON: a broken line is a bad row, and the next line is read.

use super::{RECORDS_MAX, Record, collection, geometry};
use crate::crs::Crs;
use crate::error::{BadRow, Code, Entry, FormatError, Note};
use crate::input;
use serde_json::Value;
use std::path::Path;

/// Bytes of one line: a province in full detail has 300,000.
const LINE_BYTES_MAX: usize = 64 << 20;
/// Lines at the beginning that must not all be broken, else the file is no such file.
const TRUSTED_AFTER: u64 = 20;

pub(super) fn read(
    path: &Path,
    take: &mut dyn FnMut(Entry<Record>),
) -> Result<Vec<Note>, FormatError> {
    let bytes = input::bytes(path, input::TEXT_BYTES_MAX)?;
    let crs = Crs::wgs84();
    let (mut row, mut good) = (0, 0);
    for line in input::without_bom(&bytes).split(|&byte| byte == b'\n') {
        row += 1;
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if row > RECORDS_MAX {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!("it has more than {RECORDS_MAX} lines"),
            ));
        }
        let entry = if line.len() > LINE_BYTES_MAX {
            Entry::Bad(BadRow::new(
                row,
                "record_too_large",
                format!("the line has {} bytes", line.len()),
            ))
        } else {
            match serde_json::from_slice(line) {
                Ok(value) => {
                    good += 1;
                    one(row, value, &crs)
                }
                Err(error) => Entry::Bad(BadRow::new(
                    row,
                    "json_broken",
                    format!("the line is not JSON: {error}"),
                )),
            }
        };
        take(entry);
        if row >= TRUSTED_AFTER && good == 0 {
            return Err(FormatError::new(
                Code::FileFormat,
                path,
                format!("none of its first {row} lines is JSON"),
            ));
        }
    }
    if good == 0 {
        return Err(FormatError::new(Code::FileFormat, path, "none of its lines is JSON"));
    }
    Ok(Vec::new())
}

fn one(row: u64, value: Value, crs: &Crs) -> Entry<Record> {
    let Value::Object(mut place) = value else {
        return Entry::Bad(BadRow::new(row, "json_broken", "the line is no object"));
    };
    if place.get("type").and_then(Value::as_str) != Some("FeatureCollection") {
        return collection::entry(row, Value::Object(place), crs);
    }
    let features =
        place.get("features").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let first = features
        .iter()
        .filter_map(|feature| feature.get("geometry"))
        .find(|found| !found.is_null());
    match geometry::geometry(first.unwrap_or(&Value::Null), crs) {
        Ok(Some(geometry)) => {
            place.remove("type");
            Entry::Good(Record {
                row,
                id: place.get("id").and_then(collection::id),
                geometry,
                properties: place,
            })
        }
        Ok(None) => {
            Entry::Bad(BadRow::new(row, "geometry_missing", "none of its features has a geometry"))
        }
        Err((code, sentence)) => Entry::Bad(BadRow::new(row, code, sentence)),
    }
}
