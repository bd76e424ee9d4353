//! GET /world, /chapters, /parameters, /places, /places/{id}, /places/{id}/market

use super::{
    respond::{Refused, entity, private, public},
    session::Visit,
};
use crate::{
    app::App,
    play::{self, Call, PlayError, Session, in_session},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use otivm_api::{Chapter, Market, Parameter, Place, World};
use otivm_rules::PlaceId;
use std::sync::Arc;
use theron_service::Path;

/// The release that is played, the clock, the window, what there is to trade and to sail.
#[utoipa::path(get, path = "/world", tag = "world",
    responses((status = 200, description = "The world; ETag", body = World),
        (status = 304, description = "Not changed")))]
pub(super) async fn world(
    State(app): State<Arc<App>>,
    _visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    Ok(public(&headers, &play::world(&app)?))
}

/// The twelve chapters of a life: texts and what they ask, in English, Latin and Italian.
#[utoipa::path(get, path = "/chapters", tag = "world",
    responses((status = 200, description = "The chapters in order; ETag", body = Vec<Chapter>),
        (status = 304, description = "Not changed")))]
pub(super) async fn chapters(_visit: Visit, headers: HeaderMap) -> Response {
    public(&headers, &play::chapter_pages())
}

/// Every number of the game: of the rules, of goods and ships, of travel, and what stands fast.
#[utoipa::path(get, path = "/parameters", tag = "world",
    responses((status = 200, description = "The registry, part by part; ETag", body = Vec<Parameter>),
        (status = 304, description = "Not changed")))]
pub(super) async fn parameters(_visit: Visit, headers: HeaderMap) -> Response {
    public(&headers, &play::parameters())
}

/// All places, by id.
#[utoipa::path(get, path = "/places", tag = "world",
    responses((status = 200, description = "Places; ETag is the release", body = Vec<Place>),
        (status = 304, description = "Not changed")))]
pub(super) async fn places(
    State(app): State<Arc<App>>,
    _visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let scene = app.world.scene().ok_or(PlayError::NoWorld)?;
    let places: Vec<Place> = scene.release.places.values().map(play::place_view).collect();
    Ok(entity(&headers, &format!("\"{}\"", scene.release.id), "no-cache", &places))
}

/// One place.
#[utoipa::path(get, path = "/places/{id}", tag = "world",
    params(("id" = String, Path, description = "`ostia`")),
    responses((status = 200, description = "The place; ETag", body = Place),
        (status = 304, description = "Not changed")))]
pub(super) async fn place(
    State(app): State<Arc<App>>,
    _visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let scene = app.world.scene().ok_or(PlayError::NoWorld)?;
    let place = scene.release.places.get(&id).ok_or(PlayError::PlaceUnknown(id))?;
    Ok(public(&headers, &play::place_view(place)))
}

/// What a place's dealers ask of this player and give, now.
#[utoipa::path(get, path = "/places/{id}/market", tag = "world", security(("session" = [])),
    params(("id" = String, Path, description = "`ostia`")),
    responses((status = 200, description = "Quotes; ETag", body = Market),
        (status = 304, description = "Not changed")))]
pub(super) async fn market(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let place: PlaceId = id.parse().map_err(|_refused| PlayError::PlaceUnknown(id))?;
    let look = move |desk: &mut _, scene: &_, now| play::market(desk, scene, now, &place);
    let found: Market = in_session(&app, session, Call::Read, look).await?;
    Ok(private(&headers, &found))
}
