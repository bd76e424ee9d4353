//! What a proxy in front of a listener says of the caller. It is believed only where there is one, and only in the
//! headers that it writes itself: the others come through it from anyone.

use http::{HeaderMap, HeaderName, header};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// Which headers the proxy in front of a listener writes; `false`, `true`, `"forwarded"` or `"x-forwarded-for"` in a
/// configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Setting", into = "Setting")]
pub enum Proxy {
    #[default]
    None,
    /// `Forwarded` or the older ones, whichever are there alone: of both, one may be anyone's.
    Either,
    /// `Forwarded` (RFC 7239).
    Forwarded,
    /// `X-Forwarded-For`, `-Proto` and `-Host`.
    XForwarded,
}

impl Proxy {
    /// What the proxy says: `for`, `proto` or `host`.
    pub fn says(self, headers: &HeaderMap, what: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::Forwarded => in_forwarded(headers, what),
            Self::XForwarded => {
                last(headers, &HeaderName::try_from(format!("{OLDER}{what}")).ok()?)
            }
            Self::Either => {
                let older = headers.keys().any(|name| name.as_str().starts_with(OLDER));
                match (headers.contains_key(header::FORWARDED), older) {
                    (true, false) => Self::Forwarded.says(headers, what),
                    (false, true) => Self::XForwarded.says(headers, what),
                    (true, true) | (false, false) => None,
                }
            }
        }
    }
}

impl From<bool> for Proxy {
    fn from(behind_proxy: bool) -> Self {
        if behind_proxy { Self::Either } else { Self::None }
    }
}

/// As a configuration writes it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Setting {
    Is(bool),
    Writes(String),
}

impl TryFrom<Setting> for Proxy {
    type Error = String;
    fn try_from(setting: Setting) -> Result<Self, String> {
        match setting {
            Setting::Is(behind_proxy) => Ok(behind_proxy.into()),
            Setting::Writes(header) if header == FORWARDED => Ok(Self::Forwarded),
            Setting::Writes(header) if header == X_FORWARDED => Ok(Self::XForwarded),
            Setting::Writes(header) => Err(format!(
                "{header:?} is no header of a proxy; write {FORWARDED:?}, {X_FORWARDED:?}, true or false"
            )),
        }
    }
}

impl From<Proxy> for Setting {
    fn from(proxy: Proxy) -> Self {
        match proxy {
            Proxy::None => Self::Is(false),
            Proxy::Either => Self::Is(true),
            Proxy::Forwarded => Self::Writes(FORWARDED.to_owned()),
            Proxy::XForwarded => Self::Writes(X_FORWARDED.to_owned()),
        }
    }
}

const FORWARDED: &str = "forwarded";
const X_FORWARDED: &str = "x-forwarded-for";
/// Begins the names of the older headers.
const OLDER: &str = "x-forwarded-";

/// Who calls: the peer, or whom the proxy names where there is one.
pub fn client_address(
    headers: &HeaderMap,
    peer: Option<SocketAddr>,
    proxy: Proxy,
) -> Option<IpAddr> {
    let named = proxy.says(headers, "for");
    named.and_then(|node| address(&node)).or(peer.map(|peer| peer.ip()))
}

fn in_forwarded(headers: &HeaderMap, what: &str) -> Option<String> {
    last(headers, &header::FORWARDED)?.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case(what).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The nearest proxy writes last; what stands before it, anyone may have written.
fn last(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get_all(name).iter().next_back()?;
    value.to_str().ok()?.rsplit(',').next().map(|element| element.trim().to_owned())
}

/// `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`
fn address(node: &str) -> Option<IpAddr> {
    let bare = node.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| node.parse::<SocketAddr>().ok().map(|node| node.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(setting: &str) -> Result<Proxy, serde_json::Error> {
        serde_json::from_str(setting)
    }

    #[test]
    fn a_configuration_names_the_header_that_the_proxy_writes() {
        for (setting, proxy) in [
            ("false", Proxy::None),
            ("true", Proxy::Either),
            ("\"forwarded\"", Proxy::Forwarded),
            ("\"x-forwarded-for\"", Proxy::XForwarded),
        ] {
            assert_eq!(read(setting).unwrap(), proxy);
            assert_eq!(serde_json::to_string(&proxy).unwrap(), setting);
        }
        let refusal = read("\"x-real-ip\"").unwrap_err().to_string();
        assert!(refusal.starts_with("\"x-real-ip\" is no header of a proxy"), "{refusal}");
    }

    #[test]
    fn a_header_that_the_proxy_does_not_write_is_nobody_s_word() {
        let both = HeaderMap::from_iter(
            [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "1.1.1.1, 192.0.2.9")]
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())),
        );
        let peer = SocketAddr::from(([10, 0, 0, 1], 4711));
        let seen = |proxy| client_address(&both, Some(peer), proxy).unwrap().to_string();
        let all = [Proxy::None, Proxy::Either, Proxy::Forwarded, Proxy::XForwarded];
        assert_eq!(all.map(seen), ["10.0.0.1", "10.0.0.1", "6.6.6.6", "192.0.2.9"]);
    }
}
