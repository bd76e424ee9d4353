//! Where sources of heights disagree: which of them a zone is given.
//!
//! The base holds unless at least two checks agree with each other and all checks contradict it; then the
//! check nearest to the median of all is taken. Any contradiction by all checks is kept as a conflict.

/// Means of one zone further apart than this contradict each other: rasters of 9 km that smooth the same
/// mountains differently stay below it.
const CONTRADICTION_M: i32 = 400;
/// Checks no further apart than this agree.
const AGREEMENT_M: i32 = 250;
/// So do two whose distance is at most this part of the way from the base to the nearer of them: on a summit
/// a fine raster and a smooth one differ by hundreds of metres and still both say that there is a mountain.
const AGREEMENT_PART: i32 = 3;

pub const RULE_REPLACED: &str = "checks_agree_nearest_to_median";
pub const RULE_KEPT: &str = "base_kept";
pub const METHOD_REPLACED: &str = "Every check contradicts the base by more than 400 m and two of them agree \
     within 250 m or a third of their way from it: the one nearest to the median of all sources stands in for it.";
pub const METHOD_KEPT: &str = "A check contradicts the base, and there are no two that agree against it: the \
     base is kept.";

/// What becomes of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No check, or one that confirms it.
    Holds,
    /// Contradicted, but kept.
    Doubted,
    /// The check of this index stands in for it.
    Replaced(usize),
}

/// `checks` are the mean heights that each check gives the zone, metres.
pub fn judge(base_m: i32, checks: &[Option<i32>]) -> Verdict {
    let mut known: Vec<i32> = checks.iter().flatten().copied().collect();
    if known.is_empty() || known.iter().any(|metres| (metres - base_m).abs() <= CONTRADICTION_M) {
        return Verdict::Holds;
    }
    known.sort_unstable();
    let agree = |a: i32, b: i32| {
        let nearer = (a - base_m).abs().min((b - base_m).abs());
        b - a <= AGREEMENT_M.max(nearer / AGREEMENT_PART)
    };
    if !known.windows(2).any(|pair| agree(pair[0], pair[1])) {
        return Verdict::Doubted;
    }
    let mut all = known;
    all.push(base_m);
    all.sort_unstable();
    let median = all[all.len() / 2];
    let distance = |metres: &Option<i32>| metres.map_or(i32::MAX, |m| (m - median).abs());
    let nearest = checks.iter().enumerate().min_by_key(|(_, metres)| distance(metres));
    nearest.map_or(Verdict::Holds, |(index, _)| Verdict::Replaced(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mountain_the_base_has_lost_comes_back_from_the_checks_that_agree() {
        // Etna: ETOPO5 has lost it.
        assert_eq!(judge(310, &[Some(1_650), None, Some(1_820)]), Verdict::Replaced(0));
        assert_eq!(judge(310, &[Some(1_650), Some(2_600)]), Verdict::Doubted);
        assert_eq!(judge(310, &[Some(1_650)]), Verdict::Doubted);
        assert_eq!(judge(17, &[Some(2_243), Some(1_816)]), Verdict::Replaced(1));
        // As ETOPO2, pvlib and ITU give the zone of its summit: a third that is finer does not unsay the two.
        assert_eq!(judge(17, &[Some(2_243), Some(1_816), Some(1_772)]), Verdict::Replaced(1));
        assert_eq!(judge(1_500, &[Some(1_650), Some(2_600)]), Verdict::Holds);
        assert_eq!(judge(310, &[None, None]), Verdict::Holds);
        assert_eq!(judge(310, &[]), Verdict::Holds);
    }
}
