//! The internal API: what a game node tells the aggregation about a closed window.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What all players of one node did in one window: no token, no text, no exact time, bounded for each
/// player, in the order of its content. It never changes once the window has closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// Window n covers the real time from n × length to (n + 1) × length since 1970.
    pub window: i64,
    /// Real time at which the window began, microseconds since 1970.
    pub from: i64,
    /// Real time at which it closed, microseconds since 1970; not part of it.
    pub to: i64,
    pub contributions: Vec<Contribution>,
}

/// One player's share in one thing. Ordered, so that the order of a list says nothing of who or when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Contribution {
    Departure {
        from: String,
        to: String,
    },
    Trade {
        place: String,
        good: String,
        /// Bought less sold, grams, bounded, and rounded towards nothing.
        net_grams: i64,
        /// What of the good would move its price in that place by the whole of itself, grams; the same for everyone. 0
        /// where the node did not know.
        #[serde(default)]
        depth_grams: i64,
    },
}

/// Windows that can be asked for, ascending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosedWindows {
    /// At most 1,000; ask again after the last of them for more.
    pub windows: Vec<i64>,
    /// The window that is open now.
    pub open: i64,
    /// Real length of a window, microseconds.
    pub window_us: i64,
}
