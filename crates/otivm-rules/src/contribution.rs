//! What a window's snapshot says of one player: who trades, never who is who.
//!
//! Trades and departures only; summed over the window, so no time is left in it; rounded and cut off,
//! so that no single player can be recognised by an amount or move the whole.

use crate::{
    fact::{Fact, Side},
    goods::GoodId,
    ids::PlaceId,
    market::quote::depth_grams,
    parameters::{ParameterId, Parameters},
    world::World,
};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contribution {
    /// Grams bought less grams sold, and the depth of the market where it was done.
    Trade {
        place: PlaceId,
        good: GoodId,
        net_grams: i64,
        depth_grams: i64,
    },
    Departure {
        from: PlaceId,
        to: PlaceId,
    },
}

/// Of one player's facts in one window; in an order that tells nothing of when they happened. The depth of a market
/// is everybody's, and nobody's secret: a price must not be moved farther by what is told of a trade than by the trade.
pub fn contributions<'a>(
    facts: impl IntoIterator<Item = &'a Fact>,
    parameters: &Parameters,
    world: &World,
) -> Vec<Contribution> {
    let get = |id| parameters.get(id);
    let mut net_grams: BTreeMap<(PlaceId, GoodId), i64> = BTreeMap::new();
    let mut departures: Vec<(PlaceId, PlaceId)> = Vec::new();
    for fact in facts {
        match fact {
            Fact::Trade(trade) => {
                let grams = trade.units.saturating_mul(trade.good.good().unit_grams);
                let sum = net_grams.entry((trade.place.clone(), trade.good)).or_default();
                *sum = match trade.side {
                    Side::Buy => sum.saturating_add(grams),
                    Side::Sell => sum.saturating_sub(grams),
                };
            }
            Fact::Departure(departure) => {
                departures.push((departure.from.clone(), departure.to.clone()));
            }
            _ => {}
        }
    }
    let (most, quantum) =
        (get(ParameterId::ContributionMass), get(ParameterId::ContributionQuantum));
    let mut trades: Vec<_> = net_grams
        .into_iter()
        .map(|((place, good), grams)| (place, good, bounded(grams, most, quantum)))
        .filter(|(_, _, net_grams)| *net_grams != 0)
        .collect();
    trades.sort_by_key(|(place, good, grams)| (-grams.abs(), place.clone(), *good));
    trades.truncate(kept(get(ParameterId::ContributionTrades)));
    departures.sort_unstable();
    departures.truncate(kept(get(ParameterId::ContributionDepartures)));
    let trades = trades.into_iter().map(|(place, good, net_grams)| {
        let stall = world.town(&place).map(|town| town.stalls[good.index()]);
        let depth_grams = stall.map_or(0, |stall| depth_grams(parameters, stall, good));
        Contribution::Trade { place, good, net_grams, depth_grams }
    });
    let departures = departures.into_iter().map(|(from, to)| Contribution::Departure { from, to });
    let mut all: Vec<_> = trades.chain(departures).collect();
    all.sort_unstable();
    all
}

/// Cut off at `most` either way, then rounded towards nothing to a multiple of `quantum`: what is told of a trade is
/// never more than the trade, or a merchant could push a price with words.
fn bounded(grams: i64, most: i64, quantum: i64) -> i64 {
    grams.clamp(-most, most) / quantum * quantum
}

fn kept(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fact::{Departure, JournalEntry, Trade},
        time::{At, Window},
    };
    use otivm_travel::ShipType;

    fn place(id: &str) -> PlaceId {
        id.parse().unwrap()
    }

    fn trade(side: Side, place_id: &str, good: GoodId, units: i64) -> Fact {
        Fact::Trade(Trade {
            side,
            good,
            units,
            place: place(place_id),
            total_asses: 1,
            toll_asses: 1,
            base_milliasses: 1,
            multiplier_permille: 1000,
            season_permille: 1000,
            window: Window(7),
            aboard: None,
        })
    }

    fn departure(to: &str) -> Fact {
        Fact::Departure(Departure {
            from: place("ostia"),
            to: place(to),
            ship: ShipType::Actuaria,
            planned_us: 1,
            pace_permille: 1000,
            arrives_at: At(1),
            distance_m: 1,
            risk_permille: 1,
            dues_asses: 1,
            wages_asses: 1,
            upkeep_asses: 1,
            hire_asses: 0,
            waiting_us: 0,
            path: vec![[0, 0]],
            seed: "00".to_owned(),
            perils: Vec::new(),
            spoiled: Vec::new(),
            carried: Vec::new(),
        })
    }

    fn net(place_id: &str, good: GoodId, net_grams: i64) -> Contribution {
        Contribution::Trade { place: place(place_id), good, net_grams, depth_grams: 0 }
    }

    fn told(facts: &[Fact]) -> Vec<Contribution> {
        contributions(facts, &Parameters::default(), &World::default())
    }

    #[test]
    fn trades_are_summed_rounded_and_cut_off() {
        let facts = [
            trade(Side::Sell, "puteoli", GoodId::Wine, 100),
            trade(Side::Buy, "ostia", GoodId::Wheat, 5),
            trade(Side::Sell, "puteoli", GoodId::Wine, 50),
            trade(Side::Buy, "puteoli", GoodId::Tin, 100_000),
            trade(Side::Sell, "puteoli", GoodId::Oil, 40),
            trade(Side::Buy, "puteoli", GoodId::Oil, 40),
        ];
        // 150 amphorae are 6.75 t; 5 medimni, 0.2 t, are less than a step.
        assert_eq!(
            told(&facts),
            [net("puteoli", GoodId::Wine, -6_500_000), net("puteoli", GoodId::Tin, 60_000_000)]
        );
    }

    #[test]
    fn a_busy_player_counts_for_no_more_than_the_bounds() {
        let mut facts: Vec<Fact> =
            GoodId::ALL.map(|good| trade(Side::Buy, "ostia", good, 1_000)).to_vec();
        facts.extend(["gades", "carthago", "alexandria"].map(departure));
        facts.push(Fact::Journal(JournalEntry { text: "secret".to_owned() }));
        let all = told(&facts);
        let departures =
            all.iter().filter(|one| matches!(one, Contribution::Departure { .. })).count();
        assert_eq!((all.len() - departures, departures), (6, 2));
        assert!(!format!("{all:?}").contains("secret"));
    }

    #[test]
    fn the_order_in_which_things_happened_does_not_show() {
        let mut facts = vec![
            trade(Side::Buy, "ostia", GoodId::Wheat, 500),
            departure("gades"),
            trade(Side::Sell, "gades", GoodId::Wheat, 500),
        ];
        let forward = told(&facts);
        facts.reverse();
        assert_eq!(told(&facts), forward);
    }
}
