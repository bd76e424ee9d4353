//! The goods: unit, mass, how they keep, and the two prices that anchor supply and demand.
//!
//! `cost` is what makers ask where a good is plentiful, `worth` what townspeople ordinarily give; the
//! price of a place lies where the map puts it between the two, or beyond. A unit is what a dock
//! hand carries, chosen so that a price is many asses and whole asses are fine enough. Prices are of
//! the middle of the second century, by the ratios of Diocletian's edict, papyri and authors.
//! New goods go to the end: histories are hashed in this order.

mod food;
mod luxuries;
mod metals;
mod wares;

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
    Barley,
    WineOld,
    WineNoble,
    Salt,
    SaltFish,
    Honey,
    Figs,
    Linen,
    Hides,
    Timber,
    Glass,
    Amphorae,
    Marble,
    Iron,
    Copper,
    Lead,
    Silver,
    Purple,
    Silk,
    Amber,
    Books,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Good {
    pub id: GoodId,
    pub name: &'static str,
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
    /// What a day aboard spoils, breaks or lets rats have, in harbour or at sea, millionths.
    pub spoils_ppm_per_day: i64,
    pub source: &'static str,
}

impl GoodId {
    pub const COUNT: usize = 31;
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
        Self::Barley,
        Self::WineOld,
        Self::WineNoble,
        Self::Salt,
        Self::SaltFish,
        Self::Honey,
        Self::Figs,
        Self::Linen,
        Self::Hides,
        Self::Timber,
        Self::Glass,
        Self::Amphorae,
        Self::Marble,
        Self::Iron,
        Self::Copper,
        Self::Lead,
        Self::Silver,
        Self::Purple,
        Self::Silk,
        Self::Amber,
        Self::Books,
    ];

    pub const fn index(self) -> usize {
        self as usize
    }

    pub const fn as_str(self) -> &'static str {
        self.good().name
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|good| good.as_str() == id)
    }

    pub const fn good(self) -> &'static Good {
        &GOODS[self as usize]
    }
}

pub const GOODS: [Good; GoodId::COUNT] = [
    food::WHEAT,
    food::WINE,
    food::OIL,
    food::GARUM,
    wares::WOOL,
    wares::POTTERY,
    wares::PAPYRUS,
    metals::TIN,
    luxuries::PEPPER,
    luxuries::INCENSE,
    food::BARLEY,
    food::WINE_OLD,
    food::WINE_NOBLE,
    food::SALT,
    food::SALT_FISH,
    food::HONEY,
    food::FIGS,
    wares::LINEN,
    wares::HIDES,
    wares::TIMBER,
    wares::GLASS,
    wares::AMPHORAE,
    wares::MARBLE,
    metals::IRON,
    metals::COPPER,
    metals::LEAD,
    metals::SILVER,
    luxuries::PURPLE,
    luxuries::SILK,
    luxuries::AMBER,
    wares::BOOKS,
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
            assert_eq!(serde_json::to_value(good.id).unwrap(), good.name);
            assert!(0 < good.cost_asses && good.cost_asses < good.worth_asses);
        }
        assert_eq!(GoodId::from_id("gold"), None);
    }
}
