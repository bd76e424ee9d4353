//! `/derived`: written by the aggregation, read by the games.

use super::answer::{Cache, Failed, JSON, Refused, bad_request, not_found, tagged};
use crate::{app::App, blocking::blocking, derived::Written};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use std::sync::Arc;
use tessera_store_api::DerivedWindow;
use theron_service::{Json, Path};

/// Writes a window once; again with equal content is harmless
#[utoipa::path(
    put, path = "/api/v1/derived/windows/{window}", operation_id = "derived_window_put", tag = "derived",
    params(("window" = u64, Path)),
    request_body = DerivedWindow,
    responses(
        (status = 201, body = DerivedWindow, description = "Written"),
        (status = 200, body = DerivedWindow, description = "Was written before with this content"),
        Refused
    )
)]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Path(number): Path<u64>,
    Json(window): Json<DerivedWindow>,
) -> Result<Response, Failed> {
    if window.window != number {
        let detail = format!("the address says window {number} and the body {}", window.window);
        return Err(bad_request("window_not_valid", detail).into());
    }
    let (written, new) = blocking(move || app.windows.put(window)).await??;
    let mut response = answer(&HeaderMap::new(), Cache::Revalidate, &written);
    if new {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

/// The newest window
#[utoipa::path(
    get, path = "/api/v1/derived/current", operation_id = "derived_current", tag = "derived",
    responses((status = 200, body = DerivedWindow, headers(("ETag" = String))), (status = 304), Refused)
)]
pub(crate) async fn current(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let written = app.windows.current().ok_or_else(|| {
        not_found(
            "no_window_written",
            "no window has been derived yet; prices are those that the map gives",
        )
    })?;
    Ok(answer(&headers, Cache::Revalidate, &written))
}

/// One window
#[utoipa::path(
    get, path = "/api/v1/derived/windows/{window}", operation_id = "derived_window", tag = "derived",
    params(("window" = u64, Path)),
    responses((status = 200, body = DerivedWindow), (status = 304), Refused)
)]
pub(crate) async fn window(
    State(app): State<Arc<App>>,
    Path(number): Path<u64>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let found = blocking(move || app.windows.get(number)).await??;
    let written = found.ok_or_else(|| {
        not_found(
            "no_such_window",
            format!("window {number} was never written, or is no longer kept"),
        )
    })?;
    Ok(answer(&headers, Cache::Immutable, &written))
}

fn answer(headers: &HeaderMap, cache: Cache, written: &Written) -> Response {
    tagged(headers, cache, JSON, &format!("\"{}\"", written.hash), || {
        Body::from(written.body.clone())
    })
}
