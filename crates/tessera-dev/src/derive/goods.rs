//! What 1103 must know of a good to tell much of it from little: its unit, and what people use of it.
//!
//! The same figures as the game's goods table, which is the game's to own: a service does not link the
//! rules of the game, and a test compares the two. A good that is missing here is quarantined, not guessed.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Good {
    pub(crate) id: &'static str,
    pub(crate) unit_grams: i64,
    /// What 1,000 townspeople use in a year.
    pub(crate) yearly_units: i64,
}

pub(crate) const GOODS: [Good; 31] = [
    good("wheat", 40_300, 5_500),
    good("wine", 45_000, 3_800),
    good("oil", 41_000, 760),
    good("garum", 42_000, 120),
    good("wool", 32_700, 40),
    good("pottery", 48_000, 25),
    good("papyrus", 9_000, 4),
    good("tin", 32_700, 3),
    good("pepper", 33_000, 2),
    good("incense", 33_000, 2),
    good("barley", 34_000, 900),
    good("wine_old", 45_000, 300),
    good("wine_noble", 45_000, 60),
    good("salt", 60_000, 100),
    good("salt_fish", 32_000, 100),
    good("honey", 20_000, 60),
    good("figs", 20_000, 300),
    good("linen", 17_000, 25),
    good("hides", 220_000, 12),
    good("timber", 500_000, 60),
    good("glass", 45_000, 10),
    good("amphorae", 200_000, 150),
    good("marble", 1_000_000, 12),
    good("iron", 32_700, 45),
    good("copper", 32_700, 8),
    good("lead", 32_700, 20),
    good("silver", 3_270, 2),
    good("purple", 3_400, 1),
    good("silk", 3_400, 1),
    good("amber", 3_400, 1),
    good("books", 5_000, 2),
];

const fn good(id: &'static str, unit_grams: i64, yearly_units: i64) -> Good {
    Good { id, unit_grams, yearly_units }
}

impl Good {
    pub(crate) fn from_id(id: &str) -> Option<&'static Self> {
        GOODS.iter().find(|good| good.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_good_of_the_game_is_here_with_the_game_s_own_figures() {
        let of_the_game = otivm_rules::goods::GOODS.map(|theirs| Good {
            id: theirs.id.as_str(),
            unit_grams: theirs.unit_grams,
            yearly_units: theirs.demand_units,
        });
        assert_eq!(GOODS.as_slice(), of_the_game);
    }
}
