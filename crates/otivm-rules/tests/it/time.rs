//! What falls due while nobody looks.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Command, GoodId, Kind, Moment,
    fact::Side,
    parameters::ParameterId,
    time::{DAY_US, SECOND_US},
};

fn at_sea() -> Story {
    let mut story = Story::begun();
    let now = START.plus(10 * SECOND_US);
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), now).unwrap();
    story
}

fn arrivals(moments: &[Moment]) -> Vec<At> {
    moments.iter().filter(|moment| moment.name == "arrive").map(|moment| moment.at).collect()
}

#[test]
fn a_ship_arrives_when_she_is_due_however_often_one_looks() {
    let due = at_sea().life.state().voyage().unwrap().arrives_at;
    let late = due.plus(100 * DAY_US);
    let mut never = at_sea();
    never.look(late);
    let mut often = at_sea();
    for look in [due.plus(-1), due, due, due.plus(5), late] {
        often.look(look);
    }
    assert_eq!(never.moments, often.moments);
    assert_eq!(arrivals(&never.moments), [due]);
    assert_eq!(never.life.state().place(), Some(&place("carthago")));
    let arrival = never.moments.last().unwrap();
    assert_eq!((arrival.kind, arrival.key.as_deref()), (Kind::Event, None));
}

#[test]
fn a_voyage_takes_its_days_more_or_less_in_world_time() {
    let story = at_sea();
    let voyage = story.life.state().voyage().unwrap();
    let days = voyage.duration_us as f64 / DAY_US as f64;
    // It begins on 1 March, while the sea is closed: 15 percent either way and 40 percent more.
    assert!((3.4..6.2).contains(&days), "{days}");
    let real = voyage.arrives_at.0 - voyage.departed_at.0;
    assert_eq!(voyage.duration_us, real * story.life.state().parameters.get(ParameterId::Rate));
}

#[test]
fn half_way_in_time_is_half_way_on_the_map() {
    let story = at_sea();
    let voyage = story.life.state().voyage().unwrap();
    let middle = At(i64::midpoint(voyage.departed_at.0, voyage.arrives_at.0));
    assert!((499..=500).contains(&voyage.progress_permille(middle)));
    let (longitude, latitude) = voyage.position(middle).unwrap();
    assert!((10.0..12.3).contains(&longitude) && (36.8..41.8).contains(&latitude));
    let ends = [voyage.departed_at.plus(-1), voyage.arrives_at.plus(1)];
    assert_eq!(ends.map(|at| voyage.position(at).unwrap()), [(12.29, 41.76), (10.32, 36.85)]);
}

#[test]
fn at_sea_one_may_write_and_nothing_else() {
    let mut story = at_sea();
    let now = START.plus(20 * SECOND_US);
    let buy = Command::Trade { side: Side::Buy, good: GoodId::Wheat, units: 1 };
    let again = Command::Depart(plan("ostia", "carthago", 4));
    let refusals =
        [buy, again, Command::BeginOtium { guests: 0 }].map(|command| story.act(&command, now));
    assert_eq!(refusals, [Err("at_sea"); 3]);
    story.act(&Command::WriteJournal { text: " Ventus secundus. ".to_owned() }, now).unwrap();
    assert_eq!(story.moments.last().unwrap().value, r#"{"text":"Ventus secundus."}"#);
}

#[test]
fn leisure_yields_by_the_day_and_is_paid_for() {
    let mut story = Story::begun();
    let (begin, purse) = (START.plus(10 * SECOND_US), story.life.state().purse());
    story.act(&Command::BeginOtium { guests: 0 }, begin).unwrap();
    let buy = Command::Trade { side: Side::Buy, good: GoodId::Wheat, units: 1 };
    assert_eq!(story.act(&buy, begin.plus(1)), Err("in_otium"));
    story.act(&Command::EndOtium, begin.plus(10 * 300 * SECOND_US)).unwrap();
    let state = story.life.state();
    // Ten days of quality 800, in a city of rank 1 where living is twice as dear.
    assert_eq!(state.gravitas_milli, 8_000);
    assert_eq!(purse - state.purse(), 10 * 24 * 2);
}

/// An hour was free, so that leisure in hours was gravitas for nothing.
#[test]
fn the_shortest_leisure_costs_an_as_and_yields_nothing_where_there_is_none() {
    let hour = |story: &mut Story, begin: At| {
        let before = (story.life.state().purse(), story.life.state().gravitas_milli);
        story.act(&Command::BeginOtium { guests: 0 }, begin).unwrap();
        story.act(&Command::EndOtium, begin.plus(12 * SECOND_US)).unwrap();
        let state = story.life.state();
        (before.0 - state.purse(), state.gravitas_milli - before.1)
    };
    let mut story = Story::begun();
    // 0.96 hours of a day that costs 48 asses.
    assert_eq!(hour(&mut story, START.plus(10 * SECOND_US)), (2, 32));
    story.spend(0, START.plus(30 * SECOND_US));
    assert_eq!(hour(&mut story, START.plus(40 * SECOND_US)), (0, 0));
}

#[test]
fn long_leisure_tires_and_an_empty_purse_ends_it() {
    let mut story = Story::begun();
    let begin = START.plus(10 * SECOND_US);
    story.act(&Command::BeginOtium { guests: 0 }, begin).unwrap();
    let days = story.life.state().parameters.get(ParameterId::OtiumFatigue) + 100;
    let mut tired =
        Story { life: story.life.clone(), moments: Vec::new(), world: story.world.clone() };
    tired.act(&Command::EndOtium, begin.plus(days * 300 * SECOND_US)).unwrap();
    assert_eq!(tired.life.state().gravitas_milli, (90_000 + 45_000 + 2_500) * 8 / 10);
    // 48,000 asses last 1,000 days in Ostia; nobody is poorer than nothing.
    story.act(&Command::EndOtium, begin.plus(5_000 * 300 * SECOND_US)).unwrap();
    assert_eq!(story.life.state().purse(), 0);
    assert_eq!(story.life.state().gravitas_milli, (90 + 45 + (1_000 - 180) / 4) * 800);
}
