//! Cutting rings and lines to a rectangle: Sutherland–Hodgman and Liang–Barsky.
//!
//! A clipped ring stays one ring: where it leaves and returns, it runs along the rectangle's edge. The
//! area is right, the edge is not a shore; so shores are cut as lines, which never follow the edge.

use geo_types::Coord;

/// `min` is less than or equal to `max` both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub min: Coord,
    pub max: Coord,
}

impl Rect {
    /// What both hold; empty (`min` beyond `max`) where they do not meet.
    pub fn intersection(self, other: Self) -> Self {
        Self {
            min: Coord { x: self.min.x.max(other.min.x), y: self.min.y.max(other.min.y) },
            max: Coord { x: self.max.x.min(other.max.x), y: self.max.y.min(other.max.y) },
        }
    }

    pub fn is_empty(self) -> bool {
        self.min.x >= self.max.x || self.min.y >= self.max.y
    }

    pub fn meets(self, other: Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    pub fn holds(self, other: Self) -> bool {
        self.min.x <= other.min.x
            && other.max.x <= self.max.x
            && self.min.y <= other.min.y
            && other.max.y <= self.max.y
    }

    /// The smallest that holds all points; empty for none.
    pub fn around(points: &[Coord]) -> Self {
        let far = Coord { x: f64::INFINITY, y: f64::INFINITY };
        points.iter().fold(Self { min: far, max: Coord { x: -far.x, y: -far.y } }, |rect, point| {
            Self {
                min: Coord { x: rect.min.x.min(point.x), y: rect.min.y.min(point.y) },
                max: Coord { x: rect.max.x.max(point.x), y: rect.max.y.max(point.y) },
            }
        })
    }
}

/// A ring (its first point not repeated) cut to a rectangle; empty where nothing is left.
pub fn clip_ring(ring: &[Coord], rect: Rect) -> Vec<Coord> {
    let at_x =
        |a: Coord, b: Coord, x: f64| Coord { x, y: a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) };
    let at_y =
        |a: Coord, b: Coord, y: f64| Coord { x: a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y };
    let Rect { min, max } = rect;
    let west = cut(ring, |p| p.x >= min.x, |a, b| at_x(a, b, min.x));
    let east = cut(&west, |p| p.x <= max.x, |a, b| at_x(a, b, max.x));
    let north = cut(&east, |p| p.y >= min.y, |a, b| at_y(a, b, min.y));
    cut(&north, |p| p.y <= max.y, |a, b| at_y(a, b, max.y))
}

fn cut(
    ring: &[Coord],
    inside: impl Fn(Coord) -> bool,
    crossing: impl Fn(Coord, Coord) -> Coord,
) -> Vec<Coord> {
    let Some(&last) = ring.last() else { return Vec::new() };
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let mut previous = last;
    for &point in ring {
        if inside(point) != inside(previous) {
            kept.push(crossing(previous, point));
        }
        if inside(point) {
            kept.push(point);
        }
        previous = point;
    }
    kept
}

/// A line cut to a rectangle: the pieces inside, each of two points or more.
pub fn clip_line(line: &[Coord], rect: Rect) -> Vec<Vec<Coord>> {
    let mut pieces: Vec<Vec<Coord>> = Vec::new();
    let mut open = false;
    for pair in line.windows(2) {
        let &[from, to] = pair else { continue };
        let Some((start, end)) = clip_segment(from, to, rect) else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open => piece.push(end),
            _ => pieces.push(vec![start, end]),
        }
        open = end == to;
    }
    pieces
}

/// The part of a segment within a rectangle (Liang–Barsky); `None` where it misses or only touches a corner.
fn clip_segment(from: Coord, to: Coord, rect: Rect) -> Option<(Coord, Coord)> {
    let step = to - from;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (towards, room) in [
        (-step.x, from.x - rect.min.x),
        (step.x, rect.max.x - from.x),
        (-step.y, from.y - rect.min.y),
        (step.y, rect.max.y - from.y),
    ] {
        if towards == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            enter = enter.max(room / towards);
        } else {
            leave = leave.min(room / towards);
        }
    }
    // The ends themselves, not the ends computed: an uncut end must stay equal to its neighbour's start.
    let start = if enter > 0.0 { from + step * enter } else { from };
    let end = if leave < 1.0 { from + step * leave } else { to };
    (enter < leave).then_some((start, end))
}

/// Twice the signed area; positive where the ring turns from x towards y.
pub fn signed_area_doubled(ring: &[Coord]) -> f64 {
    let Some(&last) = ring.last() else { return 0.0 };
    let mut previous = last;
    let mut sum = 0.0;
    for &point in ring {
        sum += previous.x * point.y - point.x * previous.y;
        previous = point;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: f64, y: f64) -> Coord {
        Coord { x, y }
    }

    const RECT: Rect = Rect { min: Coord { x: 0.0, y: 0.0 }, max: Coord { x: 10.0, y: 10.0 } };

    #[test]
    fn a_ring_that_leaves_is_closed_along_the_edge() {
        let diamond = [at(5.0, -5.0), at(15.0, 5.0), at(5.0, 15.0), at(-5.0, 5.0)];
        let clipped = clip_ring(&diamond, RECT);
        assert!((signed_area_doubled(&clipped) / 2.0 - 100.0).abs() < 1e-9);
        assert_eq!(clip_ring(&diamond.map(|p| p + at(40.0, 0.0)), RECT), []);
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_pieces() {
        let line = [at(5.0, 5.0), at(5.0, 20.0), at(8.0, 20.0), at(8.0, 5.0)];
        assert_eq!(
            clip_line(&line, RECT),
            vec![vec![at(5.0, 5.0), at(5.0, 10.0)], vec![at(8.0, 10.0), at(8.0, 5.0)]]
        );
    }

    #[test]
    fn a_line_inside_is_left_as_it_is() {
        let line = vec![at(1.0, 1.0), at(3.3, 7.1), at(9.0, 2.0)];
        assert_eq!(clip_line(&line, RECT), vec![line]);
    }

    fn points(range: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Coord>> {
        proptest::collection::vec(
            (-20.0..30.0f64, -20.0..30.0f64).prop_map(|(x, y)| at(x, y)),
            range,
        )
    }

    /// A ring that does not cross itself: points by their angle around the middle.
    fn star() -> impl Strategy<Value = Vec<Coord>> {
        proptest::collection::vec(2.0..24.0f64, 3..40).prop_map(|radii| {
            let turn = std::f64::consts::TAU / radii.len() as f64;
            let spoke = |(i, r): (usize, f64)| {
                at(5.0 + r * (turn * i as f64).cos(), 5.0 + r * (turn * i as f64).sin())
            };
            radii.into_iter().enumerate().map(spoke).collect()
        })
    }

    fn holds(ring: &[Coord], p: Coord) -> bool {
        let mut inside = false;
        let mut previous = *ring.last().unwrap();
        for &point in ring {
            let crosses = (point.y > p.y) != (previous.y > p.y);
            if crosses
                && p.x < (previous.x - point.x) * (p.y - point.y) / (previous.y - point.y) + point.x
            {
                inside = !inside;
            }
            previous = point;
        }
        inside
    }

    proptest! {
        #[test]
        fn a_clipped_ring_lies_in_the_rectangle_and_never_grows(ring in star()) {
            let clipped = clip_ring(&ring, RECT);
            let hair = 1e-9;
            prop_assert!(clipped.iter().all(|p| (-hair..=10.0 + hair).contains(&p.x) && (-hair..=10.0 + hair).contains(&p.y)));
            let (area, whole) = (signed_area_doubled(&clipped), signed_area_doubled(&ring));
            prop_assert!(area >= -hair && area <= whole.min(200.0) + 1e-6, "{area} of {whole}");
        }

        #[test]
        fn the_four_quarters_of_a_ring_have_its_area(ring in star()) {
            let quarter = |x: f64, y: f64| Rect { min: at(x, y), max: at(x + 25.0, y + 25.0) };
            let sum: f64 = [(-20.0, -20.0), (5.0, -20.0), (-20.0, 5.0), (5.0, 5.0)]
                .into_iter()
                .map(|(x, y)| signed_area_doubled(&clip_ring(&ring, quarter(x, y))))
                .sum();
            prop_assert!((sum - signed_area_doubled(&ring)).abs() < 1e-6);
        }

        #[test]
        fn a_point_inside_both_is_inside_the_clipped_ring(ring in star(), x in 0.1..9.9f64, y in 0.1..9.9f64) {
            let clipped = clip_ring(&ring, RECT);
            prop_assert_eq!(!clipped.is_empty() && holds(&clipped, at(x, y)), holds(&ring, at(x, y)));
        }

        #[test]
        fn the_pieces_of_a_line_are_as_long_as_what_lies_inside(line in points(2..12)) {
            let length = |line: &[Coord]| -> f64 {
                line.windows(2).map(|p| (p[1].x - p[0].x).hypot(p[1].y - p[0].y)).sum()
            };
            let pieces = clip_line(&line, RECT);
            let hair = 1e-9;
            for point in pieces.iter().flatten() {
                prop_assert!((-hair..=10.0 + hair).contains(&point.x) && (-hair..=10.0 + hair).contains(&point.y));
            }
            // The line in a thousand steps: what of it is inside, counted, not computed.
            let steps = 1000;
            let counted: f64 = line.windows(2).map(|p| {
                let inside = (0..steps).filter(|i| {
                    let t = (f64::from(*i) + 0.5) / f64::from(steps);
                    let q = p[0] + (p[1] - p[0]) * t;
                    (0.0..=10.0).contains(&q.x) && (0.0..=10.0).contains(&q.y)
                }).count();
                length(p) * inside as f64 / f64::from(steps)
            }).sum();
            let total: f64 = pieces.iter().map(|piece| length(piece)).sum();
            prop_assert!((total - counted).abs() < 0.002 * length(&line) + 1e-6, "{total} against {counted}");
        }
    }
}
