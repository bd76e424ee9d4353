//! Leisure that nobody paid for is none: it gains nothing, and no chapter counts it.

use crate::{
    proof::{forged_from, named},
    world::{START, Story, enrol, place, plan, provisioned, world},
};
use otivm_rules::{
    At, Command, Fact, GoodId, Moment, VoyagePlan, World,
    decide::otium_day_asses,
    fact::{OtiumBegin, OtiumEnd, Side, Trade},
    parameters::ParameterId,
    proof::prove,
    time::{DAY_US, SECOND_US, Window},
    world::Town,
};
use otivm_travel::ShipType;

/// Of Ostia, a city of rank 1.
const DAY_ASSES: i64 = 48;

fn day(days: i64) -> At {
    START.plus(2 * SECOND_US + days * DAY_US / 288)
}

/// A merchant in Ostia with so many asses, who rests for thirty days while the sea is closed.
fn rested(purse_asses: i64) -> Story {
    let (life, moments) = provisioned();
    let mut story = Story { life, moments, world: world() };
    let purse = Fact::Parameter(ParameterId::PurseAtEnrolment, purse_asses);
    story.happen(&[purse], START.plus(SECOND_US));
    story.act(&enrol(), day(0)).unwrap();
    story.act(&Command::BeginOtium { guests: 0 }, day(0).plus(SECOND_US)).unwrap();
    story.act(&Command::EndOtium, day(30).plus(SECOND_US)).unwrap();
    story
}

/// Ten days of thirty were paid.
pub(crate) fn unpaid() -> Story {
    rested(10 * DAY_ASSES)
}

/// In the second chapter: a winter of otium with a page, a voyage, and otium again that has not ended.
pub(crate) fn wintered() -> Story {
    let mut story = Story::begun();
    let tin = |side, total_asses| {
        Fact::Trade(Trade {
            side,
            good: GoodId::Tin,
            units: 1,
            place: place("ostia"),
            total_asses,
            toll_asses: 1,
            base_milliasses: 1,
            multiplier_permille: 1000,
            season_permille: 1000,
            window: Window(7),
            aboard: None,
        })
    };
    let page = |text: &str| Command::WriteJournal { text: text.to_owned() };
    story.happen(&[tin(Side::Buy, 1), tin(Side::Sell, 500)], day(0));
    story.act(&page("Coepi."), day(1)).unwrap();
    story.act(&Command::BeginOtium { guests: 0 }, day(250)).unwrap();
    story.act(&page("Hiems."), day(300)).unwrap();
    story.act(&Command::EndOtium, day(400)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 2)), day(410)).unwrap();
    story.act(&Command::BeginOtium { guests: 0 }, day(440)).unwrap();
    story
}

#[test]
fn a_winter_is_known_to_the_hash_and_a_history_with_one_proves_itself() {
    let story = wintered();
    let state = story.life.state();
    assert_eq!(
        (state.chapter, state.deeds.winter_us, state.deeds.winter_pages),
        (2, 120 * DAY_US, 1)
    );
    assert_eq!(state.otium.as_ref().unwrap().tired_us, Some(state.tired_us));
    let mut other = state.clone();
    other.deeds.winter_us -= 1;
    assert_ne!(other.hash(), state.hash());
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

fn counted_days(story: &Story) -> [i64; 3] {
    let deeds = &story.life.state().deeds;
    [deeds.rest_us, deeds.longest_rest_us, deeds.winter_us].map(|us| us / DAY_US)
}

#[test]
fn days_that_the_purse_was_not_good_for_count_for_no_chapter() {
    // Of the days while the sea was closed, nine and most of a tenth.
    assert_eq!(counted_days(&rested(48_000)), [30, 30, 9]);
    let story = unpaid();
    assert_eq!(counted_days(&story), [10, 10, 9]);
    let Fact::OtiumEnd(end) = story.moments.last().unwrap().fact().unwrap() else { unreachable!() };
    let told = (end.days_us, end.cost_asses, end.paid_us, end.gravitas_milli);
    assert_eq!(told, (30 * DAY_US, 480, Some(10 * DAY_US), 8_000));
}

#[test]
fn the_price_of_a_day_is_said_before_otium_and_stays_as_it_was_agreed_on() {
    let asked = |story: &Story, world: &World| otium_day_asses(story.life.state(), world);
    let mut story = Story::begun();
    assert_eq!(asked(&story, &story.world), Some(DAY_ASSES));
    let lost = World::new([]);
    assert_eq!(asked(&story, &lost), None);
    story.act(&Command::BeginOtium { guests: 0 }, day(0)).unwrap();
    assert_eq!(asked(&story, &lost), Some(DAY_ASSES));
    story.act(&Command::EndOtium, day(1)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), day(1)).unwrap();
    assert_eq!(asked(&story, &story.world), None);
}

#[test]
fn who_paid_for_nothing_has_been_in_no_retreat() {
    let penniless = rested(0);
    let deeds = &penniless.life.state().deeds;
    assert_eq!((deeds.rest_us, deeds.retreats.len()), (0, 0));
    assert_eq!(unpaid().life.state().deeds.retreats.len(), 1);
}

#[test]
fn a_life_from_before_it_was_told_counts_all_its_days_as_it_did() {
    let mut story = Story::begun();
    let begin = OtiumBegin {
        place: place("ostia"),
        quality_permille: 1,
        day_asses: None,
        tired_us: None,
        villa: None,
    };
    let end = OtiumEnd {
        place: place("ostia"),
        days_us: 20 * DAY_US,
        cost_asses: 0,
        gravitas_milli: 0,
        paid_us: None,
    };
    story.happen(&[Fact::OtiumBegin(begin)], day(0));
    story.happen(&[Fact::OtiumEnd(end)], day(20));
    assert_eq!(counted_days(&story), [20; 3]);
    prove(&story.moments).unwrap();
}

#[test]
fn no_import_brings_days_that_its_purse_was_not_good_for() {
    prove(&unpaid().moments).unwrap();
    let refused = |name: &str, old: &str, new: &str| {
        let history = forged_from(unpaid(), |moments: &mut Vec<Moment>| {
            let moment = moments.iter_mut().rfind(|moment| moment.name == name).unwrap();
            assert!(moment.value.contains(old), "{}", moment.value);
            moment.value = moment.value.replacen(old, new, 1);
        });
        prove(&history).unwrap_err().to_string()
    };
    let paid = "\"paid_us\":864000000000,";
    for (name, old, new, why) in [
        (
            "end_otium",
            paid,
            "\"paid_us\":2592000000000,",
            "that was not what the purse was good for",
        ),
        ("end_otium", paid, "\"paid_us\":2592000000001,", "more days were paid than were spent"),
        ("end_otium", paid, "", "that was not what the purse was good for"),
        ("end_otium", "asses\":480", "asses\":479", "that was not what the purse was good for"),
        ("end_otium", "milli\":8000", "milli\":8001", "that was not what so much leisure yields"),
        ("begin_otium", "tired_us\":0", "tired_us\":1", "leisure before it was not told as it was"),
        ("begin_otium", "asses\":48", "asses\":13", "nowhere is a day of otium so cheap"),
        ("begin_otium", "asses\":48", "asses\":14", "that was not what the purse was good for"),
    ] {
        let refused = refused(name, old, new);
        assert!(refused.ends_with(why), "{refused}, and not: {why}");
    }
    // What is told of a day's price stands at the end of otium too, wherever it is spent.
    let mut story = unpaid();
    assert!(named(&mut story.moments, "begin_otium").value.contains("\"day_asses\":48"));
}

/// A merchant without ship or coin in the cheapest and pleasantest of towns, whose name is worth 1,000 gravitas.
fn idle() -> Story {
    let mut story = Story::begun();
    let village = |town: &Town| Town { rank: 5, otium_quality_permille: 1000, ..town.clone() };
    story.world = World::new(world().towns().map(village));
    let name = OtiumEnd {
        place: place("ostia"),
        days_us: 0,
        cost_asses: 0,
        gravitas_milli: 1_000_000,
        paid_us: None,
    };
    story.happen(&[Fact::OtiumEnd(name)], day(0));
    story.act(&Command::SellShip, day(0)).unwrap();
    story.spend(0, day(0));
    story
}

/// Otium of so many days at a time until the purse is empty, with a minute between or, where it is paid for, a hop.
fn rests_in_pieces(story: &mut Story, days: i64, hops: bool) {
    while story.life.state().purse() > 0 {
        if hops && story.life.state().purse() > 500 {
            hop(story);
        }
        let begin = story.life.state().last_at.unwrap().plus(60 * SECOND_US / 288);
        story.act(&Command::BeginOtium { guests: 0 }, begin).unwrap();
        story.act(&Command::EndOtium, begin.plus(days * DAY_US / 288)).unwrap();
    }
}

/// To the neighbouring harbour, in another's ship.
fn hop(story: &mut Story) {
    let now = story.life.state().last_at.unwrap().plus(SECOND_US);
    let ship = ShipType::Actuaria;
    if story.life.state().ship.is_none() {
        story.act(&Command::Charter { ship }, now).unwrap();
    }
    let here = story.life.state().place().unwrap().as_str().to_owned();
    let there = if here == "ostia" { "carthago" } else { "ostia" };
    let passage = VoyagePlan { ship, risk_permille: 0, ..plan(&here, there, 1) };
    story.act(&Command::Depart(passage), now).unwrap();
    let arrives_at = story.life.state().voyage().unwrap().arrives_at;
    story.look(arrives_at);
}

#[test]
fn nobody_gains_gravitas_by_living_on_friends_however_the_leisure_is_cut() {
    for (days, hops) in [
        (10, false),
        (45, false),
        (90, false),
        (571, false),
        (2_000, false),
        (45, true),
        (90, true),
    ] {
        let mut story = idle();
        for turn in 0..5 {
            let before = story.life.state().gravitas_milli;
            let asked_at = story.life.state().last_at.unwrap().plus(SECOND_US);
            story.act(&Command::AskFriends, asked_at).unwrap();
            rests_in_pieces(&mut story, days, hops);
            let after = story.life.state().gravitas_milli;
            assert!(after < before, "{days} days, turn {turn}: {before} and then {after}");
        }
    }
}

#[test]
fn a_break_of_a_minute_rests_nobody_from_leisure() {
    let gained = |days| {
        let mut story = idle();
        let before = story.life.state().gravitas_milli;
        story.happen(&[Fact::Parameter(ParameterId::ReliefGravitas, 0)], day(1));
        story.act(&Command::AskFriends, day(1)).unwrap();
        rests_in_pieces(&mut story, days, false);
        story.life.state().gravitas_milli - before
    };
    let unbroken = gained(2_000);
    for days in [1, 30, 89, 90, 200] {
        let cut = gained(days);
        assert!(cut <= unbroken, "{days} days at a time: {cut}, unbroken {unbroken}");
    }
}

#[test]
fn a_day_under_way_makes_up_for_two_of_leisure_and_no_day_ashore_for_any() {
    let mut story = Story::begun();
    let tired = |story: &Story| story.life.state().tired_us / DAY_US;
    let rest = |story: &mut Story, from, to| {
        story.act(&Command::BeginOtium { guests: 0 }, day(from)).unwrap();
        story.act(&Command::EndOtium, day(to)).unwrap();
    };
    rest(&mut story, 1, 101);
    assert_eq!(story.life.state().gravitas_milli, (90_000 + 5_000) * 8 / 10);
    rest(&mut story, 200, 240);
    assert_eq!(tired(&story), 140);
    assert_eq!(story.life.state().gravitas_milli, (90_000 + 25_000) * 8 / 10);
    let before = story.life.state().tired_us;
    story.act(&Command::Depart(plan("ostia", "carthago", 20)), day(250)).unwrap();
    let under_way = story.life.state().voyage().unwrap().clone();
    story.look(under_way.arrives_at);
    assert_eq!(story.life.state().tired_us, before - 2 * under_way.duration_us);
    rest(&mut story, 300, 600);
    assert_eq!(tired(&story), 180, "nobody tires more than that");
    story.act(&Command::Depart(plan("carthago", "ostia", 120)), day(600)).unwrap();
    story.look(day(800));
    assert_eq!(tired(&story), 0);
    prove(&story.moments).unwrap();
}

#[test]
fn an_otium_that_an_older_build_began_tires_nobody() {
    let mut story = Story::begun();
    let of_an_older_build = || {
        let place = place("ostia");
        OtiumBegin {
            place,
            quality_permille: 800,
            day_asses: Some(48),
            tired_us: None,
            villa: None,
        }
    };
    story.happen(&[Fact::OtiumBegin(of_an_older_build())], day(0));
    let of_old = story.life.state().hash();
    story.act(&Command::EndOtium, day(100)).unwrap();
    assert_eq!((story.life.state().tired_us, story.life.state().gravitas_milli), (0, 76_000));
    prove(&story.moments).unwrap();
    let mut told = story.life.state().clone();
    told.tired_us = 1;
    assert_ne!(told.hash(), story.life.state().hash());
    let mut begun = Story::begun();
    begun.act(&Command::BeginOtium { guests: 0 }, day(0)).unwrap();
    assert_ne!(begun.life.state().hash(), of_old);
    // Who has begun to tell it tells it to the end.
    begun.act(&Command::EndOtium, day(1)).unwrap();
    begun.happen(&[Fact::OtiumBegin(of_an_older_build())], day(2));
    let refused = prove(&begun.moments).unwrap_err().to_string();
    assert!(refused.ends_with("leisure before it was not told as it was"), "{refused}");
}
