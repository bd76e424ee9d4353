//! No loop over several harbours makes money without time, and whoever gains at sea has borne its risk.
//!
//! Thousands of strategies are played out by the rules on a small world with a real chart: they buy, sail, sell,
//! store, borrow, charter, rest, and ask friends, in any order. Between two steps that take time nothing may be
//! gained; a yardstick that is never too short says what could have been had before, and real commands turn all to
//! coin after it.

use crate::{
    egypt::{cells, place as town},
    world::{START, enrol, place, provisioned},
};
use otivm_rules::{
    At, Chance, Command, Fact, GoodId, Life, Moment, PlaceId, Refuge, State, VoyagePlan, World,
    calendar::Date,
    decide::{resale_asses, villa_resale_asses},
    fact::{Side, Way},
    life::DecideError,
    market::{Quote, Transport, towns},
    parameters::ParameterId,
    proof, ships,
    time::{DAY_US, SECOND_US},
};
use otivm_travel::{Chart, Navigator, ShipType};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::{collections::HashMap, num::NonZeroUsize, sync::Arc};

/// From Italy to Egypt, and a harbour between them.
const PORTS: [&str; 3] = ["ostia", "alexandria", "paraetonium"];
/// Few goods, so that what is bought is often sold, stored and fetched again; one of them does not keep.
const GOODS: [GoodId; 5] =
    [GoodId::Wheat, GoodId::Wine, GoodId::Papyrus, GoodId::Figs, GoodId::Silk];
const STRATEGIES: usize = 3_000;
const STEPS: usize = 28;

#[derive(Clone, Debug)]
enum Step {
    Order(Command),
    /// Thousandths of what the purse, or the hold, is good for.
    Trade(Side, GoodId, i64),
    Sail(usize),
    /// Sells all, lades what gains most between here and there, and sails.
    Carry(usize),
    /// And as many asses.
    Borrow(usize, i64),
    Days(i64),
}

/// Every voyage between the harbours, by the chart of their world.
struct Sea {
    world: World,
    plans: HashMap<(PlaceId, PlaceId, ShipType), Vec<VoyagePlan>>,
}

impl Sea {
    fn drawn() -> Self {
        let ports = [
            town("ostia", 41.1, 14.3, 1, 300_000),
            town("alexandria", 31.05, 30.0, 1, 400_000),
            town("paraetonium", 31.05, 28.0, 3, 20_000),
        ];
        let (cells, two) = (cells(), NonZeroUsize::new(2).unwrap());
        let chart = Arc::new(Chart::new(&cells));
        let transport = Transport::over(&chart, &ports, two).unwrap();
        let world = World::new(towns(&ports, &cells, &transport, two).unwrap());
        let mut navigator = Navigator::new(chart);
        let mut plans = HashMap::new();
        for (from, to, ship) in ports.iter().flat_map(|from| {
            let ways = move |to| ShipType::ALL.map(|ship| (from, to, ship));
            ports.iter().filter(move |to| to.id != from.id).flat_map(ways)
        }) {
            let year = navigator.months(from.water_zone.unwrap(), to.water_zone.unwrap(), ship);
            let plan = |route| VoyagePlan::from_route(from, to, ship, route).unwrap();
            let year = year.unwrap().iter().map(plan).collect();
            plans.insert((place(&from.id), place(&to.id), ship), year);
        }
        Self { world, plans }
    }

    fn plan(&self, state: &State, to: usize, now: At) -> Option<VoyagePlan> {
        let ship = state.ship.as_ref()?.ship;
        let year = self.plans.get(&(state.place()?.clone(), place(PORTS[to]), ship))?;
        let month = Date::of(state.world_time(now)).month;
        Some(year[usize::from(month) - 1].clone())
    }
}

#[derive(Clone)]
struct Player<'a> {
    sea: &'a Sea,
    life: Life,
    moments: Vec<Moment>,
    now: At,
    /// What the next voyage's chances are drawn from.
    dice: u8,
}

/// What was there when the clock last moved.
struct Anchor {
    place: PlaceId,
    now: At,
    /// Never less than could have been made of it then.
    worth_asses: i64,
    voyages: usize,
}

impl<'a> Player<'a> {
    fn begun(sea: &'a Sea, dice: u8) -> Self {
        let (life, moments) = provisioned();
        let mut player = Self { sea, life, moments, now: START.plus(SECOND_US), dice };
        player.act(&enrol()).unwrap();
        // Within everybody's reach.
        let villa = Fact::Parameter(ParameterId::VillaPrice, 1_000);
        player.take(player.life.record(&[villa], None, player.now).unwrap());
        player
    }

    fn state(&self) -> &State {
        self.life.state()
    }

    fn take(&mut self, moments: Vec<Moment>) {
        self.life.commit(&moments).unwrap();
        self.moments.extend(moments);
    }

    fn act(&mut self, command: &Command) -> Result<(), ()> {
        self.now = self.now.plus(1);
        self.take(self.life.settle(self.now).unwrap());
        self.dice = self.dice.wrapping_mul(5).wrapping_add(3);
        let (chance, world) = (Chance { seed: [self.dice; 16] }, &self.sea.world);
        match self.life.decide(command, None, world, self.now, chance) {
            Ok(moments) => {
                self.take(moments);
                Ok(())
            }
            Err(DecideError::Refused(_)) => Err(()),
            Err(DecideError::Canonical(error)) => unreachable!("{error}"),
        }
    }

    /// Until then, and away from the end of a market's window, which a strategy of microseconds must not cross.
    fn wait(&mut self, until: At) {
        let clock = self.state().parameters.clock();
        let end = clock.window_end(clock.window(until));
        let near = end.0 - until.0 < 1_000;
        self.now = if near { end.plus(1) } else { until };
        self.take(self.life.settle(self.now).unwrap());
    }

    fn quote(&self, good: GoodId) -> Option<Quote> {
        let world = &self.sea.world;
        let town = world.town(self.state().place()?)?;
        Quote::of(self.state(), world, town, good, self.now)
    }

    /// Whether it was a step at all.
    fn step(&mut self, step: &Step) -> bool {
        match step {
            Step::Order(command) => self.act(command).is_ok(),
            Step::Trade(side, good, permille) => {
                let Some(quote) = self.quote(*good) else { return false };
                let whole = match side {
                    Side::Buy => self.state().purse() / quote.buy(1).total_asses.max(1),
                    Side::Sell => self.state().units_aboard(*good),
                };
                let ship = self.state().ship.as_ref();
                let hold = ship.map_or(0, |ship| ships::hull(ship.ship).capacity_grams);
                let room = (hold - self.state().cargo_grams()) / good.good().unit_grams;
                let most = if *side == Side::Buy { room } else { i64::MAX };
                let units = (whole * permille / 1000).min(quote.available(*side)).min(most).max(1);
                self.act(&Command::Trade { side: *side, good: *good, units }).is_ok()
            }
            Step::Sail(to) => {
                let plan = self.sea.plan(self.state(), *to, self.now);
                let sailed = plan.is_some_and(|plan| self.act(&Command::Depart(plan)).is_ok());
                if let Some(voyage) = self.state().voyage() {
                    self.wait(voyage.arrives_at.plus(1));
                }
                sailed
            }
            Step::Carry(to) => {
                self.sell_all();
                if let Some(good) = self.worth_carrying(*to) {
                    self.step(&Step::Trade(Side::Buy, good, 800));
                }
                self.step(&Step::Sail(*to))
            }
            Step::Borrow(to, principal_asses) => {
                let plan = self.sea.plan(self.state(), *to, self.now);
                let principal_asses = *principal_asses;
                let borrow = plan.map(|plan| Command::Borrow { principal_asses, plan });
                borrow.is_some_and(|borrow| self.act(&borrow).is_ok())
            }
            Step::Days(days) => {
                let clock = self.state().parameters.clock();
                self.wait(self.now.plus(clock.real_duration(days * DAY_US)));
                true
            }
        }
    }

    /// The good whose price there is the most beyond its price here.
    fn worth_carrying(&self, to: usize) -> Option<GoodId> {
        let here = self.sea.world.town(self.state().place()?)?;
        let there = self.sea.world.town(&place(PORTS[to]))?;
        let permille = |good: &GoodId| {
            let [here, there] = [here, there].map(|town| town.stalls[good.index()].base_milliasses);
            there * 1000 / here.max(1)
        };
        GOODS.into_iter().filter(|good| self.quote(*good).is_some()).max_by_key(permille)
    }

    /// The ship, less what is owed.
    fn credit(&self) -> i64 {
        let (state, parameters) = (self.state(), &self.state().parameters);
        let ship = state.ship.as_ref().map_or(0, |ship| resale_asses(parameters, ship));
        ship - state.loan.as_ref().map_or(0, |loan| loan.owed_asses(self.now, parameters))
    }

    /// Never less than can be made of everything here without time: all sold at once, and nothing paid for storing.
    fn worth_asses(&self) -> i64 {
        let state = self.state();
        let here = state.place().unwrap();
        let sold = |good: GoodId| {
            let stored = state.stores.get(&(here.clone(), good)).map_or(0, |stock| stock.lot.units);
            let quote = self.quote(good)?;
            let units = (state.units_aboard(good) + stored).min(quote.available_sell);
            let price = quote.sell(units);
            Some((price.total_asses - price.toll_asses).max(0))
        };
        let villas = |villa| villa_resale_asses(&state.parameters, villa).0;
        let villas = state.villas.values().map(villas).sum::<i64>();
        state.purse() + self.credit() + villas + GOODS.into_iter().filter_map(sold).sum::<i64>()
    }

    fn sell_all(&mut self) {
        for good in GOODS {
            self.sell(good);
        }
    }

    fn sell(&mut self, good: GoodId) {
        if let Some(quote) = self.quote(good) {
            let units = self.state().units_aboard(good).min(quote.available_sell);
            // Refused where there is nothing.
            let _refused = self.act(&Command::Trade { side: Side::Sell, good, units });
        }
    }

    /// What is left when all that can be sold here is sold.
    fn in_coin(&self) -> i64 {
        let mut end = self.clone();
        // Each is refused where there is nothing of the kind.
        let _refused = end.act(&Command::EndOtium);
        for place in PORTS.map(place) {
            let _refused = end.act(&Command::SellVilla { place });
        }
        for ship in [ShipType::CorbitaMaior, ShipType::CorbitaMinor, ShipType::Actuaria] {
            let _refused = end.act(&Command::Charter { ship });
        }
        end.sell_all();
        let here = end.state().place().unwrap().clone();
        for good in GOODS {
            let key = (here.clone(), good);
            let stored = end.state().stores.get(&key).map_or(0, |stock| stock.lot.units);
            let ship = end.state().ship.as_ref();
            let hold = ship.map_or(0, |ship| ships::hull(ship.ship).capacity_grams);
            let room = (hold - end.state().cargo_grams()) / good.good().unit_grams;
            let fetch = Command::Store { way: Way::Out, good, units: stored.min(room) };
            if end.act(&fetch).is_ok() {
                end.sell(good);
            }
        }
        end.state().purse() + end.credit()
    }

    fn anchor(&self) -> Anchor {
        let voyages = self.moments.iter().filter(|moment| moment.name == "depart").count();
        let (place, now) = (self.state().place().unwrap().clone(), self.now);
        Anchor { place, now, worth_asses: self.worth_asses(), voyages }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let good = || (0..GOODS.len()).prop_map(|index| GOODS[index]);
    let port = || 0..PORTS.len();
    let ship = || (0..ShipType::ALL.len()).prop_map(|index| ShipType::ALL[index]);
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let way = prop_oneof![Just(Way::In), Just(Way::Out)];
    let order = prop_oneof![
        4 => (way, good(), 1..300_i64)
            .prop_map(|(way, good, units)| Command::Store { way, good, units }),
        2 => Just(Command::Repay),
        1 => (1..30_i64).prop_map(|wear_permille| Command::Repair { wear_permille }),
        1 => ship().prop_map(|ship| Command::BuyShip { ship, name: "Isis".to_owned() }),
        1 => Just(Command::SellShip),
        2 => ship().prop_map(|ship| Command::Charter { ship }),
        1 => Just(Command::AskFriends),
        1 => Just(Command::BeginOtium { guests: 0 }),
        1 => Just(Command::EndOtium),
        1 => Just(Command::BuyVilla),
        1 => port().prop_map(|index| Command::SellVilla { place: place(PORTS[index]) }),
        1 => Just(Command::MoveOn {
            refuges: vec![Refuge { from: place(PORTS[0]), to: place(PORTS[1]) }]
        }),
    ];
    prop_oneof![
        6 => (side, good(), 1..1001_i64)
            .prop_map(|(side, good, permille)| Step::Trade(side, good, permille)),
        6 => order.prop_map(Step::Order),
        3 => port().prop_map(Step::Sail),
        4 => port().prop_map(Step::Carry),
        2 => (port(), 1..60_000_i64).prop_map(|(to, asses)| Step::Borrow(to, asses)),
        1 => (1..120_i64).prop_map(Step::Days),
    ]
}

/// Plays a strategy; how many steps were done, and how often a harbour was left and come back to with more.
fn play(sea: &Sea, dice: u8, steps: &[Step]) -> (usize, usize) {
    let mut player = Player::begun(sea, dice);
    let mut anchors = vec![player.anchor()];
    let (mut done, mut gains, mut gifts) = (0, 0, 0);
    for (number, step) in steps.iter().enumerate() {
        let before = player.now;
        let owed = player.credit();
        done += usize::from(player.step(step));
        if matches!(step, Step::Order(Command::AskFriends))
            && let Some(Fact::Relief(relief)) =
                player.moments.last().map(|last| last.fact().unwrap())
        {
            gifts += relief.given_asses + (player.credit() - owed).max(0);
        }
        if player.now.0 - before.0 > 10 {
            anchors.push(player.anchor());
            gifts = 0;
            continue;
        }
        let (after, anchor) = (player.in_coin(), anchors.last().unwrap());
        assert!(
            after <= anchor.worth_asses + gifts,
            "without time {} became {after} by step {number} of {steps:?}",
            anchor.worth_asses
        );
    }
    let last = player.anchor();
    let after = player.in_coin();
    for earlier in &anchors {
        if earlier.place == last.place && after > earlier.worth_asses + gifts {
            assert!(last.now.0 > earlier.now.0 + STEPS as i64, "a gain without time: {steps:?}");
            gains += usize::from(last.voyages > earlier.voyages);
        }
    }
    for moment in &player.moments {
        if let Fact::Departure(departure) = moment.fact().unwrap() {
            assert!(departure.risk_permille > 0, "a voyage without risk: {departure:?}");
            assert!(departure.arrives_at > moment.at.plus(SECOND_US));
        }
    }
    assert_eq!(proof::prove(&player.moments).unwrap(), player.life);
    (done, gains)
}

#[test]
fn no_strategy_over_several_harbours_gains_without_time_or_sails_without_risk() {
    let sea = Sea::drawn();
    let mut runner = TestRunner::deterministic();
    let strategies = prop::collection::vec(step(), STEPS);
    let (mut done, mut gains) = (0, 0);
    for number in 0..STRATEGIES {
        let steps = strategies.new_tree(&mut runner).unwrap().current();
        let (steps, gained) = play(&sea, number as u8, &steps);
        done += steps;
        gains += usize::from(gained > 0);
    }
    assert!(done > STRATEGIES * STEPS / 3, "only {done} steps were not refused");
    assert!(gains > STRATEGIES / 100, "only {gains} strategies gained by their voyages");
}
