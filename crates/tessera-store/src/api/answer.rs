//! Answers with a strong ETag and how long they may be kept; errors as problems.

use super::{params::Format, variants::varies_by_encoding};
use crate::{
    blocking::Panicked,
    derived::{DerivedError, PutError},
    releases::{IntakeError, PromoteError, ReadError, RemoveError, RollbackError},
    turns::TooMany,
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use theron_service::Refusal;
use theron_sqlite::rusqlite;
use theron_wire::Problem;
use utoipa::IntoResponses;

pub(crate) const JSON: &str = "application/json";
pub(crate) const GEOJSON: &str = "application/geo+json";
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// A year, as RFC 9111 suggests for what never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cache {
    /// The address names the content.
    Immutable,
    /// The address names what is current: ask each time, by ETag.
    Revalidate,
}

impl Cache {
    pub(crate) const fn header(self) -> HeaderValue {
        match self {
            Self::Immutable => HeaderValue::from_static(FOR_EVER),
            Self::Revalidate => HeaderValue::from_static("no-cache"),
        }
    }
}

/// What every refusal looks like, for the API document.
#[derive(IntoResponses)]
#[response(status = "default", description = "Refused", content_type = "application/problem+json")]
#[expect(dead_code, reason = "only its description is used")]
pub(crate) struct Refused(Problem);

/// The bytes, or 304 where the caller has them.
pub(crate) fn bytes(
    request: &HeaderMap,
    cache: Cache,
    media_type: &'static str,
    body: impl Into<Body> + AsRef<[u8]>,
) -> Response {
    let digest = hex::encode(Sha256::digest(body.as_ref()));
    let etag = format!("\"{}\"", digest.get(..32).unwrap_or(&digest));
    let varies = varies_by_encoding(media_type, body.as_ref());
    let mut response = tagged(request, cache, media_type, &etag, || body.into());
    // Where there is a body, who compresses it says so.
    if varies && response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// Like [`bytes`], where the ETag is known beforehand.
pub(crate) fn tagged(
    request: &HeaderMap,
    cache: Cache,
    media_type: &'static str,
    etag: &str,
    body: impl FnOnce() -> Body,
) -> Response {
    let mut response = if has(request, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))];
        (kind, body()).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, cache.header());
    response
}

pub(crate) fn json(
    request: &HeaderMap,
    cache: Cache,
    media_type: &'static str,
    value: &impl Serialize,
) -> Result<Response, Refusal> {
    let body = serde_json::to_vec(value).map_err(|error| Refusal::internal(&error))?;
    Ok(bytes(request, cache, media_type, body))
}

/// The value as JSON, or what people see of it: as was asked for.
pub(crate) fn negotiated(
    request: &HeaderMap,
    cache: Cache,
    format: Format,
    media_type: &'static str,
    value: &impl Serialize,
    page: impl FnOnce() -> String,
) -> Result<Response, Failed> {
    let mut response = match format {
        Format::Json => json(request, cache, media_type, value)?,
        Format::Html => bytes(request, cache, HTML, page()),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// Whether `If-None-Match` names the ETag.
pub(crate) fn has(request: &HeaderMap, etag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

pub(crate) fn not_found(code: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, code, detail)
}

pub(crate) fn bad_request(code: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, code, detail)
}

/// The use cases' errors as problems, each once.
pub(crate) struct Failed(pub(crate) Refusal);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let too_many = self.0.0.status == StatusCode::TOO_MANY_REQUESTS;
        let mut response = self.0.into_response();
        if too_many {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<TooMany> for Failed {
    fn from(error: TooMany) -> Self {
        Self(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_calls", error.to_string()))
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<ReadError> for Failed {
    fn from(error: ReadError) -> Self {
        Self(Refusal::internal(&error))
    }
}

impl From<Panicked> for Failed {
    fn from(error: Panicked) -> Self {
        Self(Refusal::internal(&error))
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self(Refusal::internal(&error))
    }
}

impl From<DerivedError> for Failed {
    fn from(error: DerivedError) -> Self {
        Self(Refusal::internal(&error))
    }
}

impl From<IntakeError> for Failed {
    fn from(error: IntakeError) -> Self {
        let (status, code) = match &error {
            IntakeError::Busy => (StatusCode::CONFLICT, "upload_in_hand"),
            IntakeError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            IntakeError::Cut(_) => (StatusCode::BAD_REQUEST, "upload_cut"),
            IntakeError::Checksum { .. } => (StatusCode::BAD_REQUEST, "checksum_differs"),
            IntakeError::NotARelease(_) => (StatusCode::BAD_REQUEST, "not_a_release"),
            IntakeError::Disk(_) | IntakeError::Catalogue(_) | IntakeError::Panicked(_) => {
                return Self(Refusal::internal(&error));
            }
        };
        Self(Refusal::new(status, code, error.to_string()))
    }
}

impl From<PromoteError> for Failed {
    fn from(error: PromoteError) -> Self {
        let (status, code) = match &error {
            PromoteError::Unknown(_) => (StatusCode::NOT_FOUND, "no_such_release"),
            PromoteError::Broken { .. } => (StatusCode::CONFLICT, "release_broken"),
            PromoteError::Catalogue(_) => return Self(Refusal::internal(&error)),
        };
        Self(Refusal::new(status, code, error.to_string()))
    }
}

impl From<RemoveError> for Failed {
    fn from(error: RemoveError) -> Self {
        let (status, code) = match &error {
            RemoveError::Unknown(_) => (StatusCode::NOT_FOUND, "no_such_release"),
            RemoveError::Live(_) => (StatusCode::CONFLICT, "release_live"),
            RemoveError::Disk(_) | RemoveError::Catalogue(_) => {
                return Self(Refusal::internal(&error));
            }
        };
        Self(Refusal::new(status, code, error.to_string()))
    }
}

impl From<RollbackError> for Failed {
    fn from(error: RollbackError) -> Self {
        match error {
            RollbackError::Nothing => {
                Self(Refusal::new(StatusCode::CONFLICT, "nothing_before", error.to_string()))
            }
            RollbackError::Promote(error) => error.into(),
        }
    }
}

impl From<PutError> for Failed {
    fn from(error: PutError) -> Self {
        let (status, code) = match &error {
            PutError::NotValid(_) | PutError::Number => {
                (StatusCode::BAD_REQUEST, "window_not_valid")
            }
            PutError::AlreadyWritten(_) => (StatusCode::CONFLICT, "window_already_written"),
            PutError::OutOfOrder { .. } => (StatusCode::CONFLICT, "window_out_of_order"),
            PutError::Json(_) | PutError::Sqlite(_) => return Self(Refusal::internal(&error)),
        };
        Self(Refusal::new(status, code, error.to_string()))
    }
}
