//! Reading who calls and under which key, before a handler sees the call.

use super::openapi::SESSION_COOKIE;
use crate::{
    app::App,
    play::{Key, PlayError, Session},
    players::{SESSION_US, Secret},
};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderName, StatusCode, header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use theron_service::Refusal;

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let jar = CookieJar::from_headers(&parts.headers);
        let (token, secret) = jar
            .get(SESSION_COOKIE)
            .and_then(|cookie| Secret::parse_cookie(cookie.value()).ok())
            .ok_or(PlayError::NoSession)?;
        Ok(Self { token, secret })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let missing = "a command needs a header Idempotency-Key: 1 to 64 of A-Z, a-z, 0-9, - and _, \
            new for each intention and the same for each attempt at it";
        let refusal = |code, detail: &str| Refusal::new(StatusCode::BAD_REQUEST, code, detail);
        let value = parts
            .headers
            .get("idempotency-key")
            .ok_or_else(|| refusal("idempotency_key_missing", missing))?;
        let text = value.to_str().unwrap_or_default();
        Self::parse(text).map_err(|error| refusal("idempotency_key_not_valid", &error.to_string()))
    }
}

/// One arrival from the caller's address, within what an address may try in a minute.
pub(super) struct Arrival;

impl FromRequestParts<Arc<App>> for Arrival {
    type Rejection = super::respond::Refused;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, super::respond::Refused> {
        use governor::clock::{Clock, DefaultClock};
        let address = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        app.forget_old_arrivals();
        app.arrivals.check_key(&address).map_err(|refusal| {
            let retry_after = refusal.wait_time_from(DefaultClock::default().now());
            PlayError::TooManyArrivals { retry_after }
        })?;
        Ok(Self)
    }
}

/// As long as a session lives.
const COOKIE_AGE_S: i64 = SESSION_US / 1_000_000;

/// What opens the seat, out of reach of scripts and of other sites.
pub(super) fn session_cookie(value: &str) -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, cookie(value, COOKIE_AGE_S))]
}

/// Takes the cookie back.
pub(super) fn no_cookie() -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, cookie("", 0))]
}

fn cookie(value: &str, age_s: i64) -> String {
    format!("{SESSION_COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age_s}")
}
