//! Unit vectors on the sphere: lengths, courses and crossings without trigonometry in the inner loop.

use tessera_grid::{EARTH_RADIUS_KM, Position};

pub(crate) fn unit_vector(position: Position) -> [f32; 3] {
    let (lat, lon) = (position.latitude().to_radians(), position.longitude().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()].map(|part| part as f32)
}

pub(crate) fn position([x, y, z]: [f32; 3]) -> Option<Position> {
    let latitude = f64::from(z).clamp(-1.0, 1.0).asin().to_degrees();
    Position::new(latitude, f64::from(y).atan2(f64::from(x)).to_degrees()).ok()
}

pub(crate) fn arc_km(a: [f32; 3], b: [f32; 3]) -> f32 {
    let square = |part: usize| (a[part] - b[part]) * (a[part] - b[part]);
    let chord = (square(0) + square(1) + square(2)).sqrt();
    2.0 * EARTH_RADIUS_KM as f32 * (chord / 2.0).min(1.0).asin()
}

/// Through the Earth: never longer than the arc, and no trigonometry.
pub(crate) fn chord_km(a: [f32; 3], b: [f32; 3]) -> f32 {
    let square = |part: usize| (a[part] - b[part]) * (a[part] - b[part]);
    EARTH_RADIUS_KM as f32 * (square(0) + square(1) + square(2)).sqrt()
}

/// East and north at a point.
pub(crate) struct Frame {
    east: [f32; 3],
    north: [f32; 3],
}

impl Frame {
    pub(crate) fn at([x, y, z]: [f32; 3]) -> Self {
        let across = x.hypot(y).max(f32::MIN_POSITIVE);
        let east = [-y / across, x / across, 0.0];
        let north = [-z * x / across, -z * y / across, across];
        Self { east, north }
    }

    /// The course to a point as a vector east and north, of length 1; none to itself.
    pub(crate) fn towards(&self, to: [f32; 3]) -> (f32, f32) {
        let dot = |axis: [f32; 3]| axis[0] * to[0] + axis[1] * to[1] + axis[2] * to[2];
        let (east, north) = (dot(self.east), dot(self.north));
        let length = east.hypot(north).max(f32::MIN_POSITIVE);
        (east / length, north / length)
    }

    /// 256ths of a circle, clockwise from north.
    pub(crate) fn bearing(&self, to: [f32; 3]) -> u8 {
        let (east, north) = self.towards(to);
        let turn = east.atan2(north) / std::f32::consts::TAU;
        (turn.rem_euclid(1.0) * 256.0).round() as u16 as u8
    }
}

/// Whether the arcs `a`-`b` and `c`-`d` cross; all four within the same hemisphere.
pub(crate) fn arcs_cross(a: [f32; 3], b: [f32; 3], c: [f32; 3], d: [f32; 3]) -> bool {
    let [a, b, c, d] = [a, b, c, d].map(|point| point.map(f64::from));
    let plane = cross(a, b);
    let wall = cross(c, d);
    dot(plane, c) * dot(plane, d) < 0.0 && dot(wall, a) * dot(wall, b) < 0.0
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> [f32; 3] {
        unit_vector(Position::new(latitude, longitude).unwrap())
    }

    #[test]
    fn an_arc_is_as_long_as_the_great_circle() {
        let (a, b) = (Position::new(40.0, 14.0).unwrap(), Position::new(40.1, 14.1).unwrap());
        let km = f64::from(arc_km(unit_vector(a), unit_vector(b)));
        assert!((km - a.distance_km(b)).abs() < 0.02, "{km}");
    }

    #[test]
    fn bearings_are_256ths_clockwise_from_north() {
        let frame = Frame::at(at(40.0, 14.0));
        let bearings = [at(41.0, 14.0), at(40.0, 14.1), at(39.0, 14.0), at(40.0, 13.9)]
            .map(|to| frame.bearing(to));
        assert_eq!(bearings, [0, 64, 128, 192]);
    }

    #[test]
    fn arcs_cross_only_between_their_ends() {
        let (west, east) = (at(38.0, 22.8), at(37.9, 23.1));
        assert!(arcs_cross(west, east, at(37.5, 22.9), at(38.3, 23.0)));
        assert!(!arcs_cross(west, east, at(38.5, 22.9), at(39.3, 23.0)));
        assert!(!arcs_cross(west, at(38.0, 22.85), at(37.5, 22.9), at(38.3, 23.0)));
    }
}
