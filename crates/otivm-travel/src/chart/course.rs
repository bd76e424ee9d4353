//! The course of a river through its zones.
//!
//! A river that runs along the edge of two zones is noted in both, so that the line through their middles
//! zigzags. The middles are drawn towards their neighbours up and down the stream until it runs.

use super::{Chart, NOWHERE};

/// Each round takes half the zigzag of every pair of neighbours out.
const ROUNDS: usize = 2;

/// Where the river is in each zone that has one, as a unit vector; the middle elsewhere.
pub(super) fn points(chart: &Chart) -> Vec<[f32; 3]> {
    let above = stems(chart);
    let mut points = chart.points.clone();
    for _ in 0..ROUNDS {
        let before = points.clone();
        for node in 0..chart.len() {
            let (up, down) = (above[node] as usize, chart.downstream[node] as usize);
            if let (Some(up), Some(down)) = (before.get(up), before.get(down)) {
                points[node] = unit(
                    [0, 1, 2].map(|part| before[node][part].mul_add(2.0, up[part] + down[part])),
                );
            }
        }
    }
    points
}

/// The zone above each on its main stem: the one that drains most.
fn stems(chart: &Chart) -> Vec<u32> {
    let mut above = vec![NOWHERE; chart.len()];
    for node in 0..chart.len() as u32 {
        let Some(slot) = above.get_mut(chart.downstream[node as usize] as usize) else { continue };
        let drains = |node: u32| chart.drained_km2[node as usize];
        if *slot == NOWHERE || drains(node) > drains(*slot) {
            *slot = node;
        }
    }
    above
}

fn unit(vector: [f32; 3]) -> [f32; 3] {
    let length = vector.iter().map(|part| part * part).sum::<f32>().sqrt();
    vector.map(|part| part / length)
}
