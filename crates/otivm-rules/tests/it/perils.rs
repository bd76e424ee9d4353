//! What happens at sea: sealed on departure, told with its cause, and paid for in full.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Chance, Command, Fact, GoodId, Life, VoyagePlan,
    fact::{Arrival, Departure, Loss, Mishap, PerilKind, Side},
    ledger::{Account, Commodity},
    time::{DAY_US, SECOND_US},
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Each byte of a seed with which a deadly route brings delay, storm, jettison and piracy in one voyage, and no wreck.
const UNLUCKY: u8 = 128;
/// And with which it brings a storm, and then a wreck.
const WRECKED: u8 = 1;

const WHEAT: Commodity = Commodity::Good(GoodId::Wheat);

/// A laden ship that has set sail on a route with this risk.
fn at_sea(seed: [u8; 16], risk_permille: i64, days: i64) -> Story {
    sets_sail(laden(100), seed, risk_permille, days)
}

pub(crate) fn laden(units: i64) -> Story {
    let mut story = Story::begun();
    let now = START.plus(SECOND_US + 1);
    story.act(&Command::Trade { side: Side::Buy, good: GoodId::Wheat, units }, now).unwrap();
    story
}

pub(crate) fn sets_sail(mut story: Story, seed: [u8; 16], risk_permille: i64, days: i64) -> Story {
    let now = START.plus(2 * SECOND_US);
    let voyage = VoyagePlan { risk_permille, ..plan("ostia", "carthago", days) };
    let (depart, chance) = (Command::Depart(voyage), Chance { seed });
    let moments = story.life.decide(&depart, None, &story.world, now.plus(1), chance).unwrap();
    story.life.commit(&moments).unwrap();
    story.moments.extend(moments);
    story
}

/// A ship at sea whom everything that can befall a voyage is still to befall.
pub(crate) fn doomed() -> Story {
    at_sea([UNLUCKY; 16], 900, 10)
}

/// A merchant who has lost ship and cargo, and owes nothing for the loan that was on them.
pub(crate) fn wrecked() -> Story {
    let mut story = laden(100);
    let voyage = VoyagePlan { risk_permille: 900, ..plan("ostia", "carthago", 10) };
    let borrow = Command::Borrow { principal_asses: 20_000, plan: voyage };
    story.act(&borrow, START.plus(2 * SECOND_US - 1)).unwrap();
    let mut story = sets_sail(story, [WRECKED; 16], 900, 10);
    story.look(later());
    story
}

/// Whom it has befallen.
pub(crate) fn unlucky() -> Story {
    let mut story = doomed();
    story.look(later());
    story
}

pub(crate) fn later() -> At {
    START.plus(100 * DAY_US)
}

const SURVIVED: [PerilKind; 4] =
    [PerilKind::Delay, PerilKind::Storm, PerilKind::Jettison, PerilKind::Piracy];
const ALL: [PerilKind; 5] =
    [PerilKind::Delay, PerilKind::Storm, PerilKind::Jettison, PerilKind::Piracy, PerilKind::Wreck];

pub(crate) fn mishaps(story: &Story) -> Vec<Mishap> {
    let told = story.moments.iter().map(|moment| moment.fact().unwrap());
    told.filter_map(|fact| match fact {
        Fact::Mishap(mishap) => Some(mishap),
        _ => None,
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_mishap_balances_and_replays_without_dice(
        seed in any::<[u8; 16]>(), risk in 0..1000_i64, days in 1..60_i64,
    ) {
        let mut story = at_sea(seed, risk, days);
        let before = story.life.state().clone();
        story.look(later());
        let state = story.life.state();
        prop_assert!(state.ledger.is_balanced());
        prop_assert!(state.purse() >= 0 && state.purse() <= before.purse());
        let aboard = state.units_aboard(GoodId::Wheat);
        prop_assert_eq!(state.cargo.get(&GoodId::Wheat).map_or(0, |lot| lot.units), aboard);
        let gone: i128 = [Account::Sea, Account::Pirates, Account::Decay]
            .iter()
            .map(|account| state.ledger.balance(account, WHEAT))
            .sum();
        prop_assert_eq!(i128::from(aboard) + gone, 100);
        prop_assert_eq!(state.place().unwrap().as_str(), "carthago");
        prop_assert!(story.moments.is_sorted_by(|a, b| a.at < b.at));
        prop_assert_eq!(&Life::replay(&story.moments).unwrap(), &story.life);
    }

    /// Whoever looks on the way reads the same life as who looks at the end.
    #[test]
    fn looking_often_changes_nothing(seed in any::<[u8; 16]>()) {
        let (mut often, mut once) = (at_sea(seed, 300, 20), at_sea(seed, 300, 20));
        for step in 0..200 {
            often.look(START.plus(step * 60 * SECOND_US));
        }
        often.look(later());
        once.look(later());
        prop_assert_eq!(often.moments, once.moments);
    }
}

#[test]
fn one_voyage_may_meet_them_all() {
    let kinds: BTreeSet<PerilKind> =
        mishaps(&unlucky()).into_iter().map(|mishap| mishap.kind).collect();
    assert_eq!(kinds, BTreeSet::from(SURVIVED));
}

#[test]
fn a_route_without_risk_brings_no_mishap_and_a_deadly_one_brings_each() {
    let mut kinds = BTreeSet::new();
    for seed in 0..60 {
        let mut calm = at_sea([seed; 16], 0, 10);
        calm.look(later());
        assert_eq!(mishaps(&calm), []);
        let mut deadly = at_sea([seed; 16], 900, 10);
        deadly.look(later());
        kinds.extend(mishaps(&deadly).into_iter().map(|mishap| mishap.kind));
    }
    assert_eq!(kinds, BTreeSet::from(ALL));
}

#[test]
fn of_a_small_cargo_a_whole_unit_is_thrown_or_taken() {
    let mut story = sets_sail(laden(1), [UNLUCKY; 16], 900, 10);
    story.look(later());
    let lost: Vec<Loss> = mishaps(&story).into_iter().flat_map(|mishap| mishap.lost).collect();
    assert_eq!(lost, [Loss { good: GoodId::Wheat, units: 1 }]);
    assert_eq!(story.life.state().units_aboard(GoodId::Wheat), 0);
}

#[test]
fn the_time_that_perils_cost_is_in_the_arrival() {
    let doomed = doomed();
    let voyage = doomed.life.state().voyage().unwrap();
    let delays: Vec<i64> = voyage.perils.iter().map(|peril| peril.delay_us).collect();
    assert_eq!(delays.iter().filter(|delay| **delay > 0).count(), 2, "a calm and a storm");
    let last = doomed.moments.last().unwrap().fact().unwrap();
    let Fact::Departure(Departure { planned_us, pace_permille, .. }) = last else {
        unreachable!("{last:?}");
    };
    let sailing_us = planned_us * pace_permille / 1000;
    let clock = doomed.life.state().parameters.clock();
    let under_way = clock.real_duration(sailing_us + delays.iter().sum::<i64>());
    assert_eq!(voyage.arrives_at, voyage.departed_at.plus(under_way));
}

#[test]
fn a_worn_ship_meets_more() {
    let befallen = |wear_ppm: i64| {
        let voyages = (0..200).map(|seed| {
            let mut story = laden(1);
            let worn = Arrival {
                place: place("ostia"),
                wear_ppm,
                spoiled: Vec::new(),
                carried: Vec::new(),
            };
            story.happen(&[Fact::Arrival(worn)], START.plus(SECOND_US + 2));
            sets_sail(story, [seed; 16], 100, 10)
        });
        let calms = |story: &Story| {
            let perils = &story.life.state().voyage().unwrap().perils;
            perils.iter().any(|peril| peril.kind == PerilKind::Delay)
        };
        voyages.filter(calms).count()
    };
    // Chances of 0.3 and 0.6, four standard deviations of 200 draws around each.
    let (sound, worn) = (befallen(0), befallen(1_000_000));
    assert!((34..=86).contains(&sound) && (93..=147).contains(&worn), "{sound} and {worn}");
}

/// A life whose wheat has spoiled under way.
pub(crate) fn spoiling() -> Story {
    let mut story = at_sea([1; 16], 0, 50);
    story.look(later());
    story
}

#[test]
fn wheat_spoils_under_way_into_an_account_of_its_own() {
    let story = spoiling();
    let state = story.life.state();
    // 100 medimni x 300 millionths x about 50 days.
    assert_eq!(
        (state.units_aboard(GoodId::Wheat), state.ledger.balance(&Account::Decay, WHEAT)),
        (99, 1)
    );
}
