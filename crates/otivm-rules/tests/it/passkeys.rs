//! Passkeys are part of what a life amounts to; a life without any is as it was before there were any.

use crate::{
    proof::forged_from,
    world::{START, Story},
};
use otivm_rules::{
    At, Fact, Life, Moment,
    fact::{CREDENTIAL_BYTES_MAX, PASSKEY_NAME_MAX, PASSKEYS_MAX, PasskeyRemoved, PasskeySet},
    hash::Hash,
    proof::prove,
    state::Passkey,
    time::SECOND_US,
};

fn second(seconds: i64) -> At {
    START.plus(seconds * SECOND_US)
}

fn set(id: &str, name: &str, credential: &str) -> Fact {
    let [id, name, credential] = [id, name, credential].map(str::to_owned);
    Fact::PasskeySet(PasskeySet { id, name, credential })
}

fn removed(id: &str) -> Fact {
    Fact::PasskeyRemoved(PasskeyRemoved { id: id.to_owned() })
}

/// With one passkey that has counted on, and one that was removed.
pub(crate) fn keyed() -> Story {
    let mut story = Story::begun();
    story.happen(&[set("AQ", "Telephone", r#"{"counter":0}"#)], second(5));
    story.happen(&[set("Ag", "Key ring", r#"{"counter":0}"#)], second(6));
    story.happen(&[set("AQ", "Telephone", r#"{"counter":7}"#)], second(7));
    story.happen(&[removed("Ag")], second(8));
    story
}

#[test]
fn a_passkey_that_is_set_again_is_replaced_and_one_that_is_removed_is_gone() {
    let story = keyed();
    let passkeys: Vec<_> = story.life.state().passkeys.clone().into_iter().collect();
    let credential = r#"{"counter":7}"#.to_owned();
    let kept = Passkey { name: "Telephone".to_owned(), credential, since: second(5) };
    assert_eq!(passkeys, [("AQ".to_owned(), kept)]);
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn what_was_set_counts_in_the_hash_and_what_is_gone_leaves_nothing_behind() {
    let hash = |facts: &[Fact]| {
        let mut story = Story::begun();
        story.happen(facts, second(5));
        let mut state = story.life.state().clone();
        // All else alike: so many moments, and the last of them then.
        (state.moments, state.last_at) = (0, None);
        state.hash()
    };
    let bare = hash(&[]);
    assert_eq!(hash(&[set("AQ", "a", "{}"), removed("AQ")]), bare);
    let keys =
        [set("AQ", "a", "{}"), set("Ag", "a", "{}"), set("AQ", "b", "{}"), set("AQ", "a", "[]")];
    let mut hashes: Vec<Hash> = keys.iter().map(|key| hash(std::slice::from_ref(key))).collect();
    hashes.push(bare);
    let different: std::collections::BTreeSet<String> =
        hashes.iter().map(ToString::to_string).collect();
    assert_eq!(different.len(), hashes.len());
}

/// What a cheat is told who has written this at the end of a life.
fn told(facts: &[Fact]) -> Result<Life, String> {
    let history = forged_from(Story::begun(), |moments| {
        for fact in facts {
            let at = moments.last().unwrap().at.plus(SECOND_US);
            moments.push(Moment::seal(Hash::ZERO, at, fact, None).unwrap());
        }
    });
    prove(&history).map_err(|refused| refused.to_string())
}

#[test]
fn a_file_with_more_or_longer_passkeys_than_a_server_writes_is_no_life() {
    let many =
        |count: usize| (0..count).map(|n| set(&format!("k{n}"), "n", "{}")).collect::<Vec<_>>();
    let mut all = many(PASSKEYS_MAX);
    all.push(set("k0", "again", "{}"));
    assert_eq!(told(&all).unwrap().state().passkeys.len(), PASSKEYS_MAX);
    let too_many = told(&many(PASSKEYS_MAX + 1)).unwrap_err();
    assert!(too_many.ends_with("nobody has so many passkeys"), "{too_many}");
    for long in [
        set("", "n", "{}"),
        set("k", "", "{}"),
        set(&"k".repeat(1_365), "n", "{}"),
        set("k", &"n".repeat(PASSKEY_NAME_MAX + 1), "{}"),
        set("k", "n", &"x".repeat(CREDENTIAL_BYTES_MAX + 1)),
    ] {
        let refused = told(&[long]).unwrap_err();
        assert!(refused.ends_with("no passkey is so long"), "{refused}");
    }
}
