//! GET /me, /voyages/plan, /timeline, /ledger, /moments

use super::{
    params::{MomentsQuery, PlanQuery, TimelineQuery},
    respond::{Refused, of_a_life, private},
};
use crate::{
    app::App,
    play::{self, Call, PlaceError, PlayError, Session, Span, in_session},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use otivm_api::{Ledger, Me, Moments, Plan, Timeline};
use otivm_rules::{At, PlaceId, labels::LabelKind};
use std::sync::Arc;
use theron_service::{Query, Refusal};

/// Moments on a page unless fewer are asked for, and at most.
const MOMENTS_USUAL: u16 = 200;
const MOMENTS_MAX: u16 = 1000;
/// Labels on a page unless fewer are asked for, and at most.
const LABELS_USUAL: u16 = 200;
const LABELS_MAX: u16 = 500;

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

/// The life in intervals: voyages, otium, sojourns, journal, seasons, chapters; a page of them.
///
/// The first page has what lasts and what ended last; `earlier` leads to the page before it.
#[utoipa::path(get, path = "/timeline", tag = "life", security(("session" = [])),
    params(TimelineQuery), responses((status = 200, description = "A page; ETag", body = Timeline),
        (status = 304, description = "Not changed")))]
pub(super) async fn timeline(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
    Query(query): Query<TimelineQuery>,
) -> Result<Response, Refused> {
    let span = span(query)?;
    let look = move |desk: &mut _, _: &_, now| play::timeline(desk, now, &span);
    let found: Timeline = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}

/// The life's accounts: where coin and goods came from and went to.
#[utoipa::path(get, path = "/ledger", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The ledger; ETag", body = Ledger),
        (status = 304, description = "Not changed")))]
pub(super) async fn ledger(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let look = |desk: &mut crate::players::Desk, _: &_, _| Ok(play::ledger(desk.life()?.state()));
    let found: Ledger = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}

fn span(TimelineQuery { label, before, limit }: TimelineQuery) -> Result<Span, Refusal> {
    let refused = |detail| Refusal::new(StatusCode::BAD_REQUEST, "query_not_understood", detail);
    let kind = |name: String| {
        let unknown = || refused(format!("there are no labels of kind {name:?}"));
        LabelKind::from_name(&name).ok_or_else(unknown)
    };
    let place = |text: String| text.parse().map_err(|error: PlaceError| refused(error.to_string()));
    Ok(Span {
        kind: label.map(kind).transpose()?,
        before: before.map(place).transpose()?,
        limit: usize::from(limit.unwrap_or(LABELS_USUAL).clamp(1, LABELS_MAX)),
    })
}

/// The moments themselves, in order.
#[utoipa::path(get, path = "/moments", tag = "life", security(("session" = [])),
    params(MomentsQuery), responses((status = 200, description = "A page of moments; ETag", body = Moments),
        (status = 304, description = "Not changed")))]
pub(super) async fn moments(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
    Query(MomentsQuery { after, limit, name }): Query<MomentsQuery>,
) -> Result<Response, Refused> {
    let after = At(after.unwrap_or(i64::MIN));
    let limit = usize::from(limit.unwrap_or(MOMENTS_USUAL).clamp(1, MOMENTS_MAX));
    let look = move |desk: &mut _, _: &_, _| play::moments(desk, after, limit, name.as_deref());
    let found: Moments = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}
