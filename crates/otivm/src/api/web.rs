//! The browser game: static files, each with the headers that keep it to itself.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::path::{Path, PathBuf};
use theron_service::Refusal;
use tower::ServiceExt;
use tower_http::{compression::CompressionLayer, services::ServeDir};

/// MapLibre draws in workers made from blobs and sets styles on elements; nothing else is let in.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; \
    child-src blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// The bundler puts a hash into the name of every file in here.
const HASHED: &str = "/assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Everything that is not the API; nothing without a folder.
pub(super) fn routes(web_dir: Option<&Path>) -> Router {
    let Some(folder) = web_dir.map(Path::to_owned) else { return Router::new() };
    let at_root = folder.clone();
    Router::new()
        .route("/", get(move |request| serve(at_root.clone(), request)))
        .route("/{*path}", get(move |request| serve(folder.clone(), request)))
        .layer(CompressionLayer::new())
}

async fn serve(folder: PathBuf, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        let detail = "nothing is here; /api/v1/openapi.json lists what there is";
        return Refusal::new(StatusCode::NOT_FOUND, "no_such_route", detail).into_response();
    }
    let mut response = file(&folder, request).await;
    let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    if response.status() == StatusCode::NOT_FOUND && is_page {
        // A page of the game that only the game knows.
        let index = Request::builder().method(Method::GET).uri(Uri::from_static("/index.html"));
        response = match index.body(Body::empty()) {
            Ok(index) => file(&folder, index).await,
            Err(error) => return Refusal::internal(&error).into_response(),
        };
    }
    if response.status() == StatusCode::NOT_FOUND {
        let detail = "there is no such file of the browser game; was it built?";
        return Refusal::new(StatusCode::NOT_FOUND, "no_such_file", detail).into_response();
    }
    let hashed = path.starts_with(HASHED) && response.status().is_success();
    let caching = if hashed { FOR_EVER } else { ASK_AGAIN };
    for (name, value) in [
        (header::CACHE_CONTROL, caching),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn file(folder: &Path, request: Request) -> Response {
    match ServeDir::new(folder).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}
