//! Idempotency: one intention, one effect, one answer.

use crate::scene::{House, Player, refusal};
use futures::future::join_all;
use otivm_api::Moments;
use reqwest::Method;
use serde_json::{Value, json};

/// Each verb that moves a life, in an order in which each can be done; the last is a voyage.
fn verbs() -> [(Method, &'static str, Value); 8] {
    [
        (Method::POST, "/trades", json!({"side": "buy", "good": "wool", "units": 2})),
        (Method::POST, "/storage", json!({"way": "in", "good": "wool", "units": 2})),
        (Method::POST, "/storage", json!({"way": "out", "good": "wool", "units": 1})),
        (Method::POST, "/trades", json!({"side": "sell", "good": "wool", "units": 1})),
        (Method::POST, "/journal", json!({"text": "semel"})),
        (Method::POST, "/otium", json!({})),
        (Method::DELETE, "/otium", json!({})),
        (Method::POST, "/voyages", json!({"to": "caralis"})),
    ]
}

/// Moments of kind `action` that a life has, less the three of its enrolment.
async fn acts(player: &Player) -> usize {
    let moments: Moments = player.get("/moments?limit=1000").await;
    moments.moments.iter().filter(|moment| moment.kind == "action").count() - 3
}

#[tokio::test]
async fn every_verb_sent_again_under_its_key_is_done_once_and_answered_alike() {
    let house = House::open().await;
    let player = house.enrol().await;
    let verbs = verbs();
    for (index, (method, path, body)) in verbs.iter().enumerate() {
        let key = format!("once-{index}");
        let send = || player.command_with(&key, method.clone(), path, body).send();
        let first = send().await.unwrap();
        assert_eq!(
            (first.status().as_u16(), first.headers().get("idempotent-replayed")),
            (201, None),
            "{path}"
        );
        let first = first.text().await.unwrap();
        house.advance(7);
        let again = send().await.unwrap();
        assert_eq!(again.headers()["idempotent-replayed"], "true");
        assert_eq!((again.status().as_u16(), again.text().await.unwrap()), (201, first), "{path}");
    }
    house.advance(100_000);
    let body = &verbs[7].2;
    let long_after =
        player.command_with("once-7", Method::POST, "/voyages", body).send().await.unwrap();
    assert_eq!(long_after.headers()["idempotent-replayed"], "true");
    assert_eq!(acts(&player).await, verbs.len());
    house.running.drain().await;
}

#[tokio::test]
async fn every_verb_sent_eight_times_at_once_is_done_once() {
    let house = House::open().await;
    let player = house.enrol().await;
    for (index, (method, path, body)) in verbs().iter().enumerate() {
        let key = format!("at-once-{index}");
        let send = || player.command_with(&key, method.clone(), path, body).send();
        let mut answers = Vec::new();
        for answer in join_all((0..8).map(|_| send())).await {
            let answer = answer.unwrap();
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap();
            match status {
                201 => answers.push(text),
                409 => assert!(text.contains("idempotency_key_in_flight"), "{path}: {text}"),
                other => panic!("{path}: {other} {text}"),
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{path}: {answers:?}");
        assert_eq!(acts(&player).await, index + 1, "{path}");
    }
    house.running.drain().await;
}

#[tokio::test]
async fn a_key_is_needed_well_formed_and_for_one_intention_only() {
    let house = House::open().await;
    let player = house.enrol().await;
    let text = json!({"text": "a"});
    let without = player.request(Method::POST, "/journal").json(&text);
    assert_eq!(refusal(without).await, (400, "idempotency_key_missing".to_owned()));
    for key in ["", "with space", "k/1", &"k".repeat(65)] {
        let bad = player.command_with(key, Method::POST, "/journal", &text);
        assert_eq!(refusal(bad).await, (400, "idempotency_key_not_valid".to_owned()), "{key:?}");
    }
    player.command_with("k", Method::POST, "/journal", &text).send().await.unwrap();
    let reused = (422, "idempotency_key_reused".to_owned());
    let other_text = player.command_with("k", Method::POST, "/journal", &json!({"text": "b"}));
    assert_eq!(refusal(other_text).await, reused);
    let other_verb = player.command_with("k", Method::POST, "/otium", &json!({}));
    assert_eq!(refusal(other_verb).await, reused);
    // Also where it opened a door, and the other way round.
    let door = player.command_with("k", Method::PUT, "/recovery-phrase", &json!({}));
    assert_eq!(refusal(door.header("if-match", "*")).await, reused);
    // A refused command leaves its key free.
    let poor = json!({"side": "sell", "good": "tin", "units": 1});
    let refused = player.command_with("free", Method::POST, "/trades", &poor);
    assert_eq!(refusal(refused).await, (409, "not_aboard".to_owned()));
    let now = player.command_with("free", Method::POST, "/journal", &text).send().await.unwrap();
    assert_eq!(now.status(), 201);
    house.running.drain().await;
}

#[tokio::test]
async fn the_same_command_at_once_from_five_tabs_is_done_once() {
    let house = House::open().await;
    let player = house.enrol().await;
    let body = json!({"side": "buy", "good": "wheat", "units": 1});
    let tabs = (0..5).map(|_| player.command_with("tabs", Method::POST, "/trades", &body).send());
    let mut answers = Vec::new();
    for answer in join_all(tabs).await {
        let answer = answer.unwrap();
        let status = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        match status {
            201 => answers.push(body),
            _ => assert!(status == 409 && body.contains("idempotency_key_in_flight"), "{body}"),
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(player.me().await.cargo[0].units, 1);
    house.running.drain().await;
}

#[tokio::test]
async fn a_hundred_calls_at_once_are_answered_or_told_to_wait() {
    let house = House::open().await;
    let player = house.enrol().await;
    let calls = (0..100).map(|index| {
        player.command(Method::POST, "/journal", &json!({"text": format!("{index}")})).send()
    });
    let mut statuses: Vec<u16> = Vec::new();
    for answer in join_all(calls).await {
        let answer = answer.unwrap();
        statuses.push(answer.status().as_u16());
        if answer.status() == 429 {
            assert_eq!(answer.headers()["retry-after"], "1");
        }
    }
    let done = statuses.iter().filter(|status| **status == 201).count();
    assert!(
        (16..100).contains(&done) && statuses.iter().all(|status| [201, 429].contains(status)),
        "{statuses:?}"
    );
    let moments: Moments = player.get("/moments?limit=1000").await;
    let written = moments.moments.iter().filter(|moment| moment.name == "journal").count();
    assert_eq!(written, done);
    house.running.drain().await;
}
