//! Where snapshots come in: what can be bounded again is, and what is nonsense stays outside.
//!
//! A game node bounds what one player adds; here, where nobody can be told from another, the same bounds
//! hold for a whole node. A row that cannot be is rejected alone; a snapshot that says more than a full
//! house could is rejected whole, because no part of it can be believed.

use super::{goods::Good, pressure, town::Towns};
use otivm_api::{Contribution, Snapshot};
use std::collections::BTreeMap;

/// Seats of a game node, by the owner's design.
pub(crate) const SEATS_MAX: usize = 128;
/// One player's trade in one good at one place in one window: a middling freighter's hold. The game's
/// parameter `contribution_mass` holds players to the same.
pub(crate) const MASS_MAX_GRAMS: i64 = 60_000_000;
/// Rows of a full house: six pairs of place and good and two departures each, as the game's parameters
/// `contribution_trades` and `contribution_departures` have it.
const TRADES_MAX: usize = SEATS_MAX * 6;
const DEPARTURES_MAX: usize = SEATS_MAX * 2;

/// What all nodes together did in a window, without who.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Place and good; sold less bought, millionths of the market's depth.
    pub(crate) pressure: BTreeMap<(String, String), i64>,
    /// From and to.
    pub(crate) departures: BTreeMap<(String, String), i64>,
}

/// What was not counted, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub(crate) rule: &'static str,
    pub(crate) what: String,
}

impl Counted {
    /// Adds one node's window; says what of it was not counted.
    pub(crate) fn add(&mut self, snapshot: &Snapshot, towns: &Towns) -> Vec<Rejected> {
        if let Some(rejected) = too_much(snapshot) {
            return vec![rejected];
        }
        let mut rejected = Vec::new();
        for row in &snapshot.contributions {
            if let Some(rule) = broken_rule(row, towns) {
                rejected.push(Rejected { rule, what: format!("{row:?}") });
                continue;
            }
            match row {
                Contribution::Trade { place, good, net_grams, depth_grams } => {
                    let market = towns.get(place).zip(Good::from_id(good));
                    let depth =
                        market.map_or(1, |(town, good)| town.depth_grams(good, *depth_grams));
                    // 768 rows of 60 tonnes a node are far from the end of 64 bits.
                    *self.pressure.entry((place.clone(), good.clone())).or_default() +=
                        pressure::of(-net_grams, depth);
                }
                Contribution::Departure { from, to } => {
                    *self.departures.entry((from.clone(), to.clone())).or_default() += 1;
                }
            }
        }
        rejected
    }
}

fn too_much(snapshot: &Snapshot) -> Option<Rejected> {
    let is_trade = |row: &&Contribution| matches!(row, Contribution::Trade { .. });
    let trades = snapshot.contributions.iter().filter(is_trade).count();
    let departures = snapshot.contributions.len() - trades;
    let mut rows_of_market = BTreeMap::new();
    for row in &snapshot.contributions {
        if let Contribution::Trade { place, good, .. } = row {
            *rows_of_market.entry((place, good)).or_insert(0_usize) += 1;
        }
    }
    let busiest = rows_of_market.into_values().max().unwrap_or(0);
    let within = trades <= TRADES_MAX && departures <= DEPARTURES_MAX && busiest <= SEATS_MAX;
    (!within).then(|| Rejected {
        rule: "more_than_a_full_house",
        what: format!("{trades} trades, {busiest} of them in one market, {departures} departures"),
    })
}

fn broken_rule(row: &Contribution, towns: &Towns) -> Option<&'static str> {
    match row {
        Contribution::Trade { place, .. } if !towns.contains_key(place) => Some("unknown_place"),
        Contribution::Trade { good, .. } if Good::from_id(good).is_none() => Some("unknown_good"),
        Contribution::Trade { net_grams, .. }
            if net_grams.unsigned_abs() > MASS_MAX_GRAMS.unsigned_abs() =>
        {
            Some("more_than_a_hold")
        }
        Contribution::Departure { from, to }
            if !towns.contains_key(from) || !towns.contains_key(to) =>
        {
            Some("unknown_place")
        }
        Contribution::Departure { from, to } if from == to => Some("voyage_to_nowhere"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::Town;

    fn towns() -> Towns {
        // 20,000 people drink 562 tonnes of wine in two months.
        let town = Town { rank: 3, population: None };
        [("ostia".to_owned(), town), ("gades".to_owned(), town)].into()
    }

    fn trade(place: &str, good: &str, net_grams: i64) -> Contribution {
        let (place, good) = (place.to_owned(), good.to_owned());
        Contribution::Trade { place, good, net_grams, depth_grams: 2_000_000_000 }
    }

    fn departure(from: &str, to: &str) -> Contribution {
        Contribution::Departure { from: from.to_owned(), to: to.to_owned() }
    }

    fn add(contributions: Vec<Contribution>) -> (Counted, Vec<&'static str>) {
        let mut counted = Counted::default();
        let snapshot = Snapshot { window: 1, from: 0, to: 1, contributions };
        let rejected = counted.add(&snapshot, &towns());
        (counted, rejected.into_iter().map(|rejected| rejected.rule).collect())
    }

    #[test]
    fn nonsense_is_rejected_row_by_row_and_the_rest_counts() {
        let (counted, rules) = add(vec![
            departure("ostia", "gades"),
            departure("ostia", "ostia"),
            departure("ostia", "atlantis"),
            trade("atlantis", "wine", 1),
            trade("ostia", "gold", 1),
            trade("ostia", "wine", MASS_MAX_GRAMS + 1),
            trade("ostia", "wine", i64::MIN),
            trade("ostia", "wine", -MASS_MAX_GRAMS),
            trade("ostia", "wine", 500_000),
        ]);
        let expected = [
            "voyage_to_nowhere",
            "unknown_place",
            "unknown_place",
            "unknown_good",
            "more_than_a_hold",
            "more_than_a_hold",
        ];
        assert_eq!(rules, expected);
        let market = ("ostia".to_owned(), "wine".to_owned());
        let route = ("ostia".to_owned(), "gades".to_owned());
        let wanted =
            Counted { pressure: [(market, 29_750)].into(), departures: [(route, 1)].into() };
        assert_eq!(counted, wanted);
    }

    #[test]
    fn a_snapshot_beyond_a_full_house_counts_for_nothing() {
        let nothing = (Counted::default(), vec!["more_than_a_full_house"]);
        assert_eq!(add(vec![trade("ostia", "wine", -1); SEATS_MAX + 1]), nothing);
        assert_eq!(add(vec![departure("ostia", "gades"); DEPARTURES_MAX + 1]), nothing);
        assert_eq!(add(vec![departure("ostia", "gades"); DEPARTURES_MAX]).1, [""; 0]);
    }
}
