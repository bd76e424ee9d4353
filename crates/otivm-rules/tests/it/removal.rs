//! A way out of places that a new world has lost: nobody is left in one, and nothing that lay there.

use crate::world::{START, Story, place, plan, world};
use otivm_rules::{
    At, Command, Fact, GoodId, Refuge, World,
    decide::lost_places,
    fact::{Loss, Removal, Side, Way, Why},
    labels,
    labels::LabelKind,
    ledger::{Account, Commodity},
    proof,
    time::{DAY_US, SECOND_US},
};

const WHEAT: GoodId = GoodId::Wheat;

fn day(days: i64) -> At {
    START.plus(2 * SECOND_US + days * DAY_US / 288)
}

/// The same world without some of its places.
pub(crate) fn without(lost: &[&str]) -> World {
    let towns = world();
    World::new(towns.towns().filter(|town| !lost.contains(&town.id.as_str())).cloned())
}

pub(crate) fn move_on(refuges: &[(&str, &str)]) -> Command {
    let refuge = |(from, to): &(&str, &str)| Refuge { from: place(from), to: place(to) };
    Command::MoveOn { refuges: refuges.iter().map(refuge).collect() }
}

/// A merchant in Carthage with wheat aboard, in the warehouses there and in those of Ostia.
fn abroad() -> Story {
    let mut story = Story::begun();
    let trade = Command::Trade { side: Side::Buy, good: WHEAT, units: 90 };
    story.act(&trade, day(0)).unwrap();
    let store = |units| Command::Store { way: Way::In, good: WHEAT, units };
    story.act(&store(30), day(0)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), day(1)).unwrap();
    story.act(&store(20), day(10)).unwrap();
    story
}

/// And the world has lost both.
pub(crate) fn moved() -> Story {
    let mut story = abroad();
    story.world = without(&["carthago", "ostia"]);
    let refuges = [("carthago", "alexandria"), ("ostia", "alexandria")];
    story.act(&move_on(&refuges), day(20)).unwrap();
    story
}

#[test]
fn who_stands_in_a_lost_place_goes_to_its_neighbour_with_all_that_he_has_there() {
    let mut story = abroad();
    let before = story.life.state().clone();
    assert!(lost_places(&before, &story.world).is_empty());
    story.world = without(&["carthago"]);
    assert_eq!(story.act(&Command::BeginOtium { guests: 0 }, day(20)), Err("unknown_place"));
    let lost: Vec<_> = lost_places(&before, &story.world).into_iter().collect();
    assert_eq!(lost, [place("carthago")]);
    story.act(&move_on(&[("carthago", "alexandria")]), day(20)).unwrap();
    let removal = Removal {
        from: place("carthago"),
        to: place("alexandria"),
        reason: Why::PlaceLost,
        moved: vec![Loss { good: WHEAT, units: 20 }],
        villa_asses: 0,
        books: 0,
    };
    let moment = story.moments.last().unwrap();
    assert_eq!((moment.name.as_str(), moment.fact().unwrap()), ("move_on", Fact::Removal(removal)));
    let state = story.life.state();
    assert_eq!(state.place(), Some(&place("alexandria")));
    assert_eq!((&state.ship, &state.cargo), (&before.ship, &before.cargo));
    assert_eq!(state.purse(), before.purse());
    assert_eq!(
        state.stores[&(place("alexandria"), WHEAT)],
        before.stores[&(place("carthago"), WHEAT)]
    );
    let good = Commodity::Good(WHEAT);
    let lies = |id| state.ledger.balance(&Account::Horreum(place(id)), good);
    assert_eq!(["carthago", "alexandria", "ostia"].map(lies), [0, 20, 30]);
    assert!(state.ledger.is_balanced());
    // Life goes on there, and the history proves itself.
    story.act(&Command::Store { way: Way::Out, good: WHEAT, units: 19 }, day(21)).unwrap();
    story.act(&Command::Depart(plan("alexandria", "ostia", 9)), day(22)).unwrap();
    proof::prove(&story.moments).unwrap();
}

#[test]
fn two_stocks_that_become_one_are_as_many_units_and_cost_what_they_cost() {
    let before = abroad().life.state().clone();
    let story = moved();
    let state = story.life.state();
    let stock = state.stores[&(place("alexandria"), WHEAT)];
    let cost = |id| before.stores[&(place(id), WHEAT)].lot.cost_asses;
    assert_eq!(stock.lot.units, 50);
    assert_eq!(stock.lot.cost_asses, cost("ostia") + cost("carthago"));
    assert_eq!(stock.since, before.stores[&(place("carthago"), WHEAT)].since);
    assert_eq!(state.stores.len(), 1);
    assert!(state.ledger.is_balanced());
    proof::prove(&story.moments).unwrap();
}

#[test]
fn goods_in_a_lost_place_come_to_its_neighbour_though_the_merchant_is_elsewhere() {
    let mut story = abroad();
    story.world = without(&["ostia"]);
    story.act(&move_on(&[("ostia", "alexandria")]), day(20)).unwrap();
    let state = story.life.state();
    assert_eq!(state.place(), Some(&place("carthago")));
    assert_eq!(state.stores[&(place("alexandria"), WHEAT)].lot.units, 30);
    proof::prove(&story.moments).unwrap();
}

#[test]
fn nobody_moves_on_from_a_place_that_is_there_or_to_one_that_is_none() {
    let mut story = abroad();
    assert_eq!(story.act(&move_on(&[("carthago", "alexandria")]), day(20)), Err("nothing_lost"));
    story.world = without(&["carthago"]);
    assert_eq!(story.act(&move_on(&[]), day(20)), Err("unknown_place"));
    assert_eq!(story.act(&move_on(&[("carthago", "gades")]), day(20)), Err("unknown_place"));
    let mut inland = world();
    inland = World::new(inland.towns().filter(|town| town.id != place("carthago")).cloned().map(
        |mut town| {
            town.sea_harbour = false;
            town
        },
    ));
    story.world = inland;
    assert_eq!(story.act(&move_on(&[("carthago", "ostia")]), day(20)), Err("no_harbour"));
}

#[test]
fn who_rests_in_a_place_that_is_lost_ends_it_at_the_price_of_the_day_it_began() {
    let mut story = abroad();
    story.act(&Command::BeginOtium { guests: 0 }, day(20)).unwrap();
    story.world = without(&["carthago"]);
    assert_eq!(story.act(&move_on(&[("carthago", "ostia")]), day(30)), Err("in_otium"));
    let purse = story.life.state().purse();
    story.act(&Command::EndOtium, day(30)).unwrap();
    // 24 asses, and two fifths more in a city of rank 2.
    assert_eq!(purse - story.life.state().purse(), 330);
    story.act(&move_on(&[("carthago", "ostia")]), day(31)).unwrap();
    proof::prove(&story.moments).unwrap();
}

#[test]
fn a_life_knows_where_the_ends_of_its_voyages_lie() {
    let story = abroad();
    let charted = &story.life.state().charted;
    assert_eq!(charted[&place("ostia")], [12_290, 41_760]);
    assert_eq!(charted[&place("carthago")], [10_320, 36_850]);
    assert_eq!(charted.len(), 2);
}

#[test]
fn a_removal_ends_one_stay_and_begins_another() {
    let story = moved();
    let told = labels::of_moments(&story.moments, day(30));
    let stays: Vec<_> = told
        .iter()
        .filter(|label| label.label == LabelKind::Sojourn)
        .map(|label| (label.detail["place"].as_str().unwrap(), label.to.is_some()))
        .collect();
    assert_eq!(stays, [("ostia", true), ("carthago", true), ("alexandria", false)]);
}

#[test]
fn no_history_moves_on_with_what_did_not_lie_there() {
    let refused = |removal: Removal| {
        let mut story = abroad();
        story.happen(&[Fact::Removal(removal)], day(20));
        proof::prove(&story.moments).unwrap_err().to_string()
    };
    let removal = |from, to, units| Removal {
        from: place(from),
        to: place(to),
        reason: Why::PlaceLost,
        moved: if units > 0 { vec![Loss { good: WHEAT, units }] } else { Vec::new() },
        villa_asses: 0,
        books: 0,
    };
    for (removal, why) in [
        (removal("carthago", "alexandria", 19), "that was not what lay there"),
        (removal("carthago", "alexandria", 0), "that was not what lay there"),
        (removal("carthago", "carthago", 20), "that is the same place"),
        (removal("gades", "carthago", 0), "nothing of this life was there"),
    ] {
        let refused = refused(removal);
        assert!(refused.ends_with(why), "{refused}, and not: {why}");
    }
}
