//! One file per layer: from what an adapter read to one fact per zone. Pure: no file is opened here.

pub mod areas;
pub mod climate;
pub mod coast_change;
pub mod current;
pub mod doubt;
pub mod evidence;
pub mod features;
pub mod geology;
pub mod lake;
pub mod land_cover;
pub mod outlines;
pub mod places;
pub mod river;
mod river_arm;
mod river_direction;
pub mod river_fall;
mod river_flow;
pub mod river_name;
mod river_network;
pub mod river_order;
pub mod surface;
pub mod terrain;
pub mod weather;
pub mod wind;
pub mod wind_rose;
