//! One file per layer: from what an adapter read to one fact per zone. Pure: no file is opened here.

pub mod climate;
pub mod places;
pub mod river;
pub mod surface;
pub mod terrain;
pub mod wind;
