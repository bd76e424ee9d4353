//! POST /trades, POST /storage, POST /voyages, POST and DELETE /otium, POST /journal

use super::{
    openapi::IdempotencyKeyHeader,
    respond::{Refused, answered, tag_of_a_life},
};
use crate::{
    app::App,
    play::{self, Acted, Call, Key, PlayError, Request, Session, in_session},
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::Response,
};
use otivm_api::{
    Done, JournalRequest, OtiumRequest, Side, StorageRequest, TradeRequest, VoyageRequest, Way,
};
use otivm_rules::{Command, GoodId, PlaceId, fact};
use std::sync::Arc;
use theron_service::Json;

/// Buy or sell where the ship lies.
#[utoipa::path(post, path = "/trades", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = TradeRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn trade(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(TradeRequest { side, good, units }): Json<TradeRequest>,
) -> Result<Response, Refused> {
    let side = match side {
        Side::Buy => fact::Side::Buy,
        Side::Sell => fact::Side::Sell,
    };
    let good = GoodId::from_id(&good).ok_or(PlayError::GoodUnknown(good))?;
    send(&app, session, key, Request::Order(Command::Trade { side, good, units })).await
}

/// Lay goods into the warehouse of the place where the ship lies, or fetch them.
#[utoipa::path(post, path = "/storage", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = StorageRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn store(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(StorageRequest { way, good, units }): Json<StorageRequest>,
) -> Result<Response, Refused> {
    let way = way_of(way);
    let good = GoodId::from_id(&good).ok_or(PlayError::GoodUnknown(good))?;
    send(&app, session, key, Request::Order(Command::Store { way, good, units })).await
}

pub(super) fn way_of(way: Way) -> fact::Way {
    match way {
        Way::In => fact::Way::In,
        Way::Out => fact::Way::Out,
    }
}

/// Set sail.
#[utoipa::path(post, path = "/voyages", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = VoyageRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn depart(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(VoyageRequest { to }): Json<VoyageRequest>,
) -> Result<Response, Refused> {
    let to: PlaceId = to.parse().map_err(|_refused| PlayError::PlaceUnknown(to))?;
    send(&app, session, key, Request::Sail { to }).await
}

/// Begin otium where one is; without a body, without guests.
#[utoipa::path(post, path = "/otium", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = Option<OtiumRequest>,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn begin_otium(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    body: Option<Json<Option<OtiumRequest>>>,
) -> Result<Response, Refused> {
    let OtiumRequest { guests } = body.and_then(|Json(request)| request).unwrap_or_default();
    send(&app, session, key, Request::Order(Command::BeginOtium { guests })).await
}

/// End otium; no body.
#[utoipa::path(delete, path = "/otium", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn end_otium(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::EndOtium)).await
}

/// Write in the journal.
#[utoipa::path(post, path = "/journal", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = JournalRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn write_journal(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(JournalRequest { text }): Json<JournalRequest>,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::WriteJournal { text })).await
}

pub(super) async fn send(
    app: &Arc<App>,
    session: Session,
    key: Key,
    request: Request,
) -> Result<Response, Refused> {
    let flight = app.flights.begin(session.token.as_str(), &key)?;
    let dice = Arc::clone(&app.dice);
    let act = move |desk: &mut _, scene: &_, now| {
        let _in_hand = flight;
        play::act(desk, scene, &*dice, now, &key, &request)
    };
    let Acted { done, replayed } = in_session(app, session, Call::Command, act).await?;
    let tag = [(header::ETAG, tag_of_a_life(done.me.revision, &done.me))];
    Ok(answered((StatusCode::CREATED, tag, Json(done)), replayed))
}
