//! A history that was tampered with is found out.

use crate::world::{START, Story};
use otivm_rules::{
    Command, Life,
    chain::{Broken, verify},
    fact::Side,
    goods::GoodId,
    life::ReplayError,
    time::SECOND_US,
};

fn story() -> Story {
    let mut story = Story::begun();
    for second in 2..6 {
        let buy = Command::Trade { side: Side::Buy, good: GoodId::Wheat, units: second };
        story.act(&buy, START.plus(second * SECOND_US)).unwrap();
    }
    story
}

#[test]
fn an_untouched_history_is_whole() {
    let story = story();
    assert_eq!(verify(&story.moments), Ok(story.life.head()));
}

#[test]
fn a_lost_moment_is_found() {
    let mut moments = story().moments;
    let removed = moments.remove(30);
    let at = moments[30].at;
    assert!(removed.at < at);
    assert_eq!(verify(&moments), Err(Broken::Link { at }));
}

#[test]
fn a_moment_lost_at_the_end_leaves_another_head() {
    let story = story();
    let cut = &story.moments[..story.moments.len() - 1];
    assert_ne!(verify(cut).unwrap(), story.life.head());
}

#[test]
fn a_changed_value_is_found_wherever_it_is() {
    for index in 0..story().moments.len() {
        let mut moments = story().moments;
        moments[index].value.push(' ');
        let at = moments[index].at;
        assert_eq!(verify(&moments), Err(Broken::Changed { at }));
    }
}

#[test]
fn a_changed_key_is_found() {
    let mut moments = story().moments;
    let last = moments.len() - 1;
    moments[last].key = None;
    assert_eq!(verify(&moments), Err(Broken::Changed { at: moments[last].at }));
}

#[test]
fn moments_in_another_order_are_found() {
    let mut moments = story().moments;
    let last = moments.len() - 1;
    moments.swap(last - 1, last);
    assert_eq!(verify(&moments), Err(Broken::Link { at: moments[last - 1].at }));
    let at = moments[last].at;
    moments.swap(last - 1, last);
    moments[last].at = moments[last - 1].at;
    assert_eq!(verify(&moments), Err(Broken::Order { at }));
}

#[test]
fn a_moment_that_no_rule_knows_stops_the_replay() {
    let mut story = story();
    let mut stranger = story.moments[story.moments.len() - 1].clone();
    stranger.at = stranger.at.plus(1);
    stranger.prev = stranger.hash;
    stranger.name = "forge_coin".to_owned();
    stranger.hash = stranger.computed_hash();
    let at = stranger.at;
    story.moments.push(stranger);
    let refused = Life::replay(&story.moments).unwrap_err();
    assert!(matches!(refused, ReplayError::Fact { at: found, .. } if found == at), "{refused}");
}
