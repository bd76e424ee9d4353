//! Waters inside the land: a sea without a strait stays a hole in it, a lake is drawn upon it.
//!
//! The same size divides them here as in the surface layer, so a map never shows as sea what a ship cannot
//! sail. A lake's islands are holes in the lake, and their shores are no coast either.

use crate::clip::{Rect, signed_area_doubled};
use crate::dissolve::{Land, holds};
use geo_types::Coord;
use tessera_grid::EARTH_RADIUS_KM;
use tessera_stage::layers::surface::SEA_FROM_KM2;

/// Degrees; no first point is repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Lake {
    pub shore: Vec<Coord>,
    pub islands: Vec<Vec<Coord>>,
}

/// Lands whose waters are seas, and the lakes that were among those waters.
pub fn apart(mut lands: Vec<Land>) -> (Vec<Land>, Vec<Lake>) {
    let mut lakes: Vec<Lake> = Vec::new();
    for land in &mut lands {
        let (seas, small) = std::mem::take(&mut land.waters)
            .into_iter()
            .partition(|ring| area_km2(ring) >= SEA_FROM_KM2);
        land.waters = seas;
        lakes.extend(small.into_iter().map(|shore| Lake { shore, islands: Vec::new() }));
    }
    let boxes: Vec<Rect> = lakes.iter().map(|lake| Rect::around(&lake.shore)).collect();
    lands.retain_mut(|land| {
        let around = Rect::around(&land.outline);
        let inside = |index: &usize| {
            boxes[*index].holds(around) && middle_in(&lakes[*index].shore, &land.outline)
        };
        let home = (0..lakes.len()).find(inside);
        if let Some(index) = home {
            lakes[index].islands.push(std::mem::take(&mut land.outline));
        }
        home.is_none()
    });
    (lands, lakes)
}

/// An island's first edge is in the lake around it: a corner alone may touch the shore.
fn middle_in(shore: &[Coord], island: &[Coord]) -> bool {
    match island {
        [first, second, ..] => holds(shore, (*first + *second) / 2.0),
        _ => false,
    }
}

/// On the sphere, each edge a straight line on an equal-area cylinder: lakes are small and edges short.
fn area_km2(ring: &[Coord]) -> f64 {
    let cylinder: Vec<Coord> = ring
        .iter()
        .map(|degrees| Coord { x: degrees.x.to_radians(), y: degrees.y.to_radians().sin() })
        .collect();
    signed_area_doubled(&cylinder).abs() / 2.0 * EARTH_RADIUS_KM * EARTH_RADIUS_KM
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<Coord> {
        [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
            .map(|(x, y)| Coord { x, y })
            .to_vec()
    }

    #[test]
    fn a_square_degree_on_the_equator_has_its_area() {
        assert!((area_km2(&square(0.0, 0.0, 1.0)) - 12_363.7).abs() < 1.0);
    }

    #[test]
    fn a_small_water_is_a_lake_with_its_island_and_a_great_one_a_sea() {
        let land = |outline, waters| Land { outline, waters };
        let (lake, sea) = (square(2.0, 2.0, 1.0), square(5.0, 5.0, 4.0));
        let island = square(2.4, 2.4, 0.1);
        let main = land(square(0.0, 0.0, 10.0), vec![lake.clone(), sea.clone()]);
        let sea_island = land(square(6.0, 6.0, 0.1), Vec::new());
        let (lands, lakes) =
            apart(vec![main, land(island.clone(), Vec::new()), sea_island.clone()]);
        assert_eq!(lands, [land(square(0.0, 0.0, 10.0), vec![sea]), sea_island]);
        assert_eq!(lakes, [Lake { shore: lake, islands: vec![island] }]);
    }
}
