//! `/runs`: start one, look at it, read its assay and quarantine, promote it.

use super::App;
use crate::run::{ASSAY_HTML, ASSAY_JSON, QUARANTINE_JSON};
use crate::runs::{NewRun, promote};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;
use tessera_pipeline_api::{Quarantined, Run, RunKind, RunList, StartRun};
use theron_service::{Json, Path, Query, Refusal};
use theron_wire::Problem;

/// The runs that are kept, newest first.
#[utoipa::path(
    get, path = "/runs", operation_id = "run_list",
    responses((status = 200, body = RunList), (status = 403, body = Problem, description = "`not_admitted`")),
)]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<RunList> {
    let runs = app.shelf.all().into_iter().rev().collect();
    Json(RunList { runs })
}

/// Queues a run of a world; one is done at a time.
#[utoipa::path(
    post, path = "/runs", operation_id = "run_start", request_body = StartRun,
    responses(
        (status = 202, body = Run),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`world_unknown`"),
        (status = 503, body = Problem, description = "`queue_full`"),
    ),
)]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    Json(request): Json<StartRun>,
) -> Result<(StatusCode, Json<Run>), Refusal> {
    if !app.worlds.contains_key(&request.world) {
        let known: Vec<&str> = app.worlds.keys().map(String::as_str).collect();
        let detail =
            format!("no world is called {:?}; there is {}", request.world, known.join(", "));
        return Err(Refusal::new(StatusCode::NOT_FOUND, "world_unknown", detail));
    }
    let created_at = app.clock.now().to_string();
    let new = NewRun { kind: RunKind::Pipeline, world: request.world, created_at };
    let run = app.shelf.add(new, None)?;
    app.wake.notify_one();
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// One run: its step, progress, findings and what it made.
#[utoipa::path(
    get, path = "/runs/{run}", operation_id = "run_get",
    params(("run" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = Run),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`"),
    ),
)]
pub(super) async fn detail(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
) -> Result<Json<Run>, Refusal> {
    Ok(Json(find(&app, &run)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Format {
    f: Option<String>,
}

/// The assay: a page for people, or JSON where `Accept` or `f=json` asks for it.
#[utoipa::path(
    get, path = "/runs/{run}/assay", operation_id = "run_assay",
    params(
        ("run" = String, Path, description = "Its id"),
        ("f" = Option<String>, Query, description = "`html` or `json`; stronger than `Accept`"),
    ),
    responses(
        (status = 200, content((String = "text/html"), (serde_json::Value = "application/json"))),
        (status = 400, body = Problem, description = "`format_unknown`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`, `assay_not_there`"),
    ),
)]
pub(super) async fn assay(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
    Query(format): Query<Format>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let run = find(&app, &run)?;
    let accepts_json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json") && !accept.contains("text/html"));
    let (file, kind) = match format.f.as_deref() {
        Some("json") => (ASSAY_JSON, "application/json"),
        None if accepts_json => (ASSAY_JSON, "application/json"),
        Some("html") | None => (ASSAY_HTML, "text/html; charset=utf-8"),
        Some(other) => {
            let detail = format!("f is {other:?}; ask for html or json");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "format_unknown", detail));
        }
    };
    let bytes = made(&app, &run, file).await?;
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// Rows that were left out of the world: file, row, rule and reason.
#[utoipa::path(
    get, path = "/runs/{run}/quarantine", operation_id = "run_quarantine",
    params(("run" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = Vec<Quarantined>),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`, `assay_not_there`"),
    ),
)]
pub(super) async fn quarantine(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
) -> Result<Response, Refusal> {
    let run = find(&app, &run)?;
    let bytes = made(&app, &run, QUARANTINE_JSON).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// Hands the run's release to 1102 and makes it the current one. Again is harmless.
#[utoipa::path(
    post, path = "/runs/{run}/promote", operation_id = "run_promote",
    params(("run" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = Run),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`"),
        (status = 409, body = Problem, description = "`run_not_finished`, `run_not_promotable`, `release_changed`"),
        (status = 502, body = Problem, description = "`store_refused`"),
        (status = 503, body = Problem, description = "`store_unreachable`: nothing is lost, try again"),
    ),
)]
pub(super) async fn promote_run(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
) -> Result<Json<Run>, Refusal> {
    let run = find(&app, &run)?;
    let run = promote(&app.shelf, &app.store, run, app.clock.now().to_string()).await?;
    Ok(Json(run))
}

fn find(app: &App, id: &str) -> Result<Run, Refusal> {
    app.shelf.get(id).ok_or_else(|| {
        let detail =
            format!("no run is called {id:?}, or it is no longer kept; GET /runs lists them");
        Refusal::new(StatusCode::NOT_FOUND, "run_unknown", detail)
    })
}

/// A file that the run made; absent while it has not, or where it failed before.
async fn made(app: &App, run: &Run, file: &str) -> Result<Vec<u8>, Refusal> {
    let path = app.shelf.folder(&run.id).join(file);
    match tokio::fs::read(&path).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let detail =
                format!("{} has no assay yet; it is at its step {}", run.id, run.step.as_str());
            Err(Refusal::new(StatusCode::NOT_FOUND, "assay_not_there", detail))
        }
        Err(error) => Err(Refusal::internal(&error)),
    }
}
