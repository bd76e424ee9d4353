//! Fewer points for the same line: Douglas–Peucker, in tile units.
//!
//! A whole ring or line is simplified before it is cut into tiles, so neighbours keep the same points.

use geo_types::Coord;

/// Keeps both ends and every point without which the line would move by more than `tolerance`.
pub fn simplify_line(line: &[Coord], tolerance: f64) -> Vec<Coord> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut spans = vec![(0, line.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let farthest = (first + 1..last)
            .map(|index| (distance_squared(line[index], line[first], line[last]), index))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((distance, index)) = farthest
            && distance > tolerance * tolerance
        {
            keep[index] = true;
            spans.extend([(first, index), (index, last)]);
        }
    }
    line.iter().zip(keep).filter_map(|(&point, kept)| kept.then_some(point)).collect()
}

/// The same for a ring whose first point is not repeated; its two fixed points are its first and the one
/// farthest from that. Fewer than three points are left where the ring is thinner than the tolerance.
pub fn simplify_ring(ring: &[Coord], tolerance: f64) -> Vec<Coord> {
    let Some(&first) = ring.first() else { return Vec::new() };
    let apart = |point: &Coord| (point.x - first.x).powi(2) + (point.y - first.y).powi(2);
    let Some((far, _)) = ring.iter().enumerate().max_by(|a, b| apart(a.1).total_cmp(&apart(b.1)))
    else {
        return Vec::new();
    };
    let there = simplify_line(&ring[..=far], tolerance);
    let mut back = ring[far..].to_vec();
    back.push(first);
    let back = simplify_line(&back, tolerance);
    let inner = back.get(1..back.len() - 1).unwrap_or_default();
    there.iter().chain(inner).copied().collect()
}

/// From a point to a segment.
fn distance_squared(point: Coord, from: Coord, to: Coord) -> f64 {
    let along = to - from;
    let length = along.x * along.x + along.y * along.y;
    let offset = point - from;
    let share = if length > 0.0 {
        ((offset.x * along.x + offset.y * along.y) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (offset.x - share * along.x).powi(2) + (offset.y - share * along.y).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: f64, y: f64) -> Coord {
        Coord { x, y }
    }

    #[test]
    fn a_point_within_the_tolerance_goes_and_a_corner_stays() {
        let line = [at(0.0, 0.0), at(5.0, 0.4), at(10.0, 0.0), at(10.0, 10.0)];
        assert_eq!(simplify_line(&line, 0.5), [at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0)]);
        assert_eq!(simplify_line(&line, 0.3), line);
    }

    #[test]
    fn a_ring_keeps_its_corners_wherever_it_begins() {
        let square = [at(5.0, 0.0), at(10.0, 0.0), at(10.0, 10.0), at(0.0, 10.0), at(0.0, 0.0)];
        assert_eq!(simplify_ring(&square, 0.5).len(), 5); // its first point is fixed
        assert_eq!(simplify_ring(&square[1..], 0.5), &square[1..]);
        assert_eq!(simplify_ring(&[at(0.0, 0.0), at(0.1, 0.1), at(0.2, 0.0)], 0.5).len(), 2);
    }

    proptest! {
        #[test]
        fn no_point_ends_up_farther_from_the_line_than_the_tolerance(
            points in proptest::collection::vec((0.0..100.0f64, 0.0..100.0f64), 2..60), tolerance in 0.0..20.0f64,
        ) {
            let line: Vec<Coord> = points.into_iter().map(|(x, y)| at(x, y)).collect();
            let simple = simplify_line(&line, tolerance);
            prop_assert_eq!((simple.first(), simple.last()), (line.first(), line.last()));
            for &point in &line {
                let nearest = simple.windows(2).map(|pair| distance_squared(point, pair[0], pair[1])).fold(f64::INFINITY, f64::min);
                prop_assert!(nearest.sqrt() <= tolerance + 1e-9);
            }
        }
    }
}
