//! What is worn, written on, built with and kept in.

use super::{Good, GoodId};

pub(super) const WOOL: Good = Good {
    id: GoodId::Wool,
    name: "wool",
    latin: "lana",
    english: "wool",
    italian: "lana",
    unit_english: "bale of 100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 32_700,
    cost_asses: 650,
    worth_asses: 1_300,
    demand_units: 40,
    spoils_ppm_per_day: 20,
    source: "Edict on Prices 25: 25 to 175 denarii a pound against wheat at 100 a modius",
};

pub(super) const POTTERY: Good = Good {
    id: GoodId::Pottery,
    name: "pottery",
    latin: "vasa",
    english: "fine pottery",
    italian: "ceramica fine",
    unit_english: "crate of 100 vessels",
    unit_latin: "cista",
    unit_grams: 48_000,
    cost_asses: 140,
    worth_asses: 400,
    demand_units: 25,
    spoils_ppm_per_day: 50,
    source: "graffiti on vessels, 1 to 20 asses: Darling 1998; Pompeii, CIL IV 4888",
};

pub(super) const PAPYRUS: Good = Good {
    id: GoodId::Papyrus,
    name: "papyrus",
    latin: "charta",
    english: "papyrus",
    italian: "papiro",
    unit_english: "chest of 50 rolls",
    unit_latin: "capsa",
    unit_grams: 9_000,
    cost_asses: 480,
    worth_asses: 1_400,
    demand_units: 4,
    spoils_ppm_per_day: 100,
    source: "2 to 4 drachmas a roll in Egypt: Lewis 1974, 129-134",
};

pub(super) const LINEN: Good = Good {
    id: GoodId::Linen,
    name: "linen",
    latin: "lintea",
    english: "linen",
    italian: "lino",
    unit_english: "bale of 50 pounds",
    unit_latin: "quinquagintapondium",
    unit_grams: 17_000,
    cost_asses: 700,
    worth_asses: 1_500,
    demand_units: 25,
    spoils_ppm_per_day: 20,
    source: "Edict on Prices 26: flax 16 to 24 denarii a pound, cloth many times that; Wipszycka 1965",
};

pub(super) const HIDES: Good = Good {
    id: GoodId::Hides,
    name: "hides",
    latin: "coria",
    english: "hides",
    italian: "pelli",
    unit_english: "bale of 10 hides",
    unit_latin: "fascis",
    unit_grams: 220_000,
    cost_asses: 300,
    worth_asses: 700,
    demand_units: 12,
    spoils_ppm_per_day: 100,
    source: "Edict on Prices 8.6: an ox hide 500 denarii, against wheat at 100 a modius",
};

pub(super) const TIMBER: Good = Good {
    id: GoodId::Timber,
    name: "timber",
    latin: "materia",
    english: "timber",
    italian: "legname",
    unit_english: "cartload",
    unit_latin: "vehes",
    unit_grams: 500_000,
    cost_asses: 60,
    worth_asses: 160,
    demand_units: 60,
    spoils_ppm_per_day: 0,
    source: "Edict on Prices 12; Meiggs 1982, 325-370",
};

pub(super) const GLASS: Good = Good {
    id: GoodId::Glass,
    name: "glass",
    latin: "vitrum",
    english: "glass",
    italian: "vetro",
    unit_english: "crate of 100 pounds",
    unit_latin: "centumpondium",
    unit_grams: 45_000,
    cost_asses: 170,
    worth_asses: 450,
    demand_units: 10,
    spoils_ppm_per_day: 100,
    source: "Edict on Prices 16: Judaean 13, Alexandrian 24 denarii a pound",
};

pub(super) const AMPHORAE: Good = Good {
    id: GoodId::Amphorae,
    name: "amphorae",
    latin: "amphorae",
    english: "empty amphorae",
    italian: "anfore vuote",
    unit_english: "ten",
    unit_latin: "decem",
    unit_grams: 200_000,
    cost_asses: 30,
    worth_asses: 80,
    demand_units: 150,
    spoils_ppm_per_day: 100,
    source: "Peacock and Williams 1986, 15-16; Edict on Prices 15.97-101",
};

pub(super) const MARBLE: Good = Good {
    id: GoodId::Marble,
    name: "marble",
    latin: "marmor",
    english: "marble",
    italian: "marmo",
    unit_english: "block",
    unit_latin: "massa",
    unit_grams: 1_000_000,
    cost_asses: 250,
    worth_asses: 700,
    demand_units: 12,
    spoils_ppm_per_day: 0,
    source: "Edict on Prices 33: 40 to 250 denarii a foot; Russell 2013, 33-36",
};

pub(super) const BOOKS: Good = Good {
    id: GoodId::Books,
    name: "books",
    latin: "libri",
    english: "books",
    italian: "libri",
    unit_english: "case of 10 rolls",
    unit_latin: "capsa",
    unit_grams: 5_000,
    cost_asses: 420,
    worth_asses: 1_200,
    demand_units: 2,
    spoils_ppm_per_day: 20,
    source: "Martial 1.117: 5 denarii; 13.3: 4 sesterces, a good profit at 2",
};
