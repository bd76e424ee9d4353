//! Arms of a river: a line that leaves another and joins it again runs as that one does.
//!
//! In the plains where rivers part, heights and areas say nothing of an arm, and some are drawn upstream.

use super::areas::{NO_EDGES, widened};
use crate::scan::KM_PER_DEGREE;
use geo_types::{Coord, LineString};

/// An end of an arm lies this near to the line that it leaves or joins, kilometres: two drawings of one fork.
const JOIN_KM: f64 = 3.0;

/// A river's line, and what is thought of it so far.
pub(super) struct Drawn<'a> {
    line: &'a LineString,
    /// Lower is more important.
    rank: u8,
    /// Whether its water runs from its last point to its first.
    turned: bool,
    km: f64,
    /// West, south, east, north, degrees.
    bounds: [f64; 4],
}

impl<'a> Drawn<'a> {
    pub(super) fn new(line: &'a LineString, rank: u8, turned: bool) -> Self {
        let km = line.lines().map(|segment| km(segment.start, segment.end)).sum();
        let bounds = line.coords().fold(NO_EDGES, |edges, at| widened(edges, *at));
        Self { line, rank, turned, km, bounds }
    }

    /// First and last point as the water runs.
    fn ends(&self) -> Option<(Coord, Coord)> {
        let (first, last) = (*self.line.0.first()?, *self.line.0.last()?);
        Some(if self.turned { (last, first) } else { (first, last) })
    }

    /// Kilometres with the water to the place that is nearest to a point, where that is near.
    fn place_km(&self, at: Coord) -> Option<f64> {
        let [west, south, east, north] = self.bounds;
        let slack = JOIN_KM / KM_PER_DEGREE * 2.0;
        let beside = (west - slack..=east + slack).contains(&at.x)
            && (south - slack..=north + slack).contains(&at.y);
        if !beside {
            return None;
        }
        let (mut before_km, mut nearest) = (0.0, (JOIN_KM, None));
        for segment in self.line.lines() {
            let long = km(segment.start, segment.end);
            let share = share_along(segment.start, segment.end, at);
            let away = km(segment.start + segment.delta() * share, at);
            if away <= nearest.0 {
                nearest = (away, Some(before_km + long * share));
            }
            before_km += long;
        }
        nearest.1.map(|place_km| if self.turned { self.km - place_km } else { place_km })
    }
}

/// The lines that run against the river of which they are an arm, by their number.
pub(super) fn against(lines: &[Drawn<'_>]) -> Vec<usize> {
    let runs_against = |arm: &Drawn<'_>| {
        let (begin, end) = arm.ends()?;
        let greater = lines.iter().filter(|main| main.km > arm.km && main.rank <= arm.rank);
        let mut along =
            greater.filter_map(|main| Some(main.place_km(end)? - main.place_km(begin)?));
        // Ends that lie nearer together on the river are one fork, drawn twice.
        along.find(|along_km| along_km.abs() > 2.0 * JOIN_KM).map(|along_km| along_km < 0.0)
    };
    (0..lines.len()).filter(|&number| runs_against(&lines[number]) == Some(true)).collect()
}

/// How much of the way from `a` to `b` is behind the point nearest to `at`.
fn share_along(a: Coord, b: Coord, at: Coord) -> f64 {
    let shrink = at.y.to_radians().cos();
    let flat = |from: Coord, to: Coord| ((to.x - from.x) * shrink, to.y - from.y);
    let ((x, y), (to_x, to_y)) = (flat(a, b), flat(a, at));
    let square = x * x + y * y;
    if square > 0.0 { ((x * to_x + y * to_y) / square).clamp(0.0, 1.0) } else { 0.0 }
}

fn km(a: Coord, b: Coord) -> f64 {
    let shrink = f64::midpoint(a.y, b.y).to_radians().cos();
    ((b.x - a.x) * shrink).hypot(b.y - a.y) * KM_PER_DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> LineString {
        points.iter().copied().collect()
    }

    #[test]
    fn an_arm_runs_as_its_river_and_a_tributary_a_canal_and_a_twice_drawn_fork_stay() {
        let river = line(&[(27.0, 44.0), (28.0, 44.5), (28.0, 45.5)]);
        let other = line(&[(29.0, 44.0), (29.0, 46.5)]);
        let upstream = line(&[(28.01, 45.4), (28.2, 45.0), (28.01, 44.6)]);
        let downstream = line(&[(28.01, 44.6), (27.8, 45.0), (28.01, 45.4)]);
        let tributary = line(&[(26.0, 45.0), (28.0, 45.1)]);
        let canal = line(&[(28.0, 45.2), (29.0, 45.2)]);
        let fork = line(&[(28.0, 45.03), (28.0, 45.0)]);
        let of = |lines: [(&LineString, u8, bool); 7]| {
            against(&lines.map(|(line, rank, turned)| Drawn::new(line, rank, turned)))
        };
        let lines = |turned: [bool; 2]| {
            [
                (&river, 2, turned[0]),
                (&other, 2, false),
                (&upstream, 9, turned[1]),
                (&downstream, 9, false),
                (&tributary, 9, false),
                (&canal, 9, false),
                (&fork, 9, false),
            ]
        };
        assert_eq!(of(lines([false, false])), [2]);
        assert!(of(lines([false, true])).is_empty(), "it has been turned");
        assert_eq!(of(lines([true, false])), [3], "the river runs the other way");
    }

    #[test]
    fn a_lesser_line_turns_no_greater_one() {
        let river = line(&[(25.0, 44.0), (30.0, 44.0)]);
        let around = line(&[(28.0, 44.01), (27.5, 44.6), (27.0, 44.01)]);
        assert_eq!(against(&[Drawn::new(&river, 2, false), Drawn::new(&around, 5, false)]), [1]);
        let greater = [Drawn::new(&river, 5, false), Drawn::new(&around, 2, false)];
        assert!(against(&greater).is_empty());
    }
}
