//! Years as the wire writes them: astronomical, as ISO 8601 counts (0 is 1 BC, -199 is 200 BC).

use serde::Deserialize;
use std::fmt;

/// The years that an instant or interval of OGC API spans; `None` is unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Years {
    pub(crate) first: Option<i32>,
    pub(crate) last: Option<i32>,
}

impl TryFrom<String> for Years {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refusal = || {
            format!(
                "datetime {text:?} is not a date, a time or an interval of RFC 3339, such as \
                 0150-01-01T00:00:00Z, ../0150-12-31 or -000199-01-01/.. (200 BC and later)"
            )
        };
        let years = match text.split_once('/') {
            None => {
                let year = year_of(&text).ok_or_else(refusal)?;
                Self { first: Some(year), last: Some(year) }
            }
            Some((first, last)) => {
                let end = |text: &str| match text {
                    "" | ".." => Ok(None),
                    _ => year_of(text).map(Some).ok_or_else(refusal),
                };
                Self { first: end(first)?, last: end(last)? }
            }
        };
        match (years.first, years.last) {
            (Some(first), Some(last)) if first > last => Err(refusal()),
            _ => Ok(years),
        }
    }
}

/// As it is read.
impl fmt::Display for Years {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |year: Option<i32>| year.map_or_else(|| "..".to_owned(), date_of);
        write!(f, "{}/{}", end(self.first), end(self.last))
    }
}

impl Years {
    /// Whether something that held in these years held at some time of the interval.
    pub(crate) fn meets(self, from: Option<i32>, to: Option<i32>) -> bool {
        let before = |a: Option<i32>, b: Option<i32>| a.is_some_and(|a| b.is_some_and(|b| a < b));
        !before(to, self.first) && !before(self.last, from)
    }

    /// The one year that is shown of what has a state in every year: the one that is usual, where the
    /// interval holds it, or else the end of the interval that is nearest to it.
    pub(crate) fn shown(self, usual: i32) -> i32 {
        let not_before = self.first.map_or(usual, |first| usual.max(first));
        self.last.map_or(not_before, |last| not_before.min(last))
    }
}

/// The first day of a year: four digits from 0 to 9999, else a sign and six (ISO 8601, expanded).
pub(crate) fn date_of(year: i32) -> String {
    match year {
        0..=9999 => format!("{year:04}-01-01"),
        _ => format!("{}{:06}-01-01", if year < 0 { '-' } else { '+' }, year.unsigned_abs()),
    }
}

/// The year of an RFC 3339 date or time. After a sign the year has six digits, or four.
pub(crate) fn year_of(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let signed = digits.len() < text.len();
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    if length != 4 && !(signed && length == 6) {
        return None;
    }
    let (year, rest) = digits.split_at_checked(length)?;
    // The rest is checked in a leap year, so that every day of any calendar year is there.
    let elsewhere = format!("2000{rest}");
    let valid = if rest.contains(['T', 't']) {
        elsewhere.parse::<jiff::Timestamp>().is_ok()
    } else {
        rest.len() == 6 && elsewhere.parse::<jiff::civil::Date>().is_ok()
    };
    valid.then(|| year.parse().ok()).flatten().map(|year: i32| sign * year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(text: &str) -> Option<(Option<i32>, Option<i32>)> {
        Years::try_from(text.to_owned()).ok().map(|years| (years.first, years.last))
    }

    #[test]
    fn a_datetime_is_read_as_the_years_it_spans() {
        assert_eq!(years("0150-01-01T00:00:00Z"), Some((Some(150), Some(150))));
        assert_eq!(years("0100-02-29/0150-12-31"), Some((Some(100), Some(150))));
        assert_eq!(years("../-0030-08-01"), Some((None, Some(-30))));
        assert_eq!(years("-000199-01-01/+000014-08-19"), Some((Some(-199), Some(14))));
        assert_eq!(years("0014-08-19T12:00:00Z/"), Some((Some(14), None)));
        for text in ["0100-01-01/0150-01-01", "../-000030-01-01", "0014-01-01/.."] {
            assert_eq!(Years::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "150",
            "0150-13-01",
            "0150-01-01/0100-01-01",
            "0150-01-01junk",
            "-199-01-01",
            "000150-01-01",
            "yesterday",
            "0150-01-01/x",
            "\u{e9}\u{e9}50-01-01",
        ] {
            assert_eq!(years(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn every_year_of_history_reads_as_it_is_written() {
        for year in -3000..=12_000 {
            assert_eq!(year_of(&date_of(year)), Some(year));
        }
    }

    #[test]
    fn an_interval_shows_the_usual_year_or_the_nearest_it_holds() {
        let shown = |text: &str| Years::try_from(text.to_owned()).unwrap().shown(150);
        assert_eq!(shown("0100-01-01/0200-01-01"), 150);
        assert_eq!(shown("../0014-01-01"), 14);
        assert_eq!(shown("0300-01-01/.."), 300);
        assert_eq!(shown("-000199-01-01"), -199);
    }

    #[test]
    fn an_interval_meets_what_held_at_some_time_of_it() {
        let years = Years { first: Some(100), last: Some(200) };
        assert!(
            years.meets(None, None)
                && years.meets(Some(200), None)
                && years.meets(Some(-5), Some(100))
        );
        assert!(!years.meets(Some(201), None) && !years.meets(None, Some(99)));
    }
}
