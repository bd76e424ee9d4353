//! POST /sessions/challenges and /sessions/passkey; GET and POST /passkeys; POST /passkeys/challenges;
//! DELETE /passkeys/{id}

use super::{
    openapi::{ChallengeKeyHeader, DoorKeyHeader},
    respond::{Refused, answered, private},
    session::Arrival,
    sessions::let_in,
};
use crate::{
    app::App,
    budgets::InHand,
    play::{self, Call, Key, PlayError, Session, at_own_desk},
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use otivm_api::{NewPasskey, Passkey, PasskeyChallenge, PasskeyReturn, Passkeys, SessionOpened};
use std::sync::Arc;
use theron_service::{Json, Path};

/// What a browser is to sign with any passkey that it has for this address.
///
/// The challenge is good once and for five minutes; a restart of the server ends it.
#[utoipa::path(post, path = "/sessions/challenges", tag = "session", params(ChallengeKeyHeader),
    responses((status = 200, description = "The challenge; kept by nobody", body = PasskeyChallenge)))]
pub(super) async fn ask_for_any_passkey(
    State(app): State<Arc<App>>,
    _arrival: Arrival,
    key: Key,
) -> Result<Response, Refused> {
    if !key.may_begin_a_life() {
        return Err(PlayError::KeyTooShort.into());
    }
    Ok(challenge(play::ask_for_any_passkey(&app, &key)?))
}

/// Come back with a passkey; sessions opened before stay open, but for the oldest of more than sixteen.
#[utoipa::path(post, path = "/sessions/passkey", tag = "session", params(DoorKeyHeader),
    request_body = PasskeyReturn,
    responses((status = 200, description = "A new session; the cookie is set", body = SessionOpened)))]
pub(super) async fn open_session_by_passkey(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    _arrival: Arrival,
    key: Key,
    Json(sent): Json<PasskeyReturn>,
) -> Result<Response, Refused> {
    let entered = play::return_with_passkey(&app, key, &sent).await?;
    Ok(let_in(&call, StatusCode::OK, entered))
}

/// The passkeys of this life.
#[utoipa::path(get, path = "/passkeys", tag = "session", security(("session" = [])),
    responses((status = 200, description = "The passkeys; ETag", body = Passkeys),
        (status = 304, description = "Not changed")))]
pub(super) async fn passkeys(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let look = |desk: &mut _, _| play::passkeys(desk);
    let found: Passkeys = at_own_desk(&app, session, Call::Read, look).await?;
    app.passkeys()?;
    Ok(private(&headers, &found))
}

/// What a browser is to make a passkey of. A new challenge ends the one before.
///
/// The challenge is good once and for five minutes; a restart of the server ends it.
#[utoipa::path(post, path = "/passkeys/challenges", tag = "session", security(("session" = [])),
    params(DoorKeyHeader),
    responses((status = 200, description = "The challenge; kept by nobody", body = PasskeyChallenge)))]
pub(super) async fn ask_for_new_passkey(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
) -> Result<Response, Refused> {
    Ok(challenge(play::ask_for_new_passkey(&app, session, key).await?))
}

/// Add a passkey to this life: it opens the life from then on, as the recovery phrase does.
#[utoipa::path(post, path = "/passkeys", tag = "session", security(("session" = [])),
    params(DoorKeyHeader), request_body = NewPasskey,
    responses((status = 201, description = "Added", body = Passkey)))]
pub(super) async fn add_passkey(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Json(new): Json<NewPasskey>,
) -> Result<Response, Refused> {
    let (passkey, replayed) = play::add_passkey(&app, session, key, new).await?;
    Ok(answered((StatusCode::CREATED, Json(passkey)), replayed))
}

/// Remove a passkey: it opens nothing from then on. Sessions that it opened stay open.
#[utoipa::path(delete, path = "/passkeys/{id}", tag = "session", security(("session" = [])),
    params(DoorKeyHeader, ("id" = String, Path, description = "As `/passkeys` lists it")),
    responses((status = 204, description = "Removed")))]
pub(super) async fn remove_passkey(
    State(app): State<Arc<App>>,
    session: Session,
    key: Key,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let replayed = play::remove_passkey(&app, session, key, id).await?;
    Ok(answered(StatusCode::NO_CONTENT, replayed))
}

fn challenge((challenge, replayed): (PasskeyChallenge, bool)) -> Response {
    answered(([(header::CACHE_CONTROL, "no-store")], Json(challenge)), replayed)
}
