//! Shipwreck, and how a life goes on after it: a chartered ship, and friends.

use crate::{
    perils::{laden, later, mishaps, sets_sail, wrecked},
    world::{CHANCE, PLACES, START, Story, place, plan},
};
use otivm_rules::{
    At, Chance, Command, Fact, GoodId, VoyagePlan, World,
    fact::{
        Arrival, Cause, Ceded, Charter, Departure, Loss, OtiumEnd, PerilKind, Relief, Side, Way,
    },
    ledger::{Account, Commodity},
    settle,
    ships::{self, hull},
    state::Location,
    time::SECOND_US,
};
use otivm_travel::ShipType;

/// Real microseconds of a world day.
const DAY: i64 = 300 * SECOND_US;

fn wheat(side: Side, units: i64) -> Command {
    Command::Trade { side, good: GoodId::Wheat, units }
}

fn charter(ship: ShipType) -> Command {
    Command::Charter { ship }
}

/// Coin, ship and cargo are gone.
fn ruined() -> (Story, At) {
    let mut story = wrecked();
    story.spend(0, later());
    (story, later().plus(SECOND_US))
}

#[test]
fn a_wreck_takes_ship_and_cargo_and_the_loan_with_them_and_leaves_the_merchant_where_he_was_bound()
{
    let story = wrecked();
    let told = mishaps(&story);
    let wreck = told.last().unwrap();
    assert_eq!((wreck.kind, wreck.cause), (PerilKind::Wreck, Cause::WinterGale));
    let state = story.life.state();
    assert_eq!((state.ship.as_ref(), state.cargo_grams(), &state.loan), (None, 0, &None));
    assert_eq!(state.place(), Some(&place("carthago")));
    let lost = i64::try_from(state.ledger.balance(&Account::Sea, Commodity::Coin)).unwrap();
    assert_eq!(lost, wreck.taken_asses);
    assert!(lost > 0 && lost < state.purse(), "{lost} of the purse went down");
    // What was lent stays lost to the lender.
    let lenders = state.ledger.balance(&Account::Lenders(place("ostia")), Commodity::Coin);
    assert_eq!(lenders, -20_000);
    let arrival = story.moments.last().unwrap().fact().unwrap();
    let carried =
        Arrival { place: place("carthago"), wear_ppm: 0, spoiled: Vec::new(), carried: Vec::new() };
    assert_eq!(arrival, Fact::Arrival(carried));
}

#[test]
fn nothing_befalls_a_ship_that_is_lost() {
    for seed in 0..100 {
        let story = sets_sail(laden(1), [seed; 16], 900, 10);
        let perils = &story.life.state().voyage().unwrap().perils;
        let wreck = perils.iter().position(|peril| peril.kind == PerilKind::Wreck);
        assert!(wreck.is_none_or(|wreck| wreck == perils.len() - 1), "{perils:?}");
    }
}

#[test]
fn a_wreck_is_as_rare_as_the_risk_and_twice_as_common_for_a_hulk_which_it_says() {
    let wrecks = |wear_ppm: i64| {
        let mut causes: Vec<Cause> = Vec::new();
        for seed in 0..250 {
            let mut story = laden(1);
            let worn = Arrival {
                place: place("ostia"),
                wear_ppm,
                spoiled: Vec::new(),
                carried: Vec::new(),
            };
            story.happen(&[Fact::Arrival(worn)], START.plus(SECOND_US + 2));
            let story = sets_sail(story, [seed; 16], 200, 10);
            let perils = &story.life.state().voyage().unwrap().perils;
            causes.extend(
                perils
                    .iter()
                    .filter(|peril| peril.kind == PerilKind::Wreck)
                    .map(|peril| peril.cause),
            );
        }
        let worn = causes.iter().filter(|cause| **cause == Cause::WornShip).count();
        (causes.len(), worn)
    };
    // Chances of 0.2 and 0.4, four standard deviations of 250 draws around each.
    let (sound, hulk) = (wrecks(0), wrecks(1_000_000));
    assert!((25..=75).contains(&sound.0) && sound.1 == 0, "{sound:?}");
    assert!((69..=131).contains(&hulk.0) && hulk.0 - hulk.1 == sound.0, "{sound:?} {hulk:?}");
}

#[test]
fn a_loan_that_fell_due_before_is_owed_in_spite_of_a_later_wreck() {
    let mut story = Story::begun();
    let voyage = plan("ostia", "carthago", 4);
    let borrow = Command::Borrow { principal_asses: 10_000, plan: voyage.clone() };
    story.act(&borrow, START.plus(2 * SECOND_US)).unwrap();
    story.act(&Command::Depart(voyage), START.plus(3 * SECOND_US)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    story.look(arrival);
    let back = VoyagePlan { risk_permille: 900, ..plan("carthago", "ostia", 10) };
    let chance = Chance { seed: [1; 16] };
    let depart = Command::Depart(back);
    let now = arrival.plus(DAY);
    let moments = story.life.decide(&depart, None, &story.world, now, chance).unwrap();
    story.life.commit(&moments).unwrap();
    story.moments.extend(moments);
    story.look(story.life.state().voyage().unwrap().arrives_at.plus(-1));
    let state = story.life.state();
    assert!(state.ship.is_none() && state.loan.is_some(), "{state:?}");
    story.look(later());
    assert_eq!(story.life.state().loan, None, "it was collected in harbour");
    assert_eq!(story.moments.last().unwrap().name, "collect");
}

#[test]
fn a_chartered_ship_costs_hire_by_the_day_and_neither_upkeep_nor_wear() {
    let (mut story, now) = ruined();
    story.act(&Command::AskFriends, now).unwrap();
    story.act(&charter(ShipType::Actuaria), now.plus(1)).unwrap();
    let drawn = CHANCE.draw("charter/name", 12);
    let hired = Charter {
        place: place("carthago"),
        ship: ShipType::Actuaria,
        ship_name: ships::NAMES[usize::try_from(drawn).unwrap()].to_owned(),
    };
    assert_eq!(story.moments.last().unwrap().fact().unwrap(), Fact::Charter(hired));
    story.act(&wheat(Side::Buy, 10), now.plus(2)).unwrap();
    let voyage = VoyagePlan { ship: ShipType::Actuaria, ..plan("carthago", "alexandria", 10) };
    story.act(&Command::Depart(voyage), now.plus(3)).unwrap();
    let Fact::Departure(departure) = story.moments.last().unwrap().fact().unwrap() else {
        unreachable!()
    };
    let Departure { hire_asses, upkeep_asses, wages_asses, .. } = departure;
    // A thousandth of 96,000 asses a day, and fourteen men at three.
    assert_eq!((hire_asses, upkeep_asses, wages_asses), (960, 0, 420));
    let owners = story.life.state().ledger.balance(&Account::Shipowners, Commodity::Coin);
    assert_eq!(owners, 960);
    story.look(story.life.state().voyage().unwrap().arrives_at);
    let ship = story.life.state().ship.clone().unwrap();
    assert_eq!((ship.wear_ppm, ship.chartered), (0, true));
    let now = later().plus(30 * DAY);
    for command in [Command::SellShip, Command::Repair { wear_permille: 1 }] {
        assert_eq!(story.act(&command, now), Err("not_your_ship"));
    }
    // Another takes her place, and what is aboard goes along.
    story.act(&charter(ShipType::CorbitaMinor), now.plus(1)).unwrap();
    assert_eq!(story.life.state().units_aboard(GoodId::Wheat), 10);
}

#[test]
fn who_has_a_ship_charters_none_and_a_chartered_one_is_no_part_payment() {
    let mut story = Story::begun();
    let now = START.plus(2 * SECOND_US);
    assert_eq!(story.act(&charter(ShipType::Actuaria), now), Err("has_ship"));
    story.act(&Command::SellShip, now).unwrap();
    story.act(&charter(ShipType::Alexandrina), now.plus(1)).unwrap();
    let before = story.life.state().purse();
    let buy = Command::BuyShip { ship: ShipType::Actuaria, name: "Isis".to_owned() };
    story.act(&buy, now.plus(2)).unwrap();
    assert_eq!(story.life.state().purse(), before - hull(ShipType::Actuaria).price_asses);
    assert!(!story.life.state().ship.as_ref().unwrap().chartered);
}

#[test]
fn friends_help_whom_nothing_is_left_and_it_costs_his_name() {
    let (mut story, now) = ruined();
    let rest = OtiumEnd {
        place: place("carthago"),
        days_us: 0,
        cost_asses: 0,
        gravitas_milli: 310_000,
        paid_us: None,
    };
    story.happen(&[Fact::OtiumEnd(rest)], now);
    story.act(&Command::AskFriends, now.plus(1)).unwrap();
    let (place, ceded) = (place("carthago"), Vec::new());
    let relief = Relief { place, given_asses: 8_000, gravitas_milli: 300_000, ceded };
    assert_eq!(story.moments.last().unwrap().fact().unwrap(), Fact::Relief(relief));
    let state = story.life.state();
    assert_eq!((state.purse(), state.gravitas_milli), (8_000, 10_000));
    assert_eq!(state.ledger.balance(&Account::Friends, Commodity::Coin), -8_000);
    assert_eq!(story.act(&Command::AskFriends, now.plus(2)), Err("asked_lately"));
    let later = now.plus(91 * DAY);
    assert_eq!(story.act(&Command::AskFriends, later), Err("not_in_need"));
    story.act(&wheat(Side::Buy, 1), later).unwrap_err();
    story.act(&charter(ShipType::Actuaria), later.plus(1)).unwrap();
    story.act(&wheat(Side::Buy, 100), later.plus(2)).unwrap();
    // Eight thousand in purse and cargo, less what the dealers took.
    story.act(&Command::AskFriends, later.plus(3)).unwrap_err();
}

#[test]
fn friends_do_not_ask_what_cannot_be_sold_here() {
    let mut story = laden(100);
    story.spend(0, START.plus(2 * SECOND_US));
    let now = START.plus(3 * SECOND_US);
    assert_eq!(story.act(&Command::AskFriends, now), Err("not_in_need"));
    let mut towns: Vec<_> = story.world.towns().cloned().collect();
    for town in &mut towns {
        town.stalls[GoodId::Wheat.index()].base_milliasses = 0;
    }
    story.world = World::new(towns);
    story.act(&Command::AskFriends, now).unwrap();
    assert_eq!(story.life.state().purse(), 8_000);
}

#[test]
fn friends_come_to_terms_with_the_lender() {
    let mut story = Story::begun();
    let borrow = Command::Borrow { principal_asses: 40_000, plan: plan("ostia", "carthago", 4) };
    story.act(&borrow, START.plus(2 * SECOND_US)).unwrap();
    story.act(&Command::SellShip, START.plus(3 * SECOND_US)).unwrap();
    story.spend(0, START.plus(4 * SECOND_US));
    let now = START.plus(70 * DAY);
    story.look(now);
    assert!(story.life.state().loan.is_some());
    story.act(&Command::AskFriends, now.plus(1)).unwrap();
    story.look(now.plus(DAY));
    assert_eq!((story.life.state().purse(), &story.life.state().loan), (8_000, &None));
}

/// Or riches are borrowed, laid into a warehouse, and kept when the debt is forgiven.
#[test]
fn who_is_freed_of_a_debt_gives_up_what_lies_in_his_warehouses_elsewhere() {
    let mut story = laden(100);
    let second = |seconds: i64| START.plus(seconds * SECOND_US);
    let stored = Command::Store { way: Way::In, good: GoodId::Wheat, units: 100 };
    story.act(&stored, second(3)).unwrap();
    let borrow = Command::Borrow { principal_asses: 40_000, plan: plan("ostia", "carthago", 4) };
    story.act(&borrow, second(4)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), second(5)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    story.look(arrival);
    story.act(&Command::SellShip, arrival.plus(1)).unwrap();
    story.spend(0, arrival.plus(2));
    story.act(&Command::AskFriends, arrival.plus(70 * DAY)).unwrap();
    let ceded = Ceded { place: place("ostia"), good: GoodId::Wheat, units: 100 };
    let relief = Relief {
        place: place("carthago"),
        given_asses: 8_000,
        gravitas_milli: 0,
        ceded: vec![ceded],
    };
    assert_eq!(story.moments.last().unwrap().fact().unwrap(), Fact::Relief(relief));
    let state = story.life.state();
    assert_eq!((state.purse(), &state.loan, state.stores.len()), (8_000, &None, 0));
    let wheat = Commodity::Good(GoodId::Wheat);
    assert_eq!(state.ledger.balance(&Account::Horreum(place("ostia")), wheat), 0);
    assert!(state.ledger.is_balanced());
    // Nobody owes anything: what lies elsewhere is his.
    let mut free = laden(100);
    free.act(&stored, second(3)).unwrap();
    free.act(&Command::Depart(plan("ostia", "carthago", 4)), second(5)).unwrap();
    free.look(arrival);
    free.act(&Command::SellShip, arrival.plus(1)).unwrap();
    free.spend(0, arrival.plus(2));
    free.act(&Command::AskFriends, arrival.plus(70 * DAY)).unwrap();
    assert_eq!(free.life.state().stores.len(), 1);
}

/// From any state, with nothing but what the rules offer: to sea again.
pub(crate) fn goes_on(story: &mut Story, now: At) {
    let state = story.life.state();
    let arrives_at = state.voyage().map_or(now, |voyage| voyage.arrives_at);
    let mut now = now.max(arrives_at).max(state.last_at.unwrap()).plus(200 * DAY);
    // Refused where there is nothing of the kind.
    let _refused = a_day_later(story, &mut now, &Command::EndOtium);
    for good in GoodId::ALL {
        loop {
            let units = story.life.state().units_aboard(good).min(40);
            let sell = Command::Trade { side: Side::Sell, good, units };
            if units == 0 || a_day_later(story, &mut now, &sell).is_err() {
                break;
            }
        }
    }
    if sails(story, &mut now) {
        return;
    }
    sells_villas(story, &mut now);
    let _refused = a_day_later(story, &mut now, &Command::SellShip);
    let _refused = a_day_later(story, &mut now, &Command::AskFriends);
    let chartered = a_day_later(story, &mut now, &charter(ShipType::Actuaria));
    assert!(chartered.is_ok() && sails(story, &mut now), "{chartered:?} {:?}", story.life.state());
}

/// By letter, and that in the place itself when its books are aboard.
fn sells_villas(story: &mut Story, now: &mut At) {
    for (place, villa) in story.life.state().villas.clone() {
        if story.life.state().place() == Some(&place) && villa.books.units > 0 {
            // Refused to whoever has a ship.
            let _refused = a_day_later(story, now, &charter(ShipType::Actuaria));
            let take = Command::Shelve { way: Way::Out, units: villa.books.units };
            a_day_later(story, now, &take).unwrap();
        }
        a_day_later(story, now, &Command::SellVilla { place }).unwrap();
    }
}

fn a_day_later(story: &mut Story, now: &mut At, command: &Command) -> Result<(), &'static str> {
    *now = now.plus(DAY);
    story.act(command, *now)
}

fn sails(story: &mut Story, now: &mut At) -> bool {
    let here = story.life.state().place().unwrap().to_string();
    let to = PLACES.iter().find(|place| **place != here).unwrap();
    let ship = story.life.state().ship.as_ref().map_or(ShipType::Actuaria, |ship| ship.ship);
    let voyage = VoyagePlan { ship, ..plan(&here, to, 8) };
    a_day_later(story, now, &Command::Depart(voyage)).is_ok()
}

#[test]
fn the_ruined_go_to_sea_again() {
    let (mut story, now) = ruined();
    goes_on(&mut story, now);
    assert!(matches!(story.life.state().location, Location::AtSea(_)));
}

#[test]
fn a_wreck_spares_no_unit_however_small_the_cargo() {
    let mut story = sets_sail(laden(1), [11; 16], 900, 10);
    story.look(later());
    let lost: Vec<Loss> = mishaps(&story).into_iter().flat_map(|mishap| mishap.lost).collect();
    assert_eq!(lost, [Loss { good: GoodId::Wheat, units: 1 }]);
    assert_eq!(settle(story.life.state(), later().plus(DAY)), None);
}
