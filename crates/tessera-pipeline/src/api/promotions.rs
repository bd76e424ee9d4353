//! `/runs/{run}/promote`, `/runs/{run}/promotion`, `/releases/{release}/rollback`.

use super::App;
use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use std::sync::Arc;
use tessera_pipeline_api::{Promotion, RolledBack};
use theron_service::{Json, Path, Refusal};
use theron_wire::Problem;

/// Hands the run's release to 1102 and makes it the current one, in the background. Again is harmless.
#[utoipa::path(
    post, path = "/runs/{run}/promote", operation_id = "run_promote",
    params(("run" = String, Path, description = "Its id")),
    responses(
        (status = 202, body = Promotion, headers(("location" = String, description = "Where it says how it goes"))),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`"),
        (status = 409, body = Problem, description = "`run_not_finished`, `run_not_promotable`"),
    ),
)]
pub(super) async fn promote(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Promotion>), Refusal> {
    let promotion = app.promoter.ask(&run)?;
    // The run is known, so its id is one of ours and may stand in a header.
    let location = [(header::LOCATION, format!("/api/v1/runs/{run}/promotion"))];
    Ok((StatusCode::ACCEPTED, location, Json(promotion)))
}

/// How the newest promotion of a run goes.
#[utoipa::path(
    get, path = "/runs/{run}/promotion", operation_id = "run_promotion",
    params(("run" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = Promotion),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`run_unknown`, `never_promoted`"),
    ),
)]
pub(super) async fn promotion(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
) -> Result<Json<Promotion>, Refusal> {
    let run = super::runs::find(&app, &run)?;
    run.promotion.map(Json).ok_or_else(|| {
        let detail = format!(
            "nobody has asked for the promotion of {0}; POST /runs/{0}/promote does",
            run.id
        );
        Refusal::new(StatusCode::NOT_FOUND, "never_promoted", detail)
    })
}

/// Makes a release current again that was so before.
#[utoipa::path(
    post, path = "/releases/{release}/rollback", operation_id = "release_roll_back",
    params(("release" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = RolledBack),
        (status = 400, body = Problem, description = "`not_a_release_id`"),
        (status = 403, body = Problem, description = "`not_admitted`"),
        (status = 404, body = Problem, description = "`release_unknown`"),
        (status = 409, body = Problem, description = "`never_current`, `promotion_in_hand`"),
        (status = 502, body = Problem, description = "`store_refused`"),
        (status = 503, body = Problem, description = "`store_unreachable`: nothing was changed, try again"),
    ),
)]
pub(super) async fn roll_back(
    State(app): State<Arc<App>>,
    Path(release): Path<String>,
) -> Result<Json<RolledBack>, Refusal> {
    Ok(Json(app.promoter.roll_back(&release).await?))
}
