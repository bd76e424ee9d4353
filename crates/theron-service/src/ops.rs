//! The routes that every service has: `/livez`, `/readyz`, `/metrics`, `/api/v1/openapi.json`.

use crate::{ReadySignal, Refusal, metrics::metrics_text};
use axum::{
    Router,
    extract::RawQuery,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;
use utoipa::openapi::OpenApi;

const OPENAPI: &str = "application/vnd.oai.openapi+json";
/// The document is the same for everybody.
const ANY_PAGE: (HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
/// What a page is told that asks before it sends headers of its own. It need not ask again for a day.
const PREFLIGHT: [(HeaderName, &str); 4] = [
    ANY_PAGE,
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];
const OPENAPI_VERSION: &str = ";version=3.1";

/// The answer to a page that asks before it sends headers of its own.
pub fn preflight() -> Response {
    (StatusCode::NO_CONTENT, PREFLIGHT).into_response()
}

/// The API document as it is served and checked in: two spaces, a line end at the end.
pub fn pretty_openapi(api: &OpenApi) -> String {
    let mut text =
        api.to_pretty_json().expect("a document made of strings, maps and lists is JSON");
    text.push('\n');
    text
}

pub(crate) fn routes(ready: ReadySignal, api: &OpenApi) -> Router {
    let document: Arc<str> = pretty_openapi(api).into();
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(move || async move { readyz(&ready) }))
        .route(
            "/metrics",
            get(|| async {
                ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics_text())
            }),
        )
        .route(
            "/api/v1/openapi.json",
            get(move |RawQuery(query): RawQuery, headers: HeaderMap| async move {
                Refusal::unless_empty(query.as_deref())?;
                let kind = document_type(&headers);
                let said = [(header::CONTENT_TYPE, kind), (header::VARY, "accept"), ANY_PAGE];
                Ok::<_, Refusal>((said, document.to_string()))
            })
            .options(async || preflight()),
        )
}

/// Its own type, but plain JSON to who asks for JSON and knows OpenAPI in other versions alone, as GDAL does.
fn document_type(headers: &HeaderMap) -> &'static str {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    let ranges: Vec<String> = accepts
        .flat_map(|accept| accept.split(','))
        .map(|range| range.replace(char::is_whitespace, "").to_ascii_lowercase())
        .collect();
    let named = |range: &str, kind: &str| {
        range.strip_prefix(kind).is_some_and(|more| more.is_empty() || more.starts_with(";q="))
    };
    let openapi = |range: &String| {
        named(range, OPENAPI)
            || range.strip_prefix(OPENAPI).is_some_and(|more| named(more, OPENAPI_VERSION))
    };
    let json = |range: &String| named(range, "application/json");
    if ranges.iter().any(json) && !ranges.iter().any(openapi) {
        "application/json"
    } else {
        "application/vnd.oai.openapi+json;version=3.1"
    }
}

fn readyz(ready: &ReadySignal) -> Response {
    let readiness = ready.get();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(&*readiness)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_plain_json_to_who_knows_openapi_in_other_versions_alone() {
        let told = |accept: &'static str| {
            let accept = (header::ACCEPT, accept.parse().unwrap());
            document_type(&HeaderMap::from_iter([accept]))
        };
        let own = "application/vnd.oai.openapi+json;version=3.1";
        let gdal = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json";
        assert_eq!(told(gdal), "application/json");
        assert_eq!(told("application/json;q=0.9, text/plain"), "application/json");
        assert_eq!(document_type(&HeaderMap::new()), own);
        for accept in [
            "*/*",
            "text/html, */*;q=0.8",
            "application/vnd.oai.openapi+json; version=3.1, application/json",
            "application/vnd.oai.openapi+json;q=1, application/json",
        ] {
            assert_eq!(told(accept), own, "{accept}");
        }
    }
}
