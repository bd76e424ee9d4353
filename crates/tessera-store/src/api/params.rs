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

#[cfg(test)]
mod tests {
    use super::*;

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
