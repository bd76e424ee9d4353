//! The address under which the caller reached us, for links: OGC clients follow absolute ones only. And the
//! caller's own, for its budget. A proxy's words are believed only where the configuration says there is one.

use super::answer::bad_request;
use crate::turns::Reader;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, header, request::Parts, uri::Authority},
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use theron_service::{Connection, Identity, Proxy, Refusal, client_address, one_household};

/// How a listener is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listener {
    pub(crate) scheme: &'static str,
    pub(crate) behind_proxy: Proxy,
}

/// `https://10.110.0.15:8443/api/v1`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let listener = parts.extensions.get::<Listener>();
        let proxy = listener.map_or(Proxy::None, |listener| listener.behind_proxy);
        let said = |what: &str| proxy.says(&parts.headers, what);
        let scheme = match said("proto").as_deref() {
            Some("https") => "https",
            Some("http") => "http",
            _ => listener.map_or("http", |listener| listener.scheme),
        };
        let host = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let authority = said("host")
            .and_then(|host| host.parse::<Authority>().ok())
            .or_else(|| parts.uri.authority().cloned())
            .or_else(|| host.and_then(|host| host.parse().ok()));
        let authority = authority.ok_or_else(|| {
            bad_request("host_not_understood", "send a Host header with the address you called")
        })?;
        Ok(Self(format!("{scheme}://{authority}/api/v1")))
    }
}

/// Who calls: the peer, or whom the proxy names.
pub(crate) fn client(headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let listener = extensions.get::<Listener>();
    let proxy = listener.map_or(Proxy::None, |listener| listener.behind_proxy);
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    client_address(headers, peer, proxy)
}

/// Whose turn it is by: the name on the mesh, or else the household.
pub(crate) fn reader(parts: &Parts) -> Reader {
    if let Some(Identity(name)) = parts.extensions.get::<Identity>() {
        return Reader::Named(Arc::clone(name));
    }
    client(&parts.headers, &parts.extensions)
        .map_or(Reader::Unknown, |address| Reader::At(one_household(address)))
}

/// A proxy has as many connections as its readers need, whatever one address may have.
pub(crate) fn note_proxy(proxy: Proxy, extensions: &Extensions) {
    if proxy != Proxy::None
        && let Some(connection) = extensions.get::<Connection>()
    {
        connection.is_a_proxy_s();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue, Request};

    fn parts(behind_proxy: Proxy, headers: &[(&'static str, &'static str)]) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.extensions.insert(Listener { scheme: "http", behind_proxy });
        parts.extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4711))));
        for (name, value) in headers {
            parts.headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        parts
    }

    async fn seen(behind_proxy: Proxy, headers: &[(&'static str, &'static str)]) -> String {
        let mut parts = parts(behind_proxy, headers);
        let Origin(base) = Origin::from_request_parts(&mut parts, &()).await.unwrap();
        let client = client(&parts.headers, &parts.extensions).unwrap();
        format!("{base} {client}")
    }

    #[tokio::test]
    async fn a_proxy_is_believed_only_where_there_is_one() {
        let headers = [
            ("host", "store:3102"),
            (
                "forwarded",
                "for=6.6.6.6;proto=gopher, for=\"[2001:db8::7]:80\";proto=https;host=t.example",
            ),
        ];
        assert_eq!(seen(Proxy::Either, &headers).await, "https://t.example/api/v1 2001:db8::7");
        assert_eq!(seen(Proxy::None, &headers).await, "http://store:3102/api/v1 10.0.0.1");
        let older = [
            ("host", "store:3102"),
            ("x-forwarded-for", "6.6.6.6, 192.0.2.9"),
            ("x-forwarded-proto", "https"),
        ];
        assert_eq!(seen(Proxy::Either, &older).await, "https://store:3102/api/v1 192.0.2.9");
        assert_eq!(seen(Proxy::None, &older).await, "http://store:3102/api/v1 10.0.0.1");
    }

    #[tokio::test]
    async fn a_caller_behind_a_proxy_has_no_say_in_links_and_budgets() {
        let proxied = [
            ("host", "store:3102"),
            ("forwarded", "for=6.6.6.6;proto=https;host=evil.example"),
            ("x-forwarded-for", "192.0.2.9"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", "t.example"),
        ];
        let meant = "http://t.example/api/v1 192.0.2.9";
        assert_eq!(seen(Proxy::XForwarded, &proxied).await, meant);
        let neither = "http://store:3102/api/v1 10.0.0.1";
        assert_eq!(seen(Proxy::Either, &proxied).await, neither);
    }

    #[tokio::test]
    async fn what_a_proxy_cannot_have_meant_is_not_used() {
        let odd = [("host", "store"), ("forwarded", "proto=ftp;host=a b;for=unknown")];
        assert_eq!(seen(Proxy::Either, &odd).await, "http://store/api/v1 10.0.0.1");
    }
}
