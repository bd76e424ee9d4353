//! Reading who calls and under which key, before a handler sees the call.

use super::{openapi::SESSION_COOKIE, respond::Refused};
use crate::{
    app::App,
    budgets::{CALLS_IN_HAND_MAX, IN_HAND, InHand},
    play::{Call, Expected, Key, PlayError, Session},
    players::{SESSION_US, Secret},
};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use std::{net::SocketAddr, sync::Arc};
use theron_service::{Connection, Proxy, Refusal, client_address, one_household, say_budgets};

impl FromRequestParts<Arc<App>> for Session {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let jar = CookieJar::from_headers(&parts.headers);
        let named = jar.get(SESSION_COOKIE);
        let Some((token, secret)) = named.and_then(|it| Secret::parse_cookie(it.value()).ok())
        else {
            app.budgets.stranger(app.clock.now())?;
            return Err(PlayError::NoSession.into());
        };
        let session = Self { token, secret };
        foresee(app, &session, parts)?;
        Ok(session)
    }
}

/// Takes what the call is going to take before its body is read: who keeps a body back has used it up as well, and
/// one whose session opens nothing is not waited for. A read has no body, and takes its own at the desk.
fn foresee(app: &App, session: &Session, parts: &Parts) -> Result<(), PlayError> {
    let now = app.clock.now();
    if app.house.seat(&session.token).is_none() {
        app.budgets.stranger(now)?;
        // Who has left for good may ask again what the answer was.
        let is_farewell = parts.uri.path().ends_with("/farewell");
        return if is_farewell { Ok(()) } else { Err(PlayError::NoSession) };
    }
    if parts.method.is_safe() {
        return Ok(());
    }
    app.budgets.player(&session.secret, Call::Command, now)
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let value = parts.headers.get("idempotency-key").ok_or_else(key_missing)?;
        let text = value.to_str().unwrap_or_default();
        let key = Self::parse(text)
            .map_err(|error| bad_key("idempotency_key_not_valid", error.to_string()))?;
        let condition = parts.headers.get(header::IF_MATCH);
        Ok(match condition {
            Some(tags) => key.expecting(Expected::parse(tags.to_str().unwrap_or_default())),
            None => key,
        })
    }
}

pub(super) fn key_missing() -> Refusal {
    let detail = "a call that changes something needs a header Idempotency-Key: 1 to 64 of A-Z, a-z, 0-9, - and _, \
        new for each intention and the same for each attempt at it";
    bad_key("idempotency_key_missing", detail.to_owned())
}

fn bad_key(code: &'static str, detail: String) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, code, detail)
}

/// One arrival from the caller's address, within what an address may try in a minute.
pub(super) struct Arrival;

impl FromRequestParts<Arc<App>> for Arrival {
    type Rejection = Refused;

    async fn from_request_parts(_parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        Ok(app.budgets.arrival(app.clock.now()).map(|()| Self)?)
    }
}

/// One call that needs no session, within what an address may ask for in a minute.
pub(super) struct Visit;

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(_parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        Ok(app.budgets.stranger(app.clock.now()).map(|()| Self)?)
    }
}

/// Surrounds every call: where it comes from, whether that address has a place for it, and at the end what is left
/// of the budgets it used.
pub(super) async fn in_hand(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let proxy = app.config.behind_proxy;
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    let address = client_address(request.headers(), peer, proxy).map(one_household);
    let https = proxy.says(request.headers(), "proto").as_deref() == Some("https");
    let call = InHand::new(address, https);
    if proxy != Proxy::None
        && let Some(connection) = request.extensions().get::<Connection>()
    {
        connection.is_a_proxy_s();
    }
    let Some(_place) = app.budgets.place(call.address) else { return too_many_in_hand() };
    request.extensions_mut().insert(call.clone());
    let mut response = IN_HAND.scope(call.clone(), next.run(request)).await;
    say_budgets(&call.used(), response.headers_mut());
    response
}

fn too_many_in_hand() -> Response {
    let detail =
        format!("{CALLS_IN_HAND_MAX} calls from this address are in hand; try again in a second");
    let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_calls", detail);
    let mut response = refusal.into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// As long as a session lives.
const COOKIE_AGE_S: i64 = SESSION_US / 1_000_000;

/// What opens the seat, out of reach of scripts and of other sites.
pub(super) fn session_cookie(call: &InHand, value: &str) -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, cookie(call, value, COOKIE_AGE_S))]
}

/// Takes the cookie back.
pub(super) fn no_cookie(call: &InHand) -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, cookie(call, "", 0))]
}

fn cookie(call: &InHand, value: &str, age_s: i64) -> String {
    let secure = if call.https { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age_s}{secure}")
}
