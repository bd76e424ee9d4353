//! Releases as the store lists them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_world::ReleaseId;
use utoipa::ToSchema;

/// One release that the store holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseSummary {
    /// First 32 hexadecimal digits of `sha256`.
    #[schema(value_type = String, example = "0123456789abcdef0123456789abcdef")]
    pub id: ReleaseId,
    /// Of the release file, lower-case hexadecimal.
    pub sha256: String,
    /// Length of the release file.
    pub bytes: u64,
    pub title: String,
    /// The year that is shown by default, astronomical (-200 is 201 BC).
    pub epoch: i32,
    /// The years it was made for, ascending.
    pub epochs: Vec<i32>,
    /// H3 resolution of the zones.
    pub resolution: u8,
    /// Degrees: west, south, east, north.
    pub bbox: [f64; 4],
    pub zones: u64,
    pub places: u64,
    #[schema(value_type = String, format = DateTime)]
    pub uploaded_at: Timestamp,
    /// When it last became the current release; absent when it never was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub promoted_at: Option<Timestamp>,
}

/// All releases that the store holds, newest upload first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseList {
    /// The release that is served as `current`; absent before the first promotion.
    #[schema(value_type = Option<String>)]
    pub current: Option<ReleaseId>,
    pub releases: Vec<ReleaseSummary>,
}

/// Answer of a rollback: what was current, and what is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rollback {
    #[schema(value_type = String)]
    pub from: ReleaseId,
    pub to: ReleaseSummary,
}
