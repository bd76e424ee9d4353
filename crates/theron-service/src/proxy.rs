//! What a proxy in front of a listener says of the caller. It is believed only where there is one.

use http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// Who calls: the peer, or whom the proxy names where there is one.
pub fn client_address(
    headers: &HeaderMap,
    peer: Option<SocketAddr>,
    behind_proxy: bool,
) -> Option<IpAddr> {
    let named = behind_proxy.then(|| forwarded(headers, "for")).flatten();
    named.and_then(|node| address(&node)).or(peer.map(|peer| peer.ip()))
}

/// What the nearest proxy says, in `Forwarded` (RFC 7239) or in its older forms: `for`, `proto` or `host`.
/// The nearest proxy writes last; what stands before it, anyone may have written.
pub fn forwarded(headers: &HeaderMap, what: &str) -> Option<String> {
    let last = |name: &str| {
        let value = headers.get_all(name).iter().next_back()?;
        value.to_str().ok()?.rsplit(',').next().map(|element| element.trim().to_owned())
    };
    if let Some(element) = last("forwarded") {
        return element.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case(what)
                .then(|| value.trim().trim_matches('"').to_owned())
        });
    }
    last(&format!("x-forwarded-{what}"))
}

/// `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`
fn address(node: &str) -> Option<IpAddr> {
    let bare = node.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| node.parse::<SocketAddr>().ok().map(|node| node.ip()))
}
