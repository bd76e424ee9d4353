//! GET /windows, GET /windows/{n}: for the aggregation alone.

use super::{
    params::WindowsQuery,
    respond::{etag_of, has},
};
use crate::{app::App, windows::WindowError};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use otivm_api::{ClosedWindows, Snapshot};
use std::sync::Arc;
use theron_service::{Json, Path, Query, Refusal};

/// Closed windows, ascending.
#[utoipa::path(get, path = "/windows", tag = "windows", params(WindowsQuery),
    responses((status = 200, description = "Closed windows", body = ClosedWindows)))]
pub(super) async fn windows(
    State(app): State<Arc<App>>,
    Query(WindowsQuery { after }): Query<WindowsQuery>,
) -> Json<ClosedWindows> {
    Json(app.windows.list(after, app.now()))
}

/// What all players of this node did in a closed window; the same for ever.
#[utoipa::path(get, path = "/windows/{n}", tag = "windows",
    params(("n" = i64, Path, description = "Number of the window")),
    responses((status = 200, description = "The snapshot; strong ETag", body = Snapshot),
        (status = 304, description = "Not changed")))]
pub(super) async fn snapshot(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(window): Path<i64>,
) -> Result<Response, Refusal> {
    let bytes = app
        .windows
        .snapshot(&app.house, app.world.scene(), window, app.now())
        .await
        .map_err(|error| refusal(&error))?;
    let etag = etag_of(&bytes);
    let tags = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if has(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    Ok((tags, [(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

fn refusal(error: &WindowError) -> Refusal {
    match error {
        WindowError::Open { .. } => {
            Refusal::new(StatusCode::CONFLICT, "window_open", error.to_string())
        }
        WindowError::Unknown(_) => {
            Refusal::new(StatusCode::NOT_FOUND, "window_unknown", error.to_string())
        }
        WindowError::Snapshot(_) | WindowError::Io { .. } => Refusal::internal(error),
    }
}
