//! GET /harbour; POST /repairs, /ships, /charters, /loans, /repayments, /relief, /removals; DELETE /ships

use super::{
    commands::send,
    openapi::IdempotencyKeyHeader,
    respond::{Refused, private},
};
use crate::{
    app::App,
    play::{self, Call, Key, PlayError, Request, Session, in_session},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use otivm_api::{CharterRequest, Done, Harbour, LoanRequest, RepairRequest, ShipRequest};
use otivm_rules::{Command, PlaceId};
use otivm_travel::ShipType;
use std::sync::Arc;
use theron_service::Json;

/// What yard, shipowners, lenders and friends offer where the merchant is.
#[utoipa::path(get, path = "/harbour", tag = "life", security(("session" = [])),
    responses((status = 200, description = "The offers; ETag", body = Harbour),
        (status = 304, description = "Not changed")))]
pub(super) async fn harbour(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let look = |desk: &mut _, scene: &_, now| play::harbour(desk, scene, now);
    let found: Harbour = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}

/// Put some of the ship's wear right.
#[utoipa::path(post, path = "/repairs", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = RepairRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn repair(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(RepairRequest { wear_permille }): Json<RepairRequest>,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::Repair { wear_permille })).await
}

/// Buy a ship; a ship that one has goes in part payment.
#[utoipa::path(post, path = "/ships", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = ShipRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn buy_ship(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(ShipRequest { kind, name }): Json<ShipRequest>,
) -> Result<Response, Refused> {
    let ship = ship_type(kind)?;
    send(&app, session, key, Request::Order(Command::BuyShip { ship, name })).await
}

/// Sell the ship that one has; no body.
#[utoipa::path(delete, path = "/ships", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn sell_ship(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::SellShip)).await
}

/// Charter another's ship, whose hire is paid voyage by voyage.
#[utoipa::path(post, path = "/charters", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = CharterRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn charter(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(CharterRequest { kind }): Json<CharterRequest>,
) -> Result<Response, Refused> {
    let ship = ship_type(kind)?;
    send(&app, session, key, Request::Order(Command::Charter { ship })).await
}

/// Borrow against a voyage: a sea loan, owed only if the ship comes in.
#[utoipa::path(post, path = "/loans", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = LoanRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn borrow(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(LoanRequest { to, principal_asses }): Json<LoanRequest>,
) -> Result<Response, Refused> {
    let to: PlaceId = to.parse().map_err(|_refused| PlayError::PlaceUnknown(to))?;
    send(&app, session, key, Request::Borrow { to, principal_asses }).await
}

/// Pay back all that is owed; no body.
#[utoipa::path(post, path = "/repayments", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn repay(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::Repay)).await
}

/// Ask friends for a little coin, when all is lost; no body.
#[utoipa::path(post, path = "/relief", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn ask_friends(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::AskFriends)).await
}

/// Go on from places that this world no longer has (`lost` of `/me`), with all that is there; no body.
#[utoipa::path(post, path = "/removals", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn move_on(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::MoveOn).await
}

fn ship_type(id: String) -> Result<ShipType, PlayError> {
    ShipType::from_id(&id).ok_or(PlayError::ShipUnknown(id))
}
