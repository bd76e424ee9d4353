//! `POST /imports`: a release file that was prepared elsewhere.

use super::App;
use crate::runs::Intake;
use axum::{body::Body, extract::State, http::StatusCode};
use futures::StreamExt;
use std::sync::Arc;
use tessera_pipeline_api::Run;
use theron_service::{Json, Refusal};
use theron_wire::Problem;

/// Takes in a release file and queues the run that judges it; promote that run as any other.
#[utoipa::path(
    post, path = "/imports", operation_id = "import_start",
    request_body(content = Vec<u8>, content_type = "application/vnd.sqlite3", description = "The release file"),
    responses(
        (status = 202, body = Run),
        (status = 400, body = Problem, description = "`body_broke_off`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 413, body = Problem, description = "`body_too_large`"),
        (status = 422, body = Problem, description = "`not_a_release`"),
        (status = 429, body = Problem, description = "`queue_full`: wait until a run is done"),
    ),
)]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    body: Body,
) -> Result<(StatusCode, Json<Run>), Refusal> {
    let mut intake = Intake::begin(&app.shelf, &app.data_dir)?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => intake.take(&chunk).await?,
            Err(_cut) => return Err(intake.broke_off().into()),
        }
    }
    let run = intake.finish(&app.shelf, app.clock.now().to_string()).await?;
    app.wake.notify_one();
    Ok((StatusCode::ACCEPTED, Json(run)))
}
