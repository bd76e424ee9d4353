//! Where sources of heights disagree: which of them a zone is given.
//!
//! The base holds unless at least two checks agree with each other and all checks contradict it; then the
//! check nearest to the median of all is taken. Any contradiction by all checks is kept as a conflict.

/// Means of one zone further apart than this contradict each other: rasters of 9 km that smooth the same
/// mountains differently stay below it.
const CONTRADICTION_M: i32 = 400;
/// Checks no further apart than this agree.
const AGREEMENT_M: i32 = 250;

pub const RULE_REPLACED: &str = "checks_agree_nearest_to_median";
pub const RULE_KEPT: &str = "base_kept";
pub const METHOD_REPLACED: &str = "Every check contradicts the base by more than 400 m and they agree within \
     250 m: the one nearest to the median of all sources stands in for it.";
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
    let known = || checks.iter().flatten().copied();
    let (Some(low), Some(high)) = (known().min(), known().max()) else { return Verdict::Holds };
    if known().any(|metres| (metres - base_m).abs() <= CONTRADICTION_M) {
        return Verdict::Holds;
    }
    if known().count() < 2 || high - low > AGREEMENT_M {
        return Verdict::Doubted;
    }
    let mut all: Vec<i32> = known().chain([base_m]).collect();
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
        assert_eq!(judge(1_500, &[Some(1_650), Some(2_600)]), Verdict::Holds);
        assert_eq!(judge(310, &[None, None]), Verdict::Holds);
        assert_eq!(judge(310, &[]), Verdict::Holds);
    }
}
