//! POST /villas, DELETE /villas/{place}, POST /library

use super::{
    commands::{send, way_of},
    openapi::IdempotencyKeyHeader,
    respond::Refused,
};
use crate::{
    app::App,
    play::{Key, PlayError, Request, Session},
};
use axum::{extract::State, response::Response};
use otivm_api::{Done, LibraryRequest};
use otivm_rules::{Command, PlaceId};
use std::sync::Arc;
use theron_service::{Json, Path};

/// Buy a villa where one is (`otium_offer.villa_asses` of `/me`); no body.
#[utoipa::path(post, path = "/villas", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn buy_villa(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    send(&app, session, key, Request::Order(Command::BuyVilla)).await
}

/// Sell the villa in a place; from elsewhere by letter, and with the books that are left in it. No body.
#[utoipa::path(delete, path = "/villas/{place}", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader, ("place" = String, Path, description = "As `villas` of `/me` lists it")),
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn sell_villa(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Path(place): Path<String>,
) -> Result<Response, Refused> {
    let place: PlaceId = place.parse().map_err(|_refused| PlayError::PlaceUnknown(place))?;
    send(&app, session, key, Request::Order(Command::SellVilla { place })).await
}

/// Put books from the hold onto the shelves of the villa where one is, or take them back aboard.
#[utoipa::path(post, path = "/library", tag = "command", security(("session" = [])),
    params(IdempotencyKeyHeader), request_body = LibraryRequest,
    responses((status = 201, description = "Done, and on the disk; ETag of `/me` right after", body = Done)))]
pub(super) async fn shelve(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(LibraryRequest { way, units }): Json<LibraryRequest>,
) -> Result<Response, Refused> {
    let way = way_of(way);
    send(&app, session, key, Request::Order(Command::Shelve { way, units })).await
}
