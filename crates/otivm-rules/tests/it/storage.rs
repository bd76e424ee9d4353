//! Warehouses: what lies there is paid for, keeps better than at sea, and is never more than was laid in.

use crate::world::{START, Story, place, world};
use otivm_rules::{
    At, Command, Fact, GoodId, World,
    decide::{Reckoning, reckoned},
    fact::{Aged, Side, Storage, Way},
    ledger::{Account, Commodity},
    time::{DAY_US, SECOND_US},
};
use proptest::prelude::*;

const WHEAT: GoodId = GoodId::Wheat;

/// A merchant in Ostia, a city of rank 1, with so much wheat aboard.
fn laden(units: i64) -> Story {
    let mut story = Story::begun();
    let buy = Command::Trade { side: Side::Buy, good: WHEAT, units };
    story.act(&buy, START.plus(2 * SECOND_US)).unwrap();
    story
}

fn moves(way: Way, units: i64) -> Command {
    Command::Store { way, good: WHEAT, units }
}

/// World days after the wheat was laid in.
fn day(days: i64) -> At {
    START.plus(3 * SECOND_US + days * DAY_US / 288)
}

/// Laid in, and partly fetched again.
pub(crate) fn stored() -> Story {
    let mut story = laden(100);
    story.act(&moves(Way::In, 60), day(0)).unwrap();
    story.act(&moves(Way::Out, 30), day(100)).unwrap();
    story
}

fn due(story: &Story, now: At) -> Reckoning {
    let (towns, ostia) = (world(), place("ostia"));
    reckoned(story.life.state(), towns.town(&ostia), &ostia, WHEAT, now)
}

fn lying(story: &Story) -> i64 {
    let key = (place("ostia"), WHEAT);
    story.life.state().stores.get(&key).map_or(0, |stock| stock.lot.units)
}

#[test]
fn wheat_comes_out_of_the_warehouse_less_rent_and_decay() {
    let mut story = laden(100);
    let cost_asses = story.life.state().cargo[&WHEAT].cost_asses;
    story.act(&moves(Way::In, 100), day(0)).unwrap();
    assert_eq!((lying(&story), story.life.state().units_aboard(WHEAT)), (100, 0));
    let purse = story.life.state().purse();
    story.act(&moves(Way::Out, 40), day(100)).unwrap();
    let last: Fact = story.moments.last().unwrap().fact().unwrap();
    // 4.03 tonnes at twice 400 milliasses for 100 days; 300 millionths a day, two fifths of them ashore.
    let expected = Storage {
        way: Way::Out,
        good: WHEAT,
        units: 40,
        place: place("ostia"),
        rent_asses: 323,
        pledged_units: 0,
        spoiled_units: 1,
        // A hundred of it from the second in the hold.
        carried_ppm: 200_100,
        moved_ppm: 80_849,
        aboard: Some(Aged::default()),
    };
    assert_eq!(last, Fact::Storage(expected));
    let state = story.life.state();
    assert_eq!(purse - state.purse(), 323);
    assert_eq!((lying(&story), state.units_aboard(WHEAT)), (59, 40));
    let held =
        state.cargo[&WHEAT].cost_asses + state.stores[&(place("ostia"), WHEAT)].lot.cost_asses;
    assert_eq!(held, cost_asses * 99 / 100);
    assert_eq!(state.ledger.balance(&Account::Decay, Commodity::Good(WHEAT)), 1);
    assert_eq!(state.ledger.balance(&Account::Horreum(place("ostia")), Commodity::Coin), 323);
    story.act(&moves(Way::Out, 59), day(100)).unwrap();
    assert!(story.life.state().stores.is_empty());
}

#[test]
fn nobody_owes_more_than_the_rent_of_a_year() {
    let mut story = laden(100);
    story.act(&moves(Way::In, 100), day(0)).unwrap();
    assert_eq!(due(&story, day(365)), due(&story, day(36_500)));
    assert_eq!(due(&story, day(365)).rent_asses, 1177);
    assert_eq!(due(&story, day(-10)).rent_asses, 0);
}

#[test]
fn a_keeper_who_is_not_paid_keeps_part_of_the_goods_and_no_more() {
    let mut story = laden(100);
    story.act(&moves(Way::In, 100), day(0)).unwrap();
    let wine = Command::Trade { side: Side::Buy, good: GoodId::Wine, units: 1 };
    while story.life.state().purse() > 300 && story.act(&wine, day(0)).is_ok() {}
    let spend = story.life.state().purse() - 100;
    story.happen(
        &[Fact::OtiumEnd(otivm_rules::fact::OtiumEnd {
            place: place("ostia"),
            days_us: 0,
            cost_asses: spend,
            gravitas_milli: 0,
            paid_us: None,
        })],
        day(1),
    );
    story.act(&moves(Way::Out, 10), day(100)).unwrap();
    let Fact::Storage(out) = story.moments.last().unwrap().fact().unwrap() else { unreachable!() };
    // Wheat stands at 63 asses here: 223 unpaid asses at half of that.
    assert_eq!((out.rent_asses, out.pledged_units), (100, 8));
    assert_eq!(story.life.state().purse(), 0);
    assert_eq!(lying(&story), 100 - 1 - 8 - 10);
}

#[test]
fn a_warehouse_refuses_what_is_not_there_and_what_it_has_no_room_for() {
    let mut story = laden(100);
    assert_eq!(story.act(&moves(Way::In, 101), day(0)), Err("not_aboard"));
    assert_eq!(story.act(&moves(Way::In, 0), day(0)), Err("units_out_of_bounds"));
    story.act(&moves(Way::In, 60), day(0)).unwrap();
    assert_eq!(story.act(&moves(Way::Out, 61), day(0)), Err("not_stored"));
    let narrow = Fact::Parameter(otivm_rules::parameters::ParameterId::HorreumRoom, 2);
    story.happen(&[narrow], day(0));
    // Four tonnes in a city of rank 1 are 99 measures of wheat.
    assert_eq!(story.act(&moves(Way::In, 40), day(0)), Err("warehouse_full"));
    story.act(&moves(Way::In, 39), day(0)).unwrap();
    story.act(&Command::BeginOtium { guests: 0 }, day(1)).unwrap();
    assert_eq!(story.act(&moves(Way::Out, 1), day(1)), Err("in_otium"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is touched every day decays as what is left alone; only the rounding of rent is dearer.
    #[test]
    fn looking_often_saves_nothing(days in prop::collection::vec(0..300_i64, 1..40)) {
        let mut days = days;
        days.sort_unstable();
        let mut touched = laden(100);
        let mut alone = laden(100);
        for story in [&mut touched, &mut alone] {
            story.act(&moves(Way::In, 99), day(0)).unwrap();
        }
        let begin = touched.life.state().purse();
        let tour = [moves(Way::In, 1), moves(Way::Out, 1)];
        for (turn, days) in days.iter().enumerate() {
            touched.act(&tour[turn % 2], day(*days)).unwrap();
        }
        let end = *days.last().unwrap();
        let bill = due(&alone, day(end));
        let left = due(&touched, day(end));
        let decayed = touched.life.state().ledger.balance(&Account::Decay, Commodity::Good(WHEAT));
        prop_assert!((i128::from(bill.spoiled_units) - decayed).abs() <= 1, "{} {decayed}", bill.spoiled_units);
        prop_assert_eq!(left.rent_asses, 0);
        prop_assert!(begin - touched.life.state().purse() >= bill.rent_asses - 10);
    }
}

#[test]
fn a_place_that_the_world_has_lost_keeps_at_the_ordinary_rate() {
    let mut story = laden(100);
    story.act(&moves(Way::In, 100), day(0)).unwrap();
    let lost = World::default();
    let ostia = place("ostia");
    let there = reckoned(story.life.state(), lost.town(&ostia), &ostia, WHEAT, day(100));
    assert_eq!(there.rent_asses, 162);
}
