//! Making a run's release the one that everybody reads, and going back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PromotionState {
    /// For its turn, or for 1102 to come back; `problem` says what it waits for.
    Waiting,
    /// The release file is on its way to 1102.
    Uploading,
    /// 1102 makes it current.
    Promoting,
    /// Everybody reads it.
    Done,
    /// Given up; `problem` says why. The release that was live is live still.
    Failed,
}

impl PromotionState {
    /// Nothing more will happen to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// A promotion, as it stands. It goes on in the background, and after a restart of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Promotion {
    pub state: PromotionState,
    /// RFC 3339, UTC.
    pub requested_at: String,
    pub finished_at: Option<String>,
    /// Of the release file.
    pub bytes: u64,
    pub bytes_sent: u64,
    /// How often 1102 was called for it.
    pub attempts: u32,
    /// How many times it is tried before it is given up.
    pub attempts_max: u32,
    /// When it is tried again, while 1102 is away.
    pub next_attempt_at: Option<String>,
    /// One sentence: what it waits for, or why it failed.
    pub problem: Option<String>,
}

/// A rollback: what was current, and what is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolledBack {
    /// Absent where nothing was current.
    pub from: Option<String>,
    pub to: String,
    /// Of the world that is current now.
    pub title: String,
}
