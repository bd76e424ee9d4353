//! POST /players; POST and DELETE /sessions; GET, PUT and DELETE /session; PUT /recovery-phrase; POST /farewell

use super::{
    openapi::{DoorKeyHeader, EnrolKeyHeader, PhraseHeaders},
    respond::{Refused, answered, of_a_life},
    session::{Arrival, no_cookie, session_cookie},
};
use crate::{
    app::App,
    budgets::InHand,
    play::{self, Call, Ending, Entered, Key, PlayError, Session, in_session},
    players::Keeping,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use otivm_api::{
    Enrolled, Farewell, Keep, Left, NewPhrase, NewPlayer, Return, SessionOpened, SessionView,
};
use serde::Serialize;
use std::sync::Arc;
use theron_service::Json;

/// Begin a life in a free seat.
#[utoipa::path(post, path = "/players", tag = "session", params(EnrolKeyHeader),
    request_body = NewPlayer,
    responses((status = 201, description = "Enrolled; the cookie is set", body = Enrolled)))]
pub(super) async fn enrol(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    _arrival: Arrival,
    key: Key,
    Json(new): Json<NewPlayer>,
) -> Result<Response, Refused> {
    if !key.may_begin_a_life() {
        return Err(PlayError::KeyTooShort.into());
    }
    let entered = play::enrol(&app, key, new.language).await?;
    Ok(let_in(&call, StatusCode::CREATED, entered))
}

/// Come back with the recovery phrase; sessions opened before end.
#[utoipa::path(post, path = "/sessions", tag = "session", params(DoorKeyHeader),
    request_body = Return,
    responses((status = 200, description = "A new session; the cookie is set", body = SessionOpened)))]
pub(super) async fn open_session(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    _arrival: Arrival,
    key: Key,
    Json(words): Json<Return>,
) -> Result<Response, Refused> {
    let entered = play::return_with(&app, key, &words.recovery_phrase).await?;
    Ok(let_in(&call, StatusCode::OK, entered))
}

/// End every session of this life, on every device.
#[utoipa::path(delete, path = "/sessions", tag = "session", security(("session" = [])),
    params(DoorKeyHeader),
    responses((status = 204, description = "Ended; the cookie is taken back")))]
pub(super) async fn close_sessions(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    end(&app, &call, session, key, Ending::All).await
}

/// Since when this session is open, and until when.
#[utoipa::path(get, path = "/session", tag = "session", security(("session" = [])),
    responses((status = 200, description = "The session; ETag", body = SessionView),
        (status = 304, description = "Not changed")))]
pub(super) async fn session(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let own = session.clone();
    let look = move |desk: &mut _, _: &_, _| play::session(desk, &own);
    let view: SessionView = in_session(&app, session, Call::Read, look).await?;
    Ok(of_a_life(&headers, view.revision, &view))
}

/// A new secret for this session, for as long again; the old one ends.
#[utoipa::path(put, path = "/session", tag = "session", security(("session" = [])),
    params(DoorKeyHeader),
    responses((status = 200, description = "Renewed; the cookie is set", body = SessionView)))]
pub(super) async fn renew_session(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    Ok(let_in(&call, StatusCode::OK, play::renew(&app, session, key).await?))
}

/// End this session.
#[utoipa::path(delete, path = "/session", tag = "session", security(("session" = [])),
    params(DoorKeyHeader),
    responses((status = 204, description = "Ended; the cookie is taken back")))]
pub(super) async fn close_session(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    end(&app, &call, session, key, Ending::This).await
}

/// Twelve new words in the place of the old ones, which open nothing from then on.
///
/// Two tabs that ask at once would show words of which only the last are good: so `If-Match` is needed.
#[utoipa::path(put, path = "/recovery-phrase", tag = "session", security(("session" = [])),
    params(PhraseHeaders),
    responses((status = 200, description = "The new words, shown once", body = NewPhrase)))]
pub(super) async fn new_phrase(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    let (phrase, replayed) = play::new_phrase(&app, session, key).await?;
    Ok(answered(([(header::CACHE_CONTROL, "no-store")], Json(phrase)), replayed))
}

/// Leave for good: the life is archived or erased, every session ends, and the words open nothing any more.
///
/// Carry the life away before (`/life.sqlite3`): nobody can give it back. It must not be done on an old view, so
/// `If-Match` is needed.
#[utoipa::path(post, path = "/farewell", tag = "session", security(("session" = [])),
    params(PhraseHeaders), request_body = Farewell,
    responses((status = 200, description = "Gone; the cookie is taken back", body = Left)))]
pub(super) async fn farewell(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    session: Session,
    key: Key,
    Json(Farewell { keep }): Json<Farewell>,
) -> Result<Response, Refused> {
    let keep = match keep {
        Keep::Archive => Keeping::Archive,
        Keep::Erase => Keeping::Erase,
    };
    let (left, replayed) = play::farewell(&app, session, key, keep).await?;
    Ok(answered((no_cookie(&call), Json(left)), replayed))
}

async fn end(
    app: &Arc<App>,
    call: &InHand,
    session: Session,
    key: Key,
    ending: Ending,
) -> Result<Response, Refused> {
    let replayed = play::leave(app, session, key, ending).await?;
    Ok(answered((StatusCode::NO_CONTENT, no_cookie(call)), replayed))
}

/// What carries a secret is kept by nobody on its way.
pub(super) fn let_in<T: Serialize>(
    call: &InHand,
    status: StatusCode,
    entered: Entered<T>,
) -> Response {
    let Entered { answer, cookie, replayed } = entered;
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    answered((status, no_store, session_cookie(call, &cookie), Json(answer)), replayed)
}
