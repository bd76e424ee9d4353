//! Who gets in, and where to.

use crate::scene::{House, Player, cookie_of, many, refusal};
use otivm_api::Me;
use reqwest::Method;
use serde_json::json;
use std::num::NonZeroU32;
use theron_mesh::names;
use theron_wire::Problem;

const PRIVATE: [(&str, &str); 11] = [
    ("GET", "/me"),
    ("GET", "/places/ostia/market"),
    ("GET", "/voyages/plan?to=puteoli"),
    ("GET", "/timeline"),
    ("GET", "/moments"),
    ("POST", "/trades"),
    ("POST", "/storage"),
    ("POST", "/voyages"),
    ("POST", "/otium"),
    ("DELETE", "/otium"),
    ("POST", "/journal"),
];

async fn refused_everywhere(player: &Player) {
    for (method, path) in PRIVATE {
        let body = match path {
            "/trades" => json!({"side": "buy", "good": "wheat", "units": 1}),
            "/storage" => json!({"way": "in", "good": "wheat", "units": 1}),
            "/voyages" => json!({"to": "puteoli"}),
            "/otium" => json!({"guests": 0}),
            _ => json!({"text": "x"}),
        };
        let request = player.command(method.parse().unwrap(), path, &body);
        assert_eq!(refusal(request).await, (401, "session_missing".to_owned()), "{method} {path}");
    }
    let leaving = player.command(Method::DELETE, "/session", &json!({}));
    assert_eq!(refusal(leaving).await, (401, "session_missing".to_owned()));
}

#[tokio::test]
async fn no_cookie_a_wrong_one_and_another_player_s_open_nothing() {
    let house = House::open().await;
    let (victim, thief) = (house.enrol().await, house.enrol().await);
    victim.write("arcanum").await;
    let secret = thief.cookie.as_ref().unwrap().split('.').next_back().unwrap().to_owned();
    let zeros = "0".repeat(64);
    let cookies = [
        None,
        Some(String::new()),
        Some("otivm_session=".to_owned()),
        Some("otivm_session=../../etc.00".to_owned()),
        Some(format!("otivm_session={}.{zeros}", victim.token)),
        // The thief's own secret with the victim's token.
        Some(format!("otivm_session={}.{secret}", victim.token)),
        Some(format!("otivm_session={}.{secret}", "a".repeat(26))),
    ];
    for cookie in cookies {
        refused_everywhere(&Player { cookie, ..victim.clone() }).await;
    }
    let text: String = thief
        .request(Method::GET, "/moments?limit=1000")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!text.contains("arcanum"));
    house.running.drain().await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_its_secret_is_nowhere_on_disk() {
    let house = House::open().await;
    let visitor = house.visitor();
    let response =
        visitor.command(Method::POST, "/players", &json!({"language": "la"})).send().await.unwrap();
    let header = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["otivm_session=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(header.contains(part), "{part} in {header}");
    }
    let secret = cookie_of(&response).rsplit('.').next().unwrap().to_owned();
    let enrolled: otivm_api::Enrolled = response.json().await.unwrap();
    assert_eq!(enrolled.recovery_phrase.split(' ').count(), 12);
    let database = house.database(&enrolled.player.token);
    house.running.drain().await;
    let bytes = std::fs::read(database).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(secret.as_bytes()) && !holds(enrolled.recovery_phrase.as_bytes()));
}

#[tokio::test]
async fn the_phrase_brings_a_player_back_and_ends_what_was_open() {
    let house = House::open().await;
    let player = house.enrol().await;
    player.write("hic fui").await;
    let house = house.restart(|_| ()).await;
    let mut back = house.visitor();
    let words = json!({ "recovery_phrase": player.phrase.to_uppercase() });
    let response = back.command(Method::POST, "/sessions", &words).send().await.unwrap();
    assert_eq!(response.status(), 200);
    back.cookie = Some(cookie_of(&response));
    let me: Me = back.me().await;
    assert_eq!(me.place.as_deref(), Some("ostia"));
    let old = Player { cookie: player.cookie.clone(), ..back.clone() };
    refused_everywhere(&old).await;
    let left = back.command(Method::DELETE, "/session", &json!({})).send().await.unwrap();
    assert_eq!(left.status(), 204);
    refused_everywhere(&back).await;
    for wrong in
        ["", "arma virumque cano", &player.phrase.replace(' ', "-"), &["abacus"; 12].join(" ")]
    {
        let attempt = back.command(Method::POST, "/sessions", &json!({ "recovery_phrase": wrong }));
        assert_eq!(refusal(attempt).await, (401, "recovery_phrase_unknown".to_owned()));
    }
    house.running.drain().await;
}

#[tokio::test]
async fn a_full_house_says_so_and_where_else_to_go() {
    let house = House::open().await;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(house.enrol().await.token);
    }
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 4);
    let late = house.visitor().command(Method::POST, "/players", &json!({})).send().await.unwrap();
    assert_eq!(late.status(), 503);
    let problem: Problem = late.json().await.unwrap();
    assert_eq!(
        (problem.code.as_str(), problem.alternatives),
        ("house_full", vec!["https://otivm.example.org".to_owned()])
    );
    let house = house.restart(|_| ()).await;
    let still = house.visitor().command(Method::POST, "/players", &json!({}));
    assert_eq!(refusal(still).await, (503, "house_full".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn another_site_s_page_cannot_act_for_a_player() {
    let house = House::open().await;
    let player = house.enrol().await;
    let text = json!({"text": "a"});
    let foreign =
        player.command(Method::POST, "/journal", &text).header("origin", "https://evil.example");
    assert_eq!(refusal(foreign).await, (403, "foreign_origin".to_owned()));
    let form = player
        .request(Method::POST, "/journal")
        .header("idempotency-key", "k")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("text=a");
    assert_eq!(refusal(form).await, (415, "not_json".to_owned()));
    let own = player.command(Method::POST, "/journal", &text).header("origin", house.root());
    assert_eq!(own.send().await.unwrap().status(), 201);
    house.running.drain().await;
}

#[tokio::test]
async fn who_comes_too_often_is_told_when_to_come_again() {
    let house = House::open_with(|config| {
        config.limits.arrivals_per_minute = NonZeroU32::new(2).unwrap();
        config.limits.commands_per_second = NonZeroU32::MIN;
        config.limits.reads_per_second = many();
    })
    .await;
    let player = house.enrol().await;
    house.enrol().await;
    let third = house.visitor().command(Method::POST, "/players", &json!({}));
    let answer = third.send().await.unwrap();
    assert_eq!(answer.status(), 429);
    let seconds: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    for _ in 0..3 {
        player.write("celeriter").await;
    }
    let fourth = player.command(Method::POST, "/journal", &json!({"text": "nimis"}));
    assert_eq!(refusal(fourth).await, (429, "too_fast".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_in_words() {
    let house = House::open().await;
    let player = house.enrol().await;
    let trade = |body| player.command(Method::POST, "/trades", &body);
    let cases = [
        (trade(json!({"side": "buy", "good": "gold", "units": 1})), (422, "good_unknown")),
        (trade(json!({"side": "buy", "good": "wheat", "units": 0})), (422, "units_out_of_bounds")),
        (trade(json!({"side": "buy", "good": "wheat", "units": -5})), (422, "units_out_of_bounds")),
        (trade(json!({"side": "buy", "good": "wheat", "units": 900_000})), (409, "no_room")),
        (trade(json!({"side": "buy"})), (422, "body_not_understood")),
        (
            player.command(Method::POST, "/voyages", &json!({"to": "atlantis"})),
            (404, "unknown_place"),
        ),
        (player.command(Method::POST, "/voyages", &json!({"to": "../x"})), (404, "unknown_place")),
        (player.command(Method::POST, "/voyages", &json!({"to": "ostia"})), (409, "already_there")),
        (player.command(Method::DELETE, "/otium", &json!({})), (409, "not_in_otium")),
        (player.command(Method::POST, "/journal", &json!({"text": " "})), (422, "journal_length")),
        (
            player.command(Method::POST, "/journal", &json!({"text": "a".repeat(4001)})),
            (422, "journal_length"),
        ),
        (
            player.command(Method::POST, "/journal", &json!({"text": "a".repeat(300_000)})),
            (413, "body_too_large"),
        ),
        (
            player.request(Method::GET, "/voyages/plan?to=puteoli&month=13"),
            (422, "month_out_of_bounds"),
        ),
        (player.request(Method::GET, "/voyages/plan"), (400, "query_not_understood")),
        (player.request(Method::GET, "/places/atlantis"), (404, "unknown_place")),
        (player.request(Method::GET, "/nothing"), (404, "no_such_route")),
        (player.request(Method::PUT, "/me"), (405, "no_such_method")),
    ];
    for (request, (status, code)) in cases {
        assert_eq!(refusal(request).await, (status, code.to_owned()));
    }
    house.running.drain().await;
}

#[tokio::test]
async fn only_the_aggregation_sees_windows() {
    let house = House::open().await;
    for name in [names::OPERATOR, names::STORE, names::PIPELINE, names::GAME] {
        let client = house.mesh.client(name, house.running.mesh_address).unwrap();
        let refused = client.get::<serde_json::Value>("/windows").await.unwrap_err();
        assert_eq!(refused.problem().unwrap().code, "not_admitted", "{name}");
    }
    let public = house.visitor().request(Method::GET, "/windows");
    assert_eq!(refusal(public).await, (404, "no_such_route".to_owned()));
    assert!(house.node().windows(None).await.is_ok());
    house.running.drain().await;
}
