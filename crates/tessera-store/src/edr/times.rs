//! The months that are asked for. The world has a state for every year, and one course of months for all of
//! them: a climate, not a weather report.

use crate::years::{Years, date_of, year_of};
use serde::Deserialize;

/// An instant or interval of a `datetime`: to the year, to the month, or finer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Times {
    years: Years,
    /// 0 is January.
    pub(crate) months: Vec<usize>,
}

impl Default for Times {
    fn default() -> Self {
        Self::all_of(Years { first: None, last: None })
    }
}

impl Times {
    /// Every month comes round in an interval that goes beyond a year.
    fn all_of(years: Years) -> Self {
        Self { years, months: (0..12).collect() }
    }

    /// Of an interval the year that is nearest to the release's own.
    pub(crate) fn year(&self, epoch: i32) -> i32 {
        self.years.shown(epoch)
    }

    /// `0150-07`
    pub(crate) fn label(year: i32, month: usize) -> String {
        let first = date_of(year);
        let year = first.strip_suffix("-01-01").unwrap_or(&first);
        format!("{year}-{:02}", month + 1)
    }
}

impl TryFrom<String> for Times {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refusal = || {
            format!(
                "datetime {text:?} is not a year, a month, a day or an interval of them, such as 0150, \
                 0150-07, 0150-07-15T00:00:00Z or 0150-05/0150-09"
            )
        };
        let end = |part: &str| match part {
            "" | ".." => Ok(None),
            _ => instant(part).map(Some).ok_or_else(refusal),
        };
        let (first, last) = match text.split_once('/') {
            None => {
                let at = Some(instant(&text).ok_or_else(refusal)?);
                (at, at)
            }
            Some((first, last)) => (end(first)?, end(last)?),
        };
        let years = Years { first: first.map(|(year, _)| year), last: last.map(|(year, _)| year) };
        match (first, last) {
            (Some((first, _)), Some((last, _))) if first > last => Err(refusal()),
            (Some((first, from)), Some((last, to))) if first == last => {
                let (from, to) = (from.unwrap_or(0), to.unwrap_or(11));
                let months = Self { years, months: (from..=to).collect() };
                if from > to { Err(refusal()) } else { Ok(months) }
            }
            _ => Ok(Self::all_of(years)),
        }
    }
}

/// The year, and the month where the text goes so far.
fn instant(text: &str) -> Option<(i32, Option<usize>)> {
    let sign = text.len() - text.trim_start_matches(['-', '+']).len();
    let digits = text.get(sign..)?.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = text.split_at_checked(sign + digits)?;
    let whole = |rest: &str| year_of(&format!("{year}{rest}"));
    let month = |rest: &str| rest.get(1..3)?.parse::<usize>().ok()?.checked_sub(1);
    match rest.len() {
        0 => Some((whole("-01-01")?, None)),
        3 => Some((whole(&format!("{rest}-01"))?, Some(month(rest)?))),
        _ => Some((whole(rest)?, Some(month(rest)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Option<(i32, Vec<usize>)> {
        Times::try_from(text.to_owned()).ok().map(|times| (times.year(150), times.months))
    }

    #[test]
    fn a_datetime_is_read_as_the_months_it_spans() {
        let all: Vec<usize> = (0..12).collect();
        assert_eq!(times("0014"), Some((14, all.clone())));
        assert_eq!(times("0014-07"), Some((14, vec![6])));
        assert_eq!(times("-000199-07-15"), Some((-199, vec![6])));
        assert_eq!(
            times("0150-05-01T00:00:00Z/0150-09-30T00:00:00Z"),
            Some((150, (4..=8).collect()))
        );
        assert_eq!(times("0100-05/0140-09"), Some((140, all.clone())));
        assert_eq!(times("../.."), Some((150, all.clone())));
        assert_eq!(times("../0300"), Some((150, all.clone())));
        assert_eq!(times("-000400/.."), Some((150, all.clone())));
        assert_eq!(times("0300/.."), Some((300, all)));
        for wrong in ["", "x", "0150-13", "0150-07/0150-05", "0200/0100", "0150-1", "é150", "-"] {
            assert_eq!(times(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_month_is_written_with_its_year() {
        assert_eq!(Times::label(150, 6), "0150-07");
        assert_eq!(Times::label(-199, 0), "-000199-01");
    }
}
