//! How long it takes to get from one zone to another, by ship and on foot, in any month, and why.

mod month;
mod route;
mod ship;

pub use month::{Month, MonthError};
pub use route::{Leg, Reason, Route, Way};
pub use ship::{KNOT_M_S, Rig, ShipType};
