//! What comes far, or is worth its weight.

use super::{Good, GoodId};

pub(super) const PEPPER: Good = Good {
    id: GoodId::Pepper,
    name: "pepper",
    latin: "piper",
    english: "black pepper",
    italian: "pepe nero",
    unit_english: "sack of 100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 33_000,
    cost_asses: 900,
    worth_asses: 6_400,
    demand_units: 2,
    spoils_ppm_per_day: 100,
    source: "Pliny NH 12.28: 4 denarii a pound in Rome; a small part of it in India, Pliny NH 6.101",
};

pub(super) const INCENSE: Good = Good {
    id: GoodId::Incense,
    name: "incense",
    latin: "tus",
    english: "frankincense",
    italian: "incenso",
    unit_english: "sack of 100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 33_000,
    cost_asses: 1_300,
    worth_asses: 8_000,
    demand_units: 2,
    spoils_ppm_per_day: 20,
    source: "Pliny NH 12.65: 3 to 6 denarii a pound",
};

pub(super) const PURPLE: Good = Good {
    id: GoodId::Purple,
    name: "purple",
    latin: "purpura",
    english: "purple wool",
    italian: "lana purpurea",
    unit_english: "10 pounds",
    unit_latin: "decempondium",
    unit_grams: 3_400,
    cost_asses: 8_000,
    worth_asses: 20_000,
    demand_units: 1,
    spoils_ppm_per_day: 5,
    source: "Pliny NH 9.137: 100 denarii the pound, double-dyed Tyrian above 1,000; Edict on Prices 24",
};

pub(super) const SILK: Good = Good {
    id: GoodId::Silk,
    name: "silk",
    latin: "serica",
    english: "silk",
    italian: "seta",
    unit_english: "10 pounds",
    unit_latin: "decempondium",
    unit_grams: 3_400,
    cost_asses: 6_000,
    worth_asses: 26_000,
    demand_units: 1,
    spoils_ppm_per_day: 5,
    source: "Edict on Prices 23.1: 12,000 denarii a pound; Periplus 39, 49, 56, 64",
};

pub(super) const AMBER: Good = Good {
    id: GoodId::Amber,
    name: "amber",
    latin: "sucinum",
    english: "amber",
    italian: "ambra",
    unit_english: "10 pounds",
    unit_latin: "decempondium",
    unit_grams: 3_400,
    cost_asses: 1_000,
    worth_asses: 4_500,
    demand_units: 1,
    spoils_ppm_per_day: 0,
    source: "Pliny NH 37.45-49",
};
