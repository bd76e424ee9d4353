//! The game nodes that are asked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// Nothing was asked of it yet.
    New,
    /// It gave the last window that it was asked for.
    Answers,
    /// It did not; windows wait for it until patience runs out.
    Awaited,
    /// Patience ran out; windows no longer wait for it, and it is asked at each of them all the same.
    LeftOut,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NodeStatus {
    #[schema(example = "otivm-dev")]
    pub name: String,
    pub base_url: String,
    pub state: NodeState,
    /// The newest window that it gave.
    pub last_window: Option<i64>,
    /// What it answered, or did not, when it was last asked in vain.
    pub problem: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NodeList {
    /// Real length of a window, microseconds.
    pub window_us: i64,
    /// The window that is derived next.
    pub next_window: i64,
    /// Windows that a silent node is waited for.
    pub patience_windows: u32,
    pub nodes: Vec<NodeStatus>,
}
