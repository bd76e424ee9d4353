//! The ten goods: unit, mass, and the two prices that anchor supply and demand.
//!
//! `cost` is what makers ask where a good is plentiful, `worth` what townspeople ordinarily give; the
//! price of a place lies where the map puts it between the two, or beyond. A unit is what a dock
//! hand carries, chosen so that a price is many asses and whole asses are fine enough.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodId {
    Wheat,
    Wine,
    Oil,
    Garum,
    Wool,
    Pottery,
    Papyrus,
    Tin,
    Pepper,
    Incense,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Good {
    pub id: GoodId,
    pub latin: &'static str,
    pub english: &'static str,
    pub italian: &'static str,
    pub unit_english: &'static str,
    pub unit_latin: &'static str,
    /// With what it is packed in.
    pub unit_grams: i64,
    pub cost_asses: i64,
    pub worth_asses: i64,
    /// What 1,000 townspeople take in a year where the price is `worth`, units.
    pub demand_units: i64,
    pub source: &'static str,
}

impl GoodId {
    pub const COUNT: usize = 10;
    pub const ALL: [Self; Self::COUNT] = [
        Self::Wheat,
        Self::Wine,
        Self::Oil,
        Self::Garum,
        Self::Wool,
        Self::Pottery,
        Self::Papyrus,
        Self::Tin,
        Self::Pepper,
        Self::Incense,
    ];

    pub const fn index(self) -> usize {
        self as usize
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wheat => "wheat",
            Self::Wine => "wine",
            Self::Oil => "oil",
            Self::Garum => "garum",
            Self::Wool => "wool",
            Self::Pottery => "pottery",
            Self::Papyrus => "papyrus",
            Self::Tin => "tin",
            Self::Pepper => "pepper",
            Self::Incense => "incense",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|good| good.as_str() == id)
    }

    pub const fn good(self) -> &'static Good {
        &GOODS[self as usize]
    }
}

pub const GOODS: [Good; GoodId::COUNT] = [
    Good {
        id: GoodId::Wheat,
        latin: "triticum",
        english: "wheat",
        italian: "grano",
        unit_english: "medimnus",
        unit_latin: "medimnus",
        unit_grams: 40_300,
        cost_asses: 42,
        worth_asses: 110,
        demand_units: 5_500,
        source: "8 drachmas an artaba in Egypt, 6 to 8 sesterces a modius in Rome: Rathbone 2009, 299-326; 33 modii a head and year",
    },
    Good {
        id: GoodId::Wine,
        latin: "vinum",
        english: "wine",
        italian: "vino",
        unit_english: "amphora",
        unit_latin: "amphora",
        unit_grams: 45_000,
        cost_asses: 50,
        worth_asses: 120,
        demand_units: 3_800,
        source: "Columella 3.3.10: 300 sesterces a culleus at the farm; Tchernia 1986: 100 litres a head and year",
    },
    Good {
        id: GoodId::Oil,
        latin: "oleum",
        english: "olive oil",
        italian: "olio",
        unit_english: "amphora",
        unit_latin: "amphora",
        unit_grams: 41_000,
        cost_asses: 150,
        worth_asses: 340,
        demand_units: 760,
        source: "Edict on Prices 3.1: three times ordinary wine; Mattingly 1988: 20 litres a head and year",
    },
    Good {
        id: GoodId::Garum,
        latin: "garum",
        english: "fish sauce",
        italian: "garum",
        unit_english: "amphora",
        unit_latin: "amphora",
        unit_grams: 42_000,
        cost_asses: 90,
        worth_asses: 240,
        demand_units: 120,
        source: "Edict on Prices 3.6-7: twice ordinary wine; Curtis 1991",
    },
    Good {
        id: GoodId::Wool,
        latin: "lana",
        english: "wool",
        italian: "lana",
        unit_english: "bale of 100 pounds",
        unit_latin: "centumpondium",
        unit_grams: 32_700,
        cost_asses: 650,
        worth_asses: 1_300,
        demand_units: 40,
        source: "Edict on Prices 25: 25 to 175 denarii a pound against wheat at 100 a modius",
    },
    Good {
        id: GoodId::Pottery,
        latin: "vasa",
        english: "fine pottery",
        italian: "ceramica fine",
        unit_english: "crate of 100 vessels",
        unit_latin: "cista",
        unit_grams: 48_000,
        cost_asses: 140,
        worth_asses: 400,
        demand_units: 25,
        source: "graffiti on vessels, 1 to 20 asses: Darling 1998; Pompeii, CIL IV 4888",
    },
    Good {
        id: GoodId::Papyrus,
        latin: "charta",
        english: "papyrus",
        italian: "papiro",
        unit_english: "chest of 50 rolls",
        unit_latin: "capsa",
        unit_grams: 9_000,
        cost_asses: 480,
        worth_asses: 1_400,
        demand_units: 4,
        source: "2 to 4 drachmas a roll in Egypt: Lewis 1974, 129-134",
    },
    Good {
        id: GoodId::Tin,
        latin: "plumbum album",
        english: "tin",
        italian: "stagno",
        unit_english: "ingot of 100 pounds",
        unit_latin: "centumpondium",
        unit_grams: 32_700,
        cost_asses: 640,
        worth_asses: 1_500,
        demand_units: 3,
        source: "Pliny NH 34.161: 80 denarii the hundred pounds",
    },
    Good {
        id: GoodId::Pepper,
        latin: "piper",
        english: "black pepper",
        italian: "pepe nero",
        unit_english: "sack of 100 pounds",
        unit_latin: "centumpondium",
        unit_grams: 33_000,
        cost_asses: 900,
        worth_asses: 6_400,
        demand_units: 2,
        source: "Pliny NH 12.28: 4 denarii a pound in Rome; a small part of it in India, Pliny NH 6.101",
    },
    Good {
        id: GoodId::Incense,
        latin: "tus",
        english: "frankincense",
        italian: "incenso",
        unit_english: "sack of 100 pounds",
        unit_latin: "centumpondium",
        unit_grams: 33_000,
        cost_asses: 1_300,
        worth_asses: 8_000,
        demand_units: 2,
        source: "Pliny NH 12.65: 3 to 6 denarii a pound",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_its_ids() {
        for (index, good) in GOODS.iter().enumerate() {
            assert_eq!(good.id.index(), index);
            assert_eq!(GoodId::ALL[index], good.id);
            assert_eq!(GoodId::from_id(good.id.as_str()), Some(good.id));
            assert!(0 < good.cost_asses && good.cost_asses < good.worth_asses);
        }
        assert_eq!(GoodId::from_id("silk"), None);
    }
}
