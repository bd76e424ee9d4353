//! How much a town takes before its prices move, and how many ships before a route is crowded.

use super::goods::Good;
use std::collections::BTreeMap;

/// Days of a town's use that, sold to it at once, press its price by the factor e: as many as move it by the whole
/// of itself for the player who sells them. Fewer, and whoever buys a market empty could sell it the same goods dearer
/// in the next window (decision 70).
const DEPTH_DAYS: i64 = 60;
const YEAR_DAYS: i64 = 365;

/// A place, as far as a market cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Town {
    /// 1 (Rome, Alexandria) to 5 (a small port).
    pub(crate) rank: u8,
    pub(crate) population: Option<u32>,
}

/// The places of one release.
pub(crate) type Towns = BTreeMap<String, Town>;

impl Town {
    /// Grams of a good that press its price here by the factor e; never 0. `told_grams` is what the game makes of
    /// it, who knows also what is grown and made here.
    pub(crate) fn depth_grams(self, good: &Good, told_grams: i64) -> i64 {
        let used_units = self.people() * good.yearly_units * DEPTH_DAYS / (1000 * YEAR_DAYS);
        (used_units.max(self.transit_units()) * good.unit_grams).max(told_grams)
    }

    /// Departures of late with which a route to or from here is as full as it gets.
    pub(crate) fn berths(self) -> i64 {
        match self.rank {
            0 | 1 => 64,
            2 => 48,
            3 => 32,
            4 => 16,
            _ => 8,
        }
    }

    /// Where nobody counted: the median of the places of that rank whose population is estimated.
    fn people(self) -> i64 {
        self.population.map_or_else(
            || match self.rank {
                0 | 1 => 300_000,
                2 => 40_000,
                3 => 20_000,
                4 => 8_000,
                _ => 2_500,
            },
            i64::from,
        )
    }

    /// What merchants take off the quay to sell elsewhere, however little the town itself uses: without
    /// it one chest of papyrus would be a glut.
    fn transit_units(self) -> i64 {
        match self.rank {
            0 | 1 => 400,
            2 => 200,
            3 => 100,
            4 => 50,
            _ => 25,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(rank: u8, population: Option<u32>, good: &str) -> i64 {
        Town { rank, population }.depth_grams(Good::from_id(good).unwrap(), 0)
    }

    #[test]
    fn depth_is_two_months_of_use_or_what_passes_through_or_what_the_game_knows_better() {
        // Puteoli: 40,000 x 3,800 / 1,000 x 60 / 365 = 24,986 amphorae of wine.
        assert_eq!(depth(2, Some(40_000), "wine"), 24_986 * 45_000);
        assert_eq!(depth(2, None, "wine"), 24_986 * 45_000);
        // Its own use of pepper is 13 sacks; the quay takes 200.
        assert_eq!(depth(2, Some(40_000), "pepper"), 200 * 33_000);
        assert_eq!(depth(5, Some(0), "papyrus"), 25 * 9_000);
        let papyrus = Good::from_id("papyrus").unwrap();
        let town = Town { rank: 5, population: Some(0) };
        let told = [1, 700_000].map(|told_grams| town.depth_grams(papyrus, told_grams));
        assert_eq!(told, [25 * 9_000, 700_000]);
    }
}
