//! POST /players, POST /sessions, DELETE /session

use super::{
    respond::Refused,
    session::{Arrival, no_cookie, session_cookie},
};
use crate::{
    app::App,
    play::{self, Session},
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use otivm_api::{Enrolled, NewPlayer, Return, SessionOpened};
use std::sync::Arc;
use theron_service::Json;

/// Begin a life in a free seat.
#[utoipa::path(post, path = "/players", tag = "session", request_body = NewPlayer,
    responses((status = 201, description = "Enrolled; the cookie is set", body = Enrolled)))]
pub(super) async fn enrol(
    State(app): State<Arc<App>>,
    _arrival: Arrival,
    Json(new): Json<NewPlayer>,
) -> Result<Response, Refused> {
    let (enrolled, cookie) = play::enrol(&app, new.language).await?;
    let jar = CookieJar::new().add(session_cookie(cookie));
    Ok((StatusCode::CREATED, jar, Json(enrolled)).into_response())
}

/// Come back with the recovery phrase; sessions opened before end.
#[utoipa::path(post, path = "/sessions", tag = "session", request_body = Return,
    responses((status = 200, description = "A new session; the cookie is set", body = SessionOpened)))]
pub(super) async fn open_session(
    State(app): State<Arc<App>>,
    _arrival: Arrival,
    Json(words): Json<Return>,
) -> Result<Response, Refused> {
    let (opened, cookie) = play::return_with(&app, &words.recovery_phrase).await?;
    Ok((CookieJar::new().add(session_cookie(cookie)), Json(opened)).into_response())
}

/// End this session.
#[utoipa::path(delete, path = "/session", tag = "session", security(("session" = [])),
    responses((status = 204, description = "Ended; the cookie is taken back")))]
pub(super) async fn close_session(
    State(app): State<Arc<App>>,
    session: Session,
) -> Result<Response, Refused> {
    play::leave(&app, session).await?;
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(no_cookie())).into_response())
}
