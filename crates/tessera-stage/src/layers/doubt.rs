//! Where sources of heights disagree: which of them a node of the base is given.
//!
//! The base holds unless all checks contradict it and two of them agree with each other, or unless it is low
//! all around where every check rises from it; then the check nearest to the median stands in. Sources are
//! compared node by node and only on land, so that the zones and the picture are made of the same heights.

use crate::raster::Raster;

/// Heights further apart than this contradict each other: rasters of 9 km that smooth the same mountains
/// differently stay below it.
const CONTRADICTION_M: f32 = 400.0;
/// Checks no further apart than this agree.
const AGREEMENT_M: f32 = 250.0;
/// So do two whose distance is at most this part of the way from the base to the nearer of them: on a summit
/// a fine raster and a smooth one differ by hundreds of metres and still both say that there is a mountain.
const AGREEMENT_PART: f32 = 3.0;
/// ETOPO5 squeezes blocks of a degree or two between the sea and this, all of Crete and Cyprus among them.
const SQUEEZED_BELOW_M: f32 = 64.0;
/// A check that stands this far above squeezed ground saw hills there: its own step is 28 m.
const RISES_M: f32 = 100.0;

pub const METHOD_REPLACED: &str = "Every check contradicts the base by more than 400 m and two of them agree \
     within 250 m or a third of their way from it: the one nearest to the median of all sources stands in for it.";
pub const METHOD_RISEN: &str = "The base is nowhere above 64 m around, and every check stands at least 100 m \
     above it: the base is taken to be squeezed, and the check nearest to the median of the checks stands in for it.";
pub const METHOD_KEPT: &str = "A check contradicts the base, and there are no two that agree against it: the \
     base is kept.";

/// What becomes of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No check, or one that confirms it.
    Holds,
    /// Contradicted, but kept.
    Doubted,
    /// The check of this index stands in for it, for two agree.
    Replaced(usize),
    /// The check of this index stands in for it, for the base is squeezed there.
    Risen(usize),
}

impl Verdict {
    /// As a conflict names it.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Holds | Self::Doubted => RULE_KEPT,
            Self::Replaced(_) => "checks_agree_nearest_to_median",
            Self::Risen(_) => "base_squeezed_checks_rise",
        }
    }

    /// The check that stands in for the base.
    pub const fn stand_in(self) -> Option<usize> {
        match self {
            Self::Holds | Self::Doubted => None,
            Self::Replaced(check) | Self::Risen(check) => Some(check),
        }
    }
}

pub const RULE_KEPT: &str = "base_kept";

/// `checks` are the heights that each check gives; one that says nothing is NaN.
fn judge(base: f32, squeezed: bool, checks: &[f32]) -> Verdict {
    let mut known: Vec<f32> = checks.iter().copied().filter(|metres| !metres.is_nan()).collect();
    known.sort_unstable_by(f32::total_cmp);
    let Some(lowest) = known.first() else { return Verdict::Holds };
    if squeezed && lowest - base >= RISES_M {
        return nearest(checks, known[known.len() / 2]).map_or(Verdict::Holds, Verdict::Risen);
    }
    if known.iter().any(|metres| (metres - base).abs() <= CONTRADICTION_M) {
        return Verdict::Holds;
    }
    let agree = |a: f32, b: f32| {
        let nearer = (a - base).abs().min((b - base).abs());
        b - a <= AGREEMENT_M.max(nearer / AGREEMENT_PART)
    };
    if !known.windows(2).any(|pair| agree(pair[0], pair[1])) {
        return Verdict::Doubted;
    }
    known.push(base);
    known.sort_unstable_by(f32::total_cmp);
    nearest(checks, known[known.len() / 2]).map_or(Verdict::Holds, Verdict::Replaced)
}

/// The first of the checks that are nearest to a height.
fn nearest(checks: &[f32], metres: f32) -> Option<usize> {
    let known = checks.iter().enumerate().filter(|(_, height)| !height.is_nan());
    known
        .min_by(|a, b| (a.1 - metres).abs().total_cmp(&(b.1 - metres).abs()))
        .map(|(index, _)| index)
}

/// The base with what stands in for it, node by node.
pub struct Weighed<'a> {
    pub base: &'a Raster,
    /// What each check says at the base's nodes; NaN where it says nothing.
    pub checks: Vec<Vec<f32>>,
    /// Empty without checks.
    pub verdicts: Vec<Verdict>,
    /// The heights that the world takes.
    pub heights: Raster,
}

impl<'a> Weighed<'a> {
    /// Judges every node that is on land, which is asked with its longitude and latitude.
    pub fn new(base: &'a Raster, checks: &[&Raster], on_land: impl Fn(f64, f64) -> bool) -> Self {
        let mut heights = base.clone();
        if checks.is_empty() {
            return Self { base, checks: Vec::new(), verdicts: Vec::new(), heights };
        }
        let squeezed = squeezed(base);
        let said: Vec<Vec<f32>> = checks.iter().map(|check| at_nodes(base, check)).collect();
        let mut verdicts = vec![Verdict::Holds; base.values.len()];
        let mut here = Vec::with_capacity(said.len());
        for (node, &metres) in base.values.iter().enumerate() {
            let (longitude, latitude) = base.node(node / base.columns, node % base.columns);
            if metres.is_nan() || !on_land(longitude, latitude) {
                continue;
            }
            here.clear();
            here.extend(said.iter().map(|check| check[node]));
            verdicts[node] = judge(metres, squeezed[node], &here);
            if let Some(check) = verdicts[node].stand_in() {
                heights.values[node] = here[check];
            }
        }
        Self { base, checks: said, verdicts, heights }
    }
}

/// Nodes of blocks that are low all around, and the low ones that touch such a node.
fn squeezed(base: &Raster) -> Vec<bool> {
    let low: Vec<bool> = base.values.iter().map(|metres| *metres <= SQUEEZED_BELOW_M).collect();
    let core = around(base, &|nine| nine.iter().all(|node| low[*node]));
    let touched = around(base, &|nine| nine.iter().any(|node| core[*node]));
    low.iter().zip(touched).map(|(low, touched)| *low && touched).collect()
}

/// Asks each node with its neighbours, itself among them.
fn around(base: &Raster, ask: &dyn Fn(&[usize]) -> bool) -> Vec<bool> {
    let mut nine = Vec::with_capacity(9);
    (0..base.values.len())
        .map(|node| {
            let (row, column) = (node / base.columns, node % base.columns);
            nine.clear();
            for row in row.saturating_sub(1)..=(row + 1).min(base.rows - 1) {
                let columns = column.saturating_sub(1)..=(column + 1).min(base.columns - 1);
                nine.extend(columns.map(|column| row * base.columns + column));
            }
            ask(&nine)
        })
        .collect()
}

/// What a check says at the nodes of the base: the mean of its own nodes that are nearer to that node than
/// to another, and between its nodes where none is.
fn at_nodes(base: &Raster, check: &Raster) -> Vec<f32> {
    (0..base.values.len())
        .map(|node| {
            let (longitude, latitude) = base.node(node / base.columns, node % base.columns);
            let within = |middle: f64, half: f64, step: f64, count: usize| {
                let first = ((middle - half) / step).ceil().max(0.0) as usize;
                let end = ((middle + half) / step).ceil().clamp(0.0, count as f64) as usize;
                first..end
            };
            let rows = within(
                check.north - latitude,
                base.step_latitude / 2.0,
                check.step_latitude,
                check.rows,
            );
            let columns = within(
                longitude - check.west,
                base.step_longitude / 2.0,
                check.step_longitude,
                check.columns,
            );
            let (mut sum, mut known, mut met) = (0.0, 0.0, 0_u32);
            for row in rows {
                for column in columns.clone() {
                    let metres = check.values[row * check.columns + column];
                    met += 1;
                    if !metres.is_nan() {
                        sum += metres;
                        known += 1.0;
                    }
                }
            }
            match met {
                0 => check.bilinear(longitude, latitude).unwrap_or(f32::NAN),
                _ if known > 0.0 => sum / known,
                _ => f32::NAN,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    #[test]
    fn a_mountain_the_base_has_lost_comes_back_from_the_checks_that_agree() {
        // Etna: ETOPO5 has lost it.
        let judge = |base, checks: &[f32]| judge(base, false, checks);
        assert_eq!(judge(310.0, &[1_650.0, NAN, 1_820.0]), Verdict::Replaced(0));
        assert_eq!(judge(310.0, &[1_650.0, 2_600.0]), Verdict::Doubted);
        assert_eq!(judge(310.0, &[1_650.0]), Verdict::Doubted);
        assert_eq!(judge(17.0, &[2_243.0, 1_816.0]), Verdict::Replaced(1));
        // As ETOPO2, pvlib and ITU give the zone of its summit: a third that is finer does not unsay the two.
        assert_eq!(judge(17.0, &[2_243.0, 1_816.0, 1_772.0]), Verdict::Replaced(1));
        assert_eq!(judge(1_500.0, &[1_650.0, 2_600.0]), Verdict::Holds);
        assert_eq!(judge(310.0, &[NAN, NAN]), Verdict::Holds);
        assert_eq!(judge(310.0, &[]), Verdict::Holds);
    }

    #[test]
    fn squeezed_ground_gives_way_to_one_check_and_to_hills_of_a_hundred_metres() {
        assert_eq!(judge(30.0, true, &[130.0]), Verdict::Risen(0));
        assert_eq!(judge(30.0, true, &[129.0]), Verdict::Holds);
        assert_eq!(judge(30.0, true, &[1_174.0, 600.0, NAN]), Verdict::Risen(0));
        assert_eq!(judge(30.0, true, &[1_174.0, 40.0]), Verdict::Holds);
        assert_eq!(judge(30.0, false, &[130.0]), Verdict::Holds);
        assert_eq!(judge(30.0, true, &[NAN]), Verdict::Holds);
    }

    /// Seven by seven nodes a degree apart, from 0 E and 6 N.
    fn raster(height: impl Fn(usize, usize) -> f32) -> Raster {
        Raster {
            west: 0.0,
            north: 6.0,
            step_longitude: 1.0,
            step_latitude: 1.0,
            columns: 7,
            rows: 7,
            values: (0..49).map(|node| height(node / 7, node % 7)).collect(),
        }
    }

    #[test]
    fn a_squeezed_block_rises_to_its_edge_and_not_beyond_nor_out_at_sea() {
        // Four columns of squeezed ground, then a mountain that both know; the first row is sea.
        let base = raster(|_, column| if column < 4 { 20.0 } else { 900.0 });
        let check = raster(|_, column| if column < 4 { 500.0 } else { 700.0 });
        let weighed = Weighed::new(&base, &[&check], |_, latitude| latitude < 5.5);
        let expected = raster(|row, column| match (row, column) {
            (0, 0..4) => 20.0,
            (_, 0..4) => 500.0,
            _ => 900.0,
        });
        assert_eq!(weighed.heights, expected);
        assert_eq!(
            weighed.verdicts[7..14],
            [[Verdict::Risen(0); 4].as_slice(), &[Verdict::Holds; 3]].concat()
        );
    }

    #[test]
    fn a_low_node_among_high_ones_is_no_block() {
        let base = raster(|row, column| if (row, column) == (3, 3) { 20.0 } else { 300.0 });
        let check = raster(|_, _| 320.0);
        let weighed = Weighed::new(&base, &[&check], |_, _| true);
        assert_eq!(weighed.heights, base);
    }

    #[test]
    fn a_finer_check_speaks_with_the_mean_of_what_is_nearest_and_a_coarser_one_between_its_nodes() {
        let base = raster(|_, _| 0.0);
        // A node each half degree: that at a node of the base and those half way north and west of it count for it.
        let fine = Raster {
            step_longitude: 0.5,
            step_latitude: 0.5,
            columns: 13,
            rows: 13,
            values: (0..169).map(|node| (node % 13) as f32 * 10.0).collect(),
            ..raster(|_, _| 0.0)
        };
        assert_eq!(at_nodes(&base, &fine)[..3], [0.0, 15.0, 35.0]);
        let coarse = Raster {
            step_longitude: 4.0,
            step_latitude: 4.0,
            columns: 2,
            rows: 2,
            values: vec![0.0, 400.0, 0.0, 400.0],
            ..raster(|_, _| 0.0)
        };
        let said = at_nodes(&base, &coarse);
        assert_eq!(said[..5], [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert!(said[5].is_nan(), "beyond its edge: {}", said[5]);
    }
}
