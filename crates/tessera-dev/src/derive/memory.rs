//! What is remembered from window to window.

use super::{
    crowd::{self, SATURATION_NEUTRAL},
    door::Counted,
    goods::Good,
    pressure::{self, MULTIPLIER_NEUTRAL},
    town::Towns,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Markets and routes that are not at rest. What is not in here is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Rows", into = "Rows")]
pub(crate) struct Memory {
    /// Place and good; millionths of the market's depth.
    pressure: BTreeMap<(String, String), i64>,
    /// From and to; thousandths of a departure.
    load: BTreeMap<(String, String), i64>,
}

/// A price that players have moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PriceNow {
    pub(crate) place: String,
    pub(crate) good: String,
    pub(crate) multiplier_permille: i64,
}

/// A route that has been sailed of late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RouteNow {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) saturation_permille: i64,
}

impl Memory {
    /// The memory after one more window. Places that the release no longer has are forgotten.
    pub(crate) fn after(&self, counted: &Counted, towns: &Towns) -> Self {
        let mut next = Self::default();
        for key in self.pressure.keys().chain(counted.pressure.keys()) {
            if !towns.contains_key(&key.0) || Good::from_id(&key.1).is_none() {
                continue;
            }
            let before = self.pressure.get(key).copied().unwrap_or(0);
            let added = counted.pressure.get(key).copied().unwrap_or(0);
            let now = pressure::after(before, added);
            if now != 0 {
                next.pressure.insert(key.clone(), now);
            }
        }
        for key in self.load.keys().chain(counted.departures.keys()) {
            let (Some(from), Some(to)) = (towns.get(&key.0), towns.get(&key.1)) else {
                continue;
            };
            let before = self.load.get(key).copied().unwrap_or(0);
            let departures = counted.departures.get(key).copied().unwrap_or(0);
            let now = crowd::after(before, departures, from.berths().min(to.berths()));
            if now != 0 {
                next.load.insert(key.clone(), now);
            }
        }
        next
    }

    /// Prices that differ from those without players, by place and good.
    pub(crate) fn prices(&self) -> Vec<PriceNow> {
        self.pressure
            .iter()
            .map(|((place, good), pressure)| PriceNow {
                place: place.clone(),
                good: good.clone(),
                multiplier_permille: pressure::multiplier_permille(*pressure),
            })
            .filter(|price| price.multiplier_permille != MULTIPLIER_NEUTRAL)
            .collect()
    }

    /// Routes that are not empty, by from and to.
    pub(crate) fn routes(&self, towns: &Towns) -> Vec<RouteNow> {
        let berths = |place: &str| towns.get(place).map_or(1, |town| town.berths());
        self.load
            .iter()
            .map(|((from, to), load)| RouteNow {
                from: from.clone(),
                to: to.clone(),
                saturation_permille: crowd::saturation_permille(
                    *load,
                    berths(from).min(berths(to)),
                ),
            })
            .filter(|route| route.saturation_permille != SATURATION_NEUTRAL)
            .collect()
    }
}

/// As it is stored: rows, because JSON's keys are text.
#[derive(Serialize, Deserialize)]
struct Rows {
    pressure: Vec<(String, String, i64)>,
    load: Vec<(String, String, i64)>,
}

impl From<Rows> for Memory {
    fn from(rows: Rows) -> Self {
        let map = |rows: Vec<(String, String, i64)>| {
            rows.into_iter().map(|(first, second, value)| ((first, second), value)).collect()
        };
        Self { pressure: map(rows.pressure), load: map(rows.load) }
    }
}

impl From<Memory> for Rows {
    fn from(memory: Memory) -> Self {
        let rows = |map: BTreeMap<(String, String), i64>| {
            map.into_iter().map(|((first, second), value)| (first, second, value)).collect()
        };
        Self { pressure: rows(memory.pressure), load: rows(memory.load) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::{Town, door::MASS_MAX_GRAMS};
    use otivm_api::{Contribution, Snapshot};
    use proptest::prelude::*;

    fn towns() -> Towns {
        let town = |rank, population| Town { rank, population: Some(population) };
        [("puteoli", town(2, 40_000)), ("ostia", town(2, 50_000)), ("abydus", town(5, 5_000))]
            .map(|(id, town)| (id.to_owned(), town))
            .into()
    }

    fn trade(place: &str, good: &str, net_grams: i64) -> Contribution {
        let (place, good) = (place.to_owned(), good.to_owned());
        Contribution::Trade { place, good, net_grams, depth_grams: 0 }
    }

    fn counted(contributions: Vec<Contribution>) -> Counted {
        let snapshot = Snapshot { window: 1, from: 0, to: 1, contributions };
        let mut counted = Counted::default();
        assert_eq!(counted.add(&snapshot, &towns()), []);
        counted
    }

    #[test]
    fn a_flood_of_wine_lowers_its_price_there_alone_and_the_price_recovers() {
        let flood = counted(vec![trade("puteoli", "wine", -MASS_MAX_GRAMS)]);
        let mut memory = Memory::default().after(&flood, &towns());
        let price = |memory: &Memory| memory.prices().first().map(|p| p.multiplier_permille);
        assert_eq!(
            memory.prices(),
            [PriceNow {
                place: "puteoli".to_owned(),
                good: "wine".to_owned(),
                multiplier_permille: 948
            }]
        );
        let mut last = price(&memory);
        let mut windows = 0;
        while !memory.prices().is_empty() {
            memory = memory.after(&Counted::default(), &towns());
            assert!(price(&memory).unwrap_or(1000) >= last.unwrap());
            last = price(&memory).or(last);
            windows += 1;
        }
        assert_eq!(windows, 45);
    }

    #[test]
    fn what_players_buy_up_becomes_dearer_and_a_busy_route_fills() {
        let departures =
            vec![Contribution::Departure { from: "ostia".to_owned(), to: "abydus".to_owned() }; 2];
        let bought = vec![trade("abydus", "oil", MASS_MAX_GRAMS)];
        let window = counted(departures.into_iter().chain(bought).collect());
        let memory = Memory::default().after(&window, &towns());
        assert_eq!(
            (memory.prices(), memory.routes(&towns())),
            (
                vec![PriceNow {
                    place: "abydus".to_owned(),
                    good: "oil".to_owned(),
                    multiplier_permille: 2000
                }],
                vec![RouteNow {
                    from: "ostia".to_owned(),
                    to: "abydus".to_owned(),
                    saturation_permille: 1250
                }]
            )
        );
    }

    fn contribution() -> impl Strategy<Value = Contribution> {
        let place = || prop::sample::select(vec!["puteoli", "ostia", "abydus"]);
        prop_oneof![
            (place(), prop::sample::select(GOOD_IDS.to_vec()), -MASS_MAX_GRAMS..=MASS_MAX_GRAMS)
                .prop_map(|(place, good, grams)| trade(place, good, grams)),
            (place(), place()).prop_filter_map("a voyage goes somewhere", |(from, to)| {
                (from != to).then(|| Contribution::Departure { from: from.into(), to: to.into() })
            }),
        ]
    }
    const GOOD_IDS: [&str; 3] = ["wheat", "wine", "pepper"];

    proptest! {
        #[test]
        fn the_order_and_the_number_of_nodes_change_nothing(
            rows in prop::collection::vec(contribution(), 0..60), split in 0_usize..60,
        ) {
            let one = Memory::default().after(&counted(rows.clone()), &towns());
            let (first, second) = rows.split_at(split.min(rows.len()));
            let mut two = Counted::default();
            for part in [second, first] {
                let contributions = part.iter().rev().cloned().collect();
                two.add(&Snapshot { window: 1, from: 0, to: 1, contributions }, &towns());
            }
            prop_assert_eq!(one, Memory::default().after(&two, &towns()));
        }

        #[test]
        fn everything_stays_in_its_bounds_survives_storage_and_comes_to_rest(
            windows in prop::collection::vec(prop::collection::vec(contribution(), 0..40), 1..8),
        ) {
            let mut memory = Memory::default();
            for window in windows {
                memory = memory.after(&counted(window), &towns());
                for price in memory.prices() {
                    prop_assert!((500..=2000).contains(&price.multiplier_permille));
                    prop_assert_ne!(price.multiplier_permille, 1000);
                }
                for route in memory.routes(&towns()) {
                    prop_assert!((1001..=2000).contains(&route.saturation_permille));
                }
                let stored = serde_json::to_string(&memory).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Memory>(&stored).unwrap(), &memory);
            }
            for _window in 0..200 {
                memory = memory.after(&Counted::default(), &towns());
            }
            prop_assert_eq!(memory, Memory::default());
        }
    }
}
