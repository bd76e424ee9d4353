//! One land out of many pieces: the edges that two pieces share are no shore.
//!
//! Publishers cut large land into pieces and sometimes ship an island twice. Here every edge has its land
//! on one side; an edge that also runs the other way lies between two pieces and goes, and what is left
//! is linked into rings again. Corners are compared at a hundred-millionth of a degree, about a millimetre.

use crate::clip::{Rect, signed_area_doubled};
use geo_types::{Coord, LineString, Polygon};
use std::collections::{HashMap, HashSet};

/// Per degree: corners closer than this are one corner.
const GRID: f64 = 1e8;

type Corner = (i64, i64);

/// Land as one outline and the waters in it, degrees; no first point is repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Land {
    pub outline: Vec<Coord>,
    pub waters: Vec<Vec<Coord>>,
}

/// The pieces as whole lands, in the order of the first piece of each.
pub fn dissolve(pieces: &[Polygon]) -> Vec<Land> {
    let rings: Vec<Vec<Corner>> = pieces
        .iter()
        .flat_map(|piece| {
            let waters = piece.interiors().iter().map(|ring| corners(ring, false));
            std::iter::once(corners(piece.exterior(), true)).chain(waters)
        })
        .filter(|ring| ring.len() >= 3)
        .collect();
    let edges: HashSet<(Corner, Corner)> = rings.iter().flat_map(|ring| edges_of(ring)).collect();
    let shared = |&(from, to): &(Corner, Corner)| edges.contains(&(to, from));
    let mut used: HashSet<(Corner, Corner)> = HashSet::with_capacity(edges.len());
    let mut whole = Vec::new();
    let mut opened = Vec::new();
    for ring in &rings {
        if edges_of(ring).all(|edge| used.contains(&edge)) {
            continue; // an island shipped twice
        }
        if edges_of(ring).any(|edge| shared(&edge) || used.contains(&edge)) {
            opened.extend(edges_of(ring).filter(|edge| !shared(edge) && used.insert(*edge)));
        } else {
            used.extend(edges_of(ring));
            whole.push(ring.clone());
        }
    }
    whole.extend(link(&opened));
    nest(whole.iter().map(|ring| ring.iter().map(degrees).collect()))
}

/// A ring on the grid, land to the left of outlines and of waters alike.
fn corners(ring: &LineString, outline: bool) -> Vec<Corner> {
    let mut corners: Vec<Corner> =
        ring.0.iter().map(|p| ((p.x * GRID).round() as i64, (p.y * GRID).round() as i64)).collect();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    let points: Vec<Coord> = corners.iter().map(degrees).collect();
    if (signed_area_doubled(&points) > 0.0) != outline {
        corners.reverse();
    }
    corners
}

fn degrees(corner: &Corner) -> Coord {
    Coord { x: corner.0 as f64 / GRID, y: corner.1 as f64 / GRID }
}

fn edges_of(ring: &[Corner]) -> impl Iterator<Item = (Corner, Corner)> {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter().copied().zip(next.copied())
}

/// Edges end to end, as rings. At a corner that several rings touch, the edge that came first goes on.
fn link(edges: &[(Corner, Corner)]) -> Vec<Vec<Corner>> {
    let mut onward: HashMap<Corner, Vec<usize>> = HashMap::new();
    for (index, edge) in edges.iter().enumerate().rev() {
        onward.entry(edge.0).or_default().push(index);
    }
    let mut taken = vec![false; edges.len()];
    let mut rings = Vec::new();
    for start in 0..edges.len() {
        let mut ring = Vec::new();
        let mut next = Some(start).filter(|&index| !taken[index]);
        while let Some(index) = next {
            taken[index] = true;
            ring.push(edges[index].0);
            let waiting = onward.entry(edges[index].1).or_default();
            waiting.retain(|&candidate| !taken[candidate]);
            next = if edges[index].1 == edges[start].0 { None } else { waiting.last().copied() };
        }
        if ring.len() >= 3 {
            rings.push(ring);
        }
    }
    rings
}

/// Waters into the smallest outline around them; water in no outline is dropped with its land.
fn nest(rings: impl Iterator<Item = Vec<Coord>>) -> Vec<Land> {
    let (outlines, waters): (Vec<_>, Vec<_>) =
        rings.partition(|ring| signed_area_doubled(ring) > 0.0);
    let mut lands: Vec<Land> =
        outlines.into_iter().map(|outline| Land { outline, waters: Vec::new() }).collect();
    let boxes: Vec<Rect> = lands.iter().map(|land| Rect::around(&land.outline)).collect();
    for water in waters {
        let around = Rect::around(&water);
        let home = (0..lands.len())
            .filter(|&index| boxes[index].holds(around) && surrounds(&lands[index].outline, &water))
            .min_by(|&a, &b| {
                signed_area_doubled(&lands[a].outline)
                    .total_cmp(&signed_area_doubled(&lands[b].outline))
            });
        if let Some(index) = home {
            lands[index].waters.push(water);
        }
    }
    lands
}

/// Whether most corners of a ring lie inside another: some may lie on it.
fn surrounds(outline: &[Coord], ring: &[Coord]) -> bool {
    let sampled = ring.iter().step_by(ring.len().div_ceil(9));
    let (inside, all) = sampled.fold((0, 0), |(inside, all), &point| {
        (inside + usize::from(holds(outline, point)), all + 1)
    });
    2 * inside > all
}

/// Even-odd: whether a point lies in a ring.
pub fn holds(ring: &[Coord], point: Coord) -> bool {
    let Some(&last) = ring.last() else { return false };
    let mut previous = last;
    let mut inside = false;
    for &corner in ring {
        let crosses = (corner.y > point.y) != (previous.y > point.y);
        if crosses {
            let x =
                (previous.x - corner.x) * (point.y - corner.y) / (previous.y - corner.y) + corner.x;
            inside ^= point.x < x;
        }
        previous = corner;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn area(lands: &[Land]) -> f64 {
        let ring = |ring: &Vec<Coord>| signed_area_doubled(ring) / 2.0;
        lands.iter().map(|l| ring(&l.outline) + l.waters.iter().map(ring).sum::<f64>()).sum()
    }

    #[test]
    fn the_edge_between_two_pieces_is_no_shore() {
        let west = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 1.0)];
        // The other way round, as publishers do.
        let east = polygon![(x: 1.0, y: 0.0), (x: 1.0, y: 1.0), (x: 2.0, y: 1.0), (x: 2.0, y: 0.0)];
        let lands = dissolve(&[west, east]);
        assert_eq!(lands.len(), 1);
        assert_eq!((lands[0].outline.len(), lands[0].waters.len(), area(&lands)), (6, 0, 2.0));
    }

    #[test]
    fn an_island_shipped_twice_is_one_island() {
        let island = polygon![(x: 5.0, y: 5.0), (x: 6.0, y: 5.0), (x: 5.5, y: 6.0)];
        let lands = dissolve(&[island.clone(), island]);
        assert_eq!((lands.len(), area(&lands)), (1, 0.5));
    }

    #[test]
    fn a_ring_of_pieces_around_a_lake_has_the_lake_as_its_water() {
        let piece = |x: f64, y: f64, w: f64, h: f64| polygon![(x: x, y: y), (x: x + w, y: y), (x: x + w, y: y + h), (x: x, y: y + h)];
        let cells = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)];
        let pieces: Vec<Polygon> =
            cells.into_iter().map(|(x, y)| piece(f64::from(x), f64::from(y), 1.0, 1.0)).collect();
        let lands = dissolve(&pieces);
        assert_eq!((lands.len(), lands[0].waters.len(), area(&lands)), (1, 1, 8.0));
    }

    #[test]
    fn a_lake_goes_to_the_land_around_it_whatever_piece_it_came_with() {
        let island = polygon![(x: 20.0, y: 20.0), (x: 21.0, y: 20.0), (x: 20.5, y: 21.0)];
        let wrong = Polygon::new(
            island.exterior().clone(),
            vec![LineString::from(vec![
                (4.0, 4.0),
                (6.0, 4.0),
                (6.0, 6.0),
                (4.0, 6.0),
                (4.0, 4.0),
            ])],
        );
        let main =
            polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)];
        let lands = dissolve(&[wrong, main]);
        let waters: Vec<usize> = lands.iter().map(|land| land.waters.len()).collect();
        assert_eq!((waters, area(&lands)), (vec![0, 1], 96.5));
    }
}
