//! Sea loans: lent on ship and cargo, owed only if she comes in, and paid when they are due.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Command, Fact, GoodId, Life, VoyagePlan, World,
    fact::{Arrival, OtiumEnd, Repayment, SeaLoan, ShipSale, Side},
    ledger::{Account, Commodity},
    state::{Arrears, Course, State},
    time::SECOND_US,
};
use proptest::prelude::*;

/// Real microseconds of a world day.
const DAY: i64 = 300 * SECOND_US;

fn second(seconds: i64) -> At {
    START.plus(seconds * SECOND_US)
}

/// In summer, when no lender asks for the winter.
fn summer() -> Story {
    let mut story = Story::begun();
    story.act(&Command::BeginOtium { guests: 0 }, second(2)).unwrap();
    let idle = OtiumEnd {
        place: place("ostia"),
        days_us: 0,
        cost_asses: 0,
        gravitas_milli: 0,
        paid_us: None,
    };
    story.happen(&[Fact::OtiumEnd(idle)], START.plus(60 * DAY));
    story
}

fn summers(seconds: i64) -> At {
    START.plus(60 * DAY + seconds * SECOND_US)
}

fn to(place: &str) -> VoyagePlan {
    plan("ostia", place, 4)
}

fn borrow(principal_asses: i64) -> Command {
    Command::Borrow { principal_asses, plan: to("carthago") }
}

fn sail() -> Command {
    Command::Depart(to("carthago"))
}

/// Lent in Ostia for Carthage, and she has come in.
pub(crate) fn come_in() -> (Story, At) {
    let mut story = summer();
    story.act(&borrow(10_000), summers(1)).unwrap();
    story.act(&sail(), summers(2)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    story.look(arrival);
    (story, arrival)
}

fn lenders(state: &State) -> i128 {
    state.ledger.balance(&Account::Lenders(place("ostia")), Commodity::Coin)
}

#[test]
fn a_lender_gives_half_of_what_ship_and_cargo_are_worth_at_a_price_of_season_and_risk() {
    let mut story = summer();
    let before = story.life.state().purse();
    story.act(&borrow(48_000), summers(1)).unwrap();
    // A tenth of it, and four times the chance of 4 in the thousand that she is lost.
    let lent = SeaLoan {
        place: place("ostia"),
        to: place("carthago"),
        principal_asses: 48_000,
        premium_asses: 5_568,
    };
    assert_eq!(story.moments.last().unwrap().fact().unwrap(), Fact::SeaLoan(lent));
    let state = story.life.state();
    assert_eq!((state.purse(), lenders(state)), (before + 48_000, -48_000));
    assert_eq!(state.own_asses(), before, "what is lent is nobody's own");
    let mut winter = Story::begun();
    winter.act(&borrow(48_000), second(2)).unwrap();
    assert_eq!(winter.life.state().loan.as_ref().unwrap().premium_asses, 5_568 + 3_600);
}

#[test]
fn cargo_and_a_sound_ship_are_good_for_more() {
    let most = |story: &mut Story| {
        let asked = story.act(&borrow(i64::MAX), summers(9));
        assert_eq!(asked, Err("loan_size"));
        let now = summers(9);
        otivm_rules::decide::loan_offer(story.life.state(), &to("carthago"), now).most_asses
    };
    let mut story = summer();
    assert_eq!(most(&mut story), 48_000);
    let trade = Command::Trade { side: Side::Buy, good: GoodId::Wheat, units: 100 };
    story.act(&trade, summers(2)).unwrap();
    let cost = story.life.state().cargo[&GoodId::Wheat].cost_asses;
    assert_eq!(most(&mut story), i64::midpoint(96_000, cost));
    let mut worn = summer();
    let wear = Arrival {
        place: place("ostia"),
        wear_ppm: 500_000,
        spoiled: Vec::new(),
        carried: Vec::new(),
    };
    worn.happen(&[Fact::Arrival(wear)], summers(1));
    assert_eq!(most(&mut worn), 24_000);
}

#[test]
fn nobody_lends_twice_nor_in_a_small_harbour_nor_for_no_voyage() {
    let mut story = summer();
    for (asses, code) in [(0, "loan_size"), (-5, "loan_size"), (48_001, "loan_size")] {
        assert_eq!(story.act(&borrow(asses), summers(1)), Err(code), "{asses}");
    }
    let nowhere = Command::Borrow { principal_asses: 1, plan: to("ostia") };
    assert_eq!(story.act(&nowhere, summers(1)), Err("already_there"));
    assert_eq!(story.act(&Command::Repay, summers(1)), Err("no_debt"));
    story.act(&borrow(1), summers(1)).unwrap();
    assert_eq!(story.act(&borrow(1), summers(2)), Err("in_debt"));
    let mut small = summer();
    let mut towns: Vec<_> = small.world.towns().cloned().collect();
    for town in &mut towns {
        town.rank = 4;
    }
    small.world = World::new(towns);
    assert_eq!(small.act(&borrow(1), summers(1)), Err("no_lender"));
}

#[test]
fn a_loan_binds_the_ship_to_its_voyage_and_its_security_until_it_is_repaid() {
    let mut story = summer();
    let trade = |side, units| Command::Trade { side, good: GoodId::Wheat, units };
    story.act(&trade(Side::Buy, 200), summers(1)).unwrap();
    story.act(&borrow(50_000), summers(2)).unwrap();
    let elsewhere = Command::Depart(to("alexandria"));
    assert_eq!(story.act(&elsewhere, summers(3)), Err("loan_binds"));
    story.act(&trade(Side::Sell, 200), summers(4)).unwrap();
    assert_eq!(story.act(&sail(), summers(5)), Err("loan_unsecured"));
    let before = story.life.state().purse();
    story.act(&Command::Repay, summers(6)).unwrap();
    // The sea was not sailed, so the lender has his hundredth for the month and no premium.
    assert_eq!(story.life.state().purse(), before - 50_500);
    assert_eq!((story.life.state().loan.as_ref(), lenders(story.life.state())), (None, 500));
    story.act(&elsewhere, summers(7)).unwrap();
}

#[test]
fn a_loan_is_due_twenty_days_after_she_came_in_and_is_taken_from_the_purse() {
    let (mut story, arrival) = come_in();
    let due_at = arrival.plus(20 * DAY);
    assert_eq!(story.life.state().loan.as_ref().unwrap().course, Course::Due { due_at });
    let before = story.life.state().purse();
    story.look(due_at.plus(-1));
    assert_eq!(story.life.state().purse(), before);
    story.look(due_at.plus(90 * DAY));
    let last = story.moments.last().unwrap();
    let paid = Repayment { lender: place("ostia"), paid_asses: 11_160, left_asses: 0 };
    assert_eq!((last.at, last.fact().unwrap()), (due_at, Fact::Collection(paid)));
    let state = story.life.state();
    assert_eq!((state.purse(), state.loan.as_ref()), (before - 11_160, None));
    assert_eq!(lenders(state), 1_160);
}

#[test]
fn who_pays_before_the_day_is_free() {
    let (mut story, arrival) = come_in();
    let before = story.life.state().purse();
    story.act(&Command::Repay, arrival.plus(DAY)).unwrap();
    assert_eq!((story.life.state().purse(), &story.life.state().loan), (before - 11_160, &None));
    story.look(arrival.plus(90 * DAY));
    assert_eq!(story.life.state().purse(), before - 11_160);
}

#[test]
fn of_a_purse_that_is_too_small_all_is_taken_then_and_whatever_comes_later() {
    let (mut story, arrival) = come_in();
    story.spend(1_000, arrival.plus(DAY));
    let due_at = arrival.plus(20 * DAY);
    story.look(due_at.plus(10 * DAY));
    let overdue =
        Course::Overdue(Arrears { owed_asses: 10_160, since: due_at, interest_left_asses: 10_160 });
    assert_eq!(story.life.state().loan.as_ref().unwrap().course, overdue);
    assert_eq!(story.life.state().purse(), 0);
    let moments = story.moments.len();
    story.look(due_at.plus(400 * DAY));
    assert_eq!(story.moments.len(), moments, "an empty purse is asked for nothing");
    // A month has passed; the ship brings 96,000 less her wear of four days.
    let now = due_at.plus(40 * DAY);
    story.act(&Command::SellShip, now).unwrap();
    story.look(now.plus(SECOND_US));
    let owed = 10_160 + 101;
    let last = story.moments.last().unwrap().fact().unwrap();
    let paid = Repayment { lender: place("ostia"), paid_asses: owed, left_asses: 0 };
    assert_eq!((last, &story.life.state().loan), (Fact::Collection(paid), &None));
}

#[test]
fn a_debt_never_more_than_doubles() {
    let (mut story, arrival) = come_in();
    story.spend(0, arrival.plus(DAY));
    let due_at = arrival.plus(20 * DAY);
    story.look(due_at);
    let loan = story.life.state().loan.clone().unwrap();
    let owed = |days: i64| loan.owed_asses(due_at.plus(days * DAY), &story.life.state().parameters);
    assert_eq!([owed(0), owed(29), owed(30), owed(60)], [11_160, 11_160, 11_271, 11_383]);
    assert_eq!(owed(365 * 100), 22_320);
    assert_eq!(owed(-365), 11_160, "a clock that goes back earns the lender nothing");
}

#[test]
fn small_payments_neither_begin_the_interest_anew_nor_let_it_off() {
    let (mut story, arrival) = come_in();
    story.spend(0, arrival.plus(DAY));
    let due_at = arrival.plus(20 * DAY);
    story.look(due_at);
    for day in [10, 20, 30, 40] {
        let income = ShipSale { place: place("carthago"), price_asses: 100 };
        story.happen(&[Fact::ShipSale(income)], due_at.plus(day * DAY));
        story.look(due_at.plus(day * DAY).plus(SECOND_US));
        assert_eq!(story.life.state().purse(), 0);
    }
    // Four hundreds paid, and a hundredth of 10,960 for the month.
    let arrears = Arrears {
        owed_asses: 11_160 - 400 + 109,
        since: due_at.plus(30 * DAY),
        interest_left_asses: 11_160 - 109,
    };
    assert_eq!(story.life.state().loan.as_ref().unwrap().course, Course::Overdue(arrears));
}

#[test]
fn who_never_sails_owes_the_loan_as_one_on_land() {
    let mut story = summer();
    story.act(&borrow(10_000), summers(1)).unwrap();
    let before = story.life.state().purse();
    story.look(summers(1).plus(60 * DAY));
    assert_eq!((story.life.state().purse(), &story.life.state().loan), (before - 10_200, &None));
}

#[test]
fn a_lender_waits_in_harbour_for_a_ship_that_is_at_sea_on_the_day() {
    let (mut story, arrival) = come_in();
    let leaves = arrival.plus(19 * DAY);
    story.act(&Command::Depart(plan("carthago", "ostia", 10)), leaves).unwrap();
    let back = story.life.state().voyage().unwrap().arrives_at;
    story.look(back.plus(DAY));
    let names: Vec<(At, &str)> =
        story.moments.iter().rev().take(2).map(|m| (m.at, m.name.as_str())).collect();
    assert_eq!(names, [(back.plus(1), "collect"), (back, "arrive")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever is earned and spent meanwhile, and however often anybody looks.
    #[test]
    fn a_debt_is_settled_the_same_however_often_it_is_looked_at(
        principal in 1..48_000_i64,
        left in 0..60_000_i64,
        looks in prop::collection::vec(0..200_i64, 0..20),
    ) {
        let played = |looks: &[i64]| {
            let mut story = summer();
            story.act(&borrow(principal), summers(1)).unwrap();
            story.act(&sail(), summers(2)).unwrap();
            let arrival = story.life.state().voyage().unwrap().arrives_at;
            story.look(arrival);
            let left = left.min(story.life.state().purse());
            story.spend(left, arrival.plus(1));
            for day in looks {
                story.look(arrival.plus(day * DAY));
            }
            story.look(arrival.plus(200 * DAY));
            story
        };
        let mut looks = looks;
        looks.sort_unstable();
        let (often, once) = (played(&looks), played(&[]));
        let state = once.life.state();
        prop_assert!(state.ledger.is_balanced() && state.purse() >= 0);
        prop_assert_eq!(&often.moments, &once.moments);
        prop_assert_eq!(&Life::replay(&once.moments).unwrap(), &once.life);
    }
}

#[test]
fn a_loan_says_nothing_in_the_hash_of_a_life_that_never_had_one() {
    let mut lent = summer();
    let never = lent.life.state().hash();
    lent.act(&borrow(10), summers(1)).unwrap();
    let (open, mut without) = (lent.life.state().hash(), lent.life.state().clone());
    without.loan = None;
    assert_ne!(open, without.hash());
    assert_ne!(open, never);
}
