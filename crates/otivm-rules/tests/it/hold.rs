//! Goods aboard: they age by the time that passes, in harbour as at sea, however often somebody looks.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Command, Fact, GoodId,
    fact::{Aged, Arrival, Carried, Loss, Side, Trade, Way},
    hold,
    ledger::{Account, Commodity},
    proof,
    time::{DAY_US, SECOND_US, Window},
};
use proptest::prelude::*;

const FIGS: GoodId = GoodId::Figs;
const MARBLE: GoodId = GoodId::Marble;

fn trade(side: Side, good: GoodId, units: i64) -> Command {
    Command::Trade { side, good, units }
}

/// World days after the figs came aboard.
fn day(days: i64) -> At {
    START.plus(2 * SECOND_US + days * DAY_US / 288)
}

/// A merchant in Ostia with so many baskets of figs aboard, a good of which 800 millionths spoil a day.
pub(crate) fn laden(units: i64) -> Story {
    let mut story = Story::begun();
    story.act(&trade(Side::Buy, FIGS, units), day(0)).unwrap();
    story
}

/// Of everything that touches a hold a little, with figs aboard.
pub(crate) fn aged() -> Story {
    let mut story = laden(100);
    story.act(&trade(Side::Sell, FIGS, 10), day(30)).unwrap();
    story.act(&Command::Store { way: Way::In, good: FIGS, units: 20 }, day(60)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 10)), day(90)).unwrap();
    story.look(day(120));
    story
}

/// Ashore as a whole, back in part, and on to sea.
pub(crate) fn ferried() -> Story {
    let mut story = laden(100);
    let store = |way, units| Command::Store { way, good: FIGS, units };
    story.act(&store(Way::In, 100), day(12)).unwrap();
    story.act(&store(Way::Out, 60), day(24)).unwrap();
    story.act(&store(Way::In, 10), day(30)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 10)), day(31)).unwrap();
    story
}

fn last(story: &Story) -> Fact {
    story.moments.last().unwrap().fact().unwrap()
}

fn rotten(story: &Story) -> i128 {
    story.life.state().ledger.balance(&Account::Decay, Commodity::Good(FIGS))
}

#[test]
fn a_cargo_that_lies_in_harbour_spoils_day_by_day_and_the_sale_tells_how_much() {
    let mut story = laden(100);
    let cost_asses = story.life.state().cargo[&FIGS].cost_asses;
    assert_eq!(hold::lots(story.life.state(), day(70))[&FIGS].units, 95);
    assert_eq!(story.act(&trade(Side::Sell, FIGS, 101), day(70)), Err("not_aboard"));
    story.act(&trade(Side::Sell, FIGS, 10), day(70)).unwrap();
    let Fact::Trade(sale) = last(&story) else { unreachable!() };
    // 100 baskets, 800 millionths a day, 70 days: 5.6.
    assert_eq!(sale.aboard, Some(Aged { spoiled_units: 5, carried_ppm: 600_000 }));
    let state = story.life.state();
    assert_eq!((state.units_aboard(FIGS), rotten(&story)), (85, 5));
    assert_eq!(state.cargo[&FIGS].cost_asses, (cost_asses * 95 / 100) * 85 / 95);
    assert!(state.ledger.is_balanced());
    proof::prove(&story.moments).unwrap();
}

#[test]
fn who_sells_or_stores_all_that_he_saw_aboard_gives_what_is_sound_of_it() {
    for command in
        [trade(Side::Sell, FIGS, 98), Command::Store { way: Way::In, good: FIGS, units: 98 }]
    {
        let mut story = laden(100);
        story.act(&command, day(70)).unwrap();
        let moved = last(&story);
        let units = match &moved {
            Fact::Trade(trade) => trade.units,
            Fact::Storage(storage) => storage.units,
            other => unreachable!("{other:?}"),
        };
        assert_eq!((units, story.life.state().units_aboard(FIGS)), (95, 0));
        assert!(command.led_to(&moved), "a call that is sent again is known by its key");
        let of = |units| match command {
            Command::Trade { side, good, .. } => Command::Trade { side, good, units },
            _ => Command::Store { way: Way::In, good: FIGS, units },
        };
        assert_eq!(
            [94, 95, 100, 101].map(|units| of(units).led_to(&moved)),
            [false, true, true, false]
        );
    }
}

#[test]
fn what_was_laden_later_is_no_older_than_it_is() {
    let mut story = laden(100);
    story.act(&trade(Side::Buy, FIGS, 100), day(70)).unwrap();
    // 0.6 of a basket had begun, and 195 more spoil for ten days: 2.16.
    story.act(&trade(Side::Sell, FIGS, 1), day(80)).unwrap();
    let Fact::Trade(sale) = last(&story) else { unreachable!() };
    assert_eq!(sale.aboard, Some(Aged { spoiled_units: 2, carried_ppm: 160_000 }));
}

#[test]
fn a_voyage_counts_its_own_days_and_the_harbour_those_before_it() {
    let mut story = laden(100);
    story.act(&Command::Depart(plan("ostia", "carthago", 40)), day(70)).unwrap();
    let Fact::Departure(departure) = last(&story) else { unreachable!() };
    let figs = |units| vec![Loss { good: FIGS, units }];
    assert_eq!(departure.spoiled, figs(5));
    assert_eq!(departure.carried, [Carried { good: FIGS, ppm: 600_000 }]);
    let voyage = story.life.state().voyage().unwrap().clone();
    story.look(voyage.arrives_at);
    let Fact::Arrival(arrival) = last(&story) else { unreachable!() };
    let ppm = 95 * 800 * i128::from(voyage.duration_us) / i128::from(DAY_US) + 600_000;
    assert_eq!(arrival.spoiled, figs((ppm / 1_000_000) as i64));
    assert_eq!(arrival.carried, [Carried { good: FIGS, ppm: (ppm % 1_000_000) as i64 }]);
    proof::prove(&story.moments).unwrap();
}

#[test]
fn what_keeps_is_not_reckoned_up_and_the_moments_say_nothing_of_it() {
    let mut story = Story::begun();
    story.act(&trade(Side::Buy, MARBLE, 2), day(0)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), day(300)).unwrap();
    story.look(day(330));
    assert!(story.life.state().aging.is_empty());
    let told = |name: &str| {
        let moment = story.moments.iter().find(|moment| moment.name == name).unwrap();
        moment.value.contains("aboard") || moment.value.contains("carried")
    };
    assert_eq!(["trade", "depart", "arrive"].map(told), [false; 3]);
}

#[test]
fn what_goes_into_a_warehouse_is_reckoned_up_in_the_hold_first() {
    let mut story = laden(100);
    story.act(&Command::Store { way: Way::In, good: FIGS, units: 95 }, day(70)).unwrap();
    let Fact::Storage(stored) = last(&story) else { unreachable!() };
    assert_eq!(stored.aboard, Some(Aged { spoiled_units: 5, carried_ppm: 600_000 }));
    assert!(story.life.state().aging.is_empty(), "an empty hold has no age");
    story.act(&Command::Store { way: Way::Out, good: FIGS, units: 50 }, day(71)).unwrap();
    story.act(&trade(Side::Sell, FIGS, 1), day(96)).unwrap();
    let Fact::Trade(sale) = last(&story) else { unreachable!() };
    // A basket of fifty in 25 days, and 50 of 95 parts of what had begun in the hold and ashore: 630,400 millionths.
    assert_eq!(sale.aboard, Some(Aged { spoiled_units: 1, carried_ppm: 331_790 }));
}

#[test]
fn who_is_away_for_long_comes_back_to_something() {
    let story = laden(100);
    let left = |days| hold::lots(story.life.state(), day(days))[&FIGS].units;
    assert_eq!((left(365), left(36_500)), (71, 71));
    let lone = laden(1);
    assert_eq!(hold::lots(lone.life.state(), day(36_500))[&FIGS].units, 1);
}

#[test]
fn the_last_unit_of_a_lot_stays_so_that_a_hold_can_be_emptied() {
    let mut story = laden(2);
    for turn in 1..=10 {
        story.act(&Command::Depart(plan("ostia", "carthago", 5)), day(turn * 800)).unwrap();
        story.look(day(turn * 800 + 100));
        story.act(&Command::Depart(plan("carthago", "ostia", 5)), day(turn * 800 + 400)).unwrap();
        story.look(day(turn * 800 + 500));
    }
    assert_eq!((story.life.state().units_aboard(FIGS), rotten(&story)), (1, 1));
    story.act(&trade(Side::Sell, FIGS, 1), day(9_000)).unwrap();
    story.act(&Command::SellShip, day(9_000)).unwrap();
    proof::prove(&story.moments).unwrap();
}

/// As an older build wrote it.
fn of_old(side: Side, units: i64) -> Fact {
    Fact::Trade(Trade {
        side,
        good: FIGS,
        units,
        place: place("ostia"),
        total_asses: 100,
        toll_asses: 1,
        base_milliasses: 1,
        multiplier_permille: 1000,
        season_permille: 1000,
        window: Window(0),
        aboard: None,
    })
}

#[test]
fn a_cargo_from_before_goods_aged_in_harbour_begins_to_age_when_it_is_touched() {
    let mut story = Story::begun();
    story.happen(&[of_old(Side::Buy, 100)], day(0));
    assert_eq!(hold::lots(story.life.state(), day(300))[&FIGS].units, 100);
    story.act(&trade(Side::Sell, FIGS, 10), day(300)).unwrap();
    let Fact::Trade(sale) = last(&story) else { unreachable!() };
    assert_eq!(sale.aboard, Some(Aged::default()));
    assert_eq!(hold::lots(story.life.state(), day(350))[&FIGS].units, 87);
}

#[test]
fn no_history_ages_a_cargo_and_then_forgets_it() {
    let refused = |mut story: Story, facts: &[Fact], now| {
        story.happen(facts, now);
        proof::prove(&story.moments).unwrap_err().to_string()
    };
    let untold = "goods that age were aboard, and were not reckoned up";
    let sale = refused(laden(100), &[of_old(Side::Sell, 1)], day(100));
    assert!(sale.ends_with(untold), "{sale}");
    let mut under_way = laden(100);
    under_way.act(&Command::Depart(plan("ostia", "carthago", 5)), day(1)).unwrap();
    let arrival =
        Arrival { place: place("carthago"), wear_ppm: 1, spoiled: Vec::new(), carried: Vec::new() };
    let arrives_at = under_way.life.state().voyage().unwrap().arrives_at;
    let arrived = refused(under_way, &[Fact::Arrival(arrival)], arrives_at);
    assert!(arrived.ends_with(untold), "{arrived}");
    let mut whole = of_old(Side::Sell, 1);
    if let Fact::Trade(trade) = &mut whole {
        trade.aboard = Some(Aged { spoiled_units: 0, carried_ppm: 1_000_000 });
    }
    let counted = refused(laden(100), &[whole], day(100));
    assert!(counted.ends_with("a whole unit had spoiled and was not counted"), "{counted}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is touched every day, by trades that leave it as it was, decays as what is left alone.
    #[test]
    fn looking_often_saves_nothing(days in prop::collection::vec(0..365_i64, 1..40)) {
        let mut days = days;
        days.sort_unstable();
        let (mut touched, alone) = (laden(100), laden(100));
        let tour = [Way::In, Way::Out];
        for (turn, days) in days.iter().enumerate() {
            let way = tour[turn % 2];
            touched.act(&Command::Store { way, good: FIGS, units: 1 }, day(*days)).unwrap();
        }
        let end = day(*days.last().unwrap());
        let left = |story: &Story| hold::lots(story.life.state(), end)[&FIGS].units;
        let away = i64::from(days.len() % 2 == 1);
        // A basket that was ashore some days has decayed less, and looking again decays on fewer.
        prop_assert!((left(&touched) + away - left(&alone)).abs() <= 4, "{} {}", left(&touched), left(&alone));
    }
}

/// What is sound of all figs, aboard and ashore, when all is reckoned up: millionths of a basket.
fn sound_ppm(story: &mut Story, now: At) -> i128 {
    for way in [Way::Out, Way::In] {
        // One of the two has a basket to move.
        if story.act(&Command::Store { way, good: FIGS, units: 1 }, now).is_ok() {
            break;
        }
    }
    let Fact::Storage(told) = last(story) else { unreachable!() };
    let begun_ppm = told.carried_ppm + told.aboard.unwrap().carried_ppm;
    (100 - rotten(story)) * 1_000_000 - i128::from(begun_ppm)
}

/// Left in the dry room, and reckoned up on the same days.
fn kept_ashore(days: &[i64]) -> Story {
    let mut story = laden(100);
    story.act(&Command::Store { way: Way::In, good: FIGS, units: 100 }, day(0)).unwrap();
    for days in days {
        for way in [Way::Out, Way::In] {
            story.act(&Command::Store { way, good: FIGS, units: 1 }, day(*days)).unwrap();
        }
    }
    story
}

#[test]
fn goods_that_go_ashore_and_aboard_again_take_along_what_has_begun_to_spoil() {
    let mut story = laden(100);
    // A basket in twelve days and a half: each time most of one has begun.
    for turn in 1..=20 {
        for way in [Way::In, Way::Out] {
            let units = 100 - rotten(&story) as i64;
            story.act(&Command::Store { way, good: FIGS, units }, day(turn * 12)).unwrap();
        }
    }
    assert_eq!(rotten(&story), 17);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However a cargo is moved, parted and joined: no less of it spoils than where least does.
    #[test]
    fn no_way_between_hold_and_warehouse_keeps_goods_fresh(
        moves in prop::collection::vec(
            (0..12_i64, any::<bool>(), prop_oneof![2 => Just(100), 1 => 1..=100_i64]),
            1..60,
        ),
    ) {
        let mut story = laden(100);
        let (mut now, mut days) = (0, Vec::new());
        for (wait, out, units) in moves {
            now += wait;
            let way = if out { Way::Out } else { Way::In };
            let held = match way {
                Way::In => hold::lots(story.life.state(), day(now)).get(&FIGS).map_or(0, |lot| lot.units),
                Way::Out => story.life.state().stores.values().map(|stock| stock.lot.units).sum(),
            };
            let units = units.min(held).max(1);
            if story.act(&Command::Store { way, good: FIGS, units }, day(now)).is_ok() {
                days.push(now);
            }
        }
        let end = day(now + 10);
        let (moved, kept) = (sound_ppm(&mut story, end), sound_ppm(&mut kept_ashore(&days), end));
        // Of what is not whole a part of a day's decay is chance.
        prop_assert!(moved <= kept + 1_000_000, "{moved} of the moved, {kept} of the kept");
    }
}
