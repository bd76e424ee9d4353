//! No loop makes money without risk or time: thousands of strategies, each played out in one harbour at one moment.
//!
//! A strategy is whatever can be done there, in any order; its yield is what the merchant has when all is turned
//! to coin again and every debt is paid. Only a voyage, or waiting, may bring more than it cost.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Command, Fact, GoodId, State,
    decide::resale_asses,
    fact::{Relief, Side, Way},
    parameters::ParameterId,
    time::SECOND_US,
};
use otivm_travel::ShipType;
use proptest::prelude::*;

/// Few goods, so that what is bought is often sold, stored and fetched again.
const GOODS: [GoodId; 4] = [GoodId::Wheat, GoodId::Wine, GoodId::Silk, GoodId::Books];
const STRATEGIES: u32 = 4_000;

fn step() -> impl Strategy<Value = Command> {
    let good = || (0..GOODS.len()).prop_map(|index| GOODS[index]);
    let ship = || (0..ShipType::ALL.len()).prop_map(|index| ShipType::ALL[index]);
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let way = || prop_oneof![Just(Way::In), Just(Way::Out)];
    prop_oneof![
        6 => (side, good(), 1..120_i64)
            .prop_map(|(side, good, units)| Command::Trade { side, good, units }),
        4 => (way(), good(), 1..120_i64)
            .prop_map(|(way, good, units)| Command::Store { way, good, units }),
        2 => (1..60_000_i64).prop_map(|principal_asses| {
            Command::Borrow { principal_asses, plan: plan("ostia", "carthago", 5) }
        }),
        2 => Just(Command::Repay),
        1 => (1..30_i64).prop_map(|wear_permille| Command::Repair { wear_permille }),
        1 => ship().prop_map(|ship| Command::BuyShip { ship, name: "Isis".to_owned() }),
        1 => Just(Command::SellShip),
        1 => ship().prop_map(|ship| Command::Charter { ship }),
        1 => Just(Command::AskFriends),
        1 => (0..3_i64).prop_map(|guests| Command::BeginOtium { guests }),
        2 => Just(Command::BuyVilla),
        2 => Just(Command::SellVilla { place: place("ostia") }),
        2 => (way(), 1..40_i64).prop_map(|(way, units)| Command::Shelve { way, units }),
        1 => Just(Command::EndOtium),
    ]
}

/// A merchant whose ship has seen a voyage, so that there is wear to mend or to sell.
fn merchant() -> (Story, At) {
    let mut story = Story::begun();
    let villa = Fact::Parameter(ParameterId::VillaPrice, 1_000);
    story.happen(&[villa], START.plus(SECOND_US));
    story.act(&Command::Depart(plan("ostia", "carthago", 20)), START.plus(2 * SECOND_US)).unwrap();
    let there = story.life.state().voyage().unwrap().arrives_at.plus(SECOND_US);
    story.act(&Command::Depart(plan("carthago", "ostia", 20)), there).unwrap();
    let home = story.life.state().voyage().unwrap().arrives_at.plus(SECOND_US);
    story.look(home);
    assert!(story.life.state().ship.as_ref().unwrap().wear_ppm > 0);
    (story, home)
}

/// Sells as much of a good as the dealers take.
fn sell_off(story: &mut Story, good: GoodId, now: At) {
    let mut lot = story.life.state().units_aboard(good);
    while lot > 0 && story.life.state().units_aboard(good) > 0 {
        lot = lot.min(story.life.state().units_aboard(good));
        if story.act(&Command::Trade { side: Side::Sell, good, units: lot }, now).is_err() {
            lot /= 2;
        }
    }
}

/// What is left when all that is here is turned to coin and what is owed is paid, asses.
fn in_coin(story: &Story, now: At) -> i64 {
    let (life, world) = (story.life.clone(), story.world.clone());
    let mut end = Story { life, moments: Vec::new(), world };
    // In otium nothing is sold; where there is none this is refused.
    let _refused = end.act(&Command::EndOtium, now);
    for good in GOODS {
        sell_off(&mut end, good, now);
    }
    let stocks: Vec<_> = end.life.state().stores.clone().into_iter().collect();
    for ((_, good), stock) in stocks {
        let _refused =
            end.act(&Command::Store { way: Way::Out, good, units: stock.lot.units }, now);
        sell_off(&mut end, good, now);
    }
    for (place, villa) in end.life.state().villas.clone() {
        // Whoever sold his ship has none to take them aboard; then they are lost to him, and no gain.
        let take = Command::Shelve { way: Way::Out, units: villa.books.units };
        let _refused = end.act(&take, now);
        sell_off(&mut end, GoodId::Books, now);
        let _refused = end.act(&Command::SellVilla { place }, now);
    }
    worth(end.life.state(), now)
}

fn worth(state: &State, now: At) -> i64 {
    let ship = state.ship.as_ref().map_or(0, |ship| resale_asses(&state.parameters, ship));
    let owed = state.loan.as_ref().map_or(0, |loan| loan.owed_asses(now, &state.parameters));
    state.purse() + ship - owed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(STRATEGIES))]

    #[test]
    fn no_strategy_of_one_moment_makes_money(steps in prop::collection::vec(step(), 1..24)) {
        let (mut story, begun) = merchant();
        let before = worth(story.life.state(), begun);
        let mut done = 0;
        for (turn, step) in (1..).zip(&steps) {
            done += usize::from(story.act(step, begun.plus(turn)).is_ok());
        }
        let after = in_coin(&story, begun.plus(1_000));
        prop_assert!(after <= before, "{done} steps turned {before} asses into {after}");
    }
}

#[test]
fn the_yardstick_sees_a_gain_where_there_is_one() {
    let (mut story, now) = merchant();
    let before = in_coin(&story, now);
    assert_eq!(before, worth(story.life.state(), now));
    let gift =
        Relief { place: place("ostia"), given_asses: 500, gravitas_milli: 0, ceded: Vec::new() };
    story.happen(&[Fact::Relief(gift)], now);
    assert_eq!(in_coin(&story, now.plus(1_000)), before + 500);
}
