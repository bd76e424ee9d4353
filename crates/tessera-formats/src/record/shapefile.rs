//! Shapefiles: `.shp` for the shapes, `.dbf` for what is said about them, `.prj` for where they lie.

use super::shp::{self, Shape};
use super::{RECORDS_MAX, Record, dbf, geometry, rings};
use crate::crs::Crs;
use crate::error::{BadRow, Code, Entry, FormatError, Note};
use crate::input;
use geo_types::{Coord, Geometry, MultiLineString, MultiPoint, Point};
use serde_json::Map;
use std::path::Path;

/// Shapes and table are read into memory; the largest known has 72 MB.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// A `.prj` or `.cpg` has a line or two.
const SIDE_BYTES_MAX: u64 = 64 << 10;

pub(super) fn read(
    path: &Path,
    take: &mut dyn FnMut(Entry<Record>),
) -> Result<Vec<Note>, FormatError> {
    let bytes = input::bytes(path, FILE_BYTES_MAX)?;
    shp::header(&bytes).map_err(|reason| FormatError::new(Code::FileFormat, path, reason))?;
    let mut notes = Vec::new();
    let crs = crs_beside(path, &mut notes)?;
    let table_path = path.with_extension("dbf");
    let table_bytes = side(&table_path, FILE_BYTES_MAX)?;
    let code_page = side(&path.with_extension("cpg"), SIDE_BYTES_MAX)?;
    let code_page = code_page.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let table = table_bytes
        .as_ref()
        .map(|bytes| dbf::Table::parse(bytes, code_page.as_deref()))
        .transpose()
        .map_err(|reason| FormatError::new(Code::FileDamaged, &table_path, reason))?;
    if table.is_none() {
        let sentence = "it has no .dbf beside it; its features have no properties";
        notes.push(Note::new("table_missing", sentence));
    }
    let mut rest = &bytes[shp::HEADER_BYTES..];
    let mut row = 0;
    loop {
        let next = shp::next(rest).map_err(|reason| {
            FormatError::new(Code::FileTruncated, path, reason).at_row(row + 1)
        })?;
        let Some((content, after)) = next else {
            break;
        };
        (rest, row) = (after, row + 1);
        if row > RECORDS_MAX {
            return Err(FormatError::new(
                Code::OverLimit,
                path,
                format!("it has more than {RECORDS_MAX} shapes"),
            ));
        }
        take(entry(row, content, table.as_ref(), &crs));
    }
    if let Some(table) = table.filter(|table| table.len() as u64 != row) {
        notes.push(Note::new(
            "table_length",
            format!("it has {row} shapes, and its table has {} records", table.len()),
        ));
    }
    notes.extend(crs.notes().iter().cloned());
    Ok(notes)
}

fn entry(row: u64, content: &[u8], table: Option<&dbf::Table<'_>>, crs: &Crs) -> Entry<Record> {
    if table.is_some_and(|table| table.is_deleted(row as usize - 1)) {
        return Entry::Bad(BadRow::new(row, "row_deleted", "its table marks it as deleted"));
    }
    let properties = match table {
        None => Some(Map::new()),
        Some(table) => table.record(row as usize - 1),
    };
    let Some(properties) = properties else {
        return Entry::Bad(BadRow::new(row, "row_broken", "its table ends before this shape"));
    };
    match shp::shape(content)
        .map_err(|reason| ("geometry_broken", reason))
        .and_then(|shape| place(shape, crs))
    {
        Ok(geometry) => Entry::Good(Record { row, id: None, geometry, properties }),
        Err((code, sentence)) => Entry::Bad(BadRow::new(row, code, sentence)),
    }
}

fn place(shape: Shape, crs: &Crs) -> Result<Geometry<f64>, geometry::Fault> {
    let carry = |mut points: Vec<(f64, f64)>| -> Result<Vec<Coord<f64>>, geometry::Fault> {
        if points.len() > geometry::VERTICES_MAX {
            return Err(("record_too_large", format!("it has {} points", points.len())));
        }
        crs.to_wgs84(&mut points);
        points.into_iter().map(geometry::on_the_globe).collect()
    };
    let missing = || ("geometry_missing", "it has no geometry".to_owned());
    match shape {
        Shape::Null => Err(missing()),
        Shape::Point(point) => {
            carry(vec![point])?.first().map(|&at| Geometry::Point(Point(at))).ok_or_else(missing)
        }
        Shape::Points(points) => {
            Ok(Geometry::MultiPoint(MultiPoint(carry(points)?.into_iter().map(Point).collect())))
        }
        Shape::Lines(parts) => {
            let mut lines = parts
                .into_iter()
                .map(|part| geometry::checked_line(carry(part)?))
                .collect::<Result<Vec<_>, _>>()?;
            match lines.len() {
                0 => Err(missing()),
                1 => Ok(Geometry::LineString(lines.remove(0))),
                _ => Ok(Geometry::MultiLineString(MultiLineString(lines))),
            }
        }
        Shape::Rings(parts) => {
            let parts = parts
                .into_iter()
                .map(|part| geometry::checked_ring(carry(part)?))
                .collect::<Result<Vec<_>, _>>()?;
            if parts.is_empty() {
                return Err(missing());
            }
            let mut polygons =
                rings::polygons(parts).map_err(|reason| ("geometry_broken", reason))?;
            if polygons.0.len() == 1 {
                return Ok(Geometry::Polygon(polygons.0.remove(0)));
            }
            Ok(Geometry::MultiPolygon(polygons))
        }
    }
}

/// What the `.prj` says. Without one, coordinates that fit are taken as degrees of WGS 84 and that is noted.
fn crs_beside(path: &Path, notes: &mut Vec<Note>) -> Result<Crs, FormatError> {
    let prj = path.with_extension("prj");
    let Some(bytes) = side(&prj, SIDE_BYTES_MAX)? else {
        notes.push(Note::new(
            "prj_missing",
            "it has no .prj beside it; its coordinates are taken as WGS 84",
        ));
        return Ok(Crs::wgs84());
    };
    let crs = Crs::from_wkt(&String::from_utf8_lossy(&bytes))
        .map_err(|error| FormatError::new(Code::CrsUnknown, &prj, error.to_string()))?;
    if !crs.is_plain() {
        notes.push(Note::new("reprojected", format!("its coordinates lie in {}", crs.name())));
    }
    Ok(crs)
}

/// A file that may be there.
fn side(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, FormatError> {
    match input::bytes(path, bytes_max) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.code == Code::FileMissing => Ok(None),
        Err(error) => Err(error),
    }
}
