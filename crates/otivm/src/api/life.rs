//! GET /me, /voyages/plan, /timeline, /moments

use super::{
    params::{MomentsQuery, PlanQuery},
    respond::{Refused, entity, etag_of},
};
use crate::{
    app::App,
    play::{self, Call, PlayError, Session, in_session},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use otivm_api::{Me, Moments, Plan, Timeline};
use otivm_rules::{At, PlaceId};
use std::sync::Arc;
use theron_service::{Json, Query};

/// Moments on a page unless fewer are asked for, and at most.
const MOMENTS_USUAL: u16 = 200;
const MOMENTS_MAX: u16 = 1000;

/// The player's own life; what fell due is settled first.
#[utoipa::path(get, path = "/me", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The life; ETag", body = Me),
        (status = 304, description = "Not changed")))]
pub(super) async fn me(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let look = |desk: &mut crate::players::Desk, scene: &_, now| {
        let at = desk.present(now)?;
        Ok(play::me(desk.life()?.state(), scene, at))
    };
    let me: Me = in_session(&app, session, Call::Read, look).await?;
    let hash = etag_of(&serde_json::to_vec(&me).unwrap_or_default());
    let etag = format!("\"{}-{}\"", me.revision, hash.trim_matches('"'));
    Ok(entity(&headers, &etag, "private, no-cache", &me))
}

/// A voyage from here, planned: days, way, cost, risk, and the same in every month.
#[utoipa::path(get, path = "/voyages/plan", tag = "life", security(("session" = [])),
    params(PlanQuery), responses((status = 200, description = "The plan", body = Plan)))]
pub(super) async fn plan(
    State(app): State<Arc<App>>,
    session: Session,
    Query(PlanQuery { to, month }): Query<PlanQuery>,
) -> Result<Json<Plan>, Refused> {
    let to: PlaceId = to.parse().map_err(|_refused| PlayError::PlaceUnknown(to))?;
    let look = move |desk: &mut _, scene: &_, now| play::plan(desk, scene, now, &to, month);
    Ok(Json(in_session(&app, session, Call::Read, look).await?))
}

/// The life in intervals: voyages, otium, sojourns, journal, seasons.
#[utoipa::path(get, path = "/timeline", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The timeline", body = Timeline)))]
pub(super) async fn timeline(
    State(app): State<Arc<App>>,
    session: Session,
) -> Result<Json<Timeline>, Refused> {
    let look = |desk: &mut _, _: &_, now| play::timeline(desk, now);
    Ok(Json(in_session(&app, session, Call::Read, look).await?))
}

/// The moments themselves, in order.
#[utoipa::path(get, path = "/moments", tag = "life", security(("session" = [])),
    params(MomentsQuery), responses((status = 200, description = "A page of moments", body = Moments)))]
pub(super) async fn moments(
    State(app): State<Arc<App>>,
    session: Session,
    Query(MomentsQuery { after, limit }): Query<MomentsQuery>,
) -> Result<Json<Moments>, Refused> {
    let after = At(after.unwrap_or(i64::MIN));
    let limit = usize::from(limit.unwrap_or(MOMENTS_USUAL).clamp(1, MOMENTS_MAX));
    let look = move |desk: &mut _, _: &_, _| play::moments(desk, after, limit);
    Ok(Json(in_session(&app, session, Call::Read, look).await?))
}
