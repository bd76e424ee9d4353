//! GET /me, /voyages/plan, /timeline, /moments

use super::{
    params::{MomentsQuery, PlanQuery},
    respond::{Refused, of_a_life, private},
};
use crate::{
    app::App,
    play::{self, Call, PlayError, Session, in_session},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use otivm_api::{Me, Moments, Plan, Timeline};
use otivm_rules::{At, PlaceId};
use std::sync::Arc;
use theron_service::Query;

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
    Ok(of_a_life(&headers, me.revision, &me))
}

/// A voyage from here, planned: days, way, cost, risk, and the same in every month.
#[utoipa::path(get, path = "/voyages/plan", tag = "life", security(("session" = [])),
    params(PlanQuery), responses((status = 200, description = "The plan; ETag", body = Plan),
        (status = 304, description = "Not changed")))]
pub(super) async fn plan(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
    Query(PlanQuery { to, month }): Query<PlanQuery>,
) -> Result<Response, Refused> {
    let to: PlaceId = to.parse().map_err(|_refused| PlayError::PlaceUnknown(to))?;
    let look = move |desk: &mut _, scene: &_, now| play::plan(desk, scene, now, &to, month);
    let found: Plan = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}

/// The life in intervals: voyages, otium, sojourns, journal, seasons.
#[utoipa::path(get, path = "/timeline", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The timeline; ETag", body = Timeline),
        (status = 304, description = "Not changed")))]
pub(super) async fn timeline(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let look = |desk: &mut _, _: &_, now| play::timeline(desk, now);
    let found: Timeline = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}

/// The moments themselves, in order.
#[utoipa::path(get, path = "/moments", tag = "life", security(("session" = [])),
    params(MomentsQuery), responses((status = 200, description = "A page of moments; ETag", body = Moments),
        (status = 304, description = "Not changed")))]
pub(super) async fn moments(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
    Query(MomentsQuery { after, limit }): Query<MomentsQuery>,
) -> Result<Response, Refused> {
    let after = At(after.unwrap_or(i64::MIN));
    let limit = usize::from(limit.unwrap_or(MOMENTS_USUAL).clamp(1, MOMENTS_MAX));
    let look = move |desk: &mut _, _: &_, _| play::moments(desk, after, limit);
    let found: Moments = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}
