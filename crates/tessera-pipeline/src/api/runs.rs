//! `/runs`: start one, look at it, read its assay, findings and quarantine, call it off.

use super::App;
use crate::datasets::source_dir_for;
use crate::documents::DocumentError;
use crate::run::{ASSAY_HTML, ASSAY_JSON};
use crate::runs::{NewRun, NoPage, PromoteError, ShelfError, findings, quarantine};
use crate::sources::Sources;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;
use tessera_pipeline_api::{
    FindingPage, QuarantinePage, Run, RunKind, RunList, RunState, Severity, StartRun,
};
use theron_service::{Json, Path, Query, Refusal};
use theron_wire::Problem;

/// Runs on a page; all that are kept fit on one.
const RUNS_ON_A_PAGE: usize = 20;
/// Findings or rows on a page: a terminal's scroll of them is some hundred kilobytes.
const ROWS_ON_A_PAGE: usize = 100;
const ROWS_ON_A_PAGE_MAX: usize = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunQuery {
    before: Option<String>,
    limit: Option<usize>,
}

/// The runs that are kept, newest first.
#[utoipa::path(
    get, path = "/runs", operation_id = "run_list",
    params(
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 20, which it is unless said"),
    ),
    responses(
        (status = 200, body = RunList),
        (status = 400, body = Problem, description = "`limit_out_of_range`, `query_not_understood`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<RunQuery>,
) -> Result<Json<RunList>, Refusal> {
    let limit = within(query.limit, RUNS_ON_A_PAGE, RUNS_ON_A_PAGE)?;
    let older = |run: &Run| query.before.as_ref().is_none_or(|before| run.id < *before);
    let mut runs: Vec<Run> = app.shelf.all().into_iter().rev().filter(older).collect();
    let more = runs.len() > limit;
    runs.truncate(limit);
    let next = runs.last().filter(|_| more).map(|run| run.id.clone());
    Ok(Json(RunList { runs, next }))
}

fn within(limit: Option<usize>, otherwise: usize, max: usize) -> Result<usize, Refusal> {
    match limit.unwrap_or(otherwise) {
        limit if (1..=max).contains(&limit) => Ok(limit),
        limit => {
            let detail = format!("limit is {limit}; ask for 1 to {max}");
            Err(Refusal::new(StatusCode::BAD_REQUEST, "limit_out_of_range", detail))
        }
    }
}

/// Queues a run of a world, or of a document that was sent; one is done at a time.
#[utoipa::path(
    post, path = "/runs", operation_id = "run_start", request_body = StartRun,
    responses(
        (status = 202, body = Run, headers(("location" = String, description = "Where it says how it goes"))),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`world_unknown`, `document_unknown`"),
        (status = 409, body = Problem, description = "`files_missing`: beside the document, or of its datasets"),
        (status = 429, body = Problem, description = "`queue_full`: wait until a run is done"),
    ),
)]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    Json(request): Json<StartRun>,
) -> Result<(StatusCode, [(header::HeaderName, String); 1], Json<Run>), Refusal> {
    let created_at = app.clock.now().to_string();
    let new = match request {
        StartRun::World { world } if app.worlds.contains_key(&world) => {
            NewRun { kind: RunKind::Pipeline, world, sent: None, created_at }
        }
        StartRun::World { world } => {
            let known: Vec<&str> = app.worlds.keys().map(String::as_str).collect();
            let detail = format!("no world is called {world:?}; there is {}", known.join(", "));
            return Err(Refusal::new(StatusCode::NOT_FOUND, "world_unknown", detail));
        }
        StartRun::Document { document } => {
            let world = complete(&app, &document)?;
            NewRun { kind: RunKind::Pipeline, world, sent: Some(document), created_at }
        }
    };
    let run = app.shelf.add(new, None)?;
    app.wake.notify_one();
    let location = [(header::LOCATION, format!("/api/v1/runs/{}", run.id))];
    Ok((StatusCode::ACCEPTED, location, Json(run)))
}

/// The title of a document's world, once every file it names is there.
fn complete(app: &App, document: &str) -> Result<String, Refusal> {
    let missing = |detail: String| Refusal::new(StatusCode::CONFLICT, "files_missing", detail);
    let beside = app.documents.missing(document)?;
    if !beside.is_empty() {
        let names: Vec<String> = beside.into_iter().map(|beside| beside.file).collect();
        let names = names.join(", ");
        return Err(missing(format!("beside the document {names} has not arrived; send it first")));
    }
    let sources = Sources::load(&app.documents.path(document)?)
        .map_err(|error| Refusal::from(DocumentError::Sources(error)))?;
    let folder = source_dir_for(&sources, &app.worlds).unwrap_or(&sources.folder);
    let files = sources.dataset.iter().flat_map(|d| d.file.iter().map(move |file| (d, file)));
    let absent: Vec<String> = files
        .filter(|(dataset, file)| !dataset.path(file, &sources.folder, folder).is_file())
        .map(|(dataset, file)| format!("{}/{}", dataset.id, file.name))
        .collect();
    if absent.is_empty() {
        return Ok(sources.world.title);
    }
    Err(missing(format!(
        "{} is not on the service's machine; run `tessera-pipeline fetch --sources sources.toml --into {}` there",
        absent.join(", "),
        folder.display()
    )))
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingQuery {
    severity: Option<Severity>,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// What the rules found, the gravest first.
#[utoipa::path(
    get, path = "/runs/{run}/findings", operation_id = "run_findings",
    params(
        ("run" = String, Path, description = "Its id"),
        ("severity" = Option<Severity>, Query, description = "Only these"),
        ("after" = Option<u64>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 1000; 100 unless said"),
    ),
    responses(
        (status = 200, body = FindingPage),
        (status = 400, body = Problem, description = "`limit_out_of_range`, `query_not_understood`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`, `assay_not_there`"),
    ),
)]
pub(super) async fn finding_page(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
    Query(query): Query<FindingQuery>,
) -> Result<Json<FindingPage>, Refusal> {
    let run = find(&app, &run)?;
    let limit = within(query.limit, ROWS_ON_A_PAGE, ROWS_ON_A_PAGE_MAX)?;
    let page = findings(&app.shelf.folder(&run.id), query.severity, query.after, limit);
    Ok(Json(page.map_err(|error| no_page(&run, error))?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowQuery {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// Rows that were left out of the world: file, row, rule and reason.
#[utoipa::path(
    get, path = "/runs/{run}/quarantine", operation_id = "run_quarantine",
    params(
        ("run" = String, Path, description = "Its id"),
        ("after" = Option<u64>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 1000; 100 unless said"),
    ),
    responses(
        (status = 200, body = QuarantinePage),
        (status = 400, body = Problem, description = "`limit_out_of_range`, `query_not_understood`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`, `assay_not_there`"),
    ),
)]
pub(super) async fn quarantine_page(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
    Query(query): Query<RowQuery>,
) -> Result<Json<QuarantinePage>, Refusal> {
    let run = find(&app, &run)?;
    let limit = within(query.limit, ROWS_ON_A_PAGE, ROWS_ON_A_PAGE_MAX)?;
    let page = quarantine(&app.shelf.folder(&run.id), run.quarantined, query.after, limit);
    Ok(Json(page.map_err(|error| no_page(&run, error))?))
}

/// Calls a run off that waits or goes on; a step that is under way comes to its end first.
#[utoipa::path(
    delete, path = "/runs/{run}", operation_id = "run_cancel",
    params(("run" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = Run),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`"),
        (status = 409, body = Problem, description = "`run_over`"),
    ),
)]
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Run>, Refusal> {
    let now = app.clock.now().to_string();
    let changed = app.shelf.try_change(&id, |run| {
        if run.state.is_over() {
            let detail =
                format!("{} is over: {}; there is nothing to call off", run.id, run.state.as_str());
            return Err(Refusal::new(StatusCode::CONFLICT, "run_over", detail));
        }
        run.state = RunState::Cancelled;
        run.problem = Some("it was called off".to_owned());
        run.finished_at = Some(now);
        Ok(())
    })?;
    app.in_hand.stop(&id);
    let (run, ()) = changed.ok_or_else(|| unknown(&id))?;
    Ok(Json(run))
}

pub(super) fn find(app: &App, id: &str) -> Result<Run, Refusal> {
    app.shelf.get(id).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Refusal {
    PromoteError::Unknown { id: id.to_owned() }.into()
}

fn no_page(run: &Run, error: NoPage) -> Refusal {
    match error {
        NoPage::NotThere => not_there(run),
        NoPage::Io(path, source) => Refusal::internal(&ShelfError::Io { path, source }),
    }
}

fn not_there(run: &Run) -> Refusal {
    let detail = format!(
        "{} has no assay; it is {} at its step {}: ask again once it is finished, or run it again",
        run.id,
        run.state.as_str(),
        run.step.as_str()
    );
    Refusal::new(StatusCode::NOT_FOUND, "assay_not_there", detail)
}

/// A file that the run made; absent while it has not, or where it failed before.
async fn made(app: &App, run: &Run, file: &str) -> Result<Vec<u8>, Refusal> {
    let path = app.shelf.folder(&run.id).join(file);
    match tokio::fs::read(&path).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(not_there(run)),
        Err(error) => Err(Refusal::internal(&error)),
    }
}
