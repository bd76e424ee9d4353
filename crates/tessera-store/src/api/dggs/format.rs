//! How zones and their data are written: as `f` says, or else as the Accept header does.

use super::super::{
    answer::{GEOJSON, JSON},
    params::wanted,
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use theron_service::Refusal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ZoneFormat {
    Json,
    GeoJson,
}

const JSON_KINDS: &[&str] = &[JSON, "application/*", "*/*"];
const GEOJSON_KINDS: &[&str] = &[GEOJSON, "application/*", "*/*"];

impl ZoneFormat {
    /// `f=` decides; else GeoJSON for whoever asks for it by name.
    pub(super) fn of(query: Option<Self>, headers: &HeaderMap) -> Result<Self, Refusal> {
        if let Some(format) = query {
            return Ok(format);
        }
        let (json, geojson) = (wanted(headers, JSON_KINDS), wanted(headers, GEOJSON_KINDS));
        if json == 0 && geojson == 0 {
            let detail = format!("zones are there as {JSON} and as {GEOJSON}; ask for one of them");
            return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail));
        }
        Ok(if geojson > json { Self::GeoJson } else { Self::Json })
    }

    /// As `f` names it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GeoJson => "geojson",
        }
    }

    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::GeoJson => GEOJSON,
        }
    }

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Json => Self::GeoJson,
            Self::GeoJson => Self::Json,
        }
    }
}

/// The answer, which another Accept header may have given otherwise.
pub(super) fn varying(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geojson_is_for_whoever_prefers_it_and_json_for_the_rest() {
        let format = |query, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            ZoneFormat::of(query, &headers).ok()
        };
        for (accept, expected) in [
            ("application/geo+json", Some(ZoneFormat::GeoJson)),
            ("application/geo+json, application/json;q=0.9", Some(ZoneFormat::GeoJson)),
            ("application/json, application/geo+json;q=0.9", Some(ZoneFormat::Json)),
            ("application/geo+json;q=0.9, */*;q=0.1", Some(ZoneFormat::GeoJson)),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some(ZoneFormat::Json)),
            ("*/*", Some(ZoneFormat::Json)),
            ("image/png", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(format(None, accept), expected, "{accept}");
            assert_eq!(format(Some(ZoneFormat::GeoJson), accept), Some(ZoneFormat::GeoJson));
        }
        assert_eq!(ZoneFormat::of(None, &HeaderMap::new()), Ok(ZoneFormat::Json));
    }
}
