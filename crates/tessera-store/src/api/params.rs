//! Words of addresses and queries, understood at the door.

use super::answer::Cache;
use super::answer::{Failed, bad_request, not_found};
use crate::{app::App, blocking::blocking, releases::OpenRelease};
use axum::http::{HeaderMap, StatusCode, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use std::{fmt, str::FromStr, sync::Arc};
use tessera_grid::{BBox, BBoxError};
use tessera_world::{ReleaseId, ReleaseIdError};
use theron_service::Refusal;

/// Items on one page: 10,000 zones are 12 MB of JSON, which a client reads in a second.
pub(crate) const LIMIT_MAX: usize = 10_000;
const LIMIT_DEFAULT: usize = 1_000;

/// `current`, or a release by its id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum ReleaseRef {
    Current,
    Id(ReleaseId),
}

impl TryFrom<String> for ReleaseRef {
    type Error = ReleaseIdError;
    fn try_from(text: String) -> Result<Self, ReleaseIdError> {
        if text == "current" { Ok(Self::Current) } else { text.parse().map(Self::Id) }
    }
}

/// The one release that the whole answer is made from.
pub(crate) async fn pin(
    app: &Arc<App>,
    release: &ReleaseRef,
) -> Result<(Arc<OpenRelease>, Cache), Failed> {
    match release {
        ReleaseRef::Current => Ok((current(app)?, Cache::Revalidate)),
        ReleaseRef::Id(id) => Ok((by_id(app, id).await?, Cache::Immutable)),
    }
}

pub(crate) fn current(app: &App) -> Result<Arc<OpenRelease>, Refusal> {
    app.library.current().ok_or_else(|| {
        not_found(
            "no_release_promoted",
            "no release has been promoted yet; run the pipeline and promote its release",
        )
    })
}

async fn by_id(app: &Arc<App>, id: &ReleaseId) -> Result<Arc<OpenRelease>, Failed> {
    if let Some(current) = app.library.current().filter(|current| current.id() == id) {
        return Ok(current);
    }
    let (app, wanted) = (Arc::clone(app), id.clone());
    let found = blocking(move || app.library.pin(&wanted)).await??;
    Ok(found.ok_or_else(|| no_such_release(id))?)
}

pub(crate) fn no_such_release(id: &ReleaseId) -> Refusal {
    not_found(
        "no_such_release",
        format!("the store holds no release {id}; /api/v1/releases lists those it holds"),
    )
}

/// `limit`: 1 and up; more than the most is taken as the most, as OGC asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Limit(pub(crate) usize);

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl TryFrom<String> for Limit {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.parse::<u64>() {
            Ok(limit) if limit > 0 => {
                Ok(Self(usize::try_from(limit).unwrap_or(LIMIT_MAX).min(LIMIT_MAX)))
            }
            _ => Err(format!("limit {text:?} is not a number from 1 to {LIMIT_MAX}")),
        }
    }
}

/// `bbox`: four numbers, or six with heights, which are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Box2(pub(crate) BBox);

impl TryFrom<String> for Box2 {
    type Error = BBoxError;
    fn try_from(text: String) -> Result<Self, BBoxError> {
        let parts: Vec<&str> = text.split(',').collect();
        match *parts.as_slice() {
            [west, south, _low, east, north, _high] => {
                format!("{west},{south},{east},{north}").parse()
            }
            _ => text.parse(),
        }
        .map(Self)
    }
}

/// Where a walk over pages stands: its release, and the last key of the page before.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Cursor {
    pub(crate) release: ReleaseId,
    pub(crate) after: String,
}

impl TryFrom<String> for Cursor {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        let refusal = "the cursor is not one that this store made; start the walk again without it";
        let raw = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_code| refusal)?;
        let text = String::from_utf8(raw).map_err(|_code| refusal)?;
        let (release, after) = text.split_once(' ').ok_or(refusal)?;
        Ok(Self { release: release.parse().map_err(|_id| refusal)?, after: after.to_owned() })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(format!("{} {}", self.release, self.after)))
    }
}

impl Cursor {
    /// The key that the walk goes on after.
    pub(crate) fn key<K: FromStr>(&self) -> Result<K, Refusal> {
        self.after.parse().map_err(|_code| {
            bad_request(
                "cursor_not_valid",
                "the cursor belongs to another list; start the walk again without it",
            )
        })
    }
}

/// The release of a walk: that of its first page, even if another was promoted since.
pub(crate) async fn pin_walk(
    app: &Arc<App>,
    cursor: Option<&Cursor>,
) -> Result<Arc<OpenRelease>, Failed> {
    let Some(cursor) = cursor else { return Ok(current(app)?) };
    by_id(app, &cursor.release).await
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Json,
    Html,
}

impl Format {
    /// `f=` decides; else HTML for whoever asks for it by name, which browsers do.
    pub(crate) fn of(query: Option<Self>, headers: &HeaderMap) -> Result<Self, Refusal> {
        if let Some(format) = query {
            return Ok(format);
        }
        let accept =
            headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
        let takes = |kind: &str| accept.contains(kind);
        if takes("text/html") {
            Ok(Self::Html)
        } else if takes("json") || takes("*/*") || takes("application/*") {
            Ok(Self::Json)
        } else {
            let detail =
                "this answer is there as application/json and as text/html; ask for one of them";
            Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail))
        }
    }
}

/// `datetime`: the years that an instant or interval of OGC API spans; `None` is unbounded.
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
                 0150-01-01T00:00:00Z or ../0150-12-31"
            )
        };
        let years = match text.split_once('/') {
            None => {
                let year = year(&text).ok_or_else(refusal)?;
                Self { first: Some(year), last: Some(year) }
            }
            Some((first, last)) => {
                let end = |text: &str| match text {
                    "" | ".." => Ok(None),
                    _ => year(text).map(Some).ok_or_else(refusal),
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
        let end = |year: Option<i32>| match year {
            None => "..".to_owned(),
            Some(year) if year < 0 => format!("-{:04}-01-01", year.unsigned_abs()),
            Some(year) => format!("{year:04}-01-01"),
        };
        write!(f, "{}/{}", end(self.first), end(self.last))
    }
}

impl Years {
    /// Whether something that held in these years held at some time of the interval.
    pub(crate) fn meets(self, from: Option<i32>, to: Option<i32>) -> bool {
        let before = |a: Option<i32>, b: Option<i32>| a.is_some_and(|a| b.is_some_and(|b| a < b));
        !before(to, self.first) && !before(self.last, from)
    }
}

/// The year of an RFC 3339 date or time; a sign before it makes it astronomical.
fn year(text: &str) -> Option<i32> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (year, rest) = digits.split_at_checked(4)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
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
        assert_eq!(years("0014-08-19T12:00:00Z/"), Some((Some(14), None)));
        for text in ["0100-01-01/0150-01-01", "../-0030-01-01", "0014-01-01/.."] {
            assert_eq!(Years::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "150",
            "0150-13-01",
            "0150-01-01/0100-01-01",
            "0150-01-01junk",
            "a/b",
            "é150-01-01",
        ] {
            assert_eq!(years(wrong), None, "{wrong}");
        }
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

    #[test]
    fn a_cursor_reads_as_it_was_written_and_nothing_else_is_one() {
        let release: ReleaseId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let cursor = Cursor { release, after: "ostia".to_owned() };
        assert_eq!(Cursor::try_from(cursor.to_string()), Ok(cursor));
        for wrong in ["", "b3N0aWE", "****", "MDEyMw"] {
            assert!(Cursor::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bbox_with_heights_is_the_box_without() {
        let plain = Box2::try_from("12,41,13,42".to_owned()).unwrap();
        assert_eq!(Box2::try_from("12,41,-100,13,42,3000".to_owned()), Ok(plain));
        assert!(Box2::try_from("1,2,3,4,5".to_owned()).is_err());
    }
}
