//! How a river falls: its water runs down, whatever the heights beside it say.
//!
//! A raster of kilometres mixes the valley with its sides, so heights along a river jump up and down. Water
//! does not rise: the profile that falls or stays and is nearest to the heights is the river's. Rapids are
//! where that profile falls steeply over a stretch, not where one height is off.

/// Steeper than this over a stretch is rapids, metres in a kilometre: the Rhone at Lyon has 0.5, a cataract 5.
const FALL_MAX_M_PER_KM: f64 = 1.0;
/// A stretch to either side, km: longer than the raster's cell, shorter than a gorge.
const HALF_STRETCH_KM: f64 = 30.0;
/// What a profile from a raster may be off over a stretch, metres.
const HEIGHT_NOISE_M: f64 = 25.0;

/// The falling profile nearest to heights, in the order of the water: neighbours that rise are pooled.
pub fn profile(heights_m: &[f64]) -> Vec<f64> {
    // Sum and count of each pool.
    let mut pools: Vec<(f64, f64)> = Vec::new();
    for &height in heights_m {
        let mut pool = (height, 1.0);
        while let Some(&(sum, count)) = pools.last() {
            if sum / count > pool.0 / pool.1 {
                break;
            }
            pool = (sum + pool.0, count + pool.1);
            pools.pop();
        }
        pools.push(pool);
    }
    pools
        .into_iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / count, count as usize))
        .collect()
}

/// Where a boat can go against the stream, by the heights at points `step_km` apart.
pub fn gentle(heights_m: &[f64], step_km: f64) -> Vec<bool> {
    let profile = profile(heights_m);
    let half = (HALF_STRETCH_KM / step_km).round().max(1.0) as usize;
    (0..profile.len())
        .map(|at| {
            let (from, to) = (at.saturating_sub(half), (at + half).min(profile.len() - 1));
            let fall = profile[from] - profile[to];
            fall <= FALL_MAX_M_PER_KM * (to - from) as f64 * step_km + HEIGHT_NOISE_M
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_falls_and_keeps_the_mean_of_what_it_pools() {
        assert_eq!(profile(&[90.0, 100.0, 80.0, 85.0, 20.0]), [95.0, 95.0, 82.5, 82.5, 20.0]);
        assert_eq!(profile(&[]), [0.0; 0]);
    }

    #[test]
    fn a_cliff_beside_the_valley_is_no_rapid_and_a_cataract_is() {
        // A valley that falls 0.1 m in a kilometre; every fifth height is a cliff's.
        let valley: Vec<f64> = (0..80)
            .map(|at| 90.0 - 0.5 * f64::from(at) + if at % 5 == 0 { 35.0 } else { 0.0 })
            .collect();
        assert!(gentle(&valley, 5.0).iter().all(|&gentle| gentle));
        // The same with a fall of 100 m in the middle.
        let cataract: Vec<f64> =
            (0..80).map(|at| valley[at] + if at < 40 { 100.0 } else { 0.0 }).collect();
        let gentle = gentle(&cataract, 5.0);
        assert!(!gentle[40] && gentle[15] && gentle[65], "{gentle:?}");
    }
}
