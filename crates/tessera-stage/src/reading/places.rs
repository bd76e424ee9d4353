//! The table of places. A row that is no place goes to quarantine with its rule and reason; the header
//! must be the known one, so that a column moved or renamed stops the dataset instead of shifting facts.

use super::{Broken, read_failure};
use std::path::Path;
use tessera_formats::ends_in_a_quote;
use tessera_grid::Position;
use tessera_world::{Certainty, Harbour};

const COLUMNS: [&str; 14] = [
    "id",
    "latin",
    "modern",
    "lat",
    "lon",
    "province",
    "harbour",
    "rank",
    "population",
    "certainty",
    "source",
    "valid_from",
    "valid_to",
    "note",
];

/// The last year the table may name: 2000 means that the place still is one.
pub const YEAR_MAX: i32 = 2000;
/// The first: older than any town.
pub const YEAR_MIN: i32 = -10_000;

/// A row that could be read; where it lies in the world is not looked at yet.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRecord {
    pub row: u64,
    pub id: String,
    pub latin: String,
    pub modern: String,
    pub position: Position,
    pub province: String,
    pub harbour: Harbour,
    pub rank: u8,
    pub population: Option<u32>,
    pub certainty: Certainty,
    pub citation: String,
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
    pub note: String,
}

/// Why a row is no place: rule and reason.
pub type RowFault = (&'static str, String);

#[derive(Clone, Debug, Default)]
pub struct PlaceTable {
    pub records: Vec<PlaceRecord>,
    pub bad: Vec<(u64, &'static str, String)>,
}

pub fn read(path: &Path) -> Result<PlaceTable, Broken> {
    let bytes = std::fs::read(path).map_err(|error| read_failure(path, &error))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    let headers = reader.headers().map_err(|error| csv_failure(path, &error))?;
    if headers.iter().ne(COLUMNS) {
        let found: Vec<&str> = headers.iter().collect();
        return Err(Broken::new(
            "schema",
            path,
            format!("its columns are {}; they must be {}", found.join(","), COLUMNS.join(",")),
        ));
    }
    let mut table = PlaceTable::default();
    let (mut row, mut begin) = (0, 0);
    for record in reader.records() {
        row += 1;
        let record = record.map_err(|error| csv_failure(path, &error).at_row(row))?;
        begin = record.position().map_or(0, |position| position.byte() as usize);
        match parse(row, &record) {
            Ok(place) => table.records.push(place),
            Err((rule, reason)) => table.bad.push((row, rule, reason)),
        }
    }
    if bytes.get(begin..).is_some_and(|last| ends_in_a_quote(last, b',')) {
        let reason = "the quote that opens in it is never closed, and hides the rows after it";
        return Err(Broken::new("file_unreadable", path, reason).at_row(row));
    }
    Ok(table)
}

fn parse(row: u64, record: &csv::StringRecord) -> Result<PlaceRecord, RowFault> {
    if record.len() != COLUMNS.len() {
        return Err((
            "place_row",
            format!("{} fields where {} are needed", record.len(), COLUMNS.len()),
        ));
    }
    let field = |index: usize| record.get(index).unwrap_or_default().trim();
    let id = field(0);
    if id.is_empty()
        || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Err((
            "place_row",
            format!("id {id:?} is not lower-case letters, digits and hyphens"),
        ));
    }
    if field(1).is_empty() || field(10).is_empty() {
        return Err(("place_row", format!("{id} has no Latin name or no source")));
    }
    let (latitude, longitude) = (degrees("lat", field(3))?, degrees("lon", field(4))?);
    if latitude == 0.0 && longitude == 0.0 {
        return Err(("place_position_unknown", format!("{id} lies at 0, 0, which means unknown")));
    }
    let position = Position::new(latitude, longitude)
        .map_err(|error| ("position_range", format!("{id}: {error}")))?;
    let (valid_from, valid_to) = (year(field(11))?, year(field(12))?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && from > to
    {
        return Err(("place_years", format!("{id} ends in {to} before it begins in {from}")));
    }
    Ok(PlaceRecord {
        row,
        id: id.to_owned(),
        latin: field(1).to_owned(),
        modern: field(2).to_owned(),
        position,
        province: field(5).to_owned(),
        harbour: harbour(field(6))?,
        rank: rank(field(7))?,
        population: population(field(8))?,
        certainty: certainty(field(9))?,
        citation: field(10).to_owned(),
        valid_from,
        valid_to,
        note: field(13).to_owned(),
    })
}

fn degrees(column: &str, text: &str) -> Result<f64, RowFault> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(("place_number", format!("{column} {text:?} is no number"))),
    }
}

fn year(text: &str) -> Result<Option<i32>, RowFault> {
    if text.is_empty() {
        return Ok(None);
    }
    let year: i32 = text
        .parse()
        .map_err(|_not_a_number| ("place_number", format!("year {text:?} is no whole number")))?;
    if year > YEAR_MAX {
        return Err(("place_year_future", format!("the year {year} is after {YEAR_MAX}")));
    }
    if year < YEAR_MIN {
        return Err(("place_years", format!("the year {year} is before {YEAR_MIN}")));
    }
    Ok(Some(year))
}

fn harbour(text: &str) -> Result<Harbour, RowFault> {
    match text {
        "sea" => Ok(Harbour::Sea),
        "river" => Ok(Harbour::River),
        "none" => Ok(Harbour::None),
        other => Err(("place_row", format!("harbour {other:?} is none of sea, river, none"))),
    }
}

fn rank(text: &str) -> Result<u8, RowFault> {
    match text.parse::<u8>() {
        Ok(rank @ 1..=5) => Ok(rank),
        _ => Err(("place_row", format!("rank {text:?} is not 1 to 5"))),
    }
}

fn population(text: &str) -> Result<Option<u32>, RowFault> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<u32>() {
        Ok(people) if people > 0 => Ok(Some(people)),
        _ => Err(("place_number", format!("population {text:?} is no whole number above 0"))),
    }
}

fn certainty(text: &str) -> Result<Certainty, RowFault> {
    match text {
        "certain" => Ok(Certainty::Certain),
        "conjectured" => Ok(Certainty::Conjectured),
        "hypothetical" => Ok(Certainty::Hypothetical),
        other => Err((
            "place_row",
            format!("certainty {other:?} is none of certain, conjectured, hypothetical"),
        )),
    }
}

fn csv_failure(path: &Path, error: &csv::Error) -> Broken {
    match error.kind() {
        csv::ErrorKind::Io(error) => read_failure(path, error),
        _ => Broken::new("schema", path, error.to_string()),
    }
}
