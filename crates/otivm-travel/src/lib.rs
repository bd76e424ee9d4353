//! How long it takes to get from one zone to another, by ship and on foot, in any month, and why.
//!
//! Pure: a [`Chart`] is built from the cells of a release, a [`Navigator`] searches it. Physics and a
//! handful of named numbers with their sources; no leg has a correction of its own.

mod barrier;
mod chart;
mod daylight;
mod door;
mod freight;
mod mode;
mod month;
mod pace;
mod parameters;
mod queue;
mod report;
mod route;
mod sail;
mod search;
mod ship;
mod sphere;
mod survey;
mod ways;
mod weather;

pub use barrier::{BARRIERS, Barrier};
pub use chart::{Chart, Draft};
pub use freight::{Carriage, Freight, Porter, Stop};
pub use mode::{Gait, Mode};
pub use month::{Month, MonthError};
pub use parameters::{NAMED, Named, Parameters};
pub use route::{Leg, NoRoute, Reason, Route, Way, simplified};
pub use sail::{Navigator, Passage, Query};
pub use ship::{KNOT_M_S, Rig, ShipType};
