//! What is mined.

use super::{Good, GoodId};

pub(super) const TIN: Good = Good {
    id: GoodId::Tin,
    name: "tin",
    latin: "plumbum album",
    english: "tin",
    italian: "stagno",
    unit_english: "ingot of 100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 32_700,
    cost_asses: 640,
    worth_asses: 1_500,
    demand_units: 3,
    spoils_ppm_per_day: 0,
    source: "Pliny NH 34.161: 80 denarii the hundred pounds",
};

pub(super) const IRON: Good = Good {
    id: GoodId::Iron,
    name: "iron",
    latin: "ferrum",
    english: "iron",
    italian: "ferro",
    unit_english: "100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 32_700,
    cost_asses: 130,
    worth_asses: 320,
    demand_units: 45,
    spoils_ppm_per_day: 0,
    source: "Edict on Prices 15, against copper; Cech 2008; Healy 1978: 1.5 kg a head and year",
};

pub(super) const COPPER: Good = Good {
    id: GoodId::Copper,
    name: "copper",
    latin: "aes Cyprium",
    english: "copper",
    italian: "rame",
    unit_english: "ingot of 100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 32_700,
    cost_asses: 450,
    worth_asses: 1_000,
    demand_units: 8,
    spoils_ppm_per_day: 0,
    source: "Edict on Prices 15.66-68: 60 to 75 denarii a pound against wheat at 100 a modius",
};

pub(super) const LEAD: Good = Good {
    id: GoodId::Lead,
    name: "lead",
    latin: "plumbum nigrum",
    english: "lead",
    italian: "piombo",
    unit_english: "pig of 100 pounds",
    unit_latin: "massa plumbea",
    unit_grams: 32_700,
    cost_asses: 70,
    worth_asses: 180,
    demand_units: 20,
    spoils_ppm_per_day: 0,
    source: "Pliny NH 34.161: 7 denarii the hundred pounds; Boulakia 1972",
};

pub(super) const SILVER: Good = Good {
    id: GoodId::Silver,
    name: "silver",
    latin: "argentum",
    english: "silver",
    italian: "argento",
    unit_english: "bar of 10 pounds",
    unit_latin: "decempondium",
    unit_grams: 3_270,
    cost_asses: 9_500,
    worth_asses: 14_000,
    demand_units: 2,
    spoils_ppm_per_day: 0,
    source: "as much coin as is struck of it: 84 to 96 denarii the pound, Pliny NH 33.132, less the mint's share",
};
