//! Rivers that a map of lines lacks, drawn along the links of the drainage network.
//!
//! A map of the world leaves out the Orontes, the Ouse of York and the mouth of the Loire; the network has them, on
//! a grid. A chain of its links is a river of its own where some of it lies far from every line that the map
//! draws: nearer than that it is the same river, drawn less well. The network drains deserts too: where a chain
//! begins in one it is a wadi, and no river.

use super::river::{DrainageLink, RiverRecord};
use geo_types::{Coord, LineString};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What drains less is a brook: boats plied on the Witham to Lindum, where it drains some 1,300 km².
const RIVER_LEAST_KM2: f64 = 1000.0;
/// Links meet where their ends agree to this part of a degree (100 m); the network's grid is 5 km wide.
const JOIN_PER_DEGREE: f64 = 1000.0;
/// Squares by which a link is said to be near a line, degrees (5 km).
const SQUARE_DEGREES: f64 = 0.05;
/// Within so many squares a link is the drawn river's: the network strays from it by its grid and a bend.
const SAME_SQUARES: i32 = 1;
/// A river that is nowhere farther than this from a drawn one is that one.
const OTHER_SQUARES: i32 = 4;
/// Links by which a river goes on into the one that it joins, so that both touch.
const INTO_NEXT: usize = 3;
/// The least important rank there is: any line of a map stands before these.
const RANK: f64 = 12.0;

type Node = (i64, i64);
type Square = (i32, i32);

/// The rivers that `drawn` lacks, each in the order its water runs. `desert` says whether it is one at a place.
pub(super) fn lacking(
    links: &[DrainageLink],
    drawn: &[RiverRecord],
    desert: impl Fn(Coord) -> bool,
) -> Vec<RiverRecord> {
    let large: Vec<&DrainageLink> =
        links.iter().filter(|link| link.upstream_km2 >= RIVER_LEAST_KM2).collect();
    let squares: HashSet<Square> = drawn.iter().flat_map(|record| passed(&record.line)).collect();
    let near = |link: &DrainageLink, reach: i32| {
        let (column, row) = square((link.from + link.to) / 2.0);
        (-reach..=reach)
            .any(|dx| (-reach..=reach).any(|dy| squares.contains(&(column + dx, row + dy))))
    };
    let known: Vec<bool> = large.iter().map(|link| near(link, SAME_SQUARES)).collect();
    let network = Network::of(&large, &known);
    let mut found = Vec::new();
    for head in network.heads().filter(|&head| !desert(large[head].from)) {
        let chain = network.river(head);
        if chain.iter().any(|&link| !near(large[link], OTHER_SQUARES)) {
            found.push(record(&large, &chain, &network));
        }
    }
    found
}

fn record(links: &[&DrainageLink], chain: &[usize], network: &Network<'_>) -> RiverRecord {
    let last = chain.last().copied();
    let into = std::iter::successors(last, |&link| network.below(link)).skip(1).take(INTO_NEXT);
    let whole: Vec<usize> = chain.iter().copied().chain(into).collect();
    let mut points: Vec<Coord> = whole.iter().map(|&link| links[link].from).collect();
    points.extend(whole.last().map(|&link| links[link].to));
    RiverRecord {
        row: chain.first().map_or(0, |&link| links[link].row),
        name: String::new(),
        rank: Some(RANK),
        class: "River".to_owned(),
        line: LineString::new(points),
    }
}

/// Links by where they begin, and the largest that comes to each.
struct Network<'a> {
    links: &'a [&'a DrainageLink],
    known: &'a [bool],
    from: BTreeMap<Node, usize>,
    /// The largest of the links without a line that end in a node.
    main: HashMap<Node, usize>,
}

impl<'a> Network<'a> {
    fn of(links: &'a [&'a DrainageLink], known: &'a [bool]) -> Self {
        let mut from: BTreeMap<Node, usize> = BTreeMap::new();
        let mut main: HashMap<Node, usize> = HashMap::new();
        let larger = |a: usize, b: usize| links[a].upstream_km2 > links[b].upstream_km2;
        for (number, link) in links.iter().enumerate() {
            let begun = from.entry(node(link.from)).or_insert(number);
            if larger(number, *begun) {
                *begun = number;
            }
            if !known[number] {
                let ended = main.entry(node(link.to)).or_insert(number);
                if larger(number, *ended) {
                    *ended = number;
                }
            }
        }
        Self { links, known, from, main }
    }

    /// The link that goes on from another.
    fn below(&self, link: usize) -> Option<usize> {
        self.from.get(&node(self.links[link].to)).copied().filter(|next| *next != link)
    }

    /// Links without a line to which none such comes.
    fn heads(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.links.len())
            .filter(|&link| !self.known[link])
            .filter(|&link| !self.main.contains_key(&node(self.links[link].from)))
    }

    /// From a head to where a drawn river, a larger one or the sea takes the water.
    fn river(&self, head: usize) -> Vec<usize> {
        let mut chain = vec![head];
        let mut here = head;
        let mut seen = HashSet::from([head]);
        while let Some(next) = self.below(here) {
            let goes_on = self.main.get(&node(self.links[here].to)) == Some(&here);
            if self.known[next] || !goes_on || !seen.insert(next) {
                break;
            }
            chain.push(next);
            here = next;
        }
        chain
    }
}

fn node(at: Coord) -> Node {
    ((at.x * JOIN_PER_DEGREE).round() as i64, (at.y * JOIN_PER_DEGREE).round() as i64)
}

fn square(at: Coord) -> Square {
    ((at.x / SQUARE_DEGREES).floor() as i32, (at.y / SQUARE_DEGREES).floor() as i32)
}

/// The squares that a line passes.
fn passed(line: &LineString) -> impl Iterator<Item = Square> + '_ {
    line.lines().flat_map(|segment| {
        let delta = segment.delta();
        let steps = (delta.x.hypot(delta.y) / SQUARE_DEGREES * 2.0).ceil().max(1.0);
        (0..=steps as u32)
            .map(move |part| square(segment.start + delta * (f64::from(part) / steps)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links from point to point, each draining 500 km² more than the one before.
    fn links(points: &[(f64, f64)], from_km2: f64) -> Vec<DrainageLink> {
        let pairs = points.windows(2).enumerate();
        let link = |(number, pair): (usize, &[(f64, f64)])| DrainageLink {
            row: number as u64 + 1,
            from: pair[0].into(),
            to: pair[1].into(),
            upstream_km2: from_km2 + 500.0 * number as f64,
        };
        pairs.map(link).collect()
    }

    fn drawn(points: &[(f64, f64)]) -> RiverRecord {
        RiverRecord {
            row: 1,
            name: "Fluvius".to_owned(),
            rank: Some(5.0),
            class: "River".to_owned(),
            line: points.iter().copied().collect(),
        }
    }

    /// Runs east along 40 degrees north.
    fn east() -> Vec<(f64, f64)> {
        (0..20).map(|step| (20.0 + 0.05 * f64::from(step), 40.0)).collect()
    }

    /// Comes from the north and ends in the middle of the other.
    fn south() -> Vec<(f64, f64)> {
        (0..10).map(|step| (20.5, 40.45 - 0.05 * f64::from(step))).collect()
    }

    fn ends(record: &RiverRecord) -> ((f64, f64), (f64, f64)) {
        let points = &record.line.0;
        let round = |at: Coord| ((at.x * 100.0).round() / 100.0, (at.y * 100.0).round() / 100.0);
        (round(points[0]), round(points[points.len() - 1]))
    }

    #[test]
    fn a_tributary_that_no_line_draws_is_a_river_as_far_as_into_the_drawn_one() {
        let network = [links(&east(), 5000.0), links(&south(), 1000.0)].concat();
        let found = lacking(&network, &[drawn(&[(20.0, 40.01), (20.95, 40.01)])], |_| false);
        let ends: Vec<_> = found.iter().map(ends).collect();
        // Two links of its own lie by the drawn line; the third is the drawn river's.
        assert_eq!(ends, [((20.5, 40.45), (20.55, 40.0))]);
    }

    #[test]
    fn without_a_map_the_larger_river_goes_on_and_the_lesser_one_ends_in_it() {
        let network = [links(&east(), 5000.0), links(&south(), 1000.0)].concat();
        let mut ends: Vec<_> = lacking(&network, &[], |_| false).iter().map(ends).collect();
        ends.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
        assert_eq!(ends, [((20.0, 40.0), (20.95, 40.0)), ((20.5, 40.45), (20.65, 40.0))]);
    }

    #[test]
    fn brooks_and_the_drawn_river_itself_are_left_out() {
        let brook = links(&south()[..2], 200.0);
        assert_eq!(lacking(&brook, &[], |_| false), []);
        let beside = links(&east(), 5000.0);
        assert_eq!(lacking(&beside, &[drawn(&[(20.0, 40.04), (20.95, 40.04)])], |_| false), []);
    }

    #[test]
    fn what_begins_in_a_desert_is_no_river_and_what_runs_into_one_is() {
        let network = links(&east(), 5000.0);
        let found = |desert: fn(Coord) -> bool| lacking(&network, &[], desert).len();
        assert_eq!((found(|at| at.x < 20.1), found(|at| at.x > 20.1)), (0, 1));
    }

    #[test]
    fn links_in_a_circle_end_nothing() {
        let circle = [(20.0, 40.0), (20.1, 40.0), (20.1, 40.1), (20.0, 40.0)];
        assert_eq!(lacking(&links(&circle, 2000.0), &[], |_| false), []);
    }
}
