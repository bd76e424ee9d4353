//! Strahler's order on the drainage network: 1 at a spring, one more where two of the same order meet.
//!
//! Springs are where the network's links begin; brooks that drain less than its least are none.

use crate::layers::river::DrainageLink;
use geo_types::Coord;
use std::collections::HashMap;

/// Links meet where their ends agree to this part of a degree (100 m); the network's grid is 5 km wide.
const JOIN_PER_DEGREE: f64 = 1000.0;

type Node = (i64, i64);

/// The order of every link; a link on a circle, which water cannot run, has none.
pub fn orders(links: &[DrainageLink]) -> Vec<Option<u8>> {
    let mut from: HashMap<Node, Vec<usize>> = HashMap::new();
    let mut arriving: HashMap<Node, u32> = HashMap::new();
    let ends: Vec<(Node, Node)> = links.iter().map(ends).collect();
    for (number, (begin, end)) in ends.iter().enumerate() {
        from.entry(*begin).or_default().push(number);
        *arriving.entry(*end).or_default() += 1;
    }
    let mut orders: Vec<Option<u8>> = vec![None; links.len()];
    let mut ready: Vec<usize> =
        (0..links.len()).filter(|&number| !arriving.contains_key(&ends[number].0)).collect();
    for &spring in &ready {
        orders[spring] = Some(1);
    }
    // The highest order that came to a node, and how many brought it.
    let mut arrived: HashMap<Node, (u8, u32)> = HashMap::new();
    while let Some(number) = ready.pop() {
        let Some(order) = orders[number] else { continue };
        let end = ends[number].1;
        let (highest, count) = arrived.entry(end).or_insert((order, 0));
        match order.cmp(highest) {
            std::cmp::Ordering::Greater => (*highest, *count) = (order, 1),
            std::cmp::Ordering::Equal => *count += 1,
            std::cmp::Ordering::Less => {}
        }
        let next = if *count > 1 { highest.saturating_add(1) } else { *highest };
        let Some(waiting) = arriving.get_mut(&end) else { continue };
        *waiting -= 1;
        if *waiting == 0 {
            for &onward in from.get(&end).into_iter().flatten() {
                orders[onward] = Some(next);
                ready.push(onward);
            }
        }
    }
    orders
}

/// Where a link begins and ends: it runs as it is drawn.
fn ends(link: &DrainageLink) -> (Node, Node) {
    let node = |at: Coord| {
        ((at.x * JOIN_PER_DEGREE).round() as i64, (at.y * JOIN_PER_DEGREE).round() as i64)
    };
    (node(link.from), node(link.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(from: (f64, f64), to: (f64, f64)) -> DrainageLink {
        DrainageLink { row: 1, from: from.into(), to: to.into(), upstream_km2: 100.0 }
    }

    #[test]
    fn two_of_one_order_make_the_next_and_a_lesser_one_changes_nothing() {
        let links = [
            link((0.0, 2.0), (1.0, 1.0)),   // spring
            link((2.0, 2.0), (1.0, 1.0)),   // spring
            link((1.0, 1.0), (1.0, 0.0)),   // 2
            link((0.0, 0.0), (1.0, 0.0)),   // spring
            link((1.0, 0.0), (1.0, -1.0)),  // 2: a lesser one joined
            link((3.0, 1.0), (3.0, 0.0)),   // spring
            link((4.0, 1.0), (3.0, 0.0)),   // spring
            link((3.0, 0.0), (1.0, -1.0)),  // 2
            link((1.0, -1.0), (1.0, -2.0)), // 3
        ];
        let expected = [1, 1, 2, 1, 2, 1, 1, 2, 3].map(Some);
        assert_eq!(orders(&links), expected);
    }

    #[test]
    fn a_circle_has_no_order_and_ends_nothing() {
        let links = [
            link((0.0, 0.0), (1.0, 0.0)),
            link((1.0, 0.0), (2.0, 0.0)),
            link((2.0, 0.0), (1.0, 0.0)),
            link((5.0, 0.0), (6.0, 0.0)),
        ];
        assert_eq!(orders(&links), [Some(1), None, None, Some(1)]);
    }
}
