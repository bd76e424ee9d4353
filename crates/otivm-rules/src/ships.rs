//! What a ship carries, costs and wears, by the type that the travel engine sails.

use otivm_travel::ShipType;

/// Ships of the fleets of Misenum and Ravenna, from their crews' gravestones (CIL X 3340 ff., XI 40 ff.).
pub const NAMES: [&str; 12] = [
    "Isis",
    "Fides",
    "Concordia",
    "Fortuna",
    "Minerva",
    "Venus",
    "Salus",
    "Victoria",
    "Diana",
    "Ceres",
    "Apollo",
    "Neptunus",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hull {
    pub ship: ShipType,
    pub latin: &'static str,
    pub english: &'static str,
    pub capacity_grams: i64,
    /// Master and hands.
    pub crew: i64,
    pub price_asses: i64,
    /// Wear of hull and gear in a day at sea, millionths of the ship.
    pub wear_ppm_per_day: i64,
    /// A ship of this kind is to be had in harbours of this rank and of higher ones.
    pub harbour_rank: u8,
    pub source: &'static str,
}

pub const HULLS: [Hull; 4] = [
    Hull {
        ship: ShipType::Actuaria,
        latin: "navis actuaria",
        english: "sailing galley",
        capacity_grams: 20_000_000,
        crew: 14,
        price_asses: 96_000,
        wear_ppm_per_day: 700,
        harbour_rank: 5,
        source: "Casson 1995, 159-162",
    },
    Hull {
        ship: ShipType::CorbitaMinor,
        latin: "corbita minor",
        english: "coasting merchantman",
        capacity_grams: 60_000_000,
        crew: 6,
        price_asses: 160_000,
        wear_ppm_per_day: 500,
        harbour_rank: 4,
        source: "Casson 1995, 171: 70 to 80 tons the least of sea-going freighters; Parker 1992",
    },
    Hull {
        ship: ShipType::CorbitaMaior,
        latin: "corbita maior",
        english: "sea-going merchantman",
        capacity_grams: 150_000_000,
        crew: 12,
        price_asses: 480_000,
        wear_ppm_per_day: 450,
        harbour_rank: 3,
        source: "Casson 1995, 171-172: 100 to 150 tons, the size of the Thasian law",
    },
    Hull {
        ship: ShipType::Alexandrina,
        latin: "navis Alexandrina",
        english: "Alexandrian grain ship",
        capacity_grams: 340_000_000,
        crew: 30,
        price_asses: 1_600_000,
        wear_ppm_per_day: 400,
        harbour_rank: 2,
        source: "Casson 1995, 184-189: 340 tons and more in the service of the annona",
    },
];

pub fn hull(ship: ShipType) -> &'static Hull {
    match ship {
        ShipType::Actuaria => &HULLS[0],
        ShipType::CorbitaMinor => &HULLS[1],
        ShipType::CorbitaMaior => &HULLS[2],
        ShipType::Alexandrina => &HULLS[3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ship_has_its_own_hull() {
        for ship in ShipType::ALL {
            assert_eq!(hull(ship).ship, ship);
        }
    }
}
