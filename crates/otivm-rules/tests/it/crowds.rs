//! A route that many sail: dearer to leave for, a wait off the harbour, and cheaper ships.

use crate::{
    perils::wrecked,
    proof::{forged_from, named},
    world::{START, Story, place, plan},
};
use otivm_rules::{
    At, Chance, Command, Fact, VoyagePlan, World,
    decide::{VoyageCosts, voyage_costs},
    fact::Departure,
    proof::prove,
    state::{Location, Voyage},
    time::{DAY_US, SECOND_US},
    world::Collective,
};
use otivm_travel::ShipType;
use std::collections::BTreeMap;

/// Real microseconds of a world day.
const DAY: i64 = 300 * SECOND_US;

/// Everyone sails from Ostia to Carthage.
fn crowded(world: World, saturation_permille: i64) -> World {
    let route = (place("ostia"), place("carthago"));
    let saturation_permille = BTreeMap::from([(route, saturation_permille)]);
    world.with_collective(Collective { saturation_permille, ..Collective::default() })
}

/// Has set sail for Carthage, four days away, on a full route; nothing befalls her.
pub(crate) fn queued() -> Story {
    let mut story = Story::begun();
    story.world = crowded(story.world, 2000);
    let voyage = VoyagePlan { risk_permille: 0, ..plan("ostia", "carthago", 4) };
    story.act(&Command::Depart(voyage), START.plus(2 * SECOND_US)).unwrap();
    story
}

fn voyage(story: &Story) -> &Voyage {
    story.life.state().voyage().unwrap()
}

fn departure(story: &Story) -> Departure {
    let Fact::Departure(departure) = story.moments.last().unwrap().fact().unwrap() else {
        unreachable!()
    };
    departure
}

#[test]
fn crowded_routes_cost_more_to_leave_for() {
    let story = Story::begun();
    let (from, to) = (place("ostia"), place("carthago"));
    let crowded = crowded(story.world.clone(), 3000);
    let parameters = &story.life.state().parameters;
    let ship = ShipType::CorbitaMinor;
    let dues =
        [&story.world, &crowded].map(|world| world.harbour_dues(parameters, ship, &from, &to));
    // 60 tonnes at 1.5 asses, twice that in a city of rank 1.
    assert_eq!(dues, [180, 540]);
}

#[test]
fn a_ship_on_a_full_route_lies_six_days_off_the_harbour_and_a_quarter_of_that_where_it_is_half_full()
 {
    let story = Story::begun();
    let hours = [1000, 1100, 1500, 2000, 10_000].map(|saturation| {
        let world = crowded(story.world.clone(), saturation);
        let parameters = &story.life.state().parameters;
        world.berth_wait_us(parameters, &place("ostia"), &place("carthago")) / (DAY_US / 24)
    });
    assert_eq!(hours, [0, 1, 36, 144, 144]);
}

#[test]
fn the_wait_is_paid_beforehand_told_in_the_moment_and_over_when_it_was_said_to_be() {
    let story = queued();
    let told = departure(&story);
    assert_eq!(told.waiting_us, 6 * DAY_US);
    let quiet = VoyagePlan { risk_permille: 0, ..plan("ostia", "carthago", 4) };
    let begun = Story::begun();
    let costs = |world: &World| voyage_costs(begun.life.state(), world, &quiet);
    let (alone, crowded) = (costs(&begun.world), costs(&story.world));
    let waited = VoyageCosts {
        dues_asses: 2 * alone.dues_asses,
        // Of ten days for four.
        wages_asses: alone.wages_asses / 4 * 10,
        waiting_us: 6 * DAY_US,
        ..alone
    };
    assert_eq!(crowded, waited);
    assert_eq!((told.dues_asses, told.wages_asses), (crowded.dues_asses, crowded.wages_asses));

    let at_sea = voyage(&story).clone();
    assert_eq!(at_sea.arrives_at.0 - at_sea.anchors_at.0, 6 * DAY);
    // The wait is no voyage: neither wear nor weariness comes of it.
    let sailed_us = told.planned_us * told.pace_permille / 1000;
    assert!((at_sea.duration_us - sailed_us).abs() < 1000, "{at_sea:?}");
    let mut story = story;
    story.look(at_sea.arrives_at.plus(-1));
    assert!(story.life.state().voyage().is_some());
    story.look(at_sea.arrives_at);
    let ashore = Location::Ashore { place: place("carthago"), since: at_sea.arrives_at };
    assert_eq!(story.life.state().location, ashore);
}

#[test]
fn a_ship_that_waits_lies_off_the_harbour_and_is_no_longer_under_way() {
    let story = queued();
    let at_sea = voyage(&story);
    let half_way = At(at_sea.departed_at.0.midpoint(at_sea.anchors_at.0));
    let seen = [half_way, at_sea.anchors_at, at_sea.arrives_at.plus(-1)];
    assert_eq!(seen.map(|at| at_sea.progress_permille(at)), [500, 1000, 1000]);
    assert_eq!(at_sea.position(at_sea.anchors_at), Some((10.32, 36.85)));
}

#[test]
fn what_befalls_a_voyage_befalls_it_under_way_and_not_off_the_harbour() {
    for seed in 0..200 {
        let mut story = Story::begun();
        story.world = crowded(story.world, 2000);
        let plan = VoyagePlan { risk_permille: 900, ..plan("ostia", "carthago", 4) };
        let (depart, chance) = (Command::Depart(plan), Chance { seed: [seed; 16] });
        let now = START.plus(2 * SECOND_US);
        let moments = story.life.decide(&depart, None, &story.world, now, chance).unwrap();
        story.life.commit(&moments).unwrap();
        let anchors_at = voyage(&story).anchors_at;
        while let Some((at, fact)) = otivm_rules::settle(story.life.state(), anchors_at) {
            assert!(!matches!(fact, Fact::Arrival(_)), "she waits");
            story.happen(&[fact], at);
        }
        assert!(voyage(&story).perils.is_empty(), "seed {seed}");
    }
}

#[test]
fn owners_ask_less_for_a_ship_where_many_offer() {
    let mut story = wrecked();
    let now = START.plus(200 * DAY_US);
    story.act(&Command::Charter { ship: ShipType::Actuaria }, now).unwrap();
    let voyage = VoyagePlan { ship: ShipType::Actuaria, ..plan("carthago", "ostia", 10) };
    let hire = |saturation| {
        let route = (place("carthago"), place("ostia"));
        let saturation_permille = BTreeMap::from([(route, saturation)]);
        let collective = Collective { saturation_permille, ..Collective::default() };
        let world = story.world.clone().with_collective(collective);
        voyage_costs(story.life.state(), &world, &voyage).hire_asses
    };
    // A thousandth of 96,000 asses a day; and half of it a day, for six days more.
    assert_eq!([hire(1000), hire(2000)], [960, 768]);
}

#[test]
fn nobody_waited_longer_than_the_fullest_route_makes_wait_or_than_she_was_away() {
    prove(&queued().moments).unwrap();
    let refused = |waiting_us: i64| {
        let honest = format!("\"waiting_us\":{}", 6 * DAY_US);
        let history = forged_from(queued(), |moments| {
            let moment = named(moments, "depart");
            assert!(moment.value.contains(&honest), "{}", moment.value);
            moment.value =
                moment.value.replacen(&honest, &format!("\"waiting_us\":{waiting_us}"), 1);
        });
        prove(&history).unwrap_err().to_string()
    };
    for waiting_us in [6 * DAY_US + 1, 12 * DAY_US] {
        let said = refused(waiting_us);
        assert!(said.ends_with("no harbour keeps a ship waiting that long"), "{said}");
    }
    assert!(refused(-1).ends_with("cannot be understood"), "{}", refused(-1));
}
