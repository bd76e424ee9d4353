//! What is eaten and drunk.

use super::{Good, GoodId};

pub(super) const WHEAT: Good = Good {
    id: GoodId::Wheat,
    name: "wheat",
    latin: "triticum",
    english: "wheat",
    italian: "grano",
    unit_english: "medimnus",
    unit_latin: "medimnus",
    unit_grams: 40_300,
    cost_asses: 42,
    worth_asses: 110,
    demand_units: 5_500,
    spoils_ppm_per_day: 300,
    source: "8 drachmas an artaba in Egypt, 6 to 8 sesterces a modius in Rome: Rathbone 2009, 299-326; 33 modii a head and year",
};

pub(super) const WINE: Good = Good {
    id: GoodId::Wine,
    name: "wine",
    latin: "vinum",
    english: "wine",
    italian: "vino",
    unit_english: "amphora",
    unit_latin: "amphora",
    unit_grams: 45_000,
    cost_asses: 50,
    worth_asses: 120,
    demand_units: 3_800,
    spoils_ppm_per_day: 200,
    source: "Columella 3.3.10: 300 sesterces a culleus at the farm; Tchernia 1986: 100 litres a head and year",
};

pub(super) const OIL: Good = Good {
    id: GoodId::Oil,
    name: "oil",
    latin: "oleum",
    english: "olive oil",
    italian: "olio",
    unit_english: "amphora",
    unit_latin: "amphora",
    unit_grams: 41_000,
    cost_asses: 150,
    worth_asses: 340,
    demand_units: 760,
    spoils_ppm_per_day: 60,
    source: "Edict on Prices 3.1: three times ordinary wine; Mattingly 1988: 20 litres a head and year",
};

pub(super) const GARUM: Good = Good {
    id: GoodId::Garum,
    name: "garum",
    latin: "garum",
    english: "fish sauce",
    italian: "garum",
    unit_english: "amphora",
    unit_latin: "amphora",
    unit_grams: 42_000,
    cost_asses: 90,
    worth_asses: 240,
    demand_units: 120,
    spoils_ppm_per_day: 30,
    source: "Edict on Prices 3.6-7: twice ordinary wine; Curtis 1991",
};

pub(super) const BARLEY: Good = Good {
    id: GoodId::Barley,
    name: "barley",
    latin: "hordeum",
    english: "barley",
    italian: "orzo",
    unit_english: "medimnus",
    unit_latin: "medimnus",
    unit_grams: 34_000,
    cost_asses: 25,
    worth_asses: 66,
    demand_units: 900,
    spoils_ppm_per_day: 300,
    source: "Edict on Prices 1.2: 60 denarii a modius against 100 for wheat",
};

pub(super) const WINE_OLD: Good = Good {
    id: GoodId::WineOld,
    name: "wine_old",
    latin: "vinum vetus",
    english: "aged wine",
    italian: "vino vecchio",
    unit_english: "amphora",
    unit_latin: "amphora",
    unit_grams: 45_000,
    cost_asses: 105,
    worth_asses: 250,
    demand_units: 300,
    spoils_ppm_per_day: 100,
    source: "Edict on Prices 2.8-9: 16 to 24 denarii a sextarius against 8 for rustic wine",
};

pub(super) const WINE_NOBLE: Good = Good {
    id: GoodId::WineNoble,
    name: "wine_noble",
    latin: "vinum nobile",
    english: "noble wine",
    italian: "vino nobile",
    unit_english: "amphora",
    unit_latin: "amphora",
    unit_grams: 45_000,
    cost_asses: 210,
    worth_asses: 500,
    demand_units: 60,
    spoils_ppm_per_day: 50,
    source: "Edict on Prices 2.1-7: Falernian and its like 30 denarii a sextarius against 8; CIL IV 1679: four times the common cup",
};

pub(super) const SALT: Good = Good {
    id: GoodId::Salt,
    name: "salt",
    latin: "sal",
    english: "salt",
    italian: "sale",
    unit_english: "medimnus",
    unit_latin: "medimnus",
    unit_grams: 60_000,
    cost_asses: 20,
    worth_asses: 70,
    demand_units: 100,
    spoils_ppm_per_day: 50,
    source: "Edict on Prices 3.8: 100 denarii a modius, as wheat, inland; Livy 29.37: a sextans the pound in Rome",
};

pub(super) const SALT_FISH: Good = Good {
    id: GoodId::SaltFish,
    name: "salt_fish",
    latin: "salsamentum",
    english: "salt fish",
    italian: "pesce salato",
    unit_english: "jar of 90 pounds",
    unit_latin: "cadus",
    unit_grams: 32_000,
    cost_asses: 60,
    worth_asses: 160,
    demand_units: 100,
    spoils_ppm_per_day: 400,
    source: "Edict on Prices 5.5: 6 denarii a pound; Curtis 1991",
};

pub(super) const HONEY: Good = Good {
    id: GoodId::Honey,
    name: "honey",
    latin: "mel",
    english: "honey",
    italian: "miele",
    unit_english: "urna",
    unit_latin: "urna",
    unit_grams: 20_000,
    cost_asses: 125,
    worth_asses: 300,
    demand_units: 60,
    spoils_ppm_per_day: 5,
    source: "Edict on Prices 3.10-11: 24 to 40 denarii a sextarius against 8 for rustic wine",
};

pub(super) const FIGS: Good = Good {
    id: GoodId::Figs,
    name: "figs",
    latin: "caricae",
    english: "dried figs",
    italian: "fichi secchi",
    unit_english: "basket",
    unit_latin: "cista",
    unit_grams: 20_000,
    cost_asses: 22,
    worth_asses: 60,
    demand_units: 300,
    spoils_ppm_per_day: 800,
    source: "Edict on Prices 6.78-84: 25 Carian figs for 4 denarii",
};
