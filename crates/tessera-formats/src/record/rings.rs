//! A shapefile's rings as polygons: clockwise rings are shells, the others are holes of the shell around them.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// Rings of one shape; above it finding each hole's shell would take too long.
const RINGS_MAX: usize = 20_000;

pub(super) fn polygons(rings: Vec<LineString<f64>>) -> Result<MultiPolygon<f64>, String> {
    if rings.len() > RINGS_MAX {
        return Err(format!("it has {} rings; {RINGS_MAX} are read", rings.len()));
    }
    let (shells, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| doubled_area(ring) <= 0.0);
    if shells.is_empty() {
        // Some writers turn every ring the wrong way round; then each is a shell.
        let all = holes.into_iter().map(|ring| Polygon::new(ring, Vec::new()));
        return Ok(MultiPolygon(all.collect()));
    }
    let (mut shells, mut lone) = (shells, Vec::new());
    let boxes: Vec<(Coord<f64>, Coord<f64>)> = shells.iter().map(bounds).collect();
    let mut inside: Vec<Vec<LineString<f64>>> = vec![Vec::new(); shells.len()];
    for hole in holes {
        let Some(&point) = hole.0.first() else {
            continue;
        };
        let around = (0..shells.len())
            .filter(|&index| within(point, boxes[index]) && contains(&shells[index], point))
            .min_by(|&a, &b| {
                doubled_area(&shells[a]).abs().total_cmp(&doubled_area(&shells[b]).abs())
            });
        match around {
            Some(index) => inside[index].push(hole),
            None => lone.push(hole),
        }
    }
    // A ring that turns like a hole and lies in no shell is one that its writer turned wrongly.
    inside.resize(shells.len() + lone.len(), Vec::new());
    shells.append(&mut lone);
    Ok(MultiPolygon(
        shells.into_iter().zip(inside).map(|(shell, holes)| Polygon::new(shell, holes)).collect(),
    ))
}

/// Positive where the ring turns to the left.
fn doubled_area(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else {
        return 0.0;
    };
    ring.lines()
        .map(|line| {
            (line.start.x - origin.x) * (line.end.y - origin.y)
                - (line.end.x - origin.x) * (line.start.y - origin.y)
        })
        .sum()
}

fn bounds(ring: &LineString<f64>) -> (Coord<f64>, Coord<f64>) {
    let start = ring.0.first().copied().unwrap_or_default();
    ring.0.iter().fold((start, start), |(low, high), point| {
        (
            Coord { x: low.x.min(point.x), y: low.y.min(point.y) },
            Coord { x: high.x.max(point.x), y: high.y.max(point.y) },
        )
    })
}

fn within(point: Coord<f64>, (low, high): (Coord<f64>, Coord<f64>)) -> bool {
    (low.x..=high.x).contains(&point.x) && (low.y..=high.y).contains(&point.y)
}

/// A point on the edge counts as inside: a hole may touch its shell.
fn contains(ring: &LineString<f64>, point: Coord<f64>) -> bool {
    let mut inside = false;
    for line in ring.lines() {
        let (a, b) = (line.start, line.end);
        if a == point || b == point {
            return true;
        }
        if (a.y > point.y) != (b.y > point.y) {
            let x = (point.y - a.y).mul_add((b.x - a.x) / (b.y - a.y), a.x);
            if point.x < x {
                inside = !inside;
            }
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> LineString<f64> {
        let mut points = vec![(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)];
        if !clockwise {
            points.reverse();
        }
        LineString::from(points)
    }

    #[test]
    fn a_hole_goes_to_the_smallest_shell_around_it() {
        let rings = vec![
            square(0.0, 0.0, 10.0, true),
            square(1.0, 1.0, 6.0, false),
            square(2.0, 2.0, 4.0, true),
            square(3.0, 3.0, 1.0, false),
            square(20.0, 0.0, 1.0, true),
        ];
        let polygons = polygons(rings).unwrap();
        let holes: Vec<usize> =
            polygons.0.iter().map(|polygon| polygon.interiors().len()).collect();
        assert_eq!(holes, [1, 1, 0]);
    }

    #[test]
    fn rings_that_turn_left_outside_every_shell_are_shells() {
        let left = vec![square(0.0, 0.0, 1.0, false), square(5.0, 0.0, 1.0, false)];
        assert_eq!(polygons(left).unwrap().0.len(), 2);
        let lost = vec![
            square(0.0, 0.0, 1.0, true),
            square(5.0, 0.0, 1.0, true),
            square(50.0, 50.0, 1.0, false),
        ];
        assert_eq!(polygons(lost).unwrap().0.len(), 3);
    }
}
