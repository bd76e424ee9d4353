//! `WebMercatorQuad`: degrees to tile units and back, and the tiles that a box touches.
//!
//! One tile is [`EXTENT`] units wide; x grows to the east from the antimeridian, y to the south. At zoom
//! z the whole world is `EXTENT · 2^z` units, so a tile's own corner is a whole number and a point near
//! an edge has the same fraction in both its tiles: that is why neighbours fit.

use crate::clip::Rect;
use geo_types::Coord;
use std::{f64::consts::PI, ops::RangeInclusive};
use tessera_grid::BBox;
use tessera_release::TileAddress;

/// Units across a vector tile, as every MVT reader expects by default.
pub(super) const EXTENT: u32 = 4096;

/// Where `WebMercatorQuad` ends, degrees: its square has no room for more.
const LATITUDE_MAX: f64 = 85.051_128_779_806_59;

/// Units across the world at a zoom.
pub(super) fn world_units(z: u8) -> f64 {
    f64::from(EXTENT) * f64::from(1_u32 << z)
}

/// Degrees to units of a zoom.
pub(super) fn project(degrees: Coord, z: u8) -> Coord {
    let latitude = degrees.y.clamp(-LATITUDE_MAX, LATITUDE_MAX).to_radians();
    let units = world_units(z);
    Coord {
        x: (degrees.x + 180.0) / 360.0 * units,
        y: (1.0 - latitude.tan().asinh() / PI) / 2.0 * units,
    }
}

/// Units of a zoom to degrees.
pub(super) fn unproject(units: Coord, z: u8) -> Coord {
    let world = world_units(z);
    Coord {
        x: units.x / world * 360.0 - 180.0,
        y: (PI * (1.0 - 2.0 * units.y / world)).sinh().atan().to_degrees(),
    }
}

/// The box in units of a zoom.
pub(super) fn project_box(bbox: BBox, z: u8) -> Rect {
    Rect {
        min: project(Coord { x: bbox.west(), y: bbox.north() }, z),
        max: project(Coord { x: bbox.east(), y: bbox.south() }, z),
    }
}

/// The tile and a buffer around it, in units of its zoom.
pub(super) fn tile_rect(at: TileAddress, buffer: f64) -> Rect {
    let corner = tile_corner(at);
    let extent = f64::from(EXTENT);
    Rect {
        min: Coord { x: corner.x - buffer, y: corner.y - buffer },
        max: Coord { x: corner.x + extent + buffer, y: corner.y + extent + buffer },
    }
}

/// The north-western corner of a tile, units of its zoom.
pub(super) fn tile_corner(at: TileAddress) -> Coord {
    Coord { x: f64::from(at.col) * f64::from(EXTENT), y: f64::from(at.row) * f64::from(EXTENT) }
}

/// Rows and columns of the tiles that share more than an edge with the box.
pub(super) fn tiles_of(bbox: BBox, z: u8) -> (RangeInclusive<u32>, RangeInclusive<u32>) {
    let rect = project_box(bbox, z);
    let last = (1_u32 << z) - 1;
    let first_of = |units: f64| ((units / f64::from(EXTENT)).floor() as u32).min(last);
    let last_of =
        |units: f64| ((units / f64::from(EXTENT)).ceil() as u32).saturating_sub(1).min(last);
    (first_of(rect.min.y)..=last_of(rect.max.y), first_of(rect.min.x)..=last_of(rect.max.x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rome_lies_in_the_tile_that_every_map_server_says() {
        // The slippy map formula gives 7/68/47 (z/x/y) for 12.4853 E, 41.8925 N.
        let units = project(Coord { x: 12.4853, y: 41.8925 }, 7);
        let tile = (units.x / f64::from(EXTENT), units.y / f64::from(EXTENT));
        assert_eq!((tile.0 as u32, tile.1 as u32), (68, 47));
    }

    #[test]
    fn a_box_on_tile_edges_touches_no_tile_beyond_them() {
        let eastern_half = BBox::new(0.0, -85.0, 180.0, 0.0).unwrap();
        assert_eq!(tiles_of(eastern_half, 0), (0..=0, 0..=0));
        assert_eq!(tiles_of(eastern_half, 1), (1..=1, 1..=1));
        let globe = BBox::new(-180.0, -90.0, 180.0, 90.0).unwrap();
        assert_eq!(tiles_of(globe, 2), (0..=3, 0..=3));
    }

    proptest! {
        #[test]
        fn units_come_back_as_the_degrees_they_were(
            longitude in -180.0..180.0f64, latitude in -85.0..85.0f64, z in 0..12u8,
        ) {
            let back = unproject(project(Coord { x: longitude, y: latitude }, z), z);
            prop_assert!((back.x - longitude).abs() < 1e-9 && (back.y - latitude).abs() < 1e-9);
        }
    }
}
