//! A lost answer is given again: the same seat, the same session, the same words, also after a restart.

use crate::scene::{House, Player, cookie_of, refusal};
use futures::future::join_all;
use otivm_api::{Enrolled, NewPhrase, SessionView};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const KEY: &str = "0b7e6a5e-4f0d-4c58-9d3c-2f1d9f6a7c31";
const DAY_S: i64 = 86_400;

/// Status, whether it is an answer of before, cookie, body.
async fn answer(
    caller: &Player,
    (method, path): (Method, &str),
    key: &str,
    body: &Value,
) -> (u16, bool, String, String) {
    let response = caller.command_with(key, method, path, body).send().await.unwrap();
    let replayed = response.headers().contains_key("idempotent-replayed");
    let cookie = cookie_of(&response);
    (response.status().as_u16(), replayed, cookie, response.text().await.unwrap())
}

#[tokio::test]
async fn a_player_whose_answer_was_lost_gets_the_same_seat_also_after_a_restart() {
    let house = House::open().await;
    let enrol = async |house: &House| {
        answer(&house.visitor(), (Method::POST, "/players"), KEY, &json!({"language": "la"})).await
    };
    let first = enrol(&house).await;
    assert_eq!((first.0, first.1), (201, false));
    let given = (201, true, first.2.clone(), first.3.clone());
    assert_eq!(enrol(&house).await, given);
    let house = house.restart(|_| ()).await;
    assert_eq!(enrol(&house).await, given);
    let mut player = house.visitor();
    player.cookie = Some(first.2);
    assert_eq!(player.me().await.purse_asses, 48_000);

    let visitor = house.visitor();
    let other = visitor.command_with(KEY, Method::POST, "/players", &json!({"language": "it"}));
    assert_eq!(refusal(other).await, (422, "idempotency_key_reused".to_owned()));
    for (key, code) in [(None, "missing"), (Some("short"), "not_valid")] {
        let request = visitor.request(Method::POST, "/players").json(&json!({}));
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        assert_eq!(refusal(request).await, (400, format!("idempotency_key_{code}")));
    }
    // One of four seats is taken, however often it was asked for.
    for _ in 0..3 {
        house.enrol().await;
    }
    let full = visitor.command(Method::POST, "/players", &json!({}));
    assert_eq!(refusal(full).await, (503, "house_full".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn what_a_key_opened_is_told_for_a_day_and_only_while_it_is_open() {
    let house = House::open().await;
    let gone = (409, "idempotency_answer_gone".to_owned());
    let again = || house.visitor().command_with(KEY, Method::POST, "/players", &json!({}));
    assert_eq!(again().send().await.unwrap().status(), 201);
    house.advance(DAY_S - 1);
    assert_eq!(again().send().await.unwrap().status(), 201);
    house.advance(2);
    assert_eq!(refusal(again()).await, gone);

    let key = "a-key-of-another-life";
    let enrol = || house.visitor().command_with(key, Method::POST, "/players", &json!({}));
    let mut player = house.visitor();
    player.cookie = Some(cookie_of(&enrol().send().await.unwrap()));
    let left = player.command(Method::DELETE, "/session", &json!({})).send().await.unwrap();
    assert_eq!(left.status(), 204);
    assert_eq!(refusal(enrol()).await, gone);
    house.running.drain().await;
}

#[tokio::test]
async fn five_calls_at_once_under_one_key_begin_one_life() {
    let house = House::open().await;
    let calls = (0..5).map(|_| {
        let visitor = house.visitor();
        async move {
            visitor.command_with(KEY, Method::POST, "/players", &json!({})).send().await.unwrap()
        }
    });
    let mut tokens = Vec::new();
    for response in join_all(calls).await {
        match response.status() {
            StatusCode::CREATED => {
                tokens.push(response.json::<Enrolled>().await.unwrap().player.token);
            }
            StatusCode::CONFLICT => {
                assert_eq!(response.headers()["retry-after"], "1");
                let problem: theron_wire::Problem = response.json().await.unwrap();
                assert_eq!(problem.code, "idempotency_key_in_flight");
            }
            other => panic!("{other}"),
        }
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    for _ in 0..3 {
        house.enrol().await;
    }
    house.running.drain().await;
}

#[tokio::test]
async fn the_way_back_and_a_renewal_are_answered_alike_when_asked_again() {
    let house = House::open().await;
    let player = house.enrol().await;
    let back = (Method::POST, "/sessions");
    let words = json!({ "recovery_phrase": player.phrase });
    let visitor = house.visitor();
    let first = answer(&visitor, back.clone(), "back", &words).await;
    let house = house.restart(|_| ()).await;
    let visitor = house.visitor();
    let again = answer(&visitor, back.clone(), "back", &words).await;
    assert_eq!((first.0, first.1, again.1), (200, false, true));
    assert_eq!((&first.2, &first.3), (&again.2, &again.3));

    let with = |cookie: &str| Player { cookie: Some(cookie.to_owned()), ..house.visitor() };
    let old = with(&first.2);
    let renew = (Method::PUT, "/session");
    let renewed = answer(&old, renew.clone(), "renew", &json!({})).await;
    assert_eq!((renewed.0, renewed.1), (200, false));
    // The old secret opens nothing any more, and still gets the answer that was lost.
    assert_eq!(refusal(old.request(Method::GET, "/me")).await, (401, "session_missing".to_owned()));
    let again = answer(&old, renew.clone(), "renew", &json!({})).await;
    assert_eq!((again.0, again.1, &again.2, &again.3), (200, true, &renewed.2, &renewed.3));
    let other_key = old.command_with("other", renew.0, renew.1, &json!({}));
    assert_eq!(refusal(other_key).await, (401, "session_missing".to_owned()));
    let new = with(&renewed.2);
    assert!(new.me().await.place.is_some());
    // Another intention under the same key.
    for (method, path) in [(Method::DELETE, "/session"), (Method::PUT, "/recovery-phrase")] {
        let reused = new.command_with("renew", method, path, &json!({}));
        assert_eq!(refusal(reused).await, (422, "idempotency_key_reused".to_owned()), "{path}");
    }
    let leave = async || new.command_with("leave", Method::DELETE, "/sessions", &json!({})).send();
    let (first, again) = (leave().await.await.unwrap(), leave().await.await.unwrap());
    assert_eq!((first.status(), again.status()), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
    assert!(!first.headers().contains_key("idempotent-replayed"));
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    house.running.drain().await;
}

#[tokio::test]
async fn a_session_ends_after_180_days_unless_it_is_renewed() {
    let house = House::open().await;
    let (mut keen, lazy) = (house.enrol().await, house.enrol().await);
    let view: SessionView = keen.get("/session").await;
    assert_eq!(view.sessions_open, 1);
    assert!(view.opened_at < view.renew_after && view.renew_after < view.expires_at, "{view:?}");
    house.advance(100 * DAY_S);
    let renewed = keen.command(Method::PUT, "/session", &json!({})).send().await.unwrap();
    let header = renewed.headers()["set-cookie"].to_str().unwrap();
    assert!(header.contains("HttpOnly") && header.contains("Max-Age=15552000"), "{header}");
    assert_eq!(renewed.headers()["cache-control"], "no-store");
    keen.cookie = Some(cookie_of(&renewed));
    house.advance(81 * DAY_S);
    assert!(keen.me().await.place.is_some());
    let over = (401, "session_expired".to_owned());
    assert_eq!(refusal(lazy.request(Method::GET, "/me")).await, over);
    assert_eq!(refusal(lazy.command(Method::PUT, "/session", &json!({}))).await, over);
    let words = json!({ "recovery_phrase": lazy.phrase });
    let back = house.visitor().command(Method::POST, "/sessions", &words).send().await.unwrap();
    assert_eq!(back.status(), 200);
    house.running.drain().await;
}

#[tokio::test]
async fn new_words_take_the_place_of_the_old_also_after_a_restart() {
    let house = House::open().await;
    let player = house.enrol().await;
    let ask = async |player: &Player| {
        let sent = player.command_with("words", Method::PUT, "/recovery-phrase", &json!({}));
        let sent = sent.header("if-match", "*");
        sent.send().await.unwrap().json::<NewPhrase>().await.unwrap().recovery_phrase
    };
    let words = ask(&player).await;
    assert!(words != player.phrase && words.split(' ').count() == 12);
    assert_eq!(ask(&player).await, words);
    let enter = async |house: &House, phrase: &str| {
        let words = json!({ "recovery_phrase": phrase });
        house.visitor().command(Method::POST, "/sessions", &words).send().await.unwrap().status()
    };
    assert_eq!(enter(&house, &player.phrase).await, StatusCode::UNAUTHORIZED);
    let house = house.restart(|_| ()).await;
    assert_eq!(enter(&house, &player.phrase).await, StatusCode::UNAUTHORIZED);
    assert_eq!(enter(&house, &words).await, StatusCode::OK);
    house.running.drain().await;
}
