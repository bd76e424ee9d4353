//! Other sites stay outside: a call that changes something comes from our own page, or from no page.

use crate::app::App;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use theron_service::{Proxy, Refusal};

pub(super) async fn same_origin(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || is_own(app.config.behind_proxy, request.headers(), request.uri()) {
        return next.run(request).await;
    }
    let detail = "this call comes from a page of another site; open the game at its own address";
    Refusal::new(StatusCode::FORBIDDEN, "foreign_origin", detail).into_response()
}

/// Browsers name the page's origin; programs do not, and need the cookie all the same. A proxy may call us by another
/// host than the page has, and says which that was.
fn is_own(proxy: Proxy, headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let called = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let named = || called().or_else(|| uri.authority().map(Authority::as_str)).map(str::to_owned);
    let host = proxy.says(headers, "host").or_else(named);
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(&host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn own(origin: Option<&'static str>) -> bool {
        own_by(Proxy::None, "localhost:3000", origin)
    }

    fn own_by(proxy: Proxy, named: &'static str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost:3000"));
        headers.insert("x-forwarded-host", HeaderValue::from_static(named));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        is_own(proxy, &headers, &Uri::from_static("/api/v1/trades"))
    }

    #[test]
    fn behind_a_proxy_the_page_is_where_the_proxy_says_and_nowhere_else() {
        let page = Some("https://play.example.org");
        assert!(own_by(Proxy::XForwarded, "play.example.org", page));
        assert!(!own_by(Proxy::XForwarded, "evil.example.org", page));
        // Without one anybody may have written the header.
        assert!(!own_by(Proxy::None, "play.example.org", page));
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
