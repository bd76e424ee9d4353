//! The public world is open to any page: it is the same for everybody, and no cookie opens more.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use theron_service::preflight;

pub(crate) fn readable_by_any(headers: &mut HeaderMap) {
    let any = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, any);
}

/// Around everything: a browser that asks beforehand is told what a page may send. That costs no call of a budget, so
/// that a page whose budget is used up reads so.
pub(crate) async fn open_to_any(request: Request, next: Next) -> Response {
    let mut response =
        if request.method() == Method::OPTIONS { preflight() } else { next.run(request).await };
    readable_by_any(response.headers_mut());
    response
}
