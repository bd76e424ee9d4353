//! What `/events` sends beside moments.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where the events of a new connection begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Here {
    /// `at` of the last moment; what comes is later.
    pub revision: i64,
    /// The window that is open.
    pub window: i64,
    /// The release in play.
    pub release: String,
}

/// A window closed: prices follow what was traded in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowClosed {
    pub number: i64,
    /// Real time, RFC 3339.
    pub closed_at: String,
    /// The window that is open since then.
    pub open: i64,
}

/// Something to know about this connection or the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// Stable; a problem's code where the connection ends with it.
    pub code: String,
    /// A sentence that says what to do.
    pub detail: String,
}
