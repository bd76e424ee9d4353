//! The routes that every service has: `/livez`, `/readyz`, `/metrics`, `/api/v1/openapi.json`.

use crate::{ReadySignal, metrics::metrics_text};
use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;
use utoipa::openapi::OpenApi;

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
            get(move || async move {
                let kind = "application/vnd.oai.openapi+json;version=3.1";
                ([(header::CONTENT_TYPE, kind)], document.to_string())
            }),
        )
}

fn readyz(ready: &ReadySignal) -> Response {
    let readiness = ready.get();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(&*readiness)).into_response()
}
