//! How leisure tires, and what makes up for it, in the order of their ids.

use super::{Parameter, ParameterId};

pub(super) const LEISURE: [Parameter; 2] = [
    Parameter {
        id: ParameterId::OtiumSatiety,
        name: "otium_satiety",
        unit: "days",
        least: 1,
        most: 3_650,
        default: 180,
        meaning: "Days of such leisure after which a day yields a quarter; nobody tires of it more than that.",
        source: "design: neither alone wins",
    },
    Parameter {
        id: ParameterId::OtiumRecovery,
        name: "otium_recovery",
        unit: "days of leisure",
        least: 0,
        most: 3_650,
        default: 2,
        meaning: "What a day under way makes up for; nothing else does, no break and no idle day ashore.",
        source: "design: who sails for two months of summer rests four of winter undiminished",
    },
];
