//! Limits of what a player does, and what stands fast of the rules beside their parameters.

use super::Fixed;
use crate::{
    command::HARBOURS_US,
    decide::{
        BEFALLS_AFTER, CLOSED, JOURNAL_TEXT_MAX, LIGHTENED_BEYOND, ODDS_MOST, SATED_PERMILLE,
        SHIP_NAME_MAX, TIRED_PERMILLE, UNITS_MAX, WORN_RISK_PERMILLE,
    },
    registry::Figure,
    state::MONTH_DAYS,
    world::{FULL_PERMILLE, SATURATION_LEAST, SATURATION_MOST},
};

const fn month_day((month, day): (u8, u8)) -> i64 {
    month as i64 * 100 + day as i64
}

pub(super) const ACTS: [Fixed; 17] = [
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
        id: "peril_after_least",
        unit: "permille of the way",
        value: Figure::Whole(BEFALLS_AFTER[0]),
        meaning: "Part of a voyage before which nothing befalls it.",
        source: "design",
    },
    Fixed {
        id: "peril_after_most",
        unit: "permille of the way",
        value: Figure::Whole(BEFALLS_AFTER[1]),
        meaning: "Part of a voyage after which nothing befalls it.",
        source: "design",
    },
    Fixed {
        id: "worn_risk",
        unit: "permille of the route's risk",
        value: Figure::Whole(WORN_RISK_PERMILLE),
        meaning: "What a hulk adds to the chance of any mishap; a less worn ship in proportion.",
        source: "design",
    },
    Fixed {
        id: "closed_sea_first",
        unit: "month x 100 + day",
        value: Figure::Whole(month_day(CLOSED[0])),
        meaning: "First day of the closed sea: 11 November.",
        source: "Vegetius 4.39",
    },
    Fixed {
        id: "closed_sea_last",
        unit: "month x 100 + day",
        value: Figure::Whole(month_day(CLOSED[1])),
        meaning: "Last day of the closed sea: 10 March.",
        source: "Vegetius 4.39",
    },
    Fixed {
        id: "otium_tired",
        unit: "permille of a day's gravitas",
        value: Figure::Whole(TIRED_PERMILLE),
        meaning: "What a day of leisure yields beyond `otium_fatigue`.",
        source: "design: neither alone wins",
    },
    Fixed {
        id: "otium_sated",
        unit: "permille of a day's gravitas",
        value: Figure::Whole(SATED_PERMILLE),
        meaning: "What a day of leisure yields beyond `otium_satiety`.",
        source: "design: neither alone wins",
    },
    Fixed {
        id: "usury_month",
        unit: "days",
        value: Figure::Whole(MONTH_DAYS),
        meaning: "A month, of which `usury` is asked when it is over.",
        source: "design: the twelfth of a year, as the centesima is counted",
    },
    Fixed {
        id: "saturation_least",
        unit: "permille",
        value: Figure::Whole(SATURATION_LEAST),
        meaning: "Saturation of a route that nobody else sails: a factor of its dues.",
        source: "design",
    },
    Fixed {
        id: "saturation_most",
        unit: "permille",
        value: Figure::Whole(SATURATION_MOST),
        meaning: "Saturation of a route at most.",
        source: "design",
    },
    Fixed {
        id: "saturation_full",
        unit: "permille",
        value: Figure::Whole(SATURATION_LEAST + FULL_PERMILLE),
        meaning: "Saturation of a route on which no berth is left: nobody waits longer than there.",
        source: "design",
    },
];
