//! Shapefiles: land polygons, river lines, links of a drainage network; in geographic WGS 84 alone.
//!
//! The `.prj` beside the file is read, not assumed: a projected file would put the land in the sea.

use super::{Broken, read_failure};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use shapefile::dbase::{self, FieldValue};
use shapefile::record::{GenericBBox, traits::HasXY};
use shapefile::{Point, PolygonRing, Shape, ShapeReader};
use std::{fs, path::Path};
use tessera_grid::BBox;

/// Land is needed as far as lakes are looked for.
const LAND_MARGIN_DEGREES: f64 = crate::layers::surface::LAKE_MARGIN_DEGREES;
const LINE_MARGIN_DEGREES: f64 = 1.0;

/// A line with the attributes a river needs.
#[derive(Clone, Debug, PartialEq)]
pub struct RiverRecord {
    /// As the file counts, 1 is the first.
    pub row: u64,
    pub name: String,
    pub rank: Option<f64>,
    pub class: String,
    pub line: LineString,
}

/// Where a link of the drainage network lies and what it drains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrainageLink {
    pub row: u64,
    pub from: Coord,
    pub to: Coord,
    pub upstream_km2: f64,
}

/// What a vector file gave, and how many of its records were elsewhere.
#[derive(Clone, Debug)]
pub struct Vectors<T> {
    pub records: Vec<T>,
    /// Rows that could not be used: row, rule and reason.
    pub bad: Vec<(u64, &'static str, String)>,
}

/// Every polygon that meets the box, with its row.
pub fn land(path: &Path, bbox: BBox) -> Result<Vectors<Polygon>, Broken> {
    geographic(path)?;
    let mut reader = ShapeReader::from_path(path).map_err(|error| failure(path, error))?;
    let mut found = Vectors { records: Vec::new(), bad: Vec::new() };
    for (index, shape) in reader.iter_shapes().enumerate() {
        let row = index as u64 + 1;
        let polygon = match shape.map_err(|error| failure(path, error).at_row(row))? {
            Shape::Polygon(polygon) => polygon,
            Shape::NullShape => continue,
            other => return Err(wrong_shape(path, row, &other, "a polygon")),
        };
        if !meets(polygon.bbox(), bbox, LAND_MARGIN_DEGREES) {
            continue;
        }
        if polygon.rings().iter().flat_map(PolygonRing::points).any(off_the_globe) {
            found.bad.push((row, "position_range", "a corner lies off the globe".to_owned()));
            continue;
        }
        match MultiPolygon::try_from(polygon) {
            Ok(parts) => found.records.extend(parts.0),
            Err(error) => found.bad.push((row, "geometry", error.to_string())),
        }
    }
    Ok(found)
}

/// Every line that meets the box.
pub fn rivers(
    path: &Path,
    bbox: BBox,
    (name, rank, class): (&str, &str, &str),
) -> Result<Vectors<RiverRecord>, Broken> {
    geographic(path)?;
    let mut reader = open_with_table(path)?;
    let mut found = Vectors { records: Vec::new(), bad: Vec::new() };
    for (index, pair) in reader.iter_shapes_and_records().enumerate() {
        let row = index as u64 + 1;
        let (shape, record) = pair.map_err(|error| failure(path, error).at_row(row))?;
        let line = match shape {
            Shape::Polyline(line) => line,
            Shape::NullShape => continue,
            other => return Err(wrong_shape(path, row, &other, "a line")),
        };
        if !meets(line.bbox(), bbox, LINE_MARGIN_DEGREES) {
            continue;
        }
        let (name, rank, class) = (
            text(path, row, &record, name)?,
            number(path, row, &record, rank)?,
            text(path, row, &record, class)?,
        );
        for part in line.into_inner() {
            if part.iter().any(off_the_globe) {
                found.bad.push((row, "position_range", "a point lies off the globe".to_owned()));
                continue;
            }
            let line = LineString::new(part.iter().map(coord).collect());
            found.records.push(RiverRecord {
                row,
                name: name.clone(),
                rank,
                class: class.clone(),
                line,
            });
        }
    }
    Ok(found)
}

/// Every link that meets the box and drains at least `least_km2`.
pub fn drainage(
    path: &Path,
    bbox: BBox,
    upstream_km2: &str,
    least_km2: f64,
) -> Result<Vectors<DrainageLink>, Broken> {
    geographic(path)?;
    let mut shapes = ShapeReader::from_path(path).map_err(|error| failure(path, error))?;
    let table_path = path.with_extension("dbf");
    let mut table = dbase::Reader::from_path(&table_path)
        .map_err(|error| failure(&table_path, error.into()))?;
    let mut found = Vectors { records: Vec::new(), bad: Vec::new() };
    let mut records = table.iter_records();
    for (index, shape) in shapes.iter_shapes().enumerate() {
        let row = index as u64 + 1;
        let shape = shape.map_err(|error| failure(path, error).at_row(row))?;
        let record = records
            .next()
            .ok_or_else(|| {
                Broken::new("file_truncated", &table_path, "it has fewer rows than shapes")
                    .at_row(row)
            })?
            .map_err(|error| failure(&table_path, error.into()).at_row(row))?;
        let Shape::Polyline(line) = shape else {
            return Err(wrong_shape(path, row, &shape, "a line"));
        };
        if !meets(line.bbox(), bbox, LINE_MARGIN_DEGREES) {
            continue;
        }
        let Some(area) = number(path, row, &record, upstream_km2)? else {
            found.bad.push((row, "value_unknown", format!("{upstream_km2} is empty")));
            continue;
        };
        if area < least_km2 {
            continue;
        }
        let ends = line.parts().first().and_then(|part| Some((part.first()?, part.last()?)));
        match ends {
            Some((from, to)) if !off_the_globe(from) && !off_the_globe(to) => found
                .records
                .push(DrainageLink { row, from: coord(from), to: coord(to), upstream_km2: area }),
            _ => found.bad.push((row, "position_range", "a point lies off the globe".to_owned())),
        }
    }
    Ok(found)
}

fn open_with_table(
    path: &Path,
) -> Result<shapefile::Reader<std::io::BufReader<fs::File>, std::io::BufReader<fs::File>>, Broken> {
    shapefile::Reader::from_path(path).map_err(|error| failure(path, error))
}

/// Only longitude and latitude on WGS 84 are understood; a file without `.prj` says nothing and is refused.
fn geographic(path: &Path) -> Result<(), Broken> {
    let prj = path.with_extension("prj");
    let text = fs::read_to_string(&prj).map_err(|error| read_failure(&prj, &error))?;
    let understood = text.trim_start().starts_with("GEOGCS")
        && (text.contains("WGS_1984") || text.contains("WGS 84"));
    if understood {
        Ok(())
    } else {
        let head: String = text.chars().take(60).collect();
        Err(Broken::new("projection", &prj, format!("it is not geographic WGS 84: {head}")))
    }
}

fn meets(shape: &GenericBBox<Point>, bbox: BBox, margin: f64) -> bool {
    shape.min.x() <= bbox.east() + margin
        && shape.max.x() >= bbox.west() - margin
        && shape.min.y() <= bbox.north() + margin
        && shape.max.y() >= bbox.south() - margin
}

fn off_the_globe(point: &Point) -> bool {
    !(point.x.abs() <= 180.0 + 1e-9 && point.y.abs() <= 90.0 + 1e-9)
}

fn coord(point: &Point) -> Coord {
    Coord { x: point.x.clamp(-180.0, 180.0), y: point.y.clamp(-90.0, 90.0) }
}

fn text(path: &Path, row: u64, record: &dbase::Record, field: &str) -> Result<String, Broken> {
    match record.get(field) {
        Some(FieldValue::Character(text)) => {
            Ok(text.as_deref().unwrap_or_default().trim().to_owned())
        }
        _ => {
            Err(Broken::new("schema", path, format!("it has no text column {field:?}")).at_row(row))
        }
    }
}

fn number(
    path: &Path,
    row: u64,
    record: &dbase::Record,
    field: &str,
) -> Result<Option<f64>, Broken> {
    match record.get(field) {
        Some(FieldValue::Numeric(number)) => Ok(*number),
        Some(FieldValue::Float(number)) => Ok(number.map(f64::from)),
        Some(FieldValue::Double(number)) => Ok(Some(*number)),
        Some(FieldValue::Integer(number)) => Ok(Some(f64::from(*number))),
        _ => {
            Err(Broken::new("schema", path, format!("it has no number column {field:?}"))
                .at_row(row))
        }
    }
}

fn wrong_shape(path: &Path, row: u64, shape: &Shape, wanted: &str) -> Broken {
    Broken::new("schema", path, format!("a {} where {wanted} is needed", shape.shapetype()))
        .at_row(row)
}

fn failure(path: &Path, error: shapefile::Error) -> Broken {
    match error {
        shapefile::Error::IoError(error) => read_failure(path, &error),
        shapefile::Error::DbaseError(error) => match error.kind() {
            dbase::ErrorKind::IoError(io) => read_failure(path, io),
            _ => Broken::new("file_unreadable", path, format!("its table cannot be read: {error}")),
        },
        shapefile::Error::MissingDbf => {
            Broken::new("file_missing", path, "its .dbf is not beside it")
        }
        shapefile::Error::MissingIndexFile => {
            Broken::new("file_missing", path, "its .shx is not beside it")
        }
        other => Broken::new("file_unreadable", path, format!("it is no Shapefile: {other}")),
    }
}
