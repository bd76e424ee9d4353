//! Other sites stay outside: a call that changes something comes from our own page, or from no page.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use theron_service::Refusal;

pub(super) async fn same_origin(request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || is_own(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    let detail = "this call comes from a page of another site; open the game at its own address";
    Refusal::new(StatusCode::FORBIDDEN, "foreign_origin", detail).into_response()
}

/// Browsers name the page's origin; programs do not, and need the cookie all the same.
fn is_own(headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn own(origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost:3000"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        is_own(&headers, &Uri::from_static("/api/v1/trades"))
    }

    #[test]
    fn only_our_own_page_and_programs_may_change_things() {
        assert!(
            own(None) && own(Some("http://localhost:3000")) && own(Some("https://LOCALHOST:3000"))
        );
        for foreign in ["null", "http://localhost", "http://localhost:3000.evil.example", "x"] {
            assert!(!own(Some(foreign)), "{foreign}");
        }
    }
}
