//! Answers that many routes give: refusals that say when to come back, entities with an ETag.

use crate::play::PlayError;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use theron_service::Refusal;

/// A refusal; of a use case with `Retry-After` where waiting helps.
pub(crate) enum Refused {
    Play(PlayError),
    Plain(Refusal),
}

impl From<PlayError> for Refused {
    fn from(error: PlayError) -> Self {
        Self::Play(error)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Plain(refusal)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Plain(refusal) => return refusal.into_response(),
            Self::Play(error) => error,
        };
        let seconds = error.retry_after_seconds();
        let mut response = Refusal::from(error).into_response();
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An answer under an idempotency key; one that was given before says so.
pub(super) fn answered(answer: impl IntoResponse, replayed: bool) -> Response {
    let mut response = answer.into_response();
    if replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// A strong ETag of these bytes.
pub(super) fn etag_of(bytes: &[u8]) -> String {
    let digest = hex::encode(Sha256::digest(bytes));
    format!("\"{}\"", digest.get(..32).unwrap_or(&digest))
}

/// Whether the caller has this entity already.
pub(super) fn has(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == etag)
}

/// JSON with an ETag that is known beforehand, or `304` for whoever has it.
pub(super) fn entity(
    headers: &HeaderMap,
    etag: &str,
    cache_control: &'static str,
    body: &impl Serialize,
) -> Response {
    let tags = [(header::ETAG, etag.to_owned()), (header::CACHE_CONTROL, cache_control.to_owned())];
    if has(headers, etag) {
        return (StatusCode::NOT_MODIFIED, tags).into_response();
    }
    (tags, axum::Json(body)).into_response()
}

/// JSON that is one player's, tagged by its own bytes.
pub(super) fn private(headers: &HeaderMap, body: &impl Serialize) -> Response {
    tagged(headers, None, "private, no-cache", body)
}

/// As [`private`], with the life's revision before the hash: what `If-Match` goes by.
pub(super) fn of_a_life(headers: &HeaderMap, revision: i64, body: &impl Serialize) -> Response {
    tagged(headers, Some(revision), "private, no-cache", body)
}

/// The tag that `/me` has with this body.
pub(super) fn tag_of_a_life(revision: i64, body: &impl Serialize) -> String {
    with_revision(Some(revision), etag_of(&serde_json::to_vec(body).unwrap_or_default()))
}

fn with_revision(revision: Option<i64>, etag: String) -> String {
    match revision {
        Some(revision) => format!("\"{revision}-{}\"", etag.trim_matches('"')),
        None => etag,
    }
}

/// JSON that is everybody's, tagged by its own bytes.
pub(super) fn public(headers: &HeaderMap, body: &impl Serialize) -> Response {
    tagged(headers, None, "no-cache", body)
}

fn tagged(
    headers: &HeaderMap,
    revision: Option<i64>,
    cache_control: &'static str,
    body: &impl Serialize,
) -> Response {
    let bytes = match serde_json::to_vec(body) {
        Ok(bytes) => bytes,
        Err(error) => return Refusal::internal(&error).into_response(),
    };
    let etag = with_revision(revision, etag_of(&bytes));
    let tags = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, cache_control.to_owned())];
    if has(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, tags).into_response();
    }
    (tags, [(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}
