//! The world as a discrete global grid: which zones of a level it has, and the numbers in a zone. Knows no
//! HTTP.
//!
//! Sub-zones stand in ascending order of their index, everywhere.

mod data;
mod zones;

pub(crate) use data::{Depth, Nothing, Question, data};
pub(crate) use zones::{Found, ZoneQuery, zones};
