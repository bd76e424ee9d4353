//! Necks of land thinner than a zone, across which no ship sails.
//!
//! A zone that holds both shores of such a neck is coast on either side; without these lines a ship
//! would sail through it. Each is a fact of the map, drawn along the neck between its two gulfs.

use crate::sphere::{arc_km, arcs_cross, unit_vector};
use tessera_grid::Position;

/// A line over land, longitude and latitude of its points.
#[derive(Clone, Copy, Debug)]
pub struct Barrier {
    pub name: &'static str,
    pub line: &'static [[f64; 2]],
}

/// The known necks, from the modern coastline; the ancient one differs by less than a zone.
pub const BARRIERS: &[Barrier] = &[
    Barrier {
        name: "Isthmus of Corinth",
        line: &[[22.75, 37.75], [22.90, 37.88], [22.99, 37.94], [23.12, 38.03], [23.30, 38.20]],
    },
    Barrier {
        name: "Thracian Chersonese",
        line: &[[26.27, 40.12], [26.45, 40.30], [26.70, 40.46], [26.88, 40.57], [27.05, 40.75]],
    },
    Barrier { name: "neck of Pallene", line: &[[23.28, 40.32], [23.33, 40.19], [23.45, 40.06]] },
    Barrier { name: "neck of Athos", line: &[[23.75, 40.45], [23.92, 40.37], [24.05, 40.30]] },
    Barrier {
        name: "neck of the Tauric Chersonese",
        line: &[[33.40, 46.35], [33.70, 46.14], [34.30, 45.80]],
    },
];

/// A barrier as arcs, with the circle that holds them.
pub(crate) struct Wall {
    points: Vec<[f32; 3]>,
    centre: [f32; 3],
    radius_km: f32,
}

impl Barrier {
    pub(crate) fn wall(&self) -> Option<Wall> {
        let positions = self.line.iter().map(|[longitude, latitude]| {
            Position::new(*latitude, *longitude).ok().map(unit_vector)
        });
        let points: Vec<[f32; 3]> = positions.collect::<Option<_>>()?;
        let centre = *points.get(points.len() / 2)?;
        let reach = points.iter().map(|point| arc_km(centre, *point)).fold(0.0, f32::max);
        Some(Wall { points, centre, radius_km: reach + EDGE_KM_MAX })
    }
}

/// No edge of any zone that a world is made of is longer; keeps far edges from the exact test.
const EDGE_KM_MAX: f32 = 200.0;

impl Wall {
    pub(crate) fn crosses(&self, from: [f32; 3], to: [f32; 3]) -> bool {
        arc_km(self.centre, from) < self.radius_km
            && self.points.windows(2).any(|pair| arcs_cross(from, to, pair[0], pair[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_neck_is_a_wall_between_its_gulfs() {
        assert!(BARRIERS.iter().all(|barrier| barrier.wall().is_some()));
        let corinth = BARRIERS[0].wall().unwrap();
        let at = |latitude, longitude| unit_vector(Position::new(latitude, longitude).unwrap());
        let (lechaion, kenchreai, aegina) = (at(37.99, 22.85), at(37.86, 23.05), at(37.74, 23.42));
        assert!(corinth.crosses(lechaion, kenchreai));
        assert!(!corinth.crosses(kenchreai, aegina));
    }
}
