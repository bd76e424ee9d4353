//! What places are to a merchant, by their rank and by what lies around them.

use super::{ByRank, Fixed};
use crate::{
    market::{demand, leisure},
    registry::Figure,
    world::RANK_PERMILLE,
};

pub(super) const LEISURE: [Fixed; 14] = [
    Fixed {
        id: "leisure_anywhere",
        unit: "permille of quality",
        value: Figure::Whole(leisure::ANYWHERE),
        meaning: "What leisure is worth in any place.",
        source: "design",
    },
    Fixed {
        id: "leisure_sea",
        unit: "permille of quality",
        value: Figure::Whole(leisure::BY_THE_SEA),
        meaning: "What the sea within a zone of a place adds.",
        source: "Pliny, Letters 2.17; design",
    },
    Fixed {
        id: "leisure_river",
        unit: "permille of quality",
        value: Figure::Whole(leisure::BY_A_RIVER),
        meaning: "What a river within a zone adds.",
        source: "Pliny, Letters 5.6; design",
    },
    Fixed {
        id: "leisure_mild",
        unit: "permille of quality",
        value: Figure::Whole(leisure::MILD),
        meaning: "What a mild climate adds: Csa, Csb, Cfa or Cfb of Koeppen.",
        source: "design",
    },
    Fixed {
        id: "leisure_green",
        unit: "permille of quality",
        value: Figure::Whole(leisure::GREEN),
        meaning: "What green summers add: Csb, Cfa, Cfb or Dfb of Koeppen.",
        source: "design",
    },
    Fixed {
        id: "leisure_hills_point",
        unit: "metres",
        value: Figure::Whole(leisure::HILLS_M_A_POINT as i64),
        meaning: "Height of the highest ground within a zone that adds a thousandth.",
        source: "design",
    },
    Fixed {
        id: "leisure_hills_most",
        unit: "metres",
        value: Figure::Whole(leisure::HILLS_MOST_M as i64),
        meaning: "Height beyond which higher ground adds nothing.",
        source: "design",
    },
    Fixed {
        id: "leisure_most",
        unit: "permille of quality",
        value: Figure::Whole(leisure::QUALITY_MOST),
        meaning: "Quality of leisure at most.",
        source: "design",
    },
    Fixed {
        id: "quiet_village_people",
        unit: "people",
        value: Figure::Whole(leisure::QUIET[0].0 as i64),
        meaning: "Below so many people a place is as quiet as a village.",
        source: "design",
    },
    Fixed {
        id: "quiet_village",
        unit: "permille of quality",
        value: Figure::Whole(leisure::QUIET[0].1),
        meaning: "What the quiet of a village adds.",
        source: "design; Horace, Epistles 1.14; Seneca, Letters 56",
    },
    Fixed {
        id: "quiet_town_people",
        unit: "people",
        value: Figure::Whole(leisure::QUIET[1].0 as i64),
        meaning: "Below so many people a place is as quiet as a town.",
        source: "design",
    },
    Fixed {
        id: "quiet_town",
        unit: "permille of quality",
        value: Figure::Whole(leisure::QUIET[1].1),
        meaning: "What the quiet of a town adds.",
        source: "design; Horace, Epistles 1.14; Seneca, Letters 56",
    },
    Fixed {
        id: "quiet_city_people",
        unit: "people",
        value: Figure::Whole(leisure::QUIET[2].0 as i64),
        meaning: "Below so many people a place is as quiet as a city.",
        source: "design",
    },
    Fixed {
        id: "quiet_city",
        unit: "permille of quality",
        value: Figure::Whole(leisure::QUIET[2].1),
        meaning: "What the quiet of a city adds.",
        source: "design; Horace, Epistles 1.14; Seneca, Letters 56",
    },
];

pub(super) const RANKS: [ByRank; 3] = [
    ByRank {
        id: "prices",
        unit: "permille of those of rank 3",
        value: |index| Figure::Whole(RANK_PERMILLE[index]),
        meaning: "Harbour dues, a day of otium, rent of a warehouse and its room, in a town of that rank.",
        source: "design",
    },
    ByRank {
        id: "population",
        unit: "people",
        value: |index| Figure::Whole(i64::from(demand::POPULATIONS[index])),
        meaning: "People of a place of that rank, where the release does not tell.",
        source: "Hanson 2016",
    },
    ByRank {
        id: "wealth",
        unit: "ratio to rank 3",
        value: |index| Figure::Fraction(demand::WEALTH[index]),
        meaning: "What townspeople of that rank take of luxuries.",
        source: "design: the rich live in great cities",
    },
];
