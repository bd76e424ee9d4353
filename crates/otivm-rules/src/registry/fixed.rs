//! Numbers that stand fast in a build: limits, what the rules have beside their parameters, and the market's model.

mod acts;
mod market;
mod places;

use super::{Figure, Part, Row};
use acts::ACTS;
use market::MARKET;
use places::{LEISURE, RANKS};

struct Fixed {
    id: &'static str,
    unit: &'static str,
    value: Figure,
    meaning: &'static str,
    source: &'static str,
}

/// One number for each rank of a place, from 1 to 5.
struct ByRank {
    id: &'static str,
    unit: &'static str,
    /// Of a rank, counted from 0.
    value: fn(usize) -> Figure,
    meaning: &'static str,
    source: &'static str,
}

#[cfg(test)]
pub(super) const COUNT: usize = ACTS.len() + LEISURE.len() + RANKS.len() * 5 + MARKET.len();

pub(super) fn rows() -> impl Iterator<Item = Row> {
    let of_acts = ACTS.iter().map(row);
    let of_places = LEISURE.iter().map(row).chain(RANKS.iter().flat_map(by_rank));
    of_acts.chain(of_places).chain(MARKET.iter().map(row))
}

fn row(fixed: &Fixed) -> Row {
    Row {
        part: Part::Fixed,
        id: format!("fixed.{}", fixed.id),
        unit: fixed.unit,
        least: fixed.value,
        most: fixed.value,
        default: fixed.value,
        meaning: fixed.meaning.to_owned(),
        source: fixed.source,
    }
}

fn by_rank(table: &ByRank) -> impl Iterator<Item = Row> {
    let ByRank { id, unit, value, meaning, source } = *table;
    (0..5).map(move |index| {
        let fixed = Fixed { id, unit, value: value(index), meaning, source };
        Row { id: format!("fixed.{id}.rank_{}", index + 1), ..row(&fixed) }
    })
}
