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

/// The known necks and the spines of long thin lands, from the modern coastline; the ancient one differs
/// by less than a zone.
pub const BARRIERS: &[Barrier] = &[
    Barrier {
        name: "Isthmus of Corinth",
        line: &[[22.75, 37.75], [22.90, 37.88], [22.99, 37.94], [23.12, 38.03], [23.30, 38.20]],
    },
    Barrier {
        name: "Thracian Chersonese",
        line: &[[26.27, 40.12], [26.45, 40.30], [26.70, 40.46], [26.88, 40.57], [27.05, 40.75]],
    },
    Barrier {
        name: "Pallene",
        line: &[[23.28, 40.32], [23.33, 40.19], [23.45, 40.06], [23.60, 39.98], [23.74, 39.93]],
    },
    Barrier {
        name: "Sithonia",
        line: &[[23.62, 40.40], [23.80, 40.20], [23.92, 40.08], [23.99, 39.98]],
    },
    Barrier {
        name: "Athos",
        line: &[[23.75, 40.45], [23.92, 40.37], [24.05, 40.30], [24.20, 40.22], [24.36, 40.14]],
    },
    Barrier {
        name: "Magnesia",
        line: &[[22.95, 39.50], [23.10, 39.38], [23.22, 39.27], [23.30, 39.15], [23.12, 39.13]],
    },
    Barrier {
        name: "Argolic Acte",
        line: &[[22.85, 37.65], [23.10, 37.53], [23.22, 37.42], [23.18, 37.34]],
    },
    Barrier {
        name: "Malea",
        line: &[[22.80, 37.00], [22.95, 36.80], [23.08, 36.58], [23.18, 36.46]],
    },
    Barrier {
        name: "Taenarum",
        line: &[[22.35, 36.95], [22.36, 36.75], [22.40, 36.58], [22.48, 36.41]],
    },
    Barrier { name: "Acritas", line: &[[21.85, 37.05], [21.82, 36.90], [21.90, 36.75]] },
    Barrier {
        name: "Attica",
        line: &[[23.85, 38.05], [23.95, 37.90], [24.00, 37.75], [24.03, 37.67]],
    },
    Barrier {
        name: "Euboea",
        line: &[
            [23.05, 38.95],
            [23.35, 38.85],
            [23.65, 38.62],
            [23.95, 38.50],
            [24.15, 38.25],
            [24.35, 38.10],
            [24.52, 38.00],
        ],
    },
    Barrier {
        name: "Erythrae",
        line: &[[27.05, 38.20], [26.85, 38.27], [26.72, 38.32], [26.52, 38.30], [26.33, 38.28]],
    },
    Barrier {
        name: "Halicarnassus",
        line: &[[27.75, 37.15], [27.55, 37.13], [27.40, 37.09], [27.26, 37.05]],
    },
    Barrier {
        name: "Cnidus",
        line: &[[28.15, 36.80], [27.95, 36.77], [27.75, 36.73], [27.55, 36.71], [27.38, 36.69]],
    },
    Barrier { name: "Loryma", line: &[[28.25, 36.82], [28.15, 36.72], [28.05, 36.62]] },
    Barrier {
        name: "Hiera Petra in Crete",
        line: &[[25.72, 35.18], [25.74, 35.05], [25.73, 34.99]],
    },
    Barrier {
        name: "Surrentum",
        line: &[[14.65, 40.73], [14.52, 40.66], [14.42, 40.62], [14.33, 40.58]],
    },
    Barrier {
        name: "Corcyra",
        line: &[[19.72, 39.80], [19.80, 39.70], [19.88, 39.60], [19.95, 39.45], [20.08, 39.38]],
    },
    Barrier {
        name: "Chersonese of Carpasia",
        line: &[[33.85, 35.28], [34.10, 35.42], [34.35, 35.57], [34.57, 35.68]],
    },
    Barrier { name: "Cyzicus", line: &[[27.86, 40.36], [27.85, 40.44]] },
    Barrier {
        name: "Mercury's cape in Africa",
        line: &[[10.70, 36.78], [10.88, 36.92], [11.02, 37.06]],
    },
    Barrier { name: "Tauric neck", line: &[[33.40, 46.35], [33.70, 46.14], [34.30, 45.80]] },
    Barrier {
        name: "Cimmerian Chersonese",
        line: &[[35.25, 45.15], [35.50, 45.27], [35.85, 45.25], [36.20, 45.28], [36.50, 45.25]],
    },
    Barrier {
        name: "Isthmus of Suez",
        line: &[[32.30, 31.05], [32.35, 30.60], [32.45, 30.20], [32.50, 30.00]],
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
