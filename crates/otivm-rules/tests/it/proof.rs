//! What a file from elsewhere must prove, and what a cheat who writes a chain of its own is told.

use crate::{
    kept,
    perils::{spoiling, unlucky},
    world::{START, Story, place, plan},
};
use otivm_rules::{
    Command, Fact, GoodId, Kind, Moment,
    fact::{Advance, Import, JournalEntry, OtiumEnd, Side},
    hash::Hash,
    lines,
    parameters::ParameterId,
    proof::prove,
    time::{DAY_US, SECOND_US},
};

/// Buys, sails, arrives, sells, rests, writes.
fn story() -> Story {
    let mut story = Story::begun();
    let second = |seconds: i64| START.plus(seconds * SECOND_US);
    let wheat = |side, units| Command::Trade { side, good: GoodId::Wheat, units };
    story.act(&wheat(Side::Buy, 10), second(5)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 4)), second(10)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    story.act(&wheat(Side::Sell, 10), arrival.plus(SECOND_US)).unwrap();
    story.act(&Command::BeginOtium { guests: 0 }, arrival.plus(2 * SECOND_US)).unwrap();
    story.act(&Command::EndOtium, arrival.plus(900 * SECOND_US)).unwrap();
    let text = "Carthaginem veni.".to_owned();
    story.act(&Command::WriteJournal { text }, arrival.plus(901 * SECOND_US)).unwrap();
    story
}

/// The same history with something changed, and the chain made whole again.
fn forged(change: impl Fn(&mut Vec<Moment>)) -> Vec<Moment> {
    forged_from(story(), change)
}

pub(crate) fn forged_from(story: Story, change: impl Fn(&mut Vec<Moment>)) -> Vec<Moment> {
    let mut moments = story.moments;
    change(&mut moments);
    let mut prev = Hash::ZERO;
    for moment in &mut moments {
        moment.prev = prev;
        moment.hash = moment.computed_hash();
        prev = moment.hash;
    }
    moments
}

pub(crate) fn named<'a>(moments: &'a mut [Moment], name: &str) -> &'a mut Moment {
    moments.iter_mut().find(|moment| moment.name == name).unwrap()
}

fn replaced(name: &'static str, old: &'static str, new: &'static str) -> Vec<Moment> {
    forged(|moments| {
        let moment = named(moments, name);
        assert!(moment.value.contains(old), "{}", moment.value);
        moment.value = moment.value.replacen(old, new, 1);
    })
}

fn added(fact: &Fact) -> Vec<Moment> {
    forged(|moments| {
        let at = moments.last().unwrap().at.plus(DAY_US);
        moments.push(Moment::seal(Hash::ZERO, at, fact, None).unwrap());
    })
}

#[test]
fn what_was_played_proves_itself_in_every_kept_life_too() {
    let story = story();
    assert_eq!(prove(&story.moments).unwrap(), story.life);
    for (name, text) in kept::kept() {
        let (life, history) = lines::read(&text).unwrap();
        assert_eq!(prove(&history).unwrap(), life, "{name}");
    }
}

#[test]
fn a_chain_that_is_whole_and_a_life_that_cannot_have_been_are_told_apart() {
    let elsewhere = Fact::OtiumEnd(OtiumEnd {
        place: place("ostia"),
        days_us: DAY_US,
        cost_asses: 0,
        gravitas_milli: 1_000_000,
        paid_us: None,
    });
    let long = Fact::Journal(JournalEntry { text: "a".repeat(4001) });
    for (history, why) in [
        (replaced("enrol", "48000", "48000000"), "the purse is not what its parameters give"),
        (replaced("trade", "\"units\":10", "\"units\":1000001"), "nobody trades that many units"),
        (replaced("trade", "ostia", "gades"), "the merchant was not at that market"),
        (
            replaced("depart", "\"from\":\"ostia\"", "\"from\":\"gades\""),
            "the ship did not lie there",
        ),
        (replaced("arrive", "carthago", "alexandria"), "the ship was bound for another place"),
        (replaced("begin_otium", "carthago", "ostia"), "the merchant was not there"),
        (replaced("end_otium", "\"days_us\":", "\"days_us\":9"), "so much time had not passed"),
        (added(&elsewhere), "otium had not begun"),
        (added(&Fact::Advance(Advance { chapter: 2 })), "what that chapter asks had not been done"),
        (added(&long), "an entry is no longer than a page"),
        (
            forged(|moments| moments.retain(|m| m.name != "arrive")),
            "the ship had been due in harbour, and never came in",
        ),
        (
            forged(|moments| {
                let mut twin = named(moments, "enrol").clone();
                twin.at = moments.last().unwrap().at.plus(1);
                moments.push(twin);
            }),
            "this life had begun already",
        ),
        (
            forged(|moments| {
                let trade = moments.iter_mut().rfind(|moment| moment.name == "trade").unwrap();
                trade.value = trade.value.replace("\"units\":10", "\"units\":11");
            }),
            "so much of that good was not aboard",
        ),
        (
            forged(|moments| {
                let depart = named(moments, "depart");
                let dues = depart.value.find("\"dues_asses\":").unwrap() + 13;
                depart.value.insert_str(dues, "99999999");
            }),
            "the purse did not hold that much",
        ),
    ] {
        let refused = prove(&history).unwrap_err().to_string();
        assert!(refused.ends_with(why), "{refused}, and not: {why}");
    }
}

#[test]
fn a_mishap_is_what_was_sealed_takes_no_more_than_there_is_and_is_not_left_out() {
    assert_eq!(prove(&unlucky().moments).unwrap(), unlucky().life);
    let lost = |moment: &Moment| moment.name == "mishap" && moment.value.contains("\"units\":");
    let changed = |old: &str, new: &str| {
        forged_from(unlucky(), |moments| {
            let mishap = moments.iter_mut().find(|moment| lost(moment)).unwrap();
            mishap.value = mishap.value.replacen(old, new, 1);
        })
    };
    for (history, why) in [
        (changed("\"units\":", "\"units\":9"), "so much of that good was not aboard"),
        (
            forged_from(spoiling(), |moments| {
                let arrive = named(moments, "arrive");
                arrive.value = arrive.value.replacen("\"units\":", "\"units\":9999", 1);
            }),
            "so much of that good was not aboard",
        ),
        (changed("\"delay_us\":", "\"delay_us\":9"), "the peril was sealed as another"),
        (
            forged_from(unlucky(), |moments| moments.retain(|moment| !lost(moment))),
            "the peril was sealed as another",
        ),
        (
            forged_from(unlucky(), |moments| moments.retain(|moment| moment.name != "mishap")),
            "a peril was sealed and never happened",
        ),
        (
            forged_from(story(), |moments| {
                let at = moments.last().unwrap().at.plus(1);
                let mut unlucky = unlucky().moments;
                let mishap = named(&mut unlucky, "mishap");
                mishap.at = at;
                moments.push(mishap.clone());
            }),
            "the ship was not at sea",
        ),
        (
            forged_from(unlucky(), |moments| {
                let at = named(moments, "depart").at.plus(1);
                named(moments, "mishap").at = at;
            }),
            "it was not due yet",
        ),
    ] {
        let refused = prove(&history).unwrap_err().to_string();
        assert!(refused.ends_with(why), "{refused}, and not: {why}");
    }
}

#[test]
fn a_moment_that_no_server_writes_is_refused() {
    for (history, says) in [
        (replaced("journal", "{\"text\"", "{ \"text\""), "is not written as a server writes it"),
        (
            forged(|moments| named(moments, "journal").key = Some("a key".to_owned())),
            "is not written as a server writes it",
        ),
        (
            forged(|moments| named(moments, "journal").key = Some("k".repeat(65))),
            "is not written as a server writes it",
        ),
        (replaced("journal", "\"text\"", "\"virus\":1,\"text\""), "cannot be understood"),
        (
            forged(|moments| named(moments, "journal").name = "forge_coin".to_owned()),
            "cannot be understood",
        ),
        (forged(|moments| named(moments, "journal").kind = Kind::Event), "cannot be understood"),
        (replaced("rate", "288", "0"), "cannot be understood"),
        (replaced("trade", "\"toll_asses\":", "\"toll_asses\":-"), "cannot be understood"),
    ] {
        let refused = prove(&history).unwrap_err().to_string();
        assert!(refused.ends_with(says), "{refused}, and not: {says}");
    }
}

#[test]
fn an_import_marks_the_state_and_a_life_without_one_keeps_its_hash() {
    let story = story();
    let before = story.life.state().hash();
    let import = Import { head: "h".to_owned(), moments: 1, state: before.to_string() };
    let history = added(&Fact::Import(import));
    let life = prove(&history).unwrap();
    assert_eq!((life.state().imports, story.life.state().imports), (1, 0));
    let mut same = life.state().clone();
    same.imports = 0;
    assert_ne!(same.hash(), life.state().hash());
    assert_eq!(life.state().parameters.get(ParameterId::Rate), 288);
}
