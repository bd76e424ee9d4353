//! The release of a request: one, from the first byte of its answer to the last.

use super::{
    answer::{Cache, Failed, not_found},
    cursor::{Cursor, not_valid},
    origin::reader,
    params::ReleaseRef,
};
use crate::{
    app::App,
    blocking::blocking,
    releases::{OpenRelease, ReadError, Wanted},
    turns::Reader,
};
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use std::{str::FromStr, sync::Arc};
use tessera_release::Release;
use tessera_world::ReleaseId;
use theron_service::Refusal;

/// The release that the address names (`{id}`), or that the walk over pages (`cursor=`) began with, or the
/// current one.
pub(crate) struct Pinned {
    pub(crate) release: Arc<OpenRelease>,
    /// For ever, where the address names the release.
    pub(crate) cache: Cache,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) reader: Reader,
    app: Arc<App>,
}

impl Pinned {
    /// A read that may look at every zone there is, when it is its reader's turn.
    pub(crate) async fn search<T: Send + 'static>(
        &self,
        search: impl FnOnce(&OpenRelease, &Release, Wanted) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, Failed> {
        let turn = self.app.searches.take(&self.reader).await?;
        Ok(self.release.search(turn, search).await?)
    }

    /// The key that the walk over a list goes on after; `None` on its first page.
    pub(crate) fn after<K: FromStr>(&self, list: &str) -> Result<Option<K>, Refusal> {
        self.cursor.as_ref().map(|cursor| cursor.key(list)).transpose()
    }
}

impl FromRequestParts<Arc<App>> for Pinned {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failed> {
        let named = named(parts, app).await?;
        let cursor = cursor(parts).map(|text| Cursor::read(&text, &app.secret)).transpose()?;
        let cache = match named {
            Some(ReleaseRef::Id(_)) => Cache::Immutable,
            Some(ReleaseRef::Current) | None => Cache::Revalidate,
        };
        let release = match (&named, &cursor) {
            (Some(ReleaseRef::Id(id)), Some(cursor)) if cursor.release != *id => {
                return Err(not_valid("the cursor belongs to another release").into());
            }
            (Some(ReleaseRef::Id(id)), _) => {
                by_id(app, id).await?.ok_or_else(|| no_such_release(id))?
            }
            (_, Some(cursor)) => by_id(app, &cursor.release).await?.ok_or_else(|| {
                not_valid("the release that this walk began with is no longer kept")
            })?,
            (_, None) => current(app)?,
        };
        let (reader, app) = (reader(parts), Arc::clone(app));
        Ok(Self { release, cache, cursor, reader, app })
    }
}

async fn named(parts: &mut Parts, app: &Arc<App>) -> Result<Option<ReleaseRef>, Refusal> {
    let wrong = |what: String| super::answer::bad_request("path_not_understood", what);
    let params = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|rejection| wrong(rejection.body_text()))?;
    let id = params.iter().find(|(name, _)| *name == "id").map(|(_, value)| value.to_owned());
    id.map(ReleaseRef::try_from).transpose().map_err(|error| wrong(error.to_string()))
}

/// `cursor=` of the query; its letters are never escaped.
fn cursor(parts: &Parts) -> Option<String> {
    let pairs = parts.uri.query().unwrap_or_default().split('&');
    pairs.into_iter().find_map(|pair| pair.strip_prefix("cursor=")).map(str::to_owned)
}

pub(crate) fn current(app: &App) -> Result<Arc<OpenRelease>, Refusal> {
    app.library.current().ok_or_else(|| {
        not_found(
            "no_release_promoted",
            "no release has been promoted yet; run the pipeline and promote its release",
        )
    })
}

async fn by_id(app: &Arc<App>, id: &ReleaseId) -> Result<Option<Arc<OpenRelease>>, Failed> {
    if let Some(current) = app.library.current().filter(|current| current.id() == id) {
        return Ok(Some(current));
    }
    let (app, wanted) = (Arc::clone(app), id.clone());
    Ok(blocking(move || app.library.pin(&wanted)).await??)
}

pub(crate) fn no_such_release(id: &ReleaseId) -> Refusal {
    not_found(
        "no_such_release",
        format!("the store holds no release {id}; /api/v1/releases lists those it holds"),
    )
}
