//! The staged world: publishers' readings put on zones, in memory, before anything is judged or written.
//!
//! Pure: no service, no rule, no verdict. Equal readings stage equal worlds.

mod calendar;
mod cuts;
pub mod dense;
pub mod layers;
pub mod raster;
pub mod reading;
pub mod scan;
pub mod sparse;
pub mod staged;
