//! Quotes and their reasons.

use crate::world::{START, Story, place};
use otivm_rules::{
    Command, GoodId, World,
    fact::Side,
    market::{Quote, QuoteReason},
    time::SECOND_US,
    world::Collective,
};
use std::collections::BTreeMap;

fn quote(story: &Story, world: &World, good: GoodId, seconds: i64) -> Quote {
    let town = world.town(&place("ostia")).unwrap();
    Quote::of(story.life.state(), world, town, good, START.plus(seconds * SECOND_US)).unwrap()
}

#[test]
fn the_more_one_buys_the_dearer_the_next_unit() {
    let mut story = Story::begun();
    let world = story.world.clone();
    let before = quote(&story, &world, GoodId::Wine, 2);
    let buy = Command::Trade { side: Side::Buy, good: GoodId::Wine, units: 200 };
    story.act(&buy, START.plus(2 * SECOND_US)).unwrap();
    let after = quote(&story, &world, GoodId::Wine, 3);
    assert!(after.buy(1).total_asses > before.buy(1).total_asses);
    assert_eq!(after.net_units, 200);
    assert_eq!(after.available_buy, before.available_buy - 200);
    // 40 a day for six days move the price by a tenth: 200 by 83 thousandths.
    assert!(after.reasons().contains(&QuoteReason::Slippage { permille: 83 }));
    let next_window = quote(&story, &world, GoodId::Wine, 2 + 300);
    assert_eq!(next_window, before);
}

#[test]
fn what_was_bought_in_an_old_window_does_not_weigh_on_a_new_one() {
    let mut story = Story::begun();
    let world = story.world.clone();
    let before = quote(&story, &world, GoodId::Wine, 2);
    let buy = |good| Command::Trade { side: Side::Buy, good, units: 100 };
    story.act(&buy(GoodId::Wine), START.plus(2 * SECOND_US)).unwrap();
    story.act(&buy(GoodId::Wheat), START.plus(302 * SECOND_US)).unwrap();
    assert_eq!(quote(&story, &world, GoodId::Wine, 303), before);
    assert_eq!(quote(&story, &world, GoodId::Wheat, 303).net_units, 100);
}

#[test]
fn the_collective_moves_every_price_of_its_place_within_bounds() {
    let story = Story::begun();
    let before = quote(&story, &story.world, GoodId::Wine, 2);
    let at = |permille| {
        let multiplier_permille = BTreeMap::from([((place("ostia"), GoodId::Wine), permille)]);
        let collective = Collective { multiplier_permille, ..Collective::default() };
        let world = story.world.clone().with_collective(collective);
        quote(&story, &world, GoodId::Wine, 2)
    };
    let flooded = at(800);
    assert_eq!(flooded.middle_milliasses, before.middle_milliasses * 8 / 10);
    assert!(flooded.reasons().contains(&QuoteReason::Collective { permille: 800 }));
    assert_eq!(at(1).multiplier_permille, 400);
    assert_eq!(at(1_000_000).multiplier_permille, 2500);
}

#[test]
fn a_market_says_when_it_has_no_more() {
    let mut story = Story::begun();
    let available = quote(&story, &story.world, GoodId::Pottery, 2).available_sell;
    let sell = |units| Command::Trade { side: Side::Sell, good: GoodId::Pottery, units };
    assert_eq!(story.act(&sell(1), START.plus(2 * SECOND_US)), Err("not_aboard"));
    // Half of 2,400 units: the price cannot be pushed further.
    assert_eq!(available, 1_200);
    let buy = Command::Trade { side: Side::Buy, good: GoodId::Papyrus, units: 1_201 };
    assert_eq!(story.act(&buy, START.plus(2 * SECOND_US)), Err("market_exhausted"));
}

#[test]
fn the_toll_is_a_fortieth_and_the_spread_is_the_dealers() {
    let story = Story::begun();
    let quote = quote(&story, &story.world, GoodId::Tin, 2);
    let (buy, sell) = (quote.buy(100), quote.sell(100));
    assert_eq!(buy.toll_asses, (buy.total_asses * 25 + 999) / 1000);
    assert!(buy.total_asses as f64 / sell.total_asses as f64 > 1.06);
}
