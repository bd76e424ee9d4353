//! The rules of the game and the memory of 1103, played together: nobody is paid for waiting in a harbour.

use super::{Counted, Memory, Town as OfRelease, Towns};
use otivm_api::{Contribution, Snapshot};
use otivm_rules::{
    At, Chance, Command, Enrol, Fact, GoodId, Life, World,
    contribution::{self, contributions},
    fact::Side,
    life::head_facts,
    parameters::{ParameterId, Parameters},
    time::SECOND_US,
    world::{Collective, Stall, Town},
};
use proptest::prelude::*;

const PORT: &str = "ostia";
const START: At = At(1_795_392_000 * SECOND_US);

/// One merchant in a harbour without a season, and 1103, which hears of nobody else.
struct Market {
    life: Life,
    world: World,
    memory: Memory,
    towns: Towns,
    now: At,
    /// Of the window that is open.
    facts: Vec<Fact>,
}

impl Market {
    fn of(population: u32, rank: u8, daily_milliunits: i64) -> Self {
        let base = |good: GoodId| good.good().worth_asses * 1000;
        let stalls = GoodId::ALL.map(|good| Stall {
            base_milliasses: base(good),
            daily_milliunits,
            local_permille: 1000,
            harvest_day: None,
        });
        let id = PORT.parse().unwrap();
        let town = Town { id, rank, sea_harbour: true, otium_quality_permille: 500, stalls };
        let mut market = Self {
            life: Life::default(),
            world: World::new([town]),
            memory: Memory::default(),
            towns: [(PORT.to_owned(), OfRelease { rank, population: Some(population) })].into(),
            now: START,
            facts: Vec::new(),
        };
        let parameters = Parameters::default().with(ParameterId::Start, START.0).unwrap();
        let head = market.life.record(&head_facts(&parameters, &[]), None, START).unwrap();
        market.life.commit(&head).unwrap();
        let (ship_name, language) = ("Europa".to_owned(), "la".to_owned());
        let enrol = Enrol { home: PORT.parse().unwrap(), ship_name, language };
        assert!(market.act(&Command::Enrol(enrol)));
        market
    }

    fn purse(&self) -> i64 {
        self.life.state().purse()
    }

    fn act(&mut self, command: &Command) -> bool {
        self.now = self.now.plus(1);
        let chance = Chance { seed: [3; 16] };
        let decided = self.life.decide(command, Some("key"), &self.world, self.now, chance);
        let Ok(moments) = decided else { return false };
        self.facts.extend(moments.iter().map(|moment| moment.fact().unwrap()));
        self.life.commit(&moments).unwrap();
        true
    }

    /// So many units, or as much as the purse, the hold and the market take.
    fn trade(&mut self, side: Side, good: GoodId, units: i64) {
        let mut units = units;
        while units > 0 && !self.act(&Command::Trade { side, good, units }) {
            units /= 2;
        }
    }

    /// The window ends: 1103 derives the next one's prices from what was done in it.
    fn wait(&mut self) {
        let parameters = &self.life.state().parameters;
        let told = contributions(&std::mem::take(&mut self.facts), parameters, &self.world);
        let told = told.into_iter().filter_map(|one| match one {
            contribution::Contribution::Trade { place, good, net_grams, depth_grams } => {
                let (place, good) = (place.into(), good.as_str().to_owned());
                Some(Contribution::Trade { place, good, net_grams, depth_grams })
            }
            contribution::Contribution::Departure { .. } => None,
        });
        let snapshot = Snapshot { window: 1, from: 0, to: 1, contributions: told.collect() };
        let mut counted = Counted::default();
        assert_eq!(counted.add(&snapshot, &self.towns), []);
        self.memory = self.memory.after(&counted, &self.towns);
        let prices = self.memory.prices().into_iter().map(|price| {
            let good = GoodId::ALL.into_iter().find(|good| good.as_str() == price.good).unwrap();
            ((price.place.parse().unwrap(), good), price.multiplier_permille)
        });
        let multiplier_permille = prices.collect();
        self.world.set_collective(Collective { multiplier_permille, ..Collective::default() });
        self.now = self.now.plus(self.life.state().parameters.get(ParameterId::Window));
    }
}

/// Sold a quarter of the hold a window, for as long as there is any.
fn sell_off(market: &mut Market, good: GoodId) {
    for _ in 0..60 {
        let aboard = market.life.state().units_aboard(good);
        market.trade(Side::Sell, good, (aboard / 4).max(aboard.min(5)));
        market.wait();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_merchant_gains_by_pushing_the_prices_of_one_harbour_and_waiting(
        population in 500..60_000_u32,
        rank in 1..=5_u8,
        daily_milliunits in 1..300_000_i64,
        good in prop::sample::select(vec![GoodId::Wheat, GoodId::Pepper, GoodId::Papyrus, GoodId::Timber]),
        steps in prop::collection::vec((any::<bool>(), 1..1_000_i64), 1..14),
    ) {
        let mut market = Market::of(population, rank, daily_milliunits);
        let before = market.purse();
        for (buying, units) in steps {
            market.trade(if buying { Side::Buy } else { Side::Sell }, good, units);
            market.wait();
        }
        sell_off(&mut market, good);
        prop_assert!(market.purse() <= before, "{before} became {}", market.purse());
    }
}

/// What the depths of before gave away: a small port's wheat, bought in one window and sold in the next.
#[test]
fn who_buys_a_small_port_empty_does_not_sell_it_its_own_wheat_at_a_gain() {
    for daily_milliunits in [43_000, 400_000] {
        let mut market = Market::of(2_500, 5, daily_milliunits);
        let before = market.purse();
        market.trade(Side::Buy, GoodId::Wheat, 400);
        market.wait();
        assert!(market.purse() < before && !market.memory.prices().is_empty());
        market.trade(Side::Sell, GoodId::Wheat, market.life.state().units_aboard(GoodId::Wheat));
        assert_eq!(market.life.state().units_aboard(GoodId::Wheat), 0);
        assert!(market.purse() < before, "{before} became {}", market.purse());
    }
}
