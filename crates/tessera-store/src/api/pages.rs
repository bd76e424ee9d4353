//! The public world is open to any page: it is the same for everybody, and no cookie opens more.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// What is allowed does not change: a browser need not ask again for a day.
const ASKED_AGAIN_S: u32 = 86_400;

pub(crate) fn readable_by_any(headers: &mut HeaderMap) {
    let any = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, any);
}

/// Around everything: a browser that asks beforehand is told what a page may send. That costs no call of a budget, so
/// that a page whose budget is used up reads so.
pub(crate) async fn open_to_any(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let mut allowed = StatusCode::NO_CONTENT.into_response();
        let headers = allowed.headers_mut();
        let methods = HeaderValue::from_static("GET, HEAD");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(ASKED_AGAIN_S));
        allowed
    } else {
        next.run(request).await
    };
    readable_by_any(response.headers_mut());
    response
}
