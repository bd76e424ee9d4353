//! Numbers that stand fast in a build: limits, and the market's model.

use super::Figure;
use crate::{
    command::HARBOURS_US,
    decide::{JOURNAL_TEXT_MAX, LIGHTENED_BEYOND, ODDS_MOST, SHIP_NAME_MAX, UNITS_MAX},
    market::{equilibrium, supply},
};

pub(super) struct Fixed {
    pub(super) id: &'static str,
    pub(super) unit: &'static str,
    pub(super) value: Figure,
    pub(super) meaning: &'static str,
    pub(super) source: &'static str,
}

pub(super) const FIXED: [Fixed; 12] = [
    Fixed {
        id: "units_most",
        unit: "units",
        value: Figure::Whole(UNITS_MAX),
        meaning: "Units in one trade at most.",
        source: "a ship of the annona holds a few thousand",
    },
    Fixed {
        id: "journal_text_most",
        unit: "characters",
        value: Figure::Whole(JOURNAL_TEXT_MAX as i64),
        meaning: "Length of an entry in the journal at most.",
        source: "a page of a codex",
    },
    Fixed {
        id: "ship_name_most",
        unit: "characters",
        value: Figure::Whole(SHIP_NAME_MAX as i64),
        meaning: "Length of a ship's name at most.",
        source: "design",
    },
    Fixed {
        id: "harbours",
        unit: "microseconds of world time",
        value: Figure::Whole(HARBOURS_US),
        meaning: "What leaving one harbour and entering the next adds to a voyage.",
        source: "design: two harbours of one zone are not in the same place",
    },
    Fixed {
        id: "peril_odds_most",
        unit: "millionths",
        value: Figure::Whole(ODDS_MOST),
        meaning: "Chance of one kind of mishap at most, however dangerous the route.",
        source: "design",
    },
    Fixed {
        id: "lightened_beyond",
        unit: "permille of the worst storm",
        value: Figure::Whole(LIGHTENED_BEYOND),
        meaning: "Severity beyond which a storm costs cargo.",
        source: "design",
    },
    Fixed {
        id: "risk_a_day",
        unit: "share of the price",
        value: Figure::Fraction(equilibrium::RISK_A_DAY),
        meaning: "Interest and risk of goods on the way, a day.",
        source: "sea loans of 20 to 33 percent for some eighty days: Casson 1980; Andreau 1999, 54-56",
    },
    Fixed {
        id: "demand_elasticity",
        unit: "ratio",
        value: Figure::Fraction(equilibrium::DEMAND_ELASTICITY),
        meaning: "Price elasticity of demand at `worth`.",
        source: "design",
    },
    Fixed {
        id: "supply_elasticity",
        unit: "ratio",
        value: Figure::Fraction(equilibrium::SUPPLY_ELASTICITY),
        meaning: "Price elasticity of supply at `cost`.",
        source: "design",
    },
    Fixed {
        id: "hinterland_rings",
        unit: "rings of zones",
        value: Figure::Whole(supply::HINTERLAND_RINGS as i64),
        meaning: "How far around a place its hinterland reaches: some 100 km.",
        source: "four days of a cart",
    },
    Fixed {
        id: "lost_per_ring",
        unit: "share",
        value: Figure::Fraction(supply::LOST_PER_RING),
        meaning: "How much less of what is grown reaches the market from each ring farther out.",
        source: "design",
    },
    Fixed {
        id: "watered_cost_share",
        unit: "share",
        value: Figure::Fraction(supply::WATERED_COST_SHARE),
        meaning: "What wheat of a flooded plain costs to grow, beside other wheat.",
        source: "ten- to fifteenfold seed against four: Columella 3.3.4; Rathbone 1991, 242-244",
    },
];
