//! Many questions in a file, an answer a line. A row that cannot be answered says why; the rest goes on.

use super::{RouteError, RouteOptions, SEASON, print, print::Figures, world::World};
use csv::StringRecord;
use otivm_travel::{Mode, Month, Navigator, Query};
use serde::{Deserialize, Serialize};
use std::{
    io::{BufWriter, Write},
    path::Path,
};

/// So many ways take about as long to find as a survey (by sea a sixth of a second, by road one, by all means more),
/// after which others of that mode and month are found four times as quick: whoever asked so often may ask as often
/// again.
const SURVEYED_AFTER: u32 = 128;

/// How often ways were asked for, by mode and month.
#[derive(Default)]
struct Asking([[u32; 12]; Mode::ALL.len()]);

impl Asking {
    /// Whether it is worth while now to survey such ways.
    fn again(&mut self, mode: Mode, month: Month) -> bool {
        // Rivers are soon searched through.
        if mode == Mode::River {
            return false;
        }
        let times = &mut self.0[mode as usize][month.index()];
        *times = times.saturating_add(1);
        *times == SURVEYED_AFTER
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    from: String,
    to: String,
    /// Where it is empty, as the command line says.
    #[serde(default)]
    mode: String,
    /// Where it is empty, as the command line says.
    #[serde(default)]
    month: String,
}

#[derive(Serialize)]
struct Line<'a> {
    /// From 1, the heading not counted.
    row: usize,
    #[serde(flatten)]
    asked: Option<Asked<'a>>,
    #[serde(flatten)]
    figures: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

#[derive(Serialize)]
struct Asked<'a> {
    from: &'a str,
    to: &'a str,
    mode: &'a str,
    month: &'a str,
}

#[derive(Debug, thiserror::Error)]
enum BadRow {
    #[error("{0:?} is no way to travel; use sea, coast, river, road or any")]
    Mode(String),
    #[error("{0:?} is not a month; use 1 to 12, or nothing for the month of --month")]
    Month(String),
    #[error(transparent)]
    Route(#[from] RouteError),
    #[error("the row cannot be read: {0}")]
    Row(#[from] csv::Error),
}

impl BadRow {
    const fn code(&self) -> &'static str {
        match self {
            Self::Mode(_) => "bad_mode",
            Self::Month(_) => "bad_month",
            Self::Route(error) => error.code(),
            Self::Row(_) => "bad_row",
        }
    }
}

pub(super) fn answer(
    world: &World,
    navigator: &mut Navigator,
    options: &RouteOptions,
    file: &Path,
) -> Result<(), RouteError> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(file)?;
    let heading: StringRecord = reader.headers()?.iter().map(str::to_lowercase).collect();
    if !["from", "to"].iter().all(|column| heading.iter().any(|named| named == *column)) {
        return Err(RouteError::Heading(heading.iter().collect::<Vec<_>>().join(",")));
    }
    reader.set_headers(heading);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut asking = Asking::default();
    for (index, row) in reader.deserialize::<Row>().enumerate() {
        let found = match &row {
            Ok(row) => query(world, options, row).and_then(|query| {
                let Query { mode, ship, gait, month, .. } = query;
                if asking.again(mode, month) {
                    navigator.chart().survey(mode, ship, gait, month);
                }
                figures(navigator, &query, row)
            }),
            Err(error) => {
                Err(BadRow::Row(csv::Error::from(std::io::Error::other(error.to_string()))))
            }
        };
        let asked = row.as_ref().ok().map(|row| Asked {
            from: &row.from,
            to: &row.to,
            mode: &row.mode,
            month: &row.month,
        });
        let line = match found {
            Ok(figures) => {
                Line { row: index + 1, asked, figures: Some(figures), error: None, code: None }
            }
            Err(error) => Line {
                row: index + 1,
                asked,
                figures: None,
                error: Some(error.to_string()),
                code: Some(error.code()),
            },
        };
        serde_json::to_writer(&mut out, &line)?;
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

fn query(world: &World, options: &RouteOptions, row: &Row) -> Result<Query, BadRow> {
    let mode = match row.mode.to_lowercase().as_str() {
        "" => options.mode,
        id => Mode::from_id(id).ok_or_else(|| BadRow::Mode(row.mode.clone()))?,
    };
    let month = match row.month.as_str() {
        "" => options.month.unwrap_or(SEASON),
        text => text
            .parse::<u8>()
            .ok()
            .and_then(|number| Month::try_from(number).ok())
            .ok_or_else(|| BadRow::Month(row.month.clone()))?,
    };
    let place = |text: &str| world.place(text).map_err(RouteError::from);
    let (from, to) = (place(&row.from)?.position, place(&row.to)?.position);
    Ok(Query { from, to, mode, ship: options.ship, gait: options.gait, month })
}

fn figures(navigator: &mut Navigator, query: &Query, row: &Row) -> Result<Figures, BadRow> {
    let route = navigator.journey(query).map_err(|why| RouteError::NoRoute {
        from: row.from.clone(),
        to: row.to.clone(),
        mode: query.mode,
        why,
    })?;
    Ok(print::figures(&route))
}
