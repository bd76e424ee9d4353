//! Land, river lines, links of a drainage network and legends, from records and rows.

use super::{BadRows, Broken, bad_rows};
use crate::layers::climate::Legend;
use crate::layers::river::{DrainageLink, RiverRecord};
use geo_types::{Coord, Geometry, LineString, Polygon};
use std::collections::BTreeMap;
use std::path::Path;
use tessera_formats::{
    BAD_ROWS_MAX, Batch, Entry, FieldFault, Record, RecordFormat, TableFormat, number_of,
    read_records, table, text_of,
};
use tessera_grid::BBox;

/// Land is needed as far as lakes are looked for.
const LAND_MARGIN_DEGREES: f64 = crate::layers::surface::LAKE_MARGIN_DEGREES;
const LINE_MARGIN_DEGREES: f64 = 1.0;

/// What a file of shapes gave.
#[derive(Clone, Debug)]
pub struct Shapes<T> {
    pub records: Vec<T>,
    pub bad: BadRows,
    /// How many bad rows came after those that are kept.
    pub bad_more: u64,
    pub notes: Vec<String>,
}

impl<T> Shapes<T> {
    fn leave_out(&mut self, row: (u64, &'static str, String)) {
        if self.bad.len() < BAD_ROWS_MAX {
            self.bad.push(row);
        } else {
            self.bad_more += 1;
        }
    }
}

/// Every polygon that meets the box.
pub fn land(path: &Path, format: RecordFormat, bbox: BBox) -> Result<Shapes<Polygon>, Broken> {
    collect(path, format, &mut |record, into| {
        let polygons = match record.geometry {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(polygons) => polygons.0,
            other => return Err(wrong_shape(path, record.row, &other, "a polygon")),
        };
        into.extend(
            polygons
                .into_iter()
                .filter(|polygon| meets(polygon.exterior().coords(), bbox, LAND_MARGIN_DEGREES)),
        );
        Ok(None)
    })
}

/// Every line that meets the box.
pub fn rivers(
    path: &Path,
    format: RecordFormat,
    bbox: BBox,
    (name, rank, class): (&str, &str, &str),
) -> Result<Shapes<RiverRecord>, Broken> {
    collect(path, format, &mut |record, into| {
        let lines = lines(path, record.row, record.geometry)?;
        let known = |field: &str| {
            if record.properties.contains_key(field) {
                Ok(text_of(&record.properties, field).unwrap_or_default())
            } else {
                Err(no_column(path, record.row, field))
            }
        };
        let (name, class) = (known(name)?, known(class)?);
        let rank = match number_of(&record.properties, rank) {
            Ok(rank) => rank,
            Err(FieldFault::NoField { .. }) => return Err(no_column(path, record.row, rank)),
            Err(fault) => return Ok(Some(("row_broken", fault.to_string()))),
        };
        for line in lines {
            if meets(line.coords(), bbox, LINE_MARGIN_DEGREES) {
                let (name, class) = (name.clone(), class.clone());
                into.push(RiverRecord { row: record.row, name, rank, class, line });
            }
        }
        Ok(None)
    })
}

/// Every link that meets the box and drains at least `least_km2`. A network that has no such link anywhere does
/// not count in square kilometres: its links would all be left out, and nothing would say so.
pub fn drainage(
    path: &Path,
    format: RecordFormat,
    bbox: BBox,
    upstream_km2: &str,
    least_km2: f64,
) -> Result<Shapes<DrainageLink>, Broken> {
    let mut largest: Option<f64> = None;
    let links = collect(path, format, &mut |record, into| {
        let area = match number_of(&record.properties, upstream_km2) {
            Ok(area) => area,
            Err(FieldFault::NoField { .. }) => {
                return Err(no_column(path, record.row, upstream_km2));
            }
            Err(fault) => return Ok(Some(("row_broken", fault.to_string()))),
        };
        largest = largest.into_iter().chain(area).reduce(f64::max);
        let lines = lines(path, record.row, record.geometry)?;
        let Some(line) = lines.first() else { return Ok(None) };
        if !meets(line.coords(), bbox, LINE_MARGIN_DEGREES) {
            return Ok(None);
        }
        let Some(area) = area else {
            return Ok(Some(("value_unknown", format!("{upstream_km2} is empty"))));
        };
        if let (Some(&from), Some(&to)) = (line.0.first(), line.0.last())
            && area >= least_km2
        {
            into.push(DrainageLink { row: record.row, from, to, upstream_km2: area });
        }
        Ok(None)
    })?;
    match largest.filter(|largest| *largest < least_km2) {
        Some(largest) => {
            let reason = format!(
                "its largest link drains {largest}, and less than {least_km2} km2 is a brook: are these \
                 square kilometres?"
            );
            Err(Broken::new("river_size", path, reason))
        }
        None => Ok(links),
    }
}

/// The legend of a raster: two named columns, a class name and its number.
pub fn legend(path: &Path, class: &str, number: &str, sea: &str) -> Result<Legend, Broken> {
    let mut classes = BTreeMap::new();
    let mut sea_number = None;
    for (row, number, name) in numbered(path, class, number)? {
        if name == sea {
            sea_number = Some(number);
            continue;
        }
        let koppen = name
            .parse()
            .map_err(|error| Broken::new("schema", path, format!("{error}")).at_row(row))?;
        classes.insert(number, koppen);
    }
    match sea_number {
        Some(sea) => Ok(Legend { classes, sea }),
        None => Err(Broken::new("schema", path, format!("it has no class {sea:?} for the sea"))),
    }
}

/// Numbers and names of a legend, each with its row; no number twice.
pub fn numbered(path: &Path, class: &str, number: &str) -> Result<Vec<(u64, u8, String)>, Broken> {
    let Batch { items, bad, .. } = table(path, &TableFormat::Csv { delimiter: None })?;
    if let Some((row, _, reason)) = bad_rows(bad).into_iter().next() {
        return Err(Broken::new("schema", path, reason).at_row(row));
    }
    let mut found: Vec<(u64, u8, String)> = Vec::new();
    for row in items {
        let refuse = |reason: String| Broken::new("schema", path, reason).at_row(row.row);
        for column in [class, number] {
            if !row.cells.contains_key(column) {
                return Err(refuse(format!("it has no column {column:?}")));
            }
        }
        let stored = number_of(&row.cells, number).map_err(|fault| refuse(fault.to_string()))?;
        let number = stored
            .filter(|number| (0.0..256.0).contains(number) && number.fract() == 0.0)
            .ok_or_else(|| refuse(format!("{number} holds no class number")))?
            as u8;
        if found.iter().any(|(_, other, _)| *other == number) {
            return Err(refuse(format!("class {number} stands twice")));
        }
        found.push((row.row, number, text_of(&row.cells, class).unwrap_or_default()));
    }
    Ok(found)
}

/// A record's rule and reason, where it is left out.
type Fault = Option<(&'static str, String)>;

/// Puts what a record gives behind what was taken before it.
type Take<'a, T> = &'a mut dyn FnMut(Record, &mut Vec<T>) -> Result<Fault, Broken>;

fn collect<T>(path: &Path, format: RecordFormat, take: Take<'_, T>) -> Result<Shapes<T>, Broken> {
    let (records, bad) = (Vec::new(), Vec::new());
    let mut shapes = Shapes { records, bad, bad_more: 0, notes: Vec::new() };
    let mut broken = None;
    let notes = read_records(path, format, &mut |entry| match entry {
        Entry::Good(record) if broken.is_none() => {
            let row = record.row;
            match take(record, &mut shapes.records) {
                Ok(Some((rule, reason))) => shapes.leave_out((row, rule, reason)),
                Ok(None) => {}
                Err(error) => broken = Some(error),
            }
        }
        Entry::Good(_) => {}
        Entry::Bad(bad) => bad_rows(vec![bad]).into_iter().for_each(|row| shapes.leave_out(row)),
    })?;
    shapes.notes = notes.into_iter().map(|note| note.sentence).collect();
    broken.map_or(Ok(shapes), Err)
}

fn lines(path: &Path, row: u64, geometry: Geometry<f64>) -> Result<Vec<LineString>, Broken> {
    match geometry {
        Geometry::LineString(line) => Ok(vec![line]),
        Geometry::MultiLineString(lines) => Ok(lines.0),
        other => Err(wrong_shape(path, row, &other, "a line")),
    }
}

fn wrong_shape(path: &Path, row: u64, found: &Geometry<f64>, wanted: &str) -> Broken {
    let kind = match found {
        Geometry::Point(_) | Geometry::MultiPoint(_) => "a point",
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "a line",
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => "a polygon",
        _ => "another shape",
    };
    Broken::new("schema", path, format!("{kind} where {wanted} is needed")).at_row(row)
}

fn no_column(path: &Path, row: u64, field: &str) -> Broken {
    Broken::new("schema", path, format!("it has no column {field:?}")).at_row(row)
}

fn meets<'a>(coords: impl Iterator<Item = &'a Coord>, bbox: BBox, margin: f64) -> bool {
    let (mut west, mut south) = (f64::INFINITY, f64::INFINITY);
    let (mut east, mut north) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for at in coords {
        (west, east) = (west.min(at.x), east.max(at.x));
        (south, north) = (south.min(at.y), north.max(at.y));
    }
    west <= bbox.east() + margin
        && east >= bbox.west() - margin
        && south <= bbox.north() + margin
        && north >= bbox.south() - margin
}
