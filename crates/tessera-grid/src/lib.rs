//! The grid: H3 zones, positions, bounding boxes and the coverage of one by the other.
//!
//! This is the only crate that knows the grid's bits (H3, through `h3o`). Positions are WGS 84 in
//! degrees, distances are kilometres on a sphere of the mean radius. A bounding box never crosses the
//! antimeridian: `west < east`; a caller that needs one that does splits it in two.

mod bbox;
mod coverage;
mod position;
mod zone;

pub use bbox::{BBox, BBoxError};
pub use coverage::{ZoneRange, zone_ranges_in, zones_in};
pub use position::{EARTH_RADIUS_KM, Position, PositionError};
pub use zone::{Resolution, Zone, ZoneError};
