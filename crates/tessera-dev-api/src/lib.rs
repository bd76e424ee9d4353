//! What crosses the wire from `tessera-dev` (1103): what it derived, from whom, and what it waits for.
//!
//! The derived prices themselves are read from 1102, which owns them; here an operator sees how they
//! came to be.

mod node;
mod window;

pub use node::{NodeList, NodeState, NodeStatus};
pub use window::{
    PriceMoved, RejectedRow, RouteMoved, Share, ShareOutcome, WindowDetail, WindowList,
    WindowState, WindowSummary,
};
