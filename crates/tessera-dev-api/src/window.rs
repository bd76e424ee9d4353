//! Windows that were derived.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Derived and kept here, not yet at 1102.
    Derived,
    /// 1102 has it.
    Written,
    /// 1102 had other content for this window, or a newer window, before: its own stands.
    Superseded,
}

/// What became of one node's part in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShareOutcome {
    /// Its rows are in.
    Counted,
    /// It was silent for longer than patience lasts.
    LeftOut,
    /// It answered that it has no such window.
    NoSuchWindow,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Share {
    #[schema(example = "otivm-dev")]
    pub node: String,
    pub outcome: ShareOutcome,
    /// Rows in its snapshot.
    pub contributions: u32,
    /// Rows of them that were not counted; see `rejected_rows` of the window.
    pub rejected: u32,
    /// Of the snapshot as it is kept here; absent where there is none.
    pub sha256: Option<String>,
    /// Why it is not in.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowSummary {
    /// It covers the real time from `window` × length to (`window` + 1) × length since 1970.
    pub window: i64,
    /// Microseconds since 1970.
    pub from: i64,
    /// Microseconds since 1970; not part of it.
    pub to: i64,
    pub state: WindowState,
    /// The release whose places were used.
    pub release: String,
    pub nodes: Vec<Share>,
    /// Markets with a price that players have moved.
    pub prices: u32,
    /// Routes with traffic.
    pub routes: u32,
    /// Of the body that is written to 1102.
    pub sha256: String,
}

/// Newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowList {
    pub windows: Vec<WindowSummary>,
    /// Ask `?before=` this number for older ones; absent at the end.
    pub next: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceMoved {
    pub place: String,
    pub good: String,
    /// Of the price without players, thousandths; 500 to 2000.
    pub multiplier_permille: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteMoved {
    pub from: String,
    pub to: String,
    /// Thousandths of a quiet route; 1000 to 2000.
    pub saturation_permille: u32,
}

/// A row of a snapshot that was not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectedRow {
    pub node: String,
    /// `unknown_place`, `unknown_good`, `more_than_a_hold`, `voyage_to_nowhere`, `more_than_a_full_house`.
    pub rule: String,
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowDetail {
    pub window: WindowSummary,
    pub prices: Vec<PriceMoved>,
    pub routes: Vec<RouteMoved>,
    /// The first 100; `nodes` has the full counts.
    pub rejected_rows: Vec<RejectedRow>,
}
