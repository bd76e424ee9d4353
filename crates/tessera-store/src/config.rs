use serde::{Deserialize, Serialize};
use theron_service::{Base, Proxy};

/// Everything there is to set; other limits are constants beside the code that they guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub service: Base,
    #[serde(default)]
    pub public: Public,
    #[serde(default)]
    pub keep: Keep,
}

/// The public listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Public {
    /// The proxy that stands before it writes `"forwarded"` (RFC 7239) or `"x-forwarded-for"` (with `-Proto` and
    /// `-Host`): links and budgets go by these headers and by no others, because it lets the others through as anyone
    /// wrote them. `true` goes by either kind, and by neither where both are there. Without a proxy none is read.
    pub behind_proxy: Proxy,
    /// Calls of one address in a window. QGIS, when it draws a region anew, makes some hundreds.
    pub calls_max: u32,
    /// Length of the window, seconds.
    pub window_s: u32,
}

/// Which releases stay when others are promoted. The current one, the one before it, and those that kept
/// windows of the aggregation name stay in any case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// The newest uploads that stay.
    pub releases: usize,
}

impl Config {
    /// What the service has, and the rest as it is by itself.
    pub fn of(service: Base) -> Self {
        Self { service, public: Public::default(), keep: Keep::default() }
    }
}

impl Default for Public {
    fn default() -> Self {
        Self { behind_proxy: Proxy::None, calls_max: 6_000, window_s: 60 }
    }
}

impl Default for Keep {
    fn default() -> Self {
        Self { releases: 5 }
    }
}
