//! `/releases`: list, look, download, upload, promote, roll back.

use super::{
    answer::{Cache, Failed, JSON, Refused, has, json, not_found},
    params::ReleaseRef,
    pinned::{Pinned, current, no_such_release},
};
use crate::{
    app::App,
    blocking::blocking,
    releases::{Promise, take_in},
};
use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use tessera_store_api::{
    ReleaseList, ReleaseSummary, Rollback, SourceView, content_digest, sha256_of_content_digest,
};
use tessera_world::ReleaseId;
use theron_service::{Path, Refusal};
use tower_http::services::ServeFile;

const SQLITE: &str = "application/vnd.sqlite3";
/// RFC 9530: of the whole file, also where a part of it is sent.
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// Every release that the store holds, newest upload first
#[utoipa::path(
    get, path = "/api/v1/releases", operation_id = "releases", tag = "releases",
    responses((status = 200, body = ReleaseList), (status = 304), Refused)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let current = app.library.current().map(|open| open.id().clone());
    let releases = blocking(move || app.library.releases()).await??;
    Ok(json(&headers, Cache::Revalidate, JSON, &ReleaseList { current, releases })?)
}

/// What is known of one release
#[utoipa::path(
    get, path = "/api/v1/releases/{id}", operation_id = "release", tag = "releases",
    params(("id" = String, Path, description = "A release id, or `current`")),
    responses((status = 200, body = ReleaseSummary), (status = 304), Refused)
)]
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<ReleaseRef>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let id = match id {
        ReleaseRef::Current => current(&app)?.id().clone(),
        ReleaseRef::Id(id) => id,
    };
    let wanted = id.clone();
    let summary = blocking(move || app.library.summary(&wanted)).await??;
    let summary = summary.ok_or_else(|| no_such_release(&id))?;
    Ok(json(&headers, Cache::Revalidate, JSON, &summary)?)
}

/// The datasets behind a release, with licence and attribution
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/sources", operation_id = "release_sources", tag = "releases",
    params(("id" = String, Path, description = "A release id, or `current`")),
    responses((status = 200, body = Vec<SourceView>), (status = 304), Refused)
)]
pub(crate) async fn sources(
    Pinned { release, cache, .. }: Pinned,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    Ok(json(&headers, cache, JSON, &release.sources())?)
}

/// The release file itself, whole or by `Range`
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/file", operation_id = "release_file", tag = "releases",
    params(("id" = String, Path, description = "A release id, or `current`")),
    responses(
        (status = 200, content_type = "application/vnd.sqlite3", body = Vec<u8>,
         headers(("ETag" = String), ("Repr-Digest" = String, description = "`sha-256=:…:` of the whole file"))),
        (status = 206, description = "The range that was asked for"),
        (status = 304),
        Refused
    )
)]
pub(crate) async fn file(
    Pinned { release, cache, .. }: Pinned,
    mut request: Request,
) -> Result<Response, Failed> {
    let etag = format!("\"{}\"", release.sha256());
    let tag = HeaderValue::from_str(&etag).map_err(|error| Refusal::internal(&error))?;
    let digest = content_digest(release.sha256()).unwrap_or_default();
    let digest = HeaderValue::from_str(&digest).map_err(|error| Refusal::internal(&error))?;
    let named =
        [(header::ETAG, tag), (header::CACHE_CONTROL, cache.header()), (REPR_DIGEST, digest)];
    if wants_another(request.headers(), &etag) {
        let detail =
            "If-Match names other content than this release's; leave it out, or ask for its ETag";
        return Err(Refusal::new(StatusCode::PRECONDITION_FAILED, "release_differs", detail).into());
    }
    if has(request.headers(), &etag) {
        return Ok((StatusCode::NOT_MODIFIED, named).into_response());
    }
    let asked = request.headers_mut();
    let other = asked.get(header::IF_RANGE).is_some_and(|tag| tag.as_bytes() != etag.as_bytes());
    // What is no range, or several of them, is answered as if it had not been said: with the whole file.
    if other || asked.get(header::RANGE).is_some_and(|range| !is_one_range(range)) {
        asked.remove(header::RANGE);
    }
    // The conditions were ours to judge; the file service would compare them with the time of the file.
    for condition in [
        header::IF_RANGE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
    ] {
        asked.remove(condition);
    }
    let served = ServeFile::new(release.path()).try_call(request).await;
    let mut response = served.map_err(|error| Refusal::internal(&error))?.map(Body::new);
    if response.status() == StatusCode::NOT_FOUND {
        let detail =
            format!("the file of release {} is gone from the disk; upload it again", release.id());
        return Err(not_found("no_such_release", detail).into());
    }
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        return Ok(beyond_the_end(response.headers()));
    }
    let headers = response.headers_mut();
    headers.remove(header::LAST_MODIFIED);
    for (name, value) in named {
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(SQLITE));
    Ok(response)
}

/// Whether `If-Match` is there and does not name the ETag.
fn wants_another(request: &HeaderMap, etag: &str) -> bool {
    let mut named = request.get_all(header::IF_MATCH).iter().peekable();
    named.peek().is_some()
        && !named
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| matches!(tag.trim(), "*") || tag.trim() == etag)
}

/// `bytes=0-99`, `bytes=100-` or `bytes=-100`.
fn is_one_range(range: &HeaderValue) -> bool {
    let ends = range.to_str().ok().and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let number = |end: &str| end.bytes().all(|b| b.is_ascii_digit()).then(|| end.parse::<u64>());
    match ends.map(|(first, last)| (number(first), number(last))) {
        Some((Some(Ok(first)), Some(Ok(last)))) => first <= last,
        Some((Some(first), Some(last))) => first.is_ok() || last.is_ok(),
        _ => false,
    }
}

/// 416, with the `Content-Range` that says how long the file is.
fn beyond_the_end(said: &HeaderMap) -> Response {
    let detail = "the range begins after the end of the file; Content-Range says how long it is";
    let status = StatusCode::RANGE_NOT_SATISFIABLE;
    let mut refused = Refusal::new(status, "range_beyond_the_end", detail).into_response();
    if let Some(length) = said.get(header::CONTENT_RANGE) {
        refused.headers_mut().insert(header::CONTENT_RANGE, length.clone());
    }
    refused
}

/// Takes a release file in; again with the same bytes is harmless
#[utoipa::path(
    put, path = "/api/v1/releases/{id}", operation_id = "release_put", tag = "releases",
    params(
        ("id" = String, Path, description = "First 32 hexadecimal digits of the file's SHA-256"),
        ("content-digest" = Option<String>, Header, description = "RFC 9530, `sha-256=:…:`; verified")
    ),
    request_body(content = Vec<u8>, content_type = "application/vnd.sqlite3"),
    responses(
        (status = 201, body = ReleaseSummary, description = "Taken in"),
        (status = 200, body = ReleaseSummary, description = "Was here before"),
        Refused
    )
)]
pub(crate) async fn upload(
    State(app): State<Arc<App>>,
    Path(id): Path<ReleaseId>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<ReleaseSummary>), Failed> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let sha256 = text("content-digest").and_then(sha256_of_content_digest);
    let bytes = text("content-length").and_then(|value| value.parse().ok());
    let (summary, new) =
        take_in(&app.library, Promise { id, sha256, bytes }, body, app.clock.now()).await?;
    app.say_readiness();
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(summary)))
}

/// Makes a release the current one
#[utoipa::path(
    post, path = "/api/v1/releases/{id}/promote", operation_id = "release_promote", tag = "releases",
    params(("id" = String, Path)),
    responses((status = 200, body = ReleaseSummary), Refused)
)]
pub(crate) async fn promote(
    State(app): State<Arc<App>>,
    Path(id): Path<ReleaseId>,
) -> Result<Json<ReleaseSummary>, Failed> {
    let promoted = blocking(move || {
        let promoted = app.library.promote(&id, app.clock.now());
        app.prune();
        app.say_readiness();
        promoted
    });
    Ok(Json(promoted.await??))
}

/// Makes the release current that was so before the present one
#[utoipa::path(
    post, path = "/api/v1/rollback", operation_id = "rollback", tag = "releases",
    responses((status = 200, body = Rollback), Refused)
)]
pub(crate) async fn roll_back(State(app): State<Arc<App>>) -> Result<Json<Rollback>, Failed> {
    let rolled_back = blocking(move || {
        let rolled_back = app.library.roll_back(app.clock.now());
        app.say_readiness();
        rolled_back
    });
    let (from, to) = rolled_back.await??;
    Ok(Json(Rollback { from, to }))
}

/// Lets a release go that is not the current one
#[utoipa::path(
    delete, path = "/api/v1/releases/{id}", operation_id = "release_delete", tag = "releases",
    params(("id" = String, Path)),
    responses((status = 204, description = "Removed"), Refused)
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<ReleaseId>,
) -> Result<StatusCode, Failed> {
    let removed = blocking(move || {
        let removed = app.library.remove(&id);
        app.say_readiness();
        removed
    });
    removed.await??;
    Ok(StatusCode::NO_CONTENT)
}
