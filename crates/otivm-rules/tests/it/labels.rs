//! The timeline's intervals.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Command, Fact, GoodId,
    fact::{Advance, Arrival, Import, Side},
    labels::{Label, LabelKind, labels},
    parameters::ParameterId,
    time::{DAY_US, SECOND_US},
};
use otivm_travel::ShipType;
use serde_json::json;

fn told(story: &Story, now: At) -> Vec<Label> {
    let history: Vec<(At, Fact)> =
        story.moments.iter().map(|moment| (moment.at, moment.fact().unwrap())).collect();
    labels(&history, now)
}

fn of_kind(labels: &[Label], kind: LabelKind) -> Vec<(At, Option<At>)> {
    labels.iter().filter(|label| label.label == kind).map(|label| (label.from, label.to)).collect()
}

fn titles(labels: &[Label], kind: LabelKind) -> Vec<&str> {
    labels.iter().filter(|label| label.label == kind).map(|label| label.title.as_str()).collect()
}

#[test]
fn a_day_of_business_and_leisure_is_told_in_its_intervals() {
    let mut story = Story::begun();
    let second = |seconds: i64| START.plus(seconds * SECOND_US);
    let buy = Command::Trade { side: Side::Buy, good: GoodId::Wheat, units: 10 };
    story.act(&buy, second(5)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), second(10)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    story.act(&Command::BeginOtium { guests: 0 }, arrival.plus(SECOND_US)).unwrap();
    let text = "Carthaginem veni.".to_owned();
    story.act(&Command::WriteJournal { text }, arrival.plus(2 * SECOND_US)).unwrap();
    let now = arrival.plus(3 * SECOND_US);
    let labels = told(&story, now);
    assert_eq!(of_kind(&labels, LabelKind::Voyage), [(second(10), Some(arrival))]);
    assert_eq!(
        of_kind(&labels, LabelKind::Sojourn),
        [(second(1), Some(second(10))), (arrival, None)]
    );
    assert_eq!(of_kind(&labels, LabelKind::Otium), [(arrival.plus(SECOND_US), None)]);
    let entry = arrival.plus(2 * SECOND_US);
    assert_eq!(of_kind(&labels, LabelKind::Journal), [(entry, Some(entry))]);
    let sojourn = labels.iter().find(|label| label.label == LabelKind::Sojourn).unwrap();
    assert_eq!(sojourn.detail["trades"], 1);
    assert_eq!(sojourn.evidence, [second(1), second(5), second(10)]);
    assert!(labels.is_sorted_by_key(|label| label.from));
    let chapter = labels.iter().find(|label| label.label == LabelKind::Chapter).unwrap();
    assert_eq!(
        (chapter.title.as_str(), chapter.from, chapter.to),
        ("I. The Harbour", second(1), None)
    );
}

#[test]
fn a_chapter_is_the_interval_that_an_advance_opens() {
    let story = Story::begun();
    let mut history: Vec<(At, Fact)> =
        story.moments.iter().map(|moment| (moment.at, moment.fact().unwrap())).collect();
    let born = START.plus(SECOND_US);
    let at = |number: i64| START.plus(number * 100 * SECOND_US);
    for chapter in 2..=13 {
        history.push((at(chapter), Fact::Advance(Advance { chapter })));
    }
    let labels = labels(&history, at(20));
    let found = of_kind(&labels, LabelKind::Chapter);
    assert_eq!(found.len(), 12);
    assert_eq!(found[0], (born, Some(at(2))));
    assert_eq!(found[11], (at(12), Some(at(13))));
    let second = labels.iter().filter(|label| label.label == LabelKind::Chapter).nth(1).unwrap();
    assert_eq!(
        (second.title.as_str(), &second.evidence[..]),
        ("II. The First Wind", &[at(2), at(3)][..])
    );
    assert_eq!(second.detail["words"]["la"], "Ventus primus");
}

#[test]
fn a_ship_is_one_interval_from_the_day_she_is_had_to_the_day_she_is_not() {
    let mut story = Story::begun();
    let second = |seconds: i64| START.plus(seconds * SECOND_US);
    let worn = Arrival {
        place: place("ostia"),
        wear_ppm: 9_000,
        spoiled: Vec::new(),
        carried: Vec::new(),
    };
    story.happen(&[Fact::Arrival(worn)], second(2));
    story.act(&Command::Repair { wear_permille: 4 }, second(3)).unwrap();
    let buy = Command::BuyShip { ship: ShipType::Actuaria, name: "Isis".to_owned() };
    story.act(&buy, second(4)).unwrap();
    story.act(&Command::SellShip, second(5)).unwrap();
    let labels = told(&story, second(9));
    assert_eq!(
        of_kind(&labels, LabelKind::Ship),
        [(second(1), Some(second(4))), (second(4), Some(second(5)))]
    );
    let ships: Vec<&Label> = labels.iter().filter(|label| label.label == LabelKind::Ship).collect();
    assert_eq!(ships[0].title, "The Europa, coasting merchantman");
    assert_eq!(ships[0].evidence, [second(1), second(3), second(4)]);
    assert_eq!(
        (&ships[0].detail["repairs"], &ships[0].detail["sold_asses"]),
        (&json!(1), &json!(95_520))
    );
    assert_eq!(ships[1].title, "The Isis, sailing galley");
}

/// Where a life goes on in another world, its days there are that world's, and those before stay what they were.
#[test]
fn a_life_that_moved_is_dated_by_the_clock_of_each_day() {
    let mut story = Story::begun();
    let second = |seconds: i64| START.plus(seconds * SECOND_US);
    let home = story.life.state().parameters.clock();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), second(10)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    let moved = arrival.plus(50 * SECOND_US);
    story.look(moved);
    let import = Import { head: "0".repeat(64), moments: 1, state: "0".repeat(64) };
    // There it is half a year later already.
    let start = START.plus(-180 * DAY_US / home.rate);
    let clock = Fact::Parameter(ParameterId::Start, start.0);
    story.happen(&[Fact::Import(import), clock], moved);
    let text = "Alibi.".to_owned();
    story.act(&Command::WriteJournal { text }, moved.plus(10 * SECOND_US)).unwrap();
    let there = story.life.state().parameters.clock();
    let labels = told(&story, moved.plus(20 * SECOND_US));
    let dated = |kind| {
        let found = labels.iter().filter(|label| label.label == kind);
        found.map(|label| (label.world_from, label.world_to)).collect::<Vec<_>>()
    };
    let voyage = (home.world_time(second(10)), home.world_time(arrival));
    assert_eq!(dated(LabelKind::Voyage), [voyage]);
    let written = there.world_time(moved.plus(10 * SECOND_US));
    assert_eq!(dated(LabelKind::Journal), [(written, written)]);
    let set = moved.plus(1);
    assert_eq!(
        of_kind(&labels, LabelKind::Season),
        [(second(1), Some(set)), (set, None)],
        "the closed sea of home, then the open sea of there"
    );
    assert_eq!(titles(&labels, LabelKind::Season), ["Closed sea, 149", "Open sea, 150"]);
}

#[test]
fn every_kind_of_label_is_known_by_its_name() {
    let last = LabelKind::Villa as usize;
    assert_eq!(LabelKind::ALL.map(|kind| kind as usize).to_vec(), (0..=last).collect::<Vec<_>>());
    for kind in LabelKind::ALL {
        assert_eq!(LabelKind::from_name(kind.as_str()), Some(kind));
    }
}

#[test]
fn every_label_rests_on_moments_of_the_history() {
    let mut story = Story::begun();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), START.plus(10 * SECOND_US)).unwrap();
    let known: Vec<At> = story.moments.iter().map(|moment| moment.at).collect();
    for label in told(&story, START.plus(20 * SECOND_US)) {
        assert!(!label.evidence.is_empty(), "{label:?}");
        assert!(label.evidence.iter().all(|at| known.contains(at)), "{label:?}");
    }
}

#[test]
fn a_life_passes_through_the_seasons_of_the_sea() {
    let mut story = Story::begun();
    // 1 March: the sea is closed for ten days more, which are 50 minutes.
    let opens = START.plus(10 * 300 * SECOND_US);
    let text = "Mare patet.".to_owned();
    story.act(&Command::WriteJournal { text }, opens.plus(SECOND_US)).unwrap();
    let labels = told(&story, opens.plus(2 * SECOND_US));
    assert_eq!(
        of_kind(&labels, LabelKind::Season),
        [(START.plus(SECOND_US), Some(opens)), (opens, None)]
    );
    assert_eq!(titles(&labels, LabelKind::Season), ["Closed sea, 149", "Open sea, 150"]);
}
